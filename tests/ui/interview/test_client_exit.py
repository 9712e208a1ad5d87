"""However the process ends while the client's screen is open: it ends, and without a crash."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]

LAPTOP = {"name": "laptop", "x": 0, "y": 0, "width": 1366, "height": 768, "dpr": 1}
LAPTOP |= {"logicalDpi": 96, "logicalBaseDpi": 96}
SCREENS = {
    "half": [LAPTOP],
    "monitor": [LAPTOP, {**LAPTOP, "name": "client", "x": 1366}],
}

OPENS = """
from __future__ import annotations
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from intake_app import app
from intake_app.domain.interview import Interpretation
from intake_app.flows.interview import InterviewFlow
from intake_app.formio.texts import CatalogueTexts
from intake_app.tour.hands import Hands
from support.interviews import add_person
from support.qt import ScriptedPicker
from support.vaults import actor_of, prepared_vault

qt = app.application()
vault = prepared_vault(Path(sys.argv[1]))
program = app.Program(
    vault.folder,
    theme=app.theme(qt),
    catalogues=app.catalogues(),
    library=app.library(),
    env=vault.env,
    pick=ScriptedPicker(),
    end=qt.exit,
)
program.open_with(vault)
desk, hands = program.desk, Hands()
desk.shell.resize(1366, 768)
flow = InterviewFlow.start(
    vault,
    desk.context.library,
    CatalogueTexts(desk.context.catalogues),
    add_person(vault, language="ar").person_id,
    "intake",
    "ar",
    Interpretation(),
    actor_of(vault),
)
desk.open_interview(flow.interview.interview_id)
hands.settle()
desk.shell.page.page.client_screen.toggle()
hands.settle()
print(desk.shell.page.page.client_screen.where.value, flush=True)
"""

ENDS = {
    "nothing is closed": "sys.exit(3)",
    "the loop ends": "QTimer.singleShot(0, qt.quit); sys.exit(3 + qt.exec())",
    "it is left": "program.close(); sys.exit(3)",
    "it is locked": "QTimer.singleShot(0, desk.lock); sys.exit(qt.exec() - 72)",
    "the window is closed": (
        "QTimer.singleShot(0, desk.shell.close); code = qt.exec(); program.close(); "
        "sys.exit(3 + code)"
    ),
}
QUICK = {
    ("half", "nothing is closed"),
    ("half", "it is locked"),
    ("monitor", "the window is closed"),
}
"""The ends that went wrong, and the most usual one; the others only where there is time."""

WAYS = [
    pytest.param(where, end, marks=() if (where, end) in QUICK else pytest.mark.slow)
    for where in SCREENS
    for end in ENDS
]


@pytest.mark.parametrize(("where", "end"), WAYS)
def test_it_ends_with_the_clients_screen_open(tmp_path: Path, where: str, end: str) -> None:
    config = tmp_path / "screens.json"
    config.write_text(json.dumps({"screens": SCREENS[where]}), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", OPENS + ENDS[end], str(tmp_path / "kluis")],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "tests"))),
            "QT_QPA_PLATFORM": f"offscreen:configfile={config}",
        },
    )
    assert done.stdout.split() == [where]
    assert done.returncode == 3, done.stderr
