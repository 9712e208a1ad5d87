"""While the whole story is told, no item of a layout is known to Python (decisions/045)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# in a process of its own: the map is that of the process, and its only way out is standard error
_TELL = """
import sys
from pathlib import Path

from PySide6 import QtWidgets
from support.layout_items import items_known

from intake_app.tour import hands, story

looked, at = [], [0]
settle = hands.Hands.settle

def settle_and_look(self, **how):
    settle(self, **how)
    at[0] += 1
    if at[0] % 3 == 0:
        looked.append(items_known())

hands.Hands.settle = settle_and_look
code = story.run(Path(sys.argv[1]))
print("looked", len(looked), "most", max(looked))
sys.exit(code)
"""


@pytest.mark.slow
def test_no_item_is_known_in_the_whole_story(tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if k not in {"DISPLAY", "WAYLAND_DISPLAY"}}
    told = subprocess.run(
        [sys.executable, "-c", _TELL, str(tmp_path / "verhaal")],
        cwd=ROOT,
        env={
            **environment,
            "QT_QPA_PLATFORM": "offscreen",
            "TMPDIR": str(tmp_path),
            "PYTHONPATH": str(ROOT / "tests"),
        },
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert told.returncode == 0, told.stderr[-2000:]
    looked, most = told.stdout.split()[-3], told.stdout.split()[-1]
    assert int(looked) > 100
    assert most == "0"
