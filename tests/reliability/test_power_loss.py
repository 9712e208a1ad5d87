"""The power goes at any moment: what was acknowledged is there, and nothing is damaged.

A workload runs on the real service layer while every change to its folder is recorded; then the
recording is played up to a random call, and what a disk may have lost by then is lost. Each result
is opened as a person opens it, with the passphrase, and must hold exactly what was acknowledged
last, or that and the step under way.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest
from support.storm.keeping import Attaching, BackingUp, KeyChanges, PuttingBack, Removing
from support.storm.runs import Figures, Weakness, cut_power, recorded
from support.storm.sending import Receiving, Sending
from support.storm.workloads import Autosave, KeyFiles, Making, Migrating, Workload

from intake_app.vault import engine

pytestmark = pytest.mark.usefixtures("cheap_opening")

FEW, MANY, IN_A_SOAK = 20, 42, 40
WORKLOADS = (
    Autosave(), Making(), *map(Migrating, (1, 2, 3)), KeyFiles(), KeyChanges(), Attaching(),
    BackingUp(), PuttingBack(), Removing(), Sending(), Receiving(),
)  # fmt: skip


@pytest.fixture
def storm_over(
    storm: ForkServerContext, quick_folder: Path, figure: Callable[[object], None]
) -> Callable[..., Figures]:
    """Record a workload, cut its power a number of times, and return the figures."""

    def run(workload: Workload, count: int, weakness: Weakness | None = None) -> Figures:
        recording = recorded(storm, workload, quick_folder, weakness)
        assert recording.replays_to_what_is_there(), "the recorder missed something"
        figures = cut_power(recording, count, seed=len(recording.events), folder=quick_folder / "x")
        figure(f"power loss, {'careless ' if weakness else ''}{figures}")
        return figures

    return run


@pytest.mark.parametrize("workload", [Autosave(rounds=1), KeyFiles()], ids=lambda w: w.name)
def test_nothing_acknowledged_is_lost(storm_over: Callable[..., Figures], workload: Workload):
    assert storm_over(workload, FEW).failures == {}


@pytest.mark.slow
@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda w: w.name)
def test_nothing_acknowledged_is_lost_at_many_moments(
    storm_over: Callable[..., Figures], request: pytest.FixtureRequest, workload: Workload
):
    count = MANY
    if request.config.getoption("--soak"):
        count *= IN_A_SOAK
    assert storm_over(workload, count).failures == {}


def without_sync_of_the_database() -> None:
    engine._PRAGMAS = tuple(  # type: ignore[misc]
        pragma.replace("synchronous=FULL", "synchronous=OFF") for pragma in engine._PRAGMAS
    )


def without_sync_of_files() -> None:
    os.fsync = lambda _descriptor: None


@pytest.mark.parametrize(
    ("workload", "weakness"),
    [
        pytest.param(
            Autosave(rounds=3), without_sync_of_the_database, marks=pytest.mark.slow, id="database"
        ),
        pytest.param(KeyFiles(), without_sync_of_files, id="key file"),
    ],
)
def test_without_sync_the_same_storm_does_damage(
    storm_over: Callable[..., Figures], workload: Workload, weakness: Weakness
):
    figures = storm_over(workload, FEW, weakness)
    assert figures.failures.total() >= FEW // 5


def test_a_call_that_was_not_recorded_is_noticed(storm: ForkServerContext, quick_folder: Path):
    recording = recorded(storm, KeyFiles(rounds=2), quick_folder)
    writes = [at for at, event in enumerate(recording.events) if event.call == "W"]
    del recording.events[writes[-1]]
    assert not recording.replays_to_what_is_there()
