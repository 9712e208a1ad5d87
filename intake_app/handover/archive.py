"""ZIP in exactly one form: what is written here is the only thing that is read here.

Members are STORED, names are plain ASCII, there are no extra fields, comments, descriptors,
encryption, gaps or overlaps, and the time is always 1 January 1980. The reader rebuilds every
header from the directory and compares: no byte of a ZIP has room for something else, so there is
no bomb, no second directory and no name that two programs read differently. `unzip`, 7-Zip and
Windows read the result.
"""

from __future__ import annotations

import hashlib
import re
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO, Final, Protocol

from intake_app.handover.aside import Aside
from intake_app.handover.limits import ArchiveLimits

_LOCAL: Final = struct.Struct("<4s5H3I2H")
_CENTRAL: Final = struct.Struct("<4s6H3I5H2I")
_END: Final = struct.Struct("<4s4H2IH")
_MADE_BY: Final = 3 << 8 | 20
_NEEDED: Final = 20
_DATE: Final = 0x21
_MODE: Final = 0o100600 << 16
_SEGMENT: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z")
_DEVICE: Final = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?\Z")
_MAX_NAME: Final = 160
PIECE: Final = 1 << 18


class ArchiveFault(StrEnum):
    """What is wrong with an archive."""

    NOT_ZIP = "not_zip"
    TRUNCATED = "truncated"
    TOO_LARGE = "too_large"
    HOSTILE = "hostile"
    DAMAGED = "damaged"


class ArchiveError(Exception):
    """The bytes are not an archive of our form."""

    def __init__(self, fault: ArchiveFault) -> None:
        """Keep `fault`."""
        super().__init__(fault)
        self.fault = fault


