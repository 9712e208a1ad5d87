"""Processes to kill: forked from one that has everything imported, so that they start at once."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import tempfile
from collections.abc import Iterator
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest
from support.storm.derivations import Known, remember_derivations
from support.storm.recorder import build

_LOADED_BEFORE_FORKING = ["support.writers", "support.storm.runs", "intake_app.vault.opening"]
_IN_MEMORY = Path("/dev/shm")  # noqa: S108  (a fresh folder in it, by mkdtemp)


@pytest.fixture(scope="session")
def recorder(tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    """The compiled recorder, None where there is no compiler."""
    return build(tmp_path_factory.mktemp("storm"))


@pytest.fixture(scope="session")
def processes(recorder: Path | None) -> Iterator[ForkServerContext]:
    """Makes processes; where there is a compiler, with the recorder asleep in them."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        pytest.skip("this system has no fork server")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_LOADED_BEFORE_FORKING)
    from multiprocessing import forkserver

    if recorder is not None:
        os.environ["LD_PRELOAD"] = str(recorder)
    try:
        forkserver.ensure_running()
    finally:
        os.environ.pop("LD_PRELOAD", None)
    yield context
    forkserver._forkserver._stop()


@pytest.fixture
def storm(recorder: Path | None, processes: ForkServerContext) -> ForkServerContext:
    """Makes processes of which the disk and the clock are ours."""
    if recorder is None:
        pytest.skip("no C compiler here (gcc, libc6-dev): the recorder cannot be made")
    return processes


@pytest.fixture(scope="session")
def derivations() -> Known:
    """What was derived so far in this run."""
    return {}


@pytest.fixture
def cheap_opening(monkeypatch: pytest.MonkeyPatch, derivations: Known) -> None:
    """Open with the same passphrase as often as you like: the key is derived once."""
    remember_derivations(monkeypatch, derivations)


@pytest.fixture
def quick_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: thousands of small vaults are made in it."""
    if not _IN_MEMORY.is_dir():
        yield tmp_path
        return
    folder = Path(tempfile.mkdtemp(prefix="storm-", dir=_IN_MEMORY))
    yield folder
    shutil.rmtree(folder)
