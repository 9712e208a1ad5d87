"""Windows on the offscreen platform, and one world of vaults for all of these tests."""

from __future__ import annotations

import functools
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake_app.tour.world import World, copy_world, make_world


def pytest_itemcollected(item: pytest.Item) -> None:
    """Let one message of the platform pass; all others still fail a test.

    It complains of every size hint it is given.
    """
    item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support", extend=True))


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Return a world of one's own; the workers of one run make it once, together."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if own.name.startswith("popen-") else own
    made = copy_world(_once(shared), own / "wereld")
    yield made
    made.close()


def _once(folder: Path) -> Path:
    """Make the world, or wait for the worker that is making it."""
    master = folder / "wereld-voor-allen"
    try:
        master.mkdir()
    except FileExistsError:
        end = time.monotonic() + 240
        while not (folder / "wereld-klaar").is_file():
            assert time.monotonic() < end, "the other worker did not make the world"
            time.sleep(0.2)
    else:
        make_world(master)
        (folder / "wereld-klaar").touch()
    return master


@pytest.fixture(scope="session", autouse=True)
def forms_parsed_once() -> Iterator[None]:
    """Keep what a form was parsed to; a thousand windows show the same five."""
    from intake_app.flows import case_file, interview

    kept = functools.cache(interview.parse_form)
    with pytest.MonkeyPatch.context() as patch:
        for module in (interview, case_file):
            if hasattr(module, "parse_form"):
                patch.setattr(module, "parse_form", kept)
        yield
