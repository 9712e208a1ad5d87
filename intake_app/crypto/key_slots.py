"""The slots of a key file: how a passphrase, a renewal and the recovery cards hold keys.

Passphrase slot: a keyring (the master key and the user's own keys) under

    A    = Argon2id(NFKC(passphrase), salt, m, t, p, ad="doorgaande-lijn/v1/slot")     32 bytes
    KEK  = HKDF-SHA-256(A, salt=second factor or "", info="doorgaande-lijn/v2/kek")    32 bytes
    ct   = ChaCha20-Poly1305(KEK, nonce, {"bound": …, "keys": …}, aad="doorgaande-lijn/v2/slot")

`bound` repeats the database and every field of the slot but nonce, ct and renewals; a slot that
opens but says something else was changed, and it can be told what. In version 1 the same fields
were the AAD (info "doorgaande-lijn/v1/kek") and `ct` held the keys alone.

Renewal: what an administrator puts beside the slot of a user who is away. It is an age file to the
user's own hybrid identity, inside ChaCha20-Poly1305 under a key derived from the master key the
slot knew before. Who finds the file cannot make one and who left cannot read one. Somebody who left
knows that former key, so could make one, for a whole vault of their own making only: never one that
opens the present database.

Escrow slot: every key by its name in an age file of its own to the identity on the recovery cards,
so that the master key can be renewed by somebody who does not hold the medical key.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from intake_app.crypto import age
from intake_app.crypto.key_file_errors import (
    ForeignSlot,
    KdfOutOfBounds,
    KeyFileDamaged,
    SlotChanged,
)
from intake_app.crypto.key_slots_base64 import b64, unb64
from intake_app.crypto.strict_json import JsonRefusedError, canonical_json, strict_json

KEY: Final = 32
SALT: Final = 16
NONCE: Final = 12
MAX_PASSPHRASE: Final = 1024
MAX_RENEWALS: Final = 32
MASTER: Final = "mk"
OWN_IDENTITY: Final = "age"
"""The name in the keyring of the seed of the user's own hybrid identity."""

NAME: Final = re.compile(r"[a-z0-9_-]{1,32}\Z")

MasterKey: TypeAlias = bytes
Random: TypeAlias = Callable[[int], bytes]
Second: TypeAlias = Callable[[str], bytes | None]
"""Returns the second factor of the slot with this identifier, None where it is not at hand."""

_SLOT_AAD: Final = b"doorgaande-lijn/v2/slot"
_MAX_PLAIN: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class KdfCost:
    """Cost of Argon2id: memory in KiB, passes, lanes. Raises KdfOutOfBounds outside the bounds."""

    m_kib: int = 262_144
    t: int = 3
    p: int = 4

    def __post_init__(self) -> None:
        inside = 65_536 <= self.m_kib <= 2_097_152 and 3 <= self.t <= 16 and 1 <= self.p <= 16
        if not inside:
            raise KdfOutOfBounds


@dataclass(frozen=True, slots=True)
class Renewal:
    """New keys and roles for a user who was away, applied at that user's next unlock."""

    roles: tuple[str, ...]
    nonce: bytes
    ct: bytes


@dataclass(frozen=True, slots=True)
class PassphraseSlot:
    """One user's way in. No name stands in clear: only the user's UUID and roles."""

    slot_id: str
    user_id: UUID
    roles: tuple[str, ...]
    """The roles when the slot was last written; `effective_roles` counts the renewals."""
    kdf: KdfCost
    salt: bytes
    nonce: bytes
    ct: bytes
    recipient: str = ""
    """The user's own age recipient; '' for a slot of version 1, which has none."""
    second: bool = False
    """True when the passphrase opens it only with a secret from the system's key store."""
    renewals: tuple[Renewal, ...] = ()

    @property
    def effective_roles(self) -> tuple[str, ...]:
        """The roles that count now."""
        return self.renewals[-1].roles if self.renewals else self.roles

    @property
    def earlier(self) -> bool:
        """True for a slot of version 1."""
        return not self.recipient


@dataclass(frozen=True, slots=True)
class EscrowSlot:
    """The way in with two recovery cards; in force once they were tried."""

    slot_id: str
    label: str
    recipient: str
    made: str
    """When, as ISO text."""
    tried: str | None
    """When two cards were tried with success, None as long as they are only proposed."""
    sealed: tuple[tuple[str, bytes], ...]
    """Per name of a key, in order of name, an age file of it."""

    @property
    def names(self) -> frozenset[str]:
        """The names of the keys that can be had with the cards."""
        return frozenset(name for name, _ in self.sealed)


@dataclass(frozen=True, slots=True)
class OpenedSlot:
    """What a passphrase opened: the master key and the user's own keys; never printed."""

    master: MasterKey = field(repr=False)
    keyring: Mapping[str, bytes] = field(repr=False)
    user_id: UUID
    roles: tuple[str, ...]
    slot_id: str = ""
    kek: bytes = field(default=b"", repr=False)
    """Wraps the slot again without the passphrase."""
    stale: bool = False
    """True when the slot should be written again: renewals wait, or it is of version 1."""


