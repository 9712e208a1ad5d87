from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from support.interviews import key, resume, start_small
from support.people import add_people
from support.vaults import prepared_vault

from intake_app.domain.interview import AnswerState
from intake_app.domain.person import Person
from intake_app.domain.plan import PlanState
from intake_app.flows import plan as plans
from intake_app.flows import register, undo
from intake_app.flows.practice_people import Stage
from intake_app.flows.register import PersonDraft
from intake_app.flows.undo import UndoRefused
from intake_app.vault import Vault

DRAFT = PersonDraft(v_number="0000012345", family_name="Voorbeeld", call_name="Sam")


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    opened = prepared_vault(tmp_path / "kluis")
    yield opened
    opened.close()


@pytest.fixture
def person(vault: Vault) -> Person:
    return register.register_person(vault, DRAFT)


def test_there_is_nothing_to_undo_before_the_first_change(vault: Vault, person: Person):
    assert undo.last_change(vault, person.person_id) is None


def test_the_last_change_comes_back_and_is_a_change_itself(vault: Vault, person: Person):
    changed = replace(DRAFT, call_name="Sammie", interpreter_needed="ja")
    register.save_person(vault, person.person_id, changed)
    change = undo.last_change(vault, person.person_id)
    assert change is not None
    told = {d.title: (d.now, d.before) for d in change.differences}
    assert told == {"Roepnaam": ("Sammie", "Sam"), "Tolk nodig": ("ja", "")}
    assert undo.undo_change(vault, change) == person
    with vault.read() as r:
        assert r.persons.get(person.person_id) == person
        assert [old.value.call_name for old in r.persons.history(person.person_id)] == [
            "Sam", "Sammie"
        ]  # fmt: skip
        assert "wijziging ongedaan maken" in r.audit.entries(1)[0].body
    again = undo.last_change(vault, person.person_id)
    assert again is not None
    assert undo.undo_change(vault, again).call_name == "Sammie"


def test_a_change_that_was_overtaken_is_not_undone(vault: Vault, person: Person):
    register.save_person(vault, person.person_id, replace(DRAFT, call_name="Een"))
    change = undo.last_change(vault, person.person_id)
    assert change is not None
    register.save_person(vault, person.person_id, replace(DRAFT, call_name="Twee"))
    with pytest.raises(UndoRefused, match="intussen"):
        undo.undo_change(vault, change)
    with vault.read() as r:
        now = r.persons.get(person.person_id)
    assert now is not None
    assert now.call_name == "Twee"


def test_a_number_that_went_to_somebody_else_does_not_come_back(vault: Vault, person: Person):
    register.save_person(vault, person.person_id, replace(DRAFT, v_number="0000099999"))
    register.register_person(vault, replace(DRAFT, family_name="Ander"))
    change = undo.last_change(vault, person.person_id)
    assert change is not None
    with pytest.raises(UndoRefused, match="V-nummer"):
        undo.undo_change(vault, change)


def test_what_is_undone_is_found_again_by_its_name(vault: Vault, person: Person):
    register.save_person(vault, person.person_id, replace(DRAFT, family_name="Tikfout"))
    change = undo.last_change(vault, person.person_id)
    assert change is not None
    undo.undo_change(vault, change)
    with vault.read() as r:
        assert r.persons.list("tikfout") == ()
        assert [p.person_id for p in r.persons.list("voorbeeld")] == [person.person_id]


def test_goals_come_back_and_the_rest_of_the_plan_stays(vault: Vault):
    people = add_people(vault)
    found = [
        plan
        for somebody in (p for stage in Stage for p in people.get(stage, []))
        if (plan := plans.current(vault, somebody.person_id)) is not None
        and plan.state is PlanState.CONCEPT
    ]
    plan = found[0]
    assert undo.last_goals_change(vault, plan.plan_id) is None
    fewer = plans.save(vault, plans.without_goal(plan, plan.goals[0].goal_id))
    plans.save(vault, replace(fewer, client_view="Dat wil ik graag."))
    change = undo.last_goals_change(vault, plan.plan_id)
    assert change is not None
    assert change.differences[0].now == ""
    assert plan.goals[0].text in change.differences[0].before
    restored = undo.undo_goals_change(vault, change)
    assert restored.goals == plan.goals
    assert restored.client_view == "Dat wil ik graag."
    with pytest.raises(UndoRefused):
        undo.undo_goals_change(vault, change)


def test_an_answer_comes_back_through_the_conversation(vault: Vault):
    flow = start_small(vault)
    question = key("naam_tolk")
    with pytest.raises(UndoRefused, match="geen eerder"):
        undo.undo_answer(flow, question, vault)
    flow.answer(question, "Eerste")
    assert undo.former_answer(flow, question, vault) is None
    flow.answer(question, "Tweede")
    undo.undo_answer(flow, question, vault)
    assert flow.view(question).value == "Eerste"
    row = resume(vault, flow).row(question)
    assert row is not None
    assert row.value == "Eerste"
    undo.undo_answer(flow, question, vault)
    assert flow.view(question).value == "Tweede"


def test_text_stored_while_it_was_typed_comes_back_as_one(vault: Vault):
    flow = start_small(vault)
    question = key("naam_tolk")
    flow.answer(question, "Vorige")
    for text in ("N", "Nie", "Nieuw antw", "Nieuw antwoord"):
        flow.answer(question, text)
    undo.undo_answer(flow, question, vault)
    assert flow.view(question).value == "Vorige"


def test_a_refusal_comes_back_as_a_refusal(vault: Vault):
    flow = start_small(vault)
    question = key("naam_tolk")
    flow.set_state(question, AnswerState.REFUSED)
    flow.answer(question, "Toch wel")
    undo.undo_answer(flow, question, vault)
    row = flow.row(question)
    assert row is not None
    assert (row.state, row.value) == (AnswerState.REFUSED, "")
