"""Recovery cards: made, tried, used; the use is told; what is typed wrong is named."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from support.quick_kdf import quick_kdf
from support.vaults import PASSPHRASE, SMALL_RESERVE, environment, make_vault

from intake_app.crypto import shares
from intake_app.crypto.slots import KeyFile
from intake_app.domain.actor import UserRole
from intake_app.vault import (
    NotAVault,
    Vault,
    VaultDamaged,
    VaultInUse,
    WrongPassphrase,
    keys,
    recovery,
    users,
)
from intake_app.vault import folder as places
from intake_app.vault.errors import CardsRefused, NotAllowed, PassphraseRefused, UserUnknown

BRAM_PHRASE = "bakfiets duinpan lawine oester"
NEW = "bliksem anker tulp orkest kiwi"


@dataclass
class Made:
    folder: Path
    me: UUID
    bram: UUID
    cards: tuple[str, ...]


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    with quick_kdf():
        yield


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("kluis") / "kluis"
    vault = make_vault(folder)
    bram = users.add_user(
        vault,
        passphrase=PASSPHRASE,
        name="Bram",
        roles=(UserRole.INTAKE,),
        new_passphrase=BRAM_PHRASE,
    )
    cards = words_of(recovery.make_cards(vault, passphrase=PASSPHRASE))
    recovery.try_cards(vault, cards[0], cards[1])
    me = vault.user.user_id
    vault.close()
    return Made(folder, me, bram.user_id, cards)


def words_of(cards: tuple[recovery.RecoveryCard, ...]) -> tuple[str, ...]:
    return tuple(" ".join(card.words) for card in cards)


@pytest.fixture
def folder(made: Made, tmp_path: Path) -> Path:
    shutil.copytree(made.folder, tmp_path / "kluis")
    return tmp_path / "kluis"


def reopen(folder: Path, phrase: str) -> Vault:
    return Vault.open(folder, passphrase=phrase, env=environment(51), reserve_bytes=SMALL_RESERVE)


def recover(folder: Path, cards: tuple[str, ...], who: UUID, phrase: str = NEW) -> Vault:
    return recovery.recover(
        folder,
        *cards,
        user_id=who,
        new_passphrase=phrase,
        env=environment(52),
        reserve_bytes=SMALL_RESERVE,
    )


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


# --- making and trying ---------------------------------------------------------------------------


def test_from_no_cards_to_a_set_in_force(tmp_path: Path):
    vault = make_vault(tmp_path / "kluis")
    none = recovery.card_state(vault)
    assert (none.has_cards, none.proposed, none.made_at, none.tried_at) == (
        False,
        False,
        None,
        None,
    )
    cards = recovery.make_cards(vault, passphrase=PASSPHRASE)
    assert [card.number for card in cards] == [1, 2, 3]
    assert {card.label for card in cards} == {"Team op locatie"}
    assert len({card.check for card in cards}) == 1
    assert [len(group) for group in cards[0].check.split()] == [5] * 6
    assert all(len(card.words) == shares.WORDS for card in cards)
    assert cards[0].words[5] not in repr(cards)
    proposed = recovery.card_state(vault)
    assert (proposed.has_cards, proposed.proposed) == (False, True)
    assert (proposed.made_at, proposed.tried_at) == (cards[0].made_at, None)

    words = words_of(cards)
    recovery.try_cards(vault, words[2], words[0])
    tried = recovery.card_state(vault)
    assert (tried.has_cards, tried.proposed, tried.last_use) == (True, False, None)
    assert tried.tried_at is not None
    assert tried.tried_at - cards[0].made_at < timedelta(minutes=1)
    with vault.read() as records:
        purposes = " ".join(entry.body for entry in records.audit.entries())
    assert "herstelkaarten maken" in purposes
    assert "herstelkaarten uitproberen" in purposes
    vault.close()


def test_a_new_set_is_in_force_only_after_trying(folder: Path, made: Made):
    vault = reopen(folder, PASSPHRASE)
    first = words_of(recovery.make_cards(vault, passphrase=PASSPHRASE))
    second = words_of(recovery.make_cards(vault, passphrase=PASSPHRASE))
    state = recovery.card_state(vault)
    assert (state.has_cards, state.proposed) == (True, True)
    with pytest.raises(CardsRefused, match="niet bij deze kluis"):
        recovery.try_cards(vault, first[0], first[1])
    recovery.try_cards(vault, made.cards[0], made.cards[2])
    recovery.try_cards(vault, second[0], second[1])
    assert len(KeyFile.from_bytes(content(folder)[places.KEY_FILE]).escrows) == 1
    vault.close()
    before = content(folder)
    with pytest.raises(CardsRefused) as refused:
        recover(folder, made.cards[:2], made.me)
    assert refused.value.reason == "not-this-vault"
    assert content(folder) == before
    recover(folder, second[1:], made.me).close()


def test_cards_that_were_never_tried_prove_themselves_when_used(tmp_path: Path):
    vault = make_vault(tmp_path / "kluis")
    cards = words_of(recovery.make_cards(vault, passphrase=PASSPHRASE))
    me = vault.user.user_id
    vault.close()
    again = recover(tmp_path / "kluis", cards[:2], me)
    state = recovery.card_state(again)
    assert (state.has_cards, state.proposed) == (True, False)
    again.close()


def test_trying_is_for_the_manager(folder: Path, made: Made):
    vault = reopen(folder, BRAM_PHRASE)
    with pytest.raises(NotAllowed):
        recovery.try_cards(vault, *made.cards[:2])
    vault.close()


# --- using ---------------------------------------------------------------------------------------


def test_who_forgot_the_passphrase_gets_in(folder: Path, made: Made):
    people = recovery.open_with_cards(
        folder, *made.cards[:2], env=environment(), reserve_bytes=SMALL_RESERVE
    )
    assert [(user.user_id, user.name) for user in people] == [
        (made.me, "Noor de Vries"),
        (made.bram, "Bram"),
    ]
    vault = recover(folder, made.cards[1:], made.bram)
    assert (vault.user.user_id, vault.user.roles) == (made.bram, (UserRole.INTAKE,))
    (own,) = recovery.unseen_uses(vault)
    assert (own.user_id, own.user_name, own.kind) == (made.bram, "Bram", "herstelkaarten")
    with vault.read() as records:
        assert any("herstellen met kaarten" in e.body for e in records.audit.entries())
        records.audit.verify()
    vault.close()
    with pytest.raises(WrongPassphrase):
        reopen(folder, BRAM_PHRASE)
    reopen(folder, NEW).close()


def test_every_user_is_told_once(folder: Path, made: Made):
    recover(folder, made.cards[:2], made.bram).close()
    for phrase in (PASSPHRASE, NEW):
        vault = reopen(folder, phrase)
        (use,) = recovery.unseen_uses(vault)
        assert use.user_name == "Bram"
        recovery.mark_seen(vault)
        assert recovery.unseen_uses(vault) == ()
        recovery.mark_seen(vault)
        vault.close()
        vault = reopen(folder, phrase)
        assert recovery.unseen_uses(vault) == ()
        assert recovery.card_state(vault).last_use == use.at
        vault.close()
    vault = reopen(folder, PASSPHRASE)
    late = "citroen haring komeet sandaal"
    users.add_user(
        vault, passphrase=PASSPHRASE, name="D", roles=(UserRole.INTAKE,), new_passphrase=late
    )
    vault.close()
    vault = reopen(folder, late)
    assert recovery.unseen_uses(vault) == ()
    vault.close()


def test_a_stop_before_the_new_passphrase_leaves_a_use_in_the_log(
    folder: Path, made: Made, monkeypatch: pytest.MonkeyPatch
):
    class Killed(BaseException):
        pass

    written = []

    def stop(where: Path, key_file: KeyFile) -> None:
        written.append(key_file)
        if len(written) == 2:
            raise Killed
        write(where, key_file)

    write = keys.write
    with monkeypatch.context() as patched:
        patched.setattr("intake_app.vault.keys.write", stop)
        with pytest.raises(Killed):
            recover(folder, made.cards[:2], made.bram)
    with pytest.raises(WrongPassphrase):
        reopen(folder, NEW)
    vault = reopen(folder, BRAM_PHRASE)
    assert len(recovery.unseen_uses(vault)) == 1
    vault.close()


def test_who_left_is_not_recovered(folder: Path, made: Made):
    vault = reopen(folder, PASSPHRASE)
    users.remove_user(vault, passphrase=PASSPHRASE, user_id=made.bram)
    vault.close()
    people = recovery.open_with_cards(
        folder, *made.cards[:2], env=environment(), reserve_bytes=SMALL_RESERVE
    )
    assert [user.user_id for user in people] == [made.me]
    before = content(folder)
    with pytest.raises(UserUnknown):
        recover(folder, made.cards[:2], made.bram)
    with pytest.raises(PassphraseRefused):
        recover(folder, made.cards[:2], made.me, "")
    assert content(folder) == before


def test_a_passphrase_of_a_colleague_is_refused(folder: Path, made: Made):
    before = content(folder)
    with pytest.raises(PassphraseRefused):
        recover(folder, made.cards[:2], made.bram, PASSPHRASE)
    assert content(folder) == before


def test_cards_open_no_other_vault(tmp_path: Path, made: Made):
    make_vault(tmp_path / "ander", env=environment(99)).close()
    before = content(tmp_path / "ander")
    for act in (
        lambda: recover(tmp_path / "ander", made.cards[:2], made.me),
        lambda: recovery.open_with_cards(tmp_path / "ander", *made.cards[:2], env=environment()),
    ):
        with pytest.raises(CardsRefused) as refused:
            act()
        assert refused.value.reason == "not-this-vault"
    assert content(tmp_path / "ander") == before
    with pytest.raises(NotAVault):
        recover(tmp_path, made.cards[:2], made.me)


def test_a_vault_in_use_is_not_recovered(folder: Path, made: Made):
    vault = reopen(folder, PASSPHRASE)
    with pytest.raises(VaultInUse):
        recovery.open_with_cards(folder, *made.cards[:2], env=environment())
    vault.close()


def test_a_key_file_that_was_changed_is_refused(folder: Path, made: Made):
    for name in (places.KEY_FILE, places.SPARE_KEY_FILE):
        text = (folder / name).read_text()
        (folder / name).write_text(text.replace('"generation": ', '"generation": 1'))
    with pytest.raises(VaultDamaged, match="veranderd"):
        recover(folder, made.cards[:2], made.me)


# --- what is typed -------------------------------------------------------------------------------


def refusal(folder: Path, first: str, second: str) -> CardsRefused:
    before = content(folder)
    with pytest.raises(CardsRefused) as refused:
        recovery.open_with_cards(folder, first, second, env=environment())
    assert content(folder) == before
    assert str(refused.value).count(".") >= 2
    return refused.value


def test_what_is_wrong_with_the_cards_is_said(folder: Path, made: Made):
    one, two = made.cards[:2]
    assert refusal(folder, one, one).reason == "same-card"
    words = two.split()
    words[7] = "acid" if words[7] != "acid" else "acne"
    wrong = refusal(folder, one, " ".join(words))
    assert (wrong.reason, wrong.card, wrong.word) == ("words", 2, 8)
    assert "tweede kaart klopt woord 8" in str(wrong)
    few = refusal(folder, " ".join(one.split()[:20]), two)
    assert (few.reason, few.card) == ("words", 1)
    assert "33 woorden" in str(few)
    assert "20" in str(few)
    other = " ".join(shares.split(bytes(32))[1])
    assert refusal(folder, one, other).reason == "other-set"
    for said in (wrong, few):
        assert not set(one.split()) & set(str(said).split())
