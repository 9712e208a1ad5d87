"""What the screens say about a case: the line, the next step, the terms, what waits on whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from intake_app.domain.actor import Profile
from intake_app.domain.deadlines import PIP_TERM, Deadline, deadlines
from intake_app.domain.event import CaseEvent, EventKind, Station, StationState, StationView, line
from intake_app.domain.handover import FINAL, Handover, HandoverState, InboxItem, InboxState
from intake_app.domain.interview import Interview, InterviewState
from intake_app.domain.person import AzcStay, Household, Koppeling, Person
from intake_app.domain.plan import Activity, Plan, PlanState
from intake_app.domain.routing import RoutingRule, executor_on, municipality_name
from intake_app.flows.language_levels import DutchLevel, dutch_levels

if TYPE_CHECKING:
    from intake_app.vault import Vault
    from intake_app.vault.transaction import Records


class NextStepKind(StrEnum):
    """The one thing to do next for a person; the words are the screen's."""

    KOPPELEN = "koppelen"
    INTAKE_BEGINNEN = "intake_beginnen"
    INTAKE_VERDER = "intake_verder"
    PLAN_MAKEN = "plan_maken"
    PLAN_BESPREKEN = "plan_bespreken"
    OVERDRAGEN = "overdragen"
    WACHTEN = "wachten"
    GEWEIGERD = "geweigerd"
    UITVOEREN = "uitvoeren"
    KLAAR = "klaar"


@dataclass(frozen=True, slots=True)
class NextStep:
    """`target_id` is the interview, plan or handover the step is about, where there is one."""

    kind: NextStepKind
    target_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class CaseOverview:
    """All a person page shows, read in one snapshot."""

    person: Person
    household: Household | None
    koppelingen: tuple[Koppeling, ...]
    koppeling: Koppeling | None
    municipality: str
    executor: RoutingRule | None
    stays: tuple[AzcStay, ...]
    events: tuple[CaseEvent, ...]
    stations: tuple[StationView, ...]
    next_step: NextStep
    deadlines: tuple[Deadline, ...]
    interviews: tuple[Interview, ...]
    plan: Plan | None
    activities: tuple[Activity, ...]
    handovers: tuple[Handover, ...]
    dutch: tuple[DutchLevel, ...] = ()
    """Measured levels of Dutch, where there are any."""


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One line of the list of people."""

    person: Person
    municipality: str
    stations: tuple[StationView, ...]
    next_step: NextStep


@dataclass(frozen=True, slots=True)
class DueRow:
    """A term that is still open, with the person it is for."""

    person: Person
    deadline: Deadline
    days_left: int


@dataclass(frozen=True, slots=True)
class OpenInterviewRow:
    """A conversation that can be continued."""

    person: Person
    interview: Interview


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A handover that waits for the receiver."""

    person: Person
    handover: Handover


@dataclass(frozen=True, slots=True)
class TodayOverview:
    """The three lists of Vandaag, and the dossiers that wait for a decision here."""

    user_name: str
    conversations: tuple[OpenInterviewRow, ...]
    to_do: tuple[PersonRow, ...]
    due: tuple[DueRow, ...]
    waiting: tuple[WaitingRow, ...]
    to_decide: tuple[InboxItem, ...]
    person_count: int
    conversation_count: int
    to_do_more: bool
    """True when there is more to do than `to_do` holds."""
    due_this_week: int
    """Terms that end within seven days or have ended."""
    waiting_count: int


def overview(vault: Vault, person_id: UUID) -> CaseOverview:
    """Return the case of one person. Raises `KeyError` when there is no such person here."""
    today = vault.env.now().date()
    with vault.read("persoon openen") as records:
        person = records.persons.get(person_id)
        if person is None:
            raise KeyError(person_id)
        koppeling = records.koppelingen.current(person_id)
        events = records.events.of_person(person_id)
        interviews = records.interviews.of_person(person_id)
        plan = _latest_plan(records, person_id)
        handovers = records.handovers.of_person(person_id)
        return CaseOverview(
            person=person,
            household=records.households.of_person(person_id),
            koppelingen=records.koppelingen.of_person(person_id),
            koppeling=koppeling,
            municipality=municipality_name(koppeling.municipality_code) if koppeling else "",
            executor=_executor(records, koppeling, today),
            stays=records.stays.of_person(person_id),
            events=events,
            stations=line(events),
            next_step=_next_step(vault, person, koppeling, events, interviews, plan, handovers),
            deadlines=() if _plan_done(plan) else deadlines(events),
            interviews=interviews,
            plan=plan,
            activities=records.activities.of_person(person_id),
            handovers=handovers,
            dutch=dutch_levels(records, interviews),
        )


def people(vault: Vault, query: str = "", limit: int = 500) -> tuple[PersonRow, ...]:
    """Return the people whose name or V-nummer fits `query`, by name, at most `limit`."""
    with vault.read("mensen zoeken" if query else "mensen bekijken") as records:
        return person_rows(vault, records, records.persons.list(query, limit))


