"""kill at every I/O step of sync, on either side: received exactly once, whole, and answered."""

from __future__ import annotations

import os
from collections.abc import Callable
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest
from support.storm.posting import (
    Deciding,
    Polling,
    Receiver,
    Sealer,
    Sender,
    Side,
    kill_at_every_step,
)

SIDES = (Sealer(), Sender(), Receiver(), Deciding(), Polling())
needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


@needs_fork
@pytest.mark.slow
@pytest.mark.parametrize("side", SIDES, ids=lambda side: side.name)
def test_killed_at_every_step(
    processes: ForkServerContext,
    quick_folder: Path,
    figure: Callable[[object], None],
    side: Side,
):
    found = kill_at_every_step(processes, side, quick_folder, every=1)
    figure(f"kill at every step, {found}")
    assert found.wrong == {}
    assert found.kills == found.steps > 10


@needs_fork
@pytest.mark.parametrize("side", [Sender(), Receiver()], ids=lambda side: side.name)
def test_killed_here_and_there(
    processes: ForkServerContext,
    quick_folder: Path,
    figure: Callable[[object], None],
    side: Side,
):
    found = kill_at_every_step(processes, side, quick_folder, every=9, quick=True)
    figure(f"kill here and there, {found}")
    assert found.wrong == {}
    assert found.kills
