"""Work that takes long, on a thread of its own, with its progress told to the page."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from intake_app.flows.retention import RetentionRefused
from intake_app.flows.unlock import TooSoon
from intake_app.vault.errors import VaultError

Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]


class Job(QObject):
    """Runs one function; its signals arrive on the thread of who listens.

    The function gets `progress` and `cancelled`. It goes on when the page that began it is gone;
    then nobody hears of it. `refused` carries the Sentence of an error for a person.
    """

    progressed = Signal(object, object)
    done = Signal(object)
    refused = Signal(object)

    def __init__(self, work: Callable[[Progress, Cancelled], Any]) -> None:
        super().__init__()
        self._work = work
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="achtergrondwerk", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def cancel(self) -> None:
        """Ask the function to stop as soon as it can."""
        self._stop.set()

    def wait(self, seconds: float) -> None:
        """Wait until it has ended, at most so long."""
        self._thread.join(seconds)

    def _run(self) -> None:
        try:
            result = self._work(self.progressed.emit, self._stop.is_set)
        except (VaultError, RetentionRefused, TooSoon) as error:
            self.refused.emit(str(error))
        except Exception:  # noqa: BLE001  (a page must not wait for ever)
            sys.excepthook(*sys.exc_info())
            self.refused.emit(str(VaultError()))
        else:
            self.done.emit(result)
