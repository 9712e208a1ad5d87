"""The rail at the side of the window: five places, icon and word."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.kit import draw_icon
from intake_app.ui.theme import NORMAL, SEMIBOLD, Theme


class Place(StrEnum):
    """The five places of the rail."""

    TODAY = "today"
    PEOPLE = "people"
    HANDOVER = "handover"
    OVERVIEW = "overview"
    SETTINGS = "settings"


class Rail(QWidget):
    """Five places, icon and word."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, tr: UiTexts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("rail")
        self.setAccessibleName(tr.gettext("Plaatsen"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.gap(8), 1, theme.gap(8))
        column.setSpacing(0)
        labels = {
            Place.TODAY: tr.gettext("Vandaag"),
            Place.PEOPLE: tr.gettext("Mensen"),
            Place.HANDOVER: tr.gettext("Overdracht"),
            Place.OVERVIEW: tr.gettext("Overzicht"),
            Place.SETTINGS: tr.gettext("Instellingen"),
        }
        self.current: Place | None = None
        self.buttons: dict[Place, RailButton] = {}
        for place, label in labels.items():
            button = RailButton(theme, label, place)
            button.clicked.connect(lambda _on=False, p=place: self.chosen.emit(p.value))
            self.buttons[place] = button
            column.addWidget(button)
        column.addStretch(1)
        widest = max(button.sizeHint().width() for button in self.buttons.values())
        self.setFixedWidth(max(theme.px(88), widest + 1))

    def set_current(self, place: Place) -> None:
        """Mark where we are."""
        self.current = place
        for own, button in self.buttons.items():
            button.set_current(own is place)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("surface"))
        rtl = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        x = 0 if rtl else self.width() - 1
        painter.fillRect(x, 0, 1, self.height(), self._theme.color("hairline"))


class RailButton(QAbstractButton):
    """One place of the rail."""

    def __init__(self, theme: Theme, label: str, place: Place) -> None:
        super().__init__()
        self._theme, self._place = theme, place
        self._current = False
        self.setText(label)
        self.setObjectName(f"rail-{place.value}")
        self.setAccessibleName(label)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.setProperty("innerFocusRing", "true")

    def set_current(self, on: bool) -> None:
        """Mark as the place we are in."""
        self._current = on
        self.setAccessibleDescription("✓" if on else "")
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        metrics = QFontMetricsF(self._theme.font(0.83, SEMIBOLD))
        width = round(metrics.horizontalAdvance(self.text())) + self._theme.gap(14)
        return QSize(width, self._theme.px(70))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(self.sizeHint().width(), self._theme.px(50))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        theme = self._theme
        painter = QPainter(self)
        rtl = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        if self._current:
            painter.fillRect(self.rect(), theme.color("accent_soft"))
            bar = theme.px(3)
            x = self.width() - bar if rtl else 0
            painter.fillRect(x, 0, bar, self.height(), theme.color("accent"))
        elif self.underMouse():
            painter.fillRect(self.rect(), theme.color("sunken"))
        ink = theme.color("accent" if self._current else "muted")
        size = float(theme.px(24 if self.height() >= theme.px(60) else 22))
        line = theme.text_px(0.83) * 1.45
        top = (self.height() - size - line - theme.px(2)) / 2
        box = QRectF((self.width() - size) / 2, top, size, size)
        draw_icon(painter, self._place.value, ink, box, rtl=rtl)
        painter.setPen(ink)
        painter.setFont(theme.font(0.83, SEMIBOLD if self._current else NORMAL))
        words = QRectF(0, top + size + theme.px(2), self.width(), line)
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self.text())
