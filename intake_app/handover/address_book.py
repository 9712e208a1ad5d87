"""The address book: a signed directory of every organisation's keys, for senders and receivers.

One JSON file {"book": …, "signatures": […]}. It is accepted only with enough signatures by the
roots we already trust, with a higher serial than the one we have, and before it expires. Roots
rotate by a book that the old roots sign and the new ones too; nobody can roll a laptop back to an
older book. It works from a USB stick: no server takes part.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Any, Final
from uuid import UUID

from intake_app.crypto import sshsig
from intake_app.crypto.fingerprint import fingerprint, same_fingerprint
from intake_app.crypto.sshsig import SignatureError, SigningKey
from intake_app.crypto.strict_json import (
    JsonRefusedError,
    canonical_json,
    readable_json,
    strict_json,
)
from intake_app.handover import limits
from intake_app.handover.codec import parse_date, parse_time, time_text
from intake_app.handover.manifest import (
    Unreadable,
    age_key_of,
    check_format,
    sign_key,
    take,
    uuid,
    whole,
    words,
)
from intake_app.sentences import Told

FORMAT: Final = "doorgaande-lijn-adresboek"
VERSION: Final = 1
NAMESPACE: Final = "doorgaande-lijn-adresboek-v1"
LEAST_SIGNATURES: Final = 2
MAX_ROOTS: Final = 8
# A laptop's clock may lag; a book from further ahead than this is not believed.
CLOCK_SLACK: Final = timedelta(days=2)

KINDS: Final = ("azc", "gemeente", "uitvoerder", "zorg", "regio")
ACTIVE: Final = "active"
RETIRED: Final = "retired"
REVOKED: Final = "revoked"


class BookRefusal(StrEnum):
    """Why an address book is not accepted."""

    UNREADABLE = "unreadable"
    UNKNOWN_VERSION = "unknown_version"
    NO_ROOTS = "no_roots"
    TOO_FEW_SIGNATURES = "too_few_signatures"
    NEW_ROOTS_DID_NOT_SIGN = "new_roots_did_not_sign"
    ROLLBACK = "rollback"
    ALREADY_HAVE = "already_have"
    SAME_SERIAL_DIFFERS = "same_serial_differs"
    BROKEN_CHAIN = "broken_chain"
    EXPIRED = "expired"
    FROM_THE_FUTURE = "from_the_future"


BOOK_SENTENCES: Final[dict[BookRefusal, str]] = {
    BookRefusal.UNREADABLE: (
        "Dit bestand is geen adresboek of het is beschadigd. Je houdt het adresboek dat je had. "
        "Vraag je beheerder om het bestand opnieuw."
    ),
    BookRefusal.UNKNOWN_VERSION: (
        "Dit adresboek is gemaakt met een nieuwere versie van het programma. Je houdt het "
        "adresboek dat je had. Zet eerst de nieuwste versie op deze laptop."
    ),
    BookRefusal.NO_ROOTS: (
        "Deze kluis weet nog niet wie het adresboek mag ondertekenen. Er is niets overgenomen. "
        "Typ eerst het controlegetal in dat je van de regio hebt gekregen."
    ),
    BookRefusal.TOO_FEW_SIGNATURES: (
        "Dit adresboek is niet door genoeg mensen ondertekend die wij kennen. Het kan vals zijn. "
        "Je houdt het adresboek dat je had. Vraag de regio om het goede adresboek."
    ),
    BookRefusal.NEW_ROOTS_DID_NOT_SIGN: (
        "Dit adresboek noemt nieuwe ondertekenaars, maar zij hebben het zelf niet ondertekend. "
        "Je houdt het adresboek dat je had. Vraag de regio om het goede adresboek."
    ),
    BookRefusal.ROLLBACK: (
        "Dit adresboek is ouder dan het adresboek dat je al hebt. Je houdt het nieuwste. "
        "Je hoeft niets te doen."
    ),
    BookRefusal.ALREADY_HAVE: (
        "Dit adresboek heb je al. Er is niets veranderd. Je hoeft niets te doen."
    ),
    BookRefusal.SAME_SERIAL_DIFFERS: (
        "Dit adresboek heeft hetzelfde nummer als het jouwe, maar een andere inhoud. Een van de "
        "twee klopt niet. Je houdt het adresboek dat je had. Bel de regio."
    ),
    BookRefusal.BROKEN_CHAIN: (
        "Dit adresboek volgt niet op het adresboek dat je hebt. Je houdt het adresboek dat je "
        "had. Bel de regio en vraag welk adresboek het goede is."
    ),
    BookRefusal.EXPIRED: (
        "De geldigheid van dit adresboek is voorbij. Je houdt het adresboek dat je had. "
        "Vraag de regio om een nieuw adresboek."
    ),
    BookRefusal.FROM_THE_FUTURE: (
        "Dit adresboek is gemaakt op een dag die nog moet komen. Je houdt het adresboek dat je "
        "had. Kijk of de klok van deze laptop goed staat en probeer het dan opnieuw."
    ),
}


class BookRefused(Told):
    """An address book is not accepted; `reason` says why, `str()` says it in Dutch."""

    def __init__(self, reason: BookRefusal) -> None:
        """Refuse for `reason`."""
        super().__init__(BOOK_SENTENCES[reason])
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Entry:
    """One key pair of one organisation; during a rotation an organisation has two entries.

    `box` is the opaque name of its relay box; `until_date` is the first day it no longer holds.
    """

    organisation_id: UUID
    name: str
    kind: str
    municipality_codes: tuple[str, ...]
    age_recipient: str
    sign_public: str
    box: str
    status: str
    from_date: date
    until_date: date | None = None

    @property
    def fingerprint(self) -> str:
        """The control number (controlegetal) of both keys together."""
        return fingerprint(self.age_recipient, self.sign_public)

    @property
    def is_revoked(self) -> bool:
        """Whether the keys must never be used again, not even to read."""
        return self.status == REVOKED

    def was_valid_on(self, day: date) -> bool:
        """Tell whether the keys held on that day; a day of clock difference is allowed before."""
        begun = self.from_date - timedelta(days=1) <= day
        return begun and (self.until_date is None or day < self.until_date)

    def plain(self) -> dict[str, Any]:
        """Return the entry as it stands in the book."""
        return {
            "organisation": str(self.organisation_id),
            "name": self.name,
            "kind": self.kind,
            "municipality_codes": list(self.municipality_codes),
            "age": self.age_recipient,
            "sign": self.sign_public,
            "box": self.box,
            "status": self.status,
            "from": self.from_date.isoformat(),
            "until": self.until_date.isoformat() if self.until_date else None,
        }


@dataclass(frozen=True)
class AddressBook:
    """The content of an address book. `prev` is the SHA-512 (hex) of the book before, or ""."""

    serial: int
    issued: datetime
    expires: datetime
    prev: str
    roots: tuple[str, ...]
    threshold: int
    entries: tuple[Entry, ...] = field(repr=False)

    def plain(self) -> dict[str, Any]:
        """Return the book as it is signed."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "serial": self.serial,
            "issued": time_text(self.issued),
            "expires": time_text(self.expires),
            "prev": self.prev,
            "roots": list(self.roots),
            "threshold": self.threshold,
            "entries": [entry.plain() for entry in self.entries],
        }

    @cached_property
    def _signers(self) -> dict[str, Entry]:
        return {entry.sign_public: entry for entry in self.entries}

    def by_signer(self, sign_public: str) -> Entry | None:
        """Return the entry with this signing key, whatever its status."""
        return self._signers.get(sign_public)

    def by_fingerprint(self, number: str) -> Entry | None:
        """Return the entry with this control number, whatever its status."""
        found = (e for e in self.entries if same_fingerprint(e.fingerprint, number))
        return next(found, None)

    def current(self, organisation_id: UUID, on: date) -> Entry | None:
        """Return the entry to send to: active, valid on that day, the newest when there are two."""
        usable = (
            entry
            for entry in self.entries
            if entry.organisation_id == organisation_id
            and entry.status == ACTIVE
            and entry.from_date <= on
            and (entry.until_date is None or on < entry.until_date)
        )
        return max(usable, key=lambda entry: entry.from_date, default=None)

    def is_expired(self, now: datetime) -> bool:
        """Tell whether the book's own term is over at `now`."""
        return now >= self.expires


