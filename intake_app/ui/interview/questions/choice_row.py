"""One choice as a full-width row: indicator, number, pictogram, Dutch, the other language."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget

from intake_app.i18n.bidi import isolate
from intake_app.i18n.languages import direction
from intake_app.ui.interview.painting import Laid, Side
from intake_app.ui.kit.icons import draw_icon
from intake_app.ui.pictograms import draw_pictogram
from intake_app.ui.theme import BODY, Theme
from intake_app.xforms import ChoiceView

PICTOGRAM = 32
"""Design pixels of a pictogram beside its words."""


class ChoiceRow(QCheckBox):
    """The whole row is the target. It never changes itself: `chosen` asks, `set_on` answers.

    A screen reader hears one control with both languages as its name, as a radio button or a
    check box; a pictogram says nothing more to it. `pictogram` is '' for a choice without one in a
    list that has them, so that the words stay in line, and None in a list without any.
    """

    chosen = Signal(str)
    step = Signal(int)
    """Up or down was pressed: -1 or +1."""

    def __init__(
        self,
        theme: Theme,
        choice: ChoiceView,
        other: ChoiceView | None,
        *,
        number: int = 0,
        single: bool,
        pictogram: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self.pictogram = pictogram
        self.choice = choice
        self.number = number
        self._single = single
        self._hovered = False
        self._stacked = False
        self._heights: dict[int, int] = {}
        self._missing = other is not None and other.label.status == "missing"
        self._dutch = Laid(theme, choice.label.text, choice.label.language, factor=1.07)
        self._other: Laid | None = None
        names = [choice.label.text]
        if other is not None:
            factor = BODY if self._missing else 1.15
            self._other = Laid(theme, other.label.text, other.label.language, factor=factor)
            if not self._missing:
                names.append(isolate(other.label.text, direction(other.label.language)))
        self.setAccessibleName(" / ".join(names))
        self.setObjectName(f"choice-{choice.value}")
        self.setAutoExclusive(single)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # a button that is on in an exclusive group is never asked for its next state
        self.clicked.connect(lambda: self.chosen.emit(self.choice.value))

    def set_on(self, on: bool) -> None:
        """Show the choice as made or not."""
        if on != self.isChecked():
            # an exclusive button refuses to be switched off by itself
            self.setAutoExclusive(False)
            self.setChecked(on)
            self.setAutoExclusive(self._single)
        self.update()

    def set_stacked(self, stacked: bool) -> None:
        """Put the other language under the Dutch."""
        if stacked != self._stacked:
            self._stacked = stacked
            self._heights.clear()
            self.updateGeometry()

    def nextCheckState(self) -> None:  # noqa: N802
        """Stay as it is: only what was stored shows."""

    def hitButton(self, pos: QPoint) -> bool:  # noqa: N802
        return self.rect().contains(pos)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() in {Qt.Key.Key_Up, Qt.Key.Key_Down} and not event.modifiers():
            self.step.emit(-1 if event.key() == Qt.Key.Key_Up else 1)
        elif event.key() in {Qt.Key.Key_Left, Qt.Key.Key_Right}:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802
        self._hovered = True
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        self._hovered = False
        self.update()
        super().leaveEvent(event)

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        return True

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
        return max(self._theme.px(48), round(inner) + pad)

    def sizeHint(self) -> QSize:  # noqa: N802
        width = self._theme.px(320)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(self._theme.px(160), self._theme.px(48))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        theme, on = self._theme, self.isChecked()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = 2.0 if on else 1.5
        painter.setPen(QPen(theme.color("accent" if on else "border"), edge))
        ground = "accent_soft" if on else ("sunken" if self._hovered else "surface")
        painter.setBrush(theme.color(ground))
        box = QRectF(self.rect()).adjusted(edge / 2, edge / 2, -edge / 2, -edge / 2)
        painter.drawRoundedRect(box, theme.px(8), theme.px(8))
        rtl = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        x = float(theme.gap(18))
        self._draw_indicator(painter, self._spot(x, theme.px(22), rtl))
        x += theme.px(22) + theme.gap(14)
        if self.number:
            self._draw_number(painter, self._spot(x, theme.px(22), rtl))
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

    def _draw_indicator(self, painter: QPainter, spot: QRectF) -> None:
        theme, on = self._theme, self.isChecked()
        painter.setPen(QPen(theme.color("accent" if on else "border"), 2))
        painter.setBrush(theme.color("accent" if on else "surface"))
        inner = spot.adjusted(1, 1, -1, -1)
        if self._single:
            painter.drawEllipse(inner)
            if on:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.color("accent_on"))
                third = spot.width() * 0.32
                painter.drawEllipse(spot.adjusted(third, third, -third, -third))
            return
        painter.drawRoundedRect(inner, theme.px(5), theme.px(5))
        if on:
            draw_icon(painter, "check", theme.color("accent_on"), spot.adjusted(3, 3, -3, -3))

    def _draw_number(self, painter: QPainter, spot: QRectF) -> None:
        theme = self._theme
        painter.setFont(theme.font(0.8))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.color("border"), 1))
        painter.drawRoundedRect(spot.adjusted(0.5, 1.5, -0.5, -1.5), theme.px(4), theme.px(4))
        painter.setPen(theme.color("muted"))
        painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, str(self.number))

    def _spot(self, x: float, size: float, rtl: bool) -> QRectF:
        left = self.width() - x - size if rtl else x
        return QRectF(left, (self.height() - size) / 2, size, size)

    def _text_rect(self, width: float) -> QRectF:
        theme = self._theme
        left = theme.gap(18) + theme.px(22) + theme.gap(14)
        if self.number:
            left += theme.px(22) + theme.gap(14)
        if self.pictogram is not None:
            left += theme.px(PICTOGRAM) + theme.gap(14)
        return QRectF(left, 0, max(40.0, width - left - theme.gap(18)), self.height())

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
