"""What left and what came: handovers, receipts and the inbox."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from sqlalchemy import Executable, RowMapping, bindparam, insert, select

from intake_app.domain.handover import (
    Handover,
    HandoverState,
    InboxItem,
    InboxState,
    ReceiptRecord,
)
from intake_app.vault.rows import (
    date_or_none,
    day,
    key,
    moment,
    moment_or_none,
    stamp,
    stamp_or_none,
    uuid_or_none,
)
from intake_app.vault.schema import handover, inbox, receipt
from intake_app.vault.scope import Store, upsert

_SAVE_HANDOVER: Final = upsert(handover)
_HANDOVERS: Final = select(handover).order_by(handover.c.created_at, handover.c.handover_id)
_HANDOVER: Final = select(handover).where(handover.c.handover_id == bindparam("handover_id"))
_HANDOVERS_OF: Final = _HANDOVERS.where(handover.c.person_id == bindparam("person_id"))
_HANDOVERS_OF_MANY: Final = (
    select(handover)
    .where(handover.c.person_id.in_(bindparam("person_ids", expanding=True)))
    .order_by(handover.c.created_at, handover.c.handover_id)
)
_WHOSE: Final = select(handover.c.person_id).where(
    handover.c.handover_id == bindparam("handover_id")
)

_ADD_RECEIPT: Final = insert(receipt)
_RECEIPT: Final = select(receipt).where(receipt.c.receipt_id == bindparam("receipt_id"))
_RECEIPTS: Final = (
    select(receipt)
    .where(receipt.c.handover_id == bindparam("handover_id"))
    .order_by(receipt.c.at, receipt.c.receipt_id)
)

_SAVE_INBOX: Final = upsert(inbox)
_INBOX: Final = select(inbox).order_by(inbox.c.received_at, inbox.c.handover_id)
_INBOX_ITEM: Final = select(inbox).where(inbox.c.handover_id == bindparam("handover_id"))


class Handovers(Store):
    """What the sender keeps of each handover; every state it had is kept."""

    __slots__ = ()

    def get(self, handover_id: UUID) -> Handover | None:
        """Return the handover, or None."""
        row = self._one(_HANDOVER, {"handover_id": str(handover_id)})
        if row is None:
            return None
        found = _handover(row)
        self._saw(found.person_id)
        return found

    def of_person(self, person_id: UUID) -> tuple[Handover, ...]:
        """Return the handovers of the person, oldest first."""
        self._saw(person_id)
        rows = self._all(_HANDOVERS_OF, {"person_id": str(person_id)})
        return tuple(_handover(row) for row in rows)

    def of_persons(self, persons: Iterable[UUID]) -> dict[UUID, tuple[Handover, ...]]:
        """Return for each of these persons what `of_person` returns, read together."""
        return self._by_person(_HANDOVERS_OF_MANY, persons, _handover)

    def all(self) -> tuple[Handover, ...]:
        """Return every handover, oldest first."""
        return tuple(_handover(row) for row in self._all(_HANDOVERS))

    def save(self, saved: Handover) -> None:
        """Insert or replace the handover. Raises ReadOnlyError outside a transaction."""
        writing = self._scope.writer()
        row = {
            "handover_id": str(saved.handover_id),
            "person_id": str(saved.person_id),
            "dossier_version": saved.dossier_version,
            "recipient_id": str(saved.recipient_id),
            "recipient_name": saved.recipient_name,
            "municipality_code": saved.municipality_code,
            "state": saved.state.value,
            "created_at": stamp(saved.created_at),
            "created_by": str(saved.created_by),
            "file_name": saved.file_name,
            "file_sha256": saved.file_sha256,
            "file_size": saved.file_size,
            "sent_count": saved.sent_count,
            "kept_count": saved.kept_count,
            "state_changed_at": stamp_or_none(saved.changed_at),
            "reason": saved.reason,
            "first_talk": day(saved.first_talk),
        }
        self._run(_SAVE_HANDOVER, {**row, **writing.marks})
        self._changed("handover", saved.handover_id, saved.person_id)


class Receipts(Store):
    """Verified signed receipts; added, never changed."""

    __slots__ = ()

    def of_handover(self, handover_id: UUID) -> tuple[ReceiptRecord, ...]:
        """Return the receipts of the handover by the receiver's time."""
        rows = self._all(_RECEIPTS, {"handover_id": str(handover_id)})
        return tuple(_receipt(row) for row in rows)

    def add(self, added: ReceiptRecord) -> None:
        """Add the receipt; the very same one again changes nothing.

        Raises ReadOnlyError outside a transaction, ValueError if another receipt has its
        identifier.
        """
        self._scope.writer()
        there = self._one(_RECEIPT, {"receipt_id": str(added.receipt_id)})
        if there is not None:
            if _receipt(there) != added:
                raise ValueError("another receipt has this identifier")
            return
        row = {
            "receipt_id": str(added.receipt_id),
            "handover_id": str(added.handover_id),
            "kind": added.kind.value,
            "at": stamp(added.at),
            "by_organisation": added.by_organisation,
            "by_user": added.by_user,
            "reason": added.reason,
            "raw": added.raw,
        }
        self._run(_ADD_RECEIPT, row)
        whose = self._one(_WHOSE, {"handover_id": str(added.handover_id)})
        person_id = None if whose is None else UUID(whose["person_id"])
        self._changed("receipt", added.handover_id, person_id)


