"""Three keepers, two sticks at a time: draft, sign, check, rotate, retire, revoke."""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from handover_samples import AZC, BOOK, HOUTEN, NOW, ROOTS, ZEIST, Organisation, book_of

from intake_app.cli import addressbook
from intake_app.crypto.age import PassphraseRecipient
from intake_app.handover import book_edit
from intake_app.handover.address_book import (
    ACTIVE,
    RETIRED,
    REVOKED,
    AddressBook,
    BookRefusal,
    BookRefused,
    accept,
    read_book,
    root_fingerprint,
)
from intake_app.handover.book_edit import Missing, NotInBook
from intake_app.handover.key_card import KeyCard, write_key_card

LATER = NOW + timedelta(days=1)
YEAR = timedelta(days=365)


def card_of(organisation: Organisation, name: str = "") -> KeyCard:
    entry = organisation.entry()
    return KeyCard(
        entry.organisation_id,
        name or entry.name,
        entry.kind,
        entry.municipality_codes,
        entry.age_recipient,
        entry.sign_public,
        entry.box,
        datetime(2026, 1, 1, tzinfo=UTC),
    )


def following() -> AddressBook:
    return book_edit.next_book(BOOK, issued=LATER, expires=LATER + YEAR)


def signed_by(book: AddressBook, *numbers: int) -> bytes:
    data = book_edit.unsigned(book)
    for number in numbers:
        data = book_edit.add_signature(data, ROOTS[number])
    return data


def test_two_of_three_sign_apart() -> None:
    draft = signed_by(following())
    assert book_edit.missing(read_book(draft), BOOK) == Missing(2, 2)
    with pytest.raises(BookRefused) as caught:
        accept(BOOK, read_book(draft), LATER, ())
    assert caught.value.reason is BookRefusal.TOO_FEW_SIGNATURES
    once = book_edit.add_signature(draft, ROOTS[2])
    assert book_edit.add_signature(once, ROOTS[2]) == once
    assert book_edit.missing(read_book(once), BOOK) == Missing(1, 1)
    stranger = book_edit.add_signature(once, AZC.key)
    assert book_edit.missing(read_book(stranger), BOOK) == Missing(1, 1)
    both = book_edit.add_signature(once, ROOTS[0])
    assert book_edit.missing(read_book(both), BOOK) == Missing(0, 0)
    assert accept(BOOK, read_book(both), LATER, ()).serial == 2


def test_a_new_card_retires_the_old_keys_and_leaves_them_a_while() -> None:
    newer = Organisation("Gemeente Voorbeeldstad, nieuwe sleutel")
    card = card_of(newer)
    card = KeyCard(
        ZEIST.entry().organisation_id,
        ZEIST.name,
        card.kind,
        card.municipality_codes,
        card.age_recipient,
        card.sign_public,
        card.box,
        card.issued,
    )
    book = book_edit.with_card(following(), card)
    assert book_edit.with_card(book, card) == book
    ident, day = ZEIST.party.organisation_id, LATER.date()
    current = book.current(ident, day)
    assert current is not None
    assert (current.sign_public, current.status) == (newer.key.public, ACTIVE)
    old = book.by_signer(ZEIST.key.public)
    assert old is not None
    assert (old.status, old.until_date) == (RETIRED, day + timedelta(days=90))
    assert old.was_valid_on(day + timedelta(days=89))
    assert not old.was_valid_on(day + timedelta(days=90))


def test_retire_and_revoke() -> None:
    number = HOUTEN.party.fingerprint
    day = LATER.date()
    gone = book_edit.retired(following(), number.replace(" ", "")).by_signer(HOUTEN.key.public)
    assert gone is not None
    assert (gone.status, gone.until_date) == (RETIRED, day)
    lost = book_edit.revoked(following(), number).by_signer(HOUTEN.key.public)
    assert lost is not None
    assert (lost.status, lost.until_date) == (REVOKED, day)
    ended = book_of(HOUTEN.entry(until_date=date(2026, 2, 1)))
    lost = book_edit.revoked(ended, number).by_signer(HOUTEN.key.public)
    assert lost is not None
    assert lost.until_date == date(2026, 1, 1)
    for change in (book_edit.retired, book_edit.revoked):
        with pytest.raises(NotInBook, match="staat niet in"):
            change(following(), "12345" * 6)


def test_other_roots_need_the_old_and_the_new() -> None:
    public = [root.public for root in ROOTS[2:5]]
    book = book_edit.with_roots(following(), public, 2)
    for numbers, missing in [
        ((0, 1), Missing(0, 2)),
        ((3, 4), Missing(2, 0)),
        ((0, 2), Missing(0, 1)),
        ((0, 2, 3), Missing(0, 0)),
    ]:
        signed = read_book(signed_by(book, *numbers))
        assert book_edit.missing(signed, BOOK) == missing
        if missing == Missing(0, 0):
            assert accept(BOOK, signed, LATER, ()).roots == tuple(public)
        else:
            with pytest.raises(BookRefused):
                accept(BOOK, signed, LATER, ())


