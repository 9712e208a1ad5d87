"""The key file as JSON: written in one way, read strictly; versions 1 and 2."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from intake_app.crypto.key_file_errors import KeyFileDamaged, KeyFileNewer
from intake_app.crypto.key_slots import (
    MAX_RENEWALS,
    NAME,
    NONCE,
    SALT,
    EscrowSlot,
    KdfCost,
    PassphraseSlot,
    Renewal,
    slot_fields,
)
from intake_app.crypto.key_slots_base64 import b64, unb64
from intake_app.crypto.strict_json import (
    JsonRefusedError,
    canonical_json,
    readable_json,
    strict_json,
)

FORMAT: Final = "doorgaande-lijn-sleutels"
VERSION: Final = 2
MAX_BYTES: Final = 8 << 20
MAX_SLOTS: Final = 64
EARLIER: Final = "passphrase-1"
"""The type of a slot of version 1 inside a file of version 2."""

_MAC: Final = 32
_FORMER: Final = NONCE + 32 + 16
_MAX_LABEL: Final = 64
_MAX_KEYS: Final = 16
_RECIPIENT: Final = re.compile(r"age1pq1[02-9ac-hj-np-z]{1952}\Z")
_SLOT_ID: Final = re.compile(r"[0-9a-f]{32}\Z")


@dataclass(frozen=True, slots=True)
class Macs:
    """HMAC-SHA-256 over the whole file, the users' slots and the escrow slots."""

    file: bytes = b""
    users: bytes = b""
    escrow: bytes = b""


@dataclass(frozen=True, slots=True)
class Content:
    """What a key file says, without what protects it."""

    version: int
    db: UUID
    generation: int
    slots: tuple[PassphraseSlot, ...]
    escrows: tuple[EscrowSlot, ...]
    former: bytes | None


def macs_of(content: Content, key: bytes) -> Macs:
    """Return the three MACs; a file of version 1 has only the first."""
    whole = _mac(key, _plain(content))
    if content.version == 1:
        return Macs(whole)
    return Macs(
        whole,
        _mac(key, ["users", [_slot(slot) for slot in content.slots]]),
        _mac(key, ["escrow", [_escrow(slot) for slot in content.escrows]]),
    )


def written(content: Content, macs: Macs) -> bytes:
    """Return the file as readable JSON."""
    if content.version == 1:
        return readable_json({**_plain(content), "mac": b64(macs.file)})
    whole = {
        **_plain(content),
        "mac": {"file": b64(macs.file), "users": b64(macs.users), "escrow": b64(macs.escrow)},
    }
    return readable_json({**whole, "sum": _sum(whole)})


def read(data: bytes) -> tuple[Content, Macs, bool]:
    """Return what a file says, its MACs (not verified), and whether its sum shows a change.

    Raises KeyFileNewer, KdfOutOfBounds or KeyFileDamaged.
    """
    try:
        whole = strict_json(data, max_bytes=MAX_BYTES, max_depth=8)
        version = _version(whole)
        return _read_first(whole) if version == 1 else _read_second(whole)
    except (JsonRefusedError, AttributeError, TypeError, ValueError, KeyError):
        raise KeyFileDamaged from None


def _plain(content: Content) -> dict[str, Any]:
    head = {
        "format": FORMAT,
        "version": content.version,
        "db": str(content.db),
        "generation": content.generation,
    }
    if content.version == 1:
        return {**head, "slots": [_first_slot(slot) for slot in content.slots]}
    users = [_slot(slot) for slot in content.slots]
    former = None if content.former is None else b64(content.former)
    return {
        **head,
        "former": former,
        "slots": users + [_escrow(slot) for slot in content.escrows],
    }


def _first_slot(slot: PassphraseSlot) -> dict[str, Any]:
    return {**slot_fields(slot), "ct": b64(slot.ct)}


def _slot(slot: PassphraseSlot) -> dict[str, Any]:
    if slot.earlier:
        return {**_first_slot(slot), "type": EARLIER}
    renewals = [
        {"roles": list(each.roles), "nonce": b64(each.nonce), "ct": b64(each.ct)}
        for each in slot.renewals
    ]
    return {**_first_slot(slot), "nonce": b64(slot.nonce), "renewals": renewals}


def _escrow(slot: EscrowSlot) -> dict[str, Any]:
    return {
        "id": slot.slot_id,
        "type": "escrow",
        "label": slot.label,
        "recipient": slot.recipient,
        "made": slot.made,
        "tried": slot.tried,
        "sealed": {name: b64(sealed) for name, sealed in slot.sealed},
    }


def _mac(key: bytes, value: object) -> bytes:
    return hmac.new(key, canonical_json(value), hashlib.sha256).digest()


def _sum(whole: dict[str, Any]) -> str:
    return hashlib.sha256(canonical_json(whole)).hexdigest()


def _version(whole: Any) -> int:
    if not isinstance(whole, dict) or whole.get("format") != FORMAT:
        raise KeyFileDamaged
    version = _int(whole.get("version"))
    if version not in {1, VERSION}:
        raise KeyFileNewer
    return version


def _read_first(whole: Any) -> tuple[Content, Macs, bool]:
    _exactly(whole, "format version db generation slots mac")
    slots = tuple(_parse_first_slot(slot, "passphrase") for slot in _list(whole["slots"]))
    _check_slots(slots, ())
    content = Content(1, _uuid(whole["db"]), _int(whole["generation"]), slots, (), None)
    return content, Macs(unb64(whole["mac"], _MAC)), False