class Inbox(Store):
    """Received and verified dossiers, kept inside the vault."""

    __slots__ = ()

    def get(self, handover_id: UUID) -> InboxItem | None:
        """Return what was received under this handover, or None."""
        row = self._one(_INBOX_ITEM, {"handover_id": str(handover_id)})
        if row is None:
            return None
        self._saw_object("inbox", handover_id)
        return _inbox_item(row)

    def in_state(self, state: InboxState) -> tuple[InboxItem, ...]:
        """Return what was received and stands in this state now, oldest first."""
        return self._listed(_INBOX.where(inbox.c.state == state.value))

    def all(self) -> tuple[InboxItem, ...]:
        """Return everything received, oldest first."""
        return self._listed(_INBOX)

    def _listed(self, query: Executable) -> tuple[InboxItem, ...]:
        found = tuple(_inbox_item(row) for row in self._all(query))
        self._scope.persons_listed += len(found)
        return found

    def save(self, saved: InboxItem) -> None:
        """Insert or replace the item. Raises ReadOnlyError outside a transaction."""
        self._scope.writer()
        row = {
            "handover_id": str(saved.handover_id),
            "sender_id": str(saved.sender_id),
            "sender_name": saved.sender_name,
            "sender_age_recipient": saved.sender_age_recipient,
            "received_at": stamp(saved.received_at),
            "file_sha256": saved.file_sha256,
            "dossier_version": saved.dossier_version,
            "state": saved.state.value,
            "person_id": key(saved.person_id),
            "decided_at": stamp_or_none(saved.decided_at),
            "reason": saved.reason,
            "first_talk": day(saved.first_talk),
            "dossier_json": saved.dossier_json,
            "dossier_pdf": saved.dossier_pdf,
        }
        self._run(_SAVE_INBOX, row)
        self._changed("inbox", saved.handover_id, saved.person_id)


def _handover(row: RowMapping) -> Handover:
    return Handover(
        handover_id=UUID(row["handover_id"]),
        person_id=UUID(row["person_id"]),
        dossier_version=row["dossier_version"],
        recipient_id=UUID(row["recipient_id"]),
        recipient_name=row["recipient_name"],
        municipality_code=row["municipality_code"],
        state=HandoverState(row["state"]),
        created_at=moment(row["created_at"]),
        created_by=UUID(row["created_by"]),
        file_name=row["file_name"],
        file_sha256=row["file_sha256"],
        file_size=row["file_size"],
        sent_count=row["sent_count"],
        kept_count=row["kept_count"],
        changed_at=moment_or_none(row["state_changed_at"]),
        reason=row["reason"],
        first_talk=date_or_none(row["first_talk"]),
    )


def _receipt(row: RowMapping) -> ReceiptRecord:
    return ReceiptRecord(
        receipt_id=UUID(row["receipt_id"]),
        handover_id=UUID(row["handover_id"]),
        kind=HandoverState(row["kind"]),
        at=moment(row["at"]),
        by_organisation=row["by_organisation"],
        by_user=row["by_user"],
        reason=row["reason"],
        raw=row["raw"],
    )


def _inbox_item(row: RowMapping) -> InboxItem:
    return InboxItem(
        handover_id=UUID(row["handover_id"]),
        sender_id=UUID(row["sender_id"]),
        sender_name=row["sender_name"],
        sender_age_recipient=row["sender_age_recipient"],
        received_at=moment(row["received_at"]),
        file_sha256=row["file_sha256"],
        dossier_version=row["dossier_version"],
        dossier_json=row["dossier_json"],
        dossier_pdf=row["dossier_pdf"],
        state=InboxState(row["state"]),
        person_id=uuid_or_none(row["person_id"]),
        decided_at=moment_or_none(row["decided_at"]),
        reason=row["reason"],
        first_talk=date_or_none(row["first_talk"]),
    )
