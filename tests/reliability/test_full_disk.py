"""A disk that is really full: a file system of a few megabytes, so these need root."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.small_disk import small_disk
from support.vaults import (
    PASSPHRASE,
    SMALL_RESERVE,
    actor_of,
    environment,
    make_vault,
    prepared_vault,
)
from support.writers import FILLER, LEFT, RIGHT, begin, numbers, put_pair

from intake_app.vault import DiskFull, Vault, VaultEvent
from intake_app.vault import folder as places

BYTES = 3 * 1024 * 1024


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "schijf", BYTES) as point:
        yield point


def fill(disk: Path, leave: int) -> Path:
    filler = disk / "vol"
    size = shutil.disk_usage(disk).free - leave
    with filler.open("wb") as file:
        file.write(bytes(max(0, size)))
    return filler


def test_a_disk_that_runs_full_loses_nothing_and_lets_the_user_go_on(disk: Path):
    vault = prepared_vault(disk / "kluis")
    begin(vault)
    heard: list[VaultEvent] = []
    vault.subscribe(heard.append)
    filler = fill(disk, 120_000)
    stored = 0

    def write() -> None:
        nonlocal stored
        for number in range(10_000):
            put_pair(vault, number, FILLER)
            stored += 1

    with pytest.raises(DiskFull, match="vol"):
        write()
    warned = [n for n, event in enumerate(heard) if event.kind == "space"]
    assert len(warned) == 1
    assert len(heard) > warned[0] + 4, "there was work to be done after the warning"
    assert not (disk / "kluis" / places.RESERVE).exists()

    assert numbers(vault, LEFT) == numbers(vault, RIGHT) == list(range(stored))
    with pytest.raises(DiskFull), vault.transaction(actor_of(vault), "groot") as t:
        t.settings.set("groot", "x" * BYTES)
    filler.unlink()
    put_pair(vault, stored, FILLER)
    assert numbers(vault, LEFT) == list(range(stored + 1))
    with vault.read() as r:
        r.audit.verify()
    vault.close()


def test_one_big_write_gets_the_reserve_the_second_time(disk: Path):
    vault = prepared_vault(disk / "kluis")
    filler = fill(disk, 60_000)
    big = "x" * 150_000
    with pytest.raises(DiskFull, match="noodreserve"), vault.transaction(actor_of(vault), "1") as t:
        t.settings.set("groot", big)
    with vault.read() as r:
        assert r.settings.get("groot") is None
    with vault.transaction(actor_of(vault), "2") as t:
        t.settings.set("groot", big)
    filler.unlink()
    vault.close()
    again = Vault.open(
        disk / "kluis",
        passphrase=PASSPHRASE,
        env=environment(),
        reserve_bytes=SMALL_RESERVE,
    )
    with again.read() as r:
        assert r.settings.get("groot") == big
    assert (disk / "kluis" / places.RESERVE).exists()
    again.close()


def test_a_vault_opens_on_a_full_disk(disk: Path):
    prepared_vault(disk / "kluis").close()
    fill(disk, 0)
    vault = Vault.open(
        disk / "kluis",
        passphrase=PASSPHRASE,
        env=environment(),
        reserve_bytes=SMALL_RESERVE,
    )
    with vault.read() as r:
        r.audit.verify()
    vault.close()


def test_no_room_for_a_vault(disk: Path):
    fill(disk, 100_000)
    with pytest.raises(DiskFull):
        make_vault(disk / "kluis")
    assert not Vault.exists(disk / "kluis")
    assert [path.name for path in (disk / "kluis").iterdir()] == [places.LOCK]
    (disk / "vol").unlink()
    make_vault(disk / "kluis").close()
