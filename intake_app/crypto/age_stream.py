"""The payload of an age v1 file: STREAM with ChaCha20-Poly1305 in chunks of 64 KiB.

Both directions use constant memory. The reader is seekable; it releases a byte only after the
chunk that holds it is verified, and has verified the final chunk before it releases any: a file
that was cut off is refused at once.
"""

from __future__ import annotations

import io
import os
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from intake_app.crypto.age_errors import PayloadError

CHUNK: Final = 65_536
TAG: Final = 16
NONCE: Final = 16
# Few large writes: many small ones cost more than the encryption.
_BATCH: Final = 16


def payload_size(plain_size: int) -> int:
    """Return how many bytes a payload of `plain_size` plain bytes takes, its nonce included."""
    chunks = max(1, -(-plain_size // CHUNK))
    return NONCE + plain_size + chunks * TAG


def _cipher(file_key: bytes, nonce: bytes) -> ChaCha20Poly1305:
    key = HKDF(SHA256(), 32, salt=nonce, info=b"payload").derive(file_key)
    return ChaCha20Poly1305(key)


def _nonce(index: int, *, final: bool) -> bytes:
    return index.to_bytes(11, "big") + (b"\x01" if final else b"\x00")


class StreamWriter(io.RawIOBase):
    """Encrypts what is written to it into `target`; `finish` writes the final chunk.

    Without `finish` the payload has no final chunk and no reader accepts it: closing alone never
    makes half a file look whole. `target` is not closed.
    """

    def __init__(self, file_key: bytes, nonce: bytes, target: BinaryIO) -> None:
        """Write the payload nonce (16 random bytes, never used before with this key)."""
        super().__init__()
        self._cipher = _cipher(file_key, nonce)
        self._target = target
        self._held = bytearray()
        self._out = memoryview(bytearray(_BATCH * (CHUNK + TAG)))
        self._filled = 0
        self._index = 0
        self._finished = False
        target.write(nonce)

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, data: bytes | bytearray | memoryview) -> int:  # type: ignore[override]
        """Encrypt all of `data`, keeping back at most one chunk; returns its length."""
        if self._finished:
            raise ValueError("the payload is finished")
        view = memoryview(data).cast("B")
        at = 0
        if self._held:
            at = min(CHUNK - len(self._held), len(view))
            self._held += view[:at]
            if at < len(view):
                self._put(self._held, final=False)
                self._held = bytearray()
        # A full chunk waits until more comes: the last one carries the final mark.
        while len(view) - at > CHUNK:
            self._put(view[at : at + CHUNK], final=False)
            at += CHUNK
        self._held += view[at:]
        return len(view)

    def finish(self) -> None:
        """Write the final chunk. Nothing can be written afterwards."""
        if self._finished:
            raise ValueError("the payload is finished")
        self._put(self._held, final=True)
        self._held = bytearray()
        self._finished = True

    def _put(self, chunk: bytearray | memoryview, *, final: bool) -> None:
        end = self._filled + len(chunk) + TAG
        out = self._out[self._filled : end]
        self._cipher.encrypt_into(_nonce(self._index, final=final), chunk, None, out)
        self._index += 1
        self._filled = end
        if final or end == len(self._out):
            self._target.write(self._out[:end])
            self._filled = 0


class StreamReader(io.RawIOBase):
    """The verified plain bytes of a payload whose first chunk starts where `source` stands.

    Reads `source` only; closing the reader leaves it open. `readinto` and `read(n)` give as many
    bytes as asked unless the end is reached. Every read may raise PayloadError.
    """

    def __init__(self, file_key: bytes, nonce: bytes, source: BinaryIO) -> None:
        """Verify the final chunk; raises PayloadError."""
        super().__init__()
        self._cipher = _cipher(file_key, nonce)
        self._source = source
        self._start = source.tell()
        stored = source.seek(0, os.SEEK_END) - self._start
        self._chunks = -(-stored // (CHUNK + TAG))
        self.size = stored - self._chunks * TAG
        last_stored = stored - (self._chunks - 1) * (CHUNK + TAG)
        if self._chunks == 0 or last_stored < TAG or (last_stored == TAG and self._chunks > 1):
            raise PayloadError("length")
        self._position = 0
        self._plain = memoryview(bytearray(CHUNK))
        self._held_index = -1
        self._held = self._plain[:0]
        self._load(self._chunks - 1)

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True

    def tell(self) -> int:
        """Return the position in the plain bytes."""
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move to a position in the plain bytes, which may lie past the end."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self.size}[whence]
        if base + offset < 0:
            raise ValueError("negative position")
        self._position = base + offset
        return self._position

    def readall(self) -> bytes:
        """Return everything from the position to the end."""
        left = bytearray(max(0, self.size - self._position))
        self.readinto(left)
        return bytes(left)

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill `buffer` with verified bytes; returns how many, fewer only at the end."""
        view = memoryview(buffer).cast("B")
        wanted = max(0, min(len(view), self.size - self._position))
        done = 0
        while done < wanted:
            index, at = divmod(self._position, CHUNK)
            self._load(index)
            part = min(wanted - done, len(self._held) - at)
            view[done : done + part] = self._held[at : at + part]
            done += part
            self._position += part
        return done

    def _load(self, index: int) -> None:
        if index == self._held_index:
            return
        self._held_index, self._held = -1, self._plain[:0]
        self._source.seek(self._start + index * (CHUNK + TAG))
        stored = self._source.read(CHUNK + TAG)
        final = index == self._chunks - 1
        size = len(stored) - TAG
        if size < 0 or (not final and size != CHUNK):
            raise PayloadError("length")
        try:
            held = self._plain[:size]
            self._cipher.decrypt_into(_nonce(index, final=final), stored, None, held)
        except InvalidTag:
            raise PayloadError("chunk") from None
        self._held_index, self._held = index, held
