"""Put the dossier together: exactly what the selection lets go, and the names of what stays."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final, TypeVar, cast
from uuid import UUID

from intake_app.domain.actor import ReceiverRole
from intake_app.domain.event import CaseEvent
from intake_app.domain.interview import Interpretation
from intake_app.domain.person import AzcStay, Household, Koppeling, Person
from intake_app.domain.plan import Action, Activity, Goal, Plan
from intake_app.domain.sharing import Consent
from intake_app.flows.case_file import AnsweredQuestion, CaseFile, InterviewFile
from intake_app.flows.coding import codes_of, scripts_of
from intake_app.flows.preview import PreviewRow, RowState
from intake_app.flows.selection import DETAIL_CATEGORIES, EVENT_DETAIL, ItemKey, ItemKind, Why
from intake_app.handover import dossier as form

Part = TypeVar("Part")

_OWN_TEAM = "Werkaantekeningen van het team van de afzender. Die gaan nooit mee."
"""In place of the table's reason, which speaks to the sender."""

_KEPT = "De afzender geeft dit niet mee."

_CONTROL: Final = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\ud800-\\udfff]")
"""What the format refuses in a text; pasted text may hold it."""


def assemble(
    case: CaseFile,
    leaving: frozenset[ItemKey],
    rows: Iterable[PreviewRow],
    *,
    dossier_id: UUID,
    version: int,
    created: datetime,
    role: ReceiverRole,
    authors: Iterable[tuple[UUID, str]],
    unknown_author: str,
    files: Mapping[UUID, str] | None = None,
) -> form.Dossier:
    """Return the dossier that holds what is in `leaving` and nothing else.

    `authors` are the names known for who recorded something; somebody else is `unknown_author`.
    `files` says under which name each attachment that goes lies beside the dossier.
    """
    interviews = tuple(
        _interview(file, leaving, _files_of(case, file, leaving, files or {}))
        for file in case.interviews
        if any(key.id == file.interview.interview_id for key in leaving)
    )
    held = tuple(rows)
    made = form.Dossier(
        dossier_id=dossier_id,
        dossier_version=version,
        created=created,
        receiver_role=role.value,
        person=_person(case.person, leaving),
        household=_household(case.household, leaving),
        koppelingen=tuple(
            _koppeling(k)
            for k in case.koppelingen
            if ItemKey(ItemKind.KOPPELING, k.koppeling_id) in leaving
        ),
        stays=tuple(_stay(s) for s in case.stays if ItemKey(ItemKind.STAY, s.stay_id) in leaving),
        events=tuple(
            _event(e, leaving)
            for e in case.events
            if ItemKey(ItemKind.EVENT, e.event_id) in leaving
        ),
        interviews=interviews,
        plan=_plan(case.plan, leaving),
        activities=tuple(
            _activity(a)
            for a in case.activities
            if ItemKey(ItemKind.ACTIVITY, a.activity_id) in leaving
        ),
        consents=tuple(_consent(row.consent) for row in held if _rests_on_consent(row)),
        left_out=tuple(_left_out(row) for row in held if _is_named(row)),
        authors=_authors(interviews, dict(authors), unknown_author),
        attachments=_attachments(case, leaving, files or {}),
    )
    return _cleaned(made)


