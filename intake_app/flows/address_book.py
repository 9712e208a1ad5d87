"""Who can be sent to: our own key card out, the region's address book in, control numbers checked.

The first book is trusted because somebody typed in the control number of its roots, which they got
from the project leader over a way they already knew. Every later book must be signed by those.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from intake_app.crypto.fingerprint import same_fingerprint
from intake_app.crypto.sshsig import SigningKey
from intake_app.domain.actor import Profile
from intake_app.domain.handover import FingerprintCheck
from intake_app.domain.routing import RoutingRule
from intake_app.flows.acting import actor_of
from intake_app.flows.desk import today
from intake_app.flows.recipient import current_book, standing_check
from intake_app.handover import address_book as book_format
from intake_app.handover import limits
from intake_app.handover.address_book import ACTIVE, AddressBook, BookRefusal, BookRefused, Entry
from intake_app.handover.key_card import KeyCard, write_key_card
from intake_app.sentences import Told

if TYPE_CHECKING:
    from intake_app.vault import Vault


class CheckRefused(Told, ValueError):
    """The control number that was typed in is not the one of these keys; str() is Dutch."""


@dataclass(frozen=True, slots=True)
class KnownOrganisation:
    """One organisation of the book as the settings show it; `check` is the newest that counts."""

    entry: Entry
    is_ourselves: bool
    check: FingerprintCheck | None


@dataclass(frozen=True, slots=True)
class BookStatus:
    """The book in use, or the absence of one, and what the settings say about it."""

    book: AddressBook | None
    expired: bool
    knows_our_keys: bool
    """True when the book certifies the very keys of this vault."""


_KINDS = {
    Profile.AZC: "azc",
    Profile.ONTVANGST: "uitvoerder",
    Profile.ZORG: "zorg",
    Profile.REGIO: "regio",
}


def own_card(vault: Vault) -> KeyCard:
    """Return our public keys as a card; the box is derived from them and says nothing."""
    keys = vault.organisation_keys()
    organisation = vault.info.organisation
    digest = hashlib.sha256(f"box\0{keys.age_recipient}\0{keys.sign_public}".encode()).hexdigest()
    return KeyCard(
        organisation_id=organisation.organisation_id,
        name=organisation.name,
        kind=_KINDS[organisation.profile],
        municipality_codes=organisation.municipality_codes,
        age_recipient=keys.age_recipient,
        sign_public=keys.sign_public,
        box=digest[:26],
        issued=vault.env.now(),
    )


def save_card(vault: Vault, target: Path) -> KeyCard:
    """Write our key card to a new file for whoever keeps the address book; return it.

    Raises `handover.errors.SealError` when it cannot be written; nothing half is left then.
    """
    card = own_card(vault)
    key = SigningKey(vault.organisation_keys().signing_seed)
    write_key_card(card, key, target, random=vault.env.random)
    return card


def make_book(
    cards: Sequence[KeyCard],
    roots: Sequence[SigningKey],
    *,
    issued: datetime,
    expires: datetime,
    previous: AddressBook | None = None,
) -> bytes:
    """Return a signed book that certifies `cards`, signed by all `roots`.

    An organisation of the previous book that has a new card keeps its old keys as retired, so that
    what they signed can still be read; one without a new card stays as it was.
    Raises `BookRefused` for a book that nobody would accept (fewer than two roots, one key twice).
    """
    fresh = {card.sign_public: card for card in cards}
    replaced = {card.organisation_id for card in cards}
    kept = [
        replace(entry, status=book_format.RETIRED, until_date=issued.date())
        if entry.organisation_id in replaced and entry.status == ACTIVE
        else entry
        for entry in (previous.entries if previous else ())
        if entry.sign_public not in fresh
    ]
    added = [card.entry(issued.date()) for card in fresh.values()]
    book = AddressBook(
        serial=previous.serial + 1 if previous else 1,
        issued=issued,
        expires=expires,
        prev=book_format.book_digest(previous) if previous else "",
        roots=tuple(key.public for key in roots),
        threshold=max(book_format.LEAST_SIGNATURES, len(roots) // 2 + 1),
        entries=tuple(kept + added),
    )
    return book_format.sign_book(book, roots)


def root_number(path: Path) -> str:
    """Return the control number of the roots named in a book file, to show beside the typing.

    Nothing is believed by this. Raises `BookRefused`.
    """
    return book_format.root_fingerprint(book_format.read_book(_read(path)).book)


def import_book(vault: Vault, path: Path, typed_number: str = "") -> AddressBook:
    """Take in a book and the routing that follows from it; return it.

    The first book of a vault needs the control number of its roots as somebody typed it in; later
    ones must be signed by the roots we have. Raises `BookRefused` or, for a wrong number,
    `CheckRefused`; the book we had stays then.
    """
    raw = _read(path)
    signed = book_format.read_book(raw)
    with vault.transaction(actor_of(vault), "adresboek inlezen") as tx:
        current = current_book(tx)
        roots = tx.address_book.pinned_roots()
        if not roots:
            if not typed_number.strip():
                raise BookRefused(BookRefusal.NO_ROOTS)
            if not same_fingerprint(typed_number, book_format.root_fingerprint(signed.book)):
                raise CheckRefused(
                    "Dit controlegetal hoort niet bij dit adresboek. Er is niets overgenomen. "
                    "Typ het getal opnieuw, of vraag de projectleider om het goede bestand."
                )
            roots = signed.book.roots
        book = book_format.accept(current, signed, vault.env.now(), roots)
        tx.address_book.pin(book.roots)
        tx.address_book.save(book.serial, raw, hashlib.sha512(raw).hexdigest())
        tx.routing.save_all(routing_of(book, tx.routing.all()))
    return book


def routing_of(book: AddressBook, rules: Iterable[RoutingRule]) -> tuple[RoutingRule, ...]:
    """Return the routing that a book implies: who it says serves a municipality, from when.

    A rule for another executor ends on the day the new one begins; an old rule is never dropped,
    so that an old dossier shows the routing of its own day.
    """
    result = list(rules)
    for entry in sorted(book.entries, key=lambda e: e.from_date):
        if entry.status != ACTIVE or entry.kind not in {"gemeente", "uitvoerder"}:
            continue
        for code in entry.municipality_codes:
            running = [r for r in result if r.municipality_code == code and r.valid_until is None]
            if any(rule.executor_id == entry.organisation_id for rule in running):
                continue
            for rule in running:
                ended = replace(rule, valid_until=max(entry.from_date, rule.valid_from))
                result[result.index(rule)] = ended
            result.append(RoutingRule(code, entry.organisation_id, entry.name, entry.from_date))
    return tuple(result)


def status(vault: Vault) -> BookStatus:
    """Return the book in use, whether its term is over, and whether it knows our keys."""
    with vault.read() as records:
        book = current_book(records)
    if book is None:
        return BookStatus(None, expired=False, knows_our_keys=False)
    keys = vault.organisation_keys()
    ours = book.current(vault.info.organisation.organisation_id, today(vault.env))
    known = ours is not None and (ours.age_recipient, ours.sign_public) == (
        keys.age_recipient,
        keys.sign_public,
    )
    return BookStatus(book, expired=book.is_expired(vault.env.now()), knows_our_keys=known)


def organisations(vault: Vault) -> tuple[KnownOrganisation, ...]:
    """Return the organisations of the book that can be sent to today, by name."""
    with vault.read() as records:
        book = current_book(records)
        checks = records.address_book.fingerprint_checks()
    if book is None:
        return ()
    own_id = vault.info.organisation.organisation_id
    on = today(vault.env)
    ids = {entry.organisation_id for entry in book.entries}
    entries = [entry for each in ids if (entry := book.current(each, on)) is not None]
    return tuple(
        KnownOrganisation(entry, entry.organisation_id == own_id, standing_check(checks, entry))
        for entry in sorted(entries, key=lambda e: e.name.casefold())
    )


def check_number(vault: Vault, organisation_id: UUID, typed: str) -> FingerprintCheck:
    """Record that somebody heard this control number from the organisation itself.

    Raises `CheckRefused` when it is not the number of the keys in the book; nothing is recorded
    then.
    """
    known = {k.entry.organisation_id: k.entry for k in organisations(vault)}
    entry = known.get(organisation_id)
    if entry is None:
        raise CheckRefused(
            "Deze organisatie staat niet in het adresboek. Vraag om het nieuwste adresboek."
        )
    if not same_fingerprint(typed, entry.fingerprint):
        raise CheckRefused(
            "Dit is niet het controlegetal van deze sleutels. Laat het opnieuw voorlezen. Klopt "
            "het dan nog niet? Stuur niets en bel de projectleider."
        )
    check = FingerprintCheck(
        organisation_id=organisation_id,
        fingerprint=entry.fingerprint,
        checked_by=vault.user.user_id,
        checked_by_name=vault.user.name,
        checked_at=vault.env.now(),
    )
    with vault.transaction(actor_of(vault), "controlegetal controleren") as tx:
        tx.address_book.save_check(check)
    return check


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(limits.ADDRESS_BOOK + 1)
    except OSError:
        raise BookRefused(BookRefusal.UNREADABLE) from None
