"""Processes to kill: forked from one that has everything imported, so that they start at once."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from multiprocessing.context import ForkServerContext

import pytest


@pytest.fixture(scope="session")
def processes() -> Iterator[ForkServerContext]:
    if "forkserver" not in multiprocessing.get_all_start_methods():
        pytest.skip("this system has no fork server")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["support.writers", "intake_app.vault.opening"])
    yield context
    from multiprocessing import forkserver

    forkserver._forkserver._stop()
