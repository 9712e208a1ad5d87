"""The disk that can lose its power behaves as it says: otherwise the storms prove nothing."""

from __future__ import annotations

import os
from pathlib import Path
from random import Random

import pytest
from support.storm.replay import SECTOR, Disk, Event

ROOT = Path("/bak")
CREATE = os.O_CREAT | os.O_WRONLY


def disk(*events: Event) -> Disk:
    made = Disk(ROOT)
    for event in events:
        made.apply(event)
    return made


def outcomes(made: Disk, times: int = 200) -> list[dict[str, bytes | None]]:
    chance = Random(5)  # noqa: S311
    return [made.after_cut(chance) for _ in range(times)]


def opened(name: str, number: int, flags: int = CREATE) -> Event:
    path = f"/bak/{name}" if name else "/bak"
    return Event("O", number, flags, path.encode())


def wrote(number: int, data: bytes, at: int = 0) -> Event:
    return Event("W", number, at, data)


def synced(number: int) -> Event:
    return Event("S", number, 0, b"")


def renamed(old: str, new: str) -> Event:
    return Event("R", 0, 0, f"/bak/{old}\0/bak/{new}".encode())


def unlinked(name: str) -> Event:
    return Event("U", 0, 0, f"/bak/{name}".encode())


FOLDER = opened("", 9, os.O_RDONLY)
DURABLE = (opened("a", 1), wrote(1, b"oud"), synced(1), FOLDER, synced(9))


def test_a_synced_file_in_a_synced_folder_is_there():
    assert outcomes(disk(*DURABLE)) == [{"a": b"oud"}] * 200


@pytest.mark.parametrize("without", [2, 4])
def test_a_file_or_a_name_that_was_not_synced_may_be_gone(without: int):
    events = [event for at, event in enumerate(DURABLE) if at != without]
    found = outcomes(disk(*events))
    assert {"a": b"oud"} in found
    assert any(each != {"a": b"oud"} for each in found)


def test_a_write_is_torn_at_sectors():
    found = outcomes(disk(*DURABLE, wrote(1, b"x" * 3 * SECTOR)))
    sizes = {len(each["a"] or b"") for each in found}
    assert {3, SECTOR, 2 * SECTOR, 3 * SECTOR} == sizes
    assert any(bytes(SECTOR) in (each["a"] or b"") for each in found), "a later sector alone"


def test_a_rename_without_sync_gives_the_old_or_the_new():
    found = outcomes(
        disk(*DURABLE, opened("b", 2), wrote(2, b"nieuw"), synced(2), renamed("b", "a"))
    )
    assert {each.get("a") for each in found} == {b"oud", b"nieuw"}


def test_a_rename_of_what_was_not_synced_may_leave_neither():
    found = outcomes(disk(*DURABLE, opened("b", 2), wrote(2, b"nieuw"), renamed("b", "a")))
    assert b"" in {each.get("a") for each in found}


def test_a_rename_in_a_synced_folder_is_certain():
    made = disk(
        *DURABLE, opened("b", 2), wrote(2, b"nieuw"), synced(2), renamed("b", "a"), FOLDER,
        synced(9),
    )  # fmt: skip
    assert outcomes(made) == [{"a": b"nieuw"}] * 200


def test_an_open_file_keeps_its_identity_over_a_rename():
    made = disk(*DURABLE, renamed("a", "c"), wrote(1, b"wij", 3), synced(1), synced(9))
    assert made.live() == {"c": b"oudwij"}
    assert outcomes(made) == [{"c": b"oudwij"}] * 200


def test_a_removed_file_may_come_back_until_the_folder_is_synced():
    found = outcomes(disk(*DURABLE, unlinked("a")))
    assert {} in found
    assert {"a": b"oud"} in found
    assert outcomes(disk(*DURABLE, unlinked("a"), synced(9))) == [{}] * 200


def test_what_is_in_a_folder_without_a_name_is_gone_too():
    made = disk(
        Event("M", 0, 0, b"/bak/m"), opened("m/a", 1), wrote(1, b"x"), synced(1),
        opened("m", 2, os.O_RDONLY), synced(2),
    )  # fmt: skip
    found = outcomes(made)
    assert {} in found
    assert {"m": None, "m/a": b"x"} in found


def test_a_length_that_was_not_synced_may_not_count():
    found = outcomes(disk(*DURABLE, Event("T", 1, 1, b"")))
    assert {each["a"] for each in found} == {b"oud", b"o"}


def test_shared_memory_is_never_left():
    made = disk(opened("a-shm", 1), wrote(1, b"x"), synced(1), FOLDER, synced(9))
    assert outcomes(made) == [{}] * 200
