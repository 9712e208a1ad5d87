"""The windows: Qt Widgets on top of the flows. The only package that knows Qt."""

from __future__ import annotations

import ctypes
import sys


def _keep_none() -> None:
    """Let None outlive PySide6 6.12, whose methods without a result return it uncounted.

    From Python 3.12 on None cannot be freed (PEP 683) and nothing is needed. On 3.11 each such call
    takes one reference too many (measured: every void method), and after some thousands of them
    the interpreter aborts with "none_dealloc". So None gets there what 3.12 gives it: a count that
    is never used up. The count is the first field of an object in CPython's release builds.
    """
    if sys.version_info < (3, 12) and sys.implementation.name == "cpython":
        count = ctypes.c_ssize_t.from_address(id(None))
        if count.value < 1 << 40:
            count.value += 1 << 60


_keep_none()
