"""The key file of a vault: who may open it, and with what (format doorgaande-lijn-sleutels, 1).

A random master key never leaves the file unwrapped. Each passphrase slot wraps a keyring (the
master key and the user's own keys) under

    A    = Argon2id(NFKC(passphrase), salt, m, t, p, ad="doorgaande-lijn/v1/slot")     32 bytes
    KEK  = HKDF-SHA-256(A, salt="", info="doorgaande-lijn/v1/kek")                     32 bytes
    ct   = ChaCha20-Poly1305(KEK, nonce, keyring, aad=canonical JSON of db and slot without ct)

and `mac` is HMAC-SHA-256 over the canonical JSON of the file without `mac`, under a key derived
from the master key. So a changed role, a weaker or dearer cost, a slot that was removed, added
or taken from another vault is refused: by the slot's AAD or by the MAC.

A `KeyFile` is immutable: what changes it returns a new one with `generation` one higher. Reading
and writing files (temporary name, fsync, rename, second copy) is the vault's work.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
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

from intake_app.crypto.strict_json import (
    JsonRefusedError,
    canonical_json,
    readable_json,
    strict_json,
)

FORMAT: Final = "doorgaande-lijn-sleutels"
VERSION: Final = 1
MAX_BYTES: Final = 1 << 20
MAX_SLOTS: Final = 64
MAX_PASSPHRASE: Final = 1024

MasterKey: TypeAlias = bytes
Random: TypeAlias = Callable[[int], bytes]

_KEY = 32
_SALT = 16
_NONCE = 12
_NAME = re.compile(r"[a-z0-9_-]{1,32}\Z")
_SLOT_ID = re.compile(r"[0-9a-f]{32}\Z")


class KeyFileError(Exception):
    """Something about the key file; `str()` is a Dutch sentence for the person at the screen."""

    sentence = ""

    def __str__(self) -> str:
        return self.sentence


class WrongPassphrase(KeyFileError):
    """No passphrase slot of this user opens with this passphrase."""

    sentence = (
        "Deze wachtwoordzin klopt niet. De kluis blijft dicht. "
        "Probeer het opnieuw en let op Caps Lock en de indeling van het toetsenbord."
    )


class KeyFileDamaged(KeyFileError):
    """The bytes are no key file of this format."""

    sentence = (
        "Het sleutelbestand is beschadigd. De kluis kan er niet mee open. "
        "Zet de kopie van het sleutelbestand of een back-up terug."
    )


class KeyFileNewer(KeyFileError):
    """The key file is of a version this program does not know."""

    sentence = (
        "Het sleutelbestand is gemaakt met een nieuwere versie van dit programma. "
        "Deze versie kan de kluis niet openen. Zet eerst de nieuwste versie op deze laptop."
    )


class KeyFileTampered(KeyFileError):
    """The passphrase is right, but the file was changed by someone without the master key."""

    sentence = (
        "Het sleutelbestand is veranderd buiten dit programma om. De kluis blijft dicht. "
        "Waarschuw de beheerder en zet een back-up van het sleutelbestand terug."
    )


class KdfOutOfBounds(KeyFileError):
    """A slot asks for a key derivation that is too weak, or so dear that it blocks the laptop."""

    sentence = (
        "Het sleutelbestand vraagt een beveiliging buiten de toegestane grenzen. "
        "De kluis blijft dicht. Waarschuw de beheerder en zet een back-up terug."
    )


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
class PassphraseSlot:
    """One user's way in. No name stands in clear: only the user's UUID and roles."""

    slot_id: str
    user_id: UUID
    roles: tuple[str, ...]
    kdf: KdfCost
    salt: bytes
    nonce: bytes
    ct: bytes


@dataclass(frozen=True, slots=True)
class OpenedSlot:
    """What a passphrase opened: the master key and the user's own keys; never printed."""

    master: MasterKey = field(repr=False)
    keyring: Mapping[str, bytes] = field(repr=False)
    user_id: UUID
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeyFile:
    """The parsed key file of database `db`; `generation` counts its changes from 0."""

    db: UUID
    generation: int
    slots: tuple[PassphraseSlot, ...]
    mac: bytes

    @classmethod
    def create(cls, db: UUID, *, random: Random) -> tuple[KeyFile, MasterKey]:
        """Return a key file without slots for database `db`, and its new master key.

        It cannot be written before a slot is added.
        """
        master = random(_KEY)
        return _sealed(cls(db, 0, (), b""), master), master

    def add_passphrase_slot(
        self,
        master: MasterKey,
        *,
        user_id: UUID,
        passphrase: str,
        roles: Iterable[str],
        keyring: Mapping[str, bytes],
        kdf: KdfCost,
        random: Random,
    ) -> KeyFile:
        """Return this file with one more slot that `passphrase` opens.

        `keyring` holds the user's own 32-byte keys by name (lower-case ASCII; "mk" is reserved).
        Raises KeyFileTampered if `master` is not this file's, ValueError for an unusable
        passphrase, role or keyring or when there are already 64 slots.
        """
        self.verify_mac(master)
        if len(self.slots) >= MAX_SLOTS:
            raise ValueError("too many slots")
        slot = _make_slot(self.db, master, user_id, passphrase, tuple(roles), keyring, kdf, random)
        return self._with(master, (*self.slots, slot))

    def remove_user(self, master: MasterKey, user_id: UUID) -> KeyFile:
        """Return this file without the slots of `user_id`.

        This does not revoke a copy of the old file with the old passphrase: give the database a
        new master key for that. Raises ValueError if no slot would remain or none is removed.
        """
        self.verify_mac(master)
        left = tuple(slot for slot in self.slots if slot.user_id != user_id)
        if not left or len(left) == len(self.slots):
            raise ValueError("no slot would remain, or nothing to remove")
        return self._with(master, left)

    def change_passphrase(
        self, old: str, new: str, *, user_id: UUID | None = None, kdf: KdfCost, random: Random
    ) -> KeyFile:
        """Return this file with the slot that `old` opens re-wrapped under `new`.

        Keyring and roles stay; salt and nonce are new; other slots are untouched. Raises as
        `open` does.
        """
        slot, opened = self._open(old, user_id)
        made = _make_slot(
            self.db, opened.master, slot.user_id, new, slot.roles, opened.keyring, kdf, random
        )
        slots = tuple(made if each is slot else each for each in self.slots)
        return self._with(opened.master, slots)

    def open(self, passphrase: str, user_id: UUID | None = None) -> OpenedSlot:
        """Return what `passphrase` opens: the slot of `user_id`, or the first that fits.

        The MAC over the whole file has been verified on return. Raises WrongPassphrase, or
        KeyFileTampered when a slot opens but the file was changed.
        """
        return self._open(passphrase, user_id)[1]

    def _open(self, passphrase: str, user_id: UUID | None) -> tuple[PassphraseSlot, OpenedSlot]:
        try:
            secret = _passphrase_bytes(passphrase)
        except ValueError:
            raise WrongPassphrase from None
        for slot in self.slots:
            if user_id is not None and slot.user_id != user_id:
                continue
            kek = _kek(secret, slot.salt, slot.kdf)
            try:
                plain = ChaCha20Poly1305(kek).decrypt(slot.nonce, slot.ct, _aad(self.db, slot))
            except InvalidTag:
                continue
            keyring = _parse_keyring(plain)
            master = keyring.pop("mk")
            self.verify_mac(master)
            return slot, OpenedSlot(master, keyring, slot.user_id, slot.roles)
        raise WrongPassphrase

    def verify_mac(self, master: MasterKey) -> None:
        """Return None if the file is exactly what a holder of `master` last made of it.

        Raises KeyFileTampered otherwise.
        """
        if not hmac.compare_digest(_mac(self, master), self.mac):
            raise KeyFileTampered

    def to_bytes(self) -> bytes:
        """Return the file as JSON. Raises ValueError without slots: nobody could ever open it."""
        if not self.slots:
            raise ValueError("a key file needs a slot")
        return readable_json({**_content(self), "mac": _b64(self.mac)})

    @classmethod
    def from_bytes(cls, data: bytes) -> KeyFile:
        """Return the key file in `data`, strictly parsed.

        Raises KeyFileNewer for another version of the format, KdfOutOfBounds for a cost outside
        the bounds, KeyFileDamaged for everything else that is not exactly version 1. What is
        returned is not verified yet: `open` and `verify_mac` do that.
        """
        try:
            whole = strict_json(data, max_bytes=MAX_BYTES, max_depth=6)
            _check_version(whole)
            _exactly(whole, "format version db generation slots mac")
            slots = tuple(_parse_slot(slot) for slot in _list(whole["slots"]))
            ids = {slot.slot_id for slot in slots}
            if not 0 < len(slots) <= MAX_SLOTS or len(ids) != len(slots):
                raise KeyFileDamaged
            generation = _int(whole["generation"])
            return cls(_uuid(whole["db"]), generation, slots, _unb64(whole["mac"], 32))
        except (JsonRefusedError, AttributeError, TypeError, ValueError, KeyError):
            raise KeyFileDamaged from None

    def _with(self, master: MasterKey, slots: tuple[PassphraseSlot, ...]) -> KeyFile:
        return _sealed(replace(self, slots=slots, generation=self.generation + 1), master)


