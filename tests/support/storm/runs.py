"""Recording a workload in a process of its own, and cutting its power again and again."""

from __future__ import annotations

import os
import shutil
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerContext
from pathlib import Path
from random import Random

from support.storm.recorder import watching
from support.storm.replay import Disk, Event, content_of, cuts, events_of, put_down
from support.storm.workloads import Cut, Workload

Weakness = Callable[[], None]
"""Something that makes the recorded process careless, to see the harness bite."""


@dataclass
class Recording:
    """What a workload did to its folder."""

    workload: Workload
    root: Path
    start: Path
    events: list[Event]

    def replays_to_what_is_there(self) -> bool:
        """True if the recorder missed nothing: the replayed folder is the real one."""
        disk = Disk(self.root, self.start)
        for event in self.events:
            disk.apply(event)
        return disk.live() == content_of(self.root)


@dataclass
class Figures:
    """What a number of power cuts came to."""

    name: str
    cuts: int = 0
    events: int = 0
    told: int = 0
    seconds: float = 0.0
    failures: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        bad = sum(self.failures.values())
        return (
            f"{self.name}: {self.cuts} cuts over {self.events} calls and {self.told} "
            f"acknowledgements, {bad} lost or damaged ({self.seconds:.0f} s)"
        )


def recorded(
    processes: ForkServerContext,
    workload: Workload,
    folder: Path,
    weakness: Weakness | None = None,
) -> Recording:
    """Let a workload work in the new folder `folder`/"echt", and return what it did."""
    root, start, log = folder / "echt", folder / "begin", folder / "opname"
    root.mkdir()
    workload.prepare(root)
    shutil.copytree(root, start)
    process = processes.Process(target=_work, args=(workload, root, log, weakness))
    process.start()
    process.join()
    assert process.exitcode == 0, f"{workload.name} failed by itself"
    return Recording(workload, root, start, events_of(log))


def _work(workload: Workload, root: Path, log: Path, weakness: Weakness | None) -> None:
    if weakness is not None:
        weakness()
    with watching(root, log) as tell:
        workload.run(root, tell)


def cut_power(recording: Recording, count: int, seed: int, folder: Path) -> Figures:
    """Cut the power `count` times, and judge each time what is left, in the new `folder`."""
    folder.mkdir()
    begun = time.monotonic()
    chance = Random(seed)  # noqa: S311
    acknowledged = [at for at, each in enumerate(recording.events) if each.call == "A"]
    said = [recording.events[at].data for at in acknowledged]
    figures = Figures(recording.workload.name, count, len(recording.events), len(said))
    disk, done = Disk(recording.root, recording.start), 0
    for number, at in enumerate(cuts(recording.events, count, chance)):
        for event in recording.events[done:at]:
            disk.apply(event)
        done = at
        heard = sum(place < at for place in acknowledged)
        cut = Cut(said[:heard], said[heard] if heard < len(said) else None)
        root = folder / "na"
        put_down(disk.after_cut(chance), root)
        try:
            recording.workload.check(root, cut)
        except Exception as error:  # noqa: BLE001  (whatever goes wrong is what is counted)
            figures.failures[f"{type(error).__name__}: {error}"] += 1
            if os.environ.get("STORM_KEEP"):
                shutil.copytree(root, Path(os.environ["STORM_KEEP"]) / f"{number}-{at}")
        shutil.rmtree(root)
    figures.seconds = time.monotonic() - begun
    return figures
