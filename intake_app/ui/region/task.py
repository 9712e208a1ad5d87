"""Work of about a second on a thread of its own: opening and making keys under a passphrase."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

_PATIENCE = 10.0
"""Seconds that closing waits; the derivation of a key takes one or two."""


class Task(QObject):
    """Runs `work` once; `ended(object)` carries what it returned, or the exception it raised.

    It is told in the thread this object lives in.
    """

    ended = Signal(object)
    _over = Signal(object)

    def __init__(self, work: Callable[[], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._over.connect(self.ended, Qt.ConnectionType.QueuedConnection)
        self._thread = Thread(target=self._run, name="region", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """Wait until it is done; for before the vault closes."""
        self._thread.join(_PATIENCE)

    def _run(self) -> None:
        try:
            outcome: object = self._work()
        except Exception as error:  # noqa: BLE001  (told where the window is)
            outcome = error
        if isValid(self):
            self._over.emit(outcome)
