"""A second vault of an organisation: asking for its keys, giving them, taking them over.

The new vault makes a one-time key and a request; a colleague reads its control number out. In a
vault that the organisation has already a manager types that number, and an answer with all of the
organisation's keys goes back, readable by that one-time key alone. Taking over is one transaction:
the organisation, its keys and the end of the one-time key are there together, or nothing is.

From then on the organisation is in several vaults. Each of them says so, for the day one is lost.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import UUID

from intake_app.crypto.age import generate_identity
from intake_app.crypto.fingerprint import same_fingerprint
from intake_app.domain.actor import UserRole
from intake_app.flows.acting import actor_of
from intake_app.flows.recipient import current_book
from intake_app.handover import joining
from intake_app.handover.joining import JoinAnswer, JoinRefusal, JoinRefused, JoinRequest
from intake_app.vault.errors import NotAllowed

if TYPE_CHECKING:
    from intake_app.vault import Vault
    from intake_app.vault.transaction import Records

_REQUEST: Final = "deelname.verzoek"
_GIVEN: Final = "deelname.kluizen"
_JOINED: Final = "deelname.overgenomen"
_WANTED: Final = "deelname.gewenst"
Setting = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class GivenVault:
    """A vault that our keys were given to; whether it took them over only that vault knows."""

    vault_id: UUID
    label: str
    at: datetime
    """The latest time, where it was answered again."""
    by_name: str
    by_id: UUID


@dataclass(frozen=True, slots=True)
class JoinedFrom:
    """That this vault took over the keys of its organisation from another vault."""

    vault_id: UUID
    """The vault that gave them."""
    at: datetime
    by_name: str
    checked_by: str
    """'adresboek' or 'controlegetal': what showed that they are the organisation's."""


# ---- how it stands -------------------------------------------------------------------------------


def waiting(vault: Vault) -> JoinRequest | None:
    """Return the request of this vault that waits for an answer, or None."""
    with vault.read() as records:
        return _waiting(records)


def joined(vault: Vault) -> JoinedFrom | None:
    """Return from where this vault took its organisation over, None when it began itself."""
    with vault.read() as records:
        return joined_from(records)


def joined_from(records: Records) -> JoinedFrom | None:
    """Return the same from a snapshot that is open already."""
    return joined_of(records.settings.get)


def joined_of(setting: Setting) -> JoinedFrom | None:
    """Return the same from the settings of a vault, by name; also of one that is in a backup."""
    kept = json.loads(setting(_JOINED) or "null")
    if kept is None:
        return None
    at = datetime.fromisoformat(kept["at"])
    return JoinedFrom(UUID(kept["vault"]), at, kept["by"], kept["checked_by"])


def given(vault: Vault) -> tuple[GivenVault, ...]:
    """Return the vaults that this vault gave the organisation's keys to, in that order."""
    with vault.read() as records:
        return given_of(records.settings.get)


def given_of(setting: Setting) -> tuple[GivenVault, ...]:
    """Return the same from the settings of a vault, by name; also of one that is in a backup."""
    return tuple(
        GivenVault(
            UUID(each["vault"]),
            each["label"],
            datetime.fromisoformat(each["at"]),
            each["by"],
            UUID(each["by_id"]),
        )
        for each in json.loads(setting(_GIVEN) or "[]")
    )


def obstacle(vault: Vault) -> JoinRefusal | None:
    """Return why this vault cannot become one of another organisation, or None when it can."""
    with vault.read() as records:
        return _obstacle(vault, records)


def may_decide(vault: Vault) -> bool:
    """True when the user at the keyboard may give keys, or take them over."""
    return vault.has_role(UserRole.BEHEER)


def check_label(label: str) -> None:
    """Refuse a name for a vault that a request cannot hold, with JoinRefused(LABEL)."""
    if not joining.is_label(label):
        raise JoinRefused(JoinRefusal.LABEL)


def check_number(request: JoinRequest, typed: str) -> None:
    """Refuse a number that is not the one of the request, with JoinRefused(WRONG_NUMBER)."""
    if not same_fingerprint(typed, request.number):
        raise JoinRefused(JoinRefusal.WRONG_NUMBER)


# ---- the new vault asks --------------------------------------------------------------------------


