"""Room kept free beside the database, given up when the disk runs full.

A full disk stops even deleting, because the log needs room first.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Final

DEFAULT_BYTES: Final = 64 * 1024 * 1024
_BLOCK: Final = 1024 * 1024


class Reserve:
    """A file of `size` bytes whose only worth is the room it takes."""

    __slots__ = ("_path", "_size")

    def __init__(self, path: Path, size: int) -> None:
        """Keep the room in a file at `path`; nothing is made yet."""
        self._path = path
        self._size = size

    def keep(self) -> None:
        """Make the file if it is not there and at least four times its size is free."""
        if self._path.exists() or shutil.disk_usage(self._path.parent).free < 4 * self._size:
            return
        try:
            self._allocate()
        except OSError:
            self.give_up()

    def give_up(self) -> bool:
        """Remove the file; True if there was one."""
        with suppress(OSError):
            self._path.unlink()
            return True
        return False

    def make_room(self) -> bool:
        """Give the file up when less than an eighth of its size is still free; True if done."""
        if shutil.disk_usage(self._path.parent).free >= self._size // 8:
            return False
        return self.give_up()

    def _allocate(self) -> None:
        with self._path.open("xb") as file:
            allocate = getattr(os, "posix_fallocate", None)
            if allocate is not None:
                allocate(file.fileno(), 0, self._size)
                return
            for start in range(0, self._size, _BLOCK):
                file.write(bytes(min(_BLOCK, self._size - start)))
