"""The bytes of an attachment in chunks of 512 KiB: cut on the way in, one file on the way out."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from typing import Final

from intake_app.vault.errors import VaultError

CHUNK: Final = 512 * 1024


class AttachmentDamaged(VaultError):
    """The bytes are not those that were stored."""

    sentence = (
        "Deze bijlage is beschadigd en wordt niet getoond. De rest van de kluis is heel. "
        "Vraag de beheerder om een back-up terug te zetten."
    )


class Storing:
    """Cuts what is written to it in chunks and has each put away."""

    def __init__(self, put: Callable[[int, bytes], None]) -> None:
        self._put, self._position, self._held = put, 0, bytearray()

    def write(self, data: bytes | memoryview) -> int:
        self._held += data
        while len(self._held) >= CHUNK:
            self._put(self._position, bytes(self._held[:CHUNK]))
            del self._held[:CHUNK]
            self._position += 1
        return len(data)

    def finish(self) -> None:
        """Put away what is left; an empty file has no chunk."""
        if self._held:
            self._put(self._position, bytes(self._held))
            self._held.clear()


class Chunks(io.RawIOBase):
    """The stored bytes as a file; holds one chunk at a time."""

    def __init__(self, chunk: Callable[[int], bytes | None], size: int) -> None:
        super().__init__()
        self._chunk, self._size, self._at = chunk, size, 0
        self._number, self._held = -1, b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        number, inside = divmod(self._at, CHUNK)
        if self._at >= self._size:
            return 0
        if number != self._number:
            held = self._chunk(number)
            if held is None or len(held) != min(CHUNK, self._size - number * CHUNK):
                raise AttachmentDamaged
            self._number, self._held = number, held
        part = self._held[inside : inside + len(buffer)]
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)
