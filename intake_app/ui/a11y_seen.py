"""What only pixels and a walk with Tab can tell: contrast where it stands, and where the focus is.

`seen` measures texts and edges against the ground they really stand on; `walk` goes through a
window with the Tab key and looks at the focus in each place. Sources: WCAG 2.2 (1.4.3, 1.4.11,
2.1.1, 2.1.2, 2.4.7, 2.4.11).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPalette
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)
from shiboken6 import isValid

from intake_app.ui.a11y import Finding, focus_order, name_of, stands_before, visible
from intake_app.ui.kit.text import Text
from intake_app.ui.theme import contrast

TEXT_CONTRAST, LARGE_CONTRAST, EDGE_CONTRAST = 4.5, 3.0, 3.0
LARGE_PX, LARGE_BOLD_PX = 24, 18.66
"""From this size text is large (WCAG 2.2: 18 point, or 14 point bold, of 96 to the inch)."""

_THIN = 0.85
"""The darkest pixel of a thin letter is a blend; a button's ink is known by its pixels alone."""

_ROOM = 8
"""How far outside a widget its focus may be shown."""

_FRAME = 16
"""How far from the edge of that the ring is looked for, inner rings included."""

_ENOUGH = 4_000
"""So many pixels tell what the ground of a text is."""


def seen(root: QWidget) -> tuple[Finding, ...]:
    """Return the texts and edges of a window that is shown which are too faint where they stand."""
    findings: list[Finding] = []
    rings = _rings(root)
    for ring in rings:
        ring.hide()
    for widget in visible(root):
        if not widget.isEnabled() or widget.width() < 4 or widget.height() < 4:
            continue
        if isinstance(widget, Text):
            findings += _check_text(widget, root)
        elif isinstance(widget, QAbstractButton) and widget.text():
            findings += _check_button(widget, root)
        elif isinstance(widget, QLineEdit | QPlainTextEdit | QComboBox):
            findings += _check_edge(widget, root)
    for ring in rings:
        ring.show()
    return tuple(findings)


def walk(root: QWidget) -> tuple[Finding, ...]:
    """Press Tab through a whole window and return where the focus is lost, hidden or unseen.

    The window must be active. Afterwards the focus is where it was.
    """
    most = len(focus_order(root)) + 4
    before = root.focusWidget()
    findings: list[Finding] = []
    stops: list[QWidget] = []
    last: QWidget = before or root
    for _ in range(most):
        _press_tab(last)
        now = QApplication.focusWidget()
        if now is None or now is last:
            if most > 5:
                findings.append(Finding("trap", name_of(last), "Tab does not lead away from it"))
            break
        if now in stops:
            break
        stops.append(now)
        findings += _check_hidden(now)
        findings += _check_ring(now)
        last = now
    stops = [stop for stop in stops if isValid(stop)]
    findings += _check_order(stops, root)
    for widget in focus_order(root):
        if widget not in stops and not _by_arrows(widget) and widget is not before:
            findings.append(Finding("unreached", name_of(widget), "Tab never comes here"))
    if before is not None and isValid(before):
        before.setFocus()
    return tuple(findings)


def _check_order(stops: list[QWidget], root: QWidget) -> Iterator[Finding]:
    """Tab goes as one reads, and comes back to the beginning once."""
    back = [
        (before, after)
        for before, after in zip(stops, (*stops[1:], *stops[:1]), strict=True)
        if stands_before(after, before, root)
    ]
    if len(back) > 1:
        for before, after in back:
            text = f"comes after {name_of(before)} but stands before it"
            yield Finding("order", name_of(after), text)


# ---- contrast where it stands ------------------------------------------------------------------


def _check_text(widget: Text, root: QWidget) -> Iterator[Finding]:
    if not widget.text().strip():
        return
    counted = _pixels(widget, root, most=_ENOUGH)
    if not counted:
        return
    ground = _ground(counted)
    ink = widget.palette().color(QPalette.ColorRole.WindowText)
    font = widget.font()
    bold = font.weight() >= font.Weight.DemiBold
    large = font.pixelSize() >= (LARGE_BOLD_PX if bold else LARGE_PX)
    least = LARGE_CONTRAST if large else TEXT_CONTRAST
    ratio = contrast(ink, ground)
    if ratio < least:
        yield Finding("contrast", name_of(widget), f"{ratio:.1f} on {ground.name()}")


def _check_button(widget: QAbstractButton, root: QWidget) -> Iterator[Finding]:
    counted = _pixels(widget, root)
    if not counted:
        return
    ground = _ground(counted)
    # single pixels are where two blends meet
    inks = [QColor.fromRgb(value) for value, count in counted.items() if count > 2]
    ratio = max((contrast(ink, ground) for ink in inks), default=1.0)
    if ratio < TEXT_CONTRAST * _THIN:
        yield Finding("contrast", name_of(widget), f"{ratio:.1f} on {ground.name()}")


def _check_edge(widget: QWidget, root: QWidget) -> Iterator[Finding]:
    """The edge of a field must stand out from what is round it, or nobody sees where to click."""
    image = _grab(widget, root, 3)
    if image.isNull():
        return
    middle = image.height() // 2
    outside = image.pixelColor(0, middle)
    edge = max(contrast(image.pixelColor(x, middle), outside) for x in range(1, 8))
    if edge < EDGE_CONTRAST:
        yield Finding("edge", name_of(widget), f"its edge is {edge:.1f} on {outside.name()}")