def subkey(master: MasterKey, db: UUID, purpose: str) -> bytes:
    """Return the 32-byte key for one purpose ("sqlcipher", "slots-mac", …) of database `db`.

    HKDF-SHA-256 with the database's UUID as salt and info "doorgaande-lijn/v1/<purpose>".
    """
    if len(master) != _KEY or _NAME.match(purpose) is None:
        raise ValueError("not a master key or purpose")
    info = f"doorgaande-lijn/v1/{purpose}".encode()
    return HKDF(SHA256(), _KEY, salt=db.bytes, info=info).derive(master)


def _fields(slot: PassphraseSlot) -> dict[str, Any]:
    """Return every field of a slot but `ct`: what its AAD covers."""
    cost = {"m_kib": slot.kdf.m_kib, "t": slot.kdf.t, "p": slot.kdf.p}
    return {
        "id": slot.slot_id,
        "type": "passphrase",
        "user": str(slot.user_id),
        "roles": list(slot.roles),
        "kdf": {"name": "argon2id", "salt": _b64(slot.salt), **cost},
        "second": None,
        "wrap": "chacha20poly1305",
        "nonce": _b64(slot.nonce),
    }


def _aad(db: UUID, slot: PassphraseSlot) -> bytes:
    return canonical_json({"db": str(db), "slot": _fields(slot)})


