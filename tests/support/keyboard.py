"""A person with a keyboard and nothing else: keys go to what has the focus, never elsewhere.

with Keyboard(qtbot) as keys:
    keys.chord("Ctrl+2"); keys.tab_to("people-list"); keys.press(Qt.Key.Key_Return)

A press of a mouse button while it is held fails the test.
"""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Self

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

NONE = Qt.KeyboardModifier.NoModifier
MOST_TABS = 120
"""More presses of Tab than this to one control is no way to work."""


class _NoMouse(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.presses = 0

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() is QEvent.Type.MouseButtonPress:
            self.presses += 1
        return False


class Keyboard:
    """Presses keys in what has the focus. `presses` counts them."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.presses = 0
        self._mouse = _NoMouse()

    def __enter__(self) -> Self:
        QApplication.instance().installEventFilter(self._mouse)  # type: ignore[union-attr]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        QApplication.instance().removeEventFilter(self._mouse)  # type: ignore[union-attr]
        if kind is None:
            assert self._mouse.presses == 0, "somebody used the mouse"

    def focus(self) -> QWidget:
        """Return what has the keyboard now; fails when nothing has, for a person is lost then."""
        self.qtbot.waitUntil(lambda: QApplication.focusWidget() is not None, timeout=5000)
        found = QApplication.focusWidget()
        assert found is not None
        return found

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Press a key in what has the focus."""
        self.presses += 1
        QTest.keyClick(self.focus(), key, modifiers)

    def chord(self, keys: str) -> None:
        """Press a combination by its name: 'Ctrl+J', 'Alt+Left'."""
        combination = QKeySequence(keys)[0]
        self.press(combination.key(), combination.keyboardModifiers())

    def letters(self, text: str) -> None:
        """Type letters, one by one, where the focus is."""
        for letter in text:
            self.presses += 1
            QTest.keyClicks(self.focus(), letter)

    def tab_until(self, there: Callable[[QWidget], bool], what: str) -> QWidget:
        """Press Tab until the focus is there; fails after too many."""
        for _ in range(MOST_TABS):
            if there(self.focus()):
                return self.focus()
            self.press(Qt.Key.Key_Tab)
        raise AssertionError(f"Tab never comes to {what}")

    def tab_to(self, name: str) -> QWidget:
        """Press Tab until the control of that name has the focus."""
        return self.tab_until(lambda widget: widget.objectName() == name, name)

    def answer_dialog(self, name: str, key: Qt.Key = Qt.Key.Key_Return) -> list[str]:
        """Press a key in the dialog of that name when it comes; return what was answered so far."""
        done: list[str] = []
        timer = QTimer(self._mouse)
        timer.setInterval(10)

        def look() -> None:
            dialog = QApplication.activeModalWidget()
            if dialog is not None and dialog.objectName() == name and dialog.focusWidget():
                timer.stop()
                done.append(name)
                QTest.keyClick(dialog.focusWidget(), key)

        timer.timeout.connect(look)
        timer.start()
        return done
