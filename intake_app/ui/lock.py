"""Locking: blank every window, save, close the vault, end the process.

A process that ends leaves no key behind in memory. The launcher starts a new one, which begins at
the unlock window.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

LOCKED_EXIT_CODE = 75
"""Tells the launcher: start again, locked."""

DEFAULT_IDLE_MINUTES = 5
_WARN_SECONDS = 30
_ACTIVITY = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
    }
)


class Locker(QObject):
    """Locks on request and after `idle_minutes` (1 to 15) without a key or a movement.

    `save` writes what a page still holds, `close` closes the vault, `end` ends the process with the
    code it is given. `warned(seconds)` comes half a minute before an idle lock, `calmed()` when
    somebody is there after all. The clock is compared with the last activity, so a laptop that
    slept locks when it wakes.
    """

    warned = Signal(int)
    calmed = Signal()

    def __init__(
        self,
        *,
        save: Callable[[], None],
        close: Callable[[], None],
        end: Callable[[int], None],
        now: Callable[[], datetime],
        idle_minutes: int = DEFAULT_IDLE_MINUTES,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._save, self._close, self._end, self._now = save, close, end, now
        self._limit = timedelta(minutes=min(15, max(1, idle_minutes)))
        self._last = now()
        self._warning = False
        self._locked = False
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self.tick)
        self._timer.start()

    def watch(self, window: QWidget) -> None:
        """Count what happens in this window as activity."""
        window.winId()
        handle = window.windowHandle()
        if handle is not None:
            handle.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() in _ACTIVITY:
            self.touched()
        return False

    def touched(self) -> None:
        """Somebody is there."""
        self._last = self._now()
        if self._warning:
            self._warning = False
            self.calmed.emit()

    @property
    def resting_ms(self) -> float:
        """Return how long nobody has touched the window."""
        return (self._now() - self._last) / timedelta(milliseconds=1)

    def tick(self) -> None:
        """Look at the clock; the timer calls this every second."""
        now = self._now()
        if now < self._last:
            # a clock set back must not postpone the lock for ever
            self._last = now
        left = self._limit - (now - self._last)
        if left <= timedelta(0):
            self.lock()
        elif left <= timedelta(seconds=_WARN_SECONDS):
            self._warning = True
            self.warned.emit(int(left.total_seconds()) or 1)

    def stop(self) -> None:
        """Never lock again: there is nothing left to lock."""
        self._locked = True
        self._timer.stop()

    def lock(self) -> None:
        """Blank, save, close and end; a second call does nothing.

        The vault closes and the process ends even when saving fails: what was acknowledged on
        screen is on disk already.
        """
        if self._locked:
            return
        self._locked = True
        self._timer.stop()
        windows = [window for window in QApplication.topLevelWidgets() if window.isVisible()]
        # the client's screen first: it faces the other way and says the most
        for window in sorted(windows, key=lambda w: w.objectName() != "client-window"):
            window.hide()
        try:
            self._save()
        finally:
            try:
                self._close()
            finally:
                self._end(LOCKED_EXIT_CODE)
