"""Building a page anew in another theme without losing anything that is on it.

What is typed, ticked, chosen, scrolled and focused is read from the page that is there and put in
the one that is built beside it. Only when both then hold the same does the new one take its place;
a page half-way through something of its own stays as it is, in the theme it had, until it is left.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QSize, Qt, QThread
from PySide6.QtGui import QPixmap, QRegion, QTextCursor
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QWidget,
)

from intake_app.ui.interview.signature_pad import SignaturePad

Key = tuple[str, str, int]
"""Class, object name, and the how-manieth of these that show in the page."""

_OURS = frozenset({"focus-ring", "practice-edge"})
PASSES = 3
"""A tick may bring a field up that held something too."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a page holds: `values` is what would be lost, `shape` which named parts it shows."""

    values: dict[Key, object]
    shape: Counter[tuple[str, str, bool]]
    carets: dict[Key, tuple[int, int]]
    scrolled: dict[Key, tuple[int, int]]
    focus: Key | None

    def same_as(self, other: Held) -> bool:
        """True if nothing of either would be missed in the other."""
        return self.values == other.values and self.shape == other.shape


def busy() -> bool:
    """True while a question, a menu or a list is open: what asked it must not go away."""
    application = QApplication
    if application.activeModalWidget() is not None or application.activePopupWidget() is not None:
        return True
    # a file dialog of the platform is no window of ours, but it waits in a loop of its own
    return QThread.currentThread().loopLevel() > 1


def held(page: QWidget) -> Held:
    """Return what a page holds now."""
    values: dict[Key, object] = {}
    carets: dict[Key, tuple[int, int]] = {}
    scrolled: dict[Key, tuple[int, int]] = {}
    shape: Counter[tuple[str, str, bool]] = Counter()
    focus: Key | None = None
    focused = page.window().focusWidget() if page.isVisible() else page.focusWidget()
    for key, widget in parts(page):
        if widget is focused:
            focus = key
        if key[1]:
            shape[(key[0], key[1], widget.isEnabled())] += 1
        value = _value(widget)
        if value is not None:
            values[key] = value
        if isinstance(widget, QLineEdit):
            start = widget.selectionStart()
            anchor = widget.cursorPosition() if start < 0 else _other_end(widget, start)
            carets[key] = (anchor, widget.cursorPosition())
        elif isinstance(widget, QPlainTextEdit):
            cursor = widget.textCursor()
            carets[key] = (cursor.anchor(), cursor.position())
        if isinstance(widget, QAbstractScrollArea):
            bars = widget.horizontalScrollBar(), widget.verticalScrollBar()
            scrolled[key] = (bars[0].value(), bars[1].value())
    return Held(values, shape, carets, scrolled, focus)


def lay_out(page: QWidget, size: QSize) -> None:
    """Give a page that does not show yet the size of its window, as showing it would."""
    page.resize(size)
    # painting one pixel sends what a hidden widget keeps waiting: sizes, layouts, polish
    page.render(QPixmap(1, 1), QPoint(), QRegion(0, 0, 1, 1))


def put_values(page: QWidget, before: Held) -> None:
    """Put what was held in a page that was just built; what is there already is left alone."""
    for _ in range(PASSES):
        changed = False
        for key, widget in list(parts(page)):
            wanted = before.values.get(key)
            if wanted is not None and _value(widget) != wanted:
                _set(widget, wanted)
                changed = True
        if not changed:
            return


def put_place(page: QWidget, before: Held) -> None:
    """Put carets, the focus and scroll bars where they were, in a page that is shown."""
    for key, widget in parts(page):
        ends = before.carets.get(key)
        if ends is not None and isinstance(widget, QLineEdit):
            widget.setCursorPosition(ends[0])
            if ends[0] != ends[1]:
                widget.setSelection(ends[0], ends[1] - ends[0])
        elif ends is not None and isinstance(widget, QPlainTextEdit):
            cursor = widget.textCursor()
            cursor.setPosition(ends[0])
            cursor.setPosition(ends[1], QTextCursor.MoveMode.KeepAnchor)
            widget.setTextCursor(cursor)
        if key == before.focus:
            widget.setFocus(Qt.FocusReason.OtherFocusReason)
    put_scrolled(page, before)


def put_scrolled(page: QWidget, before: Held) -> None:
    """Scroll to where the page was scrolled to."""
    for key, widget in parts(page):
        at = before.scrolled.get(key)
        if at is not None and isinstance(widget, QAbstractScrollArea):
            widget.horizontalScrollBar().setValue(at[0])
            widget.verticalScrollBar().setValue(at[1])


def parts(page: QWidget) -> Iterator[tuple[Key, QWidget]]:
    """Yield what shows in a page, the page first, each with how it is found again."""
    count: Counter[tuple[str, str]] = Counter()
    for widget in (page, *page.findChildren(QWidget)):
        name = widget.objectName()
        if name in _OURS or name.startswith("qt_"):
            continue
        # what is hidden may be built ahead, or left from before
        if widget is not page and not widget.isVisibleTo(page):
            continue
        kind = type(widget).__name__
        yield (kind, name, count[(kind, name)]), widget
        count[(kind, name)] += 1


def _value(widget: QWidget) -> object | None:
    if isinstance(widget, QLineEdit):
        return widget.text()
    if isinstance(widget, QPlainTextEdit):
        return widget.toPlainText()
    if isinstance(widget, QComboBox):
        return widget.currentIndex()
    if isinstance(widget, SignaturePad):
        return widget.strokes
    if isinstance(widget, QAbstractButton):
        return widget.isChecked() if widget.isCheckable() else None
    if isinstance(widget, QAbstractSlider) and not isinstance(widget, QScrollBar):
        return widget.value()
    if isinstance(widget, QAbstractSpinBox):
        return widget.text()
    return None


def _set(widget: QWidget, value: object) -> None:
    if isinstance(widget, QLineEdit):
        widget.setText(str(value))
    elif isinstance(widget, QPlainTextEdit):
        widget.setPlainText(str(value))
    elif isinstance(widget, SignaturePad) and isinstance(value, tuple):
        widget.set_strokes(value)
    elif isinstance(widget, QComboBox) and isinstance(value, int):
        widget.setCurrentIndex(value)
    elif isinstance(widget, QAbstractButton):
        widget.setChecked(bool(value))
    elif isinstance(widget, QAbstractSlider) and isinstance(value, int):
        widget.setValue(value)


def _other_end(field: QLineEdit, start: int) -> int:
    end = start + len(field.selectedText())
    return start if field.cursorPosition() == end else end
