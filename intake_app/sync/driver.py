"""What a relay has to be able to do; drivers do this and nothing else.

A relay keeps small immutable files under names of `sync.names`. No method lists what is not one's
own box, moves, appends, locks or makes folders. Every method raises `Later`, `Paused` or `Refused`
(and nothing else for anything a network or a disk can do), and is safe to call again after any of
them: whether a call that failed had an effect is not known.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol


class Put(StrEnum):
    """What a relay says to a file. `PRESENT` says nothing about its length or content."""

    NEW = "new"
    PRESENT = "present"


class Relay(Protocol):
    """The side of a sender, and of whoever puts receipts."""

    def put(self, name: str, data: bytes, *, once: bool = True) -> Put:
        """Put `data` under `name`; `once` leaves a file that is there alone and says PRESENT.

        Some servers overwrite all the same and say NEW: the same bytes, so that does no harm.
        With `once=False` a file that is there is replaced, and the answer is NEW.
        """
        ...

    def size(self, name: str) -> int | None:
        """Return the length of a file in bytes, None where there is none."""
        ...

    def get(self, name: str, *, limit: int) -> bytes | None:
        """Return a file, None where there is none; Refused for more than `limit` bytes."""
        ...

    def close(self) -> None:
        """Let go of connections; a second time does nothing."""
        ...


class Box(Relay, Protocol):
    """The side of a receiver, in its own box."""

    def names(self, prefix: str) -> tuple[str, ...]:
        """Return the full names that start with `prefix`, in any order.

        `prefix` ends with "/" or with the beginning of a file name. What else lies there
        (unfinished uploads, files of others) may be in the list; the caller believes no name.
        """
        ...

    def drop(self, name: str) -> None:
        """Remove a file; one that is not there is fine."""
        ...
