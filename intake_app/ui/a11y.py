"""A checker that looks at a window from inside: names, roles, order, targets, clipping, contrast.

It finds what a rule can find; it does not replace looking. Sources: EN 301 549 V3.2.1 clause 11,
WCAG 2.2 (1.4.3, 2.4.3, 2.5.8, 4.1.2).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QAccessible, QColor, QFontMetricsF, QPalette
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QScrollArea,
    QScrollBar,
    QTextEdit,
    QWidget,
)

from intake_app.ui.kit.text import Text
from intake_app.ui.theme import contrast

SMALLEST_TARGET = 24
LEAST_CONTRAST = 4.5
_OVERLAYS = frozenset({"focus-ring", "practice-edge"})
_NO_ROLE = frozenset(
    {
        QAccessible.Role.NoRole,
        QAccessible.Role.Client,
        QAccessible.Role.Pane,
        QAccessible.Role.Window,
    }
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong.

    `rule` is name, role, order, target, clipped, overlap or contrast.
    """

    rule: str
    where: str
    text: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.where}: {self.text}"


def check(root: QWidget) -> tuple[Finding, ...]:
    """Return what is wrong in a window or page that is shown and laid out."""
    findings: list[Finding] = []
    for widget in _visible(root):
        if _takes_keyboard(widget):
            findings += _check_name(widget)
            findings += _check_target(widget)
        findings += _check_clipping(widget, root)
        findings += _check_contrast(widget)
        findings += _check_overlap(widget)
    findings += _check_order(root)
    return tuple(findings)


def focus_order(root: QWidget) -> tuple[QWidget, ...]:
    """Return the widgets Tab visits inside `root`, in that order."""
    order: list[QWidget] = []
    widget = root.nextInFocusChain()
    while widget is not None and widget is not root:
        if root.isAncestorOf(widget) and _takes_keyboard(widget) and widget.isVisibleTo(root):
            order.append(widget)
        widget = widget.nextInFocusChain()
    return tuple(order)


def _visible(root: QWidget) -> Iterator[QWidget]:
    yield root
    for widget in root.findChildren(QWidget):
        if widget.isVisibleTo(root) and not _own_part(widget):
            yield widget


def _own_part(widget: QWidget) -> bool:
    """True for what Qt or we put inside or over another widget and nobody meets on its own."""
    if widget.objectName() in _OVERLAYS or widget.objectName().startswith("qt_"):
        return True
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QComboBox | QAbstractSpinBox | QLineEdit | QScrollBar):
            return True
        parent = parent.parentWidget()
    return isinstance(widget, QScrollBar)


def _takes_keyboard(widget: QWidget) -> bool:
    tab = widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value
    return bool(tab) and widget.isEnabled() and widget.focusProxy() is None


def _name(widget: QWidget) -> str:
    own = widget.objectName() or (widget.text() if isinstance(widget, QLabel) else "")
    return f"{type(widget).__name__}[{own[:40]}]"


def _check_name(widget: QWidget) -> Iterator[Finding]:
    interface = QAccessible.queryAccessibleInterface(widget)
    if not interface.text(QAccessible.Text.Name).strip():
        yield Finding("name", _name(widget), "has no accessible name")
    if interface.role() in _NO_ROLE:
        yield Finding("role", _name(widget), f"says only that it is a {interface.role().name}")


def _check_target(widget: QWidget) -> Iterator[Finding]:
    if isinstance(widget, QAbstractScrollArea) and not isinstance(widget, QTextEdit):
        return
    if widget.width() < SMALLEST_TARGET or widget.height() < SMALLEST_TARGET:
        size = f"{widget.width()} x {widget.height()}"
        yield Finding("target", _name(widget), f"is {size}, at least {SMALLEST_TARGET} is needed")


def _check_clipping(widget: QWidget, root: QWidget) -> Iterator[Finding]:
    if isinstance(widget, Text):
        needed = widget.text_rect()
        if needed.height() > widget.contentsRect().height() + 1:
            yield Finding("clipped", _name(widget), f"needs {needed.height()} high")
        if needed.width() > widget.contentsRect().width() + 1:
            yield Finding("clipped", _name(widget), f"needs {needed.width()} wide")
    elif isinstance(widget, QAbstractButton | QLabel):
        hint = _needed(widget)
        if hint.width() > widget.width() + 1 or hint.height() > widget.height() + 1:
            yield Finding(
                "clipped",
                _name(widget),
                f"is {widget.width()} x {widget.height()}, needs {hint.width()} x {hint.height()}",
            )
    elif isinstance(widget, QLineEdit) and widget.placeholderText():
        room = widget.width() - 2 * 8
        if QFontMetricsF(widget.font()).horizontalAdvance(widget.placeholderText()) > room:
            yield Finding("clipped", _name(widget), "its placeholder does not fit")
    parent = widget.parentWidget()
    if widget is root or parent is None or _scrolls(parent):
        return
    if widget.width() and widget.height() and not parent.rect().contains(widget.geometry()):
        yield Finding("clipped", _name(widget), f"sticks out of {_name(parent)}")


def _needed(widget: QAbstractButton | QLabel) -> QSize:
    if widget.hasHeightForWidth():
        return QSize(0, widget.heightForWidth(widget.width()))
    return widget.minimumSizeHint() if widget.text() else QSize(0, 0)


def _scrolls(parent: QWidget) -> bool:
    area = parent.parentWidget()
    return isinstance(area, QScrollArea | QAbstractScrollArea) and area.viewport() is parent


def _check_contrast(widget: QWidget) -> Iterator[Finding]:
    if not isinstance(widget, Text) or not widget.text() or not widget.isEnabled():
        return
    ink = widget.palette().color(QPalette.ColorRole.WindowText)
    ground = widget.window().palette().color(QPalette.ColorRole.Window)
    card = widget.window().palette().color(QPalette.ColorRole.Base)
    for under in (ground, card):
        ratio = contrast(_opaque(ink), _opaque(under))
        if ratio < LEAST_CONTRAST:
            yield Finding("contrast", _name(widget), f"{ratio:.1f} on {under.name()}")


def _opaque(color: QColor) -> QColor:
    return QColor(color.red(), color.green(), color.blue())


def _check_overlap(widget: QWidget) -> Iterator[Finding]:
    if widget.layout() is None:
        return
    children = [
        child
        for child in widget.children()
        if isinstance(child, QWidget)
        and child.isVisibleTo(widget)
        and not child.isWindow()
        and child.objectName() not in _OVERLAYS
        and not child.geometry().isEmpty()
    ]
    for number, first in enumerate(children):
        for second in children[number + 1 :]:
            common = first.geometry().intersected(second.geometry())
            if common.width() > 1 and common.height() > 1:
                yield Finding("overlap", _name(first), f"lies over {_name(second)}")


def _check_order(root: QWidget) -> Iterator[Finding]:
    order = focus_order(root)
    rtl = root.layoutDirection() is Qt.LayoutDirection.RightToLeft
    for before, after in pairwise(order):
        if before.parentWidget() is not after.parentWidget():
            continue
        first, second = _place(before, root), _place(after, root)
        above = second.bottom() < first.top()
        level = second.top() < first.bottom() and first.top() < second.bottom()
        back = second.left() > first.right() if rtl else second.right() < first.left()
        if above or (level and back):
            yield Finding(
                "order", _name(after), f"comes after {_name(before)} but stands before it"
            )


def _place(widget: QWidget, root: QWidget) -> QRect:
    return QRect(widget.mapTo(root, QPoint(0, 0)), widget.size())