def test_a_book_that_does_not_follow_is_noticed() -> None:
    for other in (BOOK, book_edit.first_book(BOOK.roots, threshold=2, issued=NOW, expires=LATER)):
        with pytest.raises(BookRefused) as caught:
            book_edit.missing(read_book(signed_by(other)), BOOK)
        assert caught.value.reason is BookRefusal.BROKEN_CHAIN


def test_a_draft_nobody_would_accept_is_not_made() -> None:
    for roots, threshold in [(BOOK.roots[:1], 2), (BOOK.roots, 1), (BOOK.roots, 4)]:
        book = book_edit.first_book(roots, threshold=threshold, issued=NOW, expires=LATER)
        with pytest.raises(BookRefused):
            book_edit.unsigned(book)


def run(*arguments: str | Path) -> int:
    parser = argparse.ArgumentParser()
    addressbook.add_parser(parser.add_subparsers(dest="command"))
    return addressbook.run(parser.parse_args(["addressbook", *map(str, arguments)]))


def test_the_whole_life_of_a_book_on_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("INTAKE_ROOT_PASSPHRASE", "een zin op een stick")
    monkeypatch.setattr(PassphraseRecipient.__init__, "__defaults__", (10,))
    sticks = [tmp_path / f"stick{number}" for number in range(4)]
    for stick in sticks:
        assert run("new-root", stick) == 0
    public = [f"{stick}.pub" for stick in sticks]
    azc, zeist = tmp_path / "azc.kaart", tmp_path / "zeist.kaart"
    for path, organisation in ((azc, AZC), (zeist, ZEIST)):
        write_key_card(card_of(organisation), organisation.key, path, random=bytes)
    names = ("een", "half", "twee", "drie", "vier", "vijf", "zes")
    one, half, two, three, four, five, six = (tmp_path / name for name in names)

    assert run("draft", one, "--roots", public[0]) == 1
    assert run("draft", one, "--roots", *public[:3], "--card", azc, "--card", zeist) == 0
    assert run("sign", one, half, "--root", sticks[0]) == 0
    number = root_fingerprint(read_book(half.read_bytes()).book)
    assert run("check", half, "--number", number) == 1
    assert run("sign", half, two, "--root", sticks[2]) == 0
    assert run("check", two) == 1
    assert run("check", two, "--number", "1" * 30) == 1
    capsys.readouterr()
    assert run("check", two, "--number", number) == 0
    assert "Adresboek 1 wordt geaccepteerd." in capsys.readouterr().out

    # The second book: a lost laptop, and the third keeper hands over to a fourth.
    change = ["--revoke", AZC.party.fingerprint, "--retire", ZEIST.party.fingerprint]
    rotate = ["--roots", public[0], public[1], public[3]]
    assert run("draft", three, "--previous", two, *change, *rotate) == 0
    assert "2 van die van het vorige boek" in capsys.readouterr().out
    assert run("sign", three, four, "--root", sticks[3]) == 0
    assert run("sign", four, five, "--root", sticks[0]) == 0
    assert run("check", five, "--previous", two) == 1
    assert run("sign", five, six, "--root", sticks[1]) == 0
    capsys.readouterr()
    assert run("check", six, "--previous", two) == 0
    assert run("check", two, "--previous", six) == 1
    assert run("show", six) == 0
    shown = capsys.readouterr().out
    assert f"{AZC.name} | azc | revoked" in shown
    assert f"{ZEIST.name} | gemeente | retired" in shown
    assert run("changes", six, "--previous", two) == 0
    kinds = [line.split(" | ")[0] for line in capsys.readouterr().out.splitlines()]
    assert kinds == ["root_added", "root_gone", "revoked", "retired"]
    assert run("changes", two, "--previous", two) == 0
    assert capsys.readouterr().out == "geen verschil\n"
    assert run("changes", two) == 0
    assert f"new_organisation | {ZEIST.name}" in capsys.readouterr().out
    book = read_book(six.read_bytes()).book
    assert book.roots == tuple(Path(each).read_text().strip() for each in rotate[1:])

    for wrong in (
        ("sign", six, tmp_path / "x", "--root", azc),
        ("sign", azc, tmp_path / "x", "--root", sticks[0]),
        ("draft", tmp_path / "x", "--previous", six, "--revoke", "1" * 30),
        ("draft", tmp_path / "x", "--roots", azc, zeist),
        ("draft", tmp_path / "x", "--roots", *public[:2], "--threshold", "3"),
        ("sign", six, two, "--root", sticks[0]),
    ):
        assert run(*wrong) == 1
    assert not (tmp_path / "x").exists()
