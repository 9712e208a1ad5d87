"""What COA knows already, proposed to a new interview instead of being asked again.

A klantprofiel and another form ask the same fact under the same concept. Whoever holds the talk
sees each answer with where it comes from and chooses; only what was chosen is stored, with COA as
its source. An answer that is there already is never replaced.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from intake_app.domain.interview import Answer, AnswerSource, AnswerState, Interview, InterviewState
from intake_app.flows.case_file import restore
from intake_app.flows.forms_offered import CLIENT_PROFILE
from intake_app.flows.interview_parts import usual_source
from intake_app.flows.mappers.days import day_of
from intake_app.xforms import (
    AnswerRefused,
    FormDefinition,
    FormSession,
    NodeKey,
    QuestionDefinition,
    QuestionView,
    parse_form,
)

if TYPE_CHECKING:
    from intake_app.domain.environment import Environment
    from intake_app.flows.interview import FormLibrary, InterviewFlow
    from intake_app.vault import Vault

_DAY = "bron_datum"
"""The question of the klantprofiel that says how old its source is."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One answer that could be taken over. `path` and `repeat` are of the form it would go to."""

    concept: str
    path: str
    repeat: str
    """Path of the repeat the question is in, '' outside every repeat."""
    number: int
    """Which instance of that repeat, from 1; 0 outside every repeat."""
    section: str
    question: str
    """The question it answers, in Dutch."""
    value: str
    shown: str
    """The value as a person reads it, in the words of the form it would go to."""


@dataclass(frozen=True, slots=True)
class Prefill:
    """What one klantprofiel proposes, in the order of the form it is for."""

    interview_id: UUID
    taken_on: date
    """The day the source is of; the day it was taken over when that was not said."""
    proposals: tuple[Proposal, ...]


def prefill_for(
    vault: Vault, library: FormLibrary, person_id: UUID, form_id: str
) -> Prefill | None:
    """Return what the newest vastgesteld klantprofiel proposes to `form_id`; None for nothing.

    A question is matched by its concept, where the form asks that concept once. What the other
    form could not hold, because of its kind, its choices or its limits, is not proposed.
    """
    with vault.read("gesprek beginnen") as records:
        profile = _newest(records.interviews.of_person(person_id))
        if profile is None or form_id == CLIENT_PROFILE:
            return None
        version = records.forms.get(profile.form_sha256)
        answers = tuple(records.answers.of_interview(profile.interview_id))
        repeats = tuple(records.repeats.of_interview(profile.interview_id))
    if version is None:
        return None
    source_form = parse_form(version.xml, name=version.form_id)
    source = restore(source_form, answers, repeats, vault.env)
    target = library.load(form_id)
    found = tuple(_proposals(source, answers, target, vault.env))
    if not found:
        return None
    said = (a.value for a in answers if a.path.rpartition("/")[2] == _DAY)
    day = day_of(next(said, "")) or (profile.finished_at or profile.started_at).date()
    order = {path: place for place, path in enumerate(target.questions)}
    return Prefill(
        profile.interview_id,
        day,
        tuple(sorted(found, key=lambda p: _place(p, order))),
    )


def take_over(flow: InterviewFlow, chosen: Iterable[Proposal]) -> tuple[Proposal, ...]:
    """Store the chosen answers with COA as their source; return those that could not be stored.

    An answer below a deepening that is not open yet waits there, kept and hidden. One whose
    question has an answer already is left alone and returned, and so is one of an instance of a
    repeat that says something already: that is another job or child. The interview stays at the
    question where it was. May raise what the vault raises; then what was stored before stays.
    """
    left: list[Proposal] = []
    position = flow.position
    told = _told(flow)
    for proposal in chosen:
        key = _key(flow, proposal)
        if key is None or _is_answered(flow, key) or key.repeat in told:
            left.append(proposal)
            continue
        row, usual = flow.row(key), usual_source(flow.form.questions[key.path])
        try:
            # the source first: an answer of COA must never stand as the client's own word
            flow.source(key, AnswerSource.COA)
            flow.answer(key, proposal.value)
        except AnswerRefused:
            # nor must what the client says later stand as the word of COA
            flow.source(key, usual if row is None else row.source)
            left.append(proposal)
    page = None if position is None else flow.page_of(position)
    if page is not None:
        flow.move_to(page.key, position)
    return tuple(left)


