"""The medical compartment: everybody may write into it, only the medical role can read.

Every entry is an age file of its own to the role's hybrid key (table `role_key`); the secret half
is in the slots of users with that role and nowhere in the database. An open database and the
keyring of the intake role do not decrypt it (research/security.md §0 and §1).
"""

from __future__ import annotations

import io
import json
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, delete, func, insert, select

from intake_app.crypto.age import (
    AgeError,
    HybridIdentity,
    NoMatchError,
    encrypt,
    open_decrypted,
    parse_recipient,
)
from intake_app.crypto.age import Recipient as AgeRecipient
from intake_app.domain.actor import UserRole
from intake_app.domain.attachment import MedicalEntry
from intake_app.domain.environment import Environment
from intake_app.vault.errors import VaultError
from intake_app.vault.rows import moment, stamp
from intake_app.vault.schema import medical_entry, role_key
from intake_app.vault.scope import Scope, Store, upsert

_KEY: Final = select(role_key.c.recipient).where(role_key.c.role == bindparam("role"))
_SAVE_KEY: Final = upsert(role_key)
_RETIRE_KEY: Final = delete(role_key).where(role_key.c.role == bindparam("which"))
_ADD: Final = insert(medical_entry)
_OF: Final = (
    select(medical_entry)
    .where(medical_entry.c.person_id == bindparam("person_id"))
    .order_by(medical_entry.c.written_at, medical_entry.c.entry_id)
)
_COUNT: Final = (
    select(func.count().label("n"))
    .select_from(medical_entry)
    .where(medical_entry.c.person_id == bindparam("person_id"))
)
_DROP_OF: Final = delete(medical_entry).where(medical_entry.c.person_id == bindparam("person"))
_SEED: Final = 32
_OTHER_KEY: Final = (
    "Deze notitie is verzegeld met een andere medische sleutel dan die van nu. Daarom is zij hier "
    "niet meer te lezen. Vraag de beheerder of er nog een back-up van toen is."
)


class NoRoleKey(VaultError):
    """Nobody was ever given the medical role, so there is no key to seal to."""

    sentence = (
        "In deze kluis heeft nog niemand de medische rol. Daarom kan hier niets medisch worden "
        "bewaard. Er is niets opgeslagen. Vraag de beheerder om iemand de medische rol te geven."
    )


class CompartmentClosed(VaultError):
    """The medical role's key is missing, or it is not the one this was sealed to."""

    sentence = (
        "Dit is alleen voor de medische rol. Jij hebt die rol niet. "
        "Vraag een collega met de medische rol om hulp."
    )


class CompartmentDamaged(VaultError):
    """Something in the medical compartment was changed, cut off or put in another place."""

    sentence = (
        "Deze medische gegevens zijn beschadigd en niet te lezen. De rest van de kluis is heel. "
        "Vraag de beheerder om een back-up terug te zetten."
    )


class RoleKeys(Store):
    """The public keys of the roles that have a compartment."""

    __slots__ = ()

    def recipient(self, role: UserRole) -> str | None:
        """Return the age recipient of the role ("age1pq…"), or None before it was first given."""
        row = self._one(_KEY, {"role": role.value})
        return None if row is None else row["recipient"]

    def save(self, role: UserRole, recipient: str) -> None:
        """Keep the role's recipient. What was sealed to another one before stays sealed to that.

        Raises ReadOnlyError outside a transaction, `crypto.age.KeyFormatError` for no key.
        """
        made_at = stamp(self._scope.writer().at)
        parse_recipient(recipient)
        self._run(_SAVE_KEY, {"role": role.value, "recipient": recipient, "made_at": made_at})
        self._changed("role_key", None, None)

    def retire(self, role: UserRole) -> None:
        """Seal nothing to this role's key any more: nobody has it. ReadOnlyError when reading."""
        self._scope.writer()
        self._run(_RETIRE_KEY, {"which": role.value})
        self._changed("role_key", None, None)


