"""An older key file, a second factor, and what unlocking costs."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import pytest
from support.team_vault import (
    BRAM_PHRASE,
    CARLA_PHRASE,
    NEW,
    Made,
    key_file,
    reopen,
)
from support.vaults import CHEAP, PASSPHRASE, environment, make_vault

from intake_app.crypto.slots import KdfOutOfBounds, subkey
from intake_app.crypto.slots_calibration import calibrated
from intake_app.vault import (
    Vault,
    WrongPassphrase,
    recovery,
    rekey,
    users,
)
from intake_app.vault import folder as places
from intake_app.vault.errors import (
    KeyFileOlder,
    KeystoreUnusable,
    NoRecoveryCards,
    SecondFactorMissing,
)

# --- an older key file ---------------------------------------------------------------------------


def test_an_older_key_file_is_reported_and_changes_nothing(folder: Path, made: Made):
    kept = (folder / places.KEY_FILE).read_bytes()
    vault = reopen(folder, PASSPHRASE)
    users.change_passphrase(vault, old=PASSPHRASE, new=NEW)
    vault.close()
    for name in (places.KEY_FILE, places.SPARE_KEY_FILE):
        (folder / name).write_bytes(kept)
    for phrase in (PASSPHRASE, CARLA_PHRASE):
        with pytest.raises(KeyFileOlder, match="ouder sleutelbestand"):
            reopen(folder, phrase)
    assert (folder / places.KEY_FILE).read_bytes() == kept

    anyway = reopen(folder, PASSPHRASE, accept_older_keys=True)
    assert [use.kind for use in recovery.unseen_uses(anyway)] == ["ouder sleutelbestand"]
    anyway.close()
    carla = reopen(folder, CARLA_PHRASE)
    assert len(recovery.unseen_uses(carla)) == 1
    assert recovery.card_state(carla).last_use is None
    carla.close()


def test_an_older_key_file_is_taken_with_the_cards(folder: Path, made: Made):
    kept = (folder / places.KEY_FILE).read_bytes()
    vault = reopen(folder, PASSPHRASE)
    users.change_passphrase(vault, old=PASSPHRASE, new=NEW)
    me = vault.user.user_id
    vault.close()
    for name in (places.KEY_FILE, places.SPARE_KEY_FILE):
        (folder / name).write_bytes(kept)
    again = recovery.recover(
        folder, *made.cards[1:], user_id=me, new_passphrase=NEW, env=environment(5)
    )
    again.close()
    reopen(folder, NEW).close()
    reopen(folder, CARLA_PHRASE).close()


# --- the second factor ---------------------------------------------------------------------------


@dataclass
class Drawer:
    """A key store in memory."""

    kept: dict[str, bytes] = field(default_factory=dict)
    broken: bool = False

    def get(self, name: str) -> bytes | None:
        if self.broken:
            raise KeystoreUnusable
        return self.kept.get(name)

    def put(self, name: str, secret: bytes) -> None:
        if self.broken:
            raise KeystoreUnusable
        self.kept[name] = secret

    def drop(self, name: str) -> None:
        self.kept.pop(name, None)


def test_a_second_factor_and_the_way_around_it(folder: Path, made: Made):
    drawer = Drawer()
    vault = reopen(folder, PASSPHRASE)
    users.set_second_factor(vault, passphrase=PASSPHRASE, keystore=drawer)
    users.change_passphrase(vault, old=PASSPHRASE, new=NEW)
    assert len(drawer.kept) == 1
    me = vault.user.user_id
    vault.close()
    with pytest.raises(SecondFactorMissing, match="sleutelbos"):
        reopen(folder, NEW)
    for empty in (Drawer(), Drawer(broken=True)):
        with pytest.raises(SecondFactorMissing):
            reopen(folder, NEW, keystore=empty)
        reopen(folder, BRAM_PHRASE, keystore=empty).close()
    with pytest.raises(WrongPassphrase):
        reopen(folder, PASSPHRASE, keystore=drawer)
    reopen(folder, CARLA_PHRASE).close()
    again = reopen(folder, NEW, keystore=drawer)
    users.renew_master_key(again, passphrase=NEW)
    users.set_second_factor(again, passphrase=NEW, keystore=None)
    assert len(drawer.kept) == 1, "it still opens the backups of before"
    with again.read() as records:
        assert set(users.former_secrets(records)) == set(drawer.kept)
    users.forget_secrets(again, set(drawer.kept))
    assert drawer.kept == {}
    with again.read() as records:
        assert users.former_secrets(records) == {}
    users.set_second_factor(again, passphrase=NEW, keystore=drawer)
    again.close()
    drawer.kept.clear()
    rescued = recovery.recover(
        folder, *made.cards[:2], user_id=me, new_passphrase=PASSPHRASE, env=environment(8)
    )
    rescued.close()
    reopen(folder, PASSPHRASE).close()


def test_no_second_factor_without_recovery_cards(tmp_path: Path):
    vault = make_vault(tmp_path / "kluis")
    before = key_file(vault.folder)
    with pytest.raises(NoRecoveryCards):
        users.set_second_factor(vault, passphrase=PASSPHRASE, keystore=Drawer())
    recovery.make_cards(vault, passphrase=PASSPHRASE)
    with pytest.raises(NoRecoveryCards):
        users.set_second_factor(vault, passphrase=PASSPHRASE, keystore=Drawer())
    assert len(key_file(vault.folder).escrows) == 1
    assert key_file(vault.folder).slots == before.slots
    vault.close()


def test_a_key_store_that_fails_changes_nothing(vault: Vault):
    before = key_file(vault.folder)
    with pytest.raises(KeystoreUnusable):
        users.set_second_factor(vault, passphrase=PASSPHRASE, keystore=Drawer(broken=True))
    assert key_file(vault.folder) == before


# --- what unlocking costs ------------------------------------------------------------------------


def test_the_cost_is_measured_and_never_below_the_least():
    assert calibrated(0.7, measure=lambda cost: 0.35, available_kib=lambda: None).t == 6
    slow = calibrated(0.7, measure=lambda cost: 3.0, available_kib=lambda: 10**9)
    assert (slow.m_kib, slow.t) == (262_144, 3)
    fast = calibrated(0.7, measure=lambda cost: 0.0, available_kib=lambda: None)
    assert (fast.m_kib, fast.t) == (262_144, 16)
    small = calibrated(0.7, measure=lambda cost: 0.1, available_kib=lambda: 300_000)
    assert (small.m_kib, small.t) == (65_536, 16)


def test_the_cost_falls_when_memory_runs_out():
    def measure(cost: object) -> float:
        if cost.m_kib > 131_072:  # type: ignore[attr-defined]
            raise MemoryError
        return 0.7

    assert calibrated(0.7, measure=measure, available_kib=lambda: None).m_kib == 131_072

    def never(cost: object) -> float:
        raise MemoryError

    with pytest.raises(MemoryError):
        calibrated(0.7, measure=never, available_kib=lambda: None)
    with pytest.raises(KdfOutOfBounds):
        type(CHEAP)(1024, 3, 4)


def test_a_hint_of_who_it_is_changes_nothing_but_the_order(folder: Path, made: Made):
    for hint in (made.carla, made.bram, UUID(int=9)):
        vault = reopen(folder, CARLA_PHRASE, user_id=hint)
        assert vault.user.user_id == made.carla
        vault.close()


def test_the_database_key_is_gone_from_the_copies(folder: Path):
    """`rekey.opens` tells right and wrong keys apart without touching the database."""
    database = folder / places.DATABASE
    before = database.read_bytes()
    master = key_file(folder).open(PASSPHRASE).master
    key = subkey(master, key_file(folder).db, rekey.PURPOSE)
    assert rekey.opens(database, key)
    assert not rekey.opens(database, bytes(32))
    assert database.read_bytes() == before
