"""What every page object can do: find by objectName, click, type, read, and say where it is."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from intake_app.ui.kit import ChoiceInput, Field, Notice

W = TypeVar("W", bound=QWidget)


class PageObject:
    """A page or window as a person uses it; subclasses name its parts.

    `root` is the window or the page. All names are objectNames.
    """

    name = ""

    def __init__(self, qtbot: QtBot, root: QWidget) -> None:
        self.qtbot, self.root = qtbot, root

    def find(self, name: str, kind: type[W] = QWidget) -> W:  # type: ignore[assignment]
        """Return the one widget of that name; fails when there is none or more than one."""
        found = [w for w in self.root.findChildren(kind, name) if w.parent() is not None]
        if self.root.objectName() == name and isinstance(self.root, kind):
            found.append(self.root)
        shown = [w for w in found if w.isVisibleTo(self.root)] or found
        assert len(shown) == 1, f"{len(shown)} widgets named {name}"
        return shown[0]

    def has(self, name: str) -> bool:
        """True when a widget of that name shows."""
        return any(w.isVisibleTo(self.root) for w in self.root.findChildren(QWidget, name))

    def assert_on_page(self, name: str = "") -> None:
        """Fail unless the page of this name (by default: this one) shows."""
        wanted = name or self.name
        shown = self.root.objectName() == wanted or self.has(wanted)
        assert shown, f"not on {wanted}"

    def click(self, name: str) -> None:
        """Click a button as a mouse does; fails when it stays hidden or greyed."""
        # what a layout just got is shown in the next turn of the event loop
        self.qtbot.waitUntil(lambda: self.has(name), timeout=2000)
        button = self.find(name, QAbstractButton)
        assert button.isEnabled(), f"{name} is greyed"
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def press(self, key: Qt.Key, name: str = "") -> None:
        """Press a key in a widget, by default in the one that has the focus."""
        target = self.find(name) if name else (self.root.focusWidget() or self.root)
        self.qtbot.keyClick(target, key)

    def type(self, name: str, text: str) -> None:
        """Type text into an empty or filled field, replacing what is there."""
        field = self.find(name)
        assert isinstance(field, QLineEdit | QPlainTextEdit), f"{name} takes no text"
        field.setFocus()
        field.selectAll()
        if not text:
            self.qtbot.keyClick(field, Qt.Key.Key_Delete)
        elif text.isascii():
            self.qtbot.keyClicks(field, text)
        elif isinstance(field, QLineEdit):
            # other scripts come from an input method, not from keys
            field.insert(text)
        else:
            field.insertPlainText(text)

    def choose(self, name: str, value: str) -> None:
        """Choose a value of a ChoiceInput, by clicking its radio or in its list."""
        choice = self.find(name, ChoiceInput)
        if choice.combo is None:
            self.click(f"{name}-{value}")
        else:
            choice.set_value(value)
        assert choice.value() == value, f"{name} does not offer {value}"

    def date(self, name: str, day: str, month: str, year: str) -> None:
        """Fill the three boxes of a date; '' leaves one empty."""
        for part, text in (("day", day), ("month", month), ("year", year)):
            self.type(f"{name}-{part}", text)

    def text(self, name: str) -> str:
        """Return the words a widget shows."""
        widget = self.find(name)
        if isinstance(widget, QLabel | QAbstractButton | QLineEdit | Notice):
            return widget.text()
        if isinstance(widget, QPlainTextEdit):
            return widget.toPlainText()
        if isinstance(widget, QComboBox):
            return widget.currentText()
        return " ".join(self.words(widget))

    def words(self, widget: QWidget | None = None) -> list[str]:
        """Return every text that shows in a widget, by default in the whole page."""
        inside = widget or self.root
        return [
            label.text()
            for label in inside.findChildren(QLabel)
            if label.isVisibleTo(inside) and label.text()
        ]

    def problem(self, name: str) -> str:
        """Return the problem that shows at the field of this control, or ''."""
        control: QWidget | None = self.find(name)
        while control is not None and not isinstance(control, Field):
            control = control.parentWidget()
        assert control is not None, f"{name} stands in no field"
        return control.problem()
