"""Interviews with their answers, repeat instances and the form versions they are pinned to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final, Protocol
from uuid import UUID

from sqlalchemy import RowMapping, Select, bindparam, delete, exists, select, update
from sqlalchemy.dialects.sqlite import insert

from intake_app.domain.interview import (
    Answer,
    AnswerSource,
    AnswerState,
    AsideAnswer,
    FormVersion,
    Interpretation,
    InterpreterMode,
    Interview,
    InterviewState,
    LanguageUse,
    RemovedRepeat,
    RepeatInstance,
)
from intake_app.vault.rows import (
    key,
    moment,
    moment_or_none,
    pack,
    stamp,
    stamp_or_none,
    unpack,
    uuid_or_none,
)
from intake_app.vault.schema import (
    answer,
    answer_aside,
    answer_history,
    form_version,
    interview,
    repeat_instance,
)
from intake_app.vault.scope import Store, upsert

_SAVE_INTERVIEW: Final = upsert(interview)
_STAND: Final = (
    update(interview)
    .where(interview.c.interview_id == bindparam("of_interview"))
    .values(position_path=bindparam("path"), position_repeat=bindparam("repeat"))
)
_INTERVIEW: Final = select(interview).where(interview.c.interview_id == bindparam("interview_id"))
_INTERVIEWS: Final = (
    select(interview)
    .where(interview.c.person_id == bindparam("person_id"))
    .order_by(interview.c.started_at, interview.c.interview_id)
)
_INTERVIEWS_OF_MANY: Final = (
    select(interview)
    .where(interview.c.person_id.in_(bindparam("person_ids", expanding=True)))
    .order_by(interview.c.started_at, interview.c.interview_id)
)
_OPEN: Final = (
    select(interview)
    .where(interview.c.state == InterviewState.OPEN.value)
    .order_by(interview.c.started_at, interview.c.interview_id)
)
_WHOSE: Final = select(interview.c.person_id).where(
    interview.c.interview_id == bindparam("interview_id")
)

_PUT_ANSWER: Final = upsert(answer)
_REMOVED: Final = exists().where(
    repeat_instance.c.interview_id == answer.c.interview_id,
    repeat_instance.c.instance == answer.c.repeat,
    repeat_instance.c.removed_at.is_not(None),
)
_ANSWERS: Final = (
    select(answer)
    .where(answer.c.interview_id == bindparam("interview_id"), ~_REMOVED)
    .order_by(answer.c.path, answer.c.repeat)
)
_LOST: Final = (
    select(answer)
    .where(answer.c.interview_id == bindparam("interview_id"), _REMOVED)
    .order_by(answer.c.path, answer.c.repeat)
)
_ANSWER_HISTORY: Final = (
    select(answer_history)
    .where(
        answer_history.c.interview_id == bindparam("interview_id"),
        answer_history.c.path == bindparam("path"),
        answer_history.c.repeat == bindparam("repeat"),
    )
    .order_by(answer_history.c.history_id)
)

_PLACE: Final = (
    answer.c.interview_id == bindparam("of_interview"),
    answer.c.path == bindparam("of_path"),
    answer.c.repeat == bindparam("of_repeat"),
)
_MARK_TAKEN: Final = (
    update(answer).where(*_PLACE).values(changed_at=bindparam("now"), changed_by=bindparam("actor"))
)
_TAKE_AWAY: Final = delete(answer).where(*_PLACE)
_PUT_ASIDE: Final = insert(answer_aside)
_ASIDE: Final = (
    select(answer_aside)
    .where(answer_aside.c.interview_id == bindparam("interview_id"))
    .order_by(answer_aside.c.moved_at, answer_aside.c.path, answer_aside.c.repeat)
)

_PUT_REPEAT: Final = upsert(repeat_instance)
_REPEATS: Final = (
    select(repeat_instance)
    .where(
        repeat_instance.c.interview_id == bindparam("interview_id"),
        repeat_instance.c.removed_at.is_(None),
    )
    .order_by(
        repeat_instance.c.path,
        repeat_instance.c.parent,
        repeat_instance.c.position,
        repeat_instance.c.instance,
    )
)
_REMOVED_REPEATS: Final = (
    select(repeat_instance)
    .where(
        repeat_instance.c.interview_id == bindparam("interview_id"),
        repeat_instance.c.removed_at.is_not(None),
    )
    .order_by(repeat_instance.c.removed_at, repeat_instance.c.path, repeat_instance.c.position)
)


def _removal() -> Select[tuple[str]]:
    top = (
        select(repeat_instance.c.instance)
        .where(
            repeat_instance.c.interview_id == bindparam("of_interview"),
            repeat_instance.c.instance == bindparam("removed"),
        )
        .cte("fallen", recursive=True)
    )
    child = select(repeat_instance.c.instance).where(
        repeat_instance.c.interview_id == bindparam("of_interview"),
        repeat_instance.c.parent == top.c.instance,
    )
    return select(top.union(child).c.instance)


_REMOVE_REPEAT: Final = (
    update(repeat_instance)
    .where(
        repeat_instance.c.interview_id == bindparam("of_interview"),
        repeat_instance.c.instance.in_(_removal()),
        repeat_instance.c.removed_at.is_(None),
    )
    .values(removed_at=bindparam("now"), changed_at=bindparam("now"), changed_by=bindparam("actor"))
)

_PUT_FORM: Final = insert(form_version).on_conflict_do_nothing()
_FORM: Final = select(form_version).where(form_version.c.sha256 == bindparam("sha256"))


class AnswerKey(Protocol):
    """Names one question in an interview, as the form engine does."""

    @property
    def path(self) -> str:
        """Absolute path without positions."""

    @property
    def repeat(self) -> UUID | None:
        """The innermost repeat instance, None outside repeats."""


class Interviews(Store):
    """Fillings of forms."""

    __slots__ = ()

    def get(self, interview_id: UUID) -> Interview | None:
        """Return the interview, or None."""
        row = self._one(_INTERVIEW, {"interview_id": str(interview_id)})
        if row is None:
            return None
        found = _interview(row)
        self._saw(found.person_id)
        return found

    def of_person(self, person_id: UUID) -> tuple[Interview, ...]:
        """Return the interviews of the person, oldest first."""
        self._saw(person_id)
        return tuple(_interview(r) for r in self._all(_INTERVIEWS, {"person_id": str(person_id)}))

    def open_ones(self) -> tuple[Interview, ...]:
        """Return every interview that is not vastgesteld, oldest first."""
        found = tuple(_interview(row) for row in self._all(_OPEN))
        for one in found:
            self._saw(one.person_id)
        return found

    def of_persons(self, persons: Iterable[UUID]) -> dict[UUID, tuple[Interview, ...]]:
        """Return for each of these persons what `of_person` returns, read together."""
        return self._by_person(_INTERVIEWS_OF_MANY, persons, _interview)

    def save(self, saved: Interview) -> None:
        """Insert or replace the interview; its form version must be in the vault at commit.

        Raises ReadOnlyError outside a transaction.
        """
        self._scope.writer()
        told = saved.interpretation
        parts: tuple[object, ...]
        parts = (told.mode.value, told.interpreter, told.language, told.told_back, told.weak)
        if told.languages:
            parts += (tuple((use.language, stamp(use.since)) for use in told.languages),)
        row = {
            "interview_id": str(saved.interview_id),
            "person_id": str(saved.person_id),
            "form_id": saved.form_id,
            "form_sha256": saved.form_sha256,
            "language": saved.language,
            "state": saved.state.value,
            "started_at": stamp(saved.started_at),
            "interpretation": pack(parts),
            "position_path": saved.position_path,
            "position_repeat": key(saved.position_repeat),
            "finished_at": stamp_or_none(saved.finished_at),
        }
        self._run(_SAVE_INTERVIEW, row)
        self._scope.whose[saved.interview_id] = saved.person_id
        self._changed("interview", saved.interview_id, saved.person_id)

    def stand(self, at: Interview) -> None:
        """Store at which question the interview is, and nothing else of it.

        With every answer: half of what `save` takes. Raises ReadOnlyError outside a transaction.
        """
        self._scope.writer()
        place = {"path": at.position_path, "repeat": key(at.position_repeat)}
        self._run(_STAND, {**place, "of_interview": str(at.interview_id)})
        self._scope.whose[at.interview_id] = at.person_id
        self._changed("interview", at.interview_id, at.person_id)


class _OfInterview(Store):
    """What hangs under an interview and is told of under its person."""

    __slots__ = ()

    def _whose(self, interview_id: UUID) -> UUID | None:
        known = self._scope.whose.get(interview_id)
        if known is None:
            row = self._one(_WHOSE, {"interview_id": str(interview_id)})
            if row is None:
                return None
            known = self._scope.whose[interview_id] = UUID(row["person_id"])
        return known

    def _saw_interview(self, interview_id: UUID) -> None:
        person_id = self._whose(interview_id)
        if person_id is not None:
            self._saw(person_id)


class Answers(_OfInterview):
    """One row per question and repeat instance; what is overwritten is kept."""

    __slots__ = ()

    def of_interview(self, interview_id: UUID) -> tuple[Answer, ...]:
        """Return the answers that stand, by path; not those in removed repeat instances."""
        self._saw_interview(interview_id)
        return tuple(_answer(r) for r in self._all(_ANSWERS, {"interview_id": str(interview_id)}))

    def in_removed(self, interview_id: UUID) -> tuple[Answer, ...]:
        """Return the answers in removed repeat instances, by path: kept, and in no list."""
        self._saw_interview(interview_id)
        return tuple(_answer(r) for r in self._all(_LOST, {"interview_id": str(interview_id)}))

    def history(self, interview_id: UUID, question: AnswerKey) -> tuple[Answer, ...]:
        """Return the overwritten answers to one question, oldest first."""
        self._saw_interview(interview_id)
        place = {
            "interview_id": str(interview_id),
            "path": question.path,
            "repeat": key(question.repeat) or "",
        }
        return tuple(_answer(row) for row in self._all(_ANSWER_HISTORY, place))

    def put(self, put: Answer) -> None:
        """Insert or replace the answer of its key (interview, path, repeat).

        Raises ReadOnlyError outside a transaction, ValueError for a value beside a state other
        than ANSWERED: a state is never hidden in a value.
        """
        writing = self._scope.writer()
        if put.value and put.state is not AnswerState.ANSWERED:
            raise ValueError("a value needs the state ANSWERED")
        row = {
            "interview_id": str(put.interview_id),
            "path": put.path,
            "repeat": key(put.repeat) or "",
            "value": put.value,
            "state": put.state.value,
            "author_id": str(put.author_id),
            "at": stamp(put.at),
            "source": put.source.value,
            "note": put.note,
            "note_in_handover": int(put.note_in_handover),
            "later": int(put.later),
        }
        self._run(_PUT_ANSWER, {**row, **writing.marks})
        self._changed("answer", put.interview_id, self._whose(put.interview_id))

    def take_away(self, interview_id: UUID, question: AnswerKey) -> None:
        """Take an answer off its place; it stays in the history of that place.

        For moving to another form version only. Raises ReadOnlyError outside a transaction.
        """
        writing = self._scope.writer()
        place = {
            "of_interview": str(interview_id),
            "of_path": question.path,
            "of_repeat": key(question.repeat) or "",
        }
        # The trigger that keeps history looks at updates.
        self._run(_MARK_TAKEN, {**place, "now": stamp(writing.at), "actor": str(writing.actor_id)})
        self._run(_TAKE_AWAY, place)
        self._changed("answer", interview_id, self._whose(interview_id))


class Aside(_OfInterview):
    """Answers without a place in the form version their interview is on now: kept, in no form."""

    __slots__ = ()

    def of_interview(self, interview_id: UUID) -> tuple[AsideAnswer, ...]:
        """Return what was put aside, oldest move first, by path."""
        self._saw_interview(interview_id)
        return tuple(_aside(row) for row in self._all(_ASIDE, {"interview_id": str(interview_id)}))

    def add(self, put: AsideAnswer) -> None:
        """Add one answer. Raises ReadOnlyError outside a transaction."""
        self._scope.writer()
        row = put.answer
        self._run(
            _PUT_ASIDE,
            {
                "aside_id": str(put.aside_id),
                "interview_id": str(row.interview_id),
                "form_sha256": put.form_sha256,
                "path": row.path,
                "repeat": key(row.repeat) or "",
                "value": row.value,
                "state": row.state.value,
                "author_id": str(row.author_id),
                "at": stamp(row.at),
                "source": row.source.value,
                "note": row.note,
                "note_in_handover": int(row.note_in_handover),
                "later": int(row.later),
                "question": put.question,
                "shown": put.shown,
                "reason": put.reason,
                "moved_at": stamp(put.moved_at),
                "moved_by": str(put.moved_by),
            },
        )
        self._changed("aside", row.interview_id, self._whose(row.interview_id))


class Repeats(_OfInterview):
    """Instances of repeats. A removed one and its answers stay in the record, unseen."""

    __slots__ = ()

    def of_interview(self, interview_id: UUID) -> tuple[RepeatInstance, ...]:
        """Return the instances that were not removed, by path, parent and position."""
        self._saw_interview(interview_id)
        rows = self._all(_REPEATS, {"interview_id": str(interview_id)})
        return tuple(_repeat(row) for row in rows)

    def removed(self, interview_id: UUID) -> tuple[RemovedRepeat, ...]:
        """Return the instances that were removed and do not stand again, oldest removal first."""
        self._saw_interview(interview_id)
        rows = self._all(_REMOVED_REPEATS, {"interview_id": str(interview_id)})
        return tuple(RemovedRepeat(_repeat(row), moment(row["removed_at"])) for row in rows)

    def put(self, put: RepeatInstance) -> None:
        """Insert or replace the instance; one that was removed stands again.

        Raises ReadOnlyError outside a transaction.
        """
        writing = self._scope.writer()
        row = {
            "interview_id": str(put.interview_id),
            "instance": str(put.instance),
            "path": put.path,
            "parent": key(put.parent),
            "position": put.position,
            "removed_at": None,
        }
        self._run(_PUT_REPEAT, {**row, **writing.marks})
        self._changed("repeat", put.interview_id, self._whose(put.interview_id))

    def remove(self, interview_id: UUID, instance: UUID) -> None:
        """Take the instance and the instances inside it out of sight; nothing is deleted.

        Raises ReadOnlyError outside a transaction.
        """
        writing = self._scope.writer()
        values = {
            "of_interview": str(interview_id),
            "removed": str(instance),
            "now": stamp(writing.at),
            "actor": str(writing.actor_id),
        }
        self._run(_REMOVE_REPEAT, values)
        self._changed("repeat", interview_id, self._whose(interview_id))


class Forms(Store):
    """Compiled forms, for ever as they were."""

    __slots__ = ()

    def get(self, sha256: str) -> FormVersion | None:
        """Return the form version with this SHA-256 (hex, of its XML), or None."""
        row = self._one(_FORM, {"sha256": sha256})
        return None if row is None else FormVersion(**row)

    def put_version(self, put: FormVersion) -> None:
        """Add the form version; nothing happens when it is there already.

        Raises ReadOnlyError outside a transaction, ValueError if `sha256` is not that of `xml`.
        """
        self._scope.writer()
        if hashlib.sha256(put.xml).hexdigest() != put.sha256:
            raise ValueError("the hash is not that of the form")
        row = {
            "sha256": put.sha256,
            "form_id": put.form_id,
            "version": put.version,
            "structure_hash": put.structure_hash,
            "xml": put.xml,
        }
        self._run(_PUT_FORM, row)
        self._changed("form", None, None)


def _interview(row: RowMapping) -> Interview:
    mode, interpreter, language, told_back, weak, *later = unpack(row["interpretation"])
    return Interview(
        interview_id=UUID(row["interview_id"]),
        person_id=UUID(row["person_id"]),
        form_id=row["form_id"],
        form_sha256=row["form_sha256"],
        language=row["language"],
        state=InterviewState(row["state"]),
        started_at=moment(row["started_at"]),
        interpretation=Interpretation(
            InterpreterMode(mode),
            interpreter,
            language,
            tuple(told_back),
            tuple(weak),
            tuple(LanguageUse(code, moment(since)) for code, since in (later[0] if later else ())),
        ),
        position_path=row["position_path"],
        position_repeat=uuid_or_none(row["position_repeat"]),
        finished_at=moment_or_none(row["finished_at"]),
    )


def _answer(row: RowMapping) -> Answer:
    return Answer(
        interview_id=UUID(row["interview_id"]),
        path=row["path"],
        repeat=uuid_or_none(row["repeat"]),
        value=row["value"],
        state=AnswerState(row["state"]),
        author_id=UUID(row["author_id"]),
        at=moment(row["at"]),
        source=AnswerSource(row["source"]),
        note=row["note"],
        note_in_handover=bool(row["note_in_handover"]),
        later=bool(row["later"]),
    )


def _aside(row: RowMapping) -> AsideAnswer:
    return AsideAnswer(
        aside_id=UUID(row["aside_id"]),
        form_sha256=row["form_sha256"],
        answer=_answer(row),
        question=row["question"],
        shown=row["shown"],
        reason=row["reason"],
        moved_at=moment(row["moved_at"]),
        moved_by=UUID(row["moved_by"]),
    )


def _repeat(row: RowMapping) -> RepeatInstance:
    return RepeatInstance(
        interview_id=UUID(row["interview_id"]),
        path=row["path"],
        instance=UUID(row["instance"]),
        parent=uuid_or_none(row["parent"]),
        position=row["position"],
    )
