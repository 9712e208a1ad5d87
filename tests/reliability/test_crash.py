"""Nothing that was acknowledged is lost, whatever ends the process."""

from __future__ import annotations

from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path
from random import Random
from typing import Any

import pytest
from support.vaults import (
    PASSPHRASE,
    SMALL_RESERVE,
    environment,
    first_slot,
    make_vault,
    open_without_passphrase,
    prepared_vault,
)
from support.writers import (
    LEFT,
    RIGHT,
    begin,
    make_and_die,
    numbers,
    write_for_ever,
    write_until_full,
)

from intake_app.crypto.slots import subkey
from intake_app.vault import Vault
from intake_app.vault import folder as places
from intake_app.vault.engine import connect

KILLS = 25


def acknowledged(pipe: Connection) -> list[bytes]:
    """Return what came through before the other side ended."""
    found = []
    try:
        while True:
            found.append(pipe.recv_bytes())
    except EOFError:
        return found


def check_files(folder: Path) -> None:
    """Raise AssertionError unless every page and every index of the closed vault is whole."""
    slot, vault_id = first_slot()
    key = subkey(slot.master, vault_id, "sqlcipher")
    connection = connect(folder / places.DATABASE, key, cache_kib=2048, read_only=False)

    def ask(pragma: str) -> list[Any]:
        return connection.execute(f"PRAGMA {pragma}").fetchall()

    assert ask("wal_checkpoint(TRUNCATE)")[0][0] == 0
    assert ask("cipher_integrity_check") == []
    assert ask("integrity_check") == [("ok",)]
    assert ask("foreign_key_check") == []
    connection.close()


@pytest.mark.slow
def test_kill_9_while_answers_are_written(tmp_path: Path, processes: ForkServerContext):
    folder = tmp_path / "kluis"
    vault = prepared_vault(folder)
    begin(vault)
    with vault.read() as r:
        entries = r.audit.head()[0]
    vault.close()
    slot, vault_id = first_slot()
    chance, stored = Random(4), 0  # noqa: S311
    for _ in range(KILLS):
        ours, theirs = processes.Pipe(duplex=False)
        writer = processes.Process(
            target=write_for_ever, args=(folder, slot, vault_id, stored, theirs)
        )
        writer.start()
        theirs.close()
        for _ in range(chance.randint(1, 30)):
            ours.recv_bytes()
        writer.kill()
        last = [int.from_bytes(said, "big") for said in acknowledged(ours)]
        ours.close()
        writer.join()

        vault = open_without_passphrase(folder, slot, vault_id, environment(9))
        written = numbers(vault, LEFT)
        assert written == numbers(vault, RIGHT) == list(range(len(written)))
        assert not last or len(written) - 1 in {last[-1], last[-1] + 1}
        assert len(written) > stored
        with vault.read() as r:
            r.audit.verify()
            assert r.audit.head()[0] == entries + len(written)
        vault.close()
        stored = len(written)
    check_files(folder)
    for path in folder.iterdir():
        assert b"zo lang als een antwoord" not in path.read_bytes()


def test_a_file_that_may_not_grow(tmp_path: Path, processes: ForkServerContext):
    folder = tmp_path / "kluis"
    vault = prepared_vault(folder)
    begin(vault)
    vault.close()
    slot, vault_id = first_slot()
    ours, theirs = processes.Pipe(duplex=False)
    limit = 2 * (folder / places.DATABASE).stat().st_size
    writer = processes.Process(
        target=write_until_full, args=(folder, slot, vault_id, limit, theirs)
    )
    writer.start()
    theirs.close()
    *stored, how = acknowledged(ours)
    writer.join()
    ours.close()
    assert how in {b"DiskFull", b"StorageFailed"}
    assert len(stored) > 3
    vault = open_without_passphrase(folder, slot, vault_id, environment(9))
    assert numbers(vault, LEFT) == numbers(vault, RIGHT) == list(range(len(stored)))
    vault.close()
    check_files(folder)


@pytest.mark.parametrize(
    "call",
    [
        call if call % 3 == 1 else pytest.param(call, marks=pytest.mark.slow)
        for call in range(1, 13)
    ],
)
def test_a_vault_that_dies_while_being_made(
    tmp_path: Path, processes: ForkServerContext, call: int
):
    folder = tmp_path / "kluis"
    maker = processes.Process(target=make_and_die, args=(folder, call))
    maker.start()
    maker.join()
    assert maker.exitcode in {0, 9}
    if Vault.exists(folder):
        vault = Vault.open(
            folder, passphrase=PASSPHRASE, env=environment(), reserve_bytes=SMALL_RESERVE
        )
    else:
        assert maker.exitcode == 9
        vault = make_vault(folder)
    with vault.read() as r:
        r.audit.verify()
    vault.close()
    names = {path.name for path in folder.iterdir()}
    assert {places.DATABASE, places.KEY_FILE, places.SPARE_KEY_FILE, places.CARD} <= names
    assert places.UNBORN not in names
    assert (folder / places.KEY_FILE).read_bytes() == (folder / places.SPARE_KEY_FILE).read_bytes()