def purpose_key(master: MasterKey, db: UUID, purpose: str) -> bytes:
    """Return the 32-byte key for one purpose ("sqlcipher", "slots-mac", …) of database `db`.

    HKDF-SHA-256 with the database's UUID as salt and info "doorgaande-lijn/v1/<purpose>".
    """
    if len(master) != KEY or NAME.match(purpose) is None:
        raise ValueError("not a master key or purpose")
    info = f"doorgaande-lijn/v1/{purpose}".encode()
    return HKDF(SHA256(), KEY, salt=db.bytes, info=info).derive(master)


def slot_fields(slot: PassphraseSlot) -> dict[str, Any]:
    """Return what stands in a slot but nonce, ct and renewals; of version 1 as it was then."""
    cost = {"m_kib": slot.kdf.m_kib, "t": slot.kdf.t, "p": slot.kdf.p}
    common = {
        "id": slot.slot_id,
        "type": "passphrase",
        "user": str(slot.user_id),
        "roles": list(slot.roles),
        "kdf": {"name": "argon2id", "salt": b64(slot.salt), **cost},
        "second": "os-keystore" if slot.second else None,
        "wrap": "chacha20poly1305",
    }
    if slot.earlier:
        return {**common, "nonce": b64(slot.nonce)}
    return {**common, "recipient": slot.recipient}


def check_passphrase(passphrase: str) -> None:
    """Raise ValueError for a text that no slot can have: empty, too long, or no text."""
    if not 0 < len(passphrase) <= MAX_PASSPHRASE:
        raise ValueError("passphrase length")
    passphrase.encode()


def stretched(passphrase: str, salt: bytes, kdf: KdfCost) -> bytes:
    """Return Argon2id of the normalised passphrase; ValueError for one that cannot be one."""
    check_passphrase(passphrase)
    return Argon2id(
        salt=salt,
        length=KEY,
        iterations=kdf.t,
        lanes=kdf.p,
        memory_cost=kdf.m_kib,
        ad=b"doorgaande-lijn/v1/slot",
    ).derive(unicodedata.normalize("NFKC", passphrase).encode())


def kek_of(stretched_passphrase: bytes, second: bytes | None) -> bytes:
    """Return the key that wraps a slot of version 2."""
    info = b"doorgaande-lijn/v2/kek"
    return HKDF(SHA256(), KEY, salt=second, info=info).derive(stretched_passphrase)


def make_slot(
    db: UUID,
    master: MasterKey,
    *,
    user_id: UUID,
    passphrase: str,
    roles: Iterable[str],
    keyring: Mapping[str, bytes],
    kdf: KdfCost,
    random: Random,
    slot_id: str = "",
    second: bytes | None = None,
) -> PassphraseSlot:
    """Return a slot that `passphrase` opens, with `second` (32 bytes) when one is given.

    A keyring without an identity of the user's own gets one. Raises ValueError for an unusable
    passphrase, role or keyring.
    """
    ring = dict(keyring)
    ring.setdefault(OWN_IDENTITY, random(KEY))
    salt = random(SALT)
    kek = kek_of(stretched(passphrase, salt, kdf), second)
    bare = PassphraseSlot(
        slot_id or random(16).hex(), user_id, tuple(roles), kdf, salt, b"", b"", "", bool(second)
    )
    return wrapped(db, bare, master, ring, kek, random)


def wrapped(
    db: UUID,
    slot: PassphraseSlot,
    master: MasterKey,
    keyring: Mapping[str, bytes],
    kek: bytes,
    random: Random,
) -> PassphraseSlot:
    """Return `slot` with this keyring under the same passphrase, and no renewals."""
    check_names(slot.roles)
    usable = MASTER not in keyring and OWN_IDENTITY in keyring
    if not usable or not all(NAME.match(n) and len(k) == KEY for n, k in keyring.items()):
        raise ValueError("keyring")
    recipient = age.HybridIdentity(keyring[OWN_IDENTITY]).recipient.encode()
    bare = replace(slot, recipient=recipient, nonce=random(NONCE), renewals=())
    keys = {MASTER: b64(master), **{name: b64(key) for name, key in keyring.items()}}
    plain = canonical_json({"bound": _bound(db, bare), "keys": keys})
    return replace(bare, ct=ChaCha20Poly1305(kek).encrypt(bare.nonce, plain, _SLOT_AAD))


