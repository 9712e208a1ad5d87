"""What was added to the interview, in every look: names, targets, contrast, nothing clipped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from pages.interview import InterviewObject
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from support.interviews import key

from intake_app import paths
from intake_app.documents.client_page import Speaker
from intake_app.documents.pointing_pages import PAGES
from intake_app.domain.sharing import SharingTable
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.a11y import check
from intake_app.ui.interview.bridge import InterviewBridge
from intake_app.ui.interview.page import InterviewPage
from intake_app.ui.interview.questions.base import Tools
from intake_app.ui.theme import Theme, apply, high_contrast

Steps = dict[str, Callable[[InterviewObject], None]]


@dataclass(frozen=True)
class Look:
    scheme: str
    scale: float
    mirrored: bool = False


LOOKS = {
    "light-100": Look("light", 1.0),
    "light-200": Look("light", 2.0),
    "dark-100": Look("dark", 1.0),
    "contrast-200": Look("contrast", 2.0),
    "mirrored-100": Look("light", 1.0, mirrored=True),
    "mirrored-200": Look("dark", 2.0, mirrored=True),
}


@pytest.fixture(params=LOOKS.values(), ids=LOOKS)
def look(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[Theme]:
    asked: Look = request.param
    file = paths.resource("themes", "default.json")
    theme = Theme.load(file, "dark" if asked.scheme == "dark" else "light", scale=asked.scale)
    if asked.scheme == "contrast":
        system = QPalette()
        for role, color in (
            (QPalette.ColorRole.Window, "#000000"),
            (QPalette.ColorRole.WindowText, "#FFFFFF"),
            (QPalette.ColorRole.Highlight, "#FFFF00"),
            (QPalette.ColorRole.HighlightedText, "#000000"),
        ):
            system.setColor(role, QColor(color))
        theme = high_contrast(theme, system)
    apply(qapp, theme)
    if asked.mirrored:
        qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    yield theme
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    apply(qapp, Theme.load(file))


@dataclass(frozen=True)
class Arabic:
    text: str
    language: str = "ar"
    status: str = "unreviewed"


def say() -> Speaker:
    return Speaker("ar", lambda dutch: Arabic(f"نعم {dutch}"))


def hint(talk: InterviewObject) -> None:
    talk.page.bridge.go_to(key("naam_tolk"))
    talk.write("heeft een depressie en een BSN 111222333", "naam_tolk")
    found = talk.block("naam_tolk").hint
    assert found is not None
    found.look()
    assert found.sentence


def pause(talk: InterviewObject) -> None:
    talk.page.pausing.rest()
    assert talk.is_resting()


def stopping(talk: InterviewObject) -> None:
    talk.page.pausing.ask_to_stop()
    assert talk.is_stopping()


def pointing(talk: InterviewObject) -> None:
    talk.page.client_screen.toggle_pointing()
    talk.page.bridge.point(4)
    assert talk.pointed()


STEPS: Steps = {"hint": hint, "pause": pause, "stopping": stopping, "pointing": pointing}


@pytest.mark.parametrize("step", STEPS)
def test_everybody_can_use_it(
    qtbot: QtBot, look: Theme, bridge: InterviewBridge, step: str
) -> None:
    window = QWidget()
    column = QVBoxLayout(window)
    column.setContentsMargins(0, 0, 0, 0)
    texts = UiTexts("nl", None)
    page = InterviewPage(
        Tools(look, texts), bridge, SharingTable({}), client_texts=texts, say=say()
    )
    column.addWidget(page)
    window.resize(1280, 800)
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    talk = InterviewObject(qtbot, window)
    talk.page.bridge.go_to(key("gewerkt"))
    STEPS[step](talk)
    for _ in range(3):
        QApplication.processEvents()
    assert check(window) == ()
    client = page.client_screen.window
    if client is not None:
        for number in range(len(PAGES)):
            bridge.show_pointing(number)
            for _ in range(3):
                QApplication.processEvents()
            assert check(client) == (), number
        bridge.rest()
        assert check(client) == ()
        page.client_screen.close()
