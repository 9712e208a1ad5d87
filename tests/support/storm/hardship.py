"""What the processes do that have a wrong clock, too little memory, or too many neighbours."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path

from support.storm.recorder import clock_moved
from support.vaults import PASSPHRASE, SMALL_RESERVE
from support.writers import put_pair

from intake_app.domain.environment import real_environment
from intake_app.vault import Vault, VaultError, VaultInUse

Work = Callable[[Path], object]


def at_another_time(
    offset: timedelta, zone: str, work: Work, folder: Path, answer: Connection
) -> None:
    """Do `work` with the clock on the wall moved, in a time zone, and answer what it returns."""
    os.environ["TZ"] = zone
    time.tzset()
    with clock_moved(offset):
        answer.send(work(folder))


def really_open(folder: Path) -> Vault:
    """Open the vault with the machine's own clock, as it is in this process."""
    return Vault.open(
        folder, passphrase=PASSPHRASE, env=real_environment(), reserve_bytes=SMALL_RESERVE
    )


def write_until_no_memory(folder: Path, more: int, answer: Connection) -> None:
    """Write ever larger pairs with `more` bytes of memory left, and say each that was stored."""
    import resource

    vault = really_open(folder)
    put_pair(vault, 0, "")
    answer.send_bytes(b"0")
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    ceiling = pages * os.sysconf("SC_PAGE_SIZE") + more
    resource.setrlimit(resource.RLIMIT_AS, (ceiling, ceiling))
    try:
        for number in range(1, 60):
            put_pair(vault, number, "x" * (number * number * 2_000))
            answer.send_bytes(str(number).encode())
    except (MemoryError, VaultError) as error:
        answer.send_bytes(type(error).__name__.encode())


def try_to_open(folder: Path, answer: Connection) -> None:
    """Say whether the vault opened, and keep it open until told to go."""
    try:
        vault = really_open(folder)
    except VaultError as error:
        answer.send(type(error).__name__)
        return
    answer.send("open")
    answer.recv()
    vault.close()


def take_turns(folder: Path, start: int, count: int) -> None:
    """Write `count` numbers from `start` on, opening the vault anew for each when it is free."""
    for number in range(start, start + count):
        while True:
            try:
                vault = really_open(folder)
            except VaultInUse:
                os.sched_yield()
                continue
            break
        put_pair(vault, number)
        vault.close()
