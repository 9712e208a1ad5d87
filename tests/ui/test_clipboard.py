from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QObject, Qt, Signal
from PySide6.QtGui import QClipboard
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from support.desks import Team
from support.qt import make_theme
from support.vaults import prepared_vault

from intake_app.ui.clipboard import MARKS, SECONDS, ClipboardGuard


class Owner:
    """Stands for a platform that can tell whose the clipboard is."""

    def __init__(self) -> None:
        self.ours = {QClipboard.Mode.Clipboard: True, QClipboard.Mode.Selection: True}

    def __call__(self, mode: QClipboard.Mode) -> bool:
        return self.ours[mode]


@pytest.fixture
def clipboard(qapp):
    board = QApplication.clipboard()
    board.clear()
    yield board
    board.clear()


@pytest.fixture
def owner() -> Owner:
    return Owner()


@pytest.fixture
def guard(clipboard, owner):
    made = ClipboardGuard(clipboard, owns=owner)
    yield made
    made.stop()


def from_elsewhere(clipboard: QClipboard, owner: Owner, text: str) -> None:
    owner.ours[QClipboard.Mode.Clipboard] = False
    clipboard.setText(text)


def test_what_is_copied_bears_the_marks(guard, clipboard):
    guard.copy("0012345678")
    data = clipboard.mimeData()
    assert data.text() == "0012345678"
    assert {name: bytes(data.data(name).data()) for name in MARKS} == MARKS
    windows = 'application/x-qt-windows-mime;value="ExcludeClipboardContentFromMonitorProcessing"'
    assert windows in data.formats()


def test_half_a_minute_later_it_is_gone(guard, clipboard):
    guard.copy("0012345678")
    assert guard.timer.isActive()
    assert guard.timer.interval() == SECONDS * 1000 == 30_000
    guard.timer.timeout.emit()
    assert clipboard.text() == ""


def test_what_came_from_elsewhere_since_stays(guard, clipboard, owner):
    guard.copy("0012345678")
    from_elsewhere(clipboard, owner, "boodschappen")
    assert not guard.timer.isActive()
    guard.clear()
    assert clipboard.text() == "boodschappen"
    assert clipboard.mimeData().formats() == ["text/plain"]


def test_copying_from_a_field_is_guarded_too(guard, clipboard, qtbot):
    field = QLineEdit("Amanuel")
    qtbot.addWidget(field)
    field.show()
    field.selectAll()
    QTest.keyClick(field, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert clipboard.text() == "Amanuel"
    assert guard.timer.isActive()
    assert "x-kde-passwordManagerHint" in clipboard.mimeData().formats()
    guard.clear()
    assert clipboard.text() == ""


class SelectionBoard(QObject):
    """The clipboard of X11, whose selection is pasted with the middle button; not offscreen."""

    dataChanged = Signal()  # noqa: N815
    selectionChanged = Signal()  # noqa: N815

    def __init__(self) -> None:
        super().__init__()
        self.cleared: list[QClipboard.Mode] = []

    def clear(self, mode: QClipboard.Mode) -> None:
        self.cleared.append(mode)


def test_selecting_text_is_not_copying(qapp, owner):
    board = SelectionBoard()
    guard = ClipboardGuard(board, owns=owner)
    board.selectionChanged.emit()
    assert board.cleared == [QClipboard.Mode.Selection]
    owner.ours[QClipboard.Mode.Selection] = False
    board.selectionChanged.emit()
    assert len(board.cleared) == 1, "what somebody selected elsewhere is theirs"
    guard.stop()


def test_a_picture_is_left_alone(guard, clipboard):
    data = QMimeData()
    data.setData("image/png", b"x")
    clipboard.setMimeData(data)
    assert not guard.timer.isActive()


def test_locking_takes_it_away(qtbot, qapp, tmp_path, clipboard):
    team = Team(qtbot, tmp_path / "kluis", make_theme(qapp), seed=3)
    team.open(prepared_vault(tmp_path / "kluis"))
    desk = team.program.desk
    assert desk is not None
    desk.clipboard.copy("0012345678")
    desk.locker.lock()
    assert clipboard.text() == ""


def test_stopping_twice_is_stopping_once(qapp, clipboard):
    guard = ClipboardGuard(clipboard)
    guard.stop()
    guard.stop()
