"""Readers come and go; whoever changes the keys of the database waits until none is inside."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from intake_app.vault.errors import NestedTransaction, VaultBusy

_PATIENCE: Final = 10.0
"""Seconds."""


class Gate:
    """Lets readers in, or one thread alone."""

    def __init__(self) -> None:
        """Start with nobody inside."""
        self._changed = threading.Condition()
        self._inside: dict[int, int] = {}
        self._closed = False

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Be inside with other readers; waits while a thread is alone.

        A thread that is inside may come in again, also while another waits to be alone.
        """
        me = threading.get_ident()
        with self._changed:
            self._changed.wait_for(lambda: not self._closed or me in self._inside)
            self._inside[me] = self._inside.get(me, 0) + 1
        try:
            yield
        finally:
            with self._changed:
                self._inside[me] -= 1
                if not self._inside[me]:
                    del self._inside[me]
                self._changed.notify_all()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Be inside with nobody else. One thread at a time may ask for it.

        Raises VaultBusy when readers stay for ten seconds, NestedTransaction for one of them.
        """
        with self._changed:
            if threading.get_ident() in self._inside:
                raise NestedTransaction
            self._closed = True
            if not self._changed.wait_for(lambda: not self._inside, _PATIENCE):
                self._closed = False
                self._changed.notify_all()
                raise VaultBusy
        try:
            yield
        finally:
            with self._changed:
                self._closed = False
                self._changed.notify_all()
