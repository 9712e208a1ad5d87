"""A backup or a restore that stops anywhere leaves a whole one, or nothing."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from uuid import UUID

import pytest
from support.vaults import (
    actor_of,
    environment,
    first_slot,
    open_without_passphrase,
    prepared_vault,
)

from intake_app.domain.person import Person
from intake_app.vault import Vault, backup, backup_file, restore
from intake_app.vault import folder as places
from intake_app.vault.restore import Unlocked

if sys.platform == "win32":
    pytest.skip("needs fork", allow_module_level=True)

from support.stopped import DONE, KILLED, REFUSED, at_most, in_child, stop_at

CALLS = ((os, "fsync"), (Path, "replace"), (os, "replace"), (Path, "unlink"))
PERSONS = 300


pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed vault with some hundreds of persons."""
    folder = tmp_path_factory.mktemp("vol") / "kluis"
    vault = prepared_vault(folder)
    with vault.transaction(actor_of(vault), "vullen") as tx:
        for number in range(PERSONS):
            tx.persons.save(Person(UUID(int=number + 1), "", f"Voorbeeld {number}" * 5))
    vault.close()
    return folder


@pytest.fixture
def folder(master: Path, tmp_path: Path) -> Path:
    return shutil.copytree(master, tmp_path / "kluis")


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch):
    monkeypatch.setattr(backup, "_PAGES_AT_ONCE", 64)
    monkeypatch.setattr(backup, "_PIECE", 65536)
    monkeypatch.setattr(restore, "_PIECE", 65536)


def opened(folder: Path, seed: int = 8) -> Vault:
    slot, vault_id = first_slot()
    return open_without_passphrase(folder, slot, vault_id, environment(seed))


def unlocked(folder: Path) -> Unlocked:
    from intake_app.vault import keys

    slot, _ = first_slot()
    return Unlocked(keys.current(folder, slot.master), slot.master, slot.user_id)


def whole(vault: Vault, stick: Path) -> int:
    """Return how many backups there are by name, all of them whole."""
    found = restore.backups_in(stick)
    for path, head in found:
        secret = backup_file.MonthKeys.read(path.parent).open(
            head.vault_id, head.key_name, vault.backup_secret()
        )
        assert secret is not None
        backup.verify(path, secret)
    assert len(found) == len(list(stick.rglob("back-up-*.dlb")))
    return len(found)


@pytest.mark.parametrize("number", [0, 1, 2, 3, 4, 5, 6, 7, 8, 10])
def test_stopped_while_making(folder: Path, tmp_path: Path, number: int):
    stick = tmp_path / "stick"
    stick.mkdir()

    def work() -> None:
        vault = opened(folder)
        stop_at(number, *CALLS)
        backup.make(vault, stick, actor_of(vault))

    code = in_child(work)
    assert code in {DONE, KILLED}
    vault = opened(folder, 18)
    try:
        there = whole(vault, stick)
        with vault.read() as records:
            assert len(records.backups.all()) <= there
            records.audit.verify()
            assert records.worklist.person_count() == PERSONS
        # and the next attempt just works, with nothing half beside it
        made = backup.make(vault, stick, actor_of(vault))
        assert whole(vault, stick) == there + 1
        assert not list(made.path.parent.glob("*.deel"))
    finally:
        vault.close()


def test_the_stops_reach_every_step(folder: Path, tmp_path: Path):
    stick = tmp_path / "stick"
    stick.mkdir()

    def work() -> None:
        vault = opened(folder)
        stop_at(3, *CALLS)
        backup.make(vault, stick, actor_of(vault))

    assert in_child(work) == KILLED


@pytest.mark.parametrize("part", [0, 30, 95])
def test_stick_runs_full(folder: Path, tmp_path: Path, part: int):
    """No file may grow beyond a part of what the backup needs."""
    stick = tmp_path / "stick"
    stick.mkdir()
    size = (folder / places.DATABASE).stat().st_size * part // 100

    def work() -> None:
        vault = opened(folder)
        at_most(size)
        backup.make(vault, stick, actor_of(vault))

    assert in_child(work) == REFUSED
    assert not list(stick.rglob("back-up-*"))
    vault = opened(folder)
    assert whole(vault, stick) == 0
    backup.make(vault, stick, actor_of(vault))
    assert whole(vault, stick) == 1
    vault.close()


@pytest.fixture
def made(folder: Path, tmp_path: Path) -> Path:
    stick = tmp_path / "stick"
    stick.mkdir()
    vault = opened(folder)
    path = backup.make(vault, stick, actor_of(vault)).path
    vault.close()
    return path


@pytest.mark.parametrize("number", [0, 1, 2, 3, 4, 5, 7, 9, 12])
def test_stopped_while_putting_back(made: Path, tmp_path: Path, number: int):
    clean = tmp_path / "schoon"

    def work() -> None:
        stop_at(number, *CALLS)
        restore.restore(made, clean, unlocked, env=environment(9))

    assert in_child(work) in {DONE, KILLED}
    if not Vault.exists(clean):
        restore.restore(made, clean, unlocked, env=environment(9))
    elif not (clean / places.DATABASE).exists():
        assert (clean / places.UNBORN).exists()  # opening gives it its name
        (clean / places.UNBORN).rename(clean / places.DATABASE)
    back = opened(clean)
    try:
        with back.read() as records:
            assert records.worklist.person_count() == PERSONS
            records.audit.verify()
            assert restore.restored_from(records) is not None
    finally:
        back.close()


@pytest.mark.parametrize("part", [0, 50, 99])
def test_laptop_full_while_putting_back(made: Path, tmp_path: Path, part: int):
    clean = tmp_path / "schoon"
    size = made.stat().st_size * part // 100

    def work() -> None:
        at_most(size)
        restore.restore(made, clean, unlocked, env=environment(9))

    assert in_child(work) == REFUSED
    assert not Vault.exists(clean)
    assert {p.name for p in clean.glob("*")} <= {places.LOCK}
    restore.restore(made, clean, unlocked, env=environment(9))
    opened(clean).close()


def test_real_full_disk(folder: Path, tmp_path: Path):
    """On a disk of its own that is too small: refused beforehand, or halfway, never half."""
    small = tmp_path / "klein"
    small.mkdir()
    if os.geteuid() != 0 or os.system(f"mount -t tmpfs -o size=3m tmpfs {small} 2>/dev/null"):  # noqa: S605
        pytest.skip("needs the right to mount")
    vault = opened(folder)
    try:
        with pytest.raises(backup.BackupRefused):
            backup.make(vault, small, actor_of(vault))
        backup._ROOM_TO_SPARE, kept = -(1 << 30), backup._ROOM_TO_SPARE
        try:
            (small / "vulling").write_bytes(bytes(2_500_000))
            with pytest.raises(backup.BackupRefused) as full:
                backup.make(vault, small, actor_of(vault))
            assert full.value.reason in {backup.Reason.FULL, backup.Reason.WRITE_FAILED}
        finally:
            backup._ROOM_TO_SPARE = kept
        assert not list(small.rglob("back-up-*"))
    finally:
        vault.close()
        os.system(f"umount {small}")  # noqa: S605
