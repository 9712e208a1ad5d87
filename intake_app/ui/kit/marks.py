"""What check boxes and radio buttons look like: a mark, then words that wrap."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton

from intake_app.ui.kit.icons import draw_icon
from intake_app.ui.theme import Theme


class Mark:
    """Drawing shared by check boxes and radio buttons: mark, then words that wrap."""

    theme: Theme

    def mark_size(self) -> int:
        return self.theme.px(22)

    def words_left(self) -> int:
        return self.mark_size() + self.theme.gap(12)

    def height_at(self, button: QAbstractButton, width: int) -> int:
        rect = self.words_rect(button.fontMetrics(), button.text(), width)
        return max(self.theme.px(32), rect.height() + self.theme.gap(8))

    def words_rect(self, metrics: QFontMetrics, text: str, width: int) -> QRect:
        room = QRect(0, 0, max(40, width - self.words_left()), 100_000)
        return metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, text)

    def hint(self, button: QAbstractButton) -> QSize:
        width = self.words_left() + button.fontMetrics().horizontalAdvance(button.text()) + 4
        return QSize(width, self.height_at(button, width))

    def draw(self, button: QAbstractButton, *, round_mark: bool) -> None:
        theme = self.theme
        painter = QPainter(button)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        size = float(self.mark_size())
        rtl = button.layoutDirection() is Qt.LayoutDirection.RightToLeft
        x = button.width() - size - 1 if rtl else 1.0
        box = QRectF(x, (button.height() - size) / 2, size, size).adjusted(1, 1, -1, -1)
        on = button.isChecked()
        edge = "accent" if on else "border"
        ground = "accent" if on and not round_mark else "surface"
        if not button.isEnabled():
            edge, ground = "hairline", "sunken"
        painter.setPen(QPen(theme.color(edge), 2))
        painter.setBrush(theme.color(ground))
        radius = box.width() / 2 if round_mark else theme.px(5)
        painter.drawRoundedRect(box, radius, radius)
        if on and round_mark:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent"))
            painter.drawEllipse(box.center(), box.width() * 0.25, box.width() * 0.25)
        elif on:
            draw_icon(painter, "check", theme.color("accent_on"), box.adjusted(1, 1, -1, -1))
        left = 0 if rtl else self.words_left()
        room = QRect(left, 0, button.width() - self.words_left(), button.height())
        painter.setPen(theme.color("ink" if button.isEnabled() else "muted"))
        painter.setFont(button.font())
        flags = Qt.TextFlag.TextWordWrap.value | Qt.AlignmentFlag.AlignVCenter.value
        flags |= (Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft).value
        painter.drawText(room, flags | Qt.AlignmentFlag.AlignAbsolute.value, button.text())
