from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from pages.person import CouplePageObject, PersonPageObject
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget
from support.chain import PERSON, add_person, make_chain
from support.people import REASON, add_people
from support.qt import make_context, make_theme, settle
from support.vaults import actor_of, prepared_vault

from intake_app.domain.event import EventKind
from intake_app.domain.person import DecouplingReason, Relation, Reunification
from intake_app.flows import case, register
from intake_app.flows.practice_people import Stage
from intake_app.flows.register import PersonDraft
from intake_app.ui.kit import LangLabel, PrimaryButton
from intake_app.ui.people import CouplePage, HouseholdPage, NoticePage, PersonPage, StayPage


@pytest.fixture
def vault(tmp_path):
    opened = prepared_vault(tmp_path / "kluis")
    yield opened
    opened.close()


@pytest.fixture
def context(vault, qapp):
    return make_context(vault, make_theme(qapp))


def shown(qtbot, qapp, context, person_id) -> PersonPageObject:
    page = PersonPage(context, person_id)
    qtbot.addWidget(page)
    page.resize(1200, 700)
    page.show()
    settle(qapp)
    return PersonPageObject(qtbot, page)


WHERE_TO = {
    Stage.COUPLED: "start_interview",
    Stage.INTAKE_OPEN: "open_interview",
    Stage.INTAKE_DONE: "open_plan",
    Stage.PLAN_DRAFT: "open_plan",
    Stage.PLAN_DONE: "open_handover",
    Stage.OFFERED: "open_handover",
    Stage.ACCEPTED: "open_handover",
    Stage.REFUSED: "open_handover",
}


def test_the_next_step_of_every_stage_leads_on(qtbot, qapp, vault, context):
    people = add_people(vault)
    for stage, target in WHERE_TO.items():
        person = people[stage][0]
        page = shown(qtbot, qapp, context, person.person_id)
        context.navigate.calls.clear()
        page.take_next_step()
        assert [call[0] for call in context.navigate.calls] == [target], stage
        primaries = [b for b in page.root.findChildren(PrimaryButton) if b.isVisibleTo(page.root)]
        waits = stage in {Stage.OFFERED, Stage.ACCEPTED}
        assert len(primaries) == (0 if waits else 1), stage


def test_somebody_not_coupled_is_coupled_first(qtbot, qapp, vault, context):
    person = register.register_person(vault, PersonDraft(family_name="Ghebre", call_name="Yonas"))
    page = shown(qtbot, qapp, context, person.person_id)
    assert "Leg de koppeling van Yonas vast" in page.next_step()
    with qtbot.waitSignal(page.root.asked) as told:
        page.take_next_step()
    assert told.args == ["couple"]


def test_the_line_tells_where_the_person_is(qtbot, qapp, vault, context):
    people = add_people(vault)
    page = shown(qtbot, qapp, context, people[Stage.PLAN_DRAFT][0].person_id)
    assert page.stations() == {
        "gekoppeld": "done",
        "intake": "done",
        "noa": "done",
        "plan": "current",
        "aangeboden": "open",
        "geaccepteerd": "open",
    }
    page.go_to_station("plan")
    page.go_to_station("aangeboden")
    page.go_to_station("intake")
    went = [call[0] for call in context.navigate.calls]
    assert went == ["open_plan", "open_handover", "open_interview"]
    with qtbot.waitSignal(page.root.asked):
        page.go_to_station("gekoppeld")


def test_an_assessment_that_is_not_there_is_begun_at_its_station(qtbot, qapp, vault, context):
    people = add_people(vault)
    person = people[Stage.COUPLED][0]
    page = shown(qtbot, qapp, context, person.person_id)
    page.go_to_station("noa")
    assert context.navigate.calls == [("start_interview", person.person_id, "noa_assessment")]


def test_a_refusal_tells_why(qtbot, qapp, vault, context):
    people = add_people(vault)
    page = shown(qtbot, qapp, context, people[Stage.REFUSED][0].person_id)
    assert REASON in page.next_step()
    assert page.stations()["geaccepteerd"] == "failed"


