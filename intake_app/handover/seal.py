"""Sealing: one dossier version for one organisation becomes one file.

The inner ZIP is never written anywhere in clear: it is made piece by piece and encrypted as it
is made, with constant memory whatever the size of the attachments. The digest lists stand last in
it, so that everything is hashed while it is encrypted.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import BinaryIO, Final, cast

from intake_app.crypto import sshsig
from intake_app.crypto.age import Recipient, StreamWriter, parse_recipient, start_encryption
from intake_app.crypto.sshsig import SignatureError, SigningKey
from intake_app.handover import bag, limits, model
from intake_app.handover.address_book import CLOCK_SLACK
from intake_app.handover.archive import (
    Archive,
    ArchiveError,
    Member,
    archive_size,
    directory,
    local_header,
    local_size,
)
from intake_app.handover.aside import Aside
from intake_app.handover.dossier import from_json, schema
from intake_app.handover.errors import (
    CannotWrite,
    ContentTooLarge,
    SealCancelled,
    SealedTooEarly,
    WrittenWrong,
)
from intake_app.handover.manifest import (
    attachment_name,
    read_manifest,
    write_header,
    write_manifest,
)
from intake_app.handover.medical import belongs_in
from intake_app.handover.model import FileDigest, Header, SealedFile, SealRequest
from intake_app.handover.padding import padded_size
from intake_app.handover.readme import file_name, readme_text
from intake_app.handover.safe_file import new_file

Random = Callable[[int], bytes]
Progress = Callable[[int, int], None]
GoOn = Callable[[], None]
# Larger than what is read at opening: every piece passes two queues.
_PIECE: Final = 1 << 19
_ZEROS: Final = bytes(_PIECE)


@cache
def schema_json() -> bytes:
    """Return the published schema as it lies in `resources/schema` and inside every file."""
    return json.dumps(schema(), ensure_ascii=False, indent=2).encode() + b"\n"


@dataclass(frozen=True, slots=True)
class _File:
    """A file of the inner archive; `pieces` may be called again and gives the same bytes."""

    name: str
    size: int
    crc: int
    pieces: Callable[[], Iterator[bytes]]


def _measured(name: str, pieces: Callable[[], Iterator[bytes]], go_on: GoOn) -> _File:
    size, crc = 0, 0
    for piece in pieces():
        go_on()
        size, crc = size + len(piece), zlib.crc32(piece, crc)
    return _File(name, size, crc, pieces)


def _bytes_file(name: str, data: bytes) -> _File:
    return _File(name, len(data), zlib.crc32(data), lambda: iter((data,)))


def _zeros(size: int) -> Iterator[bytes]:
    for at in range(0, size, _PIECE):
        yield _ZEROS[: min(_PIECE, size - at)]


def _pieces_of(source: Callable[[], BinaryIO]) -> Iterator[bytes]:
    with source() as opened:
        while piece := opened.read(_PIECE):
            yield piece


def _payload_files(request: SealRequest, go_on: GoOn) -> list[_File]:
    """Return every file below data/; attachments are read a first time for size and CRC."""
    files = [
        _bytes_file(model.MANIFEST, write_manifest(request)),
        _bytes_file(model.DOSSIER, request.dossier_json),
        _bytes_file(model.PDF, request.dossier_pdf),
        _bytes_file(model.SCHEMA, schema_json()),
    ]
    for number, each in enumerate(request.attachments, 1):
        name = attachment_name(number, each.extension)
        source = each.source
        files.append(_measured(name, lambda source=source: _pieces_of(source), go_on))  # type: ignore[misc]
    return files


@dataclass(frozen=True, slots=True)
class _Bag:
    """The bag of a request before its digests are known; their lists have a known size."""

    request: SealRequest
    key: SigningKey
    payload: tuple[_File, ...]

    @property
    def declared(self) -> list[_File]:
        """The tag files that need no digest."""
        request = self.request
        sizes = {file.name: file.size for file in self.payload}
        info = bag.info_text(
            request.handover_id, request.created.date(), sizes, request.app_version
        )
        found = [_bytes_file(bag.DECLARATION, bag.DECLARATION_TEXT), _bytes_file(bag.INFO, info)]
        if request.holders is not None:
            signature = request.holders.signature.encode()
            found.append(_bytes_file(bag.HOLDERS, request.holders.text))
            found.append(_bytes_file(bag.HOLDERS_SIGNATURE, signature))
        return found

    @property
    def bare(self) -> int:
        """How large the inner archive is without a byte of padding."""
        nothing = dict.fromkeys((file.name for file in self.payload), "0" * 128)
        declared = self.declared
        named = [(file.name, file.size) for file in (*self.payload, *declared)]
        tags = dict.fromkeys((*bag.TAG_FILES, *(file.name for file in declared)), "0" * 128)
        named += [
            (bag.MANIFEST, len(bag.write_digests(nothing))),
            (bag.TAG_MANIFEST, len(bag.write_digests(tags))),
            (bag.TAG_SIGNATURE, len(sshsig.sign(self.key, self.request.kind.namespace, b""))),
            (bag.PADDING, 0),
        ]
        return archive_size(named)

    @property
    def padding(self) -> _File:
        """What brings the inner archive to a Padmé size."""
        missing = padded_size(self.bare) - self.bare
        return _measured(bag.PADDING, lambda: _zeros(missing), lambda: None)

    def lists(self, digests: Mapping[str, str]) -> list[_File]:
        """Return the lists and the signature over them; `digests` are those of all other files."""
        payload = {file.name: digests[file.name] for file in self.payload}
        manifest = bag.write_digests(payload)
        tags = {file.name: digests[file.name] for file in self.declared}
        tags[bag.PADDING] = digests[bag.PADDING]
        tags[bag.MANIFEST] = hashlib.sha512(manifest).hexdigest()
        tag_manifest = bag.write_digests(tags)
        signature = sshsig.sign(self.key, self.request.kind.namespace, tag_manifest)
        return [
            _bytes_file(bag.MANIFEST, manifest),
            _bytes_file(bag.TAG_MANIFEST, tag_manifest),
            _bytes_file(bag.TAG_SIGNATURE, signature.encode()),
        ]


def _check_request(made: _Bag) -> Recipient:
    """Refuse what no reader would accept; a fault here is a fault of the program."""
    request = made.request
    if _before_its_day(request, made.key.public):
        raise SealedTooEarly
    if not _speaks_for_the_sender(request, made.key.public):
        raise ValueError("the signing key is not the sender's, nor one it vouches for")
    if request.version < 1:
        raise ValueError("version")
    total = padded_size(made.bare)
    too_large = any(file.size > limits.INNER.member for file in made.payload)
    too_many = len(request.attachments) > limits.ATTACHMENTS
    too_long = len(request.dossier_json) > limits.DOSSIER_JSON
    if total > limits.INNER.total or too_large or too_many or too_long:
        raise ContentTooLarge
    manifest, dossier = read_manifest(write_manifest(request)), from_json(request.dossier_json)
    if (dossier.dossier_id, dossier.dossier_version) != (manifest.dossier_id, manifest.version):
        raise ValueError("the dossier is another one than the request says")
    if not belongs_in(dossier, request.kind):
        raise ValueError("medical answers travel in the medical envelope, and nothing else does")
    return parse_recipient(request.recipient.age_recipient)


def _before_its_day(request: SealRequest, public: str) -> bool:
    """Tell whether the clock is before the day of the holder, or of the list it stands in."""
    signed, at = request.holders, request.created
    holder = None if signed is None else signed.holders.by_key(public)
    if signed is None or holder is None:
        return False
    return at.date() < holder.from_date or at < signed.holders.issued - CLOCK_SLACK


def _speaks_for_the_sender(request: SealRequest, public: str) -> bool:
    signed, day = request.holders, request.created.date()
    if signed is None:
        return public == request.sender.sign_public
    holder = signed.holders.by_key(public)
    return (
        holder is not None
        and holder.counts_on(day)
        and signed.speaks_for(request.sender.organisation_id, request.sender.sign_public)
        and signed.holders.counts_at(request.created)
    )


class _Hashing:
    """Passes what is written on to `target`; size, CRC and SHA-512 are kept on another thread."""

    def __init__(self, target: BinaryIO, aside: Aside) -> None:
        self.target, self.aside = target, aside
        self.size, self.crc, self.sha512 = 0, 0, hashlib.sha512()

    def write(self, data: bytes | memoryview) -> int:
        self.size += len(data)
        # A copy: the writer uses its buffer again.
        self.aside.feed(self._take, bytes(data))
        return self.target.write(data)

    def _take(self, piece: bytes) -> None:
        self.crc = zlib.crc32(piece, self.crc)
        self.sha512.update(piece)


class _Digest:
    """CRC and SHA-512 of one file while it is written."""

    def __init__(self) -> None:
        self.crc, self.sha512 = 0, hashlib.sha512()

    def take(self, piece: bytes) -> None:
        self.crc = zlib.crc32(piece, self.crc)
        self.sha512.update(piece)


def seal(
    request: SealRequest,
    signing_key: SigningKey,
    target: Path,
    *,
    random: Random,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> SealedFile:
    """Write the sealed file of `request` and return what it is.

    `target` is a file name, or an existing folder in which the file gets its own name. On return
    the file has been synced, read back and found whole. On any error there is no file: neither
    under `target` nor under a temporary name. `progress` gets bytes done and bytes in all, on the
    calling thread; `cancelled` is asked at least every half MiB until the file is whole.
    Raises SealError (Dutch sentence) for the disk, for too much content and when cancelled,
    ValueError for a request that no reader would take.
    """

    def go_on() -> None:
        if cancelled is not None and cancelled():
            raise SealCancelled

    try:
        payload = tuple(_payload_files(request, go_on))
    except OSError:
        raise CannotWrite from None
    made = _Bag(request, signing_key, payload)
    recipient = _check_request(made)
    path = target / file_name(request.handover_id) if target.is_dir() else target
    readme = readme_text(
        request.handover_id,
        post_quantum=recipient.post_quantum,
        by_holder=request.holders is not None,
    )
    checked: dict[str, str] = {}

    def check(written: Path) -> None:
        checked["sha256"] = _read_back(written, checked["header"].encode(), go_on)

    with new_file(path, random, check) as out:
        first = Member(model.README, len(readme), zlib.crc32(readme), 0)
        out.write(local_header(first) + readme)
        member, sha512 = _write_payload(
            out, first.end, made, recipient, random, _Steps(made, progress, go_on)
        )
        header = Header(
            handover_id=request.handover_id,
            sender=request.sender.fingerprint,
            recipient=request.recipient.fingerprint,
            payload=FileDigest(model.PAYLOAD, member.size, sha512),
            readme=FileDigest(model.README, len(readme), hashlib.sha512(readme).hexdigest()),
        )
        text = write_header(header)
        checked["header"] = text.decode()
        signature = sshsig.sign(signing_key, model.NAMESPACE, text).encode()
        last = _append(out, member.end, [(model.HEADER, text), (model.HEADER_SIGNATURE, signature)])
        out.write(directory([first, member, *last]))
        size = out.tell()
    return SealedFile(path, size, checked["sha256"], sha512, request.handover_id)


class _Steps:
    """Tells how far it is and stops when asked."""

    def __init__(self, made: _Bag, progress: Progress | None, go_on: GoOn) -> None:
        self._progress, self._go_on = progress, go_on
        self._done, self._total = 0, sum(file.size for file in made.payload)

    def step(self, size: int) -> None:
        self._go_on()
        # Lists and padding are not counted: nobody waits for them.
        self._done = min(self._done + size, self._total)
        if self._progress is not None:
            self._progress(self._done, self._total)


def _append(out: BinaryIO, at: int, parts: Sequence[tuple[str, bytes]]) -> list[Member]:
    out.seek(at)
    members: list[Member] = []
    for name, data in parts:
        member = Member(name, len(data), zlib.crc32(data), at)
        out.write(local_header(member) + data)
        members.append(member)
        at = member.end
    return members


def _write_payload(
    out: BinaryIO, at: int, made: _Bag, recipient: Recipient, random: Random, steps: _Steps
) -> tuple[Member, str]:
    """Encrypt the inner archive into `out` as the member that starts at `at`."""
    out.write(bytes(local_size(model.PAYLOAD)))
    with Aside() as after:
        hashing = _Hashing(out, after)
        writer = start_encryption([recipient], cast("BinaryIO", hashing), random=random)
        files = [*made.payload, made.padding, *made.declared]
        digests = {file.name: _Digest() for file in files}
        members: list[Member] = []
        with Aside() as before:
            for file in files:
                members.append(_write_member(writer, file, members, steps, before, digests))
        if any(digests[file.name].crc != file.crc for file in files):
            raise ValueError("an attachment changed while it was sealed")
        for file in made.lists({name: each.sha512.hexdigest() for name, each in digests.items()}):
            members.append(_write_member(writer, file, members, steps, None, {}))
        writer.write(directory(members))
        writer.finish()
    payload = Member(model.PAYLOAD, hashing.size, hashing.crc, at)
    out.seek(at)
    out.write(local_header(payload))
    return payload, hashing.sha512.hexdigest()


def _write_member(
    writer: StreamWriter,
    file: _File,
    before: Sequence[Member],
    steps: _Steps,
    aside: Aside | None,
    digests: Mapping[str, _Digest],
) -> Member:
    """Encrypt one file of the inner archive; its digest is kept on the thread of `aside`."""
    member = Member(file.name, file.size, file.crc, before[-1].end if before else 0)
    writer.write(local_header(member))
    size = 0
    for piece in file.pieces():
        size += len(piece)
        if aside is not None:
            aside.feed(digests[file.name].take, piece)
        writer.write(piece)
        steps.step(len(piece))
    if size != file.size:
        raise ValueError("an attachment changed while it was sealed")
    return member


def _read_back(written: Path, header: bytes, go_on: GoOn) -> str:
    """Return the SHA-256 of the file as the disk gives it back; raises WrittenWrong."""
    try:
        with written.open("rb") as source:
            archive = Archive(source, limits.OUTER)
            signature = archive.read(model.HEADER_SIGNATURE, limits.SIGNATURE).decode("ascii")
            text = archive.read(model.HEADER, limits.HEADER)
            sshsig.verify(sshsig.signer_of(signature), model.NAMESPACE, text, signature)
            if text != header:
                raise WrittenWrong
            # The CRC of every member is compared on the way: a fault of the disk shows in it.
            return archive.sha256({}, go_on)
    except (ArchiveError, SignatureError, KeyError, ValueError):
        raise WrittenWrong from None
