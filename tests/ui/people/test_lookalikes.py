from __future__ import annotations

from dataclasses import replace

import pytest
from pages.people import RegisterPageObject
from support.qt import make_context, make_theme, settle
from support.vaults import prepared_vault

from intake_app.flows import case, register
from intake_app.flows.register import PersonDraft
from intake_app.ui.people import RegisterPage


@pytest.fixture
def vault(tmp_path):
    opened = prepared_vault(tmp_path / "kluis")
    register.register_person(
        opened, PersonDraft(family_name="Alkhatib", given_names="Mohammed", birth_date="1990-03-04")
    )
    yield opened
    opened.close()


@pytest.fixture
def form(qtbot, qapp, vault):
    context = make_context(vault, make_theme(qapp))
    stored: list[object] = []
    page = RegisterPage(context, None, done=stored.append, cancel=lambda: None)
    qtbot.addWidget(page)
    page.resize(1000, 800)
    page.show()
    settle(qapp)
    shown = RegisterPageObject(qtbot, page)
    shown.stored, shown.context, shown.form = stored, context, page
    return shown


def test_somebody_who_sounds_the_same_is_shown_while_typing(form, qtbot):
    page = form.form
    assert page.lookalikes.isHidden()
    form.fill(family_name="Chatib", given_names="Muhamad")
    qtbot.waitUntil(lambda: not page.lookalikes.isHidden())
    assert "naam klinkt hetzelfde" in " ".join(form.words())
    (shown,) = page.lookalikes.shown
    form.click(f"register-lookalike-{shown.person.person_id}")
    assert form.context.navigate.calls[-1] == ("open_person", shown.person.person_id)


def test_saving_at_once_shows_the_lookalike_first(form, vault):
    form.fill(family_name="Khatib", given_names="Mohamed")
    form.save()
    assert form.stored == []
    assert not form.form.lookalikes.isHidden()
    form.save()
    assert len(form.stored) == 1
    assert len(case.people(vault)) == 2


def test_toch_een_ander_puts_it_aside(form):
    form.fill(family_name="Khatib", given_names="Mohamed")
    form.save()
    form.click("register-lookalikes-other")
    assert form.form.lookalikes.isHidden()
    form.save()
    assert len(form.stored) == 1


def test_nobody_alike_is_no_card(form):
    form.fill(family_name="Tesfay", given_names="Dawit")
    form.save()
    assert form.form.lookalikes.isHidden()
    assert len(form.stored) == 1


def test_opening_a_record_to_change_it_says_nothing(qtbot, qapp, vault):
    with vault.read() as r:
        (person,) = r.persons.all()
    context = make_context(vault, make_theme(qapp))
    stored: list[object] = []
    page = RegisterPage(context, person.person_id, done=stored.append, cancel=lambda: None)
    qtbot.addWidget(page)
    page.save()
    assert page.lookalikes.isHidden()
    assert stored == [person.person_id]


def test_the_last_change_is_told_and_undone(qtbot, qapp, vault):
    with vault.read() as r:
        (person,) = r.persons.all()
    draft = replace(register.draft_of(person), call_name="Mo", phone="0612345678")
    register.save_person(vault, person.person_id, draft)
    context = make_context(vault, make_theme(qapp))
    stored: list[object] = []
    page = RegisterPage(context, person.person_id, done=stored.append, cancel=lambda: None)
    qtbot.addWidget(page)
    page.resize(1000, 800)
    page.show()
    settle(qapp)
    form = RegisterPageObject(qtbot, page)
    said = " ".join(form.words())
    assert "Laatste wijziging" in said
    assert "Roepnaam" in said
    assert "wordt weer: niet ingevuld" in said
    form.click("person-undo")
    assert stored == [person.person_id]
    assert case.overview(vault, person.person_id).person == person


def test_an_overtaken_change_says_so(qtbot, qapp, vault):
    with vault.read() as r:
        (person,) = r.persons.all()
    draft = replace(register.draft_of(person), call_name="Mo")
    register.save_person(vault, person.person_id, draft)
    context = make_context(vault, make_theme(qapp))
    stored: list[object] = []
    page = RegisterPage(context, person.person_id, done=stored.append, cancel=lambda: None)
    qtbot.addWidget(page)
    page.resize(1000, 800)
    page.show()
    settle(qapp)
    register.save_person(vault, person.person_id, replace(draft, call_name="Moos"))
    form = RegisterPageObject(qtbot, page)
    form.click("person-undo")
    assert stored == []
    assert "intussen" in form.text("person-undo-problem")
