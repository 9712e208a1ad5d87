"""A row of widgets that goes on below when the width is used up, mirrored with the window."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLayout, QStyle, QWidget
from shiboken6 import isValid


class FlowLayout(QHBoxLayout):
    """Lays widgets out like words. Height follows from the width.

    The items stay with the layout of Qt underneath and are never asked for: an item that Python
    has seen once is remembered by its address after it is gone, and whatever is made at that
    address later takes the program with it when it goes (`decisions/045`).
    """

    def __init__(self, gap: int, parent: QWidget | None = None) -> None:
        # before Qt asks for anything
        self._widgets: list[QWidget] = []
        self._gap = gap
        self._heights: dict[int, int] = {}
        self._sizes: list[tuple[QWidget, QSize]] | None = None
        self._placed: QRect | None = None
        if parent is None:
            super().__init__()
        else:
            super().__init__(parent)
        self.setContentsMargins(0, 0, 0, 0)

    def add(self, widget: QWidget) -> None:
        """Put a widget last."""
        self._widgets.append(widget)
        self.addWidget(widget)

    def remove(self, widget: QWidget) -> None:
        """Take a widget out; it stays where it is until somebody hides it."""
        self._widgets.remove(widget)
        self.removeWidget(widget)

    def expandingDirections(self) -> Qt.Orientation:  # noqa: N802
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        if width not in self._heights:
            self._heights[width] = self._arrange(QRect(0, 0, width, 0), apply=False)
        return self._heights[width]

    def minimumHeightForWidth(self, width: int) -> int:  # noqa: N802
        return self.heightForWidth(width)

    def invalidate(self) -> None:
        self._heights.clear()
        self._sizes = None
        self._placed = None
        super().invalidate()

    def setGeometry(self, rect: QRect) -> None:  # noqa: N802
        # not that of the layout underneath, which would put all in one line
        QLayout.setGeometry(self, rect)
        if rect != self._placed:
            self._arrange(rect, apply=True)
            self._placed = QRect(rect)

    def sizeHint(self) -> QSize:  # noqa: N802
        hints = [size for _, size in self._shown()]
        width = sum(hint.width() for hint in hints) + self._gap * max(0, len(hints) - 1)
        return QSize(width, max((hint.height() for hint in hints), default=0))

    def minimumSize(self) -> QSize:  # noqa: N802
        size = QSize(0, 0)
        for widget, _ in self._shown():
            size = size.expandedTo(_least(widget))
        return size

    def _shown(self) -> list[tuple[QWidget, QSize]]:
        if self._sizes is None:
            self._sizes = [
                (each, _size(each))
                for each in self._widgets
                if isValid(each) and not each.isHidden()
            ]
        return self._sizes

    def _arrange(self, rect: QRect, *, apply: bool) -> int:
        x = y = row = 0
        rows: list[list[tuple[QWidget, QRect]]] = [[]]
        for widget, hint in self._shown():
            if x and x + hint.width() > rect.width():
                x, y, row = 0, y + row + self._gap, 0
                rows.append([])
            width = min(hint.width(), max(rect.width(), 1))
            rows[-1].append((widget, QRect(QPoint(x, y), QSize(width, hint.height()))))
            x += width + self._gap
            row = max(row, hint.height())
        if apply:
            parent = self.parentWidget()
            direction = parent.layoutDirection() if parent else Qt.LayoutDirection.LeftToRight
            for line in rows:
                tallest = max((spot.height() for _, spot in line), default=0)
                for widget, spot in line:
                    spot.translate(rect.topLeft() + QPoint(0, (tallest - spot.height()) // 2))
                    widget.setGeometry(QStyle.visualRect(direction, rect, spot))
        return y + row


def _least(widget: QWidget) -> QSize:
    """Return the least a widget can do with, as a layout of Qt has it."""
    least, own = widget.minimumSizeHint(), widget.minimumSize()
    return QSize(own.width() or max(0, least.width()), own.height() or max(0, least.height()))


def _size(widget: QWidget) -> QSize:
    """Return the size a widget would like, within its own bounds."""
    return widget.sizeHint().boundedTo(widget.maximumSize()).expandedTo(widget.minimumSize())
