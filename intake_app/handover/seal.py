"""Sealing: one dossier version for one organisation becomes one file.

The inner ZIP is never written anywhere in clear: it is made piece by piece and encrypted as it
is made, with constant memory whatever the size of the attachments.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, cast

from intake_app.crypto import sshsig
from intake_app.crypto.age import Recipient, parse_recipient, start_encryption
from intake_app.crypto.sshsig import SignatureError, SigningKey
from intake_app.handover import bag, limits, model
from intake_app.handover.archive import (
    PIECE,
    Archive,
    ArchiveError,
    Member,
    archive_size,
    directory,
    local_header,
    local_size,
)
from intake_app.handover.dossier import from_json, schema
from intake_app.handover.errors import ContentTooLarge, WrittenWrong
from intake_app.handover.manifest import (
    attachment_name,
    read_manifest,
    write_header,
    write_manifest,
)
from intake_app.handover.model import FileDigest, Header, SealedFile, SealRequest
from intake_app.handover.padding import padded_size
from intake_app.handover.readme import file_name, readme_text
from intake_app.handover.safe_file import new_file

Random = Callable[[int], bytes]
Progress = Callable[[int, int], None]
_ZEROS: Final = bytes(PIECE)


def schema_json() -> bytes:
    """Return the published schema as it lies in `resources/schema` and inside every file."""
    return json.dumps(schema(), ensure_ascii=False, indent=2).encode() + b"\n"


@dataclass(frozen=True, slots=True)
class _File:
    """A file of the inner archive: its bytes can be read more than once."""

    name: str
    size: int
    crc: int
    sha512: str
    pieces: Callable[[], Iterator[bytes]]


def _measured(name: str, pieces: Callable[[], Iterator[bytes]]) -> _File:
    size, crc, digest = 0, 0, hashlib.sha512()
    for piece in pieces():
        size, crc = size + len(piece), zlib.crc32(piece, crc)
        digest.update(piece)
    return _File(name, size, crc, digest.hexdigest(), pieces)


def _bytes_file(name: str, data: bytes) -> _File:
    return _measured(name, lambda: iter((data,)))


def _zeros(size: int) -> Iterator[bytes]:
    for at in range(0, size, PIECE):
        yield _ZEROS[: min(PIECE, size - at)]


def _pieces_of(source: Callable[[], BinaryIO]) -> Iterator[bytes]:
    with source() as opened:
        while piece := opened.read(PIECE):
            yield piece


def _payload_files(request: SealRequest) -> list[_File]:
    files = [
        _bytes_file(model.MANIFEST, write_manifest(request)),
        _bytes_file(model.DOSSIER, request.dossier_json),
        _bytes_file(model.PDF, request.dossier_pdf),
        _bytes_file(model.SCHEMA, schema_json()),
    ]
    for number, each in enumerate(request.attachments, 1):
        name = attachment_name(number, each.extension)
        source = each.source
        files.append(_measured(name, lambda source=source: _pieces_of(source)))  # type: ignore[misc]
    return files


def _inner_files(request: SealRequest, key: SigningKey) -> list[_File]:
    """Return every file of the bag in the order it stands in the inner archive."""
    payload = _payload_files(request)
    sizes = {file.name: file.size for file in payload}
    day = request.created.date()
    tags = [
        _bytes_file(bag.DECLARATION, bag.DECLARATION_TEXT),
        _bytes_file(bag.INFO, bag.info_text(request.handover_id, day, sizes, request.app_version)),
        _bytes_file(bag.MANIFEST, bag.write_digests({f.name: f.sha512 for f in payload})),
    ]
    padding = _padding([*tags, *payload], key)
    listed = {file.name: file.sha512 for file in (*tags, padding)}
    tag_manifest = bag.write_digests(listed)
    signature = sshsig.sign(key, model.NAMESPACE, tag_manifest).encode()
    sealed = [
        _bytes_file(bag.TAG_MANIFEST, tag_manifest),
        _bytes_file(bag.TAG_SIGNATURE, signature),
    ]
    return [*tags, *sealed, *payload, padding]


def _padding(files: Sequence[_File], key: SigningKey) -> _File:
    """Return the padding that brings the inner archive to a Padmé size."""
    named = [(file.name, file.size) for file in files]
    digests = bag.write_digests(dict.fromkeys(bag.TAG_FILES, "0" * 128))
    signature = sshsig.sign(key, model.NAMESPACE, b"")
    named += [
        (bag.TAG_MANIFEST, len(digests)),
        (bag.TAG_SIGNATURE, len(signature)),
        (bag.PADDING, 0),
    ]
    bare = archive_size(named)
    missing = padded_size(bare) - bare
    return _measured(bag.PADDING, lambda: _zeros(missing))


def _check_request(request: SealRequest, key: SigningKey, files: Sequence[_File]) -> Recipient:
    """Refuse what no reader would accept; a fault here is a fault of the program."""
    if request.sender.sign_public != key.public:
        raise ValueError("the sender's public key is not that of the signing key")
    if request.version < 1:
        raise ValueError("version")
    total = archive_size([(file.name, file.size) for file in files])
    too_large = any(file.size > limits.INNER.member for file in files)
    too_many = len(request.attachments) > limits.ATTACHMENTS
    too_long = len(request.dossier_json) > limits.DOSSIER_JSON
    if total > limits.INNER.total or too_large or too_many or too_long:
        raise ContentTooLarge
    manifest, dossier = read_manifest(write_manifest(request)), from_json(request.dossier_json)
    if (dossier.dossier_id, dossier.dossier_version) != (manifest.dossier_id, manifest.version):
        raise ValueError("the dossier is another one than the request says")
    return parse_recipient(request.recipient.age_recipient)


class _Hashing:
    """Passes what is written on to `target` and keeps size, CRC and SHA-512."""

    def __init__(self, target: BinaryIO) -> None:
        self.target, self.size, self.crc, self.sha512 = target, 0, 0, hashlib.sha512()

    def write(self, data: bytes) -> int:
        self.size += len(data)
        self.crc = zlib.crc32(data, self.crc)
        self.sha512.update(data)
        return self.target.write(data)


def seal(
    request: SealRequest,
    signing_key: SigningKey,
    target: Path,
    *,
    random: Random,
    progress: Progress | None = None,
) -> SealedFile:
    """Write the sealed file of `request` and return what it is.

    `target` is a file name, or an existing folder in which the file gets its own name. On return
    the file has been synced, read back and found whole. On any error there is no file: neither
    under `target` nor under a temporary name. `progress` gets bytes done and bytes in all.
    Raises SealError (Dutch sentence) for the disk and for too much content, ValueError for a
    request that no reader would take.
    """
    files = _inner_files(request, signing_key)
    recipient = _check_request(request, signing_key, files)
    path = target / file_name(request.handover_id) if target.is_dir() else target
    readme = readme_text(request.handover_id, post_quantum=recipient.post_quantum)
    checked: dict[str, str] = {}

    def check(written: Path) -> None:
        checked["sha256"] = _read_back(written, checked["header"].encode())

    with new_file(path, random, check) as out:
        first = Member(model.README, len(readme), zlib.crc32(readme), 0)
        out.write(local_header(first) + readme)
        payload, sha512 = _write_payload(out, first.end, files, recipient, random, progress)
        header = Header(
            handover_id=request.handover_id,
            sender=request.sender.fingerprint,
            recipient=request.recipient.fingerprint,
            payload=FileDigest(model.PAYLOAD, payload.size, sha512),
            readme=FileDigest(model.README, len(readme), hashlib.sha512(readme).hexdigest()),
        )
        text = write_header(header)
        checked["header"] = text.decode()
        signature = sshsig.sign(signing_key, model.NAMESPACE, text).encode()
        last = _append(
            out, payload.end, [(model.HEADER, text), (model.HEADER_SIGNATURE, signature)]
        )
        out.write(directory([first, payload, *last]))
        size = out.tell()
    return SealedFile(path, size, checked["sha256"], sha512, request.handover_id)


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
    out: BinaryIO,
    at: int,
    files: Sequence[_File],
    recipient: Recipient,
    random: Random,
    progress: Progress | None,
) -> tuple[Member, str]:
    """Encrypt the inner archive into `out` as the member that starts at `at`."""
    out.write(bytes(local_size(model.PAYLOAD)))
    hashing = _Hashing(out)
    writer = start_encryption([recipient], cast("BinaryIO", hashing), random=random)
    total = sum(file.size for file in files)
    done, offset = 0, 0
    members: list[Member] = []
    for file in files:
        member = Member(file.name, file.size, file.crc, offset)
        writer.write(local_header(member))
        crc = 0
        for piece in file.pieces():
            crc = zlib.crc32(piece, crc)
            writer.write(piece)
            done += len(piece)
            if progress is not None:
                progress(done, total)
        if crc != file.crc:
            raise ValueError("an attachment changed while it was sealed")
        members.append(member)
        offset = member.end
    writer.write(directory(members))
    writer.finish()
    payload = Member(model.PAYLOAD, hashing.size, hashing.crc, at)
    out.seek(at)
    out.write(local_header(payload))
    return payload, hashing.sha512.hexdigest()


def _read_back(written: Path, header: bytes) -> str:
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
            return archive.sha256({})
    except (ArchiveError, SignatureError, KeyError, ValueError):
        raise WrittenWrong from None