def today(vault: Vault, limit: int = 40) -> TodayOverview:
    """Return what waits: conversations to continue, things to do, terms, and other parties.

    Each list holds at most `limit` rows; the counts are of everything.
    """
    day = vault.env.now().date()
    with vault.read("vandaag bekijken") as records:
        worklist = records.worklist
        to_do, to_do_more = _to_do(vault, records, limit)
        running, running_count = worklist.open_interviews(limit)
        waiting, waiting_count = worklist.waiting_handovers(limit)
        a_week_left = day - PIP_TERM + timedelta(days=7)
        soonest, due_this_week = worklist.noticed_without_plan(limit, a_week_left)
        shown = {*soonest, *(p for _, p in running), *(p for _, p in waiting)}
        by_id = records.persons.of_ids(shown)
        interviews = records.interviews.of_persons({p for _, p in running})
        handovers = records.handovers.of_persons({p for _, p in waiting})
        events = records.events.of_persons(soonest)
        return TodayOverview(
            user_name=vault.user.name,
            conversations=tuple(
                OpenInterviewRow(by_id[person_id], interview)
                for interview_id, person_id in running
                for interview in interviews[person_id]
                if interview.interview_id == interview_id
            ),
            to_do=to_do,
            due=tuple(
                DueRow(by_id[person_id], deadline, (deadline.due - day).days)
                for person_id in soonest
                for deadline in deadlines(events[person_id])
            ),
            waiting=tuple(
                WaitingRow(by_id[person_id], handover)
                for handover_id, person_id in waiting
                for handover in handovers[person_id]
                if handover.handover_id == handover_id
            ),
            to_decide=records.inbox.in_state(InboxState.GEOPEND),
            person_count=worklist.person_count(),
            conversation_count=running_count,
            to_do_more=to_do_more,
            due_this_week=due_this_week,
            waiting_count=waiting_count,
        )


def to_do(vault: Vault, limit: int = 300) -> tuple[PersonRow, ...]:
    """Return the first `limit` people, by name, with something to do here."""
    with vault.read("vandaag bekijken") as records:
        return _to_do(vault, records, limit)[0]


def _to_do(vault: Vault, records: Records, limit: int) -> tuple[tuple[PersonRow, ...], bool]:
    """Return the first `limit` people with something to do here, and whether there are more."""
    # at the receiver a vastgesteld plan means that it is being carried out: nothing to do next
    receives = vault.info.organisation.profile is Profile.ONTVANGST
    found: list[PersonRow] = []
    for some in records.worklist.in_play(limit, with_plan=not receives):
        by_id = records.persons.of_ids(some)
        rows = person_rows(vault, records, [by_id[person_id] for person_id in some])
        found += [row for row in rows if row.next_step.kind in _TO_DO]
        if len(found) > limit:
            return tuple(found[:limit]), True
    return tuple(found), False


_TO_DO = frozenset(
    {
        NextStepKind.KOPPELEN,
        NextStepKind.INTAKE_BEGINNEN,
        NextStepKind.PLAN_MAKEN,
        NextStepKind.PLAN_BESPREKEN,
        NextStepKind.OVERDRAGEN,
        NextStepKind.GEWEIGERD,
    }
)


def person_rows(vault: Vault, records: Records, persons: Sequence[Person]) -> tuple[PersonRow, ...]:
    """Return a row for each person; what belongs to them is read together."""
    ids = [person.person_id for person in persons]
    koppelingen = records.koppelingen.of_persons(ids)
    events = records.events.of_persons(ids)
    interviews = records.interviews.of_persons(ids)
    plans = records.plans.of_persons(ids)
    handovers = records.handovers.of_persons(ids)
    made = []
    for person in persons:
        key = person.person_id
        standing = [k for k in koppelingen[key] if k.ended_on is None]
        koppeling = standing[-1] if standing else None
        step = _next_step(
            vault,
            person,
            koppeling,
            events[key],
            interviews[key],
            max(plans[key], key=lambda p: p.version, default=None),
            handovers[key],
        )
        where = municipality_name(koppeling.municipality_code) if koppeling else ""
        made.append(PersonRow(person, where, line(events[key]), step))
    return tuple(made)


def _next_step(
    vault: Vault,
    person: Person,
    koppeling: Koppeling | None,
    events: tuple[CaseEvent, ...],
    interviews: tuple[Interview, ...],
    plan: Plan | None,
    handovers: tuple[Handover, ...],
) -> NextStep:
    receives = vault.info.organisation.profile is Profile.ONTVANGST
    done = {view.station for view in line(events) if view.state is StationState.DONE}
    latest = max(handovers, key=lambda h: h.created_at, default=None)
    if latest is not None and latest.state is HandoverState.GEACCEPTEERD:
        return NextStep(NextStepKind.KLAAR, latest.handover_id)
    if latest is not None and latest.state is HandoverState.GEWEIGERD:
        return NextStep(NextStepKind.GEWEIGERD, latest.handover_id)
    if latest is not None and latest.state not in FINAL and latest.state is not HandoverState.KLAAR:
        return NextStep(NextStepKind.WACHTEN, latest.handover_id)
    if koppeling is None and not receives:
        return NextStep(NextStepKind.KOPPELEN)
    taken_over = any(e.kind is EventKind.DOSSIER_OVERGENOMEN for e in events)
    needs_intake = not (Station.INTAKE in done or taken_over or person.no_azc_intake_reason)
    running = [i for i in interviews if i.state is InterviewState.OPEN and i.form_id == "intake"]
    if running:
        return NextStep(NextStepKind.INTAKE_VERDER, running[-1].interview_id)
    if needs_intake:
        return NextStep(NextStepKind.INTAKE_BEGINNEN)
    if plan is None:
        return NextStep(NextStepKind.PLAN_MAKEN)
    if not _plan_done(plan):
        return NextStep(NextStepKind.PLAN_BESPREKEN, plan.plan_id)
    return NextStep(NextStepKind.UITVOEREN if receives else NextStepKind.OVERDRAGEN)


def _plan_done(plan: Plan | None) -> bool:
    return plan is not None and plan.state is PlanState.VASTGESTELD


def _latest_plan(records: Records, person_id: UUID) -> Plan | None:
    return max(records.plans.of_person(person_id), key=lambda p: p.version, default=None)


def _executor(records: Records, koppeling: Koppeling | None, on: date) -> RoutingRule | None:
    if koppeling is None:
        return None
    return executor_on(records.routing.all(), koppeling.municipality_code, on)
