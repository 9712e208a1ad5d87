"""A picture of a page that lies ready, painted instead of the page the first time it is seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QSize, Qt, QTimerEvent
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap, QRegion
from PySide6.QtWidgets import QWidget

STRIP = 160
"""So many pixels of height are painted at a time; the person at the keyboard comes first."""

LONGEST_MS = 250
"""A picture goes by then even where nothing was painted, such as in a window that is covered."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What the upper part of a widget looks like; with `whole` only its ground is under it."""

    size: QSize
    pixels: QPixmap
    whole: bool


def picture_of(widget: QWidget, ground: QColor, height: int) -> Iterator[Picture | None]:
    """Paint a hidden widget that is laid out, a strip at a time; yields the picture at the end.

    Down to `height` pixels, and no further than anything stands in it. `ground` lies under it.
    """
    parts = [
        child.geometry().bottom() + 1
        for child in widget.children()
        if isinstance(child, QWidget) and not child.isWindow() and not child.isHidden()
    ]
    width, end = widget.width(), min(widget.height(), max(parts, default=0))
    height = min(height, end)
    if width <= 0 or height <= 0:
        return
    ratio = widget.devicePixelRatio()
    pixels = QPixmap(round(width * ratio), round(height * ratio))
    pixels.setDevicePixelRatio(ratio)
    pixels.fill(ground)
    for top in range(0, height, STRIP):
        strip = QRect(0, top, width, min(STRIP, height - top))
        widget.render(pixels, strip.topLeft(), QRegion(strip), QWidget.RenderFlag.DrawChildren)
        yield None
    yield Picture(QSize(width, height), pixels, height == end)


class Still(QWidget):
    """Lies over a widget and looks like it, until it was painted once.

    Painting a page means asking each of its fifty parts; this is one picture. What is under it has
    the keyboard and the mouse from the beginning, and is painted itself in the next turn.
    """

    def __init__(self, picture: Picture, ground: QColor, over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName("still")
        self._picture, self._ground = picture, ground
        self._painted = False
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        height = over.height() if picture.whole else picture.size.height()
        self.setGeometry(0, 0, over.width(), height)
        self._waits = self.startTimer(LONGEST_MS)
        self.show()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.drawPixmap(QPoint(), self._picture.pixels)
        shown = self._picture.size.height()
        painter.fillRect(QRect(0, shown, self.width(), self.height() - shown), self._ground)
        if not self._painted:
            self._painted = True
            self.killTimer(self._waits)
            self._waits = self.startTimer(0)

    def timerEvent(self, _event: QTimerEvent) -> None:  # noqa: N802
        self.killTimer(self._waits)
        self.hide()
        self.deleteLater()