@dataclass(frozen=True, slots=True)
class SignedBook:
    """A book as read from a file, with its armored signatures; nothing is verified yet."""

    book: AddressBook
    signatures: tuple[str, ...]


def book_bytes(book: AddressBook) -> bytes:
    """Return the canonical bytes that are signed."""
    return canonical_json(book.plain())


def book_digest(book: AddressBook) -> str:
    """Return the SHA-512 (hex) by which the next book refers to this one."""
    return hashlib.sha512(book_bytes(book)).hexdigest()


def root_fingerprint(book: AddressBook) -> str:
    """Return the control number of all roots together, to be typed in at the first import."""
    return fingerprint(*book.roots)


def sign_book(book: AddressBook, keys: Sequence[SigningKey]) -> bytes:
    """Return the file: the book with a signature by every key.

    What is returned has been read back. Raises BookRefused(UNREADABLE) for a book nobody would
    accept.
    """
    data = book_bytes(book)
    signatures = [sshsig.sign(key, NAMESPACE, data) for key in keys]
    file = readable_json({"book": book.plain(), "signatures": signatures})
    read_book(file)
    return file


def read_book(data: bytes) -> SignedBook:
    """Return the book in a file, strictly parsed; raises BookRefused. Nothing is verified yet.

    The last few books read are remembered by their bytes: screens ask for the same one often.
    """
    return _read_book(data)