def _pixels(widget: QWidget, root: QWidget, most: int = 0) -> Counter[int]:
    """Return how often each colour is there; of about `most` pixels, 0 for all."""
    image = _grab(widget, root, 0)
    if image.isNull():
        return Counter()
    step = 1 if not most else max(1, image.width() * image.height() // most) | 1
    return Counter(memoryview(image.constBits()).cast("B").cast("I")[::step].tolist())


def _ground(counted: Counter[int]) -> QColor:
    return QColor.fromRgb(counted.most_common(1)[0][0])


def _grab(widget: QWidget, root: QWidget, room: int) -> QImage:
    """Return a widget as it is painted on what it really stands on, also below the fold.

    A null image where it stands out of sight on a ground that is not its own.
    """
    host = _host(widget, root)
    part = widget.rect() if host is not root else widget.visibleRegion().boundingRect()
    if part.width() < 4 or part.height() < 4:
        return QImage()
    rect = QRect(widget.mapTo(host, part.topLeft()), part.size())
    rect = rect.adjusted(-room, -room, room, room)
    return host.grab(rect).toImage().convertToFormat(QImage.Format.Format_RGB32)


def _host(widget: QWidget, root: QWidget) -> QWidget:
    """Return the contents of the nearest scrolling area with its own ground, or the window."""
    host: QWidget | None = widget.parentWidget()
    while host is not None and host is not root:
        parent = host.parentWidget()
        area = None if parent is None else parent.parentWidget()
        scrolls = isinstance(area, QAbstractScrollArea) and area.viewport() is parent
        if scrolls and (host.autoFillBackground() or host.property("pageBody")):
            return host
        host = parent
    return root


def _values(image: QImage) -> list[int]:
    values: list[int] = memoryview(image.constBits()).cast("B").cast("I").tolist()
    return values


# ---- the focus ---------------------------------------------------------------------------------


def _press_tab(widget: QWidget) -> None:
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, Qt.Key.Key_Tab, Qt.KeyboardModifier.NoModifier, "\t")
        QApplication.sendEvent(widget, event)
    QApplication.processEvents()


def _by_arrows(widget: QWidget) -> bool:
    if not isinstance(widget, QAbstractButton):
        return False
    group = widget.group()
    return widget.autoExclusive() or (group is not None and group.exclusive())


def _check_hidden(widget: QWidget) -> Iterator[Finding]:
    """What has the focus must be in view whole, as far as there is room for it."""
    shown = _in_view(widget)
    room = widget.window().height() // 4
    if shown.isEmpty():
        yield Finding("hidden", name_of(widget), "has the focus out of sight")
    elif shown.height() < 0.9 * min(widget.height(), room) or shown.width() < widget.width() // 2:
        seen_part = f"{shown.width()} x {shown.height()}"
        whole = f"{widget.width()} x {widget.height()}"
        yield Finding("hidden", name_of(widget), f"has the focus with {seen_part} of {whole} seen")


def _in_view(widget: QWidget) -> QRect:
    """Return what of a widget is in view; what an area shows is part of that area."""
    if not isinstance(widget, QAbstractScrollArea):
        return widget.visibleRegion().boundingRect()
    shown = widget.rect()
    around: QWidget | None = widget
    while around is not None and not around.isWindow():
        around = around.parentWidget()
        if around is not None:
            there = around.rect().translated(-widget.mapTo(around, QPoint(0, 0)))
            shown = shown.intersected(there)
    return shown


def _check_ring(widget: QWidget) -> Iterator[Finding]:
    """The focus must change enough pixels, round the widget or in it, by enough contrast."""
    window = widget.window()
    rect = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())
    rect = rect.adjusted(-_ROOM, -_ROOM, _ROOM, _ROOM).intersected(window.rect())
    if rect.isEmpty():
        return
    focused = _bits(window, rect)
    rings = _rings(window)
    for ring in rings:
        ring.hide()
    if not rings:
        widget.clearFocus()
        QApplication.processEvents()
    plain = _bits(window, rect)
    for ring in rings:
        ring.show()
    if not rings:
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        QApplication.processEvents()
    clear = sum(
        count
        for (before, after), count in _changes(plain, focused, rect.width(), frame=bool(rings))
        if contrast(QColor.fromRgb(before), QColor.fromRgb(after)) >= EDGE_CONTRAST
    )
    shown = _in_view(widget)
    needed = shown.width() + shown.height()
    if isinstance(widget, QAbstractItemView):
        # the row is marked, not the list
        needed = shown.width() // 2
    if clear < needed:
        yield Finding(
            "ring", name_of(widget), f"its focus shows in {clear} px, {needed} are needed"
        )


def _changes(
    plain: list[int], focused: list[int], width: int, *, frame: bool
) -> Iterable[tuple[tuple[int, int], int]]:
    """Return each change of a pixel with how often it is; of a ring the frame alone matters."""
    if not frame or width < 4 * _FRAME:
        changed = Counter(zip(plain, focused, strict=True))
        return [each for each in changed.items() if each[0][0] != each[0][1]]
    changed = Counter()
    height = len(plain) // width
    for row in range(height):
        at = row * width
        ends: tuple[tuple[int, int], ...] = ((at, at + width),)
        if _FRAME <= row < height - _FRAME:
            ends = ((at, at + _FRAME), (at + width - _FRAME, at + width))
        for start, end in ends:
            one, other = plain[start:end], focused[start:end]
            if one != other:
                changed.update(zip(one, other, strict=True))
    return [each for each in changed.items() if each[0][0] != each[0][1]]


def _rings(window: QWidget) -> list[QWidget]:
    return [ring for ring in window.findChildren(QWidget, "focus-ring") if ring.isVisible()]


def _bits(window: QWidget, rect: QRect) -> list[int]:
    return _values(window.grab(rect).toImage().convertToFormat(QImage.Format.Format_RGB32))
