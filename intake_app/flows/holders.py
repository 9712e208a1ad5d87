"""Whom our organisation vouches for, and whom others vouch for: the keys of users in their vaults.

Every user seals with a key of their own; the organisation's signed list goes along inside the file.
The list is made and renewed here without anybody asking for it: who joins is on the next one, who
leaves holds until that day, and a lost laptop is struck off. Of other organisations the newest list
is remembered, so that a stolen laptop gains nothing by an older one.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import UUID

from intake_app.crypto.sshsig import SigningKey
from intake_app.flows.acting import actor_of
from intake_app.flows.join import joined
from intake_app.flows.recipient import current_book
from intake_app.handover import limits
from intake_app.handover.address_book import ACTIVE, REVOKED
from intake_app.handover.holders import (
    Holder,
    HolderList,
    ListRefusal,
    ListRefused,
    SignedList,
    accept_list,
    read_file,
    signed_list,
)
from intake_app.vault.errors import VaultError

if TYPE_CHECKING:
    from intake_app.handover.open import OpenedHandover
    from intake_app.handover.vouching import KnownHolders
    from intake_app.vault import Vault
    from intake_app.vault.transaction import Records, Transaction

_OWN: Final = "houders.eigen"
_VALID: Final = timedelta(days=90)
_RENEW: Final = timedelta(days=30)
"""A list with less than this left is made anew before it goes along."""
_DAY: Final = timedelta(days=1)


class NoOwnList(VaultError):
    """This vault joined an organisation: it makes no list, for there can be only one."""

    sentence = (
        "Deze kluis verzegelt met de sleutel van de organisatie zelf, en die staat ook op andere "
        "laptops. Eén collega intrekken kan hier niet. Is een laptop in verkeerde handen? Vraag de "
        "projectleider van de regio om de sleutel van je organisatie in te trekken."
    )


def signing(vault: Vault) -> tuple[SigningKey, SignedList | None]:
    """Return the acting user's own key and the list by which the organisation vouches for it.

    The list is the one of before unless somebody joined or left, or it is nearly over. A vault
    that joined an organisation has no list of its own and signs as the organisation: two vaults
    that number one list would each undo what the other says.
    """
    if joined(vault) is not None:
        return SigningKey(vault.organisation_keys().signing_seed), None
    return SigningKey(vault.user_signing_seed()), own_list(vault)


def own_list(vault: Vault) -> SignedList:
    """Return our own list as it should be today; it is renewed and kept when it is not.

    Raises NoOwnList in a vault that joined an organisation.
    """
    if joined(vault) is not None:
        raise NoOwnList
    with vault.read() as records:
        kept = _kept(records)
        wanted = _holders(vault, records, kept)
    if kept is not None and _is_good(vault, kept, wanted):
        return kept
    return _renew(vault, kept, wanted, "lijst van collega’s vernieuwen")


def strike_off(vault: Vault, user_id: UUID) -> SignedList:
    """Revoke every key of a user, for ever: a laptop or key in wrong hands. Return the new list.

    What that user signed before is refused from then on by whoever has the new list; it goes along
    with every file, and `save_list` gives it by itself. Raises KeyError for nobody of this vault.
    """
    own_list(vault)
    with vault.read() as records:
        kept = _kept(records)
        wanted = _holders(vault, records, kept)
        user = next((u for u in records.users.all() if u.user_id == user_id), None)
    if not any(holder.holder_id == user_id for holder in wanted):
        # who left before the first list: named on it all the same, as revoked
        if user is None or not user.sign_public:
            raise KeyError(user_id)
        since = user.added_at.date()
        wanted += (Holder(user_id, "gebruiker", user.sign_public, ACTIVE, since),)
    wanted = tuple(
        replace(each, status=REVOKED) if each.holder_id == user_id else each for each in wanted
    )
    return _renew(vault, kept, wanted, "sleutel intrekken")


def save_list(vault: Vault, target: Path) -> HolderList:
    """Write our own list to a new file, for who has to know today whom we struck off.

    Raises `handover.errors.SealError` when it cannot be written; nothing half is left then.
    """
    from intake_app.handover.safe_file import new_file

    signed = own_list(vault)
    with new_file(target, vault.env.random) as out:
        out.write(signed.file)
    return signed.holders


def import_list(vault: Vault, path: Path) -> HolderList:
    """Take in the list of another organisation of the address book and return it.

    Raises `ListRefused`; the list we had stays then.
    """
    try:
        with path.open("rb") as file:
            data = file.read(limits.ADDRESS_BOOK + 1)
    except OSError:
        raise ListRefused(ListRefusal.UNREADABLE) from None
    claimed = read_file(data).holders.organisation_id
    with vault.transaction(actor_of(vault), "lijst van collega’s inlezen") as tx:
        book = current_book(tx)
        entry = book.current(claimed, vault.env.now().date()) if book is not None else None
        if entry is None:
            raise ListRefused(ListRefusal.OTHER_ORGANISATION)
        found = accept_list(_known(tx, claimed), data, entry, vault.env.now())
        tx.settings.set(_of(claimed), read_file(data).file.decode())
    return found


def known(vault: Vault) -> KnownHolders:
    """Return what gives the newest list of an organisation that this vault has."""

    def newest(organisation_id: UUID) -> HolderList | None:
        with vault.read() as records:
            return _known(records, organisation_id)

    return newest


def keep(tx: Transaction, opened: OpenedHandover) -> None:
    """Remember the list of an opened file when it is newer than the one we have."""
    if opened.holders is None:
        return
    organisation_id = opened.sender.organisation_id
    before = _known(tx, organisation_id)
    if before is None or before.serial < opened.holders.holders.serial:
        tx.settings.set(_of(organisation_id), opened.holders.file.decode())


def _of(organisation_id: UUID) -> str:
    return f"houders.{organisation_id}"


def _known(records: Records, organisation_id: UUID) -> HolderList | None:
    text = records.settings.get(_of(organisation_id))
    return None if text is None else read_file(text.encode()).holders


def _kept(records: Records) -> SignedList | None:
    text = records.settings.get(_OWN)
    return None if text is None else read_file(text.encode())


def _is_good(vault: Vault, kept: SignedList, wanted: tuple[Holder, ...]) -> bool:
    ident, now = vault.info.organisation.organisation_id, vault.env.now()
    return (
        kept.holders.holders == wanted
        and now + _RENEW < kept.holders.expires
        and kept.holders.counts_at(now)
        and kept.speaks_for(ident, vault.organisation_keys().sign_public)
    )


def _holders(vault: Vault, records: Records, kept: SignedList | None) -> tuple[Holder, ...]:
    """Return who should be on the list: those of before, and who came and left since."""
    users = {user.user_id: user for user in records.users.all()}
    mine = SigningKey(vault.user_signing_seed()).public
    keys = {user.user_id: user.sign_public for user in users.values() if user.sign_public}
    keys[vault.user.user_id] = mine
    found = list(kept.holders.holders) if kept is not None else []
    tomorrow = vault.env.now().date() + _DAY
    for number, holder in enumerate(found):
        user = users.get(holder.holder_id)
        over = user is None or user.left_at is not None or keys[user.user_id] != holder.sign_public
        if over and holder.until_date is None:
            gone = user.left_at.date() + _DAY if user is not None and user.left_at else tomorrow
            found[number] = replace(holder, until_date=gone)
    there = {holder.sign_public for holder in found}
    for user_id, public in keys.items():
        user = users.get(user_id)
        if public not in there and user is not None and user.left_at is None:
            since = user.added_at.date()
            found.append(Holder(user_id, "gebruiker", public, ACTIVE, since))
    return tuple(found)


def _renew(
    vault: Vault, kept: SignedList | None, wanted: tuple[Holder, ...], purpose: str
) -> SignedList:
    now = vault.env.now().replace(microsecond=0)
    made = signed_list(
        HolderList(
            organisation_id=vault.info.organisation.organisation_id,
            serial=kept.holders.serial + 1 if kept is not None else 1,
            issued=now,
            expires=now + _VALID,
            holders=wanted,
        ),
        SigningKey(vault.organisation_keys().signing_seed),
    )
    with vault.transaction(actor_of(vault), purpose) as tx:
        tx.settings.set(_OWN, made.file.decode())
    return made
