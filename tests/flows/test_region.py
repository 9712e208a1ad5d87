"""The region's book in its own vault: cards in, two people sign, others read it, roots rotate."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from support.vaults import prepared_vault

from intake_app.crypto import age
from intake_app.domain.actor import Profile
from intake_app.flows import address_book, region, root_keys
from intake_app.flows.address_book import CheckRefused
from intake_app.flows.region import RegionRefused
from intake_app.flows.root_keys import RootRefused
from intake_app.handover.address_book import (
    ACTIVE,
    RETIRED,
    REVOKED,
    BookRefused,
    read_book,
    root_fingerprint,
)
from intake_app.handover.book_changes import ChangeKind
from intake_app.handover.book_edit import Missing
from intake_app.handover.errors import TargetExists

WORDS = {name: f"wachtwoordzin van {name}" for name in ("fatima", "joost", "merel", "omar")}


@pytest.fixture(scope="module")
def sticks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with four keys, each under its own passphrase, at the least cost."""
    folder = tmp_path_factory.mktemp("sticks")
    cheap = pytest.MonkeyPatch()
    full = age.PassphraseRecipient
    cheap.setattr(age, "PassphraseRecipient", lambda words: full(words, log_n=10))
    for number, (name, words) in enumerate(WORDS.items()):
        root_keys.make_root(folder / f"{name}.age", words, random=bytes([number + 1]).__mul__)
    cheap.undo()
    return folder


@pytest.fixture
def vaults(tmp_path):
    made = (
        prepared_vault(tmp_path / "regio", profile=Profile.REGIO),
        prepared_vault(tmp_path / "azc"),
        prepared_vault(tmp_path / "gemeente", profile=Profile.ONTVANGST),
    )
    yield made
    for vault in made:
        vault.close()


def public(sticks: Path, name: str) -> Path:
    return sticks / f"{name}.age.pub"


def begun(vault, sticks, *names: str) -> None:
    for name in names or ("fatima", "joost", "merel"):
        region.add_signer(vault, public(sticks, name))
    region.begin(vault)


def add(vault, other):
    card = address_book.own_card(other)
    return region.add_card(vault, card, card.fingerprint)


def signed(vault, sticks, *names: str) -> region.RegionView:
    for name in names:
        found = region.sign(vault, sticks / f"{name}.age", WORDS[name])
    return found


def published(vaults, sticks, target: Path) -> None:
    begun(vaults[0], sticks)
    add(vaults[0], vaults[1])
    add(vaults[0], vaults[2])
    signed(vaults[0], sticks, "fatima", "merel")
    region.publish(vaults[0], target)


def test_from_nothing_to_a_book_that_others_read_in(vaults, sticks, tmp_path) -> None:
    regio, azc, town = vaults
    assert region.view(regio) == region.RegionView(None, None, (), (), None, None)
    region.add_signer(regio, public(sticks, "fatima"))
    with pytest.raises(RegionRefused, match="minstens twee"):
        region.begin(regio)
    region.add_signer(regio, public(sticks, "joost"))
    region.add_signer(regio, public(sticks, "merel"))
    region.begin(regio)
    add(regio, azc)
    add(regio, town)
    view = region.view(regio)
    assert (view.missing, view.still_needed) == (Missing(2, 2), 2)
    assert [signer.name for signer in view.signers] == ["fatima", "joost", "merel"]
    kinds = [change.kind for change in view.changes]
    assert kinds == [ChangeKind.ROOT_ADDED] * 3 + [ChangeKind.NEW_ORGANISATION] * 2
    target = tmp_path / "adresboek.json"
    view = signed(regio, sticks, "fatima")
    assert (view.still_needed, view.is_complete) == (1, False)
    with pytest.raises(RegionRefused, match="nog niet genoeg"):
        region.publish(regio, target)
    assert not target.exists()
    view = signed(regio, sticks, "fatima")
    assert view.still_needed == 1, "the same person twice is one"
    view = signed(regio, sticks, "merel")
    assert view.is_complete
    assert [signer.has_signed for signer in view.signers] == [True, False, True]
    book = region.publish(regio, target)
    assert (book.serial, len(book.entries)) == (1, 2)
    after = region.view(regio)
    assert (after.book, after.draft, after.days_left) == (book, None, 364)
    # and the others read it in with the number of its signers
    for vault in (azc, town):
        found = address_book.import_book(vault, target, root_fingerprint(book))
        assert found == book
        assert address_book.status(vault).knows_our_keys
    again = tmp_path / "nog eens.json"
    region.save_again(regio, again)
    assert again.read_bytes() == target.read_bytes()


