"""The layers round the content of a sealed file: the outer archive, its signed header, the payload.

Every fault is a Refusal; nothing here knows who may have sent what.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from intake_app.crypto import sshsig
from intake_app.crypto.age import AgeError, Identity, NoMatchError, PayloadError, open_decrypted
from intake_app.crypto.sshsig import SignatureError
from intake_app.handover import limits, model
from intake_app.handover.archive import Archive, ArchiveError, ArchiveFault
from intake_app.handover.errors import Refusal, RefusalReason
from intake_app.handover.manifest import Unreadable, read_header
from intake_app.handover.model import Header

_OUTER_NAMES: Final = {model.README, model.HEADER, model.HEADER_SIGNATURE, model.PAYLOAD}
_OUTER_FAULTS: Final = {
    ArchiveFault.NOT_ZIP: RefusalReason.NOT_A_HANDOVER,
    ArchiveFault.TRUNCATED: RefusalReason.TRUNCATED,
    ArchiveFault.TOO_LARGE: RefusalReason.TOO_LARGE,
    ArchiveFault.HOSTILE: RefusalReason.HOSTILE_ZIP,
    ArchiveFault.DAMAGED: RefusalReason.PAYLOAD_DAMAGED,
}


@contextmanager
def opened_source(path: Path) -> Iterator[BinaryIO]:
    """Open a file from outside; raises Refusal when it cannot be read."""
    try:
        with path.open("rb") as source:
            yield source
    except OSError:
        raise Refusal(RefusalReason.UNREADABLE_FILE) from None


def outer_archive(source: BinaryIO) -> Archive:
    """Return the outer archive with exactly its four members; raises Refusal."""
    try:
        archive = Archive(source, limits.OUTER)
    except ArchiveError as error:
        raise Refusal(_OUTER_FAULTS[error.fault]) from None
    if set(archive.members) != _OUTER_NAMES:
        raise Refusal(RefusalReason.NOT_A_HANDOVER)
    return archive


def signed_header(archive: Archive) -> tuple[Header, str]:
    """Return the header and the key that signed it; the signature is verified."""
    try:
        text = archive.read(model.HEADER, limits.HEADER)
        armored = archive.read(model.HEADER_SIGNATURE, limits.SIGNATURE).decode("ascii")
        header = read_header(text)
    except ArchiveError as error:
        raise Refusal(_OUTER_FAULTS[error.fault]) from None
    except UnicodeDecodeError:
        raise Refusal(RefusalReason.SIGNATURE_BROKEN) from None
    except Unreadable as error:
        newer = RefusalReason.UNKNOWN_VERSION
        raise Refusal(newer if error.newer else RefusalReason.HEADER_UNREADABLE) from None
    try:
        signer = sshsig.signer_of(armored)
        sshsig.verify(signer, model.NAMESPACE, text, armored)
    except SignatureError:
        raise Refusal(RefusalReason.SIGNATURE_BROKEN) from None
    return header, signer


class _Window:
    """The bytes of one member of the outer archive, as a file of their own."""

    def __init__(self, source: BinaryIO, start: int, size: int) -> None:
        self._source, self._start, self._size, self._at = source, start, size, 0

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = offset + (0, self._at, self._size)[whence]
        return self._at

    def tell(self) -> int:
        return self._at

    def _left(self, size: int) -> int:
        self._source.seek(self._start + self._at)
        left = max(0, self._size - self._at)
        return left if size < 0 else min(size, left)

    def read(self, size: int = -1) -> bytes:
        found = self._source.read(self._left(size))
        self._at += len(found)
        return found

    def readline(self, size: int = -1) -> bytes:
        found = self._source.readline(self._left(size))
        self._at += len(found)
        return found


def decrypted(archive: Archive, keys: Sequence[Identity]) -> Archive:
    """Return the inner archive, read through the decrypting reader; raises Refusal."""
    member = archive.members[model.PAYLOAD]
    window = _Window(archive.source, member.data_offset, member.size)
    try:
        return Archive(open_decrypted(keys, window), limits.INNER)  # type: ignore[arg-type]
    except NoMatchError:
        raise Refusal(RefusalReason.NO_KEY_FITS) from None
    except AgeError:
        raise Refusal(RefusalReason.PAYLOAD_DAMAGED) from None
    except ArchiveError as error:
        large = error.fault is ArchiveFault.TOO_LARGE
        raise Refusal(RefusalReason.TOO_LARGE if large else RefusalReason.CONTENT_HOSTILE) from None


def read_member(inner: Archive, name: str, limit: int) -> bytes:
    """Return the bytes of a member of the inner archive; raises Refusal."""
    try:
        return inner.read(name, limit)
    except KeyError:
        raise Refusal(RefusalReason.MANIFEST_MISMATCH) from None
    except PayloadError:
        raise Refusal(RefusalReason.PAYLOAD_DAMAGED) from None
    except ArchiveError as error:
        large = error.fault is ArchiveFault.TOO_LARGE
        raise Refusal(RefusalReason.TOO_LARGE if large else RefusalReason.CONTENT_HOSTILE) from None
