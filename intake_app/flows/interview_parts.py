"""What an interview tells about itself: outline, open ends, relevant answers, and its errors."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from intake_app.domain.interview import (
    Answer,
    AnswerSource,
    AnswerState,
    Interview,
    InterviewState,
)
from intake_app.flows.interview_undo import Step
from intake_app.flows.mapping import FilledForm, mapper_for
from intake_app.sentences import Told
from intake_app.xforms import (
    Changes,
    FormDefinition,
    FormSession,
    NodeKey,
    Problem,
    QuestionDefinition,
    ShownText,
)

if TYPE_CHECKING:
    from intake_app.domain.environment import Environment
    from intake_app.vault.transaction import Records, Transaction

STAFF = "staff"
"""Value of the question attribute `audience` for what is never shown to the client."""


class FormLibrary(Protocol):
    """Where compiled forms come from; see `formio.library.Library`."""

    def load(self, form_id: str) -> FormDefinition: ...


class InterviewRefused(Told):
    """A step that the interview does not allow now; str() is a Dutch sentence."""


class NotReady(InterviewRefused):
    """The interview cannot be vastgesteld yet; `problems` says which questions need a look."""

    sentence = (
        "Dit gesprek kan nog niet vastgesteld worden. Kijk naar de vragen in de lijst: "
        "vul ze in, of kies waarom er geen antwoord is."
    )

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__()
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Saved:
    """What one operation changed and when the vault had it on disk (aware, UTC).

    With `step` it can be taken back.
    """

    changes: Changes
    at: datetime
    step: Step


@dataclass(frozen=True, slots=True)
class SectionOutline:
    """One section in the list beside the interview."""

    path: str
    name: str
    title: ShownText
    relevant: bool
    answered: int
    total: int
    later: int
    refused: int
    first_page: NodeKey | None
    weak: bool = False
    """True where the client understood little, by what the colleague ticked."""

    @property
    def done(self) -> bool:
        """True when every askable question has an answer or a state."""
        return self.relevant and self.total > 0 and self.answered == self.total


@dataclass(frozen=True, slots=True)
class OpenEnd:
    """A question that deserves a look before the interview is vastgesteld."""

    key: NodeKey
    page: NodeKey
    section: str
    label: ShownText
    later: bool
    state: AnswerState
    problem: Problem | None


def open_interview(records: Records, person_id: UUID, form_id: str) -> Interview | None:
    """Return the open interview of a person with a form, None when there is none."""
    for interview in records.interviews.of_person(person_id):
        if interview.form_id == form_id and interview.state is InterviewState.OPEN:
            return interview
    return None


def is_staff_only(question: QuestionDefinition | None) -> bool:
    """True for a question marked `audience=staff`, and for one that is not known."""
    return question is None or question.attributes.get("audience") == STAFF


def usual_source(question: QuestionDefinition) -> AnswerSource:
    """Return the first source the form names for a question; else who it is put to."""
    for named in question.attributes.get("source", "").replace("|", " ").split():
        if named in {source.value for source in AnswerSource}:
            return AnswerSource(named)
    return AnswerSource.STAFF if is_staff_only(question) else AnswerSource.CLIENT


def told_now(before: Answer | None, usual: AnswerSource) -> Callable[[Answer], Answer]:
    """Return the edit for an answer given in this talk, over what was stored `before`.

    It is not for later any more; and where it says something else than COA had said, its source is
    the `usual` one.
    """

    def edit(row: Answer) -> Answer:
        row = replace(row, later=False)
        if before is None or before.source is not AnswerSource.COA:
            return row
        answered = bool(before.value) or before.state is not AnswerState.NONE
        same = (row.value, row.state) == (before.value, before.state)
        return replace(row, source=usual) if answered and not same else row

    return edit


def filled_form(
    session: FormSession, interview: Interview, rows: Mapping[NodeKey, Answer]
) -> FilledForm:
    """Return the relevant answers of an interview by question name."""
    answers: dict[str, Answer] = {}
    instances: dict[str, dict[UUID, dict[str, Answer]]] = {}
    for key, row in rows.items():
        question = session.form.questions[key.path]
        if not session.view(key).relevant:
            continue
        if key.repeat is None or question.repeat is None:
            answers[question.name] = row
        else:
            by_instance = instances.setdefault(question.repeat, {})
            by_instance.setdefault(key.repeat, {})[question.name] = row
    order = [row.id for row in session.snapshot().repeats]
    repeated = {
        path: tuple(found[instance] for instance in order if instance in found)
        for path, found in instances.items()
    }
    return FilledForm(interview, answers, repeated)


def carry_over(tx: Transaction, filled: FilledForm, env: Environment) -> None:
    """Have the answers of an interview that is vastgesteld mean what its form says they mean."""
    interview = filled.interview
    mapper = mapper_for(interview.form_id)
    person = tx.persons.get(interview.person_id)
    if mapper is None or person is None:
        return
    known = tx.activities.of_person(person.person_id)
    mapped = mapper(filled, person, known, env)
    changed = mapped.person_to_save(person, tx.persons.find_by_v_number)
    if changed is not None:
        tx.persons.save(changed)
    for event in mapped.events:
        tx.events.add(event)
    for activity in mapped.activities:
        tx.activities.save(activity)


def outline(
    session: FormSession,
    rows: Mapping[NodeKey, Answer],
    language: str,
    weak: Collection[str] = (),
) -> tuple[SectionOutline, ...]:
    """Return every section with how far it is, in the order of the form.

    `weak` are the paths of those that were weakly understood.
    """
    later: dict[str, int] = {}
    refused: dict[str, int] = {}
    for page in session.pages():
        for key in page.keys:
            row = rows.get(key)
            if row is not None:
                later[page.section] = later.get(page.section, 0) + row.later
                gone = row.state is AnswerState.REFUSED
                refused[page.section] = refused.get(page.section, 0) + gone
    return tuple(
        SectionOutline(
            path=section.path,
            name=section.name,
            title=session.title(section.path, language),
            relevant=section.relevant,
            answered=section.answered,
            total=section.total,
            later=later.get(section.path, 0),
            refused=refused.get(section.path, 0),
            first_page=section.pages[0] if section.pages else None,
            weak=section.path in weak,
        )
        for section in session.sections()
    )


def open_ends(
    session: FormSession, rows: Mapping[NodeKey, Answer], language: str
) -> tuple[OpenEnd, ...]:
    """Return what a person should look at before the interview is vastgesteld, in order.

    These are the questions put off, not answered at all, refused, not known or not asked, and
    those with a problem.
    """
    problems = {problem.key: problem for problem in session.problems()}
    ends: list[OpenEnd] = []
    for page in session.pages():
        for key in page.keys:
            row = rows.get(key)
            state = AnswerState.NONE if row is None else row.state
            later = row is not None and row.later
            settled = state in {AnswerState.ANSWERED, AnswerState.NOT_APPLICABLE}
            view = session.view(key, language)
            askable = view.definition.kind.askable and not view.readonly
            if key in problems or later or (askable and not settled):
                ends.append(
                    OpenEnd(
                        key=key,
                        page=page.key,
                        section=page.section,
                        label=view.label,
                        later=later,
                        state=state,
                        problem=problems.get(key),
                    )
                )
    return tuple(ends)
