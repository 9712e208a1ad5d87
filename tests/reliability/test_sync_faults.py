"""A call of the system fails in sync: everything stays as it was, with a reason, and goes on."""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest
from support.storm.fault_posting import (
    OpeningAnArrival,
    SealingForSync,
    Sending,
    TakingFromTheBox,
)
from support.storm.faults import FAULTS, FULL, Fault, Writer, sweep

FEW, MANY = 3, 24
WRITERS = (SealingForSync(), Sending(), TakingFromTheBox(), OpeningAnArrival())
Check = Callable[[Writer, Fault, int], None]


@pytest.fixture
def check(storm: ForkServerContext, quick_folder: Path, figure: Callable[[object], None]) -> Check:
    def run(writer: Writer, fault: Fault, most: int) -> None:
        found = sweep(storm, writer, fault, quick_folder, most)
        figure(f"faults, {found}")
        assert found.wrong == {}
        assert found.refused

    return run


@pytest.mark.parametrize("writer", [Sending(), TakingFromTheBox()], ids=lambda w: w.name)
def test_a_full_disk_leaves_everything_as_it_was(check: Check, writer: Writer):
    check(writer, FULL, FEW)


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS, ids=str)
@pytest.mark.parametrize("writer", WRITERS, ids=lambda w: w.name)
def test_any_call_that_fails_leaves_everything_as_it_was(
    check: Check, request: pytest.FixtureRequest, writer: Writer, fault: Fault
):
    check(writer, fault, 100_000 if request.config.getoption("--soak") else MANY)
