"""What every drawn chart shares: text that wraps, the same on screen and paper, and a name."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from intake_app.domain.charts import Table, Tabular
from intake_app.i18n.bidi import isolate
from intake_app.ui.theme import Theme


class Drawing(Protocol):
    """A chart laid out for one width; the same on a screen, in a picture and on paper."""

    @property
    def height(self) -> float: ...
    def draw(self, painter: QPainter) -> None: ...


def text_height(text: str, font: QFont, width: float) -> float:
    """Return how high a text is when it wraps within `width`."""
    if not text:
        return 0.0
    return (
        QFontMetricsF(font).boundingRect(QRectF(0, 0, max(1.0, width), 1e6), WRAPPED, text).height()
    )


def text_width(text: str, font: QFont) -> float:
    """Return how wide a text is on one line."""
    return QFontMetricsF(font).horizontalAdvance(text) + 1


def draw_text(
    painter: QPainter,
    rect: QRectF,
    text: str,
    font: QFont,
    color: QColor,
    *,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeading,
    mirrored: bool = False,
) -> None:
    """Draw a text that wraps in `rect`; leading is the side where reading begins."""
    turn = Qt.LayoutDirection.RightToLeft if mirrored else Qt.LayoutDirection.LeftToRight
    painter.setLayoutDirection(turn)
    painter.setFont(font)
    painter.setPen(color)
    flags = (align | Qt.AlignmentFlag.AlignVCenter).value | Qt.TextFlag.TextWordWrap.value
    # its own direction is that of its words, wherever it stands
    painter.drawText(rect, flags, isolate(text))


def mirror(rect: QRectF, width: float) -> QRectF:
    """Return a rectangle as it stands in a drawing of this width from right to left."""
    return QRectF(width - rect.right(), rect.top(), rect.width(), rect.height())


WRAPPED = Qt.TextFlag.TextWordWrap.value


class Chart(QWidget):
    """A drawn chart. Its name is the title, its description all that is drawn, as a table says it.

    It takes the width it gets and asks for the height it needs.
    """

    def __init__(
        self, theme: Theme, data: Tabular, *, name: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._drawn: tuple[int, bool, Drawing] | None = None
        if name:
            self.setObjectName(name)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._said = self._say(data)

    def _say(self, data: Tabular) -> Table:
        table = data.table()
        self.setAccessibleName(table.title)
        self.setAccessibleDescription(table.spoken())
        return table

    def lay_out(self, width: float, *, mirrored: bool = False) -> Drawing:
        """Return the chart laid out for a width, for any painter."""
        raise NotImplementedError

    def said(self) -> Table:
        """Return what is drawn, in words."""
        return self._said

    def drawing(self) -> Drawing:
        """Return the chart as it is laid out now."""
        return self._for(self.width())

    def _for(self, width: int) -> Drawing:
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        if self._drawn is None or self._drawn[:2] != (width, mirrored):
            self._drawn = (width, mirrored, self.lay_out(float(width), mirrored=mirrored))
        return self._drawn[2]

    def _forget(self) -> None:
        self._drawn = None
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        return round(self._for(max(1, width)).height + 0.5)

    def sizeHint(self) -> QSize:  # noqa: N802
        width = self._theme.px(360)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(self._theme.px(200), self._theme.px(24))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.drawing().draw(painter)
