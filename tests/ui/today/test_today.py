from __future__ import annotations

from datetime import date, timedelta

import pytest
from pages.today import TodayPageObject
from PySide6.QtCore import Qt
from support.people import add_people
from support.qt import make_context, make_theme, settle
from support.vaults import actor_of, prepared_vault

from intake_app.domain.actor import Profile
from intake_app.domain.event import CaseEvent, EventKind
from intake_app.domain.person import Person
from intake_app.flows import case, register
from intake_app.flows.practice_people import PEOPLE, Stage
from intake_app.flows.register import PersonDraft
from intake_app.ui.kit import PrimaryButton, TextLink
from intake_app.ui.today import TodayPage


@pytest.fixture
def vault(tmp_path):
    opened = prepared_vault(tmp_path / "kluis")
    yield opened
    opened.close()


@pytest.fixture
def context(vault, qapp):
    return make_context(vault, make_theme(qapp))


def shown(qtbot, qapp, context) -> TodayPageObject:
    page = TodayPage(context)
    qtbot.addWidget(page)
    page.resize(1200, 700)
    page.show()
    settle(qapp)
    return TodayPageObject(qtbot, page)


def test_an_empty_vault_says_what_to_do_first(qtbot, qapp, context):
    page = shown(qtbot, qapp, context)
    page.assert_on_page("today-empty")
    page.register()
    assert context.navigate.calls == [("open_register",)]


def test_an_empty_receiver_is_told_to_receive(qtbot, qapp, tmp_path):
    vault = prepared_vault(tmp_path / "ontvangst", profile=Profile.ONTVANGST)
    context = make_context(vault, make_theme(qapp))
    page = shown(qtbot, qapp, context)
    page.click("today-receive")
    assert context.navigate.calls == [("open_handovers",)]
    vault.close()


def test_three_lists_and_a_sentence(qtbot, qapp, vault, context):
    people = add_people(vault)
    page = shown(qtbot, qapp, context)
    words = " ".join(page.words())
    assert "Goedemorgen, Noor" in words
    assert "Eén gesprek dat loopt." in words
    assert "Eén dossier wacht op de ontvanger." in words
    for card in ("today-conversations", "today-to-do", "today-due", "today-waiting"):
        assert page.has(card)
    (talking,) = people[Stage.INTAKE_OPEN]
    page.continue_conversation(talking.person_id)
    assert context.navigate.calls[0][0] == "open_interview"


def test_there_is_one_primary_button_and_it_is_the_first_thing_to_do(qtbot, qapp, vault, context):
    add_people(vault)
    page = shown(qtbot, qapp, context)
    primaries = [b for b in page.root.findChildren(PrimaryButton) if b.isVisibleTo(page.root)]
    assert len(primaries) == 1
    assert primaries[0].objectName().startswith("today-continue-")


def test_enter_does_the_first_thing_to_do(qtbot, qapp, vault, context):
    page = shown(qtbot, qapp, context)
    page.press(Qt.Key.Key_Return, "today-page")
    assert context.navigate.calls == [("open_register",)]
    add_people(vault)
    qtbot.waitUntil(lambda: page.has("today-conversations"))
    page.press(Qt.Key.Key_Return, "today-page")
    assert context.navigate.calls[-1][0] == "open_interview"


def test_a_term_says_why_this_date(qtbot, qapp, vault, context):
    add_people(vault)
    page = shown(qtbot, qapp, context)
    card = page.find("today-due")
    link = card.findChild(TextLink)
    assert "artikel 5.3" in link.toolTip()
    assert "artikel 5.3" not in " ".join(page.words(card))
    qtbot.keyClick(link, Qt.Key.Key_Return)
    settle(qapp)
    assert "Tien weken na de kennisgeving van DUO" in " ".join(page.words(card))
    qtbot.keyClick(link, Qt.Key.Key_Return)
    assert "artikel 5.3" not in " ".join(page.words(card))


def test_somebody_registered_appears_without_asking(qtbot, qapp, vault, context):
    page = shown(qtbot, qapp, context)
    person = register.register_person(vault, PersonDraft(family_name="Alkhatib", call_name="Rima"))
    settle(qapp)
    qtbot.waitUntil(lambda: page.has(f"today-open-{person.person_id}"))
    page.open_person(person.person_id)
    assert context.navigate.calls == [("open_person", person.person_id)]


def test_many_things_to_do_are_counted_not_listed(qtbot, qapp, vault, context):
    for number in range(30):
        register.register_person(vault, PersonDraft(family_name="Voorbeeld" + "a" * number))
    page = shown(qtbot, qapp, context)
    assert "Nog 24 bij Mensen" in page.text("today-more")
    page.click("today-more")
    assert context.navigate.calls == [("open_people",)]


def test_nothing_to_do_is_said(qtbot, qapp, vault, context):
    add_people(vault, tuple(p for p in PEOPLE if p.stage is Stage.ACCEPTED))
    page = shown(qtbot, qapp, context)
    words = " ".join(page.words())
    assert page.has("today-nothing") or "Termijnen" in words


def test_a_page_that_is_gone_hears_nothing(qtbot, qapp, vault, context):
    page = TodayPage(context)
    page.show()
    page.deleteLater()
    settle(qapp)
    register.register_person(vault, PersonDraft(family_name="Later"))
    settle(qapp)


def test_very_many_are_counted_and_the_lists_stay_short(vault):
    """The lists are cut, the counts are not, and what is cut is the end."""
    with vault.transaction(actor_of(vault), "vullen") as tx:
        for number in range(60):
            person = Person(vault.env.uuid(), "", f"Persoon {number:03}")
            tx.persons.save(person)
            on = date(2025, 6, 1) + timedelta(days=number)
            tx.events.add(
                CaseEvent(
                    vault.env.uuid(),
                    person.person_id,
                    EventKind.DUO_KENNISGEVING,
                    on,
                    vault.env.now(),
                )
            )
    found = case.today(vault, limit=25)
    assert [row.person.family_name for row in found.to_do] == [f"Persoon {n:03}" for n in range(25)]
    assert found.to_do_more
    assert [row.deadline.counted_from.day for row in found.due[:3]] == [1, 2, 3]
    assert (len(found.due), found.due_this_week, found.person_count) == (25, 60, 60)
    assert not case.today(vault, limit=60).to_do_more


def test_a_later_notice_takes_the_place_of_an_earlier_one(vault):
    with vault.transaction(actor_of(vault), "vullen") as tx:
        person = Person(vault.env.uuid(), "", "Bloem")
        tx.persons.save(person)
    for on in (date(2026, 1, 5), date(2026, 2, 20)):
        register.record_notice(vault, person.person_id, on)
    found = case.today(vault)
    assert [row.deadline.counted_from for row in found.due] == [date(2026, 2, 20)]
    assert found.due_this_week == 0