def _person(person: Person, leaving: frozenset[ItemKey]) -> form.DossierPerson:
    """Return the person with the fields that stay at their empty values."""
    held = Person(person_id=person.person_id, v_number="", family_name="")
    going = {
        field.name: getattr(person, field.name)
        for field in dataclasses.fields(person)
        if ItemKey(ItemKind.PERSON, field=field.name) in leaving
    }
    held = dataclasses.replace(held, **going)
    return form.DossierPerson(
        person_id=held.person_id,
        v_number=held.v_number,
        bsn=held.bsn,
        family_name=held.family_name,
        given_names=held.given_names,
        name_prefix=held.name_prefix,
        call_name=held.call_name,
        name_in_own_script=held.name_in_own_script,
        aliases=held.aliases,
        birth_date=held.birth_date.iso(),
        birth_date_status=held.birth_date_status.value,
        gender=held.gender.value,
        birth_country=held.birth_country,
        nationalities=held.nationalities,
        residence_title=held.residence_title,
        permit_from=held.permit_from.iso(),
        contact_language=held.contact_language,
        languages=tuple(
            form.DossierLanguage(each.code, each.is_mother_tongue, each.speaks)
            for each in held.languages
        ),
        literacy=held.literacy.value,
        interpreter_needed=held.interpreter_needed,
        phone=held.phone,
        email=held.email,
        is_nareiziger=held.is_nareiziger,
        no_azc_intake_reason=held.no_azc_intake_reason,
        scripts=scripts_of(held.name_in_own_script),
    )


def _household(
    household: Household | None, leaving: frozenset[ItemKey]
) -> form.DossierHousehold | None:
    if household is None:
        return None
    if ItemKey(ItemKind.HOUSEHOLD, household.household_id) not in leaving:
        return None
    return form.DossierHousehold(
        household_id=household.household_id,
        members=tuple(
            form.DossierMember(
                name=member.name,
                relation=member.relation.value,
                birth_date=member.birth_date.iso(),
                in_netherlands=member.in_netherlands,
            )
            for member in household.members
        ),
        reunification=household.reunification.value,
        expected_persons=household.expected_persons,
    )


def _koppeling(koppeling: Koppeling) -> form.DossierKoppeling:
    return form.DossierKoppeling(
        municipality_code=koppeling.municipality_code,
        linked_on=koppeling.linked_on,
        ended_on=koppeling.ended_on,
        end_reason=koppeling.end_reason.value if koppeling.end_reason else "",
        promising_reason=koppeling.promising_reason,
    )


def _stay(stay: AzcStay) -> form.DossierStay:
    return form.DossierStay(
        location=stay.location,
        room=stay.room,
        arrived=stay.arrived,
        left=stay.left,
        coa_contact=stay.coa_contact,
    )


def _event(event: CaseEvent, leaving: frozenset[ItemKey]) -> form.DossierEvent:
    own_item = event.kind in DETAIL_CATEGORIES
    told = not own_item or ItemKey(ItemKind.EVENT, event.event_id, EVENT_DETAIL) in leaving
    return form.DossierEvent(
        kind=event.kind.value,
        on=event.on,
        recorded_at=event.recorded_at,
        source="" if _is_identifier(event.source) else event.source,
        detail=event.detail if told else "",
    )


