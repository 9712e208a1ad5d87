"""Seals on the audit log: signatures of a user over its head, which a later owner cannot make anew.

A seal signs, with the user's own Ed25519 key (SSHSIG, namespace `audit-seal@doorgaande-lijn`):

    "doorgaande-lijn/audit-seal/v1\\0" || vault id, 16 bytes || user id, 16 bytes || seq, 8 bytes
    || hash of that entry, 32 bytes || length of time, 2 bytes || time || length of reason, 2 bytes
    || reason

Before the first seal with a key, an entry of the log itself says whose key it is. Seals are put on
when the vault closes, with every handover and back-up, and at the first unlocking of a day.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final
from uuid import UUID

from sqlalchemy import bindparam, delete, insert, select

from intake_app.crypto.sshsig import SignatureError, SigningKey, sign, verify
from intake_app.vault import audit
from intake_app.vault.audit_body import Happened
from intake_app.vault.errors import VaultError
from intake_app.vault.rows import moment, stamp
from intake_app.vault.schema import audit as log
from intake_app.vault.schema import audit_seal
from intake_app.vault.scope import Change, Scope, at_most

if TYPE_CHECKING:
    from intake_app.vault.vault import Vault

_LABEL: Final = b"doorgaande-lijn/audit-seal/v1\0"
_NAMESPACE: Final = "audit-seal@doorgaande-lijn"
KEPT: Final = timedelta(days=5 * 366)
"""What is younger is never pruned (NEN 7513: at least five years)."""

_ADD: Final = insert(audit_seal)
_ON: Final = select(audit_seal.c.seq).where(audit_seal.c.seq == bindparam("seq"))
_BY_KEY: Final = (
    select(audit_seal.c.seq)
    .where(audit_seal.c.sign_public == bindparam("public"))
    .order_by(audit_seal.c.seq.desc())
    .limit(at_most(1))
)
_ALL: Final = select(audit_seal).order_by(audit_seal.c.seq)
_NEWEST: Final = select(audit_seal.c.at).order_by(audit_seal.c.seq.desc()).limit(at_most(1))
_LAST_BEFORE: Final = (
    select(log.c.seq, log.c.hash)
    .where(log.c.ts < bindparam("before"))
    .order_by(log.c.seq.desc())
    .limit(at_most(1))
)
_KEYS_SAID: Final = (
    select(log.c.body)
    .where(log.c.seq <= bindparam("until"), log.c.body.contains('"signing_key"'))
    .order_by(log.c.seq)
)


class SealReason(StrEnum):
    """Why a seal was put on; part of what is signed."""

    CLOSED = "sluiten"
    HANDOVER = "overdracht"
    BACKUP = "back-up"
    DAILY = "dagelijks"
    ASKED = "gevraagd"
    PRUNED = "opgeruimd"
    """Entries up to and including this one were removed."""


_REASON_OF_KIND: Final = {"handover": SealReason.HANDOVER, "backup": SealReason.BACKUP}


class TooYoung(VaultError):
    """Somebody asked to prune entries that have to be kept still."""

    sentence = (
        "Het logboek moet minstens vijf jaar bewaard blijven. Er is niets weggehaald. "
        "Kies een eerdere datum."
    )


@dataclass(frozen=True, slots=True)
class Sealer:
    """Whose key seals which vault's log."""

    vault_id: UUID
    user_id: UUID
    seed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Seal:
    """A seal as it stands in the table; nothing is verified by having one."""

    seq: int
    at: str
    hash: bytes
    reason: str
    user_id: str
    sign_public: str
    signature: str

    def is_sound(self, vault_id: UUID) -> bool:
        """True if the signature is one of `sign_public` over exactly this seal."""
        with suppress(ValueError, OverflowError, SignatureError):
            verify(self.sign_public, _NAMESPACE, _content(vault_id, self), self.signature)
            return True
        return False


def reason_after(changes: Iterable[Change]) -> SealReason | None:
    """Return why a transaction with these changes ends with a seal, None if it does not."""
    reasons = (_REASON_OF_KIND.get(change.kind) for change in changes)
    return next((reason for reason in reasons if reason is not None), None)


