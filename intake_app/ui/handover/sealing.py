"""Sealing on a thread of its own: the window goes on, shows how far it is, and can stop it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

Progress = Callable[[int, int], None]
Work = Callable[[Progress, Callable[[], bool]], object]
_STEPS = 200
"""How often progress is told at most; a screen shows no more."""
_PATIENCE = 5.0
"""Seconds that closing waits for a stopped sealing to clear its file away."""


class Sealing(QObject):
    """One run of `work(progress, cancelled)`, which returns what it made or raises.

    `progressed(bytes, bytes in all)` on the way (both may be above two billion, so as objects) and
    `ended(what it made, or the Exception)` once, in the thread this object lives in.
    """

    progressed = Signal(object, object)
    ended = Signal(object)
    _told = Signal(object, object)
    _over = Signal(object)

    def __init__(self, work: Work, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._stop = Event()
        self._shown = -1
        queued = Qt.ConnectionType.QueuedConnection
        self._told.connect(self.progressed, queued)
        self._over.connect(self._finish, queued)
        self._thread = Thread(target=self._run, name="sealing", daemon=True)
        self.running = False

    def start(self) -> None:
        """Begin."""
        self.running = True
        self._thread.start()

    def cancel(self) -> None:
        """Ask it to stop; `ended` tells whether it did, or was ready first."""
        self._stop.set()

    @property
    def stopping(self) -> bool:
        """True when it was asked to stop."""
        return self._stop.is_set()

    def close(self) -> None:
        """Stop it and wait until nothing of it is left, a few seconds at most."""
        self.cancel()
        self._thread.join(_PATIENCE)

    def _run(self) -> None:
        outcome: object
        try:
            outcome = self._work(self._tell, self._stop.is_set)
        except Exception as error:  # noqa: BLE001  (raised again where the window is)
            outcome = error
        if isValid(self):
            self._over.emit(outcome)

    def _tell(self, done: int, total: int) -> None:
        step = done * _STEPS // max(total, 1)
        if step != self._shown and isValid(self):
            self._shown = step
            self._told.emit(done, total)

    def _finish(self, outcome: object) -> None:
        self.running = False
        self.ended.emit(outcome)
