"""One choice as a large tile that can be pointed at, clicked or tapped."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget

from intake_app.ui.interview.painting import Laid, Side
from intake_app.ui.kit.icons import draw_icon
from intake_app.ui.pictograms import draw_pictogram
from intake_app.ui.theme import SEMIBOLD, Theme
from intake_app.xforms import ShownText

PICTOGRAMS = ((6, 104), (9, 72))
PICTOGRAM_SMALL = 56
SLIM, WIDE, TICK = 260, 460, 28
"""Design pixels of a pictogram (up to so many tiles so large; smaller for more), of tiles with
little and with all white in them, and of the tick."""


class ChoiceTile(QCheckBox):
    """A number, a pictogram and a text in the person's own script.

    A chosen one has a ground and a tick. `pictogram` is '' for a choice without one in a list that
    has them, so that the words stay in line, and None in a list without any. `of` is the highest
    number of the list. With `number` 0 none is drawn: the words are a number themselves.
    """

    chosen = Signal(str)

    def __init__(
        self,
        theme: Theme,
        value: str,
        label: ShownText,
        *,
        number: int,
        single: bool,
        factor: float,
        of: int = 1,
        pictogram: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme, self.value, self._single = theme, value, single
        self.pictogram = pictogram
        self._numbered = number > 0
        self._said = label.text
        units = next((size for most, size in PICTOGRAMS if of <= most), PICTOGRAM_SMALL)
        self._roomy = of <= PICTOGRAMS[-1][0]
        self._picture = 0 if pictogram is None else theme.px(units)
        self._factor, self._badge = factor, str(number) if number else ""
        self._number = Laid(theme, self._badge, "nl", factor=factor, weight=SEMIBOLD)
        widest = Laid(theme, "0" * len(str(of)), "nl", factor=factor, weight=SEMIBOLD)
        self._number_width = max(widest.natural_width, self._number.natural_width)
        if not self._numbered:
            self._number_width = 0.0
        self._label = Laid(theme, label.text, label.language, factor=factor)
        metrics = QFontMetricsF(theme.font_for(label.language, factor))
        words = label.text.split()
        self._longest = max((metrics.horizontalAdvance(word) for word in words), default=0.0) + 1
        self._name()
        self.setObjectName(f"tile-{value}")
        self.setAutoExclusive(single)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # a button that is on in an exclusive group is never asked for its next state
        self.clicked.connect(lambda: self.chosen.emit(self.value))

    @property
    def text_shown(self) -> str:
        """Return the words on the tile."""
        return self._label.text

    def set_badge(self, words: str) -> None:
        """Show something else where the number stands: the place of a choice in an order."""
        if words != self._badge:
            self._badge = words
            self._number = Laid(self._theme, words, "nl", factor=self._factor, weight=SEMIBOLD)
            self._name()
            self.update()

    def set_on(self, on: bool) -> None:
        """Show the choice as made or not."""
        if on != self.isChecked():
            self.setAutoExclusive(False)
            self.setChecked(on)
            self.setAutoExclusive(self._single)
        self.update()

    def nextCheckState(self) -> None:  # noqa: N802
        """Stay as it is: only what was stored shows."""

    def hitButton(self, pos: QPoint) -> bool:  # noqa: N802
        return self.rect().contains(pos)

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        inner = self._label.height(self._text_rect(width, 0).width())
        around, above = (22, 12) if self._roomy else (12, 8)
        words = round(inner) + 2 * self._theme.gap(around)
        return max(self._theme.px(64), words, self._picture + 2 * self._theme.gap(above))

    def sizeHint(self) -> QSize:  # noqa: N802
        width = self._theme.px(360)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(self._theme.px(200), self._theme.px(64))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        theme, on = self._theme, self.isChecked()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("accent" if on else "border"), 3))
        painter.setBrush(theme.color("accent_soft" if on else "surface"))
        box = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
        painter.drawRoundedRect(box, theme.px(16), theme.px(16))
        rtl = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        side_gap, between = self._gaps(self.width())
        number = QRectF(side_gap, 0, self._number_width, self.height())
        words = self._text_rect(self.width(), self.height())
        picture = QRectF(0, 0, self._picture, self.height())
        picture.moveLeft(words.left() - between - self._picture)
        tick_size = float(theme.px(TICK))
        top = (self.height() - tick_size) / 2
        tick = QRectF(self.width() - between / 2 - tick_size, top, tick_size, tick_size)
        if rtl:
            number, words, tick, picture = (
                self._mirrored(r) for r in (number, words, tick, picture)
            )
        side: Side = "right" if rtl else "left"
        if self._numbered:
            self._number.draw(painter, number, theme.color("accent" if on else "muted"), side=side)
        if self.pictogram:
            draw_pictogram(painter, self.pictogram, theme.color("ink"), picture, rtl=rtl)
        # beside its number, also where a text is shown in another language than asked for
        self._label.draw(painter, words, theme.color("ink"), side=side)
        if on:
            draw_icon(painter, "check", theme.color("accent"), tick)

    def _name(self) -> None:
        said = self._said
        self.setAccessibleName(f"{self._badge}. {said}" if self._badge and self._numbered else said)

    def breaks_words(self, width: float) -> bool:
        """Return whether a word does not fit on one line in a tile of this width."""
        return self._longest > self._text_rect(width, 0).width()

    def _gaps(self, width: float) -> tuple[int, int]:
        """Return the white at the sides and between the parts; narrow tiles have less."""
        theme = self._theme
        # by degrees: a tile that is a pixel wider must never have less room for its words
        share = (width - theme.px(SLIM)) / (theme.px(WIDE) - theme.px(SLIM))
        share = min(1.0, max(0.0, share))
        return theme.gap(14 + 12 * share), theme.gap(12 + 10 * share)

    def _text_rect(self, width: float, height: float) -> QRectF:
        theme = self._theme
        side, between = self._gaps(width)
        left = float(side)
        if self._numbered:
            left += self._number_width + between
        if self._picture:
            left += self._picture + between
        right = theme.px(TICK) + between
        return QRectF(left, 0, max(60.0, width - left - right), height)

    def _mirrored(self, rect: QRectF) -> QRectF:
        return QRectF(self.width() - rect.right(), rect.top(), rect.width(), rect.height())
