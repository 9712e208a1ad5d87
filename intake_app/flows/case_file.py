"""Everything the record holds about one person, read in one snapshot for a handover.

A filling is restored onto the very form version it is pinned to, so that the words of questions
and choices are those that were asked, and so that it is known which answers no longer apply.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from intake_app.domain.attachment import Attachment
from intake_app.domain.event import CaseEvent
from intake_app.domain.interview import (
    Answer,
    AnswerState,
    FormVersion,
    Interview,
    RepeatInstance,
)
from intake_app.domain.person import AzcStay, Household, Koppeling, Person
from intake_app.domain.plan import Activity, Plan
from intake_app.domain.sharing import Consent
from intake_app.flows import answer_files

if TYPE_CHECKING:
    from intake_app.domain.environment import Environment
    from intake_app.vault import Vault
    from intake_app.vault.transaction import Records
    from intake_app.xforms import (
        FormDefinition,
        FormSession,
        QuestionDefinition,
        QuestionView,
        ShownText,
        Texts,
    )


@dataclass(frozen=True, slots=True)
class AnsweredQuestion:
    """An answer with the words around it. Texts are Dutch unless they are `shown_…`."""

    answer: Answer
    category: str
    """Sharing category of the question; '' where the form names none."""
    section: str
    section_title: str
    question: str
    answer_text: str
    """The value as a person reads it; '' unless the state is ANSWERED."""
    shown_question: ShownText | None
    shown_answer: ShownText | None
    relevant: bool
    weak: bool
    """True when the section was marked as weakly understood."""
    code_list: str = ""
    """The code list that the form names for the question; '' where it names none."""
    is_file: bool = False
    """True when the value is the name of a file (`CaseFile.file_of`)."""


@dataclass(frozen=True, slots=True)
class InterviewFile:
    """One filling with its form and its answers in the order of the form."""

    interview: Interview
    form: FormVersion
    title: str
    questions: tuple[AnsweredQuestion, ...]
    repeats: tuple[RepeatInstance, ...]
    unanswered: tuple[str, ...]
    """Dutch texts of the relevant required questions without an answer or a state."""
    put_off: tuple[str, ...] = ()
    """Dutch texts of the relevant questions that were left for later and say nothing yet."""


@dataclass(frozen=True, slots=True)
class CaseFile:
    """All of it. Plans and handovers of the past are left to the record."""

    person: Person
    household: Household | None
    koppelingen: tuple[Koppeling, ...]
    stays: tuple[AzcStay, ...]
    events: tuple[CaseEvent, ...]
    interviews: tuple[InterviewFile, ...]
    plan: Plan | None
    """The newest vastgesteld version; the newest concept where none is vastgesteld."""
    newer_concept: bool
    """True when a concept has been begun after the version in `plan`."""
    activities: tuple[Activity, ...]
    consents: tuple[Consent, ...]
    attachments: tuple[Attachment, ...] = ()
    """Without files that were the answer to a question and are not any more."""

    def file_of(self, question: AnsweredQuestion) -> Attachment | None:
        """Return the file that is the answer to a question, None where there is none."""
        answer = question.answer
        if not question.is_file or not answer.value:
            return None
        wanted = (answer.interview_id, answer.value)
        return next(
            (
                each
                for each in self.attachments
                if each.answer and (each.answer.interview_id, each.answer.name) == wanted
            ),
            None,
        )


def read_case_file(vault: Vault, person_id: UUID, texts: Texts | None = None) -> CaseFile:
    """Return the case file. Raises `KeyError` when there is no such person in this vault."""
    with vault.read("overdracht voorbereiden") as records:
        return case_file(records, person_id, vault.env, texts)


def case_file(
    records: Records,
    person_id: UUID,
    env: Environment,
    texts: Texts | None = None,
    seed: bytes | None = None,
) -> CaseFile:
    """Return the case file from a snapshot that is open already; `seed` is the medical role's."""
    person = records.persons.get(person_id)
    if person is None:
        raise KeyError(person_id)
    plan, newer_concept = _plan_to_send(records.plans.of_person(person_id))
    interviews = tuple(
        _interview_file(records, interview, env, texts)
        for interview in records.interviews.of_person(person_id)
    )
    return CaseFile(
        person=person,
        household=records.households.of_person(person_id),
        koppelingen=tuple(records.koppelingen.of_person(person_id)),
        stays=tuple(records.stays.of_person(person_id)),
        events=tuple(records.events.of_person(person_id)),
        interviews=interviews,
        plan=plan,
        newer_concept=newer_concept,
        activities=tuple(records.activities.of_person(person_id)),
        consents=tuple(records.consents.of_person(person_id)),
        attachments=_standing(records, person_id, seed),
    )


