"""Backups that were made, and the keys of their months."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import RowMapping, bindparam, insert, select, update

from intake_app.vault.rows import moment, moment_or_none, stamp, stamp_or_none
from intake_app.vault.schema import backup, backup_key
from intake_app.vault.scope import Store, at_most

_KEY: Final = select(backup_key).where(backup_key.c.month == bindparam("of_month"))
_LIVE: Final = (
    select(backup_key)
    .where(
        backup_key.c.month.startswith(bindparam("start"), autoescape=False),
        backup_key.c.destroyed_at.is_(None),
    )
    .order_by(backup_key.c.made_at.desc(), backup_key.c.month)
    .limit(at_most(1))
)
_KEYS: Final = select(backup_key).order_by(backup_key.c.month)
_ADD_KEY: Final = insert(backup_key)
_DESTROY: Final = (
    update(backup_key)
    .where(backup_key.c.month == bindparam("of_month"), backup_key.c.destroyed_at.is_(None))
    .values(secret=b"", destroyed_at=bindparam("at"))
)
_ADD: Final = insert(backup)
_ALL: Final = select(backup).order_by(backup.c.made_at.desc(), backup.c.backup_id)


@dataclass(frozen=True, slots=True)
class MonthKey:
    """The key of a month; `name` is "<year>-<month>.<label of the backup secret>.<8 digits>"."""

    name: str
    made_at: datetime
    destroyed_at: datetime | None

    @property
    def month(self) -> str:
        """The month as "2026-11"."""
        return self.name.partition(".")[0]


@dataclass(frozen=True, slots=True)
class BackupRecord:
    """One backup that was made; `audit_seq` and `audit_hash` (hex) are the head of its log."""

    backup_id: UUID
    made_at: datetime
    key_name: str
    file_name: str
    size: int
    sha256: str
    audit_seq: int
    audit_hash: str
    checked_at: datetime | None

    @property
    def month(self) -> str:
        """The month whose key opens it, as "2026-11"."""
        return self.key_name.partition(".")[0]


class Backups(Store):
    """Backups are added, never changed; the key of a month is destroyed once."""

    __slots__ = ()

    def all(self) -> tuple[BackupRecord, ...]:
        """Return every backup, the newest first."""
        return tuple(_record(row) for row in self._all(_ALL))

    def add(self, added: BackupRecord) -> None:
        """Add a backup. Raises ReadOnlyError outside a transaction."""
        self._scope.writer()
        row = {
            "backup_id": str(added.backup_id),
            "made_at": stamp(added.made_at),
            "month": added.key_name,
            "file_name": added.file_name,
            "size": added.size,
            "sha256": added.sha256,
            "audit_seq": added.audit_seq,
            "audit_hash": bytes.fromhex(added.audit_hash),
            "checked_at": stamp_or_none(added.checked_at),
        }
        self._run(_ADD, row)
        self._changed("backup", added.backup_id, None)

    def months(self) -> tuple[MonthKey, ...]:
        """Return the months that ever had a key, the earliest first."""
        return tuple(
            MonthKey(row["month"], moment(row["made_at"]), moment_or_none(row["destroyed_at"]))
            for row in self._all(_KEYS)
        )

    def current(self, start: str) -> tuple[str, bytes] | None:
        """Return name and key of the latest whose name starts so, None without a living one."""
        row = self._one(_LIVE, {"start": start})
        return None if row is None else (row["month"], row["secret"])

    def secret(self, name: str) -> bytes | None:
        """Return the key of this name, None when there is none (any more)."""
        row = self._one(_KEY, {"of_month": name})
        return None if row is None or row["destroyed_at"] is not None else row["secret"]

    def put_secret(self, name: str, secret: bytes) -> None:
        """Keep the key of a month. Raises ReadOnlyError outside a transaction; a month that ever
        had one breaks the transaction with RecordRefused."""
        at = stamp(self._scope.writer().at)
        row = {"month": name, "secret": secret, "made_at": at, "destroyed_at": None}
        self._run(_ADD_KEY, row)
        self._changed("backup", None, None)

    def destroy(self, name: str) -> None:
        """Destroy the key of a month. Raises ReadOnlyError outside a transaction."""
        at = stamp(self._scope.writer().at)
        self._run(_DESTROY, {"of_month": name, "at": at})
        self._changed("backup", None, None)


def _record(row: RowMapping) -> BackupRecord:
    return BackupRecord(
        backup_id=UUID(row["backup_id"]),
        made_at=moment(row["made_at"]),
        key_name=row["month"],
        file_name=row["file_name"],
        size=row["size"],
        sha256=row["sha256"],
        audit_seq=row["audit_seq"],
        audit_hash=row["audit_hash"].hex(),
        checked_at=moment_or_none(row["checked_at"]),
    )