def _is_identifier(text: str) -> bool:
    """True for the identifier of an interview, which says nothing to a reader elsewhere."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _files_of(
    case: CaseFile, file: InterviewFile, leaving: frozenset[ItemKey], files: Mapping[UUID, str]
) -> dict[tuple[str, UUID | None], str]:
    """Return under which name each answer that is a file lies beside the dossier."""
    found = {}
    for question in file.questions:
        kept = case.file_of(question)
        if kept is not None and ItemKey(ItemKind.ATTACHMENT, kept.attachment_id) in leaving:
            found[question.answer.path, question.answer.repeat] = files[kept.attachment_id]
    return found


def _interview(
    file: InterviewFile,
    leaving: frozenset[ItemKey],
    files: Mapping[tuple[str, UUID | None], str],
) -> form.DossierInterview:
    interview = file.interview
    answers = tuple(
        made
        for question in file.questions
        if (made := _answer(question, interview.interview_id, leaving, files)) is not None
    )
    told = ItemKey(ItemKind.INTERPRETATION, interview.interview_id) in leaving
    interpretation = interview.interpretation if told else Interpretation()
    needed = {answer.repeat for answer in answers}
    return form.DossierInterview(
        interview_id=interview.interview_id,
        form_id=interview.form_id,
        form_title=file.title,
        form_version=file.form.version,
        form_sha256=interview.form_sha256,
        language=interview.language,
        state=interview.state.value,
        started_at=interview.started_at,
        finished_at=interview.finished_at,
        interpretation=form.DossierInterpretation(
            mode=interpretation.mode.value,
            interpreter=interpretation.interpreter,
            language=interpretation.language,
            told_back=interpretation.told_back,
            weak=interpretation.weak,
            languages=tuple(
                form.DossierLanguageUse(use.language, use.since) for use in interpretation.languages
            ),
        ),
        repeats=_repeats(file, needed),
        answers=answers,
    )


def _repeats(file: InterviewFile, needed: set[UUID | None]) -> tuple[form.DossierRepeat, ...]:
    """Return the instances that hold an answer that goes, with those around them."""
    by_instance = {repeat.instance: repeat for repeat in file.repeats}
    wanted: set[UUID] = set()
    for instance in needed:
        at = by_instance.get(instance) if instance else None
        while at is not None and at.instance not in wanted:
            wanted.add(at.instance)
            at = by_instance.get(at.parent) if at.parent else None
    return tuple(
        form.DossierRepeat(r.path, r.instance, r.parent, r.position)
        for r in file.repeats
        if r.instance in wanted
    )


def _answer(
    question: AnsweredQuestion,
    interview_id: UUID,
    leaving: frozenset[ItemKey],
    files: Mapping[tuple[str, UUID | None], str],
) -> form.DossierAnswer | None:
    answer = question.answer
    place = (interview_id, answer.path, answer.repeat)
    goes = ItemKey(ItemKind.ANSWER, *place) in leaving
    note_goes = ItemKey(ItemKind.NOTE, *place) in leaving
    if not goes and not note_goes:
        return None
    shown, shown_answer = question.shown_question, question.shown_answer
    statuses = {text.status for text in (shown, shown_answer) if text is not None}
    beside = files.get((answer.path, answer.repeat), "")
    return form.DossierAnswer(
        path=answer.path,
        repeat=answer.repeat,
        category=question.category,
        section=question.section,
        section_title=question.section_title,
        question=question.question,
        value=answer.value if goes else "",
        answer=_in_words(question, beside) if goes else "",
        state=answer.state.value if goes else "",
        shown_language=next((text.language for text in (shown, shown_answer) if text), ""),
        shown_question=shown.text if shown else "",
        shown_answer=shown_answer.text if goes and shown_answer else "",
        unreviewed="unreviewed" in statuses,
        weak=question.weak,
        source=answer.source.value,
        note=answer.note if note_goes else "",
        author_id=answer.author_id,
        at=answer.at,
        codes=codes_of(question.code_list, answer.value) if goes else (),
        files=(beside,) if goes and beside else (),
    )


def _in_words(question: AnsweredQuestion, beside: str) -> str:
    """Return the answer; of a file also where it lies, so that paper points to it too."""
    if not question.is_file or not question.answer_text:
        return question.answer_text
    if not beside:
        return f"{question.answer_text} (het bestand zelf gaat niet mee)"
    return f"{question.answer_text} (zie bijlage {beside.rpartition('/')[2]})"


def _plan(plan: Plan | None, leaving: frozenset[ItemKey]) -> form.DossierPlan | None:
    if plan is None or ItemKey(ItemKind.PLAN, plan.plan_id) not in leaving:
        return None
    return form.DossierPlan(
        plan_id=plan.plan_id,
        version=plan.version,
        state=plan.state.value,
        created_at=plan.created_at,
        main_path=plan.main_path.value if plan.main_path else "",
        other_paths=tuple(path.value for path in plan.other_paths),
        leerroute=plan.leerroute.value,
        goals=tuple(_goal(goal) for goal in plan.goals),
        client_view=plan.client_view,
        discussed_on=plan.discussed_on,
        discussed_with_interpreter=plan.discussed_with_interpreter,
    )


def _goal(goal: Goal) -> form.DossierGoal:
    return form.DossierGoal(
        goal_id=goal.goal_id,
        leefgebied=goal.leefgebied,
        text=goal.text,
        horizon=goal.horizon,
        actions=tuple(_action(action) for action in goal.actions),
    )


def _action(action: Action) -> form.DossierAction:
    return form.DossierAction(
        action_id=action.action_id,
        what=action.what,
        doer=action.doer.value,
        where=action.where,
        start=action.start,
        end=action.end,
        state=action.state.value,
        result=action.result,
    )


def _activity(activity: Activity) -> form.DossierActivity:
    return form.DossierActivity(
        activity_id=activity.activity_id,
        kind=activity.kind.value,
        provider=activity.provider,
        started=activity.started,
        ended=activity.ended,
        amount=activity.amount,
        evidence=activity.evidence,
    )


def _attachments(
    case: CaseFile, leaving: frozenset[ItemKey], files: Mapping[UUID, str]
) -> tuple[form.DossierAttachment, ...]:
    return tuple(
        form.DossierAttachment(
            attachment_id=each.attachment_id,
            file=files[each.attachment_id],
            title=each.title,
            kind=each.kind.value,
            category=each.category,
            media_type=each.media_type,
            size=each.size,
            sha256=each.sha256,
            added_at=each.added_at,
            source=each.source,
        )
        for each in case.attachments
        if ItemKey(ItemKind.ATTACHMENT, each.attachment_id) in leaving
    )


def _rests_on_consent(row: PreviewRow) -> bool:
    return row.state is RowState.LEAVES and row.verdict.value == "na_toestemming"


def _consent(consent: Consent | None) -> form.DossierConsent:
    if consent is None:
        raise ValueError("a row left on a consent that is not there")
    return form.DossierConsent(
        consent_id=consent.consent_id,
        category=consent.category,
        role=consent.role.value,
        given_at=consent.given_at,
        language=consent.language,
        with_interpreter=consent.with_interpreter,
    )


def _is_named(row: PreviewRow) -> bool:
    """True for what stays, but that there is something medical is itself not for every receiver."""
    return row.state is not RowState.LEAVES and row.category != "medisch"


def _left_out(row: PreviewRow) -> form.DossierLeftOut:
    """Name the kind and the number of what stays, never a question that must not be known."""
    category = row.category if re.fullmatch("[a-z_]{2,32}", row.category) else "onbekend"
    reason = _KEPT if row.why is Why.CHOICE else row.reason
    return form.DossierLeftOut(
        category=category,
        what=f"{row.title}: {counted(row)}",
        reason=_OWN_TEAM if row.category == "intern" else reason,
        basis=row.basis,
    )


def counted(row: PreviewRow) -> str:
    """Return how much a row stands for, in Dutch: '18 antwoorden, 2 notities'."""
    words = (
        (row.answers, "antwoord", "antwoorden"),
        (row.facts, "gegeven", "gegevens"),
        (row.notes, "notitie", "notities"),
        (row.attachments, "bijlage", "bijlagen"),
    )
    return ", ".join(f"{n} {one if n == 1 else many}" for n, one, many in words if n)


def _authors(
    interviews: Iterable[form.DossierInterview], names: dict[UUID, str], unknown: str
) -> tuple[form.DossierAuthor, ...]:
    used = dict.fromkeys(answer.author_id for each in interviews for answer in each.answers)
    return tuple(form.DossierAuthor(author, names.get(author, unknown)) for author in used)


def _cleaned(value: Part) -> Part:
    """Return the same tree with control characters in texts as spaces."""
    return cast("Part", _clean(value))


def _clean(value: Any) -> Any:
    cleaned = value
    if isinstance(value, str):
        cleaned = _CONTROL.sub(" ", value)
    elif isinstance(value, tuple):
        cleaned = tuple(_clean(part) for part in value)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [field.name for field in dataclasses.fields(value)]
        cleaned = dataclasses.replace(value, **{n: _clean(getattr(value, n)) for n in names})
    return cleaned
