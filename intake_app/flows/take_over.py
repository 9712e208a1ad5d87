"""A received dossier as records of this vault.

Reading is by the codes of the format; what this version does not know (a new kind of event or
activity) is kept as the nearest thing it does know, and the dossier itself stays in the inbox as
it came. Identifiers of the sender are kept for what has one, so that a later version meets its
own; what is in this vault already under that identifier and differs is taken in beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

from intake_app.domain.attachment import AnswerPlace
from intake_app.domain.event import CaseEvent, EventKind
from intake_app.domain.interview import (
    Answer,
    AnswerSource,
    AnswerState,
    Interpretation,
    InterpreterMode,
    Interview,
    InterviewState,
    LanguageUse,
    RepeatInstance,
)
from intake_app.domain.partial_date import PartialDate
from intake_app.domain.person import (
    AzcStay,
    BirthDateStatus,
    DecouplingReason,
    Gender,
    Household,
    HouseholdMember,
    Koppeling,
    Literacy,
    Person,
    PersonLanguage,
    Relation,
    Reunification,
)
from intake_app.domain.plan import (
    Action,
    ActionState,
    Activity,
    ActivityKind,
    Doer,
    Goal,
    Leerroute,
    Plan,
    PlanState,
    Vervolgpad,
)
from intake_app.flows.dossier_words import EVENT_TITLES

if TYPE_CHECKING:
    from intake_app.domain.attachment import Attachment
    from intake_app.handover import dossier as form
    from intake_app.vault.transaction import Transaction

_NOBODY = UUID(int=0)


def person(dossier: form.Dossier) -> Person:
    """Return the person with the sender's identifier."""
    held = dossier.person
    return Person(
        person_id=held.person_id,
        v_number=held.v_number,
        family_name=held.family_name,
        given_names=held.given_names,
        name_prefix=held.name_prefix,
        call_name=held.call_name,
        name_in_own_script=held.name_in_own_script,
        aliases=held.aliases,
        bsn=held.bsn,
        birth_date=PartialDate.parse(held.birth_date),
        birth_date_status=BirthDateStatus(held.birth_date_status),
        gender=Gender(held.gender),
        birth_country=held.birth_country,
        nationalities=held.nationalities,
        residence_title=held.residence_title,
        permit_from=PartialDate.parse(held.permit_from),
        contact_language=held.contact_language,
        languages=tuple(
            PersonLanguage(each.code, each.is_mother_tongue, each.speaks) for each in held.languages
        ),
        literacy=Literacy(held.literacy),
        interpreter_needed=held.interpreter_needed,
        phone=held.phone,
        email=held.email,
        is_nareiziger=held.is_nareiziger,
        no_azc_intake_reason=held.no_azc_intake_reason,
    )


def household(dossier: form.Dossier) -> Household | None:
    """Return the household; the first member is the person the dossier is about."""
    held = dossier.household
    if held is None:
        return None
    return Household(
        household_id=held.household_id,
        members=tuple(
            HouseholdMember(
                name=member.name,
                relation=Relation(member.relation),
                birth_date=PartialDate.parse(member.birth_date),
                in_netherlands=member.in_netherlands,
            )
            for member in held.members
        ),
        reunification=Reunification(held.reunification),
        expected_persons=held.expected_persons,
    )


def koppelingen(dossier: form.Dossier) -> tuple[Koppeling, ...]:
    """Return the koppelingen, the oldest first; they have no identifier of their own yet."""
    return tuple(
        Koppeling(
            koppeling_id=_NOBODY,
            person_id=dossier.person.person_id,
            municipality_code=held.municipality_code,
            linked_on=held.linked_on,
            ended_on=held.ended_on,
            end_reason=DecouplingReason(held.end_reason) if held.end_reason else None,
            promising_reason=held.promising_reason,
        )
        for held in dossier.koppelingen
    )


def current_koppeling(dossier: form.Dossier) -> Koppeling | None:
    """Return the koppeling that has not ended, or None."""
    running = [each for each in koppelingen(dossier) if each.ended_on is None]
    return running[-1] if running else None


def event_title(event: form.DossierEvent) -> str:
    """Return what happened in Dutch; the code itself for a kind this version does not know."""
    try:
        return EVENT_TITLES[EventKind(event.kind)]
    except ValueError:
        return event.kind.replace("_", " ")


def activities(dossier: form.Dossier) -> tuple[Activity, ...]:
    """Return what was done already; an unknown kind becomes 'anders'."""
    return tuple(
        Activity(
            activity_id=held.activity_id,
            person_id=dossier.person.person_id,
            kind=ActivityKind(held.kind) if held.kind in set(ActivityKind) else ActivityKind.ANDERS,
            provider=held.provider,
            started=held.started,
            ended=held.ended,
            amount=held.amount,
            evidence=held.evidence,
        )
        for held in dossier.activities
    )