def test_the_next_book_says_what_changes(vaults, sticks, tmp_path) -> None:
    regio, azc, town = vaults
    target = tmp_path / "een.json"
    published(vaults, sticks, target)
    address_book.import_book(azc, target, root_fingerprint(read_book(target.read_bytes()).book))
    draft = region.begin(regio)
    assert region.view(regio).changes == ()
    entry = next(e for e in draft.entries if e.name == town.info.organisation.name)
    mine = next(e for e in draft.entries if e.name == azc.info.organisation.name)
    region.revoke(regio, entry)
    region.retire(regio, mine)
    found = region.view(regio).changes
    assert [(change.kind, change.entry.status) for change in found if change.entry] == [
        (ChangeKind.RETIRED, RETIRED),
        (ChangeKind.REVOKED, REVOKED),
    ]
    region.set_term(regio, 90)
    assert signed(regio, sticks, "joost", "merel").is_complete
    two = tmp_path / "twee.json"
    book = region.publish(regio, two)
    assert (book.serial, book.expires - book.issued) == (2, timedelta(days=90))
    # nobody types a number for the second one
    assert address_book.import_book(azc, two) == book
    assert book.by_signer(entry.sign_public).is_revoked


def test_every_change_takes_the_signatures_away(vaults, sticks) -> None:
    regio, azc, town = vaults
    begun(regio, sticks)
    add(regio, azc)
    assert signed(regio, sticks, "fatima", "joost").is_complete
    draft = add(regio, town)
    assert region.view(regio).still_needed == 2
    signed(regio, sticks, "fatima")
    region.set_term(regio, 30)
    assert region.view(regio).still_needed == 2
    signed(regio, sticks, "fatima")
    region.retire(regio, draft.entries[0])
    assert not any(signer.has_signed for signer in region.view(regio).signers)


def test_other_signers_are_believed_through_the_old_ones(vaults, sticks, tmp_path) -> None:
    regio, azc, _ = vaults
    first, second = tmp_path / "een.json", tmp_path / "twee.json"
    published(vaults, sticks, first)
    address_book.import_book(azc, first, root_fingerprint(read_book(first.read_bytes()).book))
    region.begin(regio)
    region.add_signer(regio, public(sticks, "omar"))
    left = region.view(regio).signers[0]
    region.drop_signer(regio, left.public)
    view = region.view(regio)
    assert {(s.name, s.of_previous, s.of_draft) for s in view.signers} == {
        ("joost", True, True), ("merel", True, True), ("omar", False, True),
        ("fatima", True, False),
    }  # fmt: skip
    # two of the new ones are not enough: only one of them is an old one
    view = signed(regio, sticks, "omar", "joost")
    assert view.missing == Missing(1, 0)
    # who leaves may sign one last time
    view = signed(regio, sticks, "fatima")
    assert view.is_complete
    book = region.publish(regio, second)
    assert address_book.import_book(azc, second).roots == book.roots
    assert left.public not in book.roots
    region.begin(regio)
    with pytest.raises(RootRefused, match="hoort niet bij"):
        signed(regio, sticks, "fatima")


def test_never_fewer_than_two_signers(vaults, sticks) -> None:
    regio = vaults[0]
    begun(regio, sticks, "fatima", "joost")
    with pytest.raises(RegionRefused, match="minstens twee"):
        region.drop_signer(regio, region.view(regio).signers[0].public)
    with pytest.raises(RegionRefused, match="staat al"):
        region.add_signer(regio, public(sticks, "joost"))
    assert len(region.view(regio).signers) == 2


