"""The receiver's half: list the own box, take what a commit vouches for, clear up last.

No name, length or content on the relay is believed: only what the verified commit says.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from intake_app.sync import names
from intake_app.sync.commit import LIMIT, Commit
from intake_app.sync.driver import Box
from intake_app.sync.errors import Refused
from intake_app.sync.names import Kind
from intake_app.sync.notices import WITHDRAWAL_LIMIT
from intake_app.sync.parts import disk, settle

MOST_AT_ONCE: Final = 2000
"""How many zendingen one pass takes; the others wait for the next."""


@dataclass(frozen=True, slots=True)
class Found:
    """What lies in the box of one zending."""

    box: str
    zid: str
    parts: frozenset[int]
    has_commit: bool
    has_withdrawal: bool


class DamagedPart(Exception):
    """Parts that are not those of the commit, or not there."""

    def __init__(self, numbers: tuple[int, ...]) -> None:
        """Name the parts, from 0 on."""
        super().__init__(numbers)
        self.numbers = numbers


def look(box: Box, own_box: str) -> tuple[Found, ...]:
    """Return all that can be taken or was withdrawn, the fewest parts first; raises as a box does.

    How many there are is up to whoever may write in the box: the caller takes some at a time.

    Names of any other shape, of other boxes and unfinished zendingen are left alone.
    """
    parts: dict[str, set[int]] = {}
    commits: set[str] = set()
    withdrawals: set[str] = set()
    for text in box.names(names.inbox(own_box)):
        name = names.parse(text)
        if name is None or name.box != own_box:
            continue
        if name.kind is Kind.PART:
            parts.setdefault(name.zid, set()).add(name.number)
        elif name.kind is Kind.COMMIT:
            commits.add(name.zid)
        elif name.kind is Kind.WITHDRAWAL:
            withdrawals.add(name.zid)
    found = [
        Found(own_box, zid, frozenset(parts.get(zid, ())), zid in commits, zid in withdrawals)
        for zid in commits | withdrawals
    ]
    found.sort(key=lambda each: (len(each.parts), each.zid))
    return tuple(found)


def commit_file(box: Box, found: Found) -> bytes | None:
    """Return the bytes of the commit, unverified; None when it is gone again."""
    return box.get(names.commit(found.box, found.zid), limit=LIMIT)


def withdrawal_file(box: Box, found: Found) -> bytes | None:
    """Return the bytes of the withdrawal, unverified; None when it is gone again."""
    return box.get(names.withdrawal(found.box, found.zid), limit=WITHDRAWAL_LIMIT)


def fetch(
    box: Box,
    commit: Commit,
    folder: Path,
    *,
    cancelled: Callable[[], bool],
    progress: Callable[[int], None] = lambda _bytes: None,
) -> Path | None:
    """Bring the ciphertext of a commit into `folder`, verified and durable; return its path.

    Goes on where an earlier call ended. Returns None when `cancelled` said so between two parts.
    `progress` hears how many bytes came. Raises what a box raises, `DamagedPart` when a part is
    not the one of the commit, and Paused(DISK_FULL) or Later(UNKNOWN) for the disk here.
    """
    target = folder / commit.zid
    temporary = folder / f".{commit.zid}.deel"
    with disk():
        if is_whole(target, commit.size, commit.sha256):
            progress(commit.size)
            return target
        there, whole = _verified_start(temporary, commit)
    kept = sum(part.size for part in commit.parts[:there])
    progress(kept)
    with disk():
        file = temporary.open("r+b" if there else "wb")
    try:
        if not there and sys.platform != "win32":
            os.fchmod(file.fileno(), 0o600)
        with disk():
            # Not the number of parts times their size: the last one is shorter.
            file.seek(kept)
            file.truncate()
        for number in range(there, len(commit.parts)):
            if cancelled():
                return None
            data = _part(box, commit, number)
            with disk():
                file.write(data)
                file.flush()
            whole.update(data)
            progress(len(data))
        if whole.hexdigest() != commit.sha256:
            raise DamagedPart(tuple(range(len(commit.parts))))
        with disk():
            os.fsync(file.fileno())
    finally:
        with suppress(OSError):
            file.close()
    with disk():
        settle(temporary, target)
    return target


def forget(folder: Path, zid: str) -> None:
    """Remove the half of a zending that an earlier call left in `folder`."""
    with suppress(OSError):
        (folder / f".{zid}.deel").unlink(missing_ok=True)


def _part(box: Box, commit: Commit, number: int) -> bytes:
    part = commit.parts[number]
    try:
        data = box.get(names.part(commit.box, commit.zid, number), limit=part.size)
    except Refused:
        data = None
    if data is None or len(data) != part.size:
        raise DamagedPart((number,))
    if hashlib.sha256(data).hexdigest() != part.sha256:
        raise DamagedPart((number,))
    return data


def damaged(
    box: Box, commit: Commit, first: int, *, cancelled: Callable[[], bool]
) -> frozenset[int]:
    """Return the numbers of all parts from `first` on that are not those of the commit.

    All of them together, so that the sender can put them right in one go; `cancelled` ends it with
    what was found so far. Raises what a box raises.
    """
    wrong = set()
    for number in range(first, len(commit.parts)):
        if cancelled():
            break
        try:
            _part(box, commit, number)
        except DamagedPart:
            wrong.add(number)
    return frozenset(wrong)


def is_whole(path: Path, size: int, sha256: str) -> bool:
    """Tell whether a file is there with that length and SHA-256 (hex). Raises OSError."""
    try:
        if path.stat().st_size != size:
            return False
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except FileNotFoundError:
        return False


def _verified_start(temporary: Path, commit: Commit) -> tuple[int, hashlib._Hash]:
    """Return how many parts of an earlier call are good, and the digest over them."""
    whole = hashlib.sha256()
    there = 0
    with suppress(FileNotFoundError), temporary.open("rb") as file:
        for part in commit.parts:
            data = file.read(part.size)
            if len(data) != part.size or hashlib.sha256(data).hexdigest() != part.sha256:
                break
            whole.update(data)
            there += 1
    return there, whole


def clear(box: Box, found: Found) -> None:
    """Drop the parts, then the commit; call it only after the receipt is on the relay."""
    for number in sorted(found.parts):
        box.drop(names.part(found.box, found.zid, number))
    if found.has_commit:
        box.drop(names.commit(found.box, found.zid))


def clear_withdrawal(box: Box, found: Found) -> None:
    """Drop a withdrawal that was answered."""
    if found.has_withdrawal:
        box.drop(names.withdrawal(found.box, found.zid))
