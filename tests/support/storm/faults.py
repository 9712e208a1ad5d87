"""Every writer, with the n-th of its calls failing: the old or the new is there, never neither.

A sweep runs in one process: it counts the calls of a writer, and then does its work again and
again, each time on a fresh copy of what there was, with another call failing.
"""

from __future__ import annotations

import errno
import shutil
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest
from support.storm.derivations import remember_derivations
from support.storm.recorder import Call, failing, keep_an_eye_on


@dataclass(frozen=True, slots=True)
class Fault:
    """An error of the system, and the calls that give it."""

    error: int
    calls: Call

    def __str__(self) -> str:
        return errno.errorcode[self.error]


FULL = Fault(errno.ENOSPC, Call.WRITE | Call.LENGTH | Call.MKDIR | Call.RENAME)
BROKEN = Fault(
    errno.EIO,
    Call.WRITE | Call.LENGTH | Call.SYNC | Call.RENAME | Call.UNLINK | Call.MKDIR | Call.READ,
)
TOO_MANY = Fault(errno.EMFILE, Call.OPEN)
FAULTS = (FULL, BROKEN, TOO_MANY)


class Writer:
    """Base of all: something that changes files, and must do so wholly or not at all."""

    name = ""
    declared: tuple[type[Exception], ...] = ()
    """The errors this writer may raise; each has a Dutch sentence for a person."""

    def prepare(self, root: Path) -> None:
        """Make what there is before, once."""

    def ready(self, root: Path) -> None:
        """Do what comes before the work and may not fail, on a fresh copy."""

    def work(self, root: Path) -> None:
        """Do the work; any call of it may fail."""
        raise NotImplementedError

    def check(self, root: Path, done: bool) -> None:
        """Raise anything unless there is the new, or if not `done` the new or the old."""
        raise NotImplementedError

    def release(self) -> None:
        """Let go of what `ready` and `work` opened."""


@dataclass
class Sweep:
    """What a sweep came to: one line for each thing that was wrong."""

    name: str
    runs: int = 0
    refused: int = 0
    wrong: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        return f"{self.name}: {self.runs} runs, {self.refused} refused, {self.wrong.total()} wrong"


def sweep(
    processes: ForkServerContext, writer: Writer, fault: Fault, folder: Path, most: int
) -> Sweep:
    """Let each call of `writer` fail once, and each with all after it; `most` runs of both."""
    ours, theirs = processes.Pipe(duplex=False)
    process = processes.Process(target=_sweep, args=(writer, fault, folder, most, theirs))
    process.start()
    theirs.close()
    try:
        found = ours.recv()
    except EOFError:
        found = None
    process.join()
    assert isinstance(found, Sweep), f"{writer.name} with {fault} ended the process"
    return found


def _sweep(writer: Writer, fault: Fault, folder: Path, most: int, answer: Connection) -> None:
    result = Sweep(f"{writer.name}, {fault}")
    with pytest.MonkeyPatch.context() as patch:
        remember_derivations(patch, {})
        before = folder / "begin"
        before.mkdir()
        writer.prepare(before)
        total = _run(writer, fault, folder, result, at=0, sticky=False)
        for sticky in (False, True):
            for at in _spread(total, most // 2):
                _run(writer, fault, folder, result, at=at, sticky=sticky)
    answer.send(result)


def _spread(total: int, most: int) -> Iterator[int]:
    """Return call numbers from 1 to `total`, evenly, at most `most` of them."""
    step = max(1.0, total / most) if most else 1.0
    number = 1.0
    while round(number) <= total:
        yield round(number)
        number += step


def _run(
    writer: Writer, fault: Fault, folder: Path, result: Sweep, *, at: int, sticky: bool
) -> int:
    """Do the work once with one fault; return how many calls there were."""
    root = folder / "nu"
    shutil.copytree(folder / "begin", root)
    keep_an_eye_on(root)
    writer.ready(root)
    done, wrong = True, ""
    with failing(fault.calls, at=at, error=fault.error, sticky=sticky) as counted:
        try:
            writer.work(root)
        except writer.declared as error:
            done = False
            wrong = _not_a_sentence(error)
        except Exception as error:  # noqa: BLE001  (an error that is not declared is the finding)
            done = False
            wrong = f"raised {_where(error)}"
    result.runs += 1
    result.refused += not done
    try:
        writer.check(root, done)
    except Exception as error:  # noqa: BLE001
        wrong = wrong or f"left {_where(error)}"
    finally:
        writer.release()
        shutil.rmtree(root)
    if wrong:
        result.wrong[f"{wrong} (call {at}{', and all after it' if sticky else ''})"] += 1
    return counted.seen


def _not_a_sentence(error: Exception) -> str:
    text = str(error)
    whole = text[:1].isupper() and text.endswith((".", "!", "?")) and len(text) > 20
    return "" if whole and "/" not in text else f"says {type(error).__name__}: {text}"


def _where(error: Exception) -> str:
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} at {Path(place.filename).name}:{place.lineno}"
