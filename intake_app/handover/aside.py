"""Hashing on a second core while the first reads, encrypts and writes.

SHA-512 over the plain and over the encrypted bytes costs more than everything else together;
`hashlib` and `zlib` let go of the interpreter while they work, so a plain thread is enough.
"""

from __future__ import annotations

from collections.abc import Callable
from queue import Queue
from threading import Thread
from types import TracebackType
from typing import Final, Self

_WAITING: Final = 8
Take = Callable[[bytes], object]


class Aside:
    """One thread that feeds pieces to functions, in the order in which they were given.

    At most eight pieces wait; a ninth blocks, so memory stays bounded. Leaving the `with` block
    waits until all are done and raises what one of the functions raised, unless the block itself
    raises. Results may be looked at only after the block.
    """

    def __init__(self) -> None:
        """Nothing runs before the block is entered."""
        self._waiting: Queue[tuple[Take, bytes] | None] = Queue(_WAITING)
        self._failed: BaseException | None = None
        self._thread = Thread(target=self._run, name="aside", daemon=True)

    def __enter__(self) -> Self:
        """Start the thread."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Wait for the thread; it always ends."""
        self._waiting.put(None)
        self._thread.join()
        if kind is None and self._failed is not None:
            raise self._failed

    def feed(self, take: Take, piece: bytes) -> None:
        """Let `take(piece)` be called soon; `piece` must not change any more."""
        self._waiting.put((take, piece))

    def _run(self) -> None:
        while (item := self._waiting.get()) is not None:
            take, piece = item
            try:
                if self._failed is None:
                    take(piece)
            except BaseException as error:  # noqa: BLE001  (raised again where the block ends)
                self._failed = error
