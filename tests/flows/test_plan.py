"""The plan in a real vault: versions, closing, guards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from support.vaults import actor_of, prepared_vault

from intake_app.domain.event import EventKind
from intake_app.domain.person import Person
from intake_app.domain.plan import Plan, PlanState, Vervolgpad
from intake_app.flows import plan
from intake_app.flows.desk import today
from intake_app.vault import Vault

PERSON = Person(UUID(int=11), "0000012345", "Voorbeeld", no_azc_intake_reason="te_laat_gekoppeld")


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    opened = prepared_vault(tmp_path / "kluis")
    with opened.transaction(actor_of(opened), "registreren") as tx:
        tx.persons.save(PERSON)
    yield opened
    opened.close()


def complete(vault: Vault, concept: Plan) -> Plan:
    goal = plan.from_template(plan.templates()[0], vault.env)
    return replace(
        concept,
        main_path=Vervolgpad.ONDERWIJS,
        goals=(goal,),
        discussed_on=today(vault.env),
        client_view="Ik wil eerst de taal leren. أريد أن أتعلم",
    )


def test_no_plan_before_the_intake_begins(vault: Vault) -> None:
    with vault.transaction(actor_of(vault), "wijzigen") as tx:
        tx.persons.save(replace(PERSON, no_azc_intake_reason=""))
    with pytest.raises(plan.PlanRefused, match="na het begin van de intake"):
        plan.draft(vault, PERSON.person_id)
    assert plan.versions(vault, PERSON.person_id) == ()


def test_a_draft_is_made_once_and_found_again(vault: Vault) -> None:
    first = plan.draft(vault, PERSON.person_id)
    assert (first.version, first.state) == (1, PlanState.CONCEPT)
    assert plan.draft(vault, PERSON.person_id) == first
    assert plan.current(vault, PERSON.person_id) == first


def test_a_saved_plan_comes_back_as_it_was_and_keeps_its_history(vault: Vault) -> None:
    filled = plan.save(vault, complete(vault, plan.draft(vault, PERSON.person_id)))
    assert plan.current(vault, PERSON.person_id) == filled
    plan.save(vault, replace(filled, client_view="Anders."))
    with vault.read() as records:
        before = records.plans.history(filled.plan_id)
    assert filled in [each.value for each in before]


def test_the_main_path_is_not_also_another_path(vault: Vault) -> None:
    concept = plan.draft(vault, PERSON.person_id)
    saved = plan.save(
        vault,
        replace(
            concept,
            main_path=Vervolgpad.LEER_WERK,
            other_paths=(Vervolgpad.LEER_WERK, Vervolgpad.GEZONDHEID),
        ),
    )
    assert saved.other_paths == (Vervolgpad.GEZONDHEID,)


def test_establishing_records_the_event_and_closes_the_version(vault: Vault) -> None:
    filled = plan.save(vault, complete(vault, plan.draft(vault, PERSON.person_id)))
    done = plan.establish(vault, filled.plan_id)
    assert done == replace(filled, state=PlanState.VASTGESTELD)
    with vault.read() as records:
        (event,) = records.events.of_person(PERSON.person_id)
    assert (event.kind, event.detail) == (EventKind.PLAN_VASTGESTELD, "v1")
    with pytest.raises(plan.PlanRefused, match="staat vast"):
        plan.save(vault, replace(filled, client_view="Te laat."))
    with pytest.raises(plan.PlanRefused, match="staat vast"):
        plan.establish(vault, filled.plan_id)
    assert plan.current(vault, PERSON.person_id) == done


def test_an_incomplete_plan_is_not_established_and_nothing_changes(vault: Vault) -> None:
    concept = plan.draft(vault, PERSON.person_id)
    with pytest.raises(plan.PlanRefused, match="hoofdpad"):
        plan.establish(vault, concept.plan_id)
    assert plan.current(vault, PERSON.person_id) == concept
    with vault.read() as records:
        assert records.events.of_person(PERSON.person_id) == ()


def test_a_new_version_starts_as_a_copy_with_the_talk_still_to_come(vault: Vault) -> None:
    filled = plan.save(vault, complete(vault, plan.draft(vault, PERSON.person_id)))
    first = plan.establish(vault, filled.plan_id)
    second = plan.draft(vault, PERSON.person_id)
    assert (second.plan_id, second.version, second.state) == (first.plan_id, 2, PlanState.CONCEPT)
    assert second.goals == first.goals
    assert (second.discussed_on, second.client_view) == (None, "")
    changed = plan.save(vault, replace(second, goals=()))
    assert plan.versions(vault, PERSON.person_id) == (first, changed)
    with pytest.raises(plan.PlanRefused):
        plan.save(vault, replace(first, state=PlanState.CONCEPT))


def test_a_plan_cannot_be_saved_as_established(vault: Vault) -> None:
    filled = complete(vault, plan.draft(vault, PERSON.person_id))
    with pytest.raises(plan.PlanRefused):
        plan.save(vault, replace(filled, state=PlanState.VASTGESTELD))
