from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]

SCREENS = {
    "screens": [
        {"name": "laptop", "x": 0, "y": 0, "width": 1366, "height": 768, "dpr": 1},
        {"name": "client", "x": 1366, "y": 0, "width": 1920, "height": 1080, "dpr": 1},
    ]
}
for screen in SCREENS["screens"]:
    screen |= {"logicalDpi": 96, "logicalBaseDpi": 96}

SCRIPT = """
from __future__ import annotations
import sys, tempfile
from pathlib import Path
import intake_app.ui
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget
from intake_app import paths
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.clientscreen.window import ClientWindow
from intake_app.ui.interview.bridge import InterviewBridge
from intake_app.ui.theme import Theme
from support.interviews import key, start_small
from support.vaults import prepared_vault

app = QApplication([])
vault = prepared_vault(Path(tempfile.mkdtemp()) / "kluis")
bridge = InterviewBridge(start_small(vault))
bridge.go_to(key("gewerkt"))
laptop = QWidget()
laptop.resize(800, 600)
laptop.show()
window = ClientWindow(
    Theme.load(paths.resource("themes", "default.json")), bridge, UiTexts("ar", None)
)
lost = []
window.lost.connect(lambda: lost.append(True))
window.present(laptop)
for _ in range(5):
    app.processEvents()
print(window.windowHandle().screen().name(), window.isFullScreen(), window.width(), window.height())
window.screen_gone(window.windowHandle().screen())
print(window.isVisible(), lost)
"""


def test_it_fills_the_second_monitor_and_goes_with_it(tmp_path: Path) -> None:
    config = tmp_path / "screens.json"
    config.write_text(json.dumps(SCREENS), encoding="utf-8")
    path = os.pathsep.join((str(ROOT), str(ROOT / "tests")))
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env={
            **os.environ,
            "PYTHONPATH": path,
            "QT_QPA_PLATFORM": f"offscreen:configfile={config}",
        },
    )
    assert done.stdout.splitlines() == ["client True 1920 1080", "False [True]"]
