"""The key file of a vault: who may open it, and with what (format doorgaande-lijn-sleutels, 2).

A random master key never leaves the file unwrapped; `key_slots` tells how the slots wrap it. Every
file carries HMAC-SHA-256 over its canonical JSON under a key derived from the newest master key,
and two more over the users' slots and the escrow slots alone, to tell what was changed. `sum` is
SHA-256 over all of it: not a protection, but a file that nothing opens and whose sum is not right
was altered, where the passphrase would get the blame otherwise.

While the database gets a new master key, `former` holds the old one under the new: whoever stops
in between can finish. A file of version 1 opens, and is of version 2 after any change; the slots
of users who did not unlock since stay as they are.

A `KeyFile` is immutable: what changes it returns a new one with `generation` one higher. Reading
and writing files (temporary name, fsync, rename, second copy) is the vault's work.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from intake_app.crypto import age
from intake_app.crypto import key_file_format as text
from intake_app.crypto.key_file_errors import (
    EarlierSlotLeft,
    EscrowChanged,
    FileAltered,
    KeyFileTampered,
    NoEscrow,
    SecondFactorNeeded,
    UsersChanged,
    WrongPassphrase,
)
from intake_app.crypto.key_slots import (
    KEY,
    MASTER,
    NONCE,
    OWN_IDENTITY,
    EscrowSlot,
    KdfCost,
    MasterKey,
    OpenedSlot,
    PassphraseSlot,
    Random,
    Second,
    apply_renewals,
    check_passphrase,
    make_slot,
    purpose_key,
    renewed,
    seal,
    unseal,
    unwrap,
    wrapped,
)

MAX_SLOTS = text.MAX_SLOTS
_NO_MACS = text.Macs()


@dataclass(frozen=True, slots=True)
class KeyFile:
    """The parsed key file of database `db`; `generation` counts its changes from 0."""

    db: UUID
    generation: int
    slots: tuple[PassphraseSlot, ...]
    escrows: tuple[EscrowSlot, ...] = ()
    former: bytes | None = None
    """The master key before, under the present one, while the database changes from it."""
    macs: text.Macs = _NO_MACS
    version: int = text.VERSION
    altered: bool = field(default=False, compare=False)
    """True when the file that was read is not what this program wrote."""

    @classmethod
    def create(cls, db: UUID, *, random: Random) -> tuple[KeyFile, MasterKey]:
        """Return a key file without slots for database `db`, and its new master key.

        It cannot be written before a slot is added.
        """
        master = random(KEY)
        return _sealed(cls(db, 0, ()), master), master

    # --- opening ---------------------------------------------------------------------------------

    def open(
        self,
        passphrase: str,
        user_id: UUID | None = None,
        second: Second | None = None,
        *,
        first: UUID | None = None,
    ) -> OpenedSlot:
        """Return what `passphrase` opens: the slot of `user_id`, or the first that fits.

        The slot of `first` is tried before the others: each costs a whole Argon2id.
        Renewals have been applied and the MAC over the whole file verified on return. Raises
        WrongPassphrase (SecondFactorNeeded when a slot could not be tried for want of it), or a
        KeyFileTampered that tells what was changed.
        """
        try:
            check_passphrase(passphrase)
        except ValueError:
            raise WrongPassphrase from None
        lacking = False
        for slot in sorted(self.slots, key=lambda each: each.user_id != first):
            if user_id is not None and slot.user_id != user_id:
                continue
            secret = second(slot.slot_id) if slot.second and second is not None else None
            if slot.second and secret is None:
                lacking = True
                continue
            found = unwrap(self.db, slot, passphrase, secret)
            if found is not None:
                return self._entered(slot, *found)
        if self.altered:
            raise FileAltered
        raise SecondFactorNeeded if lacking else WrongPassphrase

    def open_escrow(self, seed: bytes) -> tuple[EscrowSlot, dict[str, bytes]]:
        """Return the escrow slot for the cards' identity with this seed, and its keys with "mk".

        The MAC over the whole file has been verified on return. Raises NoEscrow, or KeyFileTampered
        when the slot or the file was changed.
        """
        recipient = age.HybridIdentity(seed).recipient.encode()
        slot = next((e for e in self.escrows if e.recipient == recipient), None)
        if slot is None or MASTER not in slot.names:
            raise FileAltered if self.altered else NoEscrow
        keys: dict[str, bytes] = {}
        for name, sealed in slot.sealed:
            plain = unseal(seed, sealed)
            if plain is None or len(plain) != KEY:
                raise EscrowChanged
            keys[name] = plain
        self.verify_mac(keys[MASTER])
        return slot, keys

    def verify_mac(self, master: MasterKey) -> None:
        """Return None if the file is exactly what a holder of `master` last made of it.

        Raises KeyFileTampered otherwise: UsersChanged or EscrowChanged where that is what happened.
        """
        right = text.macs_of(self._content(), purpose_key(master, self.db, "slots-mac"))
        same = [
            hmac.compare_digest(expected, found)
            for expected, found in (
                (right.file, self.macs.file),
                (right.users, self.macs.users),
                (right.escrow, self.macs.escrow),
            )
        ]
        if all(same):
            return
        if same[0] or same[1] is same[2]:
            raise KeyFileTampered
        raise EscrowChanged if same[1] else UsersChanged

    def former_master(self, master: MasterKey) -> MasterKey | None:
        """Return the master key the database may still have, None when no change is under way.

        Raises KeyFileTampered if `master` is not this file's.
        """
        self.verify_mac(master)
        if self.former is None:
            return None
        key, nonce = purpose_key(master, self.db, "former"), self.former[:NONCE]
        try:
            return ChaCha20Poly1305(key).decrypt(nonce, self.former[NONCE:], self.db.bytes)
        except InvalidTag:
            raise KeyFileTampered from None

    def slot_of(self, user_id: UUID) -> PassphraseSlot | None:
        """Return the slot of this user, None if there is none."""
        return next((slot for slot in self.slots if slot.user_id == user_id), None)

    # --- changing --------------------------------------------------------------------------------

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

        `keyring` holds the user's own 32-byte keys by name (lower-case ASCII; "mk" is reserved,
        "age" is made when it is not there). Raises KeyFileTampered if `master` is not this file's,
        ValueError for an unusable passphrase, role or keyring or when there are already 64 slots.
        """
        self.verify_mac(master)
        if len(self.slots) + len(self.escrows) >= MAX_SLOTS:
            raise ValueError("too many slots")
        slot = make_slot(
            self.db,
            master,
            user_id=user_id,
            passphrase=passphrase,
            roles=roles,
            keyring=keyring,
            kdf=kdf,
            random=random,
        )
        return _changed(replace(self, slots=(*self.slots, slot)), master)

    def remove_user(self, master: MasterKey, user_id: UUID) -> KeyFile:
        """Return this file without the slots of `user_id`.

        This does not revoke a copy of the old file with the old passphrase: `rotate` as well.
        Raises ValueError if no slot would remain or none is removed.
        """
        self.verify_mac(master)
        left = tuple(slot for slot in self.slots if slot.user_id != user_id)
        if not left or len(left) == len(self.slots):
            raise ValueError("no slot would remain, or nothing to remove")
        return _changed(replace(self, slots=left), master)

    def change_passphrase(
        self,
        old: str,
        new: str,
        *,
        user_id: UUID | None = None,
        kdf: KdfCost,
        random: Random,
        second: Second | None = None,
    ) -> KeyFile:
        """Return this file with the slot that `old` opens re-wrapped under `new`.

        Keyring, roles and second factor stay; salt and nonce are new; other slots are untouched.
        Raises as `open` does.
        """
        opened = self.open(old, user_id, second)
        secret = self._secret(opened, second)
        return self.with_passphrase(opened, new, kdf=kdf, random=random, second=secret)

    def with_passphrase(
        self,
        opened: OpenedSlot,
        passphrase: str,
        *,
        kdf: KdfCost,
        random: Random,
        second: bytes | None,
        slot_id: str = "",
    ) -> KeyFile:
        """Return this file with the slot of `opened.user_id` made anew around the same keyring.

        Without `slot_id` it keeps its identifier, and so the name of its second factor.
        """
        self.verify_mac(opened.master)
        made = make_slot(
            self.db,
            opened.master,
            user_id=opened.user_id,
            passphrase=passphrase,
            roles=opened.roles,
            keyring=opened.keyring,
            kdf=kdf,
            random=random,
            slot_id=slot_id or opened.slot_id,
            second=second,
        )
        return self._replaced(opened.master, made)

    def refreshed(self, opened: OpenedSlot, *, random: Random) -> KeyFile:
        """Return this file with the slot just opened written again: of version 2, none waiting."""
        slot = self._own(opened)
        ring = dict(opened.keyring)
        ring.setdefault(OWN_IDENTITY, random(KEY))
        bare = replace(slot, roles=opened.roles)
        return self._replaced(
            opened.master, wrapped(self.db, bare, opened.master, ring, opened.kek, random)
        )

    def with_roles(
        self,
        master: MasterKey,
        user_id: UUID,
        roles: tuple[str, ...],
        *,
        keys: Mapping[str, bytes],
        drop: Iterable[str] = (),
        random: Random,
    ) -> KeyFile:
        """Return this file with a renewal for `user_id`: these roles, keys that come and go.

        Raises EarlierSlotLeft for a slot of version 1, ValueError as `renewed` does.
        """
        self.verify_mac(master)
        slot = self.slot_of(user_id)
        if slot is None:
            raise ValueError("no such user")
        if slot.earlier:
            raise EarlierSlotLeft
        made = renewed(self.db, slot, master, roles=roles, keys=keys, drop=drop, random=random)
        return self._replaced(master, made)

    def rotate(self, master: MasterKey, *, random: Random) -> tuple[KeyFile, MasterKey]:
        """Return this file under a new master key, and that key; `former` holds the old one.

        Every slot gets a renewal and every escrow slot the new key. Raises EarlierSlotLeft when a
        slot of version 1 is left, ValueError when a change is under way already or too many wait.
        """
        self.verify_mac(master)
        if self.former is not None:
            raise ValueError("another change is under way")
        if any(slot.earlier for slot in self.slots):
            raise EarlierSlotLeft
        new = random(KEY)
        slots = tuple(
            renewed(
                self.db,
                slot,
                master,
                roles=slot.effective_roles,
                keys={MASTER: new},
                random=random,
            )
            for slot in self.slots
        )
        escrows = tuple(
            with_key(each, MASTER, new, random) if MASTER in each.names else each
            for each in self.escrows
        )
        nonce = random(NONCE)
        sealed = ChaCha20Poly1305(purpose_key(new, self.db, "former")).encrypt(
            nonce, master, self.db.bytes
        )
        changed = replace(self, slots=slots, escrows=escrows, former=nonce + sealed)
        return _changed(changed, new), new

    def without_former(self, master: MasterKey) -> KeyFile:
        """Return this file when the database has the new master key for certain."""
        self.verify_mac(master)
        return _changed(replace(self, former=None), master)

    def with_escrows(self, master: MasterKey, escrows: tuple[EscrowSlot, ...]) -> KeyFile:
        """Return this file with exactly these escrow slots."""
        self.verify_mac(master)
        if len(self.slots) + len(escrows) > MAX_SLOTS:
            raise ValueError("too many slots")
        return _changed(replace(self, escrows=escrows), master)

    def after(self, generation: int, master: MasterKey) -> KeyFile:
        """Return the same file as a change that follows `generation`."""
        self.verify_mac(master)
        return _changed(replace(self, generation=generation), master)

    # --- as bytes --------------------------------------------------------------------------------

    def to_bytes(self) -> bytes:
        """Return the file as JSON. Raises ValueError without slots: nobody could ever open it."""
        if not self.slots:
            raise ValueError("a key file needs a slot")
        return text.written(self._content(), self.macs)

    @classmethod
    def from_bytes(cls, data: bytes) -> KeyFile:
        """Return the key file in `data`, strictly parsed, of version 1 or 2.

        Raises KeyFileNewer for another version of the format, KdfOutOfBounds for a cost outside
        the bounds, KeyFileDamaged for everything else that is not exactly such a file. What is
        returned is not verified yet: `open` and `verify_mac` do that.
        """
        content, macs, altered = text.read(data)
        return cls(
            content.db,
            content.generation,
            content.slots,
            content.escrows,
            content.former,
            macs,
            content.version,
            altered,
        )

    def _content(self) -> text.Content:
        return text.Content(
            self.version, self.db, self.generation, self.slots, self.escrows, self.former
        )

    def _entered(self, slot: PassphraseSlot, ring: dict[str, bytes], kek: bytes) -> OpenedSlot:
        apply_renewals(self.db, slot, ring)
        master = ring.pop(MASTER)
        self.verify_mac(master)
        stale = slot.earlier or bool(slot.renewals)
        return OpenedSlot(
            master, ring, slot.user_id, slot.effective_roles, slot.slot_id, kek, stale
        )

    def _own(self, opened: OpenedSlot) -> PassphraseSlot:
        return next(slot for slot in self.slots if slot.slot_id == opened.slot_id)

    def _secret(self, opened: OpenedSlot, second: Second | None) -> bytes | None:
        slot = self._own(opened)
        return second(slot.slot_id) if slot.second and second is not None else None

    def _replaced(self, master: MasterKey, made: PassphraseSlot) -> KeyFile:
        """Put `made` in the place of its user's slot."""
        slots = tuple(made if each.user_id == made.user_id else each for each in self.slots)
        return _changed(replace(self, slots=slots), master)


def with_key(slot: EscrowSlot, name: str, key: bytes, random: Random) -> EscrowSlot:
    """Return `slot` with one key sealed to its cards, in place of an earlier one of that name."""
    sealed = {**dict(slot.sealed), name: seal(slot.recipient, key, random)}
    return replace(slot, sealed=tuple(sorted(sealed.items())))


def _changed(file: KeyFile, master: MasterKey) -> KeyFile:
    following = file.generation + 1
    return _sealed(replace(file, generation=following, version=text.VERSION, altered=False), master)


def _sealed(file: KeyFile, master: MasterKey) -> KeyFile:
    key = purpose_key(master, file.db, "slots-mac")
    return replace(file, macs=text.macs_of(file._content(), key))  # noqa: SLF001