def test_no_card_without_its_number(vaults, sticks) -> None:
    regio, azc, _ = vaults
    begun(regio, sticks)
    card = address_book.own_card(azc)
    with pytest.raises(CheckRefused, match="hoort niet bij deze sleutelkaart"):
        region.add_card(regio, card, "12345 " * 6)
    assert region.view(regio).draft.entries == ()
    region.add_card(regio, card, card.fingerprint.replace(" ", ""))
    with pytest.raises(RegionRefused, match="al in het adresboek"):
        region.add_card(regio, card, card.fingerprint)
    with regio.read() as records:
        (check,) = records.address_book.fingerprint_checks()
    assert (check.fingerprint, check.checked_by_name) == (card.fingerprint, regio.user.name)


def test_keys_that_do_not_sign(vaults, sticks, tmp_path) -> None:
    regio = vaults[0]
    begun(regio, sticks)
    with pytest.raises(RootRefused, match="wachtwoordzin opent de sleutel niet"):
        region.sign(regio, sticks / "fatima.age", "iets anders")
    with pytest.raises(RootRefused, match="hoort niet bij"):
        signed(regio, sticks, "omar")
    for name, data in {"leeg": b"", "tekst": b"geen sleutel"}.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(RootRefused, match="geen sleutel"):
            region.sign(regio, tmp_path / name, "x")
        with pytest.raises(RootRefused, match="geen openbare sleutel"):
            region.add_signer(regio, tmp_path / name)
    with pytest.raises(RootRefused, match="stick"):
        region.sign(regio, tmp_path / "weg", "x")
    assert region.view(regio).still_needed == 2


def test_a_signer_elsewhere(vaults, sticks, tmp_path) -> None:
    """The draft goes on a stick to a second vault of the region and comes back with a signature."""
    regio, azc, _ = vaults
    other = prepared_vault(tmp_path / "regio 2", profile=Profile.REGIO, number=2)
    begun(regio, sticks)
    add(regio, azc)
    sent, back = tmp_path / "heen.json", tmp_path / "terug.json"
    region.save_draft(regio, sent)
    assert region.read_draft(other, sent).still_needed == 2
    signed(other, sticks, "joost")
    region.save_draft(other, back)
    assert region.read_draft(regio, back).still_needed == 1
    assert signed(regio, sticks, "merel").is_complete
    add(other, other)
    foreign = tmp_path / "anders.json"
    region.save_draft(other, foreign)
    with pytest.raises(RegionRefused, match="ander concept"):
        region.read_draft(regio, foreign)
    assert region.view(regio).is_complete
    region.publish(regio, tmp_path / "boek.json")
    with pytest.raises(BookRefused):
        region.read_draft(regio, back)
    other.close()


def test_a_full_stick_leaves_the_draft(vaults, sticks, tmp_path) -> None:
    regio, azc, _ = vaults
    begun(regio, sticks)
    add(regio, azc)
    assert signed(regio, sticks, "fatima", "joost").is_complete
    there = tmp_path / "boek.json"
    there.write_text("belangrijk")
    with pytest.raises(TargetExists):
        region.publish(regio, there)
    view = region.view(regio)
    assert (view.book, view.is_complete) == (None, True)
    assert there.read_text() == "belangrijk"


def test_an_expired_book_is_said_to_be_and_can_be_followed(vaults, sticks, tmp_path) -> None:
    regio = vaults[0]
    published(vaults, sticks, tmp_path / "een.json")
    end = region.view(regio).book.expires
    regio.env = replace(regio.env, now=lambda: end + timedelta(days=3))
    assert region.view(regio).days_left == -3
    region.begin(regio)
    signed(regio, sticks, "fatima", "joost")
    assert region.publish(regio, tmp_path / "twee.json").serial == 2
    assert region.view(regio).days_left == 365


def test_new_keys_retire_the_old_ones(vaults, sticks, tmp_path) -> None:
    regio, azc, _ = vaults
    published(vaults, sticks, tmp_path / "een.json")
    region.begin(regio)
    newer = prepared_vault(tmp_path / "nieuw", number=3)
    card = replace(
        address_book.own_card(newer), organisation_id=azc.info.organisation.organisation_id
    )
    book = region.add_card(regio, card, card.fingerprint)
    statuses = [e.status for e in book.entries if e.organisation_id == card.organisation_id]
    assert statuses == [RETIRED, ACTIVE]
    kinds = {change.kind for change in region.view(regio).changes}
    assert kinds == {ChangeKind.RETIRED, ChangeKind.NEW_KEYS}
    region.discard(regio)
    assert region.view(regio).draft is None
    newer.close()