class Medical(Store):
    """Short medical notes on persons; written by everybody, read with the role's seed only."""

    __slots__ = ()

    def add(self, person_id: UUID, kind: str, text: bytes, *, env: Environment) -> UUID:
        """Seal a note (UTF-8 text) to the medical role and return its identifier.

        Kind, person and text are all inside the encryption. Raises NoRoleKey when nobody ever had
        the medical role here, ReadOnlyError outside a transaction, ValueError for bytes that are
        no UTF-8.
        """
        writing = self._scope.writer()
        entry_id = env.uuid()
        plain = {
            "entry": str(entry_id),
            "person": str(person_id),
            "kind": kind,
            "text": text.decode("utf-8"),
        }
        row = {
            "entry_id": str(entry_id),
            "person_id": str(person_id),
            "kind": "",
            "sealed": seal_small(plain, recipient_of(self._scope, UserRole.MEDISCH), env),
            "written_at": stamp(writing.at),
            "written_by": str(writing.actor_id),
        }
        self._run(_ADD, row)
        self._changed("medical", entry_id, person_id)
        return entry_id

    def of_person(self, person_id: UUID, seed: bytes | None) -> tuple[MedicalEntry, ...]:
        """Return the opened notes of the person, oldest first; `seed` is the role's, 32 bytes.

        A note that was sealed to another key than the role has now cannot be opened by anybody: it
        is there with a sentence that says so, and does not hide the others. Raises
        CompartmentClosed without the right seed, CompartmentDamaged for a note that was changed or
        put under another person.
        """
        self._saw(person_id)
        found = []
        for row in self._all(_OF, {"person_id": str(person_id)}):
            try:
                plain = open_small(row["sealed"], seed)
            except CompartmentClosed:
                if not self._is_of_role(seed):
                    raise
                plain = {
                    "entry": row["entry_id"],
                    "person": row["person_id"],
                    "kind": "anders",
                    "text": _OTHER_KEY,
                }
            if (plain["entry"], plain["person"]) != (row["entry_id"], row["person_id"]):
                raise CompartmentDamaged
            found.append(
                MedicalEntry(
                    entry_id=UUID(row["entry_id"]),
                    person_id=person_id,
                    kind=plain["kind"],
                    text=plain["text"],
                    written_at=moment(row["written_at"]),
                    written_by=UUID(row["written_by"]),
                )
            )
        return tuple(found)

    def _is_of_role(self, seed: bytes | None) -> bool:
        if seed is None or len(seed) != _SEED:
            return False
        recipient = RoleKeys(self._scope).recipient(UserRole.MEDISCH)
        return recipient == HybridIdentity(seed).recipient.encode()

    def count_of(self, person_id: UUID) -> int:
        """Return how many notes there are on the person; needs no key."""
        row = self._one(_COUNT, {"person_id": str(person_id)})
        return 0 if row is None else int(row["n"])

    def remove_all(self, person_id: UUID) -> int:
        """Delete every note on the person and return how many; for the end of the term."""
        self._scope.writer()
        count = self.count_of(person_id)
        if count:
            self._run(_DROP_OF, {"person": str(person_id)})
            self._changed("medical", None, person_id)
        return count


def recipient_of(scope: Scope, role: UserRole) -> AgeRecipient:
    """Return the key that the role's compartment is sealed to. Raises NoRoleKey."""
    known = RoleKeys(scope).recipient(role)
    if known is None:
        raise NoRoleKey
    return parse_recipient(known)


def identity_of(seed: bytes | None) -> HybridIdentity:
    """Return the identity of a role from its seed. Raises CompartmentClosed without one."""
    if seed is None or len(seed) != _SEED:
        raise CompartmentClosed
    return HybridIdentity(seed)


def seal_small(plain: dict[str, str], recipient: AgeRecipient, env: Environment) -> bytes:
    """Return `plain` as an age file to `recipient`."""
    sealed = io.BytesIO()
    content = json.dumps(plain, ensure_ascii=False, sort_keys=True).encode()
    encrypt([recipient], io.BytesIO(content), sealed, random=env.random)
    return sealed.getvalue()


def open_small(sealed: bytes, seed: bytes | None) -> dict[str, str]:
    """Return what `seal_small` sealed. Raises CompartmentClosed or CompartmentDamaged."""
    identity = identity_of(seed)
    try:
        content = open_decrypted([identity], io.BytesIO(sealed)).read()
    except AgeError as error:
        raise closed_or_damaged(error) from None
    return {str(name): str(value) for name, value in json.loads(content).items()}


def closed_or_damaged(error: AgeError) -> CompartmentClosed | CompartmentDamaged:
    """Return the error for a person that stands for this one of age."""
    return CompartmentClosed() if isinstance(error, NoMatchError) else CompartmentDamaged()
