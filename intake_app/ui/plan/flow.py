"""A row of widgets that goes on below when the width is used up, mirrored with the window.

A widget that places its children itself, not a layout: the items of a layout written in Python can
be gone from Python's side while their widgets live on (measured with PySide6 6.12).
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QStyle, QWidget


class FlowRow(QWidget):
    """Places its visible children like words, each at its own size.

    With `apart` the last of two or more stands at the far end while all fit in one line.
    """

    def __init__(self, gap: int, *widgets: QWidget, apart: bool = False) -> None:
        super().__init__()
        self._gap, self._apart = gap, apart
        self._widgets = widgets
        for widget in widgets:
            widget.setParent(self)
            widget.installEventFilter(self)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        return max((spot.bottom() + 1 for _, spot in self._spots(width)), default=0)

    def sizeHint(self) -> QSize:  # noqa: N802
        shown = self._shown()
        width = sum(widget.sizeHint().width() for widget in shown)
        width += self._gap * max(0, len(shown) - 1)
        return QSize(width, self.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        widest = max((widget.minimumSizeHint().width() for widget in self._shown()), default=0)
        return QSize(widest, self.heightForWidth(self.width()))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._place()
        if self.heightForWidth(self.width()) != self.height():
            # a layout round this one may have kept the height of another width
            self.updateGeometry()

    def eventFilter(self, _watched: object, event: QEvent) -> bool:  # noqa: N802
        """Place anew when a child shows, hides or wants another size."""
        moved = {QEvent.Type.ShowToParent, QEvent.Type.HideToParent, QEvent.Type.LayoutRequest}
        if event.type() in moved:
            self.updateGeometry()
            self._place()
        return False

    def _shown(self) -> list[QWidget]:
        return [widget for widget in self._widgets if not widget.isHidden()]

    def _spots(self, width: int) -> list[tuple[QWidget, QRect]]:
        """Return where each widget goes: in lines, in the middle of its line."""
        found: list[tuple[QWidget, QRect]] = []
        line: list[tuple[QWidget, QRect]] = []
        x = y = tallest = 0
        for widget in self._shown():
            hint = widget.sizeHint()
            if x and x + hint.width() > width:
                found += _centred(line, tallest)
                line, x, y, tallest = [], 0, y + tallest + self._gap, 0
            size = QSize(min(hint.width(), max(width, 1)), hint.height())
            line.append((widget, QRect(QPoint(x, y), size)))
            x += size.width() + self._gap
            tallest = max(tallest, size.height())
        if self._apart and not found and len(line) > 1:
            last, spot = line.pop()
            line.append((last, spot.translated(max(0, width - spot.right() - 1), 0)))
        return found + _centred(line, tallest)

    def _place(self) -> None:
        whole = QRect(0, 0, self.width(), self.height())
        for widget, spot in self._spots(self.width()):
            widget.setGeometry(QStyle.visualRect(self.layoutDirection(), whole, spot))


def _centred(line: list[tuple[QWidget, QRect]], tallest: int) -> list[tuple[QWidget, QRect]]:
    return [(each, spot.translated(0, (tallest - spot.height()) // 2)) for each, spot in line]
