"""Hands on the windows: find a thing by its name and use it with real mouse and key events.

Nothing is reached into: what a person could not see or click is not found.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt, QTimer
from PySide6.QtGui import QInputMethodEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QWidget,
)

W = TypeVar("W", bound=QWidget)

PATIENCE_SECONDS = 60.0


class NotThere(Exception):
    """A thing that should be on screen is not, or did not come in time."""


class Hands:
    """Finds, clicks and types in the visible windows of this process."""

    def __init__(self, patience: float = PATIENCE_SECONDS) -> None:
        self._patience = patience

    def windows(self) -> list[QWidget]:
        """Return the visible windows, the active one first."""
        active = QApplication.activeModalWidget() or QApplication.activeWindow()
        visible = [w for w in QApplication.topLevelWidgets() if w.isVisible()]
        return sorted(visible, key=lambda w: w is not active)

    def seen(self, name: str, *, inside: str = "") -> QWidget | None:
        """Return the visible widget with this object name, or None; `inside` names a parent."""
        parent = self.seen(inside) if inside else None
        if inside and parent is None:
            return None
        for window in self.windows() if parent is None else [parent]:
            if window.objectName() == name:
                return window
            for found in window.findChildren(QWidget, name):
                if found.isVisible():
                    return found
        return None

    def find(self, name: str, *, inside: str = "") -> QWidget:
        """Wait until the widget is visible and return it; raises `NotThere`."""
        self.wait(lambda: self.seen(name, inside=inside) is not None, f"{name} is not on screen")
        found = self.seen(name, inside=inside)
        if found is None:
            raise NotThere(name)
        return found

    def find_as(self, kind: type[W], name: str, *, inside: str = "") -> W:
        """Wait for the widget and return it as what it is; raises `NotThere` for another kind."""
        found = self.find(name, inside=inside)
        if not isinstance(found, kind):
            raise NotThere(f"{name} is a {type(found).__name__}")
        return found

    def wait(self, condition: Callable[[], bool], what: str) -> None:
        """Let the program work until `condition` holds; raises `NotThere` saying `what`."""
        end = time.monotonic() + self._patience
        while not condition():
            if time.monotonic() > end:
                raise NotThere(what)
            self.settle(one_round=True)

    def settle(self, *, one_round: bool = False) -> None:
        """Let the program do what is waiting to be done, deletions included."""
        for _ in range(1 if one_round else 3):
            QApplication.processEvents()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            if one_round:
                QTest.qWait(2)

    def click(self, name: str, *, inside: str = "", then: str = "") -> None:
        """Click on a widget, scrolled into view first; it must be enabled.

        `then` names a button of the dialog that this click opens; it is clicked too.
        """
        target: QWidget = self.find(name, inside=inside)
        self.wait(target.isEnabled, f"{name} cannot be used")
        self._reveal(target)
        answered: list[bool] = []
        timer = QTimer()
        timer.setInterval(20)

        def answer() -> None:
            button = self.seen(then)
            if button is not None:
                timer.stop()
                answered.append(True)
                QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=_middle(button))

        if then:
            timer.timeout.connect(answer)
            timer.start()
        QTest.mouseClick(target, Qt.MouseButton.LeftButton, pos=_middle(target))
        self.settle()
        if then:
            self.wait(lambda: bool(answered), f"no dialog with {then}")
            self.settle()

    def type(self, name: str, text: str, *, inside: str = "") -> None:
        """Put the keyboard in a field, replace what is there, and leave it by Tab."""
        holder: QWidget = self.find(name, inside=inside)
        field = _text_field(holder)
        if field is None:
            raise NotThere(f"{name} takes no text")
        self._focus(field)
        field.selectAll()
        # as an input method commits it: scripts without a key on this keyboard arrive that way
        event = QInputMethodEvent()
        event.setCommitString(text)
        QApplication.sendEvent(field, event)
        self.settle()
        QTest.keyClick(field, Qt.Key.Key_Tab)
        self.settle()

    def search(self, name: str, text: str, *, inside: str = "") -> None:
        """Type in a search field, which shows what it finds while the keyboard stays there."""
        field = self.find_as(QLineEdit, name, inside=inside)
        self._focus(field)
        event = QInputMethodEvent()
        event.setCommitString(text)
        QApplication.sendEvent(field, event)
        field.textEdited.emit(field.text())
        self.settle()

    def pick(self, name: str, value: str) -> None:
        """Choose a value of a `ChoiceInput`: its radio button, or its place in the list."""
        button = self.seen(f"{name}-{value}")
        if button is not None:
            self.click(f"{name}-{value}")
            return
        holder: QWidget = self.find(name)
        values: list[str] = getattr(holder, "_values", [])
        combo = self.find_as(QComboBox, f"{name}-list")
        if value not in values:
            raise NotThere(f"{name} does not offer {value}")
        self._focus(combo)
        QTest.keyClick(combo, Qt.Key.Key_Home)
        for _ in range(values.index(value)):
            QTest.keyClick(combo, Qt.Key.Key_Down)
        self.settle()

    def date(self, name: str, day: str) -> None:
        """Type an ISO date, of which the end may be missing, into a date in three boxes."""
        for part, text in zip(("year", "month", "day"), day.split("-"), strict=False):
            self.type(f"{name}-{part}", str(int(text)))

    def press(self, name: str, keys: str) -> None:
        """Press a key combination, such as 'Ctrl+L', in a widget."""
        target: QWidget = self.find(name)
        self._focus(target)
        QTest.keySequence(target, QKeySequence(keys))
        self.settle()

    def picture(self, window: QWidget, path: Path) -> None:
        """Save the window as it is shown now."""
        self.settle()
        if not window.grab().save(str(path)):
            raise NotThere(f"{path.name} could not be written")

    def _focus(self, widget: QWidget) -> None:
        """Put the keyboard in a widget; without an active window there would be no focus at all."""
        self._reveal(widget)
        window = widget.window()
        window.activateWindow()
        self.wait(window.isActiveWindow, "the window does not become active")
        widget.setFocus()
        self.settle(one_round=True)

    def _reveal(self, widget: QWidget) -> None:
        parent = widget.parentWidget()
        while parent is not None:
            if isinstance(parent, QScrollArea):
                parent.ensureWidgetVisible(widget, 20, 60)
            elif isinstance(parent, QAbstractScrollArea) and parent.isAncestorOf(widget):
                parent.ensurePolished()
            parent = parent.parentWidget()
        self.settle()


def _middle(widget: QWidget) -> QPoint:
    return QPoint(min(widget.width() // 2, 40), widget.height() // 2)


def _text_field(holder: QWidget) -> QLineEdit | QPlainTextEdit | None:
    if isinstance(holder, QLineEdit | QPlainTextEdit):
        return holder
    fields: list[QLineEdit | QPlainTextEdit] = [
        *holder.findChildren(QLineEdit),
        *holder.findChildren(QPlainTextEdit),
    ]
    return next((found for found in fields if found.isVisible()), None)