def _read_second(whole: Any) -> tuple[Content, Macs, bool]:
    _exactly(whole, "format version db generation former slots mac sum")
    _exactly(whole["mac"], "file users escrow")
    listed = _list(whole["slots"])
    users = tuple(_parse_user(slot) for slot in listed if slot["type"] != "escrow")
    escrows = tuple(_parse_escrow(slot) for slot in listed if slot["type"] == "escrow")
    _check_slots(users, escrows)
    former = None if whole["former"] is None else unb64(whole["former"], _FORMER)
    content = Content(
        VERSION, _uuid(whole["db"]), _int(whole["generation"]), users, escrows, former
    )
    macs = Macs(*(unb64(whole["mac"][part], _MAC) for part in ("file", "users", "escrow")))
    written_sum = whole.pop("sum")
    return content, macs, written_sum != _sum(whole)


def _check_slots(users: tuple[PassphraseSlot, ...], escrows: tuple[EscrowSlot, ...]) -> None:
    ids = [slot.slot_id for slot in users] + [slot.slot_id for slot in escrows]
    if not users or len(ids) > MAX_SLOTS or len(set(ids)) != len(ids):
        raise KeyFileDamaged


def _parse_user(slot: Any) -> PassphraseSlot:
    if slot["type"] == EARLIER:
        return _parse_first_slot(slot, EARLIER)
    _exactly(slot, "id type user roles kdf second wrap recipient nonce ct renewals")
    renewals = tuple(_parse_renewal(each) for each in _list(slot["renewals"]))
    if len(renewals) > MAX_RENEWALS or slot["second"] not in {None, "os-keystore"}:
        raise KeyFileDamaged
    recipient = _recipient(slot["recipient"])
    return _parse_common(slot, "passphrase", recipient, slot["second"] is not None, renewals)


def _parse_first_slot(slot: Any, kind: str) -> PassphraseSlot:
    _exactly(slot, "id type user roles kdf second wrap nonce ct")
    if slot["second"] is not None:
        raise KeyFileDamaged
    return _parse_common(slot, kind, "", False, ())  # noqa: FBT003


def _parse_common(
    slot: Any, kind: str, recipient: str, second: bool, renewals: tuple[Renewal, ...]
) -> PassphraseSlot:
    kdf = slot["kdf"]
    _exactly(kdf, "name salt m_kib t p")
    if (slot["type"], kdf["name"], slot["wrap"]) != (kind, "argon2id", "chacha20poly1305"):
        raise KeyFileDamaged
    return PassphraseSlot(
        slot_id=_slot_id(slot["id"]),
        user_id=_uuid(slot["user"]),
        roles=_roles(slot["roles"]),
        kdf=KdfCost(_int(kdf["m_kib"]), _int(kdf["t"]), _int(kdf["p"])),
        salt=unb64(kdf["salt"], SALT),
        nonce=unb64(slot["nonce"], NONCE),
        ct=unb64(slot["ct"], None),
        recipient=recipient,
        second=second,
        renewals=renewals,
    )


def _parse_renewal(renewal: Any) -> Renewal:
    _exactly(renewal, "roles nonce ct")
    return Renewal(
        _roles(renewal["roles"]), unb64(renewal["nonce"], NONCE), unb64(renewal["ct"], None)
    )


def _parse_escrow(slot: Any) -> EscrowSlot:
    _exactly(slot, "id type label recipient made tried sealed")
    label, made, tried = slot["label"], slot["made"], slot["tried"]
    if not isinstance(label, str) or len(label) > _MAX_LABEL:
        raise KeyFileDamaged
    for moment in (made, tried):
        if moment is not None and datetime.fromisoformat(moment).tzinfo is None:
            raise KeyFileDamaged
    if made is None or not isinstance(slot["sealed"], dict) or len(slot["sealed"]) > _MAX_KEYS:
        raise KeyFileDamaged
    sealed = {_name(name): unb64(each, None) for name, each in slot["sealed"].items()}
    return EscrowSlot(
        slot_id=_slot_id(slot["id"]),
        label=label,
        recipient=_recipient(slot["recipient"]),
        made=made,
        tried=tried,
        sealed=tuple(sorted(sealed.items())),
    )


def _recipient(value: Any) -> str:
    """Return what looks like a hybrid recipient; the MAC tells whether it is the right one."""
    if not isinstance(value, str) or _RECIPIENT.match(value) is None:
        raise KeyFileDamaged
    return value


def _exactly(value: Any, names: str) -> None:
    if not isinstance(value, dict) or set(value) != set(names.split()):
        raise KeyFileDamaged


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise KeyFileDamaged
    return value


def _int(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise KeyFileDamaged
    return value


def _roles(value: Any) -> tuple[str, ...]:
    roles = tuple(_name(role) for role in _list(value))
    if len(set(roles)) != len(roles):
        raise KeyFileDamaged
    return roles


def _name(value: Any) -> str:
    if not isinstance(value, str) or NAME.match(value) is None:
        raise KeyFileDamaged
    return value


def _slot_id(value: Any) -> str:
    if _SLOT_ID.match(value) is None:
        raise KeyFileDamaged
    return str(value)


def _uuid(value: Any) -> UUID:
    parsed = UUID(value)
    if str(parsed) != value:
        raise KeyFileDamaged
    return parsed
