"""The parts of a scale: a step as a button, a slider that can stand nowhere, words at the ends."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSlider, QVBoxLayout, QWidget

from intake_app.ui.interview.questions.choice_button import ChoiceButton
from intake_app.ui.kit.text import LangLabel
from intake_app.ui.theme import Theme
from intake_app.xforms import ChoiceView, ShownText


class StepButton(ChoiceButton):
    """One step of a short scale."""

    def __init__(self, theme: Theme, step: str, shown: str, name: str, parent: QWidget) -> None:
        choice = ChoiceView(step, ShownText(name, "nl"), "")
        super().__init__(theme, choice, None, single=True, parent=parent)
        self._text = shown
        self.across = True
        self.setObjectName(f"scale-{step}")
        self.setFont(theme.font(1.07))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        return False

    def sizeHint(self) -> QSize:  # noqa: N802
        words = QFontMetricsF(self.font()).horizontalAdvance(self._text)
        # the width grows slower than type, so that ten steps stay one row at 200 %
        wide = max(self._theme.gap(48), round(words) + 2 * self._theme.gap(12))
        return QSize(wide, self._theme.px(48))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.draw_ground(painter)
        painter.setFont(self.font())
        painter.setPen(self._theme.color("accent" if self.isChecked() else "ink"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._text)


class RangeSlider(QSlider):
    """A slider that can stand nowhere: until it is set its handle is only an outline in the middle.

    `placed` tells that a hand or a key has set it. The wheel scrolls the page and never the answer.
    """

    placed = Signal()

    def __init__(self, theme: Theme, orientation: Qt.Orientation) -> None:
        super().__init__(orientation)
        self._theme = theme
        self.unset = True
        self.ticks = 0
        self.wrong = False
        self.setObjectName("answer-slider")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setTracking(True)
        if orientation is Qt.Orientation.Horizontal:
            self.setMinimumSize(theme.px(120), theme.px(44))
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        else:
            self.setMinimumSize(theme.px(44), theme.px(220))
            self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        key = Qt.Key(event.key())
        moves = {
            Qt.Key.Key_Left,
            Qt.Key.Key_Right,
            Qt.Key.Key_Up,
            Qt.Key.Key_Down,
            Qt.Key.Key_PageUp,
            Qt.Key.Key_PageDown,
            Qt.Key.Key_Home,
            Qt.Key.Key_End,
        }
        if key not in moves or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            event.ignore()
            return
        if self.unset and key not in {Qt.Key.Key_Home, Qt.Key.Key_End}:
            self.setValue((self.minimum() + self.maximum()) // 2)
        else:
            super().keyPressEvent(event)
        self._place()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if event.button() == Qt.MouseButton.LeftButton:
            self._follow(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._follow(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        del event

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        first, last = self._spot(self.minimum()), self._spot(self.maximum())
        painter.setPen(QPen(theme.color("border"), 2))
        painter.drawLine(first, last)
        for number in range(self.ticks):
            value = self.minimum() + round(
                number * (self.maximum() - self.minimum()) / max(1, self.ticks - 1)
            )
            at = self._spot(value)
            off = QPointF(0, theme.px(9)) if self._lies else QPointF(theme.px(9), 0)
            painter.drawLine(at - off, at + off)
        radius = float(theme.px(11))
        if self.unset:
            middle = (first + last) / 2
            pen = QPen(theme.color("err" if self.wrong else "border"), 2, Qt.PenStyle.DashLine)
            painter.setPen(pen)
            painter.setBrush(theme.color("surface"))
            painter.drawEllipse(middle, radius, radius)
            return
        here = self._spot(self.value())
        painter.setPen(QPen(theme.color("err" if self.wrong else "accent"), 4))
        painter.drawLine(first, here)
        painter.setPen(QPen(theme.color("surface"), 2))
        painter.setBrush(theme.color("err" if self.wrong else "accent"))
        painter.drawEllipse(here, radius, radius)

    @property
    def _lies(self) -> bool:
        return self.orientation() is Qt.Orientation.Horizontal

    @property
    def _turned(self) -> bool:
        """True where the low end is at the right, or at the foot of a standing one."""
        return not self._lies or self.layoutDirection() is Qt.LayoutDirection.RightToLeft

    def _spot(self, value: int) -> QPointF:
        share = (value - self.minimum()) / max(1, self.maximum() - self.minimum())
        share = 1 - share if self._turned else share
        edge = self._theme.px(13)
        if self._lies:
            return QPointF(edge + share * (self.width() - 2 * edge), self.height() / 2)
        return QPointF(self.width() / 2, edge + share * (self.height() - 2 * edge))

    def _follow(self, event: QMouseEvent) -> None:
        edge = self._theme.px(13)
        at, room = (
            (event.position().x(), self.width())
            if self._lies
            else (event.position().y(), self.height())
        )
        share = min(max((at - edge) / max(1, room - 2 * edge), 0.0), 1.0)
        share = 1 - share if self._turned else share
        self.setValue(self.minimum() + round(share * (self.maximum() - self.minimum())))
        self._place()

    def _place(self) -> None:
        self.unset = False
        self.update()
        self.placed.emit()


class EndWords(QWidget):
    """What the first and the last step mean, in both languages, each at its own side."""

    def __init__(self, theme: Theme, first: Sequence[ShownText], last: Sequence[ShownText]) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.gap(24))
        for place, texts in enumerate((first, last)):
            column = QVBoxLayout()
            row.addLayout(column, 1)
            column.setSpacing(0)
            for text in texts:
                label = LangLabel(theme, text.text, text.language)
                side = Qt.AlignmentFlag.AlignLeft if place == 0 else Qt.AlignmentFlag.AlignRight
                if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
                    flip = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignRight
                    side = flip & ~side
                label.setAlignment(side | Qt.AlignmentFlag.AlignAbsolute)
                column.addWidget(label)
            column.addStretch(1)
