"""Papieren voor de cliënt on the page of a person."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pages.base import PageObject
from support.interviews import add_person
from support.qt import ScriptedPicker, make_context, make_theme, settle
from support.vaults import actor_of, prepared_vault

from intake_app.flows import audit
from intake_app.ui import a11y, printing
from intake_app.ui.kit import Caption, ConfirmDialog
from intake_app.ui.people import PersonPage
from intake_app.ui.people.papers import PapersCard


@pytest.fixture
def vault(tmp_path):
    opened = prepared_vault(tmp_path / "kluis")
    yield opened
    opened.close()


@pytest.fixture
def person(vault):
    return add_person(vault, language="ar")


@pytest.fixture
def picker():
    return ScriptedPicker()


@pytest.fixture
def page(qtbot, qapp, vault, person, picker):
    context = make_context(vault, make_theme(qapp), pick=picker)
    shown = PersonPage(context, person.person_id)
    qtbot.addWidget(shown)
    shown.resize(1200, 900)
    shown.show()
    settle(qapp)
    return PageObject(qtbot, shown)


@pytest.fixture
def printed(monkeypatch):
    """Stand in for the printer; answers what is in `agrees`."""
    got: list[tuple[bytes, str]] = []
    agrees = [True]

    def put(pdf, title, _parent):
        got.append((pdf, title))
        return agrees[0]

    monkeypatch.setattr(printing, "print_pdf", put)
    return got, agrees


def told(vault, person):
    return [line.what for line in audit.page(vault, person_id=person.person_id).lines]


@pytest.mark.parametrize(
    ("paper", "line"),
    [
        ("privacyverklaring", "Privacyverklaring gegeven"),
        ("informatiebewijs", "Informatiebewijs gegeven"),
        ("kopie-voor-de-client", "Kopie aan de cliënt gegeven"),
    ],
)
def test_a_paper_is_printed_and_told_to_the_log(page, qapp, vault, person, printed, paper, line):
    page.click(f"papers-{paper}")
    settle(qapp)
    if page.has("papers-all"):
        page.click("papers-all")
    page.click("papers-print")
    settle(qapp)
    pdf, title = printed[0][0]
    assert pdf.startswith(b"%PDF")
    assert "Voorbeeld" not in title
    assert "printer" in page.text("papers-notice")
    assert line in told(vault, person)
    captions = [each.text() for each in page.root.findChildren(Caption)]
    assert any(each.startswith("Al gegeven op 2 maart") for each in captions)


def test_a_printer_that_is_refused_gives_nothing(page, qapp, vault, person, printed):
    printed[1][0] = False
    page.click("papers-privacyverklaring")
    page.click("papers-print")
    settle(qapp)
    assert not page.has("papers-notice")
    assert "Privacyverklaring gegeven" not in told(vault, person)


def test_a_paper_is_saved_where_somebody_says(
    page, qapp, vault, person, picker, tmp_path, monkeypatch
):
    monkeypatch.setattr(ConfirmDialog, "ask", lambda *_a, **_k: True)
    picker.answers.append(tmp_path / "kopie.pdf")
    page.click("papers-kopie-voor-de-client")
    page.click("papers-save")
    settle(qapp)
    assert (tmp_path / "kopie.pdf").read_bytes().startswith(b"%PDF")
    assert "kopie.pdf" in page.text("papers-notice")
    picker.answers.append(vault.folder / "kopie.pdf")
    page.click("papers-save")
    settle(qapp)
    assert "andere map" in page.text("papers-notice")


def test_nothing_is_saved_without_a_yes(page, vault, person, monkeypatch):
    monkeypatch.setattr(ConfirmDialog, "ask", lambda *_a, **_k: False)
    page.click("papers-kopie-voor-de-client")
    page.click("papers-save")
    assert "Kopie aan de cliënt gegeven" not in told(vault, person)


def test_what_is_filled_in_stays_when_the_vault_changes(page, qapp, vault, person, printed):
    page.click("papers-informatiebewijs")
    settle(qapp)
    page.click("papers-all")
    settle(qapp)
    page.click("papers-subject-klacht")
    page.choose("papers-understood", "vragen")
    page.choose("papers-interpreter", "video")
    page.click("papers-sign")
    with vault.transaction(actor_of(vault), "toets") as tx:
        tx.persons.save(replace(person, phone="0612345678"))
    settle(qapp)
    assert not page.find("papers-subject-klacht").isChecked()
    assert page.find("papers-subject-doel").isChecked()
    assert page.find("papers-understood").value() == "vragen"
    assert page.find("papers-interpreter").value() == "video"
    assert not page.find("papers-sign").isChecked()


def test_a_receipt_of_nothing_is_not_made(page, qapp, printed):
    page.click("papers-informatiebewijs")
    settle(qapp)
    page.click("papers-print")
    settle(qapp)
    assert "Kies eerst" in page.text("papers-notice")
    assert printed[0] == []


def test_the_language_of_the_person_comes_first(page):
    page.click("papers-privacyverklaring")
    offered = page.find("person-papers", PapersCard)._offered
    wanted = "ar" if "ar" in offered else "nl"
    assert page.find("papers-language").value() == wanted


def test_a_language_without_a_translation_is_told(qtbot, qapp, vault):
    who = add_person(vault, language="ckb")
    shown = PersonPage(make_context(vault, make_theme(qapp)), who.person_id)
    qtbot.addWidget(shown)
    shown.show()
    settle(qapp)
    page = PageObject(qtbot, shown)
    page.click("papers-privacyverklaring")
    assert page.find("papers-language").value() == "nl"
    settle(qapp)
    captions = shown.findChildren(Caption)
    assert any("nog geen vertaling" in each.text() for each in captions)


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_everybody_can_use_it(qtbot, qapp, vault, person, scale):
    shown = PersonPage(make_context(vault, make_theme(qapp, scale=scale)), person.person_id)
    qtbot.addWidget(shown)
    shown.resize(1366, 768)
    shown.show()
    settle(qapp)
    page = PageObject(qtbot, shown)
    page.click("papers-informatiebewijs")
    for _ in range(4):
        settle(qapp)
    assert a11y.check(shown) == ()
