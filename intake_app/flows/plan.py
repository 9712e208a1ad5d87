"""The plan van aanpak: draft, save, establish, and the goals to start from.

A person's plan keeps its `plan_id`; each version of it is a row of its own. A version is changed
freely while it is a concept (every save is kept in the history) and never again once it is
vastgesteld. A plan never waits for an assessment (DESIGN §4.7).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from intake_app.domain.event import CaseEvent, EventKind
from intake_app.domain.plan import Action, Doer, Goal, Plan, PlanState, Vervolgpad
from intake_app.flows.acting import actor_of
from intake_app.flows.desk import today
from intake_app.sentences import Sentence, Told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from intake_app.domain.environment import Environment
    from intake_app.domain.interview import Interview
    from intake_app.domain.person import Person
    from intake_app.vault import Vault

INTAKE_FORM = "intake"


class PlanRefused(Told):
    """The plan cannot be begun, saved or established; str() is a Dutch sentence."""


class Missing(StrEnum):
    """What a plan still lacks before it can be vastgesteld."""

    MAIN_PATH = "main_path"
    GOAL = "goal"
    GOAL_TEXT = "goal_text"
    DISCUSSED_ON = "discussed_on"
    DISCUSSED_LATER = "discussed_later"


@dataclass(frozen=True, slots=True)
class ActionTemplate:
    """One action to start from."""

    what: str
    doer: Doer
    where: str = "azc"


@dataclass(frozen=True, slots=True)
class GoalTemplate:
    """A goal to start from, in plain Dutch that can be read out to the client."""

    leefgebied: str
    text: str
    actions: tuple[ActionTemplate, ...]
    paths: tuple[Vervolgpad, ...] = ()
    """The follow-up paths it fits best; empty where it fits all of them."""


def may_begin(person: Person, interviews: Iterable[Interview], events: Iterable[CaseEvent]) -> bool:
    """True when the intake has begun, or the record says why there is none."""
    return (
        bool(person.no_azc_intake_reason)
        or any(interview.form_id == INTAKE_FORM for interview in interviews)
        or any(
            event.kind in {EventKind.INTAKE_BEGONNEN, EventKind.INTAKE_VASTGESTELD}
            for event in events
        )
    )


def missing(plan: Plan, on: date) -> tuple[Missing, ...]:
    """Return what keeps `plan` from being vastgesteld on that day, in the order of the screen."""
    found: list[Missing] = []
    if plan.main_path is None:
        found.append(Missing.MAIN_PATH)
    if not plan.goals:
        found.append(Missing.GOAL)
    elif any(not goal.text.strip() for goal in plan.goals):
        found.append(Missing.GOAL_TEXT)
    if plan.discussed_on is None:
        found.append(Missing.DISCUSSED_ON)
    elif plan.discussed_on > on:
        found.append(Missing.DISCUSSED_LATER)
    return tuple(found)


_MISSING_SENTENCES = {
    Missing.MAIN_PATH: "Kies eerst één vervolgpad als hoofdpad.",
    Missing.GOAL: "Zet eerst minstens één doel in het plan.",
    Missing.GOAL_TEXT: "Een doel heeft nog geen tekst. Vul de tekst in of haal het doel weg.",
    Missing.DISCUSSED_ON: "Vul in op welke dag je het plan hebt besproken.",
    Missing.DISCUSSED_LATER: "De dag van het gesprek ligt in de toekomst. Kies de dag zelf.",
}


def sentence(lack: Missing) -> str:
    """Return what to do about it, in Dutch."""
    return _MISSING_SENTENCES[lack]


def versions(vault: Vault, person_id: UUID) -> tuple[Plan, ...]:
    """Return all versions of the person's plan, oldest first."""
    with vault.read("plan") as records:
        return _in_order(records.plans.of_person(person_id))


def current(vault: Vault, person_id: UUID) -> Plan | None:
    """Return the newest version, concept or vastgesteld, or None where there is no plan yet."""
    found = versions(vault, person_id)
    return found[-1] if found else None


