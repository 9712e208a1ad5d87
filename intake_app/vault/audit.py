"""The audit log: a hash chain of who did what to whose data, written with the change itself.

    hash = SHA-256("doorgaande-lijn/audit/v1\\0" || seq, 8 bytes || length of ts, 2 bytes || ts
                   || length of body, 4 bytes || body || hash of the entry before)

with big-endian lengths, UTF-8 text and 32 zero bytes before the first entry. `body` is canonical
JSON with the names of NEN 7513 (`audit_body`). Whoever holds the database can make a new chain, but
not the seals of others on it (`seals`), nor the heads that left with handovers and back-ups.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple
from uuid import UUID

from sqlalchemy import DDL, bindparam, delete, insert, select

from intake_app.vault.audit_body import Happened, event_body, fact_of, read_body, write_body
from intake_app.vault.errors import AuditBroken
from intake_app.vault.model import AuditEntry
from intake_app.vault.rows import moment, stamp
from intake_app.vault.schema import audit, backup, vault_user
from intake_app.vault.schema import vault as vault_table
from intake_app.vault.scope import Scope, Store, at_most

if TYPE_CHECKING:
    from intake_app.vault.audit_check import AuditReport

__all__ = ["Audit", "append", "chained", "read_body", "write_body"]

START: Final = bytes(32)
"""What stands for the hash before the first entry."""

_LABEL: Final = b"doorgaande-lijn/audit/v1\0"
_KEY_KIND: Final = "signing_key"
_NO_LIMIT: Final = 2**63 - 1

_LAST: Final = select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(at_most(1))
_ADD: Final = insert(audit)
_ALL: Final = "SELECT seq, ts, body, prev, hash FROM audit ORDER BY seq"
_LATEST: Final = (
    select(audit)
    .where(audit.c.seq < bindparam("below"))
    .order_by(audit.c.seq.desc())
    .limit(bindparam("count"))
)
_VAULT_ID: Final = select(vault_table.c.vault_id)
_OLDEST: Final = select(audit.c.ts).order_by(audit.c.seq).limit(at_most(1))
_USERS: Final = select(vault_user.c.user_id, vault_user.c.name)
_BACKUPS: Final = select(backup.c.audit_seq, backup.c.audit_hash)
_UNTIL: Final = delete(audit).where(audit.c.seq <= bindparam("until"))
_APPEND_ONLY: Final = (
    "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit "
    "BEGIN SELECT RAISE(ABORT, 'append-only'); END"
)


class LogRow(NamedTuple):
    """One entry as it stands in the table."""

    seq: int
    ts: str
    body: str
    prev: bytes
    hash: bytes


class Audit(Store):
    """Reading and checking the chain. Entries are added by transactions only."""

    __slots__ = ()

    def head(self) -> tuple[int, str]:
        """Return the sequence number and the hash (hex) of the last entry, (0, zeros) if none."""
        seq, newest = last(self._scope)
        return seq, newest.hex()

    def entries(
        self, limit: int = 100, *, below: int = _NO_LIMIT, mentions: Iterable[UUID] = ()
    ) -> tuple[AuditEntry, ...]:
        """Return the latest entries with a lower number than `below`, newest first.

        With `mentions`, only those in which each of these identifiers occurs, as a user, a person
        or an object. Reading the log is something the log tells of too.
        """
        self._saw_object("audit", None)
        query = _LATEST
        for identifier in mentions:
            query = query.where(audit.c.body.contains(str(identifier)))
        return tuple(
            AuditEntry(row["seq"], moment(row["ts"]), row["body"], row["hash"].hex())
            for row in self._all(query, {"count": limit, "below": below})
        )

    def user_names(self) -> dict[UUID, str]:
        """Return the name of everybody who has, or had, a way into this vault."""
        return {UUID(row["user_id"]): row["name"] for row in self._all(_USERS)}

    def since(self) -> datetime | None:
        """Return the time of the oldest entry, None when there is none."""
        found = self._scope.connection.execute(_OLDEST).scalar_one_or_none()
        return None if found is None else moment(found)

    def newest_seal_at(self) -> datetime | None:
        """Return when the newest seal was put on, None when there is none."""
        from intake_app.vault import seals

        return seals.newest_at(self._scope)

    def note(self, happened: Happened) -> None:
        """Add an entry about the vault itself. Raises ReadOnlyError outside a transaction."""
        note(self._scope, self._vault_id(), happened)

    def check(self, anchors: Iterable[tuple[int, str]] = ()) -> AuditReport:
        """Check every entry, every seal, and the heads kept elsewhere; return the first fault.

        An anchor is a head (number, hash in hex) that was seen earlier: in a handover, a back-up or
        on paper. Those that the back-ups of this vault hold are checked too. Only a seal or an
        anchor can show that the newest entries were cut off.
        """
        from intake_app.vault import audit_check

        kept = ((row["audit_seq"], row["audit_hash"].hex()) for row in self._all(_BACKUPS))
        seen: dict[int, frozenset[str]] = {}
        for seq, head in (*anchors, *kept):
            seen[seq] = seen.get(seq, frozenset()) | {head}
        return audit_check.check(self._scope, self._vault_id(), seen)

    def verify(self, anchor: tuple[int, str] | None = None) -> None:
        """Return None if `check` finds nothing wrong. Raises AuditBroken with its sentence."""
        fault = self.check(() if anchor is None else (anchor,)).fault
        if fault is not None:
            raise AuditBroken(fault.sentence)

    def _vault_id(self) -> UUID:
        return UUID(self._scope.connection.execute(_VAULT_ID).scalar_one())


def chained(seq: int, ts: str, body: str, before: bytes) -> bytes:
    """Return the hash of an entry that follows the one with hash `before`."""
    time, content = ts.encode(), body.encode()
    digest = hashlib.sha256(_LABEL + seq.to_bytes(8, "big"))
    digest.update(len(time).to_bytes(2, "big") + time)
    digest.update(len(content).to_bytes(4, "big") + content + before)
    return digest.digest()


def append(scope: Scope, body: str) -> None:
    """Add one entry to the chain, in the transaction of `scope`."""
    seq, before = last(scope)
    ts = stamp(scope.writer().at)
    row = {
        "seq": seq + 1,
        "ts": ts,
        "body": body,
        "prev": before,
        "hash": chained(seq + 1, ts, body, before),
    }
    scope.connection.execute(_ADD, row)


def note(scope: Scope, vault_id: UUID, happened: Happened) -> None:
    """Add an entry about the vault itself, in the transaction of `scope`."""
    append(scope, event_body(vault_id, scope.writer(), happened))


def last(scope: Scope) -> tuple[int, bytes]:
    """Return number and hash of the last entry, (0, zeros) if there is none."""
    row = scope.connection.execute(_LAST).one_or_none()
    return (0, START) if row is None else (row.seq, row.hash)


def rows(scope: Scope) -> Iterator[LogRow]:
    """Yield every entry in order, a thousand at a time."""
    # without SQLAlchemy's mappings: a log of years has a million entries
    found = scope.connection.exec_driver_sql(_ALL)
    while some := found.fetchmany(1000):
        for row in some:
            yield LogRow(*row)


def keys_in(body: str) -> tuple[tuple[UUID, str], ...]:
    """Return the user and the public key of each signing key that an entry introduces."""
    if _KEY_KIND not in body:
        return ()
    try:
        fact = fact_of(body)
    except ValueError:
        return ()
    return tuple(
        (subject, public)
        for kind, subject, public in fact.objects
        if kind == _KEY_KIND and subject is not None
    )


def remove_until(scope: Scope, seq: int) -> int:
    """Remove the entries up to and including `seq`; for pruning under a seal only.

    Returns how many went. The table refuses deleting again before the transaction ends.
    """
    scope.writer()
    connection = scope.connection
    connection.execute(DDL("DROP TRIGGER audit_no_delete"))  # type: ignore[no-untyped-call]
    gone = connection.execute(_UNTIL, {"until": seq}).rowcount
    connection.execute(DDL(_APPEND_ONLY))  # type: ignore[no-untyped-call]
    return gone
