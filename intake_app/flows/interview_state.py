"""What the vault holds of an interview, and how it differs from a session."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from intake_app.domain.interview import Answer, AnswerState, RemovedRepeat, RepeatInstance
from intake_app.flows.interview_parts import usual_source
from intake_app.xforms import AnswerState as EngineState
from intake_app.xforms import (
    Changes,
    FormSession,
    NodeKey,
    Snapshot,
    StoredAnswer,
    StoredRepeat,
)

if TYPE_CHECKING:
    from intake_app.vault.transaction import Transaction


class StoredState:
    """The rows of one interview as they were last written; changed only by `keep`.

    `removed` are the repeat instances that were taken away, `lost` the answers in them: kept in
    the vault, and standing again as soon as their instance does.
    """

    def __init__(
        self,
        interview_id: UUID,
        author_id: UUID,
        rows: Iterable[Answer] = (),
        repeats: Iterable[RepeatInstance] = (),
        removed: Iterable[RemovedRepeat] = (),
    ) -> None:
        """Begin with what was read; answers in repeat instances that are gone are `lost`."""
        self._interview_id, self._author_id = interview_id, author_id
        self.rows: dict[NodeKey, Answer] = {}
        self.repeats: dict[UUID, RepeatInstance] = {}
        self.removed: dict[UUID, RemovedRepeat] = {one.row.instance: one for one in removed}
        self.lost: dict[NodeKey, Answer] = {}
        self.keep(rows, repeats)

    def copy(self) -> StoredState:
        """Return another state with the same rows."""
        other = StoredState(self._interview_id, self._author_id)
        other.rows, other.repeats = dict(self.rows), dict(self.repeats)
        other.removed, other.lost = dict(self.removed), dict(self.lost)
        return other

    def initial(
        self, session: FormSession, at: datetime
    ) -> tuple[tuple[Answer, ...], tuple[RepeatInstance, ...]]:
        """Return what a fresh session already holds: defaults, calculations, first repeats."""
        snapshot = session.snapshot()
        rows = tuple(
            self._row_now(session, answer.key, None, at)
            for answer in snapshot.answers
            if answer.value or answer.state is not EngineState.NONE
        )
        return rows, tuple(self._repeats_in(snapshot))

    def differing(self, session: FormSession, at: datetime) -> tuple[Answer, ...]:
        """Return the rows that are not as the session has them, those it adds included."""
        found: list[Answer] = []
        seen: set[NodeKey] = set()
        for answer in session.snapshot().answers:
            seen.add(answer.key)
            old = self.rows.get(answer.key)
            if old is None and not answer.value and answer.state is EngineState.NONE:
                continue
            row = self._row_now(session, answer.key, old, at)
            if old is None or (row.value, row.state) != (old.value, old.state):
                found.append(row)
        for key, old in self.rows.items():
            if key not in seen and (old.value or old.state is not AnswerState.NONE):
                found.append(self._row_now(session, key, old, at))
        return tuple(found)

    def changed_rows(
        self,
        session: FormSession,
        changes: Changes,
        key: NodeKey | None,
        edit: Callable[[Answer], Answer],
        at: datetime,
    ) -> tuple[Answer, ...]:
        """Return the rows that differ from what is stored, the edited one included."""
        touched = changes.values | changes.states | ({key} if key is not None else set())
        removed = {instance for _, instance in changes.repeats_removed}
        rows: list[Answer] = []
        for touched_key in sorted(touched):
            if touched_key.repeat in removed:
                continue
            old = self.rows.get(touched_key)
            row = self._row_now(session, touched_key, old, at)
            if touched_key == key:
                row = edit(row)
            if old is None or replace(row, at=old.at, author_id=old.author_id) != old:
                rows.append(row)
        return tuple(rows)

    def changed_repeats(
        self, session: FormSession, changes: Changes, *, moved: bool = False
    ) -> tuple[tuple[RepeatInstance, ...], tuple[RepeatInstance, ...]]:
        """Return the repeat rows to put (new ones and siblings that moved) and those to remove.

        `moved` says that the order may be another without one coming or going.
        """
        if not (moved or changes.repeats_added or changes.repeats_removed):
            return (), ()
        now = {row.instance: row for row in self._repeats_in(session.snapshot())}
        put = tuple(row for row in now.values() if self.repeats.get(row.instance) != row)
        gone = tuple(row for row in self.repeats.values() if row.instance not in now)
        return put, gone

    def keep(
        self,
        rows: Iterable[Answer],
        repeats: Iterable[RepeatInstance],
        gone: Iterable[RepeatInstance] = (),
        at: datetime | None = None,
    ) -> None:
        """Take over what was written; `at` is when `gone` went."""
        for row in gone:
            del self.repeats[row.instance]
            if at is not None:
                self.removed[row.instance] = RemovedRepeat(row, at)
        for row in repeats:
            self.repeats[row.instance] = row
            self.removed.pop(row.instance, None)
        for key in [key for key in self.lost if key.repeat in self.repeats]:
            self.rows[key] = self.lost.pop(key)
        self.rows.update((NodeKey(row.path, row.repeat), row) for row in rows)
        orphans = [
            key for key in self.rows if key.repeat is not None and key.repeat not in self.repeats
        ]
        for key in orphans:
            self.lost[key] = self.rows.pop(key)

    def snapshot(self, form_id: str) -> Snapshot | None:
        """Return what a session must be restored from; None when nothing is stored yet."""
        if not self.rows and not self.repeats:
            return None
        outer_first = sorted(
            self.repeats.values(), key=lambda row: (row.path.count("/"), row.position)
        )
        return Snapshot(
            form_id=form_id,
            structure_hash="",
            answers=tuple(
                StoredAnswer(key, row.value, EngineState(row.state.value))
                for key, row in self.rows.items()
                if row.state is not AnswerState.NONE
            ),
            repeats=tuple(
                StoredRepeat(row.path, row.instance, row.parent, row.position)
                for row in outer_first
            ),
        )

    def _row_now(
        self, session: FormSession, key: NodeKey, old: Answer | None, at: datetime
    ) -> Answer:
        value = session.value(key)
        state = AnswerState(session.state(key).value)
        if value and state is AnswerState.NONE:
            state = AnswerState.ANSWERED
        if old is not None:
            return replace(old, value=value, state=state, author_id=self._author_id, at=at)
        return Answer(
            interview_id=self._interview_id,
            path=key.path,
            repeat=key.repeat,
            value=value,
            state=state,
            author_id=self._author_id,
            at=at,
            source=usual_source(session.form.questions[key.path]),
        )

    def _repeats_in(self, snapshot: Snapshot) -> Iterable[RepeatInstance]:
        for row in snapshot.repeats:
            yield RepeatInstance(self._interview_id, row.path, row.id, row.parent, row.position)


def write(
    tx: Transaction,
    rows: Iterable[Answer],
    repeats: Iterable[RepeatInstance],
    gone: Iterable[RepeatInstance] = (),
) -> None:
    """Write rows as `StoredState` tells them apart; what is removed goes first."""
    for repeat in gone:
        tx.repeats.remove(repeat.interview_id, repeat.instance)
    for repeat in repeats:
        tx.repeats.put(repeat)
    for row in rows:
        tx.answers.put(row)
