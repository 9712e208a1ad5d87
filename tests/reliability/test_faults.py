"""A call of the system fails, once or from then on: the old or the new is there, never neither.

Every writer does its work with its n-th call failing with "disk full", "input/output error" or
"too many open files". It may refuse, with a sentence for a person; it may not leave half of
something, and afterwards the program goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest
from support.storm.fault_keeping import (
    KEY_CHANGES,
    BackingUp,
    PuttingBack,
    SavingOutside,
    TakingAway,
    TakingIn,
)
from support.storm.fault_writers import (
    Accepting,
    Answering,
    Making,
    Migrating,
    Opening,
    Sealing,
    WritingKeyFiles,
)
from support.storm.faults import FAULTS, FULL, TOO_MANY, Fault, Writer, sweep

FEW, MANY = 3, 6
WRITERS = (
    Answering(), Opening(), Making(), *map(Migrating, (1, 2, 3)), WritingKeyFiles(), Sealing(),
    Accepting(), *KEY_CHANGES, TakingIn(), SavingOutside(), BackingUp(), PuttingBack(),
    TakingAway(),
)  # fmt: skip
Check = Callable[[Writer, Fault, int], None]


@pytest.fixture
def check(storm: ForkServerContext, quick_folder: Path, figure: Callable[[object], None]) -> Check:
    def run(writer: Writer, fault: Fault, most: int) -> None:
        found = sweep(storm, writer, fault, quick_folder, most)
        figure(f"faults, {found}")
        assert found.wrong == {}
        # Answering opens no file: everything is open already.
        assert found.refused or (fault is TOO_MANY and writer.name == "antwoord")

    return run


@pytest.mark.parametrize("writer", [Answering(), WritingKeyFiles()], ids=lambda w: w.name)
def test_a_full_disk_leaves_the_old_or_the_new(check: Check, writer: Writer):
    check(writer, FULL, FEW)


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS, ids=str)
@pytest.mark.parametrize("writer", WRITERS, ids=lambda w: w.name)
def test_any_call_that_fails_leaves_the_old_or_the_new(
    check: Check, request: pytest.FixtureRequest, writer: Writer, fault: Fault
):
    check(writer, fault, 100_000 if request.config.getoption("--soak") else MANY)
