"""A clock that jumps, memory that runs out, and five of the program at once."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from multiprocessing.context import ForkServerContext
from pathlib import Path
from uuid import UUID

import pytest
from support.storm.hardship import (
    at_another_time,
    really_open,
    take_turns,
    try_to_open,
    write_until_no_memory,
)
from support.storm.oracle import check_pages
from support.vaults import actor_of, prepared_vault
from support.writers import LEFT, PERSON, RIGHT, begin, numbers, put_pair

from intake_app.domain.environment import real_environment
from intake_app.domain.handover import Handover, HandoverState
from intake_app.flows import retention
from intake_app.flows.unlock import TooSoon, unlock, wait_left
from intake_app.vault import VaultError, WrongPassphrase

TEN_YEARS = timedelta(days=3653)
HERE = "Europe/Amsterdam"
AtAnotherTime = Callable[..., object]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    vault = prepared_vault(tmp_path / "kluis")
    begin(vault)
    vault.close()
    return tmp_path / "kluis"


@pytest.fixture
def elsewhen(storm: ForkServerContext, folder: Path) -> AtAnotherTime:
    """Do something in the vault's folder in a process with another time on the wall."""

    def run(offset: timedelta, work: Callable[[Path], object], zone: str = "UTC") -> object:
        ours, theirs = storm.Pipe(duplex=False)
        process = storm.Process(target=at_another_time, args=(offset, zone, work, folder, theirs))
        process.start()
        theirs.close()
        try:
            return ours.recv()
        finally:
            process.join()

    return run


def what_time_is_it(_folder: Path) -> datetime:
    return datetime.now(UTC)


def write_next(folder: Path) -> int:
    vault = really_open(folder)
    number = len(numbers(vault, LEFT))
    put_pair(vault, number)
    vault.close()
    return number


def refuse_three_times(folder: Path) -> int:
    for _ in range(3):
        with pytest.raises(WrongPassphrase):
            unlock(folder, "dit is hem niet, echt niet", real_environment())
    return wait_left(folder)


def pause_left(folder: Path) -> int:
    left = wait_left(folder)
    if left:
        with pytest.raises(TooSoon):
            unlock(folder, "maakt niet uit welke dit is", real_environment())
    return left


def let_a_handover_be_accepted(folder: Path) -> None:
    vault = really_open(folder)
    retention.believe_clock(vault)
    at = vault.env.now()
    with vault.transaction(actor_of(vault), "overdracht") as tx:
        tx.handovers.save(
            Handover(
                UUID(int=51), PERSON, 1, UUID(int=9), "Heuvelland", "0355",
                HandoverState.GEACCEPTEERD, at, actor_of(vault).user_id, changed_at=at,
            )
        )  # fmt: skip
    vault.close()


def remove_what_is_due(folder: Path) -> str:
    vault = really_open(folder)
    try:
        retention.look(vault)
        return str(len(retention.remove_due(vault)))
    except retention.ClockJumped:
        return "ClockJumped"
    finally:
        vault.close()


def say_that_the_clock_is_right(folder: Path) -> None:
    vault = really_open(folder)
    retention.believe_clock(vault)
    vault.close()


def is_the_clock_right(folder: Path) -> bool:
    vault = really_open(folder)
    try:
        return retention.look(vault).clock.is_right
    finally:
        vault.close()


def test_the_clock_of_a_process_can_be_moved(elsewhen: AtAnotherTime):
    now = datetime.now(UTC)
    for offset in (TEN_YEARS, -TEN_YEARS):
        there = elsewhen(offset, what_time_is_it)
        assert isinstance(there, datetime)
        assert abs(there - now - offset) < timedelta(minutes=5)


@pytest.mark.slow
def test_what_was_written_last_counts_whatever_the_clock_said(
    elsewhen: AtAnotherTime, folder: Path
):
    moves = (timedelta(), TEN_YEARS, -TEN_YEARS, timedelta(), -TEN_YEARS)
    for number, offset in enumerate(moves):
        assert elsewhen(offset, write_next) == number
    vault = really_open(folder)
    assert numbers(vault, LEFT) == numbers(vault, RIGHT) == list(range(len(moves)))
    with vault.read() as records:
        records.audit.verify()
    check_pages(vault)
    vault.close()


@pytest.mark.slow
def test_the_pause_after_wrong_passphrases_survives_the_clock(elsewhen: AtAnotherTime):
    left = elsewhen(timedelta(), refuse_three_times)
    assert isinstance(left, int)
    assert left > 0
    begun = time.monotonic()
    for offset in (TEN_YEARS, -TEN_YEARS):
        still = elsewhen(offset, pause_left)
        assert isinstance(still, int)
        assert still > 0 or time.monotonic() - begun > left - 1


