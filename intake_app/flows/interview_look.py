"""Looking at the record of an open interview: what an answer was before, and what fell away.

All texts are those of the form, in the language that is asked for; nothing is changed here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from intake_app.domain.interview import Answer, AnswerSource, AnswerState
from intake_app.flows.interview_undo import Fell, How, Step, asked
from intake_app.flows.undo import is_one_go
from intake_app.i18n.languages import SOURCE_LANGUAGE
from intake_app.xforms import AnswerRefused, FormSession, NodeKey, QuestionKind, ShownText
from intake_app.xforms.graph import VertexKind

if TYPE_CHECKING:
    from intake_app.flows.interview import InterviewFlow
    from intake_app.vault import Vault


@dataclass(frozen=True, slots=True)
class Past:
    """An answer as it stood from `at` on: the value in words, or why there was none.

    `texts` are the words of the choices, or the text itself where there are none; empty without an
    answer. `by` is the name of who wrote it down, '' for somebody who is not known here.
    """

    texts: tuple[ShownText, ...]
    state: AnswerState
    source: AnswerSource
    note: str
    by: str
    at: datetime
    now: bool = False
    """True for the answer that stands."""


@dataclass(frozen=True, slots=True)
class FallenAnswer:
    """An answer that is kept and does not count, with the way to have it count again.

    `part` says which instance of a repeat it is in ('Baan 2'). `back` is the question that decides
    about it, `instance` the part that can be put back.
    """

    key: NodeKey
    how: How
    question: ShownText
    part: str
    texts: tuple[ShownText, ...]
    state: AnswerState
    back: NodeKey | None = None
    instance: UUID | None = None


def history(
    vault: Vault, flow: InterviewFlow, key: NodeKey, language: str = SOURCE_LANGUAGE
) -> tuple[Past, ...]:
    """Return what stands and what stood before, newest first; who looks is in the log.

    A text that was stored several times while it was typed counts as one. Changes that only put a
    question off are left out.
    """
    now = flow.row(key)
    with vault.read("eerdere antwoorden bekijken") as records:
        rows = [*records.answers.history(flow.interview.interview_id, key)]
        rows += [] if now is None else [now]
        names = records.attachments.names_of({row.author_id for row in rows})
    typed = flow.form.questions[key.path].kind is QuestionKind.TEXT
    kept: list[Answer] = []
    for row in rows:
        nothing_yet = not kept and row.state is AnswerState.NONE and not row.note
        if nothing_yet or (kept and _same(kept[-1], row)):
            continue
        if kept and typed and kept[-1].value != row.value and is_one_go(kept[-1], row):
            kept.pop()
        kept.append(row)
    return tuple(
        Past(
            texts=in_words(flow.session, key, row.value, language),
            state=row.state,
            source=row.source,
            note=row.note,
            by=names.get(row.author_id, ""),
            at=row.at,
            now=number == 0,
        )
        for number, row in enumerate(reversed(kept))
    )


def fallen(
    flow: InterviewFlow, steps: Iterable[Step] = (), language: str = SOURCE_LANGUAGE
) -> tuple[FallenAnswer, ...]:
    """Return the answers that fell away by these steps and do not count now, in their order."""
    found: dict[NodeKey, FallenAnswer] = {}
    for step in steps:
        still = flow.still_fallen(step)
        if still:
            session = flow.as_before(step)
            for fell in still:
                found[fell.key] = _told(flow, session, fell, language)
    return tuple(found.values())


def all_fallen(
    flow: InterviewFlow, steps: Iterable[Step] = (), language: str = SOURCE_LANGUAGE
) -> tuple[FallenAnswer, ...]:
    """Return every answer that is kept and does not count: hidden, in a part taken away, emptied.

    What a choice emptied is known only for `steps`, those of this talk.
    """
    found = [
        _told(flow, flow.session, Fell(key, How.HIDDEN), language) for key in flow.hidden_answers
    ]
    if flow.removed:
        whole = flow.with_removed()
        instances = {one.row.instance for one in flow.removed}
        for stored in whole.snapshot().answers:
            held = stored.value or stored.state.value
            if held and stored.key.repeat in instances and asked(flow.form, stored.key):
                found.append(_told(flow, whole, Fell(stored.key, How.REMOVED), language))
    found += [one for one in fallen(flow, steps, language) if one.how is How.CLEARED]
    return tuple(found)


def in_words(
    session: FormSession, key: NodeKey, value: str, language: str = SOURCE_LANGUAGE
) -> tuple[ShownText, ...]:
    """Return a value as a person reads it: the words of the choices, else the text itself."""
    from intake_app.flows.answer_files import in_words as file_in_words
    from intake_app.flows.answer_files import is_signed

    if not value:
        return ()
    try:
        view = session.view(key, language)
    except AnswerRefused:
        return (ShownText(value, ""),)
    if view.definition.kind is QuestionKind.UPLOAD:
        return (ShownText(file_in_words(value, signed=is_signed(view.definition)), "nl"),)
    words = {choice.value: choice.label for choice in view.choices}
    if not words:
        return (ShownText(value, ""),)
    chosen = [value] if value in words else value.split()
    return tuple(words.get(word, ShownText(word, "")) for word in chosen)


def gate_of(session: FormSession, key: NodeKey) -> NodeKey | None:
    """Return the question whose answer decides that this one is not relevant; None for none."""
    node = session.form.model.nodes.get(key.path)
    instances = {one.id: one for one in session.snapshot().repeats}
    around: list[UUID | None] = [None]
    here = key.repeat
    while here is not None and here in instances:
        around.append(here)
        here = instances[here].parent
    while node is not None:
        for vertex in node.vertices:
            if vertex.kind is not VertexKind.RELEVANT:
                continue
            for dependency in vertex.dependencies:
                path = str(getattr(dependency.target, "path", ""))
                for repeat in around:
                    found = NodeKey(path, repeat)
                    if _is_shown(session, found):
                        return found
        node = node.parent
    return None


def _is_shown(session: FormSession, key: NodeKey) -> bool:
    if not asked(session.form, key):
        return False
    try:
        return session.view(key).relevant
    except AnswerRefused:
        return False


def _told(flow: InterviewFlow, session: FormSession, fell: Fell, language: str) -> FallenAnswer:
    key = fell.key
    view = session.view(key, language)
    instance = key.repeat if fell.how is How.REMOVED else None
    if instance is not None:
        instance = _outermost(flow, instance)
    back = gate_of(flow.session, key) if fell.how is How.HIDDEN else None
    if fell.how is How.CLEARED:
        back = key
    return FallenAnswer(
        key=key,
        how=fell.how,
        question=view.label,
        part=_part(session, key, language),
        texts=in_words(session, key, view.value, language),
        state=AnswerState(view.state.value),
        back=back,
        instance=instance,
    )


def _outermost(flow: InterviewFlow, instance: UUID) -> UUID:
    """Return the part that has to come back for this one to stand."""
    removed = {one.row.instance: one.row for one in flow.removed}
    while (parent := removed[instance].parent) is not None and parent in removed:
        instance = parent
    return instance


def _part(session: FormSession, key: NodeKey, language: str) -> str:
    if key.repeat is None:
        return ""
    for one in session.snapshot().repeats:
        if one.id == key.repeat:
            title = session.title(one.path, language, one.id).text
            return f"{title or one.path.rpartition('/')[2]} {one.position + 1}"
    return ""


def _same(one: Answer, other: Answer) -> bool:
    return (one.value, one.state, one.source, one.note) == (
        other.value,
        other.state,
        other.source,
        other.note,
    )
