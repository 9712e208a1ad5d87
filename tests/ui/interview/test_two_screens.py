from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]

SCREENS = {
    "screens": [
        {"name": "laptop", "x": 0, "y": 0, "width": 1366, "height": 768, "dpr": 1},
        {"name": "client", "x": 1366, "y": 0, "width": 1920, "height": 1080, "dpr": 1},
    ]
}
for screen in SCREENS["screens"]:
    screen |= {"logicalDpi": 96, "logicalBaseDpi": 96}

START = """
from __future__ import annotations
import sys, tempfile
from pathlib import Path
import intake_app.ui
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from intake_app import paths
from intake_app.domain.sharing import SharingTable
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.clientscreen.window import ClientWindow
from intake_app.ui.interview.bridge import InterviewBridge
from intake_app.ui.interview.page import InterviewPage
from intake_app.ui.interview.questions.base import Tools
from support.interviews import key, start_small
from support.qt import make_theme, settle
from support.vaults import prepared_vault

app = QApplication([])
theme = make_theme(app)
vault = prepared_vault(Path(tempfile.mkdtemp()) / "kluis")
bridge = InterviewBridge(start_small(vault))
bridge.go_to(key("leeftijd"))
laptop = QWidget()
column = QVBoxLayout(laptop)
page = InterviewPage(
    Tools(theme, UiTexts("nl", None)), bridge, SharingTable({}), client_texts=UiTexts("ar", None)
)
column.addWidget(page)
laptop.resize(1366, 768)
laptop.show()
settle(app)
screen = page.client_screen
named = {each.name(): each for each in QGuiApplication.screens()}
first, second = named["laptop"], named.get("client")
"""

FILLS = """
screen.toggle()
settle(app)
window = screen.window
print(window.windowHandle().screen().name(), window.isFullScreen(), window.width(), window.height())
print(bool(window.windowFlags() & Qt.WindowType.WindowDoesNotAcceptFocus), screen.where.value)
page.leaving()
"""

GOES = """
screen.toggle()
settle(app)
window = screen.window
window.input.keys["7"].click()
# what Qt says before it moves the windows of a monitor that is taken away
app.screenRemoved.emit(second)
settle(app)
print(screen.where.value, bridge.flow.session.value(key("leeftijd")), screen.offer.is_asking)
clients = [w for w in app.topLevelWidgets() if w.objectName() == "client-window" and w.isVisible()]
print(len(clients))
app.screenAdded.emit(second)
settle(app)
print(screen.where.value, screen.offer.is_asking)
screen.offer._yes.click()
settle(app)
print(screen.where.value, screen.window.windowHandle().screen().name())
page.leaving()
"""

MOVED = """
screen.toggle()
settle(app)
# the desktop puts it on the laptop: undocked, or by a key of the window manager
screen.window.windowHandle().setScreen(first)
settle(app)
print(screen.where.value, screen.offer.is_asking)
screen.open()
settle(app)
laptop.windowHandle().setScreen(second)
settle(app)
print(laptop.screen().name(), screen.where.value)
page.leaving()
"""

STRAYS = """
def told(label):
    settle(app)
    print(label, screen.where.value, bridge.is_paused, screen.offer.is_asking)
    bridge.pause(on=False)
    laptop.move(0, 0)
    settle(app)

laptop.resize(1000, 600)
laptop.move(0, 0)
screen.open()
laptop.move(360, 100)
told("to the edge")
# dragged a little over it, the larger part still on the laptop
screen.open()
laptop.move(500, 100)
told("over the edge")
# by a key of the window manager
screen.open()
laptop.windowHandle().setScreen(second)
laptop.move(1500, 50)
told("with a key")
screen.open()
told("back")
page.leaving()
"""

MIRROR = """
screen.toggle()
settle(app)
print(screen.where.value, "hetzelfde" in screen.offer.text())
page.leaving()
"""


def run(tmp_path: Path, script: str, screens: dict[str, object] = SCREENS) -> list[str]:
    config = tmp_path / "screens.json"
    config.write_text(json.dumps(screens), encoding="utf-8")
    path = os.pathsep.join((str(ROOT), str(ROOT / "tests")))
    done = subprocess.run(
        [sys.executable, "-c", START + script],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={
            **os.environ,
            "PYTHONPATH": path,
            "QT_QPA_PLATFORM": f"offscreen:configfile={config}",
        },
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_it_fills_the_second_monitor_and_leaves_the_keyboard(tmp_path: Path) -> None:
    assert run(tmp_path, FILLS) == ["client True 1920 1080", "True monitor"]


def test_it_goes_with_its_monitor_and_comes_back_when_asked(tmp_path: Path) -> None:
    assert run(tmp_path, GOES) == ["nowhere 7 True", "0", "nowhere True", "monitor client"]


@pytest.mark.slow
def test_it_never_stays_on_the_colleagues_monitor(tmp_path: Path) -> None:
    assert run(tmp_path, MOVED)[0] == "nowhere True"


@pytest.mark.slow
def test_the_colleagues_window_never_stays_on_the_clients_monitor(tmp_path: Path) -> None:
    assert run(tmp_path, STRAYS) == [
        "to the edge monitor False False",
        "over the edge nowhere True True",
        "with a key nowhere True True",
        "back monitor False False",
    ]


@pytest.mark.slow
def test_a_mirrored_monitor_is_not_the_clients(tmp_path: Path) -> None:
    one = SCREENS["screens"][0]
    same = {"screens": [one, {**one, "name": "beamer"}]}
    assert run(tmp_path, MIRROR, same) == ["half True"]
