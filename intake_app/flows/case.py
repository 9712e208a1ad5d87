"""What the screens say about a case: the line, the next step, the terms, what waits on whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from intake_app.domain.actor import Profile
from intake_app.domain.deadlines import Deadline, deadlines
from intake_app.domain.event import CaseEvent, EventKind, Station, StationState, StationView, line
from intake_app.domain.handover import FINAL, Handover, HandoverState, InboxItem, InboxState
from intake_app.domain.interview import Interview, InterviewState
from intake_app.domain.person import AzcStay, Household, Koppeling, Person
from intake_app.domain.plan import Activity, Plan, PlanState
from intake_app.domain.routing import RoutingRule, executor_on, municipality_name

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
        )


def people(vault: Vault, query: str = "", limit: int = 500) -> tuple[PersonRow, ...]:
    """Return the people whose name or V-nummer fits `query`, by name, at most `limit`."""
    with vault.read("mensen zoeken" if query else None) as records:
        return tuple(_row(vault, records, p) for p in records.persons.list(query, limit))


def today(vault: Vault) -> TodayOverview:
    """Return what waits: conversations to continue, things to do, terms, and other parties."""
    day = vault.env.now().date()
    with vault.read() as records:
        everyone = records.persons.all()
        by_id = {person.person_id: person for person in everyone}
        rows = tuple(_row(vault, records, person) for person in everyone)
        conversations = tuple(
            OpenInterviewRow(person, interview)
            for person in everyone
            for interview in records.interviews.of_person(person.person_id)
            if interview.state is InterviewState.OPEN
        )
        due = [
            DueRow(person, deadline, (deadline.due - day).days)
            for person in everyone
            if not _plan_done(_latest_plan(records, person.person_id))
            for deadline in deadlines(records.events.of_person(person.person_id))
        ]
        waiting = tuple(
            WaitingRow(by_id[handover.person_id], handover)
            for handover in records.handovers.all()
            if handover.state not in FINAL and handover.person_id in by_id
        )
        to_decide = tuple(i for i in records.inbox.all() if i.state is InboxState.GEOPEND)
    return TodayOverview(
        user_name=vault.user.name,
        conversations=conversations,
        to_do=tuple(row for row in rows if row.next_step.kind in _TO_DO),
        due=tuple(sorted(due, key=lambda row: row.deadline.due)),
        waiting=waiting,
        to_decide=to_decide,
        person_count=len(everyone),
    )


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


def _row(vault: Vault, records: Records, person: Person) -> PersonRow:
    person_id = person.person_id
    koppeling = records.koppelingen.current(person_id)
    events = records.events.of_person(person_id)
    return PersonRow(
        person=person,
        municipality=municipality_name(koppeling.municipality_code) if koppeling else "",
        stations=line(events),
        next_step=_next_step(
            vault,
            person,
            koppeling,
            events,
            records.interviews.of_person(person_id),
            _latest_plan(records, person_id),
            records.handovers.of_person(person_id),
        ),
    )


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
