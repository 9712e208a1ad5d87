"""An opinion on a line from one end to the other; rows where there is no room for a line."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from intake_app.ui.interview.painting import Laid
from intake_app.ui.interview.questions.base import Tools
from intake_app.ui.interview.questions.choice_button import ChoiceButton
from intake_app.ui.interview.questions.choices import ChoiceAnswer, Pair
from intake_app.ui.theme import BODY, Theme

LEAST = 84
"""Design pixels below which a point on the line has no room for its words."""


class LikertPoint(ChoiceButton):
    """A mark on the line, its key, and under it the words of both languages, centred.

    `place` says where on the line it stands, so that the line ends at the first and the last.
    """

    def __init__(
        self,
        theme: Theme,
        pair: Pair,
        *,
        number: int,
        single: bool,
        place: tuple[int, int],
        parent: QWidget | None = None,
    ) -> None:
        choice, other = pair
        super().__init__(theme, choice, other, number=number, single=single, parent=parent)
        # all points of a line are as high as the highest, so that their marks are on it
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._first, self._last = place[0] == 0, place[0] == place[1] - 1
        self._dutch = Laid(theme, choice.label.text, choice.label.language)
        self._other: Laid | None = None
        if other is not None and not self._missing:
            self._other = Laid(theme, other.label.text, other.label.language, factor=BODY * 1.07)
        self._words = [words for words in (self._dutch, self._other) if words is not None]

    def least_width(self) -> int:
        """Return the width in which no word is broken."""
        longest = 0.0
        for words in self._words:
            parts = (Laid(self._theme, part, words.language, factor=1.07) for part in _parts(words))
            longest = max(longest, max((part.natural_width for part in parts), default=0.0))
        return max(self._theme.gap(LEAST), round(longest) + 2 * self._theme.gap(6))

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        room = width - 2 * self._theme.gap(6)
        words = sum(each.height(room) for each in self._words)
        return round(words) + self._words_top() + self._theme.gap(10)

    def sizeHint(self) -> QSize:  # noqa: N802
        width = self._theme.gap(LEAST)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(self._theme.px(48), self._theme.px(64))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.draw_ground(painter, resting=False)
        size = float(theme.px(24))
        spot = QRectF((self.width() - size) / 2, theme.gap(10), size, size)
        rtl = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        painter.setPen(QPen(theme.color("border"), 2))
        middle = spot.center().y()
        ends = (self._last, self._first) if rtl else (self._first, self._last)
        if not ends[0]:
            painter.drawLine(QPointF(0, middle), QPointF(spot.left(), middle))
        if not ends[1]:
            painter.drawLine(QPointF(spot.right(), middle), QPointF(self.width(), middle))
        self.draw_indicator(painter, spot)
        if self.number:
            side = float(theme.px(20))
            key = QRectF((self.width() - side) / 2, spot.bottom() + theme.gap(6), side, side)
            self.draw_number(painter, key)
        top = float(self._words_top())
        room = self.width() - 2 * theme.gap(6)
        for words in self._words:
            height = words.height(room)
            area = QRectF(theme.gap(6), top, room, height)
            words.draw(painter, area, theme.color("ink"), side="center")
            top += height

    def _words_top(self) -> int:
        theme = self._theme
        key = theme.px(20) + theme.gap(6) if self.number else 0
        return theme.gap(10) + theme.px(24) + key + theme.gap(4)


class LikertAnswer(ChoiceAnswer):
    """Select one (or several) on one line; where it is too narrow, as rows below each other."""

    def __init__(self, tools: Tools, parent: QWidget | None = None) -> None:
        super().__init__(tools, parent)
        self._flat = True
        self._least: tuple[tuple[Pair, ...], int] = ((), 0)

    def _shape(self) -> tuple[object, ...]:
        self._flat = self._has_room(self.width())
        return (self._single, self._flat)

    def _make(self, index: int, pair: Pair, pictogram: str | None) -> ChoiceButton:
        if not self._flat:
            return super()._make(index, pair, pictogram)
        return LikertPoint(
            self.theme,
            pair,
            number=index + 1 if index < 9 else 0,
            single=self._single,
            place=(index, len(self._choices)),
            parent=self,
        )

    def _columns_at(self, width: int) -> int:
        del width
        return max(1, len(self._rows)) if self._flat else 1

    def _arrange(self) -> None:
        self._place.setHorizontalSpacing(0 if self._flat else self.theme.gap(8))
        super()._arrange()

    def _stack_rows(self) -> None:
        for row in self._rows:
            row.set_stacked(self._stacked)

    def _fit(self) -> None:
        if self._has_room(self.width()) != self._flat:
            self._show()

    def _has_room(self, width: int) -> bool:
        """Return whether the line fits: every point as wide as its longest word."""
        count = len(self._choices)
        if not 1 < count <= 11 or self._long:
            return False
        if self._least[0] != self._choices:
            points = [
                LikertPoint(self.theme, pair, number=0, single=True, place=(0, 1))
                for pair in self._choices
            ]
            self._least = (self._choices, max(point.least_width() for point in points))
            for point in points:
                point.deleteLater()  # by its signals it would keep itself alive for good
        return width >= count * self._least[1]


def _parts(words: Laid) -> list[str]:
    return words.text.split()