def _told(flow: InterviewFlow) -> frozenset[UUID]:
    """Return the instances of repeats in which something was answered already."""
    return frozenset(
        instance
        for path, question in flow.form.questions.items()
        if question.repeat and question.kind.askable
        for instance in flow.session.repeats(question.repeat)
        if _is_answered(flow, NodeKey(path, instance))
    )


def _is_answered(flow: InterviewFlow, key: NodeKey) -> bool:
    return bool(flow.session.state(key).value or flow.session.value(key))


def _newest(interviews: Iterable[Interview]) -> Interview | None:
    done = (
        each
        for each in interviews
        if each.form_id == CLIENT_PROFILE and each.state is InterviewState.VASTGESTELD
    )
    return max(done, key=lambda each: each.started_at, default=None)


def _place(proposal: Proposal, order: dict[str, int]) -> tuple[int, int, int]:
    """Sort as the form reads: all of one instance of a repeat before the next instance."""
    inside = proposal.repeat + "/"
    first = min(at for path, at in order.items() if not proposal.repeat or path.startswith(inside))
    own = order[proposal.path]
    return (first if proposal.repeat else own, proposal.number, own)


def _by_concept(form: FormDefinition) -> dict[str, QuestionDefinition]:
    """Return the questions whose concept stands once in the form."""
    asked = [q for q in form.questions.values() if q.kind.askable and q.attributes.get("concept")]
    times = Counter(q.attributes["concept"] for q in asked)
    return {q.attributes["concept"]: q for q in asked if times[q.attributes["concept"]] == 1}


def _proposals(
    source: FormSession, answers: Iterable[Answer], target: FormDefinition, env: Environment
) -> Iterator[Proposal]:
    wanted = _by_concept(target)
    empty = FormSession(target, now=env.now, uuid=env.uuid, random=env.fraction)
    for answer in answers:
        definition = source.form.questions.get(answer.path)
        if definition is None or answer.state is not AnswerState.ANSWERED:
            continue
        key = NodeKey(answer.path, answer.repeat)
        question = wanted.get(definition.attributes.get("concept", ""))
        if question is None or not source.view(key).relevant:
            continue
        number = _number(source, definition, answer.repeat)
        if bool(number) is not bool(question.repeat) or question.kind is not definition.kind:
            continue
        shown = _tried(empty, question, answer.value)
        if shown is not None:
            yield Proposal(
                concept=question.attributes["concept"],
                path=question.path,
                repeat=question.repeat or "",
                number=number,
                section=empty.title(question.section, "nl").text if question.section else "",
                question=shown[0],
                value=answer.value,
                shown=shown[1],
            )


def _number(session: FormSession, question: QuestionDefinition, repeat: UUID | None) -> int:
    if repeat is None or question.repeat is None:
        return 0
    return tuple(session.repeats(question.repeat)).index(repeat) + 1


def _tried(
    session: FormSession, question: QuestionDefinition, value: str
) -> tuple[str, str] | None:
    """Put the value in an empty form: question and value in words, None when it does not fit."""
    key = NodeKey(question.path)
    if question.repeat:
        instances = session.repeats(question.repeat)
        key = NodeKey(
            question.path, instances[0] if instances else session.add_repeat(question.repeat)[0]
        )
    try:
        session.answer(key, value)
    except AnswerRefused:
        return None
    view = session.view(key, "nl")
    return (view.label.text, _words(view, value)) if view.problem is None else None


def _words(view: QuestionView, value: str) -> str:
    labels = {choice.value: choice.label.text for choice in view.choices}
    return ", ".join(labels.get(part, part) for part in value.split()) if labels else value


def _key(flow: InterviewFlow, proposal: Proposal) -> NodeKey | None:
    """The node meant; instances of a repeat that are not there yet are added."""
    if not proposal.repeat:
        return NodeKey(proposal.path)
    instances = list(flow.session.repeats(proposal.repeat))
    while len(instances) < proposal.number:
        try:
            instances.append(flow.add_repeat(proposal.repeat)[0])
        except AnswerRefused:
            return None
    return NodeKey(proposal.path, instances[proposal.number - 1])
