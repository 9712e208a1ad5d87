"""The address book: only forward, only with enough roots, only while it holds."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from handover_samples import AZC, BOOK, HOUTEN, NOW, ROOTS, STRANGER, ZEIST, book_of, uuid_of

from intake_app.crypto.fingerprint import fingerprint
from intake_app.crypto.sshsig import SigningKey
from intake_app.handover.address_book import (
    BOOK_SENTENCES,
    RETIRED,
    REVOKED,
    AddressBook,
    BookRefusal,
    BookRefused,
    SignedBook,
    accept,
    book_digest,
    read_book,
    root_fingerprint,
    sign_book,
)

B = BookRefusal
PINNED = BOOK.roots


def signed(book: AddressBook, keys: Sequence[SigningKey] = ROOTS[:2]) -> SignedBook:
    return read_book(sign_book(book, keys))


def after(book: AddressBook, **changes: Any) -> AddressBook:
    made = dataclasses.replace(book, serial=book.serial + 1, prev=book_digest(book))
    return dataclasses.replace(made, **changes)


def refused(
    current: AddressBook | None,
    new: SignedBook,
    pinned: Sequence[str] = PINNED,
    now: datetime = NOW,
) -> BookRefusal:
    with pytest.raises(BookRefused) as caught:
        accept(current, new, now, pinned)
    assert str(caught.value).endswith(".")
    return caught.value.reason


def test_every_reason_has_its_own_sentence() -> None:
    assert set(BOOK_SENTENCES) == set(BookRefusal)
    assert len(set(BOOK_SENTENCES.values())) == len(BookRefusal)


def test_first_book_with_pinned_roots() -> None:
    assert accept(None, signed(BOOK), NOW, PINNED) == BOOK
    assert root_fingerprint(BOOK) == fingerprint(*reversed(BOOK.roots))
    assert refused(None, signed(BOOK), ()) is B.NO_ROOTS
    others = [root.public for root in ROOTS[3:6]]
    assert refused(None, signed(BOOK), others) is B.TOO_FEW_SIGNATURES


def test_signatures_count_per_root() -> None:
    assert refused(None, signed(BOOK, ROOTS[:1])) is B.TOO_FEW_SIGNATURES
    assert refused(None, signed(BOOK, [ROOTS[0]] * 3)) is B.TOO_FEW_SIGNATURES
    assert refused(None, signed(BOOK, ())) is B.TOO_FEW_SIGNATURES
    assert refused(None, signed(BOOK, [ROOTS[0], ROOTS[5], AZC.key])) is B.TOO_FEW_SIGNATURES
    assert accept(None, signed(BOOK, [AZC.key, ROOTS[2], ROOTS[0]]), NOW, PINNED) == BOOK
    three = dataclasses.replace(BOOK, threshold=3)
    assert refused(None, signed(three)) is B.TOO_FEW_SIGNATURES
    assert accept(None, signed(three, ROOTS[:3]), NOW, PINNED) == three


def test_signatures_of_another_book_do_not_count() -> None:
    other = after(BOOK)
    mixed = SignedBook(other, signed(BOOK).signatures)
    assert refused(BOOK, mixed) is B.TOO_FEW_SIGNATURES


def test_only_forward() -> None:
    second = after(BOOK)
    assert accept(BOOK, signed(second), NOW, ()) == second
    assert refused(second, signed(BOOK)) is B.ROLLBACK
    assert refused(second, signed(second)) is B.ALREADY_HAVE
    twin = dataclasses.replace(second, entries=())
    assert refused(second, signed(twin)) is B.SAME_SERIAL_DIFFERS
    assert refused(BOOK, signed(dataclasses.replace(second, prev="0" * 128))) is B.BROKEN_CHAIN
    assert refused(BOOK, signed(dataclasses.replace(second, prev=""))) is B.BROKEN_CHAIN
    jump = dataclasses.replace(second, serial=9, prev="0" * 128)
    assert accept(BOOK, signed(jump), NOW, ()) == jump


def test_expiry_and_clock() -> None:
    assert refused(None, signed(BOOK), now=BOOK.expires) is B.EXPIRED
    accept(None, signed(BOOK), BOOK.expires - timedelta(seconds=1), PINNED)
    assert refused(None, signed(BOOK), now=BOOK.issued - timedelta(days=3)) is B.FROM_THE_FUTURE
    accept(None, signed(BOOK), BOOK.issued - timedelta(days=1), PINNED)
    assert BOOK.is_expired(BOOK.expires)
    assert not BOOK.is_expired(NOW)


def test_roots_rotate_step_by_step() -> None:
    second = after(BOOK, roots=tuple(root.public for root in ROOTS[2:5]))
    third = after(second, roots=tuple(root.public for root in ROOTS[3:6]))
    both = [ROOTS[0], ROOTS[2], ROOTS[3]]
    assert refused(BOOK, signed(second, ROOTS[:2])) is B.NEW_ROOTS_DID_NOT_SIGN
    assert refused(BOOK, signed(second, ROOTS[3:5])) is B.TOO_FEW_SIGNATURES
    assert accept(BOOK, signed(second, both), NOW, PINNED) == second
    assert refused(BOOK, signed(third, ROOTS[3:6])) is B.TOO_FEW_SIGNATURES
    assert accept(second, signed(third, ROOTS[3:6]), NOW, PINNED) == third
    # The first roots have no say any more, whatever was pinned long ago.
    back = after(third, roots=BOOK.roots)
    assert refused(third, signed(back, ROOTS[:2])) is B.TOO_FEW_SIGNATURES


def test_a_lower_threshold_needs_the_old_one() -> None:
    strict = dataclasses.replace(BOOK, threshold=3)
    looser = after(strict, threshold=2)
    assert refused(strict, signed(looser)) is B.TOO_FEW_SIGNATURES
    assert accept(strict, signed(looser, ROOTS[:3]), NOW, PINNED) == looser


def unreadable(data: bytes) -> BookRefusal:
    with pytest.raises(BookRefused) as caught:
        read_book(data)
    return caught.value.reason


CHANGES: dict[str, dict[str, Any]] = {
    "threshold one": {"threshold": 1},
    "threshold above roots": {"threshold": 4},
    "serial nought": {"serial": 0},
    "double roots": {"roots": [BOOK.roots[0]] * 3},
    "odd root": {"roots": ["ssh-rsa AAAA", *BOOK.roots]},
    "expires first": {"expires": "2025-01-01T00:00:00Z"},
    "no zone": {"issued": "2026-01-01T00:00:00"},
    "short prev": {"prev": "ab"},
    "other format": {"format": "doorgaande-lijn-sleutelkaart"},
    "entries no list": {"entries": {}},
    "extra field": {"extra": 1},
}


@pytest.mark.parametrize("name", CHANGES)
def test_other_shapes(name: str) -> None:
    plain = json.loads(sign_book(BOOK, ROOTS[:2]))
    plain["book"].update(CHANGES[name])
    assert unreadable(json.dumps(plain).encode()) is B.UNREADABLE


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "werkgever"},
        {"status": "ok"},
        {"age": "age1x"},
        {"sign": "x"},
        {"municipality_codes": ["35"]},
        {"municipality_codes": ["٠٣٥٥"]},
        {"from": "2026-1-1"},
        {"name": "a\nb"},
        {"organisation": "x"},
        {"sign": ZEIST.key.public},
        {"age": ZEIST.party.age_recipient},
        {"extra": 1},
    ],
)
def test_other_entries(change: dict[str, Any]) -> None:
    plain = json.loads(sign_book(BOOK, ROOTS[:2]))
    plain["book"]["entries"][0].update(change)
    assert unreadable(json.dumps(plain).encode()) is B.UNREADABLE


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"null", b"[" * 9999, b"\xff", b'{"book":1}'])
def test_junk(data: bytes) -> None:
    assert unreadable(data) is B.UNREADABLE


def test_newer_version() -> None:
    plain = json.loads(sign_book(BOOK, ROOTS[:2]))
    plain["book"]["version"] = 2
    assert unreadable(json.dumps(plain).encode()) is B.UNKNOWN_VERSION


def test_a_flipped_byte_is_refused_or_changes_nothing() -> None:
    small = book_of(
        AZC.entry(age_recipient="age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj")
    )
    data = sign_book(small, ROOTS[:2])
    for at in range(0, len(data), 2):
        changed = bytearray(data)
        changed[at] ^= 1 << at % 7
        try:
            found = accept(None, read_book(bytes(changed)), NOW, PINNED)
        except BookRefused:
            continue
        assert found == small


def test_the_writer_refuses_what_no_reader_takes() -> None:
    with pytest.raises(BookRefused):
        sign_book(dataclasses.replace(BOOK, threshold=1), ROOTS[:2])


def test_looking_up() -> None:
    assert BOOK.by_signer(AZC.key.public) == AZC.entry()
    assert BOOK.by_signer(STRANGER.key.public) is None
    assert BOOK.by_fingerprint(HOUTEN.party.fingerprint.replace(" ", "-")) == HOUTEN.entry()
    assert BOOK.by_fingerprint("12345") is None


def test_the_entry_to_send_to() -> None:
    today = NOW.date()
    ident = ZEIST.party.organisation_id
    newer = ZEIST.entry(
        from_date=date(2026, 2, 1),
        sign_public=STRANGER.key.public,
        age_recipient=STRANGER.party.age_recipient,
    )
    assert book_of(ZEIST.entry(), newer).current(ident, today) == newer
    assert book_of(newer, ZEIST.entry()).current(ident, date(2026, 1, 15)) == ZEIST.entry()
    assert book_of(ZEIST.entry()).current(uuid_of("niemand"), today) is None
    for entry in (
        ZEIST.entry(status=REVOKED),
        ZEIST.entry(status=RETIRED),
        ZEIST.entry(until_date=today),
        ZEIST.entry(from_date=today + timedelta(days=1)),
    ):
        assert book_of(entry).current(ident, today) is None


def test_a_book_of_every_municipality() -> None:
    from intake_app.crypto.age import HybridIdentity

    entries = []
    for number in range(342):
        seed = number.to_bytes(32, "big")
        entry = ZEIST.entry(
            organisation_id=uuid_of(str(number)),
            sign_public=SigningKey(seed).public,
            age_recipient=HybridIdentity(seed).recipient.encode(),
        )
        entries.append(entry)
    book = accept(None, signed(book_of(*entries)), NOW, PINNED)
    assert book.by_signer(entries[341].sign_public) == entries[341]
