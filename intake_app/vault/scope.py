"""What the stores of one reader or one transaction share: connection, actor, time, changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    RowMapping,
    Table,
    literal_column,
    or_,
)
from sqlalchemy.dialects.sqlite import Insert, insert

from intake_app.vault.errors import ReadOnlyError
from intake_app.vault.rows import stamp

Part = TypeVar("Part")

_AT_ONCE: Final = 500
"""How many persons are read with one statement; every size has a statement of its own."""
_AUTHORSHIP: Final = frozenset({"changed_at", "changed_by"})


@dataclass(frozen=True, slots=True)
class Writing:
    """Who writes, at which one moment the whole transaction bears."""

    actor_id: UUID
    at: datetime
    roles: tuple[str, ...] = ()
    """The roles of whoever writes, for the audit entry."""

    @property
    def marks(self) -> dict[str, str]:
        """The columns `changed_at` and `changed_by` of every row of this transaction."""
        return {"changed_at": stamp(self.at), "changed_by": str(self.actor_id)}


@dataclass(frozen=True, slots=True)
class Change:
    """One row that was written, for the audit entry and the events."""

    kind: str
    id: UUID | None
    person_id: UUID | None


@dataclass(slots=True)
class Scope:
    """One connection with what happened on it; `writing` is None for a reader."""

    connection: Connection
    writing: Writing | None
    changes: dict[Change, int] = field(default_factory=dict)
    """What was written, in order, and how often."""
    persons_seen: set[UUID] = field(default_factory=set)
    persons_listed: int = 0
    objects_seen: set[tuple[str, UUID | None]] = field(default_factory=set)
    """What holds personal data but belongs to no person of this vault: a dossier that came."""

    whose: dict[UUID, UUID] = field(default_factory=dict)
    """Whose the interviews are that this transaction has met: that never changes."""

    @property
    def looked(self) -> bool:
        """True when something was read that the audit log has to tell of."""
        return bool(self.persons_seen or self.persons_listed or self.objects_seen)

    def writer(self) -> Writing:
        """Return who writes. Raises ReadOnlyError outside a transaction."""
        if self.writing is None:
            raise ReadOnlyError
        return self.writing


class Store:
    """Base of the typed stores: a few ways to run a statement."""

    __slots__ = ("_scope",)

    def __init__(self, scope: Scope) -> None:
        """Work on the connection of `scope`, and tell it what was written and seen."""
        self._scope = scope

    def _one(
        self, statement: Executable, values: Mapping[str, object] | None = None
    ) -> RowMapping | None:
        return self._scope.connection.execute(statement, values).mappings().one_or_none()

    def _all(
        self, statement: Executable, values: Mapping[str, object] | None = None
    ) -> Sequence[RowMapping]:
        return self._scope.connection.execute(statement, values).mappings().all()

    def _first(
        self, count: int, statement: Executable, values: Mapping[str, object]
    ) -> Sequence[RowMapping]:
        """Return the first rows; a statement with a LIMIT that differs would be planned anew."""
        with self._scope.connection.execute(statement, values) as result:
            return result.mappings().fetchmany(count)

    def _run(self, statement: Executable, values: Any = None) -> None:
        self._scope.connection.execute(statement, values)

    def _by_person(
        self,
        statement: Executable,
        persons: Iterable[UUID],
        made: Callable[[RowMapping], Part],
    ) -> dict[UUID, tuple[Part, ...]]:
        """Run a statement with `person_ids`; return what each person has, in its order."""
        keys = [str(person_id) for person_id in persons]
        found: dict[UUID, list[Part]] = {UUID(key): [] for key in keys}
        for start in range(0, len(keys), _AT_ONCE):
            for row in self._all(statement, {"person_ids": keys[start : start + _AT_ONCE]}):
                found[UUID(row["person_id"])].append(made(row))
        return {person_id: tuple(parts) for person_id, parts in found.items()}

    def _saw(self, person_id: UUID) -> None:
        self._scope.persons_seen.add(person_id)

    def _saw_object(self, kind: str, subject: UUID | None) -> None:
        self._scope.objects_seen.add((kind, subject))

    def _changed(self, kind: str, subject: UUID | None, person_id: UUID | None) -> None:
        change = Change(kind, subject, person_id)
        self._scope.changes[change] = self._scope.changes.get(change, 0) + 1


def at_most(count: int) -> ColumnElement[int]:
    """Return a number for a LIMIT that stands in the statement itself.

    SQLite plans anew whenever a bound one is given; where memory is locked and wiped that takes
    ten times as long as finding the row.
    """
    return literal_column(str(int(count)))


def upsert(table: Table) -> Insert:
    """Return INSERT … ON CONFLICT DO UPDATE on the primary key of `table`.

    A row that would stay the same, but for who wrote it when, is left alone: no history row.
    """
    statement = insert(table)
    keys = [column.name for column in table.primary_key.columns]
    others = [column.name for column in table.columns if column.name not in keys]
    new = statement.excluded
    differs = [table.c[n].is_distinct_from(new[n]) for n in others if n not in _AUTHORSHIP]
    return statement.on_conflict_do_update(
        index_elements=keys, set_={name: new[name] for name in others}, where=or_(*differs)
    )
