"""Drawn by hand: text that a screen reader hears once with its row, and grounds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QImage,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QWidget
from shiboken6 import isValid

from intake_app.ui.theme import BODY, NORMAL, Theme, layout_direction, line_height

_WIDE = 100_000.0
_KEPT = 6
_ROUND = 12
"""Pixels that stay in view round what has the keyboard: its ring, and a little air."""

Side = Literal["own", "left", "right", "center"]


class GroundArea(QScrollArea):
    """A scrolling area on a ground of its own, the strip of the scroll bar included."""

    def __init__(self, color: QColor, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._color = color
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint:
            QPainter(self).fillRect(self.rect(), self._color)
            return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep what has the keyboard in view when a notice above takes some of the height."""
        super().resizeEvent(event)
        focus = QApplication.focusWidget()
        lower = event.size().height() < event.oldSize().height()
        if lower and focus is not None and self.isVisible() and self.isAncestorOf(focus):
            self.ensureWidgetVisible(focus, 0, _ROUND)


class Ground(QWidget):
    """The contents of a scrolling area on a ground of its own.

    A style sheet of the area's own would cost every widget inside it a second look at its style.
    """

    def __init__(self, color: QColor, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._color = color
        # it covers what lies under it, which then need not be painted
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, color.alpha() == 255)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return no height where that follows from the width.

        The least height of a layout is that of its narrowest shape: the area would scroll through
        emptiness for texts that have all the room they need.
        """
        hint, layout = super().minimumSizeHint(), self.layout()
        follows = layout is not None and layout.hasHeightForWidth()
        return QSize(hint.width(), 0) if follows else hint

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        QPainter(self).fillRect(event.rect(), self._color)


def made_ready(root: QWidget) -> Iterator[None]:
    """Give a hidden widget and what is in it style, size and place now, one at a time.

    Qt would wait until it is shown. Each paints itself once on a scrap of four pixels, so that the
    texts, glyphs and drawings which are worked out once are there when it is seen.
    """
    every = tuple(_inside(root))
    for widget in every:
        if isValid(widget):
            settle(widget)
        yield
    scrap = QImage(4, 4, QImage.Format.Format_ARGB32_Premultiplied)
    for widget in every:
        if isValid(widget) and not widget.isHidden():
            widget.render(scrap, QPoint(), QRegion(0, 0, 4, 4), QWidget.RenderFlag(0))
        yield


def settle(widget: QWidget) -> None:
    """Give a hidden widget its style and size now."""
    widget.ensurePolished()
    if widget.testAttribute(Qt.WidgetAttribute.WA_PendingResizeEvent):
        widget.setAttribute(Qt.WidgetAttribute.WA_PendingResizeEvent, on=False)
        QApplication.sendEvent(widget, QResizeEvent(widget.size(), QSize()))


def _inside(widget: QWidget) -> Iterator[QWidget]:
    """Yield a widget and what is in it, the outer before the inner."""
    yield widget
    for child in widget.children():
        if isinstance(child, QWidget) and not child.isWindow():
            yield from _inside(child)


class Laid:
    """A text in its own language, laid out for any width and drawn with that language's leading."""

    def __init__(
        self,
        theme: Theme,
        text: str,
        language: str,
        *,
        factor: float = BODY,
        weight: QFont.Weight = NORMAL,
    ) -> None:
        self.text = text
        self.language = language
        self._font = theme.font_for(language, factor, weight)
        spacing = line_height(language)
        self._leading = theme.text_px(factor) * (
            1.3 if factor >= 1.4 and spacing < 1.5 else spacing
        )
        self._cached: dict[tuple[float, str], tuple[QTextLayout, int]] = {}
        layout, lines = self._layout(_WIDE, side="own")
        widths = (layout.lineAt(i).naturalTextWidth() for i in range(lines))
        self.natural_width = max(widths, default=0.0) + 1
        """The width the text takes on one line."""

    def height(self, width: float) -> float:
        """Return the height at a width in device-independent pixels."""
        if width >= self.natural_width and "\n" not in self.text:
            return self._leading
        return self._layout(max(1.0, width), side="own")[1] * self._leading

    def draw(self, painter: QPainter, rect: QRectF, color: QColor, *, side: Side = "own") -> None:
        """Draw centred vertically in `rect`; `side` is its own side unless given."""
        layout, lines = self._layout(max(1.0, rect.width()), side=side)
        painter.setPen(color)
        top = rect.top() + max(0.0, (rect.height() - lines * self._leading) / 2)
        layout.draw(painter, QPointF(rect.left(), top))

    def _layout(self, width: float, *, side: Side) -> tuple[QTextLayout, int]:
        found = self._cached.get((width, side))
        if found is None:
            if len(self._cached) > _KEPT:
                self._cached.clear()
            found = self._cached[width, side] = self._lay_out(width, side)
        return found

    def _lay_out(self, width: float, side: Side) -> tuple[QTextLayout, int]:
        layout = QTextLayout(self.text.replace("\n", "\u2028"), self._font)
        option = QTextOption()
        direction = layout_direction(self.language)
        option.setTextDirection(direction)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        # a QTextLayout takes sides as they are, whatever the direction
        own = "right" if direction is Qt.LayoutDirection.RightToLeft else "left"
        right = (own if side == "own" else side) == "right"
        flag = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        if side == "center":
            flag = Qt.AlignmentFlag.AlignHCenter
        option.setAlignment(flag | Qt.AlignmentFlag.AlignAbsolute)
        layout.setTextOption(option)
        # or the text is shaped anew each time it is drawn
        layout.setCacheEnabled(True)
        layout.beginLayout()
        lines = 0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            spare = (self._leading - line.height()) / 2
            line.setPosition(QPointF(0.0, lines * self._leading + spare))
            lines += 1
        layout.endLayout()
        return layout, max(1, lines)