@lru_cache(maxsize=4)
def _read_book(data: bytes) -> SignedBook:
    try:
        plain = strict_json(data, max_bytes=limits.ADDRESS_BOOK, max_depth=8)
        book, signatures = take(plain, "book signatures")
        if not isinstance(signatures, list) or len(signatures) > 2 * MAX_ROOTS:
            raise Unreadable
        if not all(isinstance(each, str) for each in signatures):
            raise Unreadable
        return SignedBook(_book(book), tuple(signatures))
    except Unreadable as error:
        newer = BookRefusal.UNKNOWN_VERSION
        raise BookRefused(newer if error.newer else BookRefusal.UNREADABLE) from None
    except (JsonRefusedError, ValueError, TypeError):
        raise BookRefused(BookRefusal.UNREADABLE) from None


def _book(plain: Any) -> AddressBook:
    names = "serial issued expires prev roots threshold entries"
    body = check_format(plain, FORMAT, VERSION)
    serial, issued, expires, prev, roots, threshold, entries = take(body, names)
    keys = tuple(sign_key(root) for root in _list(roots, MAX_ROOTS))
    found = tuple(_entry(each) for each in _list(entries, limits.ENTRIES))
    book = AddressBook(
        serial=whole(serial, 1),
        issued=parse_time(issued),
        expires=parse_time(expires),
        prev=words(prev),
        roots=keys,
        threshold=whole(threshold, LEAST_SIGNATURES),
        entries=found,
    )
    distinct = len(set(keys)) == len(keys) >= book.threshold
    signers = {entry.sign_public for entry in found}
    boxes = {entry.age_recipient for entry in found}
    if not distinct or len(signers) != len(found) or len(boxes) != len(found):
        raise Unreadable
    if book.issued >= book.expires or (len(prev) not in {0, 128}):
        raise Unreadable
    return book