def add(scope: Scope, sealer: Sealer, reason: SealReason) -> bool:
    """Put a seal on the last entry, in the transaction of `scope`; False when one is on it.

    An entry that introduces the key goes before its first seal.
    """
    key = SigningKey(sealer.seed)
    if scope.connection.execute(_BY_KEY, {"public": key.public}).first() is None:
        _introduce(scope, sealer.vault_id, sealer.user_id, key.public)
    seq, head = audit.last(scope)
    if scope.connection.execute(_ON, {"seq": seq}).first() is not None:
        return False
    _put(scope, sealer, key, seq, head, reason)
    return True


def seal_daily(vault: Vault) -> None:
    """Seal the log when no seal is of today. A disk that cannot be written to keeps nobody out."""
    with suppress(VaultError):
        with vault.read() as records:
            newest = records.audit.newest_seal_at()
        if newest is None or newest.date() != vault.env.now().date():
            vault.seal_log(SealReason.DAILY)


def prune(scope: Scope, sealer: Sealer, before: datetime) -> int:
    """Remove the entries before `before` under a signed seal; return how many went.

    What stays begins with an entry whose `prev` that seal signs, and says again whose keys sealed.
    Raises TooYoung when `before` is less than five years ago.
    """
    if scope.writer().at - before < KEPT:
        raise TooYoung
    connection = scope.connection
    found = connection.execute(_LAST_BEFORE, {"before": stamp(before)}).one_or_none()
    newest, _ = audit.last(scope)
    if found is None or found.seq >= newest:
        return 0
    keys = dict.fromkeys(
        said
        for body in connection.execute(_KEYS_SAID, {"until": found.seq}).scalars()
        for said in audit.keys_in(body)
    )
    keys[(sealer.user_id, SigningKey(sealer.seed).public)] = None
    for user_id, public in keys:
        _introduce(scope, sealer.vault_id, user_id, public)
    connection.execute(delete(audit_seal).where(audit_seal.c.seq <= found.seq))
    _put(scope, sealer, SigningKey(sealer.seed), found.seq, found.hash, SealReason.PRUNED)
    gone = audit.remove_until(scope, found.seq)
    audit.note(scope, sealer.vault_id, Happened("logboek opruimen", "audit_prefix", count=gone))
    return gone


def all_of(scope: Scope) -> dict[int, Seal]:
    """Return every seal by the number of the entry it is on."""
    rows = scope.connection.execute(_ALL).mappings()
    return {row["seq"]: Seal(**row) for row in rows}


def newest_at(scope: Scope) -> datetime | None:
    """Return when the newest seal was put on, None when there is none."""
    found = scope.connection.execute(_NEWEST).scalar_one_or_none()
    return None if found is None else moment(found)


def _introduce(scope: Scope, vault_id: UUID, user_id: UUID, public: str) -> None:
    happened = Happened("sleutel voor zegels noteren", "signing_key", user_id, public)
    audit.note(scope, vault_id, happened)


def _put(
    scope: Scope, sealer: Sealer, key: SigningKey, seq: int, head: bytes, reason: SealReason
) -> None:
    at = stamp(scope.writer().at)
    seal = Seal(seq, at, head, reason.value, str(sealer.user_id), key.public, "")
    row = {
        "seq": seq,
        "at": at,
        "hash": head,
        "reason": seal.reason,
        "user_id": seal.user_id,
        "sign_public": seal.sign_public,
        "signature": sign(key, _NAMESPACE, _content(sealer.vault_id, seal)),
    }
    scope.connection.execute(_ADD, row)


def _content(vault_id: UUID, seal: Seal) -> bytes:
    content = _LABEL + vault_id.bytes + UUID(seal.user_id).bytes + seal.seq.to_bytes(8, "big")
    if len(seal.hash) != 32:
        raise ValueError("a hash has 32 bytes")
    content += seal.hash
    for text in (seal.at, seal.reason):
        raw = text.encode()
        content += len(raw).to_bytes(2, "big") + raw
    return content