@pytest.mark.slow
def test_nothing_goes_because_the_clock_jumped(elsewhen: AtAnotherTime, folder: Path):
    elsewhen(timedelta(), let_a_handover_be_accepted)
    week = timedelta(days=8)
    for offset in (TEN_YEARS, TEN_YEARS + week, -TEN_YEARS, TEN_YEARS + 2 * week):
        assert elsewhen(offset, remove_what_is_due) in {"0", "ClockJumped"}
    vault = really_open(folder)
    with vault.read() as records:
        assert records.persons.get(PERSON) is not None
    vault.close()


@pytest.mark.slow
def test_the_night_in_which_an_hour_comes_twice(elsewhen: AtAnotherTime, folder: Path):
    # At 01:00 UTC it becomes 02:00 again in Amsterdam. Each process takes a moment to start.
    twice = datetime(2026, 10, 25, 1, 0, tzinfo=UTC)

    def before(minutes: int) -> timedelta:
        return twice + timedelta(minutes=minutes) - datetime.now(UTC)

    elsewhen(before(-50), say_that_the_clock_is_right, HERE)
    for number, minutes in enumerate((-40, -5, 5, 40)):
        assert elsewhen(before(minutes), write_next, HERE) == number
    assert elsewhen(before(50), is_the_clock_right, HERE) is True
    vault = really_open(folder)
    assert numbers(vault, LEFT) == [0, 1, 2, 3]
    with vault.read() as records:
        records.audit.verify()
        written = [entry.at for entry in records.audit.entries(4)]
    assert written == sorted(written, reverse=True)
    vault.close()


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs /proc")
def test_memory_that_runs_out_loses_nothing(
    processes: ForkServerContext, folder: Path, figure: Callable[[object], None]
):
    ended: dict[str, int] = {}
    for attempt in range(12):
        vault = prepared_vault(folder.with_name(f"kluis-{attempt}"))
        begin(vault)
        vault.close()
        root = folder.with_name(f"kluis-{attempt}")
        ours, theirs = processes.Pipe(duplex=False)
        process = processes.Process(
            target=write_until_no_memory, args=(root, (attempt * 3) << 20, theirs)
        )
        process.start()
        theirs.close()
        said: list[str] = []
        try:
            while True:
                said.append(ours.recv_bytes().decode())
        except EOFError:
            process.join()
        stored = [int(word) for word in said if word.isdigit()]
        how = [word for word in said if not word.isdigit()]
        reason = how[0] if how else f"exit code {process.exitcode}"
        ended[reason] = ended.get(reason, 0) + 1
        vault = really_open(root)
        there = numbers(vault, LEFT)
        assert there == numbers(vault, RIGHT)
        assert there in (stored, [*stored, len(stored)])
        with vault.read() as records:
            records.audit.verify()
        check_pages(vault)
        vault.close()
    figure(f"memory ceiling, 12 runs: {ended}, 0 lost or damaged")
    assert set(ended) - {"exit code 0"}, "the memory never ran out: this shows nothing"


def test_the_second_says_that_the_first_is_open(processes: ForkServerContext, folder: Path):
    first = really_open(folder)
    pipes = []
    for _ in range(5):
        ours, theirs = processes.Pipe()
        processes.Process(target=try_to_open, args=(folder, theirs)).start()
        theirs.close()
        pipes.append(ours)
    assert [pipe.recv() for pipe in pipes] == ["VaultInUse"] * 5
    first.close()


@pytest.mark.slow
def test_after_a_kill_another_gets_in_at_once(processes: ForkServerContext, folder: Path):
    ours, theirs = processes.Pipe()
    holder = processes.Process(target=try_to_open, args=(folder, theirs))
    holder.start()
    assert ours.recv() == "open"
    with pytest.raises(VaultError):
        really_open(folder)
    holder.kill()
    holder.join()
    really_open(folder).close()


@pytest.mark.slow
def test_five_that_take_turns_lose_nothing(processes: ForkServerContext, folder: Path):
    each = 3
    workers = [
        processes.Process(target=take_turns, args=(folder, number * each, each))
        for number in range(5)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0] * 5
    vault = really_open(folder)
    assert sorted(numbers(vault, LEFT)) == list(range(5 * each))
    with vault.read() as records:
        records.audit.verify()
    check_pages(vault)
    vault.close()
