"""Reading and cleaning a file beside the window, which can be waited for when the page goes."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

from intake_app.flows.answer_files import PreparedFile

Work = Callable[[Callable[[int, int], None], Callable[[], bool]], PreparedFile]
_STEPS = 100


class FileJob(QObject):
    """One run of `work(progress, cancelled)` on a thread of its own.

    `progressed(bytes, bytes in all)` on the way and `ended` once, both in the thread this object
    lives in. `take` gives the outcome exactly once, also before `ended` was heard.
    """

    progressed = Signal(object, object)
    ended = Signal()
    _told = Signal(object, object)
    _over = Signal()

    def __init__(self, work: Work, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._stop = Event()
        self._shown = -1
        self._outcome: PreparedFile | Exception | None = None
        self._told.connect(self.progressed, Qt.ConnectionType.QueuedConnection)
        self._over.connect(self.ended, Qt.ConnectionType.QueuedConnection)
        self._thread = Thread(target=self._run, name="file of an answer", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def cancel(self) -> None:
        """Ask it to stop."""
        self._stop.set()

    def wait(self, seconds: float) -> bool:
        """Wait until it is over, so long at most; True when it is."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def take(self) -> PreparedFile | Exception | None:
        """Return what was made or went wrong; None while it runs, and the second time."""
        if self._thread.is_alive():
            return None
        outcome, self._outcome = self._outcome, None
        return outcome

    def _run(self) -> None:
        try:
            self._outcome = self._work(self._tell, self._stop.is_set)
        except Exception as error:  # noqa: BLE001  (raised or told where the window is)
            self._outcome = error
        if isValid(self):
            self._over.emit()

    def _tell(self, done: int, total: int) -> None:
        step = done * _STEPS // max(total, 1)
        if step != self._shown and isValid(self):
            self._shown = step
            self._told.emit(done, total)