def want(vault: Vault, label: str) -> None:
    """Remember that this vault was made to join, and what its maker calls it."""
    with vault.transaction(actor_of(vault), "deelname voorbereiden") as tx:
        tx.settings.set(_WANTED, label)


def wanted_label(vault: Vault) -> str:
    """Return what the maker of a vault that is to join called it, '' once it joined."""
    with vault.read() as records:
        return records.settings.get(_WANTED) or ""


def ask(vault: Vault, label: str, target: Path) -> JoinRequest:
    """Make a request with a new one-time key, keep it, and write it to a new file.

    A request before this one can no longer be answered. Raises NotAllowed, JoinRefused, or
    `handover.errors.SealError` when the file cannot be written: `save_request` tries again then.
    """
    _refuse_others(vault)
    identity = generate_identity("hybrid", random=vault.env.random)
    request = JoinRequest(
        vault_id=vault.info.vault_id,
        label=label.strip(),
        profile=vault.info.organisation.profile,
        practice=vault.info.practice,
        age_recipient=identity.recipient.encode(),
        nonce=vault.env.random(joining.NONCE_BYTES).hex(),
        made_at=vault.env.now(),
    )
    file = joining.write_request(request)
    with vault.transaction(actor_of(vault), "deelname vragen") as tx:
        if (reason := _obstacle(vault, tx)) is not None:
            raise JoinRefused(reason)
        tx.organisation.keep_one_time(identity.encode())
        tx.settings.set(_REQUEST, file.decode())
    _write(vault, target, file)
    return request


def save_request(vault: Vault, target: Path) -> JoinRequest:
    """Write the request that waits to a new file once more.

    Raises JoinRefused without one, `handover.errors.SealError` when it cannot be written.
    """
    request = waiting(vault)
    if request is None:
        raise JoinRefused(JoinRefusal.NO_REQUEST)
    _write(vault, target, joining.write_request(request))
    return request


def give_up(vault: Vault) -> None:
    """Destroy the one-time key: an answer that still comes is of no use. Raises NotAllowed."""
    _refuse_others(vault)
    with vault.transaction(actor_of(vault), "deelname niet meer vragen") as tx:
        tx.organisation.drop_one_time()
        tx.settings.set(_REQUEST, "")


# ---- a vault of the organisation answers ---------------------------------------------------------


def look(vault: Vault, path: Path) -> JoinRequest:
    """Return the request in a file when this vault may answer it; nothing is given yet.

    Raises NotAllowed, JoinRefused.
    """
    _refuse_others(vault)
    request = joining.read_request(_read(path, joining.REQUEST_LIMIT))
    _check(vault, request)
    return request


def answer(vault: Vault, request: JoinRequest, typed: str, target: Path) -> GivenVault:
    """Give the organisation's keys to the vault that asked, in a new file; return what is noted.

    `typed` is the control number as the colleague at that vault read it out. It is noted before
    the file is written: no keys leave that no list knows of. Answering the same request again
    is allowed and noted again. Raises NotAllowed, JoinRefused, `handover.errors.SealError`.
    """
    _refuse_others(vault)
    _check(vault, request)
    check_number(request, typed)
    keys, now = vault.organisation_keys(), vault.env.now()
    file = joining.write_answer(
        JoinAnswer(
            organisation=vault.info.organisation,
            age_identities=keys.age_identities,
            signing_seed=keys.signing_seed,
            from_vault=vault.info.vault_id,
            made_at=now,
        ),
        request,
        random=vault.env.random,
    )
    noted = GivenVault(request.vault_id, request.label, now, vault.user.name, vault.user.user_id)
    with vault.transaction(actor_of(vault), "sleutels geven aan een andere kluis") as tx:
        others = [each for each in given_of(tx.settings.get) if each.vault_id != request.vault_id]
        tx.settings.set(_GIVEN, _plain([*others, noted]))
        tx.organisation.note_given(request.vault_id)
    _write(vault, target, file)
    return noted


# ---- the new vault takes over --------------------------------------------------------------------


