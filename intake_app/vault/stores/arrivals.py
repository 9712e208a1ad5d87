"""What came in over a relay: one row for each zending, whatever comes again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Executable, RowMapping, bindparam, delete, func, insert, select

from intake_app.domain.transport import Arrival, ArrivalState, RefusedArrival
from intake_app.vault.rows import moment, moment_or_none, stamp, stamp_or_none
from intake_app.vault.schema import arrival, arrival_refused
from intake_app.vault.scope import Store, upsert

MOST_REFUSED: Final = 4000
"""How many refused ones are remembered, the latest: who fills our box may not fill our disk. More
than one look takes, so that what was refused waits instead of being looked at every time."""
_ADD: Final = insert(arrival)
_SAVE: Final = upsert(arrival)
_ALL: Final = select(arrival).order_by(arrival.c.received_at, arrival.c.zid)
_ONE: Final = select(arrival).where(arrival.c.zid == bindparam("zid"))
_OF_INBOX: Final = _ALL.where(arrival.c.inbox_id == bindparam("inbox_id"))
_OF_DOSSIER: Final = _ALL.where(arrival.c.dossier_id == bindparam("dossier_id")).where(
    arrival.c.sender_id == bindparam("sender_id")
)
_REFUSED: Final = select(arrival_refused).order_by(
    arrival_refused.c.last_at.desc(), arrival_refused.c.zid
)
_REFUSED_COUNT: Final = select(func.count()).select_from(arrival_refused)
_FORGET_OLD: Final = delete(arrival_refused).where(
    arrival_refused.c.zid.in_(
        select(arrival_refused.c.zid)
        .order_by(arrival_refused.c.last_at.desc(), arrival_refused.c.zid)
        .limit(-1)
        .offset(MOST_REFUSED)
    )
)
_REFUSED_ONE: Final = select(arrival_refused).where(arrival_refused.c.zid == bindparam("zid"))
_SAVE_REFUSED: Final = upsert(arrival_refused)
_FORGET: Final = delete(arrival_refused).where(arrival_refused.c.zid == bindparam("zid_"))


class Arrivals(Store):
    """Verified zendingen that came in, and what was refused."""

    __slots__ = ()

    def get(self, zid: str) -> Arrival | None:
        """Return what came under this zid, or None."""
        row = self._one(_ONE, {"zid": zid})
        return None if row is None else _arrival(row)

    def all(self) -> tuple[Arrival, ...]:
        """Return everything that came, oldest first."""
        return self._listed(_ALL)

    def zids(self) -> frozenset[str]:
        """Return the zids of everything that came."""
        return frozenset(row["zid"] for row in self._all(select(arrival.c.zid)))

    def in_state(self, state: ArrivalState) -> tuple[Arrival, ...]:
        """Return what stands in this state, oldest first."""
        return self._listed(_ALL.where(arrival.c.state == state.value))

    def of_inbox(self, handover_id: UUID) -> tuple[Arrival, ...]:
        """Return what came of a handover, as its sender numbers it, oldest first."""
        return self._listed(_OF_INBOX, {"inbox_id": str(handover_id)})

    def of_dossier(self, sender_id: UUID, dossier_id: UUID) -> tuple[Arrival, ...]:
        """Return what came of any version of a dossier of this sender, oldest first."""
        values = {"sender_id": str(sender_id), "dossier_id": str(dossier_id)}
        return self._listed(_OF_DOSSIER, values)

    def add(self, added: Arrival) -> None:
        """Add an arrival. Raises ReadOnlyError outside a transaction; a second one of the same
        zid breaks the transaction with RecordRefused."""
        self._scope.writer()
        self._run(_ADD, _row(added))
        self._run(_FORGET, {"zid_": added.zid})
        self._changed("arrival", added.inbox_id, None)

    def save(self, saved: Arrival) -> None:
        """Replace an arrival. Raises ReadOnlyError outside a transaction."""
        self._scope.writer()
        self._run(_SAVE, _row(saved))
        self._changed("arrival", saved.inbox_id, None)

    def refused(self) -> tuple[RefusedArrival, ...]:
        """Return what was refused and did not come right since, the newest first."""
        return tuple(_refused(row) for row in self._all(_REFUSED))

    def refusal(self, zid: str) -> RefusedArrival | None:
        """Return how often a zending was refused, or None."""
        row = self._one(_REFUSED_ONE, {"zid": zid})
        return None if row is None else _refused(row)

    def refuse(self, zid: str, at: datetime, reason: str, next_try: datetime) -> RefusedArrival:
        """Remember a refusal; the log does not hear of it. Raises ReadOnlyError outside a
        transaction. The oldest go when there are very many."""
        self._scope.writer()
        before = self.refusal(zid)
        now = RefusedArrival(
            zid=zid,
            first_at=at if before is None else before.first_at,
            last_at=at,
            times=1 if before is None else before.times + 1,
            reason=reason,
            next_try=next_try,
        )
        row = {
            "zid": zid,
            "first_at": stamp(now.first_at),
            "last_at": stamp(now.last_at),
            "times": now.times,
            "reason": reason,
            "next_try": stamp_or_none(next_try),
        }
        self._run(_SAVE_REFUSED, row)
        if (self._scope.connection.execute(_REFUSED_COUNT).scalar() or 0) > MOST_REFUSED:
            self._run(_FORGET_OLD)
        return now

    def forgive(self, zid: str) -> None:
        """Forget a refusal. Raises ReadOnlyError outside a transaction."""
        self._scope.writer()
        self._run(_FORGET, {"zid_": zid})

    def _listed(
        self, query: Executable, values: Mapping[str, object] | None = None
    ) -> tuple[Arrival, ...]:
        return tuple(_arrival(row) for row in self._all(query, values))


def _row(saved: Arrival) -> dict[str, object]:
    return {
        "zid": saved.zid,
        "box": saved.box,
        "sender_id": str(saved.sender_id),
        "sender_recipient": saved.sender_recipient,
        "reply_box": saved.reply_box,
        "inbox_id": str(saved.inbox_id),
        "dossier_id": str(saved.dossier_id),
        "dossier_version": saved.dossier_version,
        "received_at": stamp(saved.received_at),
        "file_size": saved.file_size,
        "file_sha256": saved.file_sha256,
        "content_size": saved.content_size,
        "content_sha256": saved.content_sha256,
        "valid_until": stamp_or_none(saved.valid_until),
        "state": saved.state.value,
        "receipts": saved.receipts,
        "handed_to": saved.handed_to,
        "handed_folder": saved.handed_folder,
        "raw": saved.raw,
    }


def _arrival(row: RowMapping) -> Arrival:
    return Arrival(
        zid=row["zid"],
        box=row["box"],
        sender_id=UUID(row["sender_id"]),
        sender_recipient=row["sender_recipient"],
        reply_box=row["reply_box"],
        inbox_id=UUID(row["inbox_id"]),
        dossier_id=UUID(row["dossier_id"]),
        dossier_version=row["dossier_version"],
        received_at=moment(row["received_at"]),
        file_size=row["file_size"],
        file_sha256=row["file_sha256"],
        content_size=row["content_size"],
        content_sha256=row["content_sha256"],
        valid_until=moment_or_none(row["valid_until"]),
        state=ArrivalState(row["state"]),
        receipts=row["receipts"],
        handed_to=row["handed_to"],
        handed_folder=row["handed_folder"],
        raw=row["raw"],
    )


def _refused(row: RowMapping) -> RefusedArrival:
    return RefusedArrival(
        zid=row["zid"],
        first_at=moment(row["first_at"]),
        last_at=moment(row["last_at"]),
        times=row["times"],
        reason=row["reason"],
        next_try=moment_or_none(row["next_try"]),
    )
