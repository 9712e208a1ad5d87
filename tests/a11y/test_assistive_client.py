"""Somebody who sees no screen fills a section: through the bus of accessibility and nothing else.

The program runs on a virtual display; a client of its own process, with the system's AT-SPI
bindings, finds the questions by role and name, reads them in both languages, writes, chooses and
presses Volgende. Afterwards the vault holds what it said.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from intake_app.app import catalogues
from intake_app.flows.acting import actor_of
from intake_app.flows.interview import InterviewFlow
from intake_app.formio.texts import CatalogueTexts
from intake_app.tour.world import TALK, World, copy_world
from intake_app.xforms import NodeKey

HERE = Path(__file__).parent
SYSTEM_PYTHON = Path("/usr/bin/python3")
LAUNCHER = Path("/usr/libexec/at-spi-bus-launcher")
FIRST, SECTION = NodeKey("/data/ambitie/droom"), "Ambitie en wensen"


def bindings() -> bool:
    """Tell whether the Python of the system can talk to the bus."""
    if not SYSTEM_PYTHON.is_file():
        return False
    probe = "import gi; gi.require_version('Atspi', '2.0'); from gi.repository import Atspi"
    done = subprocess.run([SYSTEM_PYTHON, "-c", probe], capture_output=True, check=False)
    return done.returncode == 0


pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(
        not all(map(shutil.which, ("Xvfb", "dbus-run-session", "openbox")))
        or not LAUNCHER.is_file()
        or not bindings(),
        reason="needs Xvfb, openbox, dbus, at-spi2-core and python3-pyatspi",
    ),
]


@pytest.fixture
def own(world: World, tmp_path: Path):
    """Return a world that is closed, so that the program can open its vault."""
    made = copy_world(world.folder, tmp_path / "wereld")
    yield made
    made.close()


def resume(world: World) -> InterviewFlow:
    vault = world.vault(TALK)
    interview = world.interview(TALK, "Layla", "intake")
    return InterviewFlow.resume(vault, CatalogueTexts(catalogues()), interview, actor_of(vault))


def test_a_section_is_filled_without_seeing_the_screen(own: World, figure) -> None:
    flow = resume(own)
    page = flow.page_of(FIRST)
    assert page is not None
    flow.move_to(page.key, FIRST)
    interview = flow.interview.interview_id
    own.close()
    script = HERE / "assistive" / "session.sh"
    client = HERE / "assistive" / "client.py"
    done = subprocess.run(
        [
            "dbus-run-session", "--", str(script), sys.executable,
            str(own.folder / TALK.name), str(interview), str(SYSTEM_PYTHON), str(client),
        ],
        capture_output=True, text=True, timeout=500, check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONWARNINGS": "ignore"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    pages = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    *filled, last = pages
    assert not last["end"].startswith(SECTION)
    assert all(each["where"].startswith(SECTION) for each in filled)
    # read in both languages, except what is for the colleague alone
    both = [each for each in filled if each["arabic"] and each["dutch"]]
    assert len(both) >= 4
    flow = resume(own)
    written = {text for each in filled for _, text in each["wrote"]}
    chosen = {name.split(" / ")[0].split(",")[0] for each in filled for _, name in each["chose"]}
    stored = {
        key: flow.session.value(key)
        for key in (NodeKey(path) for path in flow.form.questions)
        if key.path.startswith("/data/ambitie/") and flow.session.value(key)
    }
    assert written <= set(stored.values())
    assert len(stored) == len(written) + sum(len(each["chose"]) for each in filled)
    assert chosen
    figure(
        f"assistive client: {len(filled)} pages, {len(written)} texts and "
        f"{len(stored) - len(written)} choices of one section, by AT-SPI alone"
    )
