"""The files of a backup: one encrypted copy per backup, and one small file with the month keys.

A backup `back-up-<date>-<8 hex>.dlb` is, in this order:

    the database       SQLCipher 4, a raw key of its own, no log beside it
    the head           canonical JSON: format, version, backup, vault, practice, made_at, key,
                       size, sha256 (of the database), audit_seq, audit_hash, schema, keys (the
                       key file, base64), mac
    its length         8 bytes, big-endian
    b"DLBACK01"

The head stands last so that the file itself opens as a database, and so can be verified and read
without unpacking: SQLite knows its own length and ignores what follows. For a month key M and
backup id B the database's key is HKDF-SHA-256(M, salt=B, info="doorgaande-lijn/v1/back-up"), and
`mac` is HMAC-SHA-256 over the head without `mac` under the same with info "…/back-up-kop".

`maandsleutels.json` holds the month keys, each encrypted (ChaCha20-Poly1305) under the vault's
backup secret with vault, name and label as associated data. Without it a backup is noise: dropping
a month there, and in the vault, ends every backup of that month wherever its copies are.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from intake_app.crypto.slots import Random
from intake_app.crypto.strict_json import (
    JsonRefusedError,
    canonical_json,
    readable_json,
    strict_json,
)
from intake_app.vault.errors import VaultError
from intake_app.vault.files import replace_file
from intake_app.vault.rows import moment, stamp

SUFFIX: Final = ".dlb"
MONTH_KEYS: Final = "maandsleutels.json"
_FORMAT: Final = "doorgaande-lijn-back-up"
_KEYS_FORMAT: Final = "doorgaande-lijn-maandsleutels"
_VERSION: Final = 1
_MAGIC: Final = b"DLBACK01"
_FOOTER: Final = 16
_MAX_HEAD: Final = 4 << 20
_MAX_KEYS: Final = 1 << 20
_NONCE: Final = 12
_KINDS: Final[dict[str, type]] = {
    **dict.fromkeys(("size", "audit_seq", "schema"), int),
    **dict.fromkeys(("key", "sha256", "audit_hash"), str),
    "practice": bool,
}


class BackupUnreadable(VaultError):
    """A file is no backup, or not whole."""

    sentence = (
        "Dit bestand is geen hele back-up van dit programma. Misschien is het kopiëren niet "
        "afgemaakt. Kies een ander bestand dat eindigt op .dlb."
    )


class BackupNewer(VaultError):
    """A backup of a newer program."""

    sentence = (
        "Deze back-up is gemaakt met een nieuwere versie van dit programma. Er is niets "
        "veranderd. Zet eerst de nieuwste versie op deze laptop."
    )


class MonthKeyGone(VaultError):
    """No key of the backup's month is at hand: destroyed, or its file is elsewhere."""

    sentence = (
        "Deze back-up kan niet meer open: de sleutel van die maand is er niet. Na de bewaartermijn "
        "is dat de bedoeling. Is de back-up jonger, kies hem dan in de map waar ook het bestand "
        "maandsleutels.json staat."
    )


class MonthKeysDamaged(VaultError):
    """The file with the month keys cannot be read, so it is not written over either."""

    sentence = (
        "Het bestand maandsleutels.json in deze map is beschadigd. Zonder dat bestand gaan de "
        "back-ups in de map niet open, dus het programma verandert er niets aan. Kies een andere "
        "map, of zet een eerdere kopie van dat bestand terug."
    )


@dataclass(frozen=True, slots=True)
class BackupHead:
    """What stands behind the database in a backup. Trust it only after `verify_head`."""

    backup_id: UUID
    vault_id: UUID
    practice: bool
    made_at: datetime
    key_name: str
    size: int
    sha256: str
    audit_seq: int
    audit_hash: str
    schema: int
    key_file: bytes = field(repr=False)
    mac: bytes = field(default=b"", repr=False)


def file_name(backup_id: UUID, made_at: datetime) -> str:
    """Return the name of a backup: its day at the desk and the start of its identifier."""
    return f"back-up-{made_at.astimezone().date().isoformat()}-{backup_id.hex[:8]}{SUFFIX}"


def database_key(secret: bytes, backup_id: UUID) -> bytes:
    """Return the raw key of the database in a backup, from the key of its month."""
    return _derived(secret, backup_id, "back-up")


