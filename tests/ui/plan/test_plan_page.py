from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pages.plan import PlanPageObject
from PySide6.QtCore import Qt
from support.chain import PERSON, add_person
from support.qt import make_context, make_theme, settle
from support.vaults import prepared_vault

from intake_app.domain.plan import PlanState, Vervolgpad
from intake_app.flows import plan
from intake_app.ui import a11y
from intake_app.ui.free_text import FreeTextHint
from intake_app.ui.plan.page import PlanPage


@pytest.fixture
def vault(tmp_path: Path):
    opened = prepared_vault(tmp_path / "kluis")
    add_person(opened)
    yield opened
    opened.close()


@pytest.fixture
def show(qtbot, qapp, vault):
    def shown(person_id=PERSON.person_id, scale=1.0, size=(1200, 700)):
        context = make_context(vault, make_theme(qapp, scale=scale))
        page = PlanPage(context, person_id)
        qtbot.addWidget(page)
        page.resize(*size)
        page.show()
        settle(qapp)
        return PlanPageObject(qtbot, page), context

    return shown


def stored(vault):
    return plan.current(vault, PERSON.person_id)


def test_a_plan_from_beginning_to_established(show, vault, qapp) -> None:
    page, context = show()
    page.choose_path("onderwijs")
    page.also("direct_werk")
    page.add_goal_from_template()
    page.write_own_goal("Ik wil leren fietsen.")
    page.tell_view("أريد أن أتعلم اللغة أولاً")
    page.discussed_today(with_interpreter=True)
    settle(qapp)
    kept = stored(vault)
    assert kept.state is PlanState.CONCEPT
    assert (kept.main_path, kept.other_paths) == (
        Vervolgpad.ONDERWIJS,
        (Vervolgpad.DIRECT_WERK,),
    )
    assert [goal.text for goal in kept.goals] == [
        plan.templates(Vervolgpad.ONDERWIJS)[0].text,
        "Ik wil leren fietsen.",
    ]
    page.establish()
    settle(qapp)
    assert page.is_established()
    assert stored(vault) == replace(
        kept, state=PlanState.VASTGESTELD, client_view="أريد أن أتعلم اللغة أولاً"
    )
    page.click("plan-to-handover")
    assert context.navigate.calls == [("open_handover", PERSON.person_id)]


def test_every_field_is_kept_when_it_is_left(show, vault, qapp) -> None:
    page, _ = show()
    page.tell_view("Ik vind het goed.")
    assert stored(vault).client_view == ""
    page.find("plan-interpreter").setFocus()
    settle(qapp)
    assert stored(vault).client_view == "Ik vind het goed."
    saved = []
    page.root.saved.connect(saved.append)
    page.choose_path("gezondheid")
    assert saved[0].startswith("Opgeslagen ")


def test_leaving_the_page_keeps_what_is_typed(show, vault) -> None:
    page, _ = show()
    page.tell_view("Nog niet verlaten.")
    page.root.leaving()
    assert stored(vault).client_view == "Nog niet verlaten."


def test_what_is_missing_is_said_where_it_is_missing(show, vault, qapp) -> None:
    page, _ = show()
    page.establish()
    assert "hoofdpad" in page.notice()
    page.choose_path("leer_werk")
    page.establish()
    assert "minstens één doel" in page.notice()
    page.add_goal_from_template()
    page.establish()
    settle(qapp)
    assert "op welke dag" in page.problem("plan-discussed")
    page.date("plan-discussed", "2", "3", "2027")
    page.establish()
    assert "toekomst" in page.problem("plan-discussed")
    assert stored(vault).state is PlanState.CONCEPT


def test_enter_in_a_field_never_closes_the_version(show, vault, qapp) -> None:
    page, _ = show()
    page.choose_path("gezondheid")
    page.add_goal_from_template()
    page.discussed_today()
    page.click("goal-1-edit")
    page.press(Qt.Key.Key_Return, "action-1-what")
    settle(qapp)
    assert stored(vault).state is PlanState.CONCEPT
    page.find("plan-establish").setFocus()
    page.press(Qt.Key.Key_Return, "plan-establish")
    settle(qapp)
    assert stored(vault).state is PlanState.VASTGESTELD


