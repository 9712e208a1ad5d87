"""The line: the stations of a person's way, dated, each to be chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from intake_app.ui.kit.icons import draw_icon
from intake_app.ui.theme import BODY, CAPTION, NORMAL, SEMIBOLD, Theme

State = Literal["done", "current", "open", "not_applicable", "failed"]
_RADIUS = 12.0


@dataclass(frozen=True, slots=True)
class StationMark:
    """One station as it is shown: `note` is the date or a word; `spoken` the whole in words."""

    key: str
    label: str
    state: State
    note: str = ""
    spoken: str = ""


class StationsLine(QWidget):
    """Draws the line across, or downwards where there is no room; each station is a button."""

    chosen = Signal(str)

    def __init__(
        self, theme: Theme, marks: Sequence[StationMark] = (), *, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._stations: list[_Station] = []
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.set_marks(marks)

    def set_marks(self, marks: Sequence[StationMark]) -> None:
        """Show these stations instead; the focus stays on the same station."""
        current = self.window().focusWidget()
        focused = next((s.mark.key for s in self._stations if s is current), "")
        for station in self._stations:
            station.hide()
            station.deleteLater()
        self._stations = []
        for mark in marks:
            station = _Station(self._theme, mark, self)
            station.clicked.connect(lambda _on=False, key=mark.key: self.chosen.emit(key))
            station.show()
            self._stations.append(station)
            if mark.key == focused:
                station.setFocus()
        self._arrange()
        self.updateGeometry()
        self.update()

    def marks(self) -> tuple[StationMark, ...]:
        """Return what is shown."""
        return tuple(station.mark for station in self._stations)

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        if self._fits_across(width):
            return self._across_height()
        return len(self._stations) * self._down_height()

    def sizeHint(self) -> QSize:  # noqa: N802
        width = max(1, len(self._stations)) * self._widest()
        return QSize(width, self._across_height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(self._widest() + self._theme.px(40), self._theme.px(44))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._arrange()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        reach = theme.px(_RADIUS + 2)
        for before, after in zip(self._stations, self._stations[1:], strict=False):
            passed = before.mark.state in {"done", "not_applicable"} and after.mark.state != "open"
            painter.setPen(QPen(theme.color("accent" if passed else "hairline"), theme.px(3)))
            start, end = before.center(), after.center()
            if self._fits_across(self.width()):
                step = reach if end.x() > start.x() else -reach
                painter.drawLine(
                    QPointF(start.x() + step, start.y()), QPointF(end.x() - step, end.y())
                )
            else:
                painter.drawLine(
                    QPointF(start.x(), start.y() + reach), QPointF(end.x(), end.y() - reach)
                )

    def _arrange(self) -> None:
        count = len(self._stations)
        if not count:
            return
        rtl = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        across = self._fits_across(self.width())
        for number, station in enumerate(self._stations):
            station.across = across
            if across:
                slot = (count - 1 - number) if rtl else number
                left = round(slot * self.width() / count)
                right = round((slot + 1) * self.width() / count)
                station.setGeometry(QRect(left, 0, right - left, self._across_height()))
            else:
                height = self._down_height()
                station.setGeometry(QRect(0, number * height, self.width(), height))
        self.update()

    def _fits_across(self, width: int) -> bool:
        return width >= len(self._stations) * self._widest()

    def _widest(self) -> int:
        metrics = QFontMetricsF(self._theme.font(BODY, SEMIBOLD))
        small = QFontMetricsF(self._theme.font(CAPTION))
        words = [metrics.horizontalAdvance(s.mark.label) for s in self._stations]
        words += [small.horizontalAdvance(s.mark.note) for s in self._stations]
        return round(max(words, default=60.0)) + self._theme.gap(16)

    def _across_height(self) -> int:
        theme = self._theme
        return theme.px(2 * _RADIUS + 6) + round(theme.text_px(1.45) + theme.text_px(1.2)) + 2

    def _down_height(self) -> int:
        return self._theme.px(48)


class _Station(QAbstractButton):
    def __init__(self, theme: Theme, mark: StationMark, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.mark = mark
        self.across = True
        self.setObjectName(f"station-{mark.key}")
        self.setText(mark.label)
        self.setAccessibleName(mark.spoken or " ".join(p for p in (mark.label, mark.note) if p))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def sizeHint(self) -> QSize:  # noqa: N802
        return self.size()

    def center(self) -> QPointF:
        """Return the middle of the circle in the coordinates of the line."""
        radius = self._theme.px(_RADIUS)
        if self.across:
            return QPointF(self.x() + self.width() / 2, self.y() + radius + 3)
        rtl = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        x = self.width() - radius - 4 if rtl else radius + 4
        return QPointF(self.x() + x, self.y() + self.height() / 2)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        center = self.center() - QPointF(self.pos())
        self._draw_circle(painter, center)
        self._draw_words(painter, center)

    def _draw_circle(self, painter: QPainter, center: QPointF) -> None:
        theme, state = self._theme, self.mark.state
        radius = float(theme.px(_RADIUS))
        color = theme.color(
            {"done": "accent", "current": "accent", "failed": "err"}.get(state, "border")
        )
        painter.setPen(QPen(color, 2.5))
        painter.setBrush(color if state in {"done", "failed"} else theme.color("surface"))
        painter.drawEllipse(center, radius, radius)
        half = radius * 0.68
        box = QRectF(center.x() - half, center.y() - half, 2 * half, 2 * half)
        if state == "done":
            draw_icon(painter, "check", theme.color("accent_on"), box)
        elif state == "failed":
            draw_icon(painter, "close", theme.color("surface"), box)
        elif state == "not_applicable":
            draw_icon(painter, "minus", theme.color("muted"), box)
        elif state == "current":
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent"))
            painter.drawEllipse(center, radius * 0.42, radius * 0.42)

    def _draw_words(self, painter: QPainter, center: QPointF) -> None:
        theme = self._theme
        font = theme.font(BODY, SEMIBOLD if self.mark.state == "current" else NORMAL)
        small = theme.font(CAPTION)
        line, note_line = theme.text_px(1.45), theme.text_px(1.3)
        if self.across:
            top = center.y() + theme.px(_RADIUS) + theme.px(4)
            label = QRectF(0, top, self.width(), line)
            note = QRectF(0, top + line - 2, self.width(), note_line)
            flags = Qt.AlignmentFlag.AlignCenter
        else:
            rtl = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
            inset = theme.px(2 * _RADIUS + 16)
            width = self.width() - inset
            height = line + (note_line - 4 if self.mark.note else 0)
            top = (self.height() - height) / 2
            label = QRectF(0 if rtl else inset, top, width, line)
            note = QRectF(label.left(), top + line - 4, width, note_line)
            side = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
            flags = side | Qt.AlignmentFlag.AlignVCenter
        painter.setPen(theme.color("ink"))
        painter.setFont(font)
        painter.drawText(label, flags, self.mark.label)
        painter.setPen(theme.color("muted"))
        painter.setFont(small)
        painter.drawText(note, flags, self.mark.note)
