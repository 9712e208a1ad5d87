"""Bars: one on its own with a line to reach, and several on one scale beside a reference."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from intake_app.domain.charts import Bar, Profile
from intake_app.ui.kit.charts.base import Chart, draw_text, mirror, text_height, text_width
from intake_app.ui.theme import CAPTION, Theme

_STACKED = 420
"""Below so many effective pixels the label stands above its bar rather than beside it."""


@dataclass(frozen=True)
class BarShape:
    """One bar: where its track lies, how far it is filled (0 to 1), and where its mark stands.

    `filled` is None for what was not measured. In a drawing from right to left it grows leftward.
    """

    track: QRectF
    filled: float | None
    mark: float | None
    mirrored: bool

    def edge(self, share: float) -> float:
        """Return the x at which a share of the scale lies."""
        if self.mirrored:
            return self.track.right() - share * self.track.width()
        return self.track.left() + share * self.track.width()

    def fill(self) -> QRectF:
        """Return the filled part; nothing for nought, which the words beside it say."""
        share = self.filled or 0.0
        near, far = sorted((self.edge(0.0), self.edge(share)))
        return QRectF(near, self.track.top(), far - near, self.track.height())

    def draw(self, painter: QPainter, theme: Theme) -> None:
        """Draw track, filling and mark: by shape as much as by colour."""
        painter.setPen(QPen(theme.color("border"), 1))
        if self.filled is None:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.track)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QBrush(theme.color("border"), Qt.BrushStyle.BDiagPattern))
            painter.drawRect(self.track)
        else:
            painter.setBrush(theme.color("sunken"))
            painter.drawRect(self.track)
            painter.fillRect(self.fill(), theme.color("accent"))
        if self.mark is not None:
            self._draw_mark(painter, theme, self.edge(self.mark))

    def _draw_mark(self, painter: QPainter, theme: Theme, x: float) -> None:
        reach, half = theme.px(4), theme.px(5)
        top, bottom = self.track.top() - reach, self.track.bottom() + reach
        # a light edge keeps the line apart from the filling it may lie on
        painter.setPen(QPen(theme.color("surface"), theme.px(5)))
        painter.drawLine(QPointF(x, self.track.top()), QPointF(x, self.track.bottom()))
        painter.setPen(QPen(theme.color("ink"), theme.px(2)))
        painter.drawLine(QPointF(x, top), QPointF(x, bottom))
        draw_pointer(painter, theme, x, top, half)


def draw_pointer(painter: QPainter, theme: Theme, x: float, y: float, half: float) -> None:
    """Draw the small triangle on top of a mark; the legend shows the same."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("ink"))
    points = [QPointF(x - half, y - half), QPointF(x + half, y - half), QPointF(x, y + half * 0.6)]
    painter.drawPolygon(QPolygonF(points))


@dataclass(frozen=True)
class _Line:
    bar: Bar
    shape: BarShape
    label: QRectF
    value: QRectF


