"""What differs between two address books, for who is asked to sign the second."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from intake_app.handover.address_book import ACTIVE, RETIRED, REVOKED, AddressBook, Entry


class ChangeKind(StrEnum):
    """What happened to one line of the book, or to who signs it."""

    NEW_ORGANISATION = "new_organisation"
    NEW_KEYS = "new_keys"
    RETIRED = "retired"
    REVOKED = "revoked"
    REVIVED = "revived"
    EDITED = "edited"
    GONE = "gone"
    ROOT_ADDED = "root_added"
    ROOT_GONE = "root_gone"
    THRESHOLD = "threshold"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `entry` is the line as it becomes (as it was, for GONE).

    `root` is the public key of a signer and `number` the new threshold, for the kinds about those.
    """

    kind: ChangeKind
    entry: Entry | None = None
    root: str = ""
    number: int = 0


def changes(previous: AddressBook | None, book: AddressBook) -> tuple[Change, ...]:
    """Return every difference of content, in the order of the book, signers first.

    Serial, dates and the chain are not content. Of a first book everything is new.
    """
    return (*_of_roots(previous, book), *_of_entries(previous, book))


def _of_roots(previous: AddressBook | None, book: AddressBook) -> Iterator[Change]:
    before = previous.roots if previous is not None else ()
    for root in book.roots:
        if root not in before:
            yield Change(ChangeKind.ROOT_ADDED, root=root)
    for root in before:
        if root not in book.roots:
            yield Change(ChangeKind.ROOT_GONE, root=root)
    if previous is not None and previous.threshold != book.threshold:
        yield Change(ChangeKind.THRESHOLD, number=book.threshold)


def _of_entries(previous: AddressBook | None, book: AddressBook) -> Iterator[Change]:
    before = {entry.sign_public: entry for entry in (previous.entries if previous else ())}
    known = {entry.organisation_id for entry in before.values()}
    for entry in book.entries:
        old = before.pop(entry.sign_public, None)
        if old is None:
            new = entry.organisation_id not in known
            yield Change(ChangeKind.NEW_ORGANISATION if new else ChangeKind.NEW_KEYS, entry)
        elif old != entry:
            yield Change(_what(old, entry), entry)
    for gone in before.values():
        yield Change(ChangeKind.GONE, gone)


def _what(old: Entry, new: Entry) -> ChangeKind:
    if old.status == new.status:
        return ChangeKind.EDITED
    kinds = {
        RETIRED: ChangeKind.RETIRED,
        REVOKED: ChangeKind.REVOKED,
        ACTIVE: ChangeKind.REVIVED,
    }
    return kinds[new.status]
