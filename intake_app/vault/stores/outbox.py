"""What has to reach another organisation. A second item under the same name is never there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Executable, RowMapping, bindparam, insert, select, update

from intake_app.domain.transport import OPEN, Attempt, OutboxItem, OutboxKind, OutboxState
from intake_app.vault.rows import moment, moment_or_none, pack, stamp, stamp_or_none, unpack
from intake_app.vault.schema import outbox
from intake_app.vault.scope import Store, at_most, upsert

KEPT: Final = 50
"""How many attempts of an item are kept: the first few and the newest."""
_FIRST: Final = 5
_ADD: Final = insert(outbox)
_SAVE: Final = upsert(outbox)
_ALL: Final = select(outbox).order_by(outbox.c.added_at, outbox.c.item_id)
_ONE: Final = select(outbox).where(outbox.c.item_id == bindparam("item_id"))
_BY_NAME: Final = select(outbox).where(outbox.c.name == bindparam("name"))
_OF: Final = _ALL.where(outbox.c.subject_id == bindparam("subject_id"))
_OPEN: Final = _ALL.where(outbox.c.state.in_([state.value for state in OPEN]))
_STOPPED: Final = _ALL.where(
    outbox.c.state == OutboxState.GESTOPT.value,
    outbox.c.kind == OutboxKind.ZENDING.value,
    outbox.c.committing == 1,
)
_TECHNICAL: Final = (
    "done", "committing", "tries", "tried_at", "next_try", "reason", "history", "seen",
)  # fmt: skip
_NOTE: Final = (
    update(outbox)
    .where(outbox.c.item_id == bindparam("key"))
    .values({name: bindparam(f"new_{name}") for name in _TECHNICAL})
)


class Outbox(Store):
    """What waits to be carried to another organisation, and what was."""

    __slots__ = ()

    def get(self, item_id: UUID) -> OutboxItem | None:
        """Return the item, or None."""
        row = self._one(_ONE, {"item_id": str(item_id)})
        return None if row is None else _item(row)

    def named(self, name: str) -> OutboxItem | None:
        """Return the item with this name on the relay, or None."""
        row = self._one(_BY_NAME, {"name": name})
        return None if row is None else _item(row)

    def of_subject(self, handover_id: UUID) -> tuple[OutboxItem, ...]:
        """Return what was or is to be sent about a handover, oldest first."""
        return self._listed(_OF, {"subject_id": str(handover_id)})

    def open(self) -> tuple[OutboxItem, ...]:
        """Return what there is still something to do for, oldest first."""
        return self._listed(_OPEN)

    def stopped(self) -> tuple[OutboxItem, ...]:
        """Return the zendingen that were ended here and may be out all the same, oldest first."""
        return self._listed(_STOPPED)

    def all(self) -> tuple[OutboxItem, ...]:
        """Return everything, oldest first."""
        return self._listed(_ALL)

    def newest(self, kinds: Iterable[OutboxKind], limit: int) -> tuple[OutboxItem, ...]:
        """Return the newest items of these kinds, the newest first."""
        of_kind = select(outbox).where(outbox.c.kind.in_([kind.value for kind in kinds]))
        newest = of_kind.order_by(outbox.c.added_at.desc(), outbox.c.item_id)
        return self._listed(newest.limit(at_most(limit)))

    def add(self, added: OutboxItem) -> None:
        """Add the item. Raises ReadOnlyError outside a transaction; a second one with the same
        identifier or name breaks the transaction with RecordRefused."""
        self._scope.writer()
        self._run(_ADD, _row(added))
        self._changed(*_told(added), None)

    def save(self, saved: OutboxItem) -> None:
        """Replace the item. Raises ReadOnlyError outside a transaction."""
        self._scope.writer()
        self._run(_SAVE, _row(saved))
        self._changed(*_told(saved), None)

    def note(self, noted: OutboxItem) -> None:
        """Keep how far an item came and what was tried, and nothing else of it.

        The log does not hear of it: nothing about a person changes, and there is no end to it.
        Raises ReadOnlyError outside a transaction.
        """
        self._scope.writer()
        row = _row(noted)
        values = {f"new_{name}": row[name] for name in _TECHNICAL}
        self._run(_NOTE, {"key": str(noted.item_id), **values})

    def _listed(
        self, query: Executable, values: Mapping[str, object] | None = None
    ) -> tuple[OutboxItem, ...]:
        return tuple(_item(row) for row in self._all(query, values))


def with_attempt(history: tuple[Attempt, ...], at: datetime, what: str) -> tuple[Attempt, ...]:
    """Return a history with one more, at most `KEPT` long: the middle goes first."""
    longer = (*history, Attempt(at, what))
    if len(longer) <= KEPT:
        return longer
    return (*longer[:_FIRST], *longer[_FIRST - KEPT :])


def _told(item: OutboxItem) -> tuple[str, UUID]:
    """Return as what the log hears of it: answering a zending discloses nobody's data."""
    if item.kind is OutboxKind.BEWIJS:
        return "arrival", item.subject_id
    return "outbox", item.item_id


def _row(item: OutboxItem) -> dict[str, object]:
    return {
        "item_id": str(item.item_id),
        "kind": item.kind.value,
        "subject_id": str(item.subject_id),
        "recipient_id": str(item.recipient_id),
        "added_at": stamp(item.added_at),
        "zid": item.zid,
        "name": item.name,
        "notice": item.notice,
        "box": item.box,
        "reply_box": item.reply_box,
        "state": item.state.value,
        "file_name": item.file_name,
        "file_size": item.file_size,
        "file_sha256": item.file_sha256,
        "parts": pack(item.parts),
        "done": item.done,
        "committing": int(item.committing),
        "offers": item.offers,
        "tries": item.tries,
        "tried_at": stamp_or_none(item.tried_at),
        "next_try": stamp_or_none(item.next_try),
        "reason": item.reason,
        "history": pack([stamp(each.at), each.what] for each in item.history),
        "offered_at": stamp_or_none(item.offered_at),
        "valid_until": stamp_or_none(item.valid_until),
        "seen": item.seen,
        "receipt": item.receipt,
    }


def _item(row: RowMapping) -> OutboxItem:
    return OutboxItem(
        item_id=UUID(row["item_id"]),
        kind=OutboxKind(row["kind"]),
        subject_id=UUID(row["subject_id"]),
        recipient_id=UUID(row["recipient_id"]),
        added_at=moment(row["added_at"]),
        zid=row["zid"],
        name=row["name"],
        notice=row["notice"],
        box=row["box"],
        reply_box=row["reply_box"],
        state=OutboxState(row["state"]),
        file_name=row["file_name"],
        file_size=row["file_size"],
        file_sha256=row["file_sha256"],
        parts=tuple(unpack(row["parts"])),
        done=row["done"],
        committing=bool(row["committing"]),
        offers=row["offers"],
        tries=row["tries"],
        tried_at=moment_or_none(row["tried_at"]),
        next_try=moment_or_none(row["next_try"]),
        reason=row["reason"],
        history=tuple(Attempt(moment(at), what) for at, what in unpack(row["history"])),
        offered_at=moment_or_none(row["offered_at"]),
        valid_until=moment_or_none(row["valid_until"]),
        seen=row["seen"],
        receipt=row["receipt"],
    )
