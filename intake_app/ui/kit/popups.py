"""Where something stands that opens for a moment: a menu, a list, a month."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QWidget


def under(anchor: QWidget, size: QSize) -> QPoint:
    """Return where something of this size stands under a widget, in global coordinates.

    It begins at the side where reading begins, and stays in what the margins of the window leave:
    the other part may be turned to somebody else.
    """
    rtl = anchor.layoutDirection() is Qt.LayoutDirection.RightToLeft
    window = anchor.window()
    inside = window.contentsRect()
    room = QRect(window.mapToGlobal(inside.topLeft()), inside.size())
    corner = anchor.mapToGlobal(QPoint(anchor.width() if rtl else 0, anchor.height()))
    x = corner.x() - (size.width() if rtl else 0)
    return QPoint(max(room.left(), min(x, room.right() + 1 - size.width())), corner.y())
