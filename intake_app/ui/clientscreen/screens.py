"""The monitors of this computer, as far as the client's screen is concerned."""

from __future__ import annotations

from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QWidget

_EDGE = 12
"""So many pixels over the edge of a monitor show nothing that can be read."""


class Screens(QObject):
    """Which monitor can be the client's, and when monitors come and go.

    `came` and `went` carry the `QScreen`; `changed` says that one moved or changed its size. At
    `went` its windows are still on it.
    """

    came = Signal(object)
    went = Signal(object)
    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.screenAdded.connect(self._added)
            app.screenRemoved.connect(self._removed)
        for screen in QGuiApplication.screens():
            screen.geometryChanged.connect(self._moved)

    def free(self, beside: QWidget) -> QScreen | None:
        """Return the first monitor that shows nothing of the one `beside` is on, None for none.

        A monitor that mirrors the colleague's is none for the client.
        """
        own = beside.screen()
        return next((s for s in QGuiApplication.screens() if s is not own and apart(s, own)), None)

    def mirrored(self, beside: QWidget) -> bool:
        """Return whether another monitor shows what the colleague sees."""
        own = beside.screen()
        return any(s is not own and not apart(s, own) for s in QGuiApplication.screens())

    def reaches(self, window: QWidget, screen: QScreen) -> bool:
        """Return whether some of a window stands on a monitor.

        Wayland tells on which monitor a window is, but not where.
        """
        if not window.isVisible() or window.isMinimized():
            return False
        own = window.screen()
        if own is screen:
            return True
        if QGuiApplication.platformName().startswith("wayland"):
            return False
        if own.devicePixelRatio() != screen.devicePixelRatio():
            return leans_to(window.geometry(), own.geometry(), screen.geometry())
        over = window.geometry().intersected(screen.geometry())
        return over.width() > _EDGE and over.height() > _EDGE

    def _added(self, screen: QScreen) -> None:
        screen.geometryChanged.connect(self._moved)
        self.came.emit(screen)

    def _removed(self, screen: QScreen) -> None:
        self.went.emit(screen)

    def _moved(self) -> None:
        self.changed.emit()


def leans_to(window: QRect, own: QRect, other: QRect) -> bool:
    """Return whether a window sticks out of its own monitor on the side where another is.

    Where monitors differ in scale a window is measured in pixels of its own, in which the other one
    is elsewhere: Qt leaves gaps between them.
    """
    out = (
        (own.left() - window.left(), own.left() - other.right()),
        (window.right() - own.right(), other.left() - own.right()),
        (own.top() - window.top(), own.top() - other.bottom()),
        (window.bottom() - own.bottom(), other.top() - own.bottom()),
    )
    return any(sticks > _EDGE and beyond > 0 for sticks, beyond in out)


def apart(first: QScreen, second: QScreen) -> bool:
    """Return whether two monitors show different parts of the desktop."""
    return not first.geometry().intersects(second.geometry())
