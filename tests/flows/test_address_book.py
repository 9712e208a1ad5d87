from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from support.vaults import START, environment, prepared_vault

from intake_app.crypto.sshsig import SigningKey, generate_signing_key
from intake_app.domain.actor import Profile
from intake_app.domain.routing import RoutingRule, executor_on
from intake_app.flows import address_book as flow
from intake_app.flows.address_book import CheckRefused
from intake_app.handover.address_book import BookRefusal, BookRefused, read_book, root_fingerprint
from intake_app.handover.errors import TargetExists
from intake_app.handover.key_card import read_key_card
from intake_app.vault import Vault

RANDOM = environment(55).random
ROOTS = tuple(generate_signing_key(RANDOM) for _ in range(3))
YEAR = timedelta(days=365)


@pytest.fixture
def azc(tmp_path: Path) -> Vault:
    return prepared_vault(tmp_path / "azc")


@pytest.fixture
def municipality(tmp_path: Path) -> Vault:
    return prepared_vault(tmp_path / "gemeente", profile=Profile.ONTVANGST)


def book_of(
    *vaults: Vault, roots: tuple[SigningKey, ...] = ROOTS, after: bytes | None = None
) -> bytes:
    previous = read_book(after).book if after else None
    issued = START + timedelta(hours=1 if after else 0)
    cards = [flow.own_card(vault) for vault in vaults]
    return flow.make_book(cards, roots, issued=issued, expires=issued + YEAR, previous=previous)


def saved(tmp_path: Path, raw: bytes, name: str = "adresboek.json") -> Path:
    path = tmp_path / name
    path.write_bytes(raw)
    return path


def number(raw: bytes) -> str:
    return root_fingerprint(read_book(raw).book)


def test_our_card_is_signed_and_never_overwrites(azc: Vault, tmp_path: Path) -> None:
    card = flow.save_card(azc, tmp_path / "kaart.json")
    assert read_key_card((tmp_path / "kaart.json").read_bytes()) == card
    with pytest.raises(TargetExists):
        flow.save_card(azc, tmp_path / "kaart.json")


def test_the_first_book_needs_the_typed_number(
    azc: Vault, municipality: Vault, tmp_path: Path
) -> None:
    raw = book_of(azc, municipality)
    path = saved(tmp_path, raw)
    with pytest.raises(BookRefused) as refused:
        flow.import_book(azc, path)
    assert refused.value.reason is BookRefusal.NO_ROOTS
    with pytest.raises(CheckRefused):
        flow.import_book(azc, path, "11111 22222 33333 44444 55555 66666")
    assert flow.status(azc).book is None
    flow.import_book(azc, path, number(raw).replace(" ", "-"))
    status = flow.status(azc)
    assert status.book is not None
    assert status.knows_our_keys
    assert not status.expired
    assert flow.root_number(path) == number(raw)
    names = [known.entry.name for known in flow.organisations(azc)]
    assert names == ["Gemeente Voorbeeldstad", "Team op locatie"]


def test_the_routing_follows_from_the_book(azc: Vault, municipality: Vault, tmp_path: Path) -> None:
    raw = book_of(azc, municipality)
    flow.import_book(azc, saved(tmp_path, raw), number(raw))
    with azc.read() as records:
        rule = executor_on(records.routing.all(), "0355", date(2026, 3, 3))
    assert rule is not None
    assert rule.executor_id == municipality.info.organisation.organisation_id


def test_a_new_executor_ends_the_old_rule(municipality: Vault) -> None:
    book = read_book(book_of(municipality)).book
    old = RoutingRule("0355", START_ID, "Dienst A", date(2020, 1, 1))
    rules = flow.routing_of(book, [old])
    assert executor_on(rules, "0355", date(2021, 1, 1)) == replace(
        old, valid_until=book.issued.date()
    )
    assert flow.routing_of(book, rules) == rules
    newest = executor_on(rules, "0355", book.issued.date())
    assert newest is not None
    assert newest.executor_id == municipality.info.organisation.organisation_id


START_ID = environment(77).uuid()


def test_a_later_book_is_believed_by_its_signatures(
    azc: Vault, municipality: Vault, tmp_path: Path
) -> None:
    first = book_of(azc)
    second = book_of(municipality, after=first)
    strangers = tuple(generate_signing_key(RANDOM) for _ in range(3))
    flow.import_book(azc, saved(tmp_path, first), number(first))
    with pytest.raises(BookRefused) as refused:
        flow.import_book(azc, saved(tmp_path, book_of(municipality, roots=strangers, after=first)))
    assert refused.value.reason is BookRefusal.TOO_FEW_SIGNATURES
    flow.import_book(azc, saved(tmp_path, second))
    assert len(flow.organisations(azc)) == 2
    with pytest.raises(BookRefused) as refused:
        flow.import_book(azc, saved(tmp_path, first))
    assert refused.value.reason is BookRefusal.ROLLBACK


def test_new_keys_retire_the_old_ones(azc: Vault, tmp_path: Path) -> None:
    first = book_of(azc)
    other = prepared_vault(tmp_path / "nieuw", number=2)
    card = replace(flow.own_card(other), organisation_id=azc.info.organisation.organisation_id)
    issued = datetime(2026, 3, 5, tzinfo=UTC)
    second = flow.make_book(
        [card], ROOTS, issued=issued, expires=issued + YEAR, previous=read_book(first).book
    )
    entries = read_book(second).book.entries
    assert sorted(entry.status for entry in entries) == ["active", "retired"]


def test_a_wrong_control_number_records_nothing(
    azc: Vault, municipality: Vault, tmp_path: Path
) -> None:
    raw = book_of(azc, municipality)
    flow.import_book(azc, saved(tmp_path, raw), number(raw))
    (theirs,) = (k for k in flow.organisations(azc) if not k.is_ourselves)
    organisation_id = theirs.entry.organisation_id
    with pytest.raises(CheckRefused):
        flow.check_number(azc, organisation_id, "00000 00000 00000 00000 00000 00000")
    with pytest.raises(CheckRefused):
        flow.check_number(azc, START_ID, theirs.entry.fingerprint)
    assert all(known.check is None for known in flow.organisations(azc))
    check = flow.check_number(azc, organisation_id, theirs.entry.fingerprint)
    assert check in [known.check for known in flow.organisations(azc)]


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff\xfe", b"[" * 100_000])
def test_garbage_is_no_book(azc: Vault, tmp_path: Path, content: bytes) -> None:
    with pytest.raises(BookRefused) as refused:
        flow.import_book(azc, saved(tmp_path, content), "1")
    assert refused.value.reason is BookRefusal.UNREADABLE
    with pytest.raises(BookRefused):
        flow.import_book(azc, tmp_path / "is-er-niet.json", "1")