def _content(file: KeyFile) -> dict[str, Any]:
    slots = [{**_fields(slot), "ct": _b64(slot.ct)} for slot in file.slots]
    head = {"format": FORMAT, "version": VERSION, "db": str(file.db)}
    return {**head, "generation": file.generation, "slots": slots}


def _mac(file: KeyFile, master: MasterKey) -> bytes:
    key = subkey(master, file.db, "slots-mac")
    return hmac.new(key, canonical_json(_content(file)), hashlib.sha256).digest()


def _sealed(file: KeyFile, master: MasterKey) -> KeyFile:
    return replace(file, mac=_mac(file, master))


def _passphrase_bytes(passphrase: str) -> bytes:
    """Return the normalised passphrase: NFKC, UTF-8. Raises ValueError when empty or unusable."""
    if not 0 < len(passphrase) <= MAX_PASSPHRASE:
        raise ValueError("passphrase length")
    return unicodedata.normalize("NFKC", passphrase).encode()


def _kek(secret: bytes, salt: bytes, kdf: KdfCost) -> bytes:
    stretched = Argon2id(
        salt=salt,
        length=_KEY,
        iterations=kdf.t,
        lanes=kdf.p,
        memory_cost=kdf.m_kib,
        ad=b"doorgaande-lijn/v1/slot",
    ).derive(secret)
    return HKDF(SHA256(), _KEY, salt=None, info=b"doorgaande-lijn/v1/kek").derive(stretched)


