"""The library that stands between a process and its disk, seen from Python.

It is made from `tests/reliability/storm.c` when the tests start, loaded into the fork server, and
so into every process that comes out of it, where it sleeps until it is asked for something:

    with watching(folder, log) as acknowledge:   # record what changes in the folder
        ...
        acknowledge(b"anything")
    keep_an_eye_on(folder)
    with failing(Call.WRITE | Call.SYNC, at=3, error=errno.ENOSPC) as counted:
        ...
    with clock_moved(timedelta(days=-3650)):
        ...
"""

from __future__ import annotations

import ctypes
import enum
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "reliability" / "storm.c"


class Call(enum.IntFlag):
    """The kinds of calls that can be made to fail; the numbers are those of the C source."""

    OPEN = 1
    WRITE = 2
    LENGTH = 4
    SYNC = 8
    RENAME = 16
    UNLINK = 32
    MKDIR = 64
    READ = 128


CHANGES = Call.OPEN | Call.WRITE | Call.LENGTH | Call.SYNC | Call.RENAME | Call.UNLINK | Call.MKDIR


def build(folder: Path) -> Path | None:
    """Compile the library into `folder`; None where that cannot be done."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None or os.name != "posix":
        return None
    library = folder / "storm.so"
    made = subprocess.run(
        [compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(SOURCE), "-pthread"],
        check=False,
        capture_output=True,
    )
    return library if made.returncode == 0 else None


def loaded() -> ctypes.CDLL:
    """Return the library this process was started with. Raises RuntimeError when it was not."""
    library = ctypes.CDLL(None)
    if not hasattr(library, "storm_watch"):
        raise RuntimeError("this process was not started with the recorder")
    library.storm_acknowledge.argtypes = (ctypes.c_char_p, ctypes.c_size_t)
    library.storm_fault.argtypes = (ctypes.c_int, ctypes.c_long, ctypes.c_int, ctypes.c_int)
    library.storm_clock.argtypes = (ctypes.c_int64,)
    return library


@contextmanager
def watching(folder: Path, log: Path) -> Iterator[Callable[[bytes], None]]:
    """Record to the new file `log` what happens below `folder`; yields how to acknowledge.

    A sync of the folder's files returns at once: whether it counts is up to the replay.
    """
    library = loaded()
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
    library.storm_watch(os.fsencode(folder), descriptor)
    try:
        yield lambda said: library.storm_acknowledge(said, len(said))
    finally:
        library.storm_watch(b"", -1)
        os.close(descriptor)


@dataclass
class Counted:
    """How many calls there were, and how many of them were made to fail."""

    seen: int = 0
    failed: int = 0


def keep_an_eye_on(folder: Path) -> None:
    """Know the files that are opened below `folder` from now on, so that their calls can fail."""
    loaded().storm_watch(os.fsencode(folder), -1)


@contextmanager
def failing(calls: Call, *, at: int = 0, error: int = 0, sticky: bool = False) -> Iterator[Counted]:
    """Let the `at`-th of these calls fail (0: only count them), sticky: and all after it.

    Only calls on the folder that is watched count. Yields what was counted, filled in at the end.
    """
    library = loaded()
    counted = Counted()
    library.storm_fault(int(calls), at, error, int(sticky))
    try:
        yield counted
    finally:
        counts = (ctypes.c_long * 2)()
        library.storm_counts(counts)
        counted.seen, counted.failed = counts
        library.storm_fault(0, 0, 0, 0)


@contextmanager
def clock_moved(offset: timedelta) -> Iterator[None]:
    """Put the clock on the wall forward, or back. The machine's running time goes on as it was."""
    library = loaded()
    library.storm_clock(int(offset.total_seconds()))
    try:
        yield
    finally:
        library.storm_clock(0)