def test_only_an_accepted_handover_is_green(qtbot, qapp, vault, context):
    from intake_app.domain.handover import HandoverState
    from intake_app.ui import words

    green = [s for s in HandoverState if words.handover_tag(context.tr, s)[1] == "ok"]
    assert green == [HandoverState.GEACCEPTEERD]


def test_own_script_shows_in_its_own_direction(qtbot, qapp, vault, context):
    person = register.register_person(
        vault,
        PersonDraft(
            family_name="Alkhatib", contact_language="ar", name_in_own_script="ريما الخطيب"
        ),
    )
    page = shown(qtbot, qapp, context, person.person_id)
    label = page.find("person-own-script", LangLabel)
    assert label.language == "ar"


def test_the_page_names_who_executes(qtbot, qapp, tmp_path):
    chain = make_chain(tmp_path)
    add_person(chain.azc)
    context = make_context(chain.azc, make_theme(qapp))
    page = shown(qtbot, qapp, context, PERSON.person_id)
    words = " ".join(page.words())
    assert "gekoppeld aan Zeist" in words
    assert chain.town.info.organisation.name in words
    assert "84 van 121 uur" in words
    assert "1 persoon verwacht" in words
    chain.close()


def test_a_change_elsewhere_shows_at_once(qtbot, qapp, vault, context):
    person = register.register_person(vault, PersonDraft(family_name="Ghebre"))
    page = shown(qtbot, qapp, context, person.person_id)
    assert page.stations()["gekoppeld"] == "current"
    register.couple(vault, person.person_id, "0355", date(2026, 2, 2))
    qtbot.waitUntil(lambda: page.stations()["gekoppeld"] == "done")


def opened(qtbot, kind, context, person_id, done) -> CouplePageObject:
    page = kind(context, person_id, done=lambda: done.append("done"))
    qtbot.addWidget(page)
    page.resize(900, 700)
    page.show()
    return CouplePageObject(qtbot, page)


@pytest.fixture
def person(vault):
    return register.register_person(
        vault, PersonDraft(family_name="Ghebre", call_name="Yonas", birth_date="1990")
    )


def test_coupling_and_ending_it(qtbot, qapp, vault, context, person):
    done: list[str] = []
    page = opened(qtbot, CouplePage, context, person.person_id, done)
    page.click("couple-save")
    assert done == []
    assert page.problem("couple-municipality")
    assert page.problem("couple-on")
    page.type("couple-why", "De zus woont er")
    page.couple("0355", "2", "2", "2026")
    assert done == ["done"]
    running = case.overview(vault, person.person_id).koppeling
    assert running is not None
    assert (running.municipality_code, running.linked_on) == ("0355", date(2026, 2, 2))
    assert running.promising_reason == "De zus woont er"

    again = opened(qtbot, CouplePage, context, person.person_id, done)
    again.choose("couple-reason", "uitruil")
    again.date("couple-on", "1", "1", "2026")
    again.click("couple-save")
    assert "voordat zij begon" in again.text("couple-problem")
    again.date("couple-on", "1", "3", "2026")
    again.click("couple-save")
    overview = case.overview(vault, person.person_id)
    assert overview.koppeling is None
    assert overview.koppelingen[0].end_reason is DecouplingReason.UITRUIL


def test_a_household_with_a_partner_abroad(qtbot, vault, context, person):
    done: list[str] = []
    page = opened(qtbot, HouseholdPage, context, person.person_id, done)
    page.click("household-add")
    page.type("household-2-name", "Sara")
    page.choose("household-2-relation", "partner")
    page.date("household-2-born", "", "5", "1992")
    page.click("household-2-here")
    page.click("household-add")
    page.type("household-3-name", "Weg")
    page.click("household-3-remove")
    page.choose("household-reunification", "aangevraagd")
    page.type("household-expected", "veel")
    page.click("household-save")
    assert page.problem("household-expected")
    page.type("household-expected", "1")
    page.click("household-save")
    assert done == ["done"]
    household = case.overview(vault, person.person_id).household
    assert household is not None
    assert [m.name for m in household.members] == ["Yonas Ghebre", "Sara"]
    assert household.members[0].person_id == person.person_id
    assert household.members[1].relation is Relation.PARTNER
    assert not household.members[1].in_netherlands
    assert household.reunification is Reunification.AANGEVRAAGD
    assert household.expected_persons == 1