class ProfileDrawing:
    """A profile laid out for one width."""

    def __init__(self, theme: Theme, data: Profile, width: float, *, mirrored: bool) -> None:
        self._theme, self._data, self._width, self._mirrored = theme, data, width, mirrored
        self._font, self._small = theme.font(), theme.font(CAPTION)
        self._legend: QRectF | None = None
        self._steps: list[tuple[QRectF, str]] = []
        self.lines: tuple[_Line, ...] = ()
        self.height = self._lay_out()

    @property
    def shapes(self) -> tuple[BarShape, ...]:
        """Return the bars, in the order of the data."""
        return tuple(line.shape for line in self.lines)

    def draw(self, painter: QPainter) -> None:
        """Draw with any painter, from its origin."""
        theme, mirrored = self._theme, self._mirrored
        for line in self.lines:
            draw_text(
                painter, line.label, line.bar.label, self._font, theme.color("ink"),
                mirrored=mirrored,
            )  # fmt: skip
            line.shape.draw(painter, theme)
            color = theme.color("ink" if line.bar.value is not None else "muted")
            draw_text(
                painter, line.value, line.bar.shown, self._font, color,
                align=Qt.AlignmentFlag.AlignTrailing, mirrored=mirrored,
            )  # fmt: skip
        for rect, words in self._steps:
            draw_text(
                painter, rect, words, self._small, theme.color("muted"),
                align=Qt.AlignmentFlag.AlignHCenter, mirrored=mirrored,
            )  # fmt: skip
        if self._legend is not None:
            half = theme.px(5)
            side = self._legend.right() + half * 2 if mirrored else self._legend.left() - half * 2
            draw_pointer(painter, theme, side, self._legend.center().y(), half)
            draw_text(
                painter, self._legend, self._data.reference_title, self._small,
                theme.color("muted"), mirrored=mirrored,
            )  # fmt: skip

    def _lay_out(self) -> float:
        theme, data = self._theme, self._data
        gap, bar_height = float(theme.gap(12)), float(theme.px(14))
        stacked = self._width < theme.px(_STACKED)
        longest = max((text_width(bar.shown, self._font) for bar in data.bars), default=0.0)
        value_width = min(longest, self._width * (0.5 if stacked else 0.25))
        widest = max((text_width(bar.label, self._font) for bar in data.bars), default=0.0)
        label_width = min(widest, self._width * 0.36)
        line = theme.text_px(1.45)
        top, lines, track = 0.0, [], QRectF()
        if data.has_reference:
            top = self._place_legend(line)
        for bar in data.bars:
            if stacked:
                room = self._width - value_width - gap
                words = max(text_height(bar.label, self._font, room), line)
                words = max(words, text_height(bar.shown, self._font, value_width))
                label = QRectF(0, top, room, words)
                value = QRectF(self._width - value_width, top, value_width, words)
                above = theme.px(14 if bar.reference is not None else 4)
                track = QRectF(0, top + words + above, self._width, bar_height)
                top = track.bottom() + gap
            else:
                words = max(text_height(bar.label, self._font, label_width), line)
                words = max(words, text_height(bar.shown, self._font, value_width))
                words = max(words, bar_height + theme.px(20))
                label = QRectF(0, top, label_width, words)
                value = QRectF(self._width - value_width, top, value_width, words)
                left = label_width + gap
                room = max(1.0, self._width - left - value_width - gap)
                track = QRectF(left, top + (words - bar_height) / 2, room, bar_height)
                top += words + theme.gap(4)
            lines.append(self._line(bar, label, value, track))
        self.lines = tuple(lines)
        return self._place_steps(top, track) if data.bars else top

    def _line(self, bar: Bar, label: QRectF, value: QRectF, track: QRectF) -> _Line:
        # on whole pixels, so that a bar begins sharp and ends where its value is
        track = QRectF(track.toRect())
        if self._mirrored:
            label, value, track = (mirror(r, self._width) for r in (label, value, track))
        share = self._data.share
        shape = BarShape(
            track,
            None if bar.value is None else share(bar.value),
            None if bar.reference is None else share(bar.reference),
            self._mirrored,
        )
        return _Line(bar, shape, label, value)

    def _place_legend(self, line: float) -> float:
        inset = self._theme.px(5) * 3.0
        height = text_height(self._data.reference_title, self._small, self._width - inset)
        legend = QRectF(inset, 0, self._width - inset, max(height, line))
        self._legend = mirror(legend, self._width) if self._mirrored else legend
        return legend.bottom() + self._theme.gap(4)

    def _place_steps(self, top: float, track: QRectF) -> float:
        """Put the names of the scale under the bars, leaving out those that would touch."""
        if not self._data.steps:
            return top
        height = float(self._theme.text_px(CAPTION * 1.45))
        taken = -1e9
        for place, words in self._data.steps:
            width = text_width(words, self._small)
            at = track.left() + self._data.share(place) * track.width()
            left = min(max(track.left(), at - width / 2), max(track.left(), self._width - width))
            if left < taken:
                continue
            taken = left + width + self._theme.gap(6)
            rect = QRectF(left, top, width, height)
            self._steps.append((mirror(rect, self._width) if self._mirrored else rect, words))
        return top + height


class ProfileChart(Chart):
    """Several values on one scale, each with its words, and a mark for what it is held against."""

    def __init__(
        self, theme: Theme, data: Profile, *, name: str = "", parent: QWidget | None = None
    ) -> None:
        self.data = data
        super().__init__(theme, data, name=name, parent=parent)

    def set_data(self, data: Profile) -> None:
        """Show something else."""
        self.data = data
        self._said = self._say(data)
        self._forget()

    def lay_out(self, width: float, *, mirrored: bool = False) -> ProfileDrawing:
        return ProfileDrawing(self._theme, self.data, width, mirrored=mirrored)
