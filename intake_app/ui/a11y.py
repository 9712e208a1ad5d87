"""A checker that looks at a window from inside: names, roles, order, targets, clipping, overlap.

It finds what a rule can find; it does not replace looking. Sources: EN 301 549 V3.2.1 clause 11,
WCAG 2.2 (1.4.10, 2.1.1, 2.4.3, 2.5.3, 2.5.8, 4.1.2). What only pixels tell (contrast, the ring of
the focus) is in `a11y_seen`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QAccessible, QFontMetricsF
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

from intake_app.ui.kit.buttons import PrimaryButton
from intake_app.ui.kit.focus import ReadingOrder, reading_order
from intake_app.ui.kit.surfaces import Notice
from intake_app.ui.kit.text import Text

SMALLEST_TARGET = 24
_UNSAID = re.compile(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069….,:;?!·]")
"""Marks of direction and punctuation: nobody says them."""

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

    `rule` is name, role, double, label, mouse, explain, order, target, clipped, overlap or
    sideways; from `a11y_seen` also contrast, edge, ring, hidden, trap and unreached.
    """

    rule: str
    where: str
    text: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.where}: {self.text}"


def check(root: QWidget, *, smallest: int = SMALLEST_TARGET) -> tuple[Finding, ...]:
    """Return what is wrong in a window or page that is shown and laid out.

    `smallest` is the least side of a target in device-independent pixels: 24 for the staff, 44
    where the client touches (UI.md; WCAG 2.2, 2.5.8 and 2.5.5).
    """
    findings: list[Finding] = []
    for widget in visible(root):
        if takes_keyboard(widget):
            findings += _check_name(widget)
            findings += _check_label(widget)
            findings += _check_target(widget, smallest)
        elif isinstance(widget, QAbstractButton):
            findings += _check_mouse_only(widget)
        if isinstance(widget, PrimaryButton) and not widget.isEnabled():
            findings += _check_explained(widget, root)
        findings += _check_clipping(widget, root)
        findings += _check_sideways(widget)
        findings += _check_overlap(widget)
        findings += _check_doubles(widget)
    findings += _check_order(root)
    return tuple(findings)


def focus_order(root: QWidget) -> tuple[QWidget, ...]:
    """Return the widgets Tab visits inside `root`, in that order."""
    if isinstance(root, ReadingOrder):
        return reading_order(root)
    order: list[QWidget] = []
    widget = root.nextInFocusChain()
    while widget is not None and widget is not root:
        if root.isAncestorOf(widget) and takes_keyboard(widget) and widget.isVisibleTo(root):
            order.append(widget)
        widget = widget.nextInFocusChain()
    return tuple(order)


def visible(root: QWidget) -> Iterator[QWidget]:
    """Return the window and what of it is shown, without the inner parts of Qt's own widgets."""
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


def takes_keyboard(widget: QWidget) -> bool:
    """Tell whether Tab can stop at a widget."""
    tab = widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value
    return bool(tab) and widget.isEnabled() and widget.focusProxy() is None


def name_of(widget: QWidget) -> str:
    """Return what a finding calls a widget: its class and its object name or text."""
    own = widget.objectName() or (widget.text() if isinstance(widget, QLabel) else "")
    return f"{type(widget).__name__}[{own[:40]}]"


def _check_name(widget: QWidget) -> Iterator[Finding]:
    interface = QAccessible.queryAccessibleInterface(widget)
    if not interface.text(QAccessible.Text.Name).strip():
        yield Finding("name", name_of(widget), "has no accessible name")
    # Qt has no role for a region that scrolls; its name says what it is
    if interface.role() in _NO_ROLE and not isinstance(widget, QScrollArea):
        yield Finding("role", name_of(widget), f"says only that it is a {interface.role().name}")


def _check_label(widget: QWidget) -> Iterator[Finding]:
    """What is read on a control must be in its name: who speaks to a computer says that."""
    if not isinstance(widget, QAbstractButton):
        return
    said = _plain(QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name))
    shown = _plain(widget.text())
    if shown and shown not in said:
        yield Finding("label", name_of(widget), f"is called '{said}' and reads '{shown}'")


def _plain(text: str) -> str:
    words = _UNSAID.sub(" ", text.replace("&&", "\0").replace("&", "").replace("\0", "&"))
    return " ".join(words.split()).casefold()


def _check_target(widget: QWidget, smallest: int) -> Iterator[Finding]:
    if isinstance(widget, QAbstractScrollArea) and not isinstance(widget, QTextEdit):
        return
    if widget.width() < smallest or widget.height() < smallest:
        size = f"{widget.width()} x {widget.height()}"
        yield Finding("target", name_of(widget), f"is {size}, at least {smallest} is needed")


def _check_mouse_only(widget: QAbstractButton) -> Iterator[Finding]:
    """A button outside the Tab order is fine in a group that the arrow keys go through."""
    grouped = widget.group() is not None or widget.autoExclusive()
    if widget.isEnabled() and not grouped and widget.focusProxy() is None:
        yield Finding("mouse", name_of(widget), "can be pressed with the mouse alone")


