"""A storm on Apache: every dossier is received exactly once, byte for byte, every receipt is in."""

from __future__ import annotations

import os
from collections.abc import Callable
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest
from support.relays import Absent
from support.storm.post_storm import CI, FULL, Scale, storm

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


def raged(
    processes: ForkServerContext,
    folder: Path,
    scale: Scale,
    seed: int,
    figure: Callable[[object], None],
) -> None:
    try:
        came = storm(processes, folder, scale, seed)
    except Absent as missing:
        pytest.skip(f"not installed: {missing}")
    figure(came)
    assert came.wrong == []
    assert came.happened["sender killed"] >= scale.sender_kills
    assert came.happened["receiver killed"] >= scale.receiver_kills
    assert came.happened["server killed"] >= scale.server_kills
    assert came.happened["connections cut"] >= scale.cuts


@needs_fork
@pytest.mark.slow
@pytest.mark.timeout(480)
def test_a_small_storm(
    processes: ForkServerContext, quick_folder: Path, figure: Callable[[object], None]
) -> None:
    raged(processes, quick_folder, CI, 1, figure)


@needs_fork
@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", [2, 3])
def test_a_storm(
    processes: ForkServerContext, quick_folder: Path, figure: Callable[[object], None], seed: int
) -> None:
    raged(processes, quick_folder, FULL, seed, figure)
