"""The audit log: a hash chain of who did what to whose data, written with the change itself.

    hash = SHA-256("doorgaande-lijn/audit/v1\\0" || seq, 8 bytes || length of ts, 2 bytes || ts
                   || length of body, 4 bytes || body || hash of the entry before)

with big-endian lengths, UTF-8 text and 32 zero bytes before the first entry. `body` is canonical
JSON with the names of NEN 7513: the fact, never the content. Whoever holds the database can make a
new chain, so its head leaves with every handover.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, insert, select

from intake_app.vault.errors import AuditBroken
from intake_app.vault.model import AuditEntry
from intake_app.vault.rows import moment, stamp
from intake_app.vault.schema import audit
from intake_app.vault.scope import Change, Scope, Store, Writing

_LABEL: Final = b"doorgaande-lijn/audit/v1\0"
_START: Final = bytes(32)
_PERSON: Final = 1
_SYSTEM_OBJECT: Final = 2

_LAST: Final = select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1)
_ADD: Final = insert(audit)
_ALL: Final = select(audit).order_by(audit.c.seq)
_LATEST: Final = select(audit).order_by(audit.c.seq.desc()).limit(bindparam("count"))


class Audit(Store):
    """Reading and checking the chain. Entries are added by transactions only."""

    __slots__ = ()

    def head(self) -> tuple[int, str]:
        """Return the sequence number and the hash (hex) of the last entry, (0, zeros) if none."""
        seq, last = _last(self._scope)
        return seq, last.hex()

    def entries(self, limit: int = 100) -> tuple[AuditEntry, ...]:
        """Return the latest entries, newest first."""
        return tuple(
            AuditEntry(row["seq"], moment(row["ts"]), row["body"], row["hash"].hex())
            for row in self._all(_LATEST, {"count": limit})
        )

    def verify(self, anchor: tuple[int, str] | None = None) -> None:
        """Return None if the chain is whole, and holds `anchor`: a head that was seen earlier.

        Only an anchor can show that the newest entries were cut off. Raises AuditBroken.
        """
        before, expected = _START, 1
        anchored = anchor is None or anchor == (0, _START.hex())
        for row in self._scope.connection.execute(_ALL).yield_per(1000).mappings():
            after = chained(row["seq"], row["ts"], row["body"], before)
            if (row["seq"], row["prev"], row["hash"]) != (expected, before, after):
                raise AuditBroken
            anchored = anchored or anchor == (expected, after.hex())
            before, expected = after, expected + 1
        if not anchored:
            raise AuditBroken


def chained(seq: int, ts: str, body: str, before: bytes) -> bytes:
    """Return the hash of an entry that follows the one with hash `before`."""
    time, content = ts.encode(), body.encode()
    digest = hashlib.sha256(_LABEL + seq.to_bytes(8, "big"))
    digest.update(len(time).to_bytes(2, "big") + time)
    digest.update(len(content).to_bytes(4, "big") + content + before)
    return digest.digest()


def append(scope: Scope, body: str) -> None:
    """Add one entry to the chain, in the transaction of `scope`."""
    seq, before = _last(scope)
    ts = stamp(scope.writer().at)
    row = {
        "seq": seq + 1,
        "ts": ts,
        "body": body,
        "prev": before,
        "hash": chained(seq + 1, ts, body, before),
    }
    scope.connection.execute(_ADD, row)


def write_body(
    vault_id: UUID, writing: Writing, purpose: str, changes: Mapping[Change, int]
) -> str:
    """Return the body of an entry for a transaction: which persons, which rows, how many."""
    persons = dict.fromkeys(c.person_id for c in changes if c.person_id is not None)
    rows = dict.fromkeys((c.kind, c.id) for c in changes)
    objects = [
        _participant(_SYSTEM_OBJECT, subject, ParticipantObjectDetail=kind)
        for kind, subject in rows
    ]
    people = [_participant(_PERSON, person_id) for person_id in persons]
    return _body(vault_id, writing, "U", purpose, people + objects, sum(changes.values()))


def read_body(
    vault_id: UUID, writing: Writing, purpose: str, persons: Iterable[UUID], listed: int
) -> str:
    """Return the body of an entry for looking at persons."""
    people = [_participant(_PERSON, person_id) for person_id in sorted(persons)]
    return _body(vault_id, writing, "R", purpose, people, len(people) + listed)


def _participant(type_code: int, subject: UUID | None, **more: str) -> dict[str, Any]:
    known = {} if subject is None else {"ParticipantObjectID": str(subject)}
    return {"ParticipantObjectTypeCode": type_code, **known, **more}


def _body(
    vault_id: UUID,
    writing: Writing,
    action: str,
    purpose: str,
    participants: list[dict[str, Any]],
    count: int,
) -> str:
    body = {
        "AuditSourceID": str(vault_id),
        "EventActionCode": action,
        "EventDateTime": stamp(writing.at),
        "EventOutcomeIndicator": 0,
        "count": count,
        "participants": participants,
        "users": [
            {
                "purposeOfUse": purpose,
                "userID": str(writing.actor_id),
                "userIsRequestor": True,
            }
        ],
    }
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _last(scope: Scope) -> tuple[int, bytes]:
    row = scope.connection.execute(_LAST).one_or_none()
    return (0, _START) if row is None else (row.seq, row.hash)
