"""What an open interview is made of stays out of the search for garbage.

Python looks now and then at all objects for those that only hold each other. An open interview is
some 170,000 of them and none of it is garbage, so that search stops the keyboard for a tenth of a
second and more. Once the interview is open and nobody touches it, everything that lives is put
where no search looks (`gc.freeze`); what is made later is still searched, which takes
milliseconds. When the interview is left all of it is looked at again, once, at rest.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, QTimer

from intake_app.ui.memory import forget_sources, give_large_pieces_back

LOOK_MS = 500
REST_MS = 1500
"""Nobody may have touched the program for so long before anything is looked at or put away."""


class Searches(Protocol):
    """The collector of Python (`gc`), or what stands in for it."""

    def collect(self, generation: int = 2) -> int: ...
    def freeze(self) -> None: ...
    def unfreeze(self) -> None: ...


class Garbage:
    """Decides when to search, and when to spare what lives; knows nothing of windows.

    `rest` is to be called when nobody is doing anything, as long as `waits` is True. Nothing is
    spared without an open interview.
    """

    def __init__(self, searches: Searches = gc) -> None:
        self._searches = searches
        self._open = False
        self._spared = False
        self._left = False

    @property
    def waits(self) -> bool:
        """True while there is something to do at rest."""
        return self._left or self._open is not self._spared

    def opened(self) -> None:
        """An interview is shown: spare what it is made of, at rest.

        One that was shown before it is garbage by then, and is looked for first.
        """
        self.left()
        give_large_pieces_back()
        forget_sources()
        self._open = True

    def left(self) -> None:
        """No interview is shown any more: search everything again, at rest."""
        self._open = False
        if self._spared:
            self._searches.unfreeze()
            self._spared = False
            self._left = True

    def rest(self) -> None:
        """Do what waits."""
        if self._left:
            self._left = False
            self._searches.collect()
        if self._open and not self._spared:
            # what was made while it opened, and is gone already, is not to be kept with the rest
            self._searches.collect(1)
            self._searches.freeze()
            self._spared = True


class GarbageAtRest(QObject):
    """Calls `rest` once nobody touches the program. `resting_ms` says for how long nobody has."""

    def __init__(
        self, garbage: Garbage, resting_ms: Callable[[], float], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._garbage, self._resting_ms = garbage, resting_ms
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)

    def show(self, *, interview: bool) -> None:
        """Say that another page is shown, an interview or something else."""
        if interview:
            self._garbage.opened()
        else:
            self._garbage.left()
        if self._garbage.waits:
            self._timer.start()

    def look(self) -> None:
        """See whether it is quiet; the timer calls this."""
        if self._garbage.waits and self._resting_ms() >= REST_MS:
            self._garbage.rest()
        if not self._garbage.waits:
            self._timer.stop()

    def stop(self) -> None:
        """The window goes: everything is searched again from now on."""
        self._timer.stop()
        self._garbage.left()