def test_the_person_of_the_household_cannot_be_taken_out(qtbot, vault, context, person):
    page = opened(qtbot, HouseholdPage, context, person.person_id, [])
    assert not page.has("household-1-remove")


def test_a_stay_is_kept_and_changed(qtbot, vault, context, person):
    done: list[str] = []
    page = opened(qtbot, StayPage, context, person.person_id, done)
    page.click("stay-save")
    assert page.problem("stay-location")
    page.type("stay-location", "AZC Zeist")
    page.type("stay-room", "B12")
    page.date("stay-arrived", "1", "2", "2026")
    page.click("stay-save")
    again = opened(qtbot, StayPage, context, person.person_id, done)
    assert again.text("stay-location") == "AZC Zeist"
    again.date("stay-left", "1", "1", "2026")
    again.click("stay-save")
    assert "voor de datum van aankomst" in again.text("stay-problem")
    again.date("stay-left", "1", "3", "2026")
    again.click("stay-save")
    (stay,) = case.overview(vault, person.person_id).stays
    assert stay.left == date(2026, 3, 1)


def test_a_notice_starts_the_term(qtbot, vault, context, person):
    done: list[str] = []
    page = opened(qtbot, NoticePage, context, person.person_id, done)
    page.click("notice-save")
    assert page.problem("notice-on-day")
    page.date("notice-on", "2", "2", "2099")
    page.click("notice-save")
    assert "toekomst" in page.text("notice-problem")
    page.date("notice-on", "2", "2", "2026")
    page.click("notice-save")
    overview = case.overview(vault, person.person_id)
    assert overview.deadlines[0].due == date(2026, 4, 13)
    assert any(e.kind is EventKind.DUO_KENNISGEVING for e in overview.events)


@pytest.mark.parametrize("kind", [CouplePage, HouseholdPage, NoticePage, StayPage])
def test_not_storing_stores_nothing(qtbot, vault, context, person, kind):
    done: list[str] = []
    before = case.overview(vault, person.person_id)
    page = opened(qtbot, kind, context, person.person_id, done)
    name = page.root.objectName().removesuffix("-page")
    page.click(f"{name}-cancel")
    assert done == ["done"]
    assert case.overview(vault, person.person_id) == before


def test_enter_takes_the_next_step_until_there_is_none(qtbot, qapp, vault, context):
    people = add_people(vault)
    person = people[Stage.PLAN_DONE][0]
    page = shown(qtbot, qapp, context, person.person_id)
    page.press(Qt.Key.Key_Return, "person-page")
    assert context.navigate.calls == [("open_handover", person.person_id)]
    with vault.transaction(actor_of(vault), "aanbieden") as tx:
        known = tx.handovers.of_person(people[Stage.OFFERED][0].person_id)[0]
        tx.handovers.save(replace(known, handover_id=vault.env.uuid(), person_id=person.person_id))
    qtbot.waitUntil(lambda: "is aangeboden" in page.next_step())
    page.press(Qt.Key.Key_Return, "person-page")
    assert len(context.navigate.calls) == 1


def test_the_next_step_stands_above_the_line_where_that_is_upright(qtbot, qapp, vault, context):
    people = add_people(vault)
    page = shown(qtbot, qapp, context, people[Stage.COUPLED][0].person_id)

    def top(name: str) -> int:
        return page.find(name).mapTo(page.root, QPoint(0, 0)).y()

    assert top("person-line") < top("person-next-step")
    page.root.resize(600, 700)
    qtbot.waitUntil(lambda: top("person-next-step") < top("person-line"))


def test_the_widgets_of_an_old_overview_are_gone(qtbot, qapp, vault, context, person):
    page = shown(qtbot, qapp, context, person.person_id)
    count = len(page.root.findChildren(QWidget))
    for _ in range(5):
        page.root.refresh()
        settle(qapp)
    assert len(page.root.findChildren(QWidget)) == count
