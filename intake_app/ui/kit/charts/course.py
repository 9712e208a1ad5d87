"""A course: values over weeks, with a gap where nothing was measured and a line to reach."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from intake_app.domain.charts import Course
from intake_app.ui.kit.charts.base import Chart, draw_text, mirror, text_height, text_width
from intake_app.ui.theme import CAPTION, Theme

_HEIGHT = 132
"""Height of the field itself, in design pixels."""


class CourseDrawing:
    """A course laid out for one width."""

    def __init__(self, theme: Theme, data: Course, width: float, *, mirrored: bool) -> None:
        self._theme, self._data, self._width, self._mirrored = theme, data, width, mirrored
        self._small = theme.font(CAPTION)
        line = float(theme.text_px(CAPTION * 1.45))
        self._target_rect = QRectF()
        top = line + theme.px(4)
        if data.target is not None:
            height = max(line, text_height(data.target_shown, self._small, width))
            self._target_rect = QRectF(0, 0, width, height)
            top += height
        labels = [text_width(p.label, self._small) for p in data.points]
        inset = min(max(labels, default=0.0), width / 2) / 2 + theme.px(8)
        self.field = QRectF(inset, top, max(1.0, width - 2 * inset), float(theme.px(_HEIGHT)))
        self.labels = self._place_labels(line)
        self.values = self._place_values(line)
        self.height = self.field.bottom() + theme.px(10) + line if data.points else top

    def at(self, number: int) -> QPointF:
        """Return where a point lies; one that was not measured lies on the floor of the field."""
        data = self._data
        step = self.field.width() / max(1, len(data.points) - 1)
        x = self.field.left() + (number * step if len(data.points) > 1 else self.field.width() / 2)
        x = self._width - x if self._mirrored else x
        value = data.points[number].value
        share = 0.0 if value is None else data.share(value)
        return QPointF(x, self.y(share))

    def y(self, share: float) -> float:
        """Return the height at which a share of the scale lies."""
        return self.field.bottom() - share * self.field.height()

    def draw(self, painter: QPainter) -> None:
        """Draw with any painter, from its origin."""
        theme, data = self._theme, self._data
        floor = self.field.bottom()
        painter.setPen(QPen(theme.color("border"), 1))
        painter.drawLine(QPointF(0, floor), QPointF(self._width, floor))
        self._draw_target(painter)
        painter.setPen(QPen(theme.color("accent"), theme.px(2)))
        for first, second in data.strokes():
            painter.drawLine(self.at(first), self.at(second))
        for number, point in enumerate(data.points):
            self._draw_point(painter, self.at(number), measured=point.value is not None)
        for rect in self.values.values():
            # the line to reach must not strike the words through
            painter.fillRect(rect, theme.color("surface"))
        for rects, color, words in (
            (self.labels, "muted", [p.label for p in data.points]),
            (self.values, "ink", [p.shown for p in data.points]),
        ):
            for number, rect in rects.items():
                draw_text(
                    painter, rect, words[number], self._small, theme.color(color),
                    align=Qt.AlignmentFlag.AlignHCenter, mirrored=self._mirrored,
                )  # fmt: skip

    def _draw_target(self, painter: QPainter) -> None:
        theme, data = self._theme, self._data
        if data.target is None:
            return
        y = self.y(data.share(data.target))
        painter.setPen(QPen(theme.color("ink"), theme.px(2), Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(0, y), QPointF(self._width, y))
        sample = theme.px(28)
        middle = self._target_rect.center().y()
        near = self._width - sample if self._mirrored else 0.0
        painter.drawLine(QPointF(near, middle), QPointF(near + sample, middle))
        words = self._target_rect.adjusted(sample + theme.px(8), 0, 0, 0)
        words = mirror(words, self._width) if self._mirrored else words
        draw_text(
            painter, words, data.target_shown, self._small, theme.color("ink"),
            mirrored=self._mirrored,
        )  # fmt: skip

    def _draw_point(self, painter: QPainter, at: QPointF, *, measured: bool) -> None:
        theme = self._theme
        radius = float(theme.px(5))
        if measured:
            painter.setPen(QPen(theme.color("surface"), theme.px(2)))
            painter.setBrush(theme.color("accent"))
            painter.drawEllipse(at, radius, radius)
            return
        painter.setPen(QPen(theme.color("border"), theme.px(2)))
        for dx, dy in ((1, 1), (1, -1)):
            reach = QPointF(dx * radius * 0.7, dy * radius * 0.7)
            painter.drawLine(at - reach, at + reach)

    def _place_labels(self, line: float) -> dict[int, QRectF]:
        """Return the labels that fit beside each other; the last one always."""
        top = self.field.bottom() + self._theme.px(10)
        placed: dict[int, QRectF] = {}
        limit: QRectF | None = None
        for number in reversed(range(len(self._data.points))):
            width = min(text_width(self._data.points[number].label, self._small), self._width)
            rect = self._inside(QRectF(self.at(number).x() - width / 2, top, width, line))
            if limit is None or not rect.adjusted(-6, 0, 6, 0).intersects(limit):
                placed[number] = limit = rect
        return placed

    def _place_values(self, line: float) -> dict[int, QRectF]:
        """Return the values above their points, leaving out those that would touch another."""
        placed: dict[int, QRectF] = {}
        for number in reversed(range(len(self._data.points))):
            point, at = self._data.points[number], self.at(number)
            width = min(text_width(point.shown, self._small), self._width)
            top = at.y() - line - self._theme.px(7)
            rect = self._inside(QRectF(at.x() - width / 2, top, width, line))
            if not any(rect.adjusted(-6, 0, 6, 0).intersects(other) for other in placed.values()):
                placed[number] = rect
        return placed

    def _inside(self, rect: QRectF) -> QRectF:
        rect.moveLeft(min(max(0.0, rect.left()), max(0.0, self._width - rect.width())))
        return rect


class CourseChart(Chart):
    """Values over time; what does not fit beside a point is in the table."""

    def __init__(
        self, theme: Theme, data: Course, *, name: str = "", parent: QWidget | None = None
    ) -> None:
        self.data = data
        super().__init__(theme, data, name=name, parent=parent)

    def set_data(self, data: Course) -> None:
        """Show something else."""
        self.data = data
        self._said = self._say(data)
        self._forget()

    def lay_out(self, width: float, *, mirrored: bool = False) -> CourseDrawing:
        return CourseDrawing(self._theme, self.data, width, mirrored=mirrored)