def _check_explained(widget: PrimaryButton, root: QWidget) -> Iterator[Finding]:
    """The one next step that cannot be taken must say why: in its description or in a notice."""
    told = widget.accessibleDescription() or widget.toolTip()
    if not told and not any(notice.isVisibleTo(root) for notice in root.findChildren(Notice)):
        yield Finding("explain", name_of(widget), "cannot be pressed and does not say why")


def _check_doubles(parent: QWidget) -> Iterator[Finding]:
    """Two controls beside each other with one name cannot be told apart by who hears them."""
    seen: set[tuple[QAccessible.Role, str]] = set()
    for child in parent.children():
        if not isinstance(child, QWidget) or not takes_keyboard(child) or not child.isVisible():
            continue
        interface = QAccessible.queryAccessibleInterface(child)
        known = (interface.role(), interface.text(QAccessible.Text.Name).strip())
        if known[1] and known in seen:
            yield Finding("double", name_of(child), f"is called '{known[1]}', as one beside it is")
        seen.add(known)


def _check_sideways(widget: QWidget) -> Iterator[Finding]:
    if isinstance(widget, QAbstractScrollArea) and widget.horizontalScrollBar().maximum() > 0:
        most = widget.horizontalScrollBar().maximum()
        yield Finding("sideways", name_of(widget), f"has to be scrolled {most} px sideways")


def _check_clipping(widget: QWidget, root: QWidget) -> Iterator[Finding]:
    if isinstance(widget, Text):
        needed = widget.text_rect()
        if needed.height() > widget.contentsRect().height() + 1:
            yield Finding("clipped", name_of(widget), f"needs {needed.height()} high")
        if needed.width() > widget.contentsRect().width() + 1:
            yield Finding("clipped", name_of(widget), f"needs {needed.width()} wide")
    elif isinstance(widget, QAbstractButton | QLabel):
        hint = _needed(widget)
        if hint.width() > widget.width() + 1 or hint.height() > widget.height() + 1:
            yield Finding(
                "clipped",
                name_of(widget),
                f"is {widget.width()} x {widget.height()}, needs {hint.width()} x {hint.height()}",
            )
    elif isinstance(widget, QLineEdit) and widget.placeholderText():
        room = widget.width() - 2 * 8
        if QFontMetricsF(widget.font()).horizontalAdvance(widget.placeholderText()) > room:
            yield Finding("clipped", name_of(widget), "its placeholder does not fit")
    parent = widget.parentWidget()
    if widget is root or parent is None or _scrolls(parent):
        return
    if widget.width() and widget.height() and not parent.rect().contains(widget.geometry()):
        yield Finding("clipped", name_of(widget), f"sticks out of {name_of(parent)}")


def _needed(widget: QAbstractButton | QLabel) -> QSize:
    if widget.hasHeightForWidth():
        return QSize(0, widget.heightForWidth(widget.width()))
    return widget.minimumSizeHint() if widget.text() else QSize(0, 0)


def _scrolls(parent: QWidget) -> bool:
    area = parent.parentWidget()
    return isinstance(area, QScrollArea | QAbstractScrollArea) and area.viewport() is parent


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
                yield Finding("overlap", name_of(first), f"lies over {name_of(second)}")


def _check_order(root: QWidget) -> Iterator[Finding]:
    """Beside each other Tab goes as one reads; `a11y_seen.walk` looks at the whole window."""
    for before, after in pairwise(focus_order(root)):
        if before.parentWidget() is after.parentWidget() and stands_before(after, before, root):
            yield Finding(
                "order", name_of(after), f"comes after {name_of(before)} but stands before it"
            )


def stands_before(one: QWidget, other: QWidget, root: QWidget) -> bool:
    """Tell whether one reads `one` first: it stands above, or on the same line nearer the start.

    What is compared are the two parts, in the smallest part both are in, that hold them.
    """
    first, second = _apart(one, other, root)
    parent = first.parentWidget()
    if parent is None or first is second:
        return False
    rtl = parent.layoutDirection() is Qt.LayoutDirection.RightToLeft
    a, b = _place(first, root), _place(second, root)
    level = a.top() < b.bottom() and b.top() < a.bottom()
    aside = a.left() > b.right() - 1 if rtl else a.right() < b.left() + 1
    return a.bottom() < b.top() + 1 or (level and aside)


def _apart(one: QWidget, other: QWidget, root: QWidget) -> tuple[QWidget, QWidget]:
    """Return the largest parts that hold either widget and not both."""
    chain = [one]
    while chain[-1] is not root and (parent := chain[-1].parentWidget()) is not None:
        chain.append(parent)
    branch = other
    while branch is not root and (parent := branch.parentWidget()) is not None:
        if parent in chain:
            return chain[max(0, chain.index(parent) - 1)], branch
        branch = parent
    return one, one


def _place(widget: QWidget, root: QWidget) -> QRect:
    return QRect(widget.mapTo(root, QPoint(0, 0)), widget.size())
