"""A place to write a name by hand, with pen, finger or mouse."""

from __future__ import annotations

from itertools import pairwise
from math import hypot
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QImage,
    QImageWriter,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from intake_app.ui.theme import Theme

Stroke = tuple[tuple[float, float], ...]
"""Points of one line, each coordinate from 0 to 1 of the width of the pad."""

WIDTH, HEIGHT = 900, 300
"""Pixels of the picture that is kept."""
_RATIO: Final = HEIGHT / WIDTH
_PEN: Final = 5.0 / WIDTH
_DOTS_PER_METER: Final = 11_811
"""300 dots per inch: said outright, or the screen would decide."""
_MOST_POINTS: Final = 20_000
_SHORTEST: Final = 0.05
"""Of the width of the pad."""
_NEAREST: Final = 1.0 / WIDTH


class SignaturePad(QLabel):
    """Strokes of ink on white, in every theme: it is paper. `changed` after every stroke.

    Lines are kept as points until `png`, so nothing is blurred by drawing it smaller or larger.
    Backspace takes the last stroke away, Delete all of them.
    """

    changed = Signal()

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName(name)
        # a label with a picture is a picture to assistive technology; what is seen is drawn below
        nothing = QPixmap(1, 1)
        nothing.fill(Qt.GlobalColor.transparent)
        self.setPixmap(nothing)
        self._strokes: list[list[tuple[float, float]]] = []
        self._drawing = False
        self._points = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    # ---- what was drawn ------------------------------------------------------------------------

    @property
    def strokes(self) -> tuple[Stroke, ...]:
        """Return the lines in the order they were drawn."""
        return tuple(tuple(stroke) for stroke in self._strokes)

    @property
    def is_empty(self) -> bool:
        """True while there is nothing on it."""
        return not self._strokes

    @property
    def is_enough(self) -> bool:
        """True when the lines together are long enough to be more than a touch by accident."""
        length = sum(
            hypot(after[0] - before[0], after[1] - before[1])
            for stroke in self._strokes
            for before, after in pairwise(stroke)
        )
        return length >= _SHORTEST

    def set_strokes(self, strokes: tuple[Stroke, ...]) -> None:
        """Show these lines, as `strokes` gave them."""
        self._strokes = [list(stroke) for stroke in strokes if stroke]
        self._points = sum(map(len, self._strokes))
        self._say()

    def undo(self) -> None:
        """Take the last line away."""
        if self._strokes:
            self._points -= len(self._strokes.pop())
            self._say()

    def clear(self) -> None:
        """Take all lines away."""
        if self._strokes:
            self._strokes, self._points = [], 0
            self._say()

    def png(self) -> bytes:
        """Return the picture: always of one size, ink on white, and nothing else in the file.

        The same lines give the same bytes. Raises ValueError where nothing was drawn.
        """
        if self.is_empty:
            raise ValueError("nothing was drawn")
        image = QImage(WIDTH, HEIGHT, QImage.Format.Format_Grayscale8)
        image.setDotsPerMeterX(_DOTS_PER_METER)
        image.setDotsPerMeterY(_DOTS_PER_METER)
        image.fill(255)
        painter = QPainter(image)
        _draw(painter, self._strokes, float(WIDTH))
        painter.end()
        target = QBuffer()
        target.open(QIODevice.OpenModeFlag.WriteOnly)
        if not QImageWriter(target, QByteArray(b"png")).write(image):
            raise ValueError("not written")
        return bytes(target.data().data())

    # ---- drawing: pen and finger come as the mouse where nothing else takes them ---------------

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if event.button() is not Qt.MouseButton.LeftButton or not self.isEnabled():
            return
        if self.focusPolicy() is not Qt.FocusPolicy.NoFocus:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
        if self._points < _MOST_POINTS:
            self._drawing = True
            self._strokes.append([self._at(event.position())])
            self._points += 1
            self.update()
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if not self._drawing or self._points >= _MOST_POINTS:
            return
        stroke, point = self._strokes[-1], self._at(event.position())
        if max(abs(point[0] - stroke[-1][0]), abs(point[1] - stroke[-1][1])) >= _NEAREST:
            stroke.append(point)
            self._points += 1
            self.update()
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if self._drawing and event.button() is Qt.MouseButton.LeftButton:
            self._drawing = False
            self._say()
            event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() == Qt.Key.Key_Backspace or event.matches(QKeySequence.StandardKey.Undo):
            self.undo()
        elif event.key() == Qt.Key.Key_Delete:
            self.clear()
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    # ---- looks ---------------------------------------------------------------------------------

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        return round(min(width, self.maximumWidth()) * _RATIO)

    def sizeHint(self) -> QSize:  # noqa: N802
        width = self._theme.px(600)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        width = self._theme.px(240)
        return QSize(width, round(width * _RATIO))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("border"), 1.5))
        painter.setBrush(Qt.GlobalColor.white)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(box, theme.px(8), theme.px(8))
        # where a name is written on paper
        line = QPen(Qt.GlobalColor.gray, 1, Qt.PenStyle.DashLine)
        painter.setPen(line)
        low = self.height() * 0.78
        painter.drawLine(QPointF(self.width() * 0.06, low), QPointF(self.width() * 0.94, low))
        _draw(painter, self._strokes, float(self.width()))

    def _at(self, position: QPointF) -> tuple[float, float]:
        width = max(1, self.width())
        x = min(max(position.x() / width, 0.0), 1.0)
        y = min(max(position.y() / width, 0.0), _RATIO)
        return x, y

    def _say(self) -> None:
        self.update()
        self.changed.emit()


def _draw(painter: QPainter, strokes: list[list[tuple[float, float]]], width: float) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(Qt.GlobalColor.black, _PEN * width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for stroke in strokes:
        points = [QPointF(x * width, y * width) for x, y in stroke]
        if len(points) == 1:
            painter.drawPoint(points[0])
            continue
        path = QPainterPath(points[0])
        for before, after in pairwise(points[1:]):
            path.quadTo(before, (before + after) / 2)
        path.lineTo(points[-1])
        painter.drawPath(path)
