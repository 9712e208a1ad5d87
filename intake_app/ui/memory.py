"""Memory that is kept for nothing, and how it is given back."""

from __future__ import annotations

import ctypes
import linecache
import sys

_MMAP_THRESHOLD = -3
"""Of mallopt(3): from how many bytes on a piece of memory is one of its own."""

LARGE = 128 * 1024
"""What glibc begins with."""


def give_large_pieces_back() -> None:
    """Have large pieces of memory go back to the system as soon as they are free, under glibc.

    Pictures of pages come and go all the time. The C library of Linux learns from the first of
    them to keep such large pieces among the small ones, where they leave holes.
    """
    if sys.platform == "linux":
        tell = getattr(ctypes.CDLL(None), "mallopt", None)
        if tell is not None:
            tell(_MMAP_THRESHOLD, LARGE)


def forget_sources() -> None:
    """Let go of the source lines of modules; whoever wants one reads its file again.

    PySide6 (6.11) looks through the source of every module that is imported after it, for its
    name, and Python keeps the lines: some 18 MiB by the time an interview is open.
    """
    linecache.clearcache()
