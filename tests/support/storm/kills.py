"""kill −9 at any moment of a workload, and judging what is left."""

from __future__ import annotations

import shutil
import time
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path
from random import Random

import pytest
from support.storm.derivations import Known, remember_derivations
from support.storm.workloads import Cut, Workload


@dataclass
class Kills:
    """What a number of kills came to."""

    name: str
    kills: int = 0
    told: int = 0
    seconds: float = 0.0
    failures: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        return (
            f"{self.name}: {self.kills} kills, {self.told} acknowledgements heard, "
            f"{self.failures.total()} lost or damaged ({self.seconds:.0f} s)"
        )


def kill_again_and_again(
    processes: ForkServerContext, workload: Workload, folder: Path, count: int, known: Known
) -> Kills:
    """Kill the workload `count` times, each time after another number of acknowledgements.

    Most do exactly the same each time, so that the first run, which lives, says what is coming.
    """
    begun, chance = time.monotonic(), Random(count)  # noqa: S311
    start = folder / "begin"
    start.mkdir()
    workload.prepare(start)
    root = folder / "nu"
    every, ended = _run(processes, workload, start, root, None, known)
    assert ended == 0, f"{workload.name} failed by itself"
    shutil.rmtree(root)
    found = Kills(workload.name)
    for _ in range(count):
        heard, ended = _run(
            processes, workload, start, root, chance.randint(0, len(every) - 1), known
        )
        found.told += len(heard)
        found.kills += ended != 0
        same = heard == every[: len(heard)]
        coming = every[len(heard)] if same and len(heard) < len(every) else None
        try:
            workload.check(root, Cut(heard, coming, step_unknown=not same))
        except Exception as error:  # noqa: BLE001  (whatever goes wrong is what is counted)
            found.failures[f"{type(error).__name__}: {error}"] += 1
        shutil.rmtree(root)
    found.seconds = time.monotonic() - begun
    return found


def _run(
    processes: ForkServerContext,
    workload: Workload,
    start: Path,
    root: Path,
    kill_after: int | None,
    known: Known,
) -> tuple[list[bytes], int | None]:
    """Return what was told before the process ended, and how it ended."""
    shutil.copytree(start, root)
    ours, theirs = processes.Pipe(duplex=False)
    process = processes.Process(target=_work, args=(workload, root, theirs, known))
    process.start()
    theirs.close()
    heard: list[bytes] = []
    try:
        while kill_after is None or len(heard) < kill_after:
            heard.append(ours.recv_bytes())
        process.kill()
        while True:
            heard.append(ours.recv_bytes())
    except EOFError:
        pass
    process.join()
    ours.close()
    return heard, process.exitcode


def _work(workload: Workload, root: Path, said: Connection, known: Known) -> None:
    with pytest.MonkeyPatch.context() as patch:
        remember_derivations(patch, known)
        workload.run(root, said.send_bytes)
