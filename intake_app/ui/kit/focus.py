"""The focus ring: three pixels wide, two away, round whatever the keyboard is in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast
from weakref import ReferenceType, ref

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QGridLayout,
    QLayout,
    QScrollArea,
    QWidget,
)
from shiboken6 import isValid

from intake_app.ui.theme import Theme

_RING, _GAP = 3, 2
_AROUND = 56
"""How much is seen round what has the focus; Qt itself wants fifty round the cursor."""

_MOVES = frozenset(
    {
        QEvent.Type.Move,
        QEvent.Type.Resize,
        QEvent.Type.Show,
        QEvent.Type.Hide,
        QEvent.Type.LayoutRequest,
        QEvent.Type.ParentChange,
    }
)


class _Overlay(QWidget):
    """Draws the ring; never in the way of the mouse."""

    def __init__(self, theme: Theme, host: QWidget) -> None:
        super().__init__(host)
        self._theme = theme
        self.setObjectName("focus-ring")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    @property
    def host(self) -> QWidget | None:
        """Return what the ring lies over; asked of Qt, for a reference of ours would outlive it."""
        return self.parentWidget()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color("focus"), _RING))
        half = _RING / 2
        radius = self._theme.px(8) + _GAP + half
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(half, half, -half, -half), radius, radius
        )


class FocusRing(QObject):
    """Follows the focus through all windows of the application.

    The ring lies over the contents of the nearest scrolling area or window, so no layout has to
    make room for it. A click on a button shows none; the keyboard, and every text field, does.
    """

    def __init__(self, theme: Theme, app: QApplication) -> None:
        super().__init__(app)
        self._theme = theme
        self._app: QApplication | None = None
        # weakly: the last reference to a closed dialog would go while Qt still moves the focus
        self._target: ReferenceType[QWidget] | None = None
        self._watched: list[ReferenceType[QWidget]] = []
        self._overlay: _Overlay | None = None
        self.setObjectName("focus-ring-watch")
        self._app = app
        app.focusChanged.connect(self._focus_changed)

    def stop(self) -> None:
        """Follow nothing any more and take the ring away; harmless twice."""
        if self._app is not None:
            self._app.focusChanged.disconnect(self._focus_changed)
            self._app = None
            self._follow(None)
            self.deleteLater()

    @property
    def target(self) -> QWidget | None:
        """Return the widget the ring is round now, or None."""
        overlay = self._overlay
        shown = overlay is not None and isValid(overlay) and not overlay.isHidden()
        return self._aim() if shown else None

    def _aim(self) -> QWidget | None:
        target = None if self._target is None else self._target()
        return target if target is not None and isValid(target) else None

    def _focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        clicked = QApplication.mouseButtons() != Qt.MouseButton.NoButton
        # a page scrolls by itself; an area with a name is a place of its own
        area = isinstance(now, QScrollArea) and not now.accessibleName()
        hushed = now is None or area or bool(now.property("noFocusRing"))
        # a page holds the keyboard for Enter; it is no place anybody goes to
        tab = Qt.FocusPolicy.TabFocus.value
        hushed = hushed or (now is not None and not now.focusPolicy().value & tab)
        hushed = hushed or (clicked and isinstance(now, QAbstractButton))
        self._follow(None if hushed else now)

    def _follow(self, target: QWidget | None) -> None:
        for reference in self._watched:
            watched = reference()
            if watched is not None and isValid(watched):
                watched.removeEventFilter(self)
        self._watched = []
        self._target = None if target is None else ref(target)
        host = None if target is None else _host(target)
        overlay = self._overlay
        if overlay is not None and isValid(overlay):
            if overlay.host is host:
                self._place()
            else:
                overlay.hide()
                overlay.deleteLater()
                self._overlay = None
        else:
            self._overlay = None
        if target is None or host is None:
            return
        if self._overlay is None:
            self._overlay = _Overlay(self._theme, host)
        widget: QWidget | None = target
        while widget is not None:
            widget.installEventFilter(self)
            self._watched.append(ref(widget))
            widget = None if widget is host else widget.parentWidget()
        self._place()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() in _MOVES:
            self._place()
        return False

    def _place(self) -> None:
        target, overlay = self._aim(), self._overlay
        if overlay is None or not isValid(overlay):
            return
        if target is None or not target.isVisible():
            overlay.hide()
            return
        host = overlay.host
        if host is None:
            return
        # what fills the edge of a window has no room outside it
        inner = target.property("innerFocusRing") or isinstance(target, QScrollArea)
        margin = -_GAP if inner else _RING + _GAP
        rect = QRect(target.mapTo(host, QPoint(0, 0)), target.size())
        overlay.setGeometry(rect.adjusted(-margin, -margin, margin, margin))
        overlay.raise_()
        overlay.show()


def _host(target: QWidget) -> QWidget:
    """Return the contents of the nearest scrolling area round `target`, or its window."""
    widget = target
    while (parent := widget.parentWidget()) is not None and not widget.isWindow():
        area = parent.parentWidget()
        if isinstance(area, QAbstractScrollArea) and area.viewport() is parent:
            return widget
        widget = parent
    return widget


class ReadingOrder:
    """For a window: Tab goes through it as one reads, in the order of its layouts.

    Qt goes in the order in which widgets were made, so a page that is shown later, or a part that
    is made anew, would come last wherever it stands. To be named before the Qt class.
    """

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: N802
        """Go to the next place one reads, round the whole window; Qt asks this at Tab."""
        window = cast("QWidget", self)
        order = tuple(_in_order(window))
        now = window.focusWidget()
        here = next((at for at, widget in enumerate(order) if widget is now), -1)
        round_ = (*order[here + 1 :], *order[: max(here, 0)])
        for widget in round_ if forward else reversed(round_):
            if _is_stop(widget, window):
                reason = Qt.FocusReason.TabFocusReason
                widget.setFocus(reason if forward else Qt.FocusReason.BacktabFocusReason)
                bring_into_view(widget)
                return True
        return False


def reading_order(window: QWidget) -> tuple[QWidget, ...]:
    """Return where Tab stops in a window with `ReadingOrder`, from its beginning."""
    return tuple(widget for widget in _in_order(window) if _is_stop(widget, window))


def _is_stop(widget: QWidget, window: QWidget) -> bool:
    takes = widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value
    return (
        bool(takes)
        and widget.isEnabled()
        and widget.isVisibleTo(window)
        and widget.focusProxy() is None
    )


def bring_into_view(widget: QWidget) -> None:
    """Scroll until a widget is in view whole, as far as there is room.

    Qt does so for the cursor alone, and not at all when the focus comes from outside the area.
    """
    parent = widget.parentWidget()
    while parent is not None and not widget.isWindow():
        area = parent.parentWidget()
        content = area.widget() if isinstance(area, QScrollArea) else None
        if isinstance(area, QScrollArea) and content is not None and content.isAncestorOf(widget):
            place = QRect(widget.mapTo(content, QPoint(0, 0)), widget.size())
            room = area.viewport().height()
            half = min(place.height(), room) // 2
            around = min(_AROUND, room // 2 - half)
            area.ensureVisible(
                place.center().x(), place.top() + half, place.width() // 2, half + around
            )
        parent = area if isinstance(area, QScrollArea) else parent.parentWidget()


def _in_order(widget: QWidget) -> Iterator[QWidget]:
    """Yield the widgets inside that are shown, each parent before its parts."""
    children = [
        child for child in widget.children() if isinstance(child, QWidget) and not child.isWindow()
    ]
    inside = widget.layout()
    placed = [] if inside is None else list(_of_layout(inside, children))
    if isinstance(widget, QAbstractScrollArea):
        placed.append(widget.viewport())
    known = {id(each) for each in placed}
    rtl = widget.layoutDirection() is Qt.LayoutDirection.RightToLeft
    rest = [child for child in children if id(child) not in known]
    rest.sort(key=lambda child: (child.y(), -child.x() if rtl else child.x()))
    for child in (*placed, *rest):
        if not child.isHidden():
            yield child
            yield from _in_order(child)


def _of_layout(layout: QLayout, widgets: Sequence[QWidget]) -> Iterator[QWidget]:
    """Yield those of `widgets` that stand in a layout or in layouts inside it, as one reads them.

    Its items are not asked for, see `decisions/045`.
    """
    found: list[tuple[int, QWidget | QLayout]] = [
        (place, each) for each in widgets if (place := layout.indexOf(each)) >= 0
    ]
    inner = (each for each in layout.children() if isinstance(each, QLayout))
    found += [(layout.indexOf(each), each) for each in inner]
    if isinstance(layout, QGridLayout):
        # it keeps them as they were put in; one reads row by row
        found.sort(key=lambda pair: cast("tuple[int, ...]", layout.getItemPosition(pair[0])))
    else:
        found.sort(key=lambda pair: pair[0])
    for _, held in found:
        if isinstance(held, QWidget):
            yield held
        else:
            yield from _of_layout(held, widgets)
