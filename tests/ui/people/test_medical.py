"""Medical notes on the page of a person: written by anybody, read by the medical role."""

from __future__ import annotations

import pytest
from pages.base import PageObject
from support.chain import PERSON, add_person, make_chain
from support.medical import give_medical_role, hold_role
from support.qt import make_context, make_theme, settle

from intake_app.flows import medical_record
from intake_app.ui import a11y
from intake_app.ui.people import PersonPage
from intake_app.ui.people.medical import MedicalNotePage
from intake_app.ui.shell import Shell

WORDS = "Wil graag een afspraak. Slaapt slecht."


@pytest.fixture
def vault(tmp_path):
    made = make_chain(tmp_path)
    add_person(made.azc)
    yield made.azc
    made.close()


def shown(qtbot, qapp, page) -> PageObject:
    qtbot.addWidget(page)
    page.resize(1200, 700)
    page.show()
    settle(qapp)
    return PageObject(qtbot, page)


def person(qtbot, qapp, vault) -> PageObject:
    return shown(qtbot, qapp, PersonPage(make_context(vault, make_theme(qapp)), PERSON.person_id))


def test_without_anybody_in_the_role_there_is_no_card(qtbot, qapp, vault):
    assert not person(qtbot, qapp, vault).has("person-medical")


def test_anybody_writes_and_nobody_reads_without_the_role(qtbot, qapp, vault):
    give_medical_role(vault)
    page = person(qtbot, qapp, vault)
    assert "Er zijn geen medische notities." in page.text("person-medical")
    with qtbot.waitSignal(page.root.asked) as form:
        page.click("person-medical-add")
    assert form.args == ["medical-note"]
    done: list[str] = []
    context = make_context(vault, make_theme(qapp))
    note = MedicalNotePage(context, PERSON.person_id, done=lambda: done.append("done"))
    writing = shown(qtbot, qapp, note)
    assert "ook jij, kan haar daarna niet meer lezen" in writing.text("medical-note-seal")
    writing.click("medical-note-save")
    assert writing.problem("medical-note-kind") == "Kies waarover het gaat."
    assert writing.problem("medical-note-text") == "Schrijf wat er is."
    writing.choose("medical-note-kind", "afspraak")
    writing.type("medical-note-text", WORDS)
    writing.click("medical-note-save")
    assert done == ["done"]
    settle(qapp)
    assert "1 medische notitie." in page.text("person-medical")
    assert not page.has("person-medical-read")
    assert WORDS not in " ".join(page.words())


def test_the_role_reads_when_it_asks(qtbot, qapp, vault, monkeypatch):
    hold_role(monkeypatch, vault, give_medical_role(vault))
    medical_record.note(vault, PERSON.person_id, "afspraak", WORDS)
    page = person(qtbot, qapp, vault)
    assert WORDS not in " ".join(page.words())
    page.click("person-medical-read")
    settle(qapp)
    assert WORDS in page.text("person-medical-notes")
    assert "Afspraak of vraag om zorg" in page.text("person-medical-notes")
    with vault.read() as r:
        assert "medische notities bekijken" in r.audit.entries(1)[0].body


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_the_screens_are_sound(qtbot, qapp, vault, monkeypatch, scale):
    hold_role(monkeypatch, vault, give_medical_role(vault))
    medical_record.note(vault, PERSON.person_id, "ggz", WORDS * 3)
    theme = make_theme(qapp, "light", scale)
    context = make_context(vault, theme)
    pages = [
        PersonPage(context, PERSON.person_id),
        MedicalNotePage(context, PERSON.person_id, done=lambda: None),
    ]
    for page in pages:
        shell = Shell(theme, context.tr)
        qtbot.addWidget(shell)
        shell.show_page(page, [])
        shell.resize(1280, 800)
        shell.show()
        settle(qapp)
        if isinstance(page, PersonPage):
            PageObject(qtbot, page).click("person-medical-read")
            settle(qapp)
        assert [str(finding) for finding in a11y.check(shell)] == [], page.objectName()
