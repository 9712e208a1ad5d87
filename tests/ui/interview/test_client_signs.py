"""The client signs on the client's own screen."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from support.file_forms import PHOTO, SIGNED, start_with_files
from support.qt import settle

from intake_app.domain.interview import AnswerState
from intake_app.flows import answer_files
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.a11y import check
from intake_app.ui.clientscreen.signing import SigningPad
from intake_app.ui.clientscreen.window import ClientWindow
from intake_app.ui.interview.bridge import InterviewBridge
from intake_app.ui.people.pictures import read_picture
from intake_app.ui.theme import Theme
from intake_app.vault import Vault


class Screen:
    def __init__(self, qtbot: QtBot, theme: Theme, vault: Vault) -> None:
        self.flow = start_with_files(vault)
        self.bridge = InterviewBridge(self.flow)
        self.window = ClientWindow(theme, self.bridge, UiTexts("ar", None))
        self.window.resize(1366, 768)
        qtbot.addWidget(self.window)
        self.bridge.go_to(SIGNED)
        with qtbot.waitExposed(self.window, timeout=20_000):
            self.window.show()

    def input(self) -> SigningPad:
        (found,) = self.window.findChildren(SigningPad)
        return found

    def draw(self) -> None:
        pad = self.input().pad
        QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(40, 60))
        QTest.mouseMove(pad, QPoint(140, 30))
        QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(140, 30))


@pytest.fixture
def screen(qtbot: QtBot, theme: Theme, vault: Vault) -> Screen:
    return Screen(qtbot, theme, vault)


def test_what_is_drawn_and_confirmed_is_the_answer(screen: Screen, vault: Vault):
    pad = screen.input()
    assert not pad.done.isEnabled()
    screen.draw()
    screen.draw()
    pad.undo.click()
    assert len(pad.pad.strokes) == 1
    pad.done.click()
    (kept,) = answer_files.kept(vault, screen.flow.interview.interview_id)
    read_picture(answer_files.content(vault, kept), "image/png")
    assert screen.flow.session.value(SIGNED).endswith(".png")
    # nobody draws over it, and it stays in sight
    screen.draw()
    assert len(pad.pad.strokes) == 1
    assert not pad.clear.isEnabled()
    screen.bridge.remove_file(SIGNED)
    assert screen.input().pad.is_empty


def test_half_a_signature_is_never_stored(screen: Screen, qtbot: QtBot):
    screen.draw()
    screen.window.flush()
    with qtbot.waitSignal(screen.window.unsigned) as told:
        screen.bridge.go_to(PHOTO)
    assert told.args == [SIGNED]
    assert screen.flow.session.value(SIGNED) == ""
    # who comes back to it finds the lines
    screen.bridge.go_to(SIGNED)
    assert len(screen.input().pad.strokes) == 1
    screen.input().done.click()
    assert screen.flow.session.value(SIGNED).endswith(".png")
    assert screen.bridge.drawn == {}


@pytest.mark.parametrize("way", ["theme", "size", "pause"])
def test_half_a_signature_stays_when_the_screen_is_built_anew(
    screen: Screen, theme: Theme, qtbot: QtBot, way: str
):
    screen.draw()
    wanted = screen.input().pad.strokes
    with qtbot.assertNotEmitted(screen.window.unsigned):
        if way == "theme":
            screen.window.close()
            screen.window = ClientWindow(theme, screen.bridge, UiTexts("ar", None))
            screen.window.resize(1366, 768)
            qtbot.addWidget(screen.window)
            screen.window.show()
        elif way == "size":
            screen.window.resize(683, 400)
        else:
            screen.bridge.rest()
            assert screen.window.findChildren(SigningPad) == []
            screen.bridge.pause(on=False)
    assert screen.flow.session.value(SIGNED) == ""
    assert screen.input().pad.strokes == wanted
    screen.input().clear.click()
    assert screen.bridge.drawn == {}


def test_half_a_signature_does_not_come_back_after_a_no(screen: Screen):
    screen.draw()
    screen.bridge.go_to(PHOTO)
    screen.bridge.set_state(SIGNED, AnswerState.REFUSED)
    screen.bridge.go_to(SIGNED)
    assert screen.input().pad.is_empty


def test_beginning_anew_leaves_nothing(screen: Screen):
    screen.draw()
    screen.input().clear.click()
    screen.window.flush()
    assert screen.flow.session.value(SIGNED) == ""


def test_every_key_is_large_and_the_screen_can_be_used_by_everybody(
    screen: Screen, qapp: QApplication
):
    for _ in range(4):
        settle(qapp)
    pad = screen.input()
    for key in (pad.undo, pad.clear, pad.done):
        assert min(key.width(), key.height()) >= 44
    assert pad.pad.width() >= 600
    assert check(screen.window) == ()


def test_another_file_is_not_the_clients_to_choose(screen: Screen):
    screen.bridge.go_to(PHOTO)
    assert screen.window.findChildren(SigningPad) == []


def test_half_a_signature_never_replaces_a_no(screen: Screen):
    screen.draw()
    screen.bridge.set_state(SIGNED, AnswerState.REFUSED)
    screen.window.flush()
    row = screen.flow.row(SIGNED)
    assert row is not None
    assert row.state is AnswerState.REFUSED
    assert screen.input().pad.is_empty
