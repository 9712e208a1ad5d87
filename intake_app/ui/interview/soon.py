"""Something to do once, when all that is being done now is done, and before it is painted."""

from __future__ import annotations

from collections.abc import Callable
from weakref import WeakMethod

from PySide6.QtCore import QCoreApplication, QEvent, QObject


class Soon(QObject):
    """Does `run` once after `start`, however often that was called, unless `cancel` came first.

    Qt paints with a lower priority, so what was asked for before is done when something shows.
    """

    def __init__(self, run: Callable[[], None], parent: QObject) -> None:
        """`run` is a method of an object; `parent` goes without waiting for a search for garbage.

        What holds this and is held by it in return would wait for that.
        """
        super().__init__(parent)
        self._run = WeakMethod(run)
        self.waits = False
        """True from `start` until it is done or called off."""

    def start(self) -> None:
        """Do it soon."""
        if not self.waits:
            self.waits = True
            QCoreApplication.postEvent(self, QEvent(QEvent.Type.User))

    def cancel(self) -> None:
        """Do it no more."""
        self.waits = False

    def customEvent(self, _event: QEvent) -> None:  # noqa: N802
        if self.waits:
            self.waits = False
            run = self._run()
            if run is not None:
                run()