def write_head(file: BinaryIO, head: BackupHead, secret: bytes) -> None:
    """Append the head, with its MAC, behind the database."""
    content = _content(head)
    mac = _mac(content, secret, head.backup_id)
    raw = canonical_json({**content, "mac": base64.b64encode(mac).decode()})
    file.write(raw + len(raw).to_bytes(8, "big") + _MAGIC)


def read_head(path: Path) -> BackupHead:
    """Return the head of the backup at `path`, strictly parsed and not verified yet.

    Raises BackupUnreadable, BackupNewer, and OSError when the file cannot be read.
    """
    with path.open("rb") as file:
        total = file.seek(0, os.SEEK_END)
        if total < _FOOTER:
            raise BackupUnreadable
        file.seek(-_FOOTER, os.SEEK_END)
        footer = file.read(_FOOTER)
        length = int.from_bytes(footer[:8], "big")
        if footer[8:] != _MAGIC or not 0 < length <= min(_MAX_HEAD, total - _FOOTER):
            raise BackupUnreadable
        file.seek(-_FOOTER - length, os.SEEK_END)
        head = _parsed(file.read(length))
    if head.size + length + _FOOTER != total:
        raise BackupUnreadable
    return head


def verify_head(head: BackupHead, secret: bytes) -> None:
    """Return None if the head is as it was written with this month key; raises BackupUnreadable."""
    if not hmac.compare_digest(_mac(_content(head), secret, head.backup_id), head.mac):
        raise BackupUnreadable


def label(backup_secret: bytes) -> str:
    """Return what names a backup secret without telling it: eight characters in the clear."""
    return hashlib.sha256(b"doorgaande-lijn/v1/back-up-label" + backup_secret).hexdigest()[:8]


def month_start(made_at: datetime, backup_secret: bytes) -> str:
    """Return how the name of a key for this moment starts: "<year>-<month>.<label of the secret>.".

    Another master key gives another backup secret, so whoever left knows no key of a backup that
    is made from then on. Eight random digits make the name whole: no key ever takes the place of
    another, whatever was restored in between.
    """
    return f"{made_at.astimezone().date():%Y-%m}.{label(backup_secret)}."


class MonthKeys:
    """The entries of one `maandsleutels.json`, as they stand there."""

    def __init__(self, entries: list[dict[str, Any]]) -> None:
        """Use `read` instead."""
        self._entries = entries

    @classmethod
    def read(cls, folder: Path) -> MonthKeys:
        """Return what stands in `folder`, nothing where there is no such file.

        Raises MonthKeysDamaged, BackupNewer, and OSError when the folder cannot be read.
        """
        try:
            with (folder / MONTH_KEYS).open("rb") as file:
                raw = file.read(_MAX_KEYS + 1)
        except FileNotFoundError:
            return cls([])
        try:
            whole = strict_json(raw, max_bytes=_MAX_KEYS, max_depth=3)
            if not isinstance(whole, dict) or whole.get("format") != _KEYS_FORMAT:
                raise MonthKeysDamaged
            if whole.get("version") != _VERSION:
                raise BackupNewer
            entries = whole["keys"]
            if not isinstance(entries, list) or not all(map(_is_entry, entries)):
                raise MonthKeysDamaged
        except (JsonRefusedError, KeyError):
            raise MonthKeysDamaged from None
        return cls(entries)

    def names(self, vault_id: UUID) -> tuple[str, ...]:
        """Return the names of the keys of this vault, the earliest month first."""
        return tuple(sorted(e["name"] for e in self._entries if e["vault"] == str(vault_id)))

    def open(self, vault_id: UUID, name: str, backup_secret: bytes) -> bytes | None:
        """Return the month key of this name, None where there is none or the secret is another."""
        for entry in self._entries:
            if (entry["vault"], entry["name"]) == (str(vault_id), name):
                with suppress(InvalidTag, binascii.Error, ValueError):
                    nonce, ct = (base64.b64decode(entry[n], validate=True) for n in ("nonce", "ct"))
                    return ChaCha20Poly1305(backup_secret).decrypt(nonce, ct, _aad(vault_id, name))
        return None

    def with_key(
        self, vault_id: UUID, name: str, secret: bytes, backup_secret: bytes, random: Random
    ) -> MonthKeys:
        """Return these with the key of this name, in the place of what stood under it."""
        nonce = random(_NONCE)
        ct = ChaCha20Poly1305(backup_secret).encrypt(nonce, secret, _aad(vault_id, name))
        entry = {
            "vault": str(vault_id),
            "name": name,
            "nonce": base64.b64encode(nonce).decode(),
            "ct": base64.b64encode(ct).decode(),
        }
        return MonthKeys([*self._others(vault_id, {name}), entry])

    def without(self, vault_id: UUID, names: set[str]) -> MonthKeys:
        """Return these without the keys of these names."""
        return MonthKeys(self._others(vault_id, names))

    def write(self, folder: Path) -> None:
        """Replace the file in `folder` durably; what stood there is overwritten where that helps.

        Raises DiskFull or StorageFailed; the file is then as it was.
        """
        whole = {"format": _KEYS_FORMAT, "version": _VERSION, "keys": self._entries}
        target = folder / MONTH_KEYS
        before = _held(target)
        try:
            replace_file(target, readable_json(whole))
            if before is not None:
                _overwrite(before)
        finally:
            if before is not None:
                os.close(before)

    def _others(self, vault_id: UUID, names: set[str]) -> list[dict[str, Any]]:
        ours = str(vault_id)
        return [e for e in self._entries if e["vault"] != ours or e["name"] not in names]


