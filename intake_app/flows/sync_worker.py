"""Sync beside the work: one thread that sends, polls and receives when there is reason to.

A plain thread, because the headless command needs it too. It uses the vault as any other thread
does (one writer at a time, readers on snapshots of their own), holds no transaction while it talks
to a relay, and ends by itself when the vault closes. Reachability only wakes it: whether there is a
connection is found out by trying.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from enum import StrEnum
from typing import Final

from intake_app.vault.errors import VaultLocked

LONGEST_WAIT: Final = 900.0
"""Seconds; the longest pause after a failure that nobody foresaw."""
_FIRST_WAIT: Final = 15.0

Cancelled = Callable[[], bool]


class Cause(StrEnum):
    """Why there is another turn."""

    START = "start"
    CLICK = "klik"
    """Somebody asked for it: waiting times do not count, and a pause is over."""
    TIMER = "klok"
    REACHABLE = "bereikbaar"
    CHANGED = "veranderd"
    """Something was sealed, or set up."""


Turn = Callable[[Cause, Cancelled], float | None]
"""Does one turn; returns in how many seconds the next one is due, None for not by the clock."""


class SyncWorker:
    """Runs `turn` on a thread of its own: at the start, when woken, and when it is due.

    `turn` is told why, and asked to stop between two parts by `cancelled()`. After `cancel` only a
    click goes on. An exception of `turn` goes to `failed`, and the next turn comes later and later.
    """

    def __init__(self, turn: Turn, *, failed: Callable[[Exception], None] | None = None) -> None:
        self._turn = turn
        self._failed = failed or _to_the_hook
        self._condition = threading.Condition()
        self._causes: list[Cause] = []
        self._ending = False
        self._held = False
        self._stop_turn = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sync", daemon=True)

    def start(self, cause: Cause = Cause.START) -> None:
        """Begin, with a first turn at once."""
        self._causes.append(cause)
        self._thread.start()

    def wake(self, cause: Cause) -> None:
        """Have a turn as soon as the one that runs is over; any number of times makes one."""
        with self._condition:
            if cause is Cause.CLICK:
                self._held = False
            if not self._held:
                self._causes.append(cause)
                self._condition.notify()

    def cancel(self) -> None:
        """Stop the turn that runs between two parts, and wait for a click."""
        with self._condition:
            self._held = True
            self._causes.clear()
            self._stop_turn.set()

    @property
    def held(self) -> bool:
        """True after `cancel`, until a click."""
        return self._held

    def stop(self, patience: float = 0.0) -> bool:
        """End; wait at most so many seconds. False when it is still busy with a part.

        A part that is on its way then cannot reach the vault any more once that is closed; the
        same part is put again next time.
        """
        with self._condition:
            self._ending = True
            self._stop_turn.set()
            self._condition.notify()
        if self._thread.ident is not None and threading.current_thread() is not self._thread:
            self._thread.join(patience)
        return not self._thread.is_alive()

    def _next(self, wait: float | None) -> Cause | None:
        """Wait for a reason; None to end."""
        with self._condition:
            if not self._causes and not self._ending:
                self._condition.wait(None if self._held else wait)
            while self._held and not self._ending:
                self._condition.wait()
            if self._ending:
                return None
            causes, self._causes = self._causes, []
            self._stop_turn.clear()
        if Cause.CLICK in causes:
            return Cause.CLICK
        return causes[0] if causes else Cause.TIMER

    def _run(self) -> None:
        wait: float | None = None
        pause = _FIRST_WAIT
        while (cause := self._next(wait)) is not None:
            try:
                wait = self._turn(cause, self._stop_turn.is_set)
                pause = _FIRST_WAIT
            except VaultLocked:
                return
            except Exception as error:  # noqa: BLE001  (what waits must never be forgotten)
                self._failed(error)
                wait, pause = pause, min(2 * pause, LONGEST_WAIT)


def _to_the_hook(error: Exception) -> None:
    sys.excepthook(type(error), error, error.__traceback__)