def _make_slot(
    db: UUID,
    master: MasterKey,
    user_id: UUID,
    passphrase: str,
    roles: tuple[str, ...],
    keyring: Mapping[str, bytes],
    kdf: KdfCost,
    random: Random,
) -> PassphraseSlot:
    if "mk" in keyring or not all(
        _NAME.match(name) and len(key) == _KEY for name, key in keyring.items()
    ):
        raise ValueError("keyring")
    if not all(_NAME.match(role) for role in roles) or len(set(roles)) != len(roles):
        raise ValueError("roles")
    kek = _kek(_passphrase_bytes(passphrase), salt := random(_SALT), kdf)
    slot_id = random(16).hex()
    bare = PassphraseSlot(slot_id, user_id, roles, kdf, salt, random(_NONCE), b"")
    plain = canonical_json({"mk": _b64(master), **{n: _b64(k) for n, k in keyring.items()}})
    ct = ChaCha20Poly1305(kek).encrypt(bare.nonce, plain, _aad(db, bare))
    return replace(bare, ct=ct)


def _parse_keyring(plain: bytes) -> dict[str, bytes]:
    """Return the unwrapped keys; it is authentic, so a failure here is damage, not an attack."""
    try:
        parsed = strict_json(plain, max_bytes=MAX_BYTES, max_depth=1)
        ring = {str(name): _unb64(text, _KEY) for name, text in parsed.items()}
        if "mk" not in ring:
            raise KeyFileDamaged
    except (JsonRefusedError, AttributeError, TypeError, ValueError):
        raise KeyFileDamaged from None
    return ring


def _check_version(whole: Any) -> None:
    if not isinstance(whole, dict) or whole.get("format") != FORMAT:
        raise KeyFileDamaged
    if _int(whole.get("version")) != VERSION:
        raise KeyFileNewer


def _parse_slot(slot: Any) -> PassphraseSlot:
    _exactly(slot, "id type user roles kdf second wrap nonce ct")
    kdf = slot["kdf"]
    _exactly(kdf, "name salt m_kib t p")
    constant = (slot["type"], kdf["name"], slot["second"], slot["wrap"])
    if constant != ("passphrase", "argon2id", None, "chacha20poly1305"):
        raise KeyFileDamaged
    roles = tuple(_name(role) for role in _list(slot["roles"]))
    if _SLOT_ID.match(slot["id"]) is None or len(set(roles)) != len(roles):
        raise KeyFileDamaged
    cost = KdfCost(_int(kdf["m_kib"]), _int(kdf["t"]), _int(kdf["p"]))
    salt, nonce = _unb64(kdf["salt"], _SALT), _unb64(slot["nonce"], _NONCE)
    user = _uuid(slot["user"])
    return PassphraseSlot(slot["id"], user, roles, cost, salt, nonce, _unb64(slot["ct"], None))


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


def _name(value: Any) -> str:
    if not isinstance(value, str) or _NAME.match(value) is None:
        raise KeyFileDamaged
    return value


def _uuid(value: Any) -> UUID:
    parsed = UUID(value)
    if str(parsed) != value:
        raise KeyFileDamaged
    return parsed


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _unb64(text: Any, size: int | None) -> bytes:
    """Return the bytes of canonical base64 of exactly `size` bytes (any number if None)."""
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except (AttributeError, UnicodeEncodeError, binascii.Error):
        raise KeyFileDamaged from None
    if _b64(raw) != text or (size is not None and len(raw) != size):
        raise KeyFileDamaged
    return raw
