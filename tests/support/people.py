"""The twelve practice persons in a vault, each at its own point of the line, without their forms.

persons = add_people(vault)
"""

from __future__ import annotations

import hashlib
from datetime import timedelta

from support.vaults import actor_of

from intake_app.domain.event import CaseEvent, EventKind
from intake_app.domain.handover import Handover, HandoverState
from intake_app.domain.interview import (
    FormVersion,
    Interpretation,
    InterpreterMode,
    Interview,
    InterviewState,
)
from intake_app.domain.partial_date import PartialDate
from intake_app.domain.person import (
    AzcStay,
    Household,
    HouseholdMember,
    Person,
    Relation,
    Reunification,
)
from intake_app.domain.plan import (
    Action,
    Activity,
    ActivityKind,
    Doer,
    Goal,
    Plan,
    PlanState,
)
from intake_app.flows import desk, register
from intake_app.flows.practice_people import PEOPLE, PracticePerson, Stage
from intake_app.vault import Vault

_XML = b"<form/>"
_FORM = FormVersion(hashlib.sha256(_XML).hexdigest(), "intake", "1", "0" * 64, _XML)
_STATES = {
    Stage.OFFERED: HandoverState.GEOPEND,
    Stage.ACCEPTED: HandoverState.GEACCEPTEERD,
    Stage.REFUSED: HandoverState.GEWEIGERD,
}
REASON = "De naam van de huisarts ontbreekt"


def add_people(
    vault: Vault, people: tuple[PracticePerson, ...] = PEOPLE
) -> dict[Stage, list[Person]]:
    """Register everybody and bring them to their stage; return the persons by stage."""
    by_stage: dict[Stage, list[Person]] = {}
    for each in people:
        by_stage.setdefault(each.stage, []).append(_add(vault, each))
    return by_stage


def _add(vault: Vault, each: PracticePerson) -> Person:
    env, today = vault.env, desk.today(vault.env)
    person = register.register_person(vault, each.draft)
    person_id = person.person_id
    if each.municipality:
        day = today - timedelta(days=each.coupled_days_ago)
        register.couple(vault, person_id, each.municipality, day)
    if each.notice_days_ago is not None:
        register.record_notice(vault, person_id, today - timedelta(days=each.notice_days_ago))
    if each.household:
        own = HouseholdMember(
            person.display_name, Relation.ZELF, person.birth_date, person_id=person_id
        )
        others = [
            HouseholdMember(name, relation, PartialDate.parse(born), here)
            for name, relation, born, here in each.household
        ]
        household = Household(env.uuid(), (own, *others), Reunification.AANGEVRAAGD, 2)
        register.save_household(vault, household)
    arrived = today - timedelta(days=60)
    register.save_stay(vault, AzcStay(env.uuid(), person_id, "AZC Voorbeeld", "B12", arrived))
    _advance(vault, person, each)
    return person


def _advance(vault: Vault, person: Person, each: PracticePerson) -> None:
    env, today, stage = vault.env, desk.today(vault.env), each.stage
    actor = actor_of(vault)

    def event(kind: EventKind, days_ago: int) -> CaseEvent:
        on = today - timedelta(days=days_ago)
        return CaseEvent(env.uuid(), person.person_id, kind, on, env.now(), "proef")

    with vault.transaction(actor, "oefenen") as tx:
        if stage >= Stage.INTAKE_OPEN:
            tx.forms.put_version(_FORM)
            running = stage is Stage.INTAKE_OPEN
            tx.interviews.save(
                Interview(
                    env.uuid(),
                    person.person_id,
                    "intake",
                    _FORM.sha256,
                    person.contact_language,
                    InterviewState.OPEN if running else InterviewState.VASTGESTELD,
                    env.now(),
                    Interpretation(InterpreterMode.TELEFOON),
                )
            )
            if not running:
                tx.events.add(event(EventKind.INTAKE_VASTGESTELD, 20))
        if stage >= Stage.ASSESSED:
            tx.events.add(event(EventKind.ASSESSMENT_AFGENOMEN, 12))
        if stage >= Stage.PLAN_DRAFT:
            done = stage >= Stage.PLAN_DONE
            action = Action(env.uuid(), "Taalles volgen", Doer.COA)
            goal = Goal(env.uuid(), "werk", "Werken in de zorg", actions=(action,))
            state = PlanState.VASTGESTELD if done else PlanState.CONCEPT
            tx.plans.save(
                Plan(
                    env.uuid(),
                    person.person_id,
                    1,
                    state,
                    env.now(),
                    actor.user_id,
                    goals=(goal,),
                )
            )
            tx.activities.save(
                Activity(
                    env.uuid(),
                    person.person_id,
                    ActivityKind.TAALLES,
                    "COA",
                    amount="84 van 121 uur",
                    evidence="docentrapport",
                )
            )
            if done:
                tx.events.add(event(EventKind.PLAN_VASTGESTELD, 8))
        if stage >= Stage.OFFERED:
            state_now = _STATES[stage]
            tx.handovers.save(
                Handover(
                    env.uuid(),
                    person.person_id,
                    1,
                    env.uuid(),
                    "Regionale Sociale Dienst",
                    each.municipality,
                    state_now,
                    env.now(),
                    actor.user_id,
                    changed_at=env.now(),
                    reason=REASON if stage is Stage.REFUSED else "",
                )
            )
            tx.events.add(event(EventKind.OVERDRACHT_AANGEBODEN, 4))
            if stage is Stage.ACCEPTED:
                tx.events.add(event(EventKind.OVERDRACHT_GEACCEPTEERD, 2))
            if stage is Stage.REFUSED:
                tx.events.add(event(EventKind.OVERDRACHT_GEWEIGERD, 2))