def _standing(records: Records, person_id: UUID, seed: bytes | None) -> tuple[Attachment, ...]:
    answering = records.attachments.answering(person_id)
    return tuple(
        each
        for each in records.attachments.of_person(person_id, seed)
        if each.answer is None
        or each.answer.interview_id is None
        or each.attachment_id in answering
    )


def _plan_to_send(plans: tuple[Plan, ...]) -> tuple[Plan | None, bool]:
    from intake_app.domain.plan import PlanState

    in_order = sorted(plans, key=lambda plan: plan.version)
    if not in_order:
        return None, False
    fixed = [plan for plan in in_order if plan.state is PlanState.VASTGESTELD]
    chosen = fixed[-1] if fixed else in_order[-1]
    return chosen, in_order[-1] is not chosen


def _interview_file(
    records: Records, interview: Interview, env: Environment, texts: Texts | None
) -> InterviewFile:
    from intake_app.xforms import parse_form

    version = records.forms.get(interview.form_sha256)
    if version is None:
        raise KeyError(interview.form_sha256)
    answers = tuple(records.answers.of_interview(interview.interview_id))
    repeats = tuple(records.repeats.of_interview(interview.interview_id))
    form = parse_form(version.xml, name=version.form_id)
    return interview_file(interview, version, form, answers, repeats, env, texts)


def interview_file(
    interview: Interview,
    version: FormVersion,
    form: FormDefinition,
    answers: tuple[Answer, ...],
    repeats: tuple[RepeatInstance, ...],
    env: Environment,
    texts: Texts | None,
) -> InterviewFile:
    """Put the words of `form` around stored answers."""
    from intake_app.xforms import NodeKey

    session = restore(form, answers, repeats, env, texts)
    questions = tuple(
        _answered(session, answer, interview)
        for answer in _in_form_order(form, answers, repeats)
        if _says_something(answer) and not _of_the_machine(form, answer)
    )
    unanswered = tuple(
        session.view(problem.key, "nl").label.text
        for problem in session.problems()
        if problem.kind == "required"
    )
    put_off = tuple(
        view.label.text
        for answer in _in_form_order(form, answers, repeats)
        if answer.later and not _says_something(answer)
        for view in (session.view(NodeKey(answer.path, answer.repeat), "nl"),)
        if view.relevant
    )
    return InterviewFile(interview, version, form.title, questions, repeats, unanswered, put_off)


def restore(
    form: FormDefinition,
    answers: tuple[Answer, ...],
    repeats: tuple[RepeatInstance, ...],
    env: Environment,
    texts: Texts | None = None,
) -> FormSession:
    """Return a session on `form` that stands where the stored filling stands."""
    from intake_app import xforms

    snapshot = xforms.Snapshot(
        form_id=form.form_id,
        structure_hash=form.structure_hash,
        answers=tuple(
            xforms.StoredAnswer(
                xforms.NodeKey(a.path, a.repeat), a.value, xforms.AnswerState(a.state.value)
            )
            for a in answers
        ),
        repeats=tuple(
            xforms.StoredRepeat(r.path, r.instance, r.parent, r.position)
            for r in _parents_first(repeats)
        ),
    )
    return xforms.FormSession(
        form, now=env.now, uuid=env.uuid, random=env.fraction, texts=texts, snapshot=snapshot
    )