def plan(dossier: form.Dossier) -> Plan | None:
    """Return the plan as the sender made it, or None."""
    held = dossier.plan
    if held is None:
        return None
    return Plan(
        plan_id=held.plan_id,
        person_id=dossier.person.person_id,
        version=held.version,
        state=PlanState(held.state),
        created_at=held.created_at,
        author_id=_NOBODY,
        main_path=Vervolgpad(held.main_path) if held.main_path else None,
        other_paths=tuple(Vervolgpad(path) for path in held.other_paths),
        leerroute=Leerroute(held.leerroute),
        goals=tuple(_goal(goal) for goal in held.goals),
        client_view=held.client_view,
        discussed_on=held.discussed_on,
        discussed_with_interpreter=held.discussed_with_interpreter,
    )


def _goal(held: form.DossierGoal) -> Goal:
    return Goal(
        goal_id=held.goal_id,
        leefgebied=held.leefgebied,
        text=held.text,
        horizon=held.horizon,
        actions=tuple(
            Action(
                action_id=each.action_id,
                what=each.what,
                doer=Doer(each.doer),
                where=each.where,
                start=each.start,
                end=each.end,
                state=ActionState(each.state),
                result=each.result,
            )
            for each in held.actions
        ),
    )


@dataclass(frozen=True, slots=True)
class Target:
    """Whose record the dossier goes into, and what was chosen where both sides knew something."""

    person: Person
    """The person as they stand in this vault from now on."""
    takes_household: bool
    takes_koppeling: bool
    source: str
    """Name of the sending organisation."""


def write(
    tx: Transaction,
    dossier: form.Dossier,
    target: Target,
    new_id: Callable[[], UUID],
    came: Iterable[Attachment] = (),
) -> frozenset[UUID]:
    """Write everything of `dossier` under the target's person. Nothing is overwritten.

    An interview whose form is not in this vault is left to the stored dossier. `came` are the
    files that came along; those that are answers are tied to the answer as it is written here.
    Returns which of them are here already, with an interview that was taken over before.
    """
    tx.persons.save(target.person)
    person_id = target.person.person_id
    _write_household(tx, dossier, target)
    _write_koppelingen(tx, dossier, target, new_id)
    for stay in dossier.stays:
        known = {(s.location, s.room, s.arrived) for s in tx.stays.of_person(person_id)}
        if (stay.location, stay.room, stay.arrived) not in known:
            tx.stays.save(
                AzcStay(
                    stay_id=new_id(),
                    person_id=person_id,
                    location=stay.location,
                    room=stay.room,
                    arrived=stay.arrived,
                    left=stay.left,
                    coa_contact=stay.coa_contact,
                )
            )
    _write_events(tx, dossier, target, new_id)
    files = {each.answer.came_as: each for each in came if each.answer is not None}
    here: set[UUID] = set()
    for interview in dossier.interviews:
        here |= _write_interview(tx, interview, person_id, new_id, files)
    _write_plan(tx, dossier, person_id)
    held = {each.activity_id: each for each in tx.activities.of_person(person_id)}
    for activity in activities(dossier):
        theirs = replace(activity, person_id=person_id)
        if theirs.activity_id not in held:
            tx.activities.save(theirs)
        elif held[theirs.activity_id] != theirs:
            tx.activities.save(replace(theirs, activity_id=new_id()))
    return frozenset(here)


def _write_household(tx: Transaction, dossier: form.Dossier, target: Target) -> None:
    theirs = household(dossier)
    if theirs is None or not target.takes_household:
        return
    person_id = target.person.person_id
    members = tuple(
        replace(member, person_id=person_id) if member.relation is Relation.ZELF else member
        for member in theirs.members
    )
    if not any(member.person_id for member in members):
        myself = HouseholdMember(
            name=target.person.display_name,
            relation=Relation.ZELF,
            birth_date=target.person.birth_date,
            person_id=person_id,
        )
        members = (myself, *members)
    ours = tx.households.of_person(person_id)
    household_id = ours.household_id if ours else theirs.household_id
    tx.households.save(replace(theirs, household_id=household_id, members=members))


def _write_koppelingen(
    tx: Transaction, dossier: form.Dossier, target: Target, new_id: Callable[[], UUID]
) -> None:
    person_id = target.person.person_id
    held = {(k.municipality_code, k.linked_on) for k in tx.koppelingen.of_person(person_id)}
    ours = tx.koppelingen.current(person_id)
    for theirs in koppelingen(dossier):
        if (theirs.municipality_code, theirs.linked_on) in held:
            continue
        if theirs.ended_on is None:
            if not target.takes_koppeling:
                continue
            if ours is not None:
                ended = max(ours.linked_on, theirs.linked_on)
                tx.koppelingen.save(
                    replace(ours, ended_on=ended, end_reason=DecouplingReason.HERKOPPELD)
                )
        tx.koppelingen.save(replace(theirs, koppeling_id=new_id(), person_id=person_id))