def take(vault: Vault, path: Path, typed: str = "") -> JoinedFrom:
    """Become a vault of the organisation that answered, with its keys; return from where.

    Where the address book has the organisation, it must have these very keys. Where it has not,
    `typed` must be the control number of the organisation as the colleague read it out;
    JoinRefused(NUMBER_NEEDED) says so. Raises NotAllowed, JoinRefused; nothing is changed then.
    """
    _refuse_others(vault)
    data = _read(path, joining.ANSWER_LIMIT + joining.REQUEST_LIMIT)
    with vault.transaction(actor_of(vault), "sleutels van de organisatie overnemen") as tx:
        request, one_time = _waiting(tx), tx.organisation.one_time()
        if request is None or one_time is None:
            raise JoinRefused(JoinRefusal.NO_REQUEST)
        if (reason := _obstacle(vault, tx)) is not None:
            raise JoinRefused(reason)
        now = vault.env.now()
        joining.check_age(request.made_at, now)
        found = joining.read_answer(data, request, one_time)
        if found.organisation.profile is not vault.info.organisation.profile:
            raise JoinRefused(JoinRefusal.OTHER_PROFILE)
        by = "adresboek" if _in_book(tx, found, now) else _by_number(found, typed)
        tx.organisation.take_over(found.organisation, found.age_identities, found.signing_seed)
        done = JoinedFrom(found.from_vault, now, vault.user.name, by)
        plain = {
            "vault": str(done.vault_id),
            "at": now.isoformat(),
            "by": done.by_name,
            "checked_by": by,
        }
        tx.settings.set(_JOINED, json.dumps(plain, ensure_ascii=False))
        tx.settings.set(_REQUEST, "")
        tx.settings.set(_WANTED, "")
    vault.read_organisation()
    return done


def _in_book(records: Records, found: JoinAnswer, now: datetime) -> bool:
    """Tell whether the book certifies these keys, False when it has not got the organisation."""
    book = current_book(records)
    whose = found.organisation.organisation_id
    if book is None or not any(entry.organisation_id == whose for entry in book.entries):
        return False
    entry = book.current(whose, now.date())
    if entry is None or not found.agrees_with(entry):
        raise JoinRefused(JoinRefusal.NOT_IN_BOOK)
    return True


def _by_number(found: JoinAnswer, typed: str) -> str:
    if not typed.strip():
        raise JoinRefused(JoinRefusal.NUMBER_NEEDED)
    if not same_fingerprint(typed, found.number):
        raise JoinRefused(JoinRefusal.WRONG_NUMBER)
    return "controlegetal"


# ---- shared --------------------------------------------------------------------------------------


def _refuse_others(vault: Vault) -> None:
    if not may_decide(vault):
        raise NotAllowed


def _check(vault: Vault, request: JoinRequest) -> None:
    if request.vault_id == vault.info.vault_id:
        raise JoinRefused(JoinRefusal.ITSELF)
    if request.practice is not vault.info.practice:
        raise JoinRefused(JoinRefusal.PRACTICE)
    if request.profile is not vault.info.organisation.profile:
        raise JoinRefused(JoinRefusal.OTHER_PROFILE)
    joining.check_age(request.made_at, vault.env.now())


def _obstacle(vault: Vault, records: Records) -> JoinRefusal | None:
    if joined_from(records) is not None:
        return JoinRefusal.HAS_JOINED
    if given_of(records.settings.get):
        return JoinRefusal.HAS_LET_IN
    if records.organisation.has_dependents():
        return JoinRefusal.NOT_EMPTY
    book, own = current_book(records), vault.info.organisation.organisation_id
    if book is not None and any(entry.organisation_id == own for entry in book.entries):
        return JoinRefusal.ALREADY_KNOWN
    return None


def _waiting(records: Records) -> JoinRequest | None:
    kept = records.settings.get(_REQUEST)
    if not kept or records.organisation.one_time() is None:
        return None
    return joining.read_request(kept.encode())


def _plain(vaults: list[GivenVault]) -> str:
    plain = [
        {
            "vault": str(each.vault_id),
            "label": each.label,
            "at": each.at.isoformat(),
            "by": each.by_name,
            "by_id": str(each.by_id),
        }
        for each in vaults
    ]
    return json.dumps(plain, ensure_ascii=False)


def _read(path: Path, limit: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(limit + 1)
    except OSError:
        raise JoinRefused(JoinRefusal.UNREADABLE) from None


def _write(vault: Vault, target: Path, data: bytes) -> None:
    from intake_app.handover.safe_file import new_file

    with new_file(target, vault.env.random) as out:
        out.write(data)
