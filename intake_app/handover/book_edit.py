"""Changing an address book, step by step, and collecting signatures from people apart.

A book is drafted, goes to each keeper of a root key on a stick, and comes back with one more
signature each time. None of the steps needs the others' keys; only `address_book.accept` decides
whether the result counts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from intake_app.crypto import sshsig
from intake_app.crypto.sshsig import SigningKey
from intake_app.crypto.strict_json import readable_json
from intake_app.handover.address_book import (
    ACTIVE,
    LEAST_SIGNATURES,
    NAMESPACE,
    RETIRED,
    REVOKED,
    AddressBook,
    BookRefusal,
    BookRefused,
    Entry,
    SignedBook,
    book_bytes,
    book_digest,
    read_book,
    signatures_of,
)
from intake_app.handover.key_card import KeyCard
from intake_app.sentences import Told

OVERLAP: Final = timedelta(days=90)
"""How long what an old key signed still counts after a new key came (security research §4)."""


class NotInBook(Told, ValueError):
    """No entry has this control number; str() is a Dutch sentence."""

    sentence = (
        "Dit controlegetal staat niet in het adresboek. Er is niets veranderd. "
        "Kijk in het adresboek welke getallen erin staan."
    )


def first_book(
    roots: Sequence[str], *, threshold: int, issued: datetime, expires: datetime
) -> AddressBook:
    """Return the empty first book of these roots (public keys)."""
    return AddressBook(1, issued, expires, "", tuple(roots), threshold, ())


def next_book(previous: AddressBook, *, issued: datetime, expires: datetime) -> AddressBook:
    """Return what follows on `previous`: the same content, one serial higher, chained to it."""
    return replace(
        previous,
        serial=previous.serial + 1,
        issued=issued,
        expires=expires,
        prev=book_digest(previous),
    )


def with_card(book: AddressBook, card: KeyCard, *, overlap: timedelta = OVERLAP) -> AddressBook:
    """Return the book with the organisation of `card`; its earlier active keys are retired.

    Nothing is sent to a retired key any more; what it signs still counts during `overlap`.
    A card whose keys are in the book already changes nothing.
    """
    if book.by_signer(card.sign_public) is not None:
        return book
    day = book.issued.date()
    kept = tuple(
        replace(old, status=RETIRED, until_date=_sooner(old.until_date, day + overlap))
        if old.organisation_id == card.organisation_id and old.status == ACTIVE
        else old
        for old in book.entries
    )
    return replace(book, entries=(*kept, card.entry(day)))


def _sooner(one: date | None, other: date) -> date:
    return other if one is None else min(one, other)


Edit = Callable[[AddressBook, str], AddressBook]
"""A change to one pair of keys, named by control number or signing key."""


def retired(book: AddressBook, number: str) -> AddressBook:
    """Return the book in which the keys with this control number end on its day of issue.

    What they signed before stays readable. Their signing key will do as well. Raises NotInBook.
    """
    day = book.issued.date()
    return _changed(book, number, lambda old: replace(old, status=RETIRED, until_date=day))


def revoked(book: AddressBook, number: str) -> AddressBook:
    """Return the book in which the keys with this control number never count again.

    For keys that may be in wrong hands: not even earlier files are opened. Their signing key will
    do as well. Raises NotInBook.
    """
    day = book.issued.date()
    return _changed(
        book,
        number,
        lambda old: replace(old, status=REVOKED, until_date=_sooner(old.until_date, day)),
    )


def _changed(book: AddressBook, number: str, change: Callable[[Entry], Entry]) -> AddressBook:
    found = book.by_signer(number) or book.by_fingerprint(number)
    if found is None:
        raise NotInBook
    return replace(book, entries=tuple(change(e) if e == found else e for e in book.entries))


def with_roots(book: AddressBook, roots: Sequence[str], threshold: int) -> AddressBook:
    """Return the book with other roots; it needs signatures of the old and of the new ones."""
    return replace(book, roots=tuple(roots), threshold=threshold)


def unsigned(book: AddressBook) -> bytes:
    """Return the file of a draft; raises BookRefused for a book nobody would ever accept."""
    data = readable_json({"book": book.plain(), "signatures": []})
    read_book(data)
    return data


def add_signature(data: bytes, key: SigningKey) -> bytes:
    """Return the file with one more signature; the same key twice changes nothing.

    Raises BookRefused when the file is no book.
    """
    signed = read_book(data)
    armored = sshsig.sign(key, NAMESPACE, book_bytes(signed.book))
    signatures = [*signed.signatures, *([] if armored in signed.signatures else [armored])]
    made = readable_json({"book": signed.book.plain(), "signatures": signatures})
    read_book(made)
    return made


@dataclass(frozen=True, slots=True)
class Missing:
    """How many more signatures a book needs, of the roots before it and of its own."""

    of_previous: int
    of_own: int


def missing(signed: SignedBook, previous: AddressBook | None) -> Missing:
    """Return what is missing before laptops that have `previous` accept the book.

    Raises BookRefused(BROKEN_CHAIN) when the book does not follow on `previous`.
    """
    book = signed.book
    own = max(0, book.threshold - signatures_of(signed, book.roots))
    if previous is None:
        return Missing(own, own)
    if book.serial <= previous.serial or (
        book.serial == previous.serial + 1 and book.prev != book_digest(previous)
    ):
        raise BookRefused(BookRefusal.BROKEN_CHAIN)
    needed = max(previous.threshold, LEAST_SIGNATURES)
    return Missing(max(0, needed - signatures_of(signed, previous.roots)), own)
