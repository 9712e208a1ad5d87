"""What a choice on screen is, whatever its shape: a target, a state, keys."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget

from intake_app.i18n.bidi import isolate
from intake_app.i18n.languages import direction
from intake_app.ui.kit.icons import draw_icon
from intake_app.ui.theme import Theme
from intake_app.xforms import ChoiceView

_ALONG = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_ACROSS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class ChoiceButton(QCheckBox):
    """All of it is the target. It never changes itself: `chosen` asks, `set_on` answers.

    A screen reader hears one control with both languages as its name, as a radio button or a
    check box. `question` goes before the name where a choice is met apart from its question.
    """

    enter_goes_on = True
    """Enter is for the next question; the space bar chooses."""

    chosen = Signal(str)
    step = Signal(int)
    """Up or down was pressed: -1 or +1."""
    cross = Signal(int)
    """Left or right was pressed, as one reads: -1 is back. Only where `across` is on."""

    def __init__(
        self,
        theme: Theme,
        choice: ChoiceView,
        other: ChoiceView | None,
        *,
        number: int = 0,
        single: bool,
        question: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self.choice = choice
        self.number = number
        self.across = False
        self._single = single
        self._hovered = False
        self._wrong = False
        self._missing = other is not None and other.label.status == "missing"
        self._showing = False
        self.setAccessibleName(
            f"{question}: {both(choice, other)}" if question else both(choice, other)
        )
        self.setObjectName(f"choice-{choice.value}")
        self.setAutoExclusive(single)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # a button that is on in an exclusive group is never asked for its next state
        self.clicked.connect(lambda: self.chosen.emit(self.choice.value))
        self.toggled.connect(self._toggled)

    def set_on(self, on: bool) -> None:
        """Show the choice as made or not."""
        if on != self.isChecked():
            self._showing = True
            # an exclusive button refuses to be switched off by itself
            self.setAutoExclusive(False)
            self.setChecked(on)
            self.setAutoExclusive(self._single)
            self._showing = False
        self.update()

    def _toggled(self, on: bool) -> None:
        """Take what an assistive client did as a choice: it toggles, and never clicks."""
        if self._showing or (self._single and not on):
            # one of a group that went off is what the one that went on asks for
            return
        self.set_on(not on)
        self.chosen.emit(self.choice.value)

    def set_wrong(self, wrong: bool) -> None:
        """Show, or no longer, that something is the matter with the answer."""
        if wrong != self._wrong:
            self._wrong = wrong
            self.update()

    def set_stacked(self, stacked: bool) -> None:
        """Put the other language under the Dutch, where there is a choice."""

    def nextCheckState(self) -> None:  # noqa: N802
        """Stay as it is: only what was stored shows."""

    def hitButton(self, pos: QPoint) -> bool:  # noqa: N802
        return self.rect().contains(pos)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        key = Qt.Key(event.key())
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key in _ALONG and plain:
            self.step.emit(_ALONG[key])
        elif key in _ACROSS and plain and self.across:
            rtl = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
            self.cross.emit(-_ACROSS[key] if rtl else _ACROSS[key])
        elif key in _ACROSS:
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

    # ---- drawing -------------------------------------------------------------------------------

    def edge(self) -> tuple[QColor, float]:
        """Return colour and width of the edge as it stands now."""
        on = self.isChecked()
        token = "err" if self._wrong else "accent" if on else "border"
        return self._theme.color(token), 2.0 if on or self._wrong else 1.5

    def draw_ground(self, painter: QPainter, *, resting: bool = True) -> None:
        """Draw edge and ground; without `resting` only where it is chosen or pointed at."""
        color, width = self.edge()
        on = self.isChecked()
        ground = "accent_soft" if on else ("sunken" if self._hovered else "surface")
        if not resting and not on and not self._hovered:
            return
        painter.setPen(QPen(color, width) if resting or on else Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color(ground))
        box = QRectF(self.rect()).adjusted(width / 2, width / 2, -width / 2, -width / 2)
        painter.drawRoundedRect(box, self._theme.px(8), self._theme.px(8))

    def draw_indicator(self, painter: QPainter, spot: QRectF) -> None:
        """Draw the round mark of one choice, or the square one of several."""
        theme, on = self._theme, self.isChecked()
        edge = "err" if self._wrong and not on else "accent" if on else "border"
        painter.setPen(QPen(theme.color(edge), 2))
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

    def draw_number(self, painter: QPainter, spot: QRectF) -> None:
        """Draw the key that chooses this."""
        draw_key(painter, self._theme, str(self.number), spot)


def draw_key(painter: QPainter, theme: Theme, key: str, spot: QRectF) -> None:
    """Draw a key of the keyboard in a small box."""
    painter.setFont(theme.font(0.8))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.color("border"), 1))
    painter.drawRoundedRect(spot.adjusted(0.5, 1.5, -0.5, -1.5), theme.px(4), theme.px(4))
    painter.setPen(theme.color("muted"))
    painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, key)


def both(choice: ChoiceView, other: ChoiceView | None) -> str:
    """Return a choice in both languages, as a screen reader says it."""
    if other is None or other.label.status == "missing":
        return choice.label.text
    return f"{choice.label.text} / {isolate(other.label.text, direction(other.label.language))}"