def unwrap(
    db: UUID, slot: PassphraseSlot, passphrase: str, second: bytes | None
) -> tuple[dict[str, bytes], bytes] | None:
    """Return the keyring with "mk" and the KEK of version 2, None when this does not open.

    Renewals are not applied. Raises ValueError for a passphrase that cannot be one, ForeignSlot
    or SlotChanged when it opens but is not what it was made to be.
    """
    stretch = stretched(passphrase, slot.salt, slot.kdf)
    kek = kek_of(stretch, second)
    if slot.earlier:
        key = HKDF(SHA256(), KEY, salt=None, info=b"doorgaande-lijn/v1/kek").derive(stretch)
        aad = canonical_json({"db": str(db), "slot": slot_fields(slot)})
        plain = _decrypted(key, slot.nonce, slot.ct, aad)
        return None if plain is None else (_keys(_parsed(plain)), kek)
    plain = _decrypted(kek, slot.nonce, slot.ct, _SLOT_AAD)
    if plain is None:
        return None
    whole = _parsed(plain)
    if not isinstance(whole, dict) or set(whole) != {"bound", "keys"}:
        raise KeyFileDamaged
    expected = _bound(db, slot)
    if whole["bound"] != expected:
        ours = isinstance(whole["bound"], dict) and whole["bound"].get("db") == expected["db"]
        raise SlotChanged if ours else ForeignSlot
    return _keys(whole["keys"]), kek


def renewed(
    db: UUID,
    slot: PassphraseSlot,
    master: MasterKey,
    *,
    roles: tuple[str, ...],
    keys: Mapping[str, bytes],
    drop: Iterable[str] = (),
    random: Random,
) -> PassphraseSlot:
    """Return `slot` with one more renewal: `keys` come into the ring, those in `drop` leave it.

    `master` is the master key the slot leads to before. Raises ValueError for a slot of version 1,
    when too many wait, or for unusable roles.
    """
    check_names(roles)
    if slot.earlier or len(slot.renewals) >= MAX_RENEWALS:
        raise ValueError("no renewal possible")
    inner = {"keys": {name: b64(key) for name, key in keys.items()}, "drop": sorted(drop)}
    sealed = seal(slot.recipient, canonical_json(inner), random)
    aad = _renewal_aad(db, slot, len(slot.renewals), roles)
    nonce, key = random(NONCE), purpose_key(master, db, "renewal")
    added = Renewal(roles, nonce, ChaCha20Poly1305(key).encrypt(nonce, sealed, aad))
    return replace(slot, renewals=(*slot.renewals, added))


def apply_renewals(db: UUID, slot: PassphraseSlot, ring: dict[str, bytes]) -> None:
    """Bring a keyring (with "mk") that was just unwrapped up to date, in place.

    Raises SlotChanged when a renewal is not the next one for this ring.
    """
    for number, renewal in enumerate(slot.renewals):
        aad = _renewal_aad(db, slot, number, renewal.roles)
        key = purpose_key(ring[MASTER], db, "renewal")
        sealed = _decrypted(key, renewal.nonce, renewal.ct, aad)
        if sealed is None:
            raise SlotChanged
        plain = unseal(ring[OWN_IDENTITY], sealed)
        inner = None if plain is None else _parsed(plain)
        if not isinstance(inner, dict) or set(inner) != {"keys", "drop"}:
            raise SlotChanged
        for name in inner["drop"]:
            ring.pop(name, None)
        ring.update(_keys({MASTER: b64(ring[MASTER]), **inner["keys"]}))


def seal(recipient: str, plain: bytes, random: Random) -> bytes:
    """Return an age file of `plain` to one recipient."""
    target = io.BytesIO()
    age.encrypt([age.parse_recipient(recipient)], io.BytesIO(plain), target, random=random)
    return target.getvalue()


def unseal(seed: bytes, sealed: bytes) -> bytes | None:
    """Return what is in an age file to the hybrid identity of `seed`, None if it does not open."""
    try:
        return age.open_decrypted([age.HybridIdentity(seed)], io.BytesIO(sealed)).read()
    except age.AgeError:
        return None


def check_names(names: Iterable[str]) -> None:
    """Raise ValueError unless these are distinct names as roles have them."""
    listed = list(names)
    if len(set(listed)) != len(listed) or not all(NAME.match(name) for name in listed):
        raise ValueError("roles")


def _bound(db: UUID, slot: PassphraseSlot) -> dict[str, Any]:
    return {"db": str(db), **slot_fields(slot)}


def _renewal_aad(db: UUID, slot: PassphraseSlot, number: int, roles: tuple[str, ...]) -> bytes:
    where = {"db": str(db), "slot": slot.slot_id, "user": str(slot.user_id), "number": number}
    return canonical_json({**where, "roles": list(roles)})


def _decrypted(key: bytes, nonce: bytes, ct: bytes, aad: bytes) -> bytes | None:
    try:
        return ChaCha20Poly1305(key).decrypt(nonce, ct, aad)
    except InvalidTag:
        return None


def _parsed(plain: bytes) -> Any:
    """Return what was authenticated; a failure here is damage, not an attack."""
    try:
        return strict_json(plain, max_bytes=_MAX_PLAIN, max_depth=4)
    except JsonRefusedError:
        raise KeyFileDamaged from None


def _keys(parsed: Any) -> dict[str, bytes]:
    try:
        ring = {str(name): unb64(text, KEY) for name, text in parsed.items()}
    except (AttributeError, ValueError):
        raise KeyFileDamaged from None
    if MASTER not in ring:
        raise KeyFileDamaged
    return ring
