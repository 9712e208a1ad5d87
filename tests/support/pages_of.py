"""Every byte of an encrypted database, decrypted page by page without SQLite.

SQLCipher 4 (docs "Page layout"): pages of 4,096 bytes, AES-256-CBC, the last 80 bytes of each hold
the 16-byte initialisation vector and the 64-byte MAC, and the first 16 of the file a salt.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PAGE = 4096
RESERVED = 80
_FRAME_HEADER = 24
_WAL_HEADER = 32


def decrypted(path: Path, key: bytes) -> bytes:
    """Return the plain content of every page of the database file, free pages included."""
    raw = path.read_bytes()
    return b"\0".join(
        _page(raw[at : at + PAGE], key, first=at == 0) for at in range(0, len(raw), PAGE)
    )


def decrypted_log(path: Path, key: bytes) -> bytes:
    """Return the plain content of every frame in the log, b"" for an empty one."""
    return b"\0".join(_frames(path, key))


def _frames(path: Path, key: bytes) -> Iterator[bytes]:
    raw = path.read_bytes() if path.exists() else b""
    for at in range(_WAL_HEADER, len(raw), _FRAME_HEADER + PAGE):
        number = int.from_bytes(raw[at : at + 4], "big")
        page = raw[at + _FRAME_HEADER : at + _FRAME_HEADER + PAGE]
        yield _page(page, key, first=number == 1)


def _page(page: bytes, key: bytes, *, first: bool) -> bytes:
    body = page[16 if first else 0 : PAGE - RESERVED]
    vector = page[PAGE - RESERVED : PAGE - RESERVED + 16]
    aes = Cipher(algorithms.AES(key), modes.CBC(vector)).decryptor()
    return aes.update(body) + aes.finalize()
