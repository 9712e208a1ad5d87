"""A monitor that the client's window fills, for as long as it is there."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QScreen
from PySide6.QtWidgets import QWidget


class Filled(QObject):
    """Shows a window full screen on one monitor, without the keyboard.

    `left`: the window was put on another monitor, by the desktop or by Qt when this one went.
    """

    left = Signal()

    def __init__(self, window: QWidget, screen: QScreen) -> None:
        super().__init__(window)
        self._window, self.screen = window, screen
        self._holds = True

    def fill(self) -> None:
        """Show the window there; it may have been put elsewhere when this returns."""
        window, screen = self._window, self.screen
        window.setWindowFlag(Qt.WindowType.WindowDoesNotAcceptFocus)
        window.create()
        handle = window.windowHandle()
        if handle is not None:
            handle.setScreen(screen)
            handle.screenChanged.connect(self._moved)
        window.setGeometry(screen.geometry())
        screen.geometryChanged.connect(self.refit)
        # not showFullScreen, which asks for the keyboard
        window.setWindowState(Qt.WindowState.WindowFullScreen)
        window.show()

    def let_go(self) -> None:
        """Say and do nothing more: the window goes."""
        self._holds = False

    def refit(self) -> None:
        """Fill the monitor again, at the size it has now."""
        if self._holds:
            self._window.setGeometry(self.screen.geometry())

    def _moved(self, screen: QScreen) -> None:
        if self._holds and screen is not self.screen:
            self.left.emit()