def _parents_first(repeats: tuple[RepeatInstance, ...]) -> Iterator[RepeatInstance]:
    yield from sorted(repeats, key=lambda r: (r.path.count("/"), r.path, r.position))


def _in_form_order(
    form: FormDefinition, answers: tuple[Answer, ...], repeats: tuple[RepeatInstance, ...]
) -> list[Answer]:
    """Sort as the form reads: all of one instance of a repeat before the next instance."""
    order = {path: place for place, path in enumerate(form.questions)}
    instances = {repeat.instance: repeat for repeat in repeats}

    def place(answer: Answer) -> tuple[int, ...]:
        chain: list[int] = []
        instance = instances.get(answer.repeat) if answer.repeat else None
        while instance is not None:
            inside = instance.path + "/"
            first = min(at for path, at in order.items() if path.startswith(inside))
            chain = [first, instance.position, *chain]
            instance = instances.get(instance.parent) if instance.parent else None
        return (*chain, order[answer.path])

    return sorted((a for a in answers if a.path in order), key=place)


def _says_something(answer: Answer) -> bool:
    return answer.state is not AnswerState.NONE or bool(answer.note)


def _of_the_machine(form: FormDefinition, answer: Answer) -> bool:
    """True for what the form computes for itself, such as its instance id: nobody's answer."""
    from intake_app.xforms import QuestionKind

    definition = form.questions[answer.path]
    computed = definition.kind is QuestionKind.CALCULATED
    return computed and not definition.attributes.get("sharing")


def _answered(session: FormSession, answer: Answer, interview: Interview) -> AnsweredQuestion:
    from intake_app.xforms import NodeKey

    key = NodeKey(answer.path, answer.repeat)
    dutch = session.view(key, "nl")
    definition = dutch.definition
    shown = session.view(key, interview.language) if interview.language not in {"", "nl"} else None
    translated = shown is not None and shown.label.language == interview.language
    title = session.title(definition.section, "nl").text if definition.section else ""
    return AnsweredQuestion(
        answer=answer,
        category=definition.attributes.get("sharing", ""),
        section=definition.section,
        section_title=title,
        question=dutch.label.text or definition.name,
        answer_text=_answer_text(dutch, answer),
        shown_question=shown.label if shown is not None and translated else None,
        shown_answer=_shown_answer(shown, answer) if shown is not None and translated else None,
        relevant=dutch.relevant,
        weak=definition.section in interview.interpretation.weak,
        code_list=_code_list(definition.attributes),
        is_file=_is_file(definition),
    )


def _is_file(definition: QuestionDefinition) -> bool:
    from intake_app.xforms import QuestionKind

    return definition.kind is QuestionKind.UPLOAD


def _code_list(attributes: Mapping[str, str]) -> str:
    """The code list of a question; forms of before the attribute `codes` have it in `concept`."""
    concept = attributes.get("concept", "")
    return attributes.get("codes", "" if "." in concept else concept)


def _answer_text(view: QuestionView, answer: Answer) -> str:
    """The value in words: the labels of the chosen choices, or the value itself."""
    if answer.state is not AnswerState.ANSWERED:
        return ""
    if _is_file(view.definition):
        return answer_files.in_words(answer.value, signed=answer_files.is_signed(view.definition))
    if not view.choices:
        return answer.value
    labels = {choice.value: choice.label.text for choice in view.choices}
    if answer.value in labels:
        return labels[answer.value]
    return ", ".join(labels.get(value, value) for value in answer.value.split())


def _shown_answer(view: QuestionView, answer: Answer) -> ShownText | None:
    """The chosen choices in the client's language; None for free text or a missing translation."""
    if answer.state is not AnswerState.ANSWERED or not view.choices:
        return None
    from intake_app.xforms import ShownText

    by_value = {choice.value: choice.label for choice in view.choices}
    chosen = [by_value[value] for value in answer.value.split() if value in by_value]
    if not chosen or any(label.language != view.label.language for label in chosen):
        return None
    status = "unreviewed" if any(c.status == "unreviewed" for c in chosen) else chosen[0].status
    return ShownText("\n".join(c.text for c in chosen), view.label.language, status)
