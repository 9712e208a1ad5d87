"""Buttons: one primary on a page, quiet ones beside it, links, and the rare dangerous one."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from intake_app.i18n.bidi import isolate
from intake_app.ui.kit.icons import draw_icon
from intake_app.ui.theme import BODY, NORMAL, SEMIBOLD, Theme


class KitButton(QPushButton):
    """Draws itself: icon, words and, apart from them, the key that does the same.

    The key is never part of the words: mixed text falls apart in a right-to-left window.
    """

    height_units = 44.0
    side_units = 16.0
    weight = NORMAL

    def __init__(
        self,
        theme: Theme,
        text: str,
        *,
        icon: str = "",
        key: str = "",
        name: str = "",
        trailing_icon: str = "",
        factor: float = BODY,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._theme = theme
        self._icon_name = icon
        self._trailing = trailing_icon
        self._key = key
        self._hovered = False
        self._told = False
        self._measured: tuple[tuple[object, ...], QSize] | None = None
        self.toggled.connect(self._assisted)
        self.setFont(theme.font(factor, self.weight))
        self._key_font = theme.font(0.8)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)
        if name:
            self.setObjectName(name)

    def setChecked(self, on: bool) -> None:  # noqa: N802
        """Show as on or off; the program says so."""
        self._told = True
        super().setChecked(on)
        self._told = False

    def nextCheckState(self) -> None:  # noqa: N802
        """Change by a click, which is told of by `clicked`."""
        self._told = True
        super().nextCheckState()
        self._told = False

    def _assisted(self, on: bool) -> None:
        """Take what an assistive client did as a click: it toggles, and `clicked` never comes."""
        group = self.group()
        of_many = self.autoExclusive() or (group is not None and group.exclusive())
        if self._told or (of_many and not on):
            return
        self.setChecked(not on)
        self.click()

    def set_icon(self, name: str) -> None:
        """Change the icon before the words; '' for none."""
        self._icon_name = name
        self.updateGeometry()
        self.update()

    @property
    def key(self) -> str:
        """Return the key shown beside the words, '' for none."""
        return self._key

    def set_key(self, key: str) -> None:
        """Change the key shown beside the words; '' for none."""
        self._key = key
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        theme, words = self._theme, self._words()
        # a page asks for it many times, and measuring letters is what takes long
        shown = (words, self._icon_name, self._trailing, self._key)
        looks = (*shown, self.font().key(), self.side_units, self.height_units)
        if self._measured is not None and self._measured[0] == looks:
            return QSize(self._measured[1])
        width = QFontMetricsF(self.font()).horizontalAdvance(words)
        width += 2 * theme.gap(self.side_units) + 2
        for icon in (self._icon_name, self._trailing):
            if icon:
                width += theme.px(20) + (theme.gap(8) if words else 0)
        if self._key:
            width += theme.gap(8) + self._key_width()
        size = QSize(round(width + 0.5), theme.px(self.height_units))
        self._measured = looks, size
        return QSize(size)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.isEnabled():
            self.click()
            event.accept()
            return
        super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802
        self._hovered = True
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        self._hovered = False
        self.update()
        super().leaveEvent(event)

    def colors(self) -> tuple[QColor | None, QColor | None, QColor]:
        """Return ground, edge and ink; None leaves the ground or the edge out."""
        raise NotImplementedError

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        ground, edge, ink = self.colors()
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.75, 0.75, -0.75, -0.75)
        if ground is not None or edge is not None:
            painter.setPen(QPen(edge, 1.5) if edge is not None else Qt.PenStyle.NoPen)
            painter.setBrush(ground if ground is not None else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, theme.px(8), theme.px(8))
        self._draw_inside(painter, ink)

    def _draw_inside(self, painter: QPainter, ink: QColor) -> None:
        theme = self._theme
        rtl = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        words = self._words()
        size, gap = float(theme.px(20)), float(theme.gap(8))
        words_width = QFontMetricsF(self.font()).horizontalAdvance(words)
        parts: list[tuple[str, float]] = []
        if self._icon_name:
            parts.append(("icon", size))
        if words:
            parts.append(("words", words_width + 1))
        if self._trailing:
            parts.append(("trailing", size))
        if self._key:
            parts.append(("key", self._key_width()))
        total = sum(width for _, width in parts) + gap * (len(parts) - 1)
        x = (self.width() - total) / 2
        for part, width in reversed(parts) if rtl else parts:
            rect = QRectF(x, 0, width, self.height())
            if part == "words":
                painter.setFont(self.font())
                painter.setPen(ink)
                # in a mirrored window a question mark must not jump to the front of Dutch words
                shown = isolate(words) if rtl else words
                painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, shown)
            elif part == "key":
                self._draw_key(painter, rect)
            else:
                name = self._icon_name if part == "icon" else self._trailing
                spot = QRectF(x, (self.height() - size) / 2, size, size)
                draw_icon(painter, name, ink, spot, rtl=rtl)
            x += width + gap

    def _draw_key(self, painter: QPainter, rect: QRectF) -> None:
        theme = self._theme
        height = QFontMetricsF(self._key_font).height() + 2
        box = QRectF(rect.left(), (self.height() - height) / 2, rect.width(), height)
        _, _, ink = self.colors()
        painter.setFont(self._key_font)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(ink, 1))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), theme.px(4), theme.px(4))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._key)

    def _key_width(self) -> float:
        words = QFontMetricsF(self._key_font).horizontalAdvance(self._key)
        return float(words + 2 * self._theme.gap(6))

    def _words(self) -> str:
        return self.text().replace("&&", "\0").replace("&", "").replace("\0", "&")

    def _blend(self, color: QColor, other: QColor, share: float) -> QColor:
        return QColor.fromRgbF(
            color.redF() * (1 - share) + other.redF() * share,
            color.greenF() * (1 - share) + other.greenF() * share,
            color.blueF() * (1 - share) + other.blueF() * share,
        )


class PrimaryButton(KitButton):
    """The one next action of a page; Enter anywhere on the page presses it when it is default."""

    side_units = 24.0
    weight = SEMIBOLD

    def colors(self) -> tuple[QColor | None, QColor | None, QColor]:
        color = self._theme.color
        if not self.isEnabled():
            return color("sunken"), color("hairline"), color("muted")
        accent = color("accent")
        if self.isDown():
            accent = self._blend(accent, color("ink"), 0.3)
        elif self._hovered:
            accent = self._blend(accent, color("ink"), 0.15)
        return accent, accent, color("accent_on")


class QuietButton(KitButton):
    """A secondary action: an edge, no colour."""

    def colors(self) -> tuple[QColor | None, QColor | None, QColor]:
        color = self._theme.color
        if not self.isEnabled():
            return None, color("hairline"), color("muted")
        ground = color("surface")
        if self.isChecked():
            return color("accent_soft"), color("accent"), color("accent")
        if self._hovered or self.isDown():
            ground = color("sunken")
        return ground, color("border"), color("ink")


class LinkButton(KitButton):
    """A third-rank action: words in the accent colour, no edge."""

    side_units = 12.0

    def colors(self) -> tuple[QColor | None, QColor | None, QColor]:
        color = self._theme.color
        if not self.isEnabled():
            return None, None, color("muted")
        ground = color("accent_soft") if self._hovered or self.isDown() else None
        return ground, None, color("accent")


class DangerButton(KitButton):
    """Takes something away; never beside the primary button."""

    def colors(self) -> tuple[QColor | None, QColor | None, QColor]:
        color = self._theme.color
        if not self.isEnabled():
            return None, color("hairline"), color("muted")
        ground = color("err_soft") if self._hovered or self.isDown() else color("surface")
        return ground, color("err"), color("err")


class TextLink(LinkButton):
    """A link in line with text: no space at its sides, underlined when it is about to be used."""

    height_units = 32.0
    side_units = 0.0

    def colors(self) -> tuple[QColor | None, QColor | None, QColor]:
        return None, None, self._theme.color("accent" if self.isEnabled() else "muted")

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        font = QFont(self.font())
        underline = self._hovered or self.hasFocus()
        if font.underline() != underline:
            font.setUnderline(underline)
            self.setFont(font)
        super().paintEvent(event)
