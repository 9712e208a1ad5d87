"""Undo the last change: of a person's data, of an answer, of the goals in a concept plan.

What was overwritten is in the history for ever, so undoing is a change like any other: it is told
beforehand what comes back, it is in the history and in the audit log, and it can be undone itself.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from intake_app.domain.interview import Answer, AnswerState
from intake_app.domain.person import Person
from intake_app.domain.plan import Goal, Plan, PlanState
from intake_app.flows import plan as plans
from intake_app.flows.acting import actor_of
from intake_app.flows.dossier_words import PERSON_TITLES
from intake_app.flows.record_text import person_value
from intake_app.sentences import Sentence, Told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from intake_app.flows.interview import InterviewFlow
    from intake_app.vault import Vault
    from intake_app.xforms import NodeKey

_ONE_GO = timedelta(minutes=2)
"""Text stored again and again within this time is one answer being typed."""


class UndoRefused(Told):
    """The change cannot be undone; str() is a Dutch sentence."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that would come back; '' where nothing stands or stood."""

    title: str
    """Dutch, as on the screen."""
    now: str
    before: str


@dataclass(frozen=True, slots=True)
class PersonChange:
    """The last change of somebody's data, and what it was before."""

    now: Person
    before: Person
    at: datetime
    by: UUID
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class GoalsChange:
    """The last change of the goals of a concept plan."""

    now: Plan
    before: tuple[Goal, ...]
    at: datetime
    by: UUID
    differences: tuple[Difference, ...]


def last_change(vault: Vault, person_id: UUID) -> PersonChange | None:
    """Return the last change of the person's data, None where nothing was ever changed."""
    with vault.read("laatste wijziging bekijken") as records:
        now = records.persons.get(person_id)
        history = records.persons.history(person_id)
    if now is None or not history:
        return None
    last = history[-1]
    differences = tuple(
        Difference(PERSON_TITLES[f.name], person_value(now, f.name), person_value(before, f.name))
        for before in (last.value,)
        for f in fields(Person)
        if f.name in PERSON_TITLES and getattr(now, f.name) != getattr(before, f.name)
    )
    if not differences:
        return None
    return PersonChange(now, last.value, last.replaced_at, last.replaced_by, differences)


def undo_change(vault: Vault, change: PersonChange) -> Person:
    """Have the person's data be what they were before `change`, and return them.

    Raises `UndoRefused` when they were changed again meanwhile, or the V-nummer that would come
    back is somebody else's now; then nothing changes.
    """
    with vault.transaction(actor_of(vault), "wijziging ongedaan maken") as tx:
        if tx.persons.get(change.now.person_id) != change.now:
            raise UndoRefused(_CHANGED_AGAIN)
        number = change.before.v_number
        owner = tx.persons.find_by_v_number(number) if number else None
        if owner is not None and owner.person_id != change.now.person_id:
            raise UndoRefused(
                "Het V-nummer van eerst hoort nu bij iemand anders. Er is niets veranderd. "
                "Pas de gegevens met de hand aan."
            )
        tx.persons.save(change.before)
    return change.before


def former_answer(interview: InterviewFlow, key: NodeKey, vault: Vault) -> Answer | None:
    """Return the answer that stood before the present one, None where there was none.

    A text that was stored several times while it was typed counts as one.
    """
    now = interview.row(key)
    if now is None:
        return None
    with vault.read("eerder antwoord bekijken") as records:
        history = records.answers.history(interview.interview.interview_id, key)
    later = now
    for earlier in reversed(history):
        if not is_one_go(earlier, later) and _content(earlier) != _content(now):
            return earlier
        later = earlier
    return None


def undo_answer(interview: InterviewFlow, key: NodeKey, vault: Vault) -> Answer:
    """Put the former answer back through the open conversation, and return it.

    Everything that depends on it is worked out again. Raises `UndoRefused` where there is none,
    and what `InterviewFlow` raises for an interview that is no longer open.
    """
    before = former_answer(interview, key, vault)
    if before is None:
        raise UndoRefused("Er is geen eerder antwoord op deze vraag. Er is niets veranderd.")
    if before.state is AnswerState.ANSWERED:
        interview.answer(key, before.value)
    else:
        interview.set_state(key, before.state)
    now = interview.row(key)
    if now is None or (now.note, now.note_in_handover) != (before.note, before.note_in_handover):
        interview.note(key, before.note, before.note_in_handover)
    return before


def last_goals_change(vault: Vault, plan_id: UUID) -> GoalsChange | None:
    """Return the last change of the goals of a concept; None where nothing can come back."""
    with vault.read("laatste wijziging bekijken") as records:
        now = records.plans.get(plan_id)
        history = records.plans.history(plan_id)
    if now is None or now.state is not PlanState.CONCEPT:
        return None
    for old in reversed(history):
        if old.value.version == now.version and old.value.goals != now.goals:
            differences = _goal_differences(now.goals, old.value.goals)
            return GoalsChange(now, old.value.goals, old.replaced_at, old.replaced_by, differences)
    return None


def undo_goals_change(vault: Vault, change: GoalsChange) -> Plan:
    """Have the goals be what they were before `change`; the rest of the plan stays as it is.

    Raises `UndoRefused` when the plan was changed meanwhile, `PlanRefused` when it stands fast.
    """
    latest = plans.current(vault, change.now.person_id)
    if latest != change.now:
        raise UndoRefused(_CHANGED_AGAIN)
    return plans.save(vault, replace(change.now, goals=change.before))


_CHANGED_AGAIN = Sentence(
    "Dit is intussen nog een keer veranderd. Er is niets ongedaan gemaakt. "
    "Open de pagina opnieuw en kijk wat er nu staat."
)


def _content(answer: Answer) -> tuple[object, ...]:
    return (answer.value, answer.state, answer.note, answer.note_in_handover)


def is_one_go(earlier: Answer, later: Answer) -> bool:
    """True for two stored states of one text that was being typed."""
    grew = later.value.startswith(earlier.value) and bool(earlier.value)
    return grew and earlier.author_id == later.author_id and later.at - earlier.at <= _ONE_GO


def _goal_differences(now: Sequence[Goal], before: Sequence[Goal]) -> tuple[Difference, ...]:
    standing = {goal.goal_id: goal for goal in now}
    former = {goal.goal_id: goal for goal in before}
    found = []
    for goal_id in dict.fromkeys((*former, *standing)):
        here, there = standing.get(goal_id), former.get(goal_id)
        if here != there:
            found.append(Difference("Doel", _goal_text(here), _goal_text(there)))
    return tuple(found)


def _goal_text(goal: Goal | None) -> str:
    if goal is None:
        return ""
    return "; ".join((goal.text, *(action.what for action in goal.actions)))