def _write_events(
    tx: Transaction, dossier: form.Dossier, target: Target, new_id: Callable[[], UUID]
) -> None:
    person_id = target.person.person_id
    held = {(e.kind.value, e.on, e.recorded_at) for e in tx.events.of_person(person_id)}
    known = {kind.value for kind in EventKind}
    for event in dossier.events:
        if event.kind not in known or (event.kind, event.on, event.recorded_at) in held:
            continue
        tx.events.add(
            CaseEvent(
                event_id=new_id(),
                person_id=person_id,
                kind=EventKind(event.kind),
                on=event.on,
                recorded_at=event.recorded_at,
                source=event.source or target.source,
                detail=event.detail,
            )
        )


def _write_interview(
    tx: Transaction,
    held: form.DossierInterview,
    person_id: UUID,
    new_id: Callable[[], UUID],
    files: Mapping[str, Attachment],
) -> set[UUID]:
    if tx.forms.get(held.form_sha256) is None:
        return set()
    there = tx.interviews.get(held.interview_id)
    if there is not None and _same_answers(tx, held):
        return _tie(tx, held, held.interview_id, files)
    interview_id = held.interview_id if there is None else new_id()
    told = held.interpretation
    tx.interviews.save(
        Interview(
            interview_id=interview_id,
            person_id=person_id,
            form_id=held.form_id,
            form_sha256=held.form_sha256,
            language=held.language,
            state=InterviewState(held.state),
            started_at=held.started_at,
            finished_at=held.finished_at,
            interpretation=Interpretation(
                mode=InterpreterMode(told.mode),
                interpreter=told.interpreter,
                language=told.language,
                told_back=told.told_back,
                weak=told.weak,
                languages=tuple(LanguageUse(use.language, use.since) for use in told.languages),
            ),
        )
    )
    for repeat in held.repeats:
        tx.repeats.put(
            RepeatInstance(
                interview_id, repeat.path, repeat.instance, repeat.parent, repeat.position
            )
        )
    for answer in held.answers:
        tx.answers.put(_answer(answer, interview_id))
    return _tie(tx, held, interview_id, files)


def _tie(
    tx: Transaction,
    held: form.DossierInterview,
    interview_id: UUID,
    files: Mapping[str, Attachment],
) -> set[UUID]:
    """Bind the files to the answers they are; return those that lie with their answer already."""
    there = {
        each.answer.name
        for each in tx.attachments.of_interview(interview_id)
        if each.answer is not None and each.person_id is not None
    }
    known = set()
    for answer in held.answers:
        for file in answer.files:
            came = files.get(file)
            if came is not None and answer.value in there:
                known.add(came.attachment_id)
            elif came is not None:
                place = AnswerPlace(answer.value, answer.path, answer.repeat, interview_id, file)
                tx.attachments.tie(came.attachment_id, place)
    return known


def _answer(held: form.DossierAnswer, interview_id: UUID) -> Answer:
    return Answer(
        interview_id=interview_id,
        path=held.path,
        repeat=held.repeat,
        value=held.value,
        state=AnswerState(held.state),
        author_id=held.author_id,
        at=held.at,
        source=AnswerSource(held.source),
        note=held.note,
        note_in_handover=bool(held.note),
    )


def _same_answers(tx: Transaction, held: form.DossierInterview) -> bool:
    ours = {
        (a.path, a.repeat): (a.value, a.state.value)
        for a in tx.answers.of_interview(held.interview_id)
        if a.state.value
    }
    theirs = {(a.path, a.repeat): (a.value, a.state) for a in held.answers if a.state}
    return ours == theirs


def _write_plan(tx: Transaction, dossier: form.Dossier, person_id: UUID) -> None:
    """Take the plan in as a version of its own: the newest where versions are here already."""
    theirs = plan(dossier)
    if theirs is None:
        return
    theirs = replace(theirs, person_id=person_id)
    ours = tx.plans.of_person(person_id)
    if any(_same_plan(each, theirs) for each in ours):
        return
    if ours:
        newest = max(ours, key=lambda each: each.version)
        theirs = replace(theirs, plan_id=newest.plan_id, version=newest.version + 1)
    tx.plans.save(theirs)


def _same_plan(ours: Plan, theirs: Plan) -> bool:
    return (
        replace(
            ours,
            plan_id=theirs.plan_id,
            version=theirs.version,
            author_id=theirs.author_id,
            created_at=theirs.created_at,
        )
        == theirs
    )
