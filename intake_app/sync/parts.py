"""The frozen ciphertext: wrapped once, cut in parts of 512 KiB, never encrypted again.

The sealed file (which shows who sends to whom by control numbers) is wrapped in one more age file
to the receiving organisation, so that a relay sees nothing but a Padmé size. Behind the sealed
file stand zeros; the commit says where it ends.
"""

from __future__ import annotations

import errno
import hashlib
import io
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, cast

from intake_app.crypto.age import (
    AgeError,
    Identity,
    open_decrypted,
    parse_recipient,
    start_encryption,
)
from intake_app.crypto.padding import padded_size
from intake_app.sync.errors import Later, Paused, Reason, Refused

PART: Final = 512 * 1024
MAX_SIZE: Final = 1024 * 1024 * 1024
MAX_PARTS: Final = MAX_SIZE // PART
_FULL: Final = frozenset({errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})
_PIECE: Final = 1 << 18
Random = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Part:
    """Length in bytes and SHA-256 (hex) of one part."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Frozen:
    """The ciphertext on disk and the sealed file in it; every digest is SHA-256 in hex."""

    size: int
    sha256: str
    parts: tuple[Part, ...]
    content_size: int
    content_sha256: str


class Stopped(Exception):
    """The user said stop; nothing half is left."""


class _Cutter(io.RawIOBase):
    """Writes through to a file and digests the whole and each part on the way."""

    def __init__(self, target: BinaryIO) -> None:
        super().__init__()
        self._target = target
        self._whole = hashlib.sha256()
        self._part = hashlib.sha256()
        self._filled = 0
        self._parts: list[Part] = []
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: bytes | bytearray | memoryview) -> int:  # type: ignore[override]
        view = memoryview(data).cast("B")
        self._target.write(view)
        self._whole.update(view)
        self.size += len(view)
        at = 0
        while at < len(view):
            piece = view[at : at + PART - self._filled]
            self._part.update(piece)
            self._filled += len(piece)
            at += len(piece)
            if self._filled == PART:
                self._cut()
        return len(view)

    def _cut(self) -> None:
        self._parts.append(Part(self._filled, self._part.hexdigest()))
        self._part, self._filled = hashlib.sha256(), 0

    def result(self) -> tuple[str, tuple[Part, ...]]:
        if self._filled:
            self._cut()
        return self._whole.hexdigest(), tuple(self._parts)


def freeze(
    sealed: Path,
    target: Path,
    recipient: str,
    *,
    random: Random,
    cancelled: Callable[[], bool] = lambda: False,
) -> Frozen:
    """Wrap `sealed` for `recipient` (an age key) into the new file `target`, durably.

    `target` is whole and synced, or not there. Raises Stopped, and Paused(DISK_FULL) or
    Later(UNKNOWN) for the disk.
    """
    digest, length = hashlib.sha256(), 0
    with _durable(target) as out, sealed.open("rb") as source:
        cutter = _Cutter(out)
        writer = start_encryption(
            [parse_recipient(recipient)], cast("BinaryIO", cutter), random=random
        )
        while piece := source.read(_PIECE):
            if cancelled():
                raise Stopped
            digest.update(piece)
            length += len(piece)
            writer.write(piece)
        missing = padded_size(length) - length
        for at in range(0, missing, _PIECE):
            writer.write(bytes(min(_PIECE, missing - at)))
        writer.finish()
        sha256, parts = cutter.result()
        if cutter.size > MAX_SIZE:
            raise Refused(Reason.TOO_LARGE)
    return Frozen(cutter.size, sha256, parts, length, digest.hexdigest())


def read_part(path: Path, number: int, part: Part) -> bytes:
    """Return one part of the frozen file; raises Refused(FILE_GONE) when it is not what it was."""
    try:
        with path.open("rb") as file:
            file.seek(number * PART)
            data = file.read(part.size)
    except OSError:
        raise Refused(Reason.FILE_GONE) from None
    if len(data) != part.size or hashlib.sha256(data).hexdigest() != part.sha256:
        raise Refused(Reason.FILE_GONE)
    return data


def thaw(
    path: Path,
    target: Path,
    identities: Sequence[Identity],
    *,
    content_size: int,
    content_sha256: str,
) -> None:
    """Unwrap the sealed file into the new file `target`; it is still sealed.

    Raises Refused when it does not open or is not the file of the commit, Paused(DISK_FULL) or
    Later(UNKNOWN) for the disk; there is no `target` then.
    """
    digest, left = hashlib.sha256(), content_size
    try:
        source = path.open("rb")
    except OSError:
        raise Refused(Reason.FILE_GONE) from None
    with source, _durable(target) as out:
        try:
            reader = open_decrypted(identities, source)
            while left:
                piece = reader.read(min(_PIECE, left))
                if not piece:
                    raise Refused
                digest.update(piece)
                out.write(piece)
                left -= len(piece)
        except AgeError:
            raise Refused from None
        if digest.hexdigest() != content_sha256:
            raise Refused


@contextmanager
def _durable(target: Path) -> Iterator[BinaryIO]:
    """Write `target` under another name, sync, rename, sync the folder; or leave nothing."""
    temporary = target.with_name(f".{target.name}.deel")
    with disk():
        try:
            with temporary.open("wb") as file:
                if sys.platform != "win32":
                    os.fchmod(file.fileno(), 0o600)
                yield file
                file.flush()
                os.fsync(file.fileno())
            settle(temporary, target)
        finally:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


def settle(temporary: Path, target: Path) -> None:
    """Give a synced file its name, durably. Raises OSError."""
    from intake_app.vault.files import rename

    rename(temporary, target)


@contextmanager
def disk() -> Iterator[None]:
    """Turn what the disk of this laptop says into Paused(DISK_FULL) or Later(UNKNOWN)."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise Paused(Reason.DISK_FULL) from error
        raise Later(Reason.UNKNOWN) from error
