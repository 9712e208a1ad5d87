"""The flows behind the screens of users: strength first, wrong passphrases counted."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.quick_kdf import quick_kdf
from support.vaults import PASSPHRASE, USER_NAME, environment, make_vault

from intake_app.domain.actor import UserRole
from intake_app.flows import access, audit, colleague, unlock
from intake_app.flows.audit import LogLine
from intake_app.flows.unlock import RunningTime, TooSoon
from intake_app.vault import Vault, WrongPassphrase
from intake_app.vault import folder as places
from intake_app.vault.errors import KeyFileOlder, PassphraseRefused

GOOD = "bliksem anker tulp orkest kiwi komeet"
OTHER = "sandaal oester duinpan lawine haring molen"
CLOCK = RunningTime("test", lambda: 1000.0)


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    with quick_kdf():
        yield


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kluis") / "kluis"
    make_vault(folder).close()
    return folder


@pytest.fixture
def vault(template: Path, tmp_path: Path) -> Iterator[Vault]:
    shutil.copytree(template, tmp_path / "kluis")
    opened = unlock.unlock(tmp_path / "kluis", PASSPHRASE, environment(4), CLOCK)
    yield opened
    opened.close()


def test_a_colleague_comes_and_goes(vault: Vault):
    added = access.add_user(vault, PASSPHRASE, "Bram", (UserRole.INTAKE,), GOOD, clock=CLOCK)
    changed = access.set_roles(vault, PASSPHRASE, added.user_id, (UserRole.PRIVACY,), clock=CLOCK)
    assert changed.waiting
    access.remove_user(vault, PASSPHRASE, added.user_id, clock=CLOCK)
    access.renew_master_key(vault, PASSPHRASE, clock=CLOCK)
    assert [user.left_at is None for user in access.everybody(vault)] == [True, False]
    assert len(access.make_cards(vault, PASSPHRASE, clock=CLOCK)) == 3
    access.set_second_factor(vault, PASSPHRASE, None, clock=CLOCK)
    access.change_passphrase(vault, PASSPHRASE, OTHER, clock=CLOCK)


@pytest.mark.parametrize("weak", ["kort", "welkom in utrecht 2026", f"{USER_NAME} {USER_NAME}"])
def test_a_weak_passphrase_is_told_why(vault: Vault, weak: str):
    before = (vault.folder / places.KEY_FILE).read_bytes()
    with pytest.raises(PassphraseRefused, match="wachtwoordzin"):
        access.change_passphrase(vault, PASSPHRASE, weak, clock=CLOCK)
    with pytest.raises(PassphraseRefused):
        access.add_user(vault, PASSPHRASE, USER_NAME, (UserRole.INTAKE,), weak, clock=CLOCK)
    assert (vault.folder / places.KEY_FILE).read_bytes() == before


def test_guessing_at_an_open_vault_meets_the_pause(vault: Vault):
    for _ in range(3):
        with pytest.raises(WrongPassphrase):
            access.change_passphrase(vault, OTHER, GOOD, clock=CLOCK)
    with pytest.raises(TooSoon):
        access.renew_master_key(vault, PASSPHRASE, clock=CLOCK)
    later = RunningTime("test", lambda: 1010.0)
    access.renew_master_key(vault, PASSPHRASE, clock=later)
    assert unlock.wait_left(vault.folder, CLOCK) == 2  # a right one forgives nothing
    folder = vault.folder
    vault.close()
    again = unlock.unlock(folder, PASSPHRASE, environment(4), later)
    assert unlock.wait_left(folder, CLOCK) == 0
    # the log was told at once, so not again at unlocking
    assert [line.detail for line in refused(again)] == ["2 seconden", *["1 keer"] * 3]
    again.close()


def refused(vault: Vault) -> list[LogLine]:
    return [line for line in audit.page(vault, limit=50).lines if line.failed]


def test_ones_own_passphrase_in_between_gives_no_free_guesses(vault: Vault):
    for right_after in (False, True, False):
        with pytest.raises(WrongPassphrase):
            colleague.who_has(vault, OTHER, CLOCK)
        if right_after:
            colleague.who_has(vault, PASSPHRASE, CLOCK)
    with pytest.raises(TooSoon):
        colleague.who_has(vault, OTHER, CLOCK)
    assert len(refused(vault)) == 3
    assert {line.who for line in refused(vault)} == {USER_NAME}


def test_a_new_passphrase_that_is_a_colleagues_counts(vault: Vault):
    later = RunningTime("test", lambda: 9000.0)
    access.add_user(vault, PASSPHRASE, "Bram", (UserRole.INTAKE,), GOOD, clock=CLOCK)
    for _ in range(3):
        with pytest.raises(PassphraseRefused):
            access.change_passphrase(vault, PASSPHRASE, GOOD, clock=CLOCK)
    with pytest.raises(TooSoon):
        access.change_passphrase(vault, PASSPHRASE, OTHER, clock=CLOCK)
    assert len(refused(vault)) == 3
    access.change_passphrase(vault, PASSPHRASE, OTHER, clock=later)


def test_what_the_log_did_not_hear_at_once_it_hears_at_unlocking(vault: Vault):
    folder = vault.folder
    vault.close()
    with pytest.raises(WrongPassphrase):
        colleague.who_opens(folder, OTHER, None, CLOCK)
    colleague.who_opens(folder, PASSPHRASE, None, CLOCK)
    again = unlock.unlock(folder, PASSPHRASE, environment(4), CLOCK)
    assert [line.detail for line in refused(again)] == ["1 keer"]
    again.close()


def test_who_unlocked_last_is_tried_first(vault: Vault, monkeypatch: pytest.MonkeyPatch):
    added = access.add_user(vault, PASSPHRASE, "Bram", (UserRole.INTAKE,), GOOD, clock=CLOCK)
    folder = vault.folder
    vault.close()
    unlock.unlock(folder, GOOD, environment(5), CLOCK).close()
    assert json.loads((folder / unlock.LAST_USER).read_bytes()) == {"user": str(added.user_id)}
    tried: list[str] = []

    def counting(passphrase: str, salt: bytes, kdf: object) -> bytes:
        tried.append(passphrase)
        return plain(passphrase, salt, kdf)

    from intake_app.crypto import key_slots

    plain = key_slots.stretched
    with monkeypatch.context() as patched:
        patched.setattr("intake_app.crypto.key_slots.stretched", counting)
        unlock.unlock(folder, GOOD, environment(5), CLOCK).close()
        assert len(tried) == 1
        (folder / unlock.LAST_USER).write_bytes(b"{")
        unlock.unlock(folder, GOOD, environment(5), CLOCK).close()
        assert len(tried) == 3
        with pytest.raises(WrongPassphrase):
            unlock.unlock(folder, OTHER, environment(5), CLOCK)
        assert len(tried) == 5


def test_an_older_key_file_is_taken_when_somebody_chose_so(vault: Vault):
    folder = vault.folder
    kept = (folder / places.KEY_FILE).read_bytes()
    access.change_passphrase(vault, PASSPHRASE, OTHER, clock=CLOCK)
    vault.close()
    for name in (places.KEY_FILE, places.SPARE_KEY_FILE):
        (folder / name).write_bytes(kept)
    for _ in range(4):
        with pytest.raises(KeyFileOlder):
            unlock.unlock(folder, PASSPHRASE, environment(6), CLOCK)
    unlock.unlock(folder, PASSPHRASE, environment(6), CLOCK, accept_older_keys=True).close()
    unlock.unlock(folder, PASSPHRASE, environment(6), CLOCK).close()