def draft(vault: Vault, person_id: UUID) -> Plan:
    """Return the concept to work in; makes one where there is none.

    After a vastgesteld version the new concept starts as its copy, with the talk still to come.
    Raises `PlanRefused` where no intake has begun and the record does not say why.
    """
    with vault.read("plan") as records:
        person = records.persons.get(person_id)
        found = _in_order(records.plans.of_person(person_id))
        interviews = records.interviews.of_person(person_id)
        events = records.events.of_person(person_id)
    latest = found[-1] if found else None
    if latest is not None and latest.state is PlanState.CONCEPT:
        return latest
    if person is None or not may_begin(person, interviews, events):
        raise PlanRefused(
            "Een plan kan pas na het begin van de intake. Begin de intake, "
            "of vul bij de persoon in waarom er in het AZC geen intake was."
        )
    env = vault.env
    fresh = Plan(
        plan_id=latest.plan_id if latest else env.uuid(),
        person_id=person_id,
        version=latest.version + 1 if latest else 1,
        state=PlanState.CONCEPT,
        created_at=env.now(),
        author_id=vault.user.user_id,
    )
    if latest is not None:
        fresh = replace(
            fresh,
            main_path=latest.main_path,
            other_paths=latest.other_paths,
            leerroute=latest.leerroute,
            goals=latest.goals,
        )
    with vault.transaction(actor_of(vault), "plan beginnen") as transaction:
        transaction.plans.save(fresh)
    return fresh


def save(vault: Vault, plan: Plan) -> Plan:
    """Keep `plan` and return it as kept: the main path is not also among the others.

    Raises `PlanRefused` where the stored version is vastgesteld already, or `plan` claims to be:
    only `establish` does that.
    """
    if plan.state is not PlanState.CONCEPT:
        raise PlanRefused(_CLOSED)
    others = tuple(path for path in Vervolgpad if path in plan.other_paths)
    plan = replace(plan, other_paths=tuple(path for path in others if path is not plan.main_path))
    with vault.transaction(actor_of(vault), "plan bewaren") as transaction:
        stored = transaction.plans.get(plan.plan_id)
        open_still = stored is not None and stored.state is PlanState.CONCEPT
        if stored is None or not open_still or stored.version != plan.version:
            raise PlanRefused(_CLOSED)
        if stored != plan:
            transaction.plans.save(plan)
    return plan


_CLOSED = Sentence(
    "Deze versie van het plan staat vast. Maak een nieuwe versie om iets te veranderen."
)


def establish(vault: Vault, plan_id: UUID) -> Plan:
    """Make the concept vastgesteld, with the event that says so, and return it.

    Raises `PlanRefused` naming the first thing that is missing; then nothing changes.
    """
    env = vault.env
    with vault.transaction(actor_of(vault), "plan vaststellen") as transaction:
        plan = transaction.plans.get(plan_id)
        if plan is None or plan.state is not PlanState.CONCEPT:
            raise PlanRefused(_CLOSED)
        lacking = missing(plan, today(env))
        if lacking:
            raise PlanRefused(sentence(lacking[0]))
        established = replace(plan, state=PlanState.VASTGESTELD)
        transaction.plans.save(established)
        transaction.events.add(
            CaseEvent(
                event_id=env.uuid(),
                person_id=plan.person_id,
                kind=EventKind.PLAN_VASTGESTELD,
                on=today(env),
                recorded_at=env.now(),
                source=vault.info.organisation.name,
                detail=f"v{plan.version}",
            )
        )
    return established


def new_goal(env: Environment, leefgebied: str, text: str = "") -> Goal:
    """Return a goal without actions."""
    return Goal(goal_id=env.uuid(), leefgebied=leefgebied, text=text)


def new_action(env: Environment, what: str, doer: Doer, where: str = "azc") -> Action:
    """Return an action that has still to begin."""
    return Action(action_id=env.uuid(), what=what, doer=doer, where=where)


def from_template(template: GoalTemplate, env: Environment) -> Goal:
    """Return a fresh goal with fresh actions as the template has them."""
    goal = new_goal(env, template.leefgebied, template.text)
    actions = tuple(new_action(env, a.what, a.doer, a.where) for a in template.actions)
    return replace(goal, actions=actions)


def change_goal(plan: Plan, goal_id: UUID, change: Callable[[Goal], Goal]) -> Plan:
    """Return `plan` with that one goal changed."""
    goals = tuple(change(goal) if goal.goal_id == goal_id else goal for goal in plan.goals)
    return replace(plan, goals=goals)


def without_goal(plan: Plan, goal_id: UUID) -> Plan:
    """Return `plan` without that goal."""
    return replace(plan, goals=tuple(goal for goal in plan.goals if goal.goal_id != goal_id))


def _in_order(plans: Iterable[Plan]) -> tuple[Plan, ...]:
    return tuple(sorted(plans, key=lambda plan: (plan.version, plan.created_at)))


def templates(path: Vervolgpad | None = None) -> tuple[GoalTemplate, ...]:
    """Return the goals to start from: those that fit `path` best first, then the rest."""
    from intake_app.flows.plan_templates import TEMPLATES

    if path is None:
        return TEMPLATES
    return tuple(sorted(TEMPLATES, key=lambda t: 0 if path in t.paths else 1 if not t.paths else 2))
