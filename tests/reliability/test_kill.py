"""kill −9 at any moment: of the service layer, and of the program with its windows."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from multiprocessing.context import ForkServerContext
from pathlib import Path
from random import Random
from uuid import UUID

import pytest
from support.storm.derivations import Known
from support.storm.keeping import (
    Attaching,
    BackingUp,
    KeyChanges,
    PuttingBack,
    Removing,
)
from support.storm.kills import kill_again_and_again
from support.storm.oracle import check_pages
from support.storm.sending import Receiving, Sending
from support.storm.workloads import Autosave, Making, Migrating, Workload
from support.vaults import PASSPHRASE, actor_of, environment, prepared_vault

from intake_app import paths
from intake_app.flows import register
from intake_app.flows.interview import InterviewFlow
from intake_app.flows.register import PersonDraft
from intake_app.vault import Vault
from intake_app.xforms import NodeKey

KILLS, IN_A_SOAK, PROGRAMS = 10, 20, 3
ROOT = Path(__file__).parents[2]
CHILD = ROOT / "tests" / "acceptance" / "killed_child.py"
WORKLOADS = (
    Autosave(rounds=4), Making(), Migrating(2), KeyChanges(), Attaching(), BackingUp(),
    PuttingBack(), Removing(), Sending(), Receiving(),
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.usefixtures("cheap_opening")
@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda w: w.name)
def test_nothing_acknowledged_is_lost(
    processes: ForkServerContext,
    quick_folder: Path,
    derivations: Known,
    figure: Callable[[object], None],
    request: pytest.FixtureRequest,
    workload: Workload,
):
    count = KILLS * (IN_A_SOAK if request.config.getoption("--soak") else 1)
    found = kill_again_and_again(processes, workload, quick_folder, count, derivations)
    figure(f"kill -9, {found}")
    assert found.failures == {}
    assert found.kills > count // 2, "most of them ended by themselves: this shows little"


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
def test_the_program_loses_no_answer_that_was_stored(
    tmp_path: Path, figure: Callable[[object], None], request: pytest.FixtureRequest
):
    if not (paths.compiled_dir() / "forms").is_dir():
        pytest.skip("the forms are not compiled: python -m intake_app.formio.build")
    count = PROGRAMS * (IN_A_SOAK if request.config.getoption("--soak") else 1)
    chance, answers = Random(7), 0  # noqa: S311
    for number in range(count):
        folder = tmp_path / f"kluis-{number}"
        vault = prepared_vault(folder)
        draft = PersonDraft(family_name="Riet", contact_language="ar")
        person = register.register_person(vault, draft)
        vault.close()
        heard = answers_before_the_kill(folder, person.person_id, chance.randint(1, 25))
        vault = Vault.open(folder, passphrase=PASSPHRASE, env=environment(9), reserve_bytes=4096)
        with vault.read() as records:
            (interview,) = records.interviews.of_person(person.person_id)
            records.audit.verify()
        flow = InterviewFlow.resume(vault, None, interview.interview_id, actor_of(vault))
        assert {key: flow.session.value(key) for key in heard} == heard
        check_pages(vault)
        vault.close()
        answers += len(heard)
    figure(f"kill -9, the program with its windows: {count} kills, {answers} answers heard, 0 lost")
    assert answers


def answers_before_the_kill(folder: Path, person_id: UUID, after: int) -> dict[NodeKey, str]:
    """Let the program answer questions, kill it, and return the answers it said were stored."""
    heard: dict[NodeKey, str] = {}
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, str(CHILD), str(folder), PASSPHRASE, str(person_id)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=surroundings) as program:
        assert program.stdout is not None
        for number, line in enumerate(program.stdout, 1):
            kind, path, repeat, value = line.rstrip("\n").split("\t")
            if kind == "answer":
                heard[NodeKey(path, UUID(repeat) if repeat else None)] = value
            if number == after:
                os.kill(program.pid, signal.SIGKILL)
    assert program.returncode == -signal.SIGKILL
    return heard