def _held(path: Path) -> int | None:
    """Keep hold of a file that is about to be replaced; Windows would not let it be."""
    if sys.platform == "win32":
        return None
    with suppress(OSError):
        return os.open(path, os.O_RDWR | os.O_NOFOLLOW)
    return None


def _overwrite(descriptor: int) -> None:
    """Write zeros over a file that has no name any more; on flash memory that is no guarantee."""
    with suppress(OSError):
        os.pwrite(descriptor, bytes(os.fstat(descriptor).st_size), 0)
        os.fsync(descriptor)


def _is_entry(entry: object) -> bool:
    return (
        isinstance(entry, dict)
        and set(entry) == {"vault", "name", "nonce", "ct"}
        and all(isinstance(value, str) for value in entry.values())
    )


def _aad(vault_id: UUID, name: str) -> bytes:
    return canonical_json({"vault": str(vault_id), "name": name})


def _derived(secret: bytes, backup_id: UUID, purpose: str) -> bytes:
    info = f"doorgaande-lijn/v1/{purpose}".encode()
    return HKDF(SHA256(), 32, salt=backup_id.bytes, info=info).derive(secret)


def _mac(content: dict[str, Any], secret: bytes, backup_id: UUID) -> bytes:
    key = _derived(secret, backup_id, "back-up-kop")
    return hmac.new(key, canonical_json(content), hashlib.sha256).digest()


def _content(head: BackupHead) -> dict[str, Any]:
    return {
        "format": _FORMAT,
        "version": _VERSION,
        "backup": str(head.backup_id),
        "vault": str(head.vault_id),
        "practice": head.practice,
        "made_at": stamp(head.made_at),
        "key": head.key_name,
        "size": head.size,
        "sha256": head.sha256,
        "audit_seq": head.audit_seq,
        "audit_hash": head.audit_hash,
        "schema": head.schema,
        "keys": base64.b64encode(head.key_file).decode(),
    }


def _parsed(raw: bytes) -> BackupHead:
    try:
        whole = strict_json(raw, max_bytes=_MAX_HEAD, max_depth=1)
        if whole["format"] != _FORMAT:
            raise BackupUnreadable
        if whole["version"] != _VERSION:
            raise BackupNewer
        if any(type(whole[name]) is not kind for name, kind in _KINDS.items()):
            raise BackupUnreadable
        head = BackupHead(
            backup_id=UUID(whole["backup"]),
            vault_id=UUID(whole["vault"]),
            practice=whole["practice"],
            made_at=moment(whole["made_at"]),
            key_name=whole["key"],
            size=whole["size"],
            sha256=whole["sha256"],
            audit_seq=whole["audit_seq"],
            audit_hash=whole["audit_hash"],
            schema=whole["schema"],
            key_file=base64.b64decode(whole["keys"], validate=True),
            mac=base64.b64decode(whole["mac"], validate=True),
        )
        # The canonical form says the same again, so nothing in it can be read two ways.
        if canonical_json({**_content(head), "mac": whole["mac"]}) != raw:
            raise BackupUnreadable
    except (JsonRefusedError, AttributeError, TypeError, ValueError, KeyError):
        raise BackupUnreadable from None
    return head
