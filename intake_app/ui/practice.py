"""The amber edge: nobody should take practice for real, or real for practice."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import QWidget

from intake_app.ui.theme import Theme

EDGE = 6


class PracticeEdge(QWidget):
    """A hatched amber edge along the inside of a window, over everything, never in the way."""

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._theme, self._window = theme, window
        self.setObjectName("practice-edge")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        window.installEventFilter(self)
        self._fit()
        self.show()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() in {QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.ChildAdded}:
            self._fit()
        return False

    def _fit(self) -> None:
        window = self._window
        inner = window.rect().adjusted(EDGE, EDGE, -EDGE, -EDGE)
        self.setGeometry(window.rect())
        self.setMask(QRegion(window.rect()).subtracted(QRegion(inner)))
        self.raise_()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.fillRect(QRectF(self.rect()), self._theme.color("warn_soft"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color("practice"), 4))
        step = 12
        for x in range(-self.height(), self.width(), step):
            painter.drawLine(x, self.height(), x + self.height(), 0)