def _list(value: Any, longest: int) -> list[Any]:
    if not isinstance(value, list) or len(value) > longest:
        raise Unreadable
    return value


def _entry(plain: Any) -> Entry:
    body, rest = certified_part(plain)
    status, begin, end = take(rest, "status from until")
    if status not in {ACTIVE, RETIRED, REVOKED}:
        raise Unreadable
    return Entry(
        **body,
        status=status,
        from_date=parse_date(begin),
        until_date=None if end is None else parse_date(end),
    )


_CERTIFIED: Final = "organisation name kind municipality_codes age sign box"


def certified_part(plain: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what an entry and a key card both say of an organisation, and the rest of `plain`.

    The first are the fields of `Entry` and `KeyCard` by name. Raises Unreadable.
    """
    names = _CERTIFIED.split()
    if not isinstance(plain, dict) or not set(names) <= set(plain):
        raise Unreadable
    organisation, name, kind, codes, age_key, sign, box = (plain[each] for each in names)
    if kind not in KINDS:
        raise Unreadable
    body = {
        "organisation_id": uuid(organisation),
        "name": words(name),
        "kind": kind,
        "municipality_codes": municipality_codes(codes),
        "age_recipient": age_key_of(age_key),
        "sign_public": sign_key(sign),
        "box": words(box),
    }
    return body, {key: value for key, value in plain.items() if key not in names}


def municipality_codes(value: Any) -> tuple[str, ...]:
    """Return CBS codes of four digits; raises Unreadable."""
    codes = tuple(words(each, 4) for each in _list(value, 400))
    if not all(len(code) == 4 and code.isascii() and code.isdigit() for code in codes):
        raise Unreadable
    return codes


def signatures_of(signed: SignedBook, roots: Sequence[str]) -> int:
    """Return how many different roots of `roots` signed the book."""
    data = book_bytes(signed.book)
    found: set[str] = set()
    for armored in signed.signatures:
        try:
            signer = sshsig.signer_of(armored)
            if signer in roots:
                sshsig.verify(signer, NAMESPACE, data, armored)
                found.add(signer)
        except SignatureError:
            continue
    return len(found)


def accept(
    current: AddressBook | None, new: SignedBook, now: datetime, pinned_roots: Sequence[str]
) -> AddressBook:
    """Return the new book if it may take the place of `current`; raises BookRefused.

    Without a current book the roots are those pinned (after their control number was typed in)
    and the threshold is the book's own; afterwards both are those of the current book. A book
    with other roots needs, besides the old ones, its own threshold of the new ones.
    """
    book = new.book
    roots = current.roots if current is not None else tuple(pinned_roots)
    threshold = current.threshold if current is not None else book.threshold
    if not roots:
        raise BookRefused(BookRefusal.NO_ROOTS)
    if signatures_of(new, roots) < max(threshold, LEAST_SIGNATURES):
        raise BookRefused(BookRefusal.TOO_FEW_SIGNATURES)
    if signatures_of(new, book.roots) < book.threshold:
        raise BookRefused(BookRefusal.NEW_ROOTS_DID_NOT_SIGN)
    if current is not None:
        _check_follows(current, book)
    if now >= book.expires:
        raise BookRefused(BookRefusal.EXPIRED)
    if book.issued > now + CLOCK_SLACK:
        raise BookRefused(BookRefusal.FROM_THE_FUTURE)
    return book


def _check_follows(current: AddressBook, book: AddressBook) -> None:
    if book.serial < current.serial:
        raise BookRefused(BookRefusal.ROLLBACK)
    if book.serial == current.serial:
        same = book_digest(book) == book_digest(current)
        raise BookRefused(BookRefusal.ALREADY_HAVE if same else BookRefusal.SAME_SERIAL_DIFFERS)
    if book.serial == current.serial + 1 and book.prev != book_digest(current):
        raise BookRefused(BookRefusal.BROKEN_CHAIN)
