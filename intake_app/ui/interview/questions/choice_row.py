"""One choice as a full-width row: indicator, number, pictogram, Dutch, the other language."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from intake_app.ui.interview.painting import Laid, Side
from intake_app.ui.interview.questions.choice_button import ChoiceButton
from intake_app.ui.pictograms import draw_pictogram
from intake_app.ui.theme import BODY, Theme
from intake_app.xforms import ChoiceView

PICTOGRAM = 32
"""Design pixels of a pictogram beside its words."""


class ChoiceRow(ChoiceButton):
    """A choice whose whole row is the target; a pictogram says nothing more to a screen reader.

    `pictogram` is '' for a choice without one in a list that has them, so that the words stay in
    line, and None in a list without any. A `large` row is one of two big buttons.
    """

    def __init__(
        self,
        theme: Theme,
        choice: ChoiceView,
        other: ChoiceView | None,
        *,
        number: int = 0,
        single: bool,
        pictogram: str | None = None,
        large: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, choice, other, number=number, single=single, parent=parent)
        self.pictogram = pictogram
        self._least = theme.px(64 if large else 48)
        self._stacked = False
        self._heights: dict[int, int] = {}
        bigger = 1.1 if large else 1.0
        self._dutch = Laid(theme, choice.label.text, choice.label.language, factor=1.07 * bigger)
        self._other: Laid | None = None
        if other is not None:
            factor = BODY if self._missing else 1.15 * bigger
            self._other = Laid(theme, other.label.text, other.label.language, factor=factor)

    def set_stacked(self, stacked: bool) -> None:
        """Put the other language under the Dutch."""
        if stacked != self._stacked:
            self._stacked = stacked
            self._heights.clear()
            self.updateGeometry()

    def one_line_width(self) -> int:
        """Return the width at which no text wraps, with the languages as they now stand."""
        first = self._dutch.natural_width
        second = 0.0 if self._other is None else self._other.natural_width
        words = max(first, second) if self._stacked else first + second + self._theme.gap(24)
        return round(words + self._texts_left() + self._theme.gap(18)) + 2

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        if width not in self._heights:
            self._heights[width] = self._height_at(width)
        return self._heights[width]

    def _height_at(self, width: int) -> int:
        room = self._text_rect(width).width()
        pad = 2 * self._theme.gap(9)
        if self._other is None:
            inner = self._dutch.height(room)
        elif self._stacked:
            inner = self._dutch.height(room) + self._other.height(room)
        else:
            first, second = self._columns(room)
            inner = max(self._dutch.height(first), self._other.height(second))
        return max(self._least, round(inner) + pad)

    def sizeHint(self) -> QSize:  # noqa: N802
        width = self._theme.px(320)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(self._theme.gap(160), self._least)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.draw_ground(painter)
        rtl = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        x = float(theme.gap(18))
        self.draw_indicator(painter, self._spot(x, theme.px(22), rtl))
        x += theme.px(22) + theme.gap(14)
        if self.number:
            self.draw_number(painter, self._spot(x, theme.px(22), rtl))
            x += theme.px(22) + theme.gap(14)
        if self.pictogram:
            spot = self._spot(x, theme.px(PICTOGRAM), rtl)
            draw_pictogram(painter, self.pictogram, theme.color("ink"), spot, rtl=rtl)
        self._draw_texts(painter, rtl)

    def _draw_texts(self, painter: QPainter, rtl: bool) -> None:
        ink = self._theme.color("ink")
        area = self._text_rect(self.width())
        if rtl:
            area.moveRight(self.width() - area.left())
        start: Side = "right" if rtl else "left"
        muted = self._theme.color("muted")
        if self._other is None:
            self._dutch.draw(painter, area, ink, side=start)
            return
        other_ink = muted if self._missing else ink
        if self._stacked:
            first = self._dutch.height(area.width())
            second = self._other.height(area.width())
            top = area.center().y() - (first + second) / 2
            above = QRectF(area.left(), top, area.width(), first)
            self._dutch.draw(painter, above, ink, side=start)
            below = QRectF(area.left(), top + first, area.width(), second)
            self._other.draw(painter, below, other_ink)
            return
        first, second = self._columns(area.width())
        left = QRectF(area.left(), area.top(), first, area.height())
        right = QRectF(area.right() - second, area.top(), second, area.height())
        if rtl:
            left, right = (
                QRectF(area.right() - first, area.top(), first, area.height()),
                QRectF(area.left(), area.top(), second, area.height()),
            )
        self._dutch.draw(painter, left, ink, side=start)
        self._other.draw(painter, right, other_ink, side="left" if rtl else "right")

    def _spot(self, x: float, size: float, rtl: bool) -> QRectF:
        left = self.width() - x - size if rtl else x
        return QRectF(left, (self.height() - size) / 2, size, size)

    def _texts_left(self) -> int:
        theme = self._theme
        left = theme.gap(18) + theme.px(22) + theme.gap(14)
        if self.number:
            left += theme.px(22) + theme.gap(14)
        if self.pictogram is not None:
            left += theme.px(PICTOGRAM) + theme.gap(14)
        return left

    def _text_rect(self, width: float) -> QRectF:
        left = self._texts_left()
        room = width - left - self._theme.gap(18)
        return QRectF(left, 0, max(40.0, room), self.height())

    def _columns(self, room: float) -> tuple[float, float]:
        """Return the widths of the two texts: each what it needs, or a fair share."""
        if self._other is None:
            return room, 0.0
        usable = room - self._theme.gap(24)
        first, second = self._dutch.natural_width, self._other.natural_width
        if first + second <= usable:
            return usable - second, second
        half = usable / 2
        if first <= half:
            return first, usable - first
        if second <= half:
            return usable - second, second
        return half, half