class Hash(Protocol):
    """What a running hash of `hashlib` can do."""

    def update(self, data: bytes, /) -> None:
        """Take in more bytes."""
        ...


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive; `offset` is where its local header starts."""

    name: str
    size: int
    crc: int
    offset: int

    @property
    def data_offset(self) -> int:
        """Where the bytes of the member start."""
        return self.offset + _LOCAL.size + len(self.name)

    @property
    def end(self) -> int:
        """Where the next local header, or the directory, starts."""
        return self.data_offset + self.size


def is_safe_name(name: str) -> bool:
    """Tell whether a name is a plain relative path on every system we know."""
    parts = name.split("/")
    return len(name) <= _MAX_NAME and all(
        _SEGMENT.match(part) and not part.endswith(".") and not _DEVICE.match(part.lower())
        for part in parts
    )


def local_header(member: Member) -> bytes:
    """Return the bytes that stand before the data of `member`."""
    name = member.name.encode("ascii")
    sizes = (member.crc, member.size, member.size, len(name), 0)
    return _LOCAL.pack(b"PK\3\4", _NEEDED, 0, 0, 0, _DATE, *sizes) + name


def local_size(name: str) -> int:
    """Return the length of the local header of a member called `name`."""
    return _LOCAL.size + len(name)


def directory(members: Sequence[Member]) -> bytes:
    """Return the central directory and end record that follow the last member."""
    parts = [_central(member) for member in members]
    body = b"".join(parts)
    start = members[-1].end if members else 0
    count = len(members)
    return body + _END.pack(b"PK\5\6", 0, 0, count, count, len(body), start, 0)


def _central(member: Member) -> bytes:
    name = member.name.encode("ascii")
    head = (b"PK\1\2", _MADE_BY, _NEEDED, 0, 0, 0, _DATE, member.crc, member.size, member.size)
    return _CENTRAL.pack(*head, len(name), 0, 0, 0, 0, _MODE, member.offset) + name


def archive_size(files: Sequence[tuple[str, int]]) -> int:
    """Return the size of an archive of files given as name and size."""
    named = sum(_LOCAL.size + _CENTRAL.size + 2 * len(name) + size for name, size in files)
    return named + _END.size


def _hostile() -> ArchiveError:
    return ArchiveError(ArchiveFault.HOSTILE)


class Archive:
    """A checked archive in `source`: the members by name, in the order they stand."""

    def __init__(self, source: BinaryIO, limits: ArchiveLimits) -> None:
        """Check the whole structure; the members' bytes are checked when they are read.

        Raises ArchiveError for anything that `directory` and `local_header` would not write, a
        name that is not safe, names that differ in case only, or a size beyond `limits`.
        """
        self.source = source
        size = source.seek(0, 2)
        if self._at(0, 4) != b"PK\3\4":
            raise ArchiveError(ArchiveFault.NOT_ZIP)
        if size > limits.total:
            raise ArchiveError(ArchiveFault.TOO_LARGE)
        end = self._at(max(0, size - _END.size), _END.size)
        if len(end) != _END.size or end[:4] != b"PK\5\6":
            raise ArchiveError(ArchiveFault.TRUNCATED)
        *_, count, body_size, start, _ = _END.unpack(end)
        if count > limits.members:
            raise ArchiveError(ArchiveFault.TOO_LARGE)
        if start + body_size + _END.size != size or body_size > count * (_CENTRAL.size + _MAX_NAME):
            raise _hostile()
        body = self._at(start, body_size)
        found = list(_entries(body, count))
        # First where the last one ends: it may be more than a directory can say.
        if (found[-1].end if found else 0) != start or directory(found) != body + end:
            raise _hostile()
        self._check(found, limits)
        self.members = {member.name: member for member in found}

    def _at(self, offset: int, size: int) -> bytes:
        self.source.seek(offset)
        return self.source.read(size)

    def _check(self, found: list[Member], limits: ArchiveLimits) -> None:
        names = [member.name for member in found]
        if not all(map(is_safe_name, names)) or len({n.lower() for n in names}) != len(names):
            raise _hostile()
        # "a" and "a/b" cannot both be unpacked: a file is no folder.
        folders = {name[:at].lower() for name in names for at, c in enumerate(name) if c == "/"}
        if folders & {name.lower() for name in names}:
            raise _hostile()
        at = 0
        for member in found:
            if member.size > limits.member:
                raise ArchiveError(ArchiveFault.TOO_LARGE)
            header = local_header(member)
            if member.offset != at or self._at(at, len(header)) != header:
                raise _hostile()
            at = member.end

    def head(self, member: Member, size: int) -> bytes:
        """Return the first bytes of a member, at most `size`; its CRC is not looked at."""
        return self._at(member.data_offset, min(size, member.size))

    def pieces(self, member: Member) -> Iterator[bytes]:
        """Yield the bytes of a member; raises ArchiveError at the end when its CRC is wrong."""
        left, crc = member.size, 0
        self.source.seek(member.data_offset)
        while left:
            piece = self.source.read(min(PIECE, left))
            if not piece:
                raise ArchiveError(ArchiveFault.TRUNCATED)
            crc = zlib.crc32(piece, crc)
            left -= len(piece)
            yield piece
        if crc != member.crc:
            raise ArchiveError(ArchiveFault.DAMAGED)

    def sha256(self, watched: Mapping[str, Hash], go_on: Callable[[], None] = lambda: None) -> str:
        """Return the SHA-256 (hex) of the whole archive, read once from start to end.

        The bytes of each member named in `watched` also go into its hash. `go_on` is called for
        every piece and may raise. Raises ArchiveError when the CRC of a member is wrong.
        """
        whole = hashlib.sha256()
        with Aside() as first, Aside() as second:
            for member in self.members.values():
                first.feed(whole.update, local_header(member))
                also = watched.get(member.name)
                for piece in self.pieces(member):
                    go_on()
                    first.feed(whole.update, piece)
                    if also is not None:
                        second.feed(also.update, piece)
        whole.update(directory(list(self.members.values())))
        return whole.hexdigest()

    def read(self, name: str, limit: int) -> bytes:
        """Return the bytes of a member; raises ArchiveError if larger than `limit` or damaged.

        Raises KeyError if there is no such member.
        """
        member = self.members[name]
        if member.size > limit:
            raise ArchiveError(ArchiveFault.TOO_LARGE)
        return b"".join(self.pieces(member))


def _entries(body: bytes, count: int) -> Iterator[Member]:
    at = 0
    for _ in range(count):
        if at + _CENTRAL.size > len(body):
            raise _hostile()
        fields = _CENTRAL.unpack_from(body, at)
        crc, size, name_size, offset = fields[7], fields[8], fields[10], fields[16]
        at += _CENTRAL.size
        raw = body[at : at + name_size]
        at += name_size
        if not raw.isascii():
            raise _hostile()
        yield Member(raw.decode("ascii"), size, crc, offset)