def test_half_a_date_is_never_kept(show, vault) -> None:
    page, _ = show()
    page.date("plan-discussed", "2", "3", "2026")
    page.date("plan-discussed", "", "3", "2026")
    page.find("plan-interpreter").click()
    page.establish()
    assert "Vul de dag" in page.problem("plan-discussed")


def test_goals_are_changed_in_place(show, vault, qapp) -> None:
    page, _ = show()
    page.add_goal_from_template()
    settle(qapp)
    page.click("goal-1-edit")
    settle(qapp)
    page.type("goal-text", "Ik haal mijn diploma.")
    page.type("action-1-what", "Bellen met IDW")
    page.choose("action-1-doer", "gemeente")
    page.choose("action-1-state", "klaar")
    page.click("action-2-remove")
    page.click("goal-add-action")
    page.type("action-4-what", "Boeken lenen")
    page.click("goal-done")
    settle(qapp)
    (goal,) = stored(vault).goals
    assert goal.text == "Ik haal mijn diploma."
    first, *_, last = goal.actions
    assert (first.what, first.doer.value, first.state.value) == (
        "Bellen met IDW",
        "gemeente",
        "klaar",
    )
    assert last.what == "Boeken lenen"
    assert len(goal.actions) == len(plan.templates()[0].actions)
    page.click("goal-1-edit")
    page.click("goal-remove")
    settle(qapp)
    assert stored(vault).goals == ()
    assert page.has("plan-add-goal")


def test_an_established_plan_is_read_and_a_new_version_begins_as_its_copy(show, vault, qapp):
    page, _ = show()
    page.choose_path("gezondheid")
    page.add_goal_from_template()
    page.discussed_today()
    page.establish()
    settle(qapp)
    assert not page.has("plan-establish")
    assert "versie 1 · vastgesteld" in " ".join(page.words())
    page.click("plan-new-version")
    settle(qapp)
    assert "versie 2 · concept" in " ".join(page.words())
    assert stored(vault).goals == plan.versions(vault, PERSON.person_id)[0].goals


def test_without_intake_the_page_says_what_to_do(show, vault) -> None:
    other = replace(
        PERSON, person_id=vault.env.uuid(), v_number="0000000012", no_azc_intake_reason=""
    )
    add_person(vault, other)
    page, context = show(other.person_id)
    assert "na het begin van de intake" in " ".join(page.words())
    page.click("plan-to-person")
    assert context.navigate.calls == [("open_person", other.person_id)]


@pytest.mark.parametrize(("scale", "size"), [(1.0, (1190, 640)), (2.0, (1100, 690))])
def test_the_page_can_be_used_by_everybody(show, qapp, scale, size) -> None:
    page, _ = show(scale=scale, size=size)
    page.choose_path("onderwijs")
    page.add_goal_from_template()
    settle(qapp)
    page.click("goal-1-edit")
    page.click("plan-add-goal")
    for _ in range(4):
        settle(qapp)
    assert a11y.check(page.root) == ()


def test_a_goal_says_gently_what_had_better_not_stand_there(show, vault, qapp) -> None:
    page, _ = show()
    page.add_goal_from_template()
    settle(qapp)
    page.click("goal-1-edit")
    settle(qapp)
    page.type("goal-text", "Een plek voor mensen met een depressie.")
    page.type("action-1-what", "Bel over BSN 111222333")
    hints = page.root.findChildren(FreeTextHint)
    for hint in hints:
        hint.look()
    settle(qapp)
    assert ["depressie" in hint.sentence for hint in hints].count(True) == 1
    assert ["BSN" in hint.sentence for hint in hints].count(True) == 1
    assert a11y.check(page.root) == ()
    page.click("goal-done")
    settle(qapp)
    assert stored(vault).goals[0].text == "Een plek voor mensen met een depressie."
