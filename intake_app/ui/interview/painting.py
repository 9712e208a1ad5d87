"""Text that is drawn rather than put in labels, so that a screen reader hears a row once."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QTextLayout, QTextOption

from intake_app.ui.theme import BODY, NORMAL, Theme, layout_direction, line_height

_WIDE = 100_000.0


class Laid:
    """A text in its own language, laid out for any width and drawn with that language's leading."""

    def __init__(
        self,
        theme: Theme,
        text: str,
        language: str,
        *,
        factor: float = BODY,
        weight: QFont.Weight = NORMAL,
    ) -> None:
        self.text = text
        self.language = language
        self._font = theme.font_for(language, factor, weight)
        spacing = line_height(language)
        self._leading = theme.text_px(factor) * (
            1.3 if factor >= 1.4 and spacing < 1.5 else spacing
        )
        self._cached: tuple[float, bool, QTextLayout, int] | None = None

    @property
    def natural_width(self) -> float:
        """Return the width the text takes on one line."""
        layout, lines = self._layout(_WIDE, at_end=False)
        return max((layout.lineAt(i).naturalTextWidth() for i in range(lines)), default=0.0) + 1

    def height(self, width: float) -> float:
        """Return the height at a width in device-independent pixels."""
        return self._layout(max(1.0, width), at_end=False)[1] * self._leading

    def draw(self, painter: QPainter, rect: QRectF, color: QColor, *, at_end: bool = False) -> None:
        """Draw centred vertically in `rect`; `at_end` puts left-to-right text at the right edge."""
        layout, lines = self._layout(max(1.0, rect.width()), at_end=at_end)
        painter.setPen(color)
        top = rect.top() + max(0.0, (rect.height() - lines * self._leading) / 2)
        layout.draw(painter, QPointF(rect.left(), top))

    def _layout(self, width: float, *, at_end: bool) -> tuple[QTextLayout, int]:
        if self._cached is not None and self._cached[:2] == (width, at_end):
            return self._cached[2], self._cached[3]
        layout = QTextLayout(self.text.replace("\n", "\u2028"), self._font)
        option = QTextOption()
        direction = layout_direction(self.language)
        option.setTextDirection(direction)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        if at_end and direction is Qt.LayoutDirection.LeftToRight:
            option.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute)
        else:
            option.setAlignment(Qt.AlignmentFlag.AlignLeading)
        layout.setTextOption(option)
        layout.beginLayout()
        lines = 0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            spare = (self._leading - line.height()) / 2
            line.setPosition(QPointF(0.0, lines * self._leading + spare))
            lines += 1
        layout.endLayout()
        self._cached = (width, at_end, layout, max(1, lines))
        return layout, max(1, lines)
