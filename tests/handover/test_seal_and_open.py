"""Sealing and opening: what goes in comes out, whole or not at all."""

from __future__ import annotations

import dataclasses
import errno
import hashlib
import io
import os
import stat
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any, BinaryIO, cast
from uuid import UUID

import pytest
from handover_samples import (
    AZC,
    BOOK,
    CLASSIC,
    HANDOVER,
    HOUTEN,
    NOW,
    PDF,
    ZEIST,
    Case,
    counted_random,
    open_as,
    sample_dossier,
)

from intake_app.handover import safe_file
from intake_app.handover.archive import archive_size
from intake_app.handover.errors import (
    CannotWrite,
    ContentTooLarge,
    DiskFull,
    Refusal,
    RefusalReason,
    TargetExists,
    WrittenWrong,
)
from intake_app.handover.model import Attachment, AuditHead
from intake_app.handover.open import inspect
from intake_app.handover.padding import padded_size
from intake_app.handover.seal import seal


def attachment(data: bytes, extension: str = "pdf") -> Attachment:
    return Attachment("Diploma", extension, "application/pdf", lambda: io.BytesIO(data))


def test_everything_comes_back(case: Case) -> None:
    case.attachments = (attachment(b"een"), attachment(b"x" * 300_000, "jpg"), attachment(b""))
    progress: list[tuple[int, int]] = []
    sealed = seal(
        case.request(),
        AZC.key,
        case.folder,
        random=counted_random("p"),
        progress=lambda done, total: progress.append((done, total)),
    )
    assert sealed.path.name == "overdracht-0d0e0f10.zip"
    assert sealed.size == sealed.path.stat().st_size
    assert sealed.sha256 == hashlib.sha256(sealed.path.read_bytes()).hexdigest()
    assert progress[-1][0] == progress[-1][1]
    opened = open_as(sealed.path)
    assert opened.dossier == sample_dossier()
    assert opened.dossier_json == case.request().dossier_json
    assert opened.pdf == PDF
    assert opened.digest == sealed.sha256
    assert opened.header.payload.sha512 == sealed.sha512_payload
    assert opened.sender == AZC.entry()
    manifest = opened.manifest
    assert (manifest.sender, manifest.recipient) == (AZC.party, ZEIST.party)
    assert (manifest.handover_id, manifest.created) == (HANDOVER, NOW)
    assert manifest.audit_head == case.request().audit_head
    assert [each.read() for each in opened.attachments] == [b"een", b"x" * 300_000, b""]
    assert [each.file for each in opened.attachments] == [
        "data/bijlagen/001.pdf",
        "data/bijlagen/002.jpg",
        "data/bijlagen/003.pdf",
    ]
    assert [path.name for path in case.folder.iterdir()] == [sealed.path.name]


@pytest.mark.parametrize("recipient", [ZEIST, CLASSIC], ids=["hybrid", "x25519"])
def test_both_kinds_of_key(case: Case, recipient: Any) -> None:
    case.recipient = recipient
    assert open_as(case.seal().path, recipient).manifest.recipient == recipient.party


def test_the_outside_names_nobody(case: Case) -> None:
    data = case.seal().path.read_bytes()
    for word in ("AZC", "Voorbeeldstad", "Tesfaye", "Amanuel", "0012345678", "0355", "2026"):
        assert word.encode() not in data
    with zipfile.ZipFile(io.BytesIO(data)) as outer:
        assert outer.namelist() == [
            "LEESMIJ.txt",
            "dossier.age",
            "overdracht.json",
            "overdracht.json.sig",
        ]
        assert outer.testzip() is None
        readme = outer.read("LEESMIJ.txt").decode()
    for tool in ("unzip", "ssh-keygen -Y verify", "age -d", "sha512sum -c"):
        assert tool in readme


def test_inspect_needs_no_key(case: Case) -> None:
    sealed = case.seal()
    found = inspect(sealed.path)
    assert found.handover_id == HANDOVER
    assert found.size == sealed.size
    assert found.signer == AZC.key.public
    assert (found.sender, found.recipient) == (AZC.party.fingerprint, ZEIST.party.fingerprint)


def test_an_older_key_of_ours_still_opens(case: Case) -> None:
    sealed = case.seal()
    from intake_app.handover.open import open_sealed

    opened = open_sealed(
        sealed.path,
        identities=[HOUTEN.identity, ZEIST.identity],
        own_public=ZEIST.key.public,
        directory=BOOK,
        seen=lambda _sender, _number: False,
    )
    assert opened.pdf == PDF


def test_a_named_file_is_made_where_asked(case: Case) -> None:
    target = case.folder / "anders.zip"
    sealed = seal(case.request(), AZC.key, target, random=counted_random("n"))
    assert sealed.path == target
    with pytest.raises(TargetExists, match="niet overschreven"):
        seal(case.request(), AZC.key, target, random=counted_random("n"))
    assert open_as(target).pdf == PDF


def test_padding_hides_the_size(tmp_path: Path) -> None:
    sizes = set()
    for number in range(8):
        folder = tmp_path / str(number)
        folder.mkdir()
        made = Case(folder, pdf=PDF + b"x" * (100_000 + 37 * number))
        sizes.add(made.seal().size)
    assert len(sizes) == 1


@pytest.mark.parametrize("size", [0, 1, 2, 3, 9, 1000, 65_537, 10**6 + 1, 10**9 + 7])
def test_padme(size: int) -> None:
    padded = padded_size(size)
    assert size <= padded <= size * 1.12 + 1
    assert padded_size(padded) == padded
    assert archive_size([("a", size)]) > size


def test_a_request_no_reader_would_take_is_not_sealed(case: Case) -> None:
    request = case.request()
    for wrong in (
        dataclasses.replace(request, version=0),
        dataclasses.replace(request, sender=HOUTEN.party),
        dataclasses.replace(request, attachments=(attachment(b"", "../x"),)),
        dataclasses.replace(request, attachments=(attachment(b"x"),) * 1000),
        dataclasses.replace(request, dossier_json=b"{}"),
        dataclasses.replace(request, dossier_id=HANDOVER),
        dataclasses.replace(request, version=2),
        dataclasses.replace(request, app_version="x" * 41),
        dataclasses.replace(request, audit_head=AuditHead(1, "kort")),
        dataclasses.replace(request, recipient=dataclasses.replace(ZEIST.party, name="a\nb")),
        dataclasses.replace(
            request, attachments=(dataclasses.replace(attachment(b"x"), title="a" * 201),)
        ),
        dataclasses.replace(
            request, attachments=(dataclasses.replace(attachment(b"x"), media_type="pdf"),)
        ),
    ):
        with pytest.raises(ValueError, match=r"."):
            seal(wrong, AZC.key, case.folder, random=counted_random("w"))
    for large in (
        dataclasses.replace(request, dossier_json=bytes(33 << 20)),
        dataclasses.replace(request, dossier_pdf=bytes(61 << 20)),
        dataclasses.replace(request, attachments=(attachment(b"x"),) * 501),
    ):
        with pytest.raises(ContentTooLarge, match="te groot"):
            seal(large, AZC.key, case.folder, random=counted_random("w"))
    assert not list(case.folder.iterdir())


class Failing(io.BytesIO):
    """A source that breaks halfway."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell() > 1000:
            raise OSError(errno.EIO, "broken")
        return super().read(1001)


def test_a_source_that_breaks_leaves_nothing(case: Case) -> None:
    good = io.BytesIO(b"x" * 5000)
    sources = iter([good, Failing(b"x" * 5000)])
    broken = Attachment("x", "pdf", "application/pdf", lambda: cast("BinaryIO", next(sources)))
    request = dataclasses.replace(case.request(), attachments=(broken,))
    with pytest.raises(CannotWrite):
        seal(request, AZC.key, case.folder, random=counted_random("b"))
    assert not list(case.folder.iterdir())


def test_a_source_that_changes_is_not_sealed(case: Case) -> None:
    contents = iter([b"een", b"twee"])
    moving = Attachment("x", "pdf", "application/pdf", lambda: io.BytesIO(next(contents)))
    request = dataclasses.replace(case.request(), attachments=(moving,))
    with pytest.raises(ValueError, match="changed"):
        seal(request, AZC.key, case.folder, random=counted_random("m"))
    assert not list(case.folder.iterdir())


def test_a_folder_that_is_not_there(case: Case) -> None:
    with pytest.raises(CannotWrite, match="stick"):
        seal(case.request(), AZC.key, case.folder / "weg" / "a.zip", random=counted_random("f"))


class Counted:
    """Lets the n-th call of an operating system function fail."""

    def __init__(self, real: Any, fail_at: int, code: int) -> None:
        self.real, self.left, self.code = real, fail_at, code

    def __call__(self, *args: Any, **keywords: Any) -> Any:
        self.left -= 1
        if self.left == 0:
            raise OSError(self.code, os.strerror(self.code))
        return self.real(*args, **keywords)


@pytest.mark.parametrize("fail_at", [1, 2])
@pytest.mark.parametrize(("code", "error"), [(errno.ENOSPC, DiskFull), (errno.EIO, CannotWrite)])
def test_a_failing_fsync_leaves_nothing(
    case: Case, monkeypatch: pytest.MonkeyPatch, fail_at: int, code: int, error: type[Exception]
) -> None:
    monkeypatch.setattr(safe_file.os, "fsync", Counted(os.fsync, fail_at, code))
    with pytest.raises(error):
        case.seal()
    assert not list(case.folder.iterdir())


class SmallDisk(io.BufferedRandom):
    """A file on a disk that takes `room` bytes."""

    room = 0

    def write(self, data: Any) -> int:
        if self.tell() + len(data) > type(self).room:
            raise OSError(errno.ENOSPC, "full")
        return super().write(data)


@pytest.mark.parametrize("room", [0, 100, 2_000, 4_000, 20_000, 50_000])
def test_a_full_disk_at_any_moment_leaves_nothing(
    case: Case, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    monkeypatch.setattr(SmallDisk, "room", room)
    monkeypatch.setattr(
        safe_file.os, "fdopen", lambda descriptor, mode: SmallDisk(io.FileIO(descriptor, mode))
    )
    with pytest.raises(DiskFull, match="vol"):
        case.seal()
    assert not list(case.folder.iterdir())


@pytest.mark.slow
def test_a_full_disk_at_every_place_leaves_nothing(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        safe_file.os, "fdopen", lambda descriptor, mode: SmallDisk(io.FileIO(descriptor, mode))
    )
    monkeypatch.setattr(SmallDisk, "room", 1 << 30)
    sealed = case.seal()
    sealed.path.unlink()
    for room in [*range(0, sealed.size, 97), *range(sealed.size - 700, sealed.size)]:
        monkeypatch.setattr(SmallDisk, "room", room)
        with pytest.raises(DiskFull, match="vol"):
            case.seal()
        assert not list(case.folder.iterdir())
    monkeypatch.setattr(SmallDisk, "room", sealed.size)
    assert case.seal().size == sealed.size


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_a_really_full_device(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.open
    monkeypatch.setattr(
        safe_file.os,
        "open",
        lambda path, flags, mode=0o777: (
            real("/dev/full", os.O_RDWR) if flags & os.O_CREAT else real(path, flags, mode)
        ),
    )
    with pytest.raises(DiskFull):
        case.seal()
    assert not list(case.folder.iterdir())


@pytest.mark.parametrize("at", [50, 3_000, -3_000, -300, -5])
def test_a_disk_that_gives_back_something_else_is_noticed(
    case: Case, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    real = os.fsync

    def spoil(descriptor: int) -> None:
        about = os.fstat(descriptor)
        if stat.S_ISREG(about.st_mode):
            place = at % about.st_size
            byte = os.pread(descriptor, 1, place)
            os.pwrite(descriptor, bytes([byte[0] ^ 1]), place)
        real(descriptor)

    monkeypatch.setattr(safe_file.os, "fsync", spoil)
    with pytest.raises(WrittenWrong, match="weer weggehaald"):
        case.seal()
    assert not list(case.folder.iterdir())


def test_memory_does_not_grow_with_the_dossier(case: Case, tmp_path: Path) -> None:
    source = tmp_path / "groot.bin"
    with source.open("wb") as out:
        for _ in range(40):
            out.write(os.urandom(1 << 20))
    case.folder = tmp_path / "uit"
    case.folder.mkdir()
    case.attachments = (
        Attachment("Groot", "bin", "application/octet-stream", lambda: source.open("rb")),
    )
    tracemalloc.start()
    try:
        sealed = case.seal()
        opened = open_as(sealed.path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert sealed.size > 40 << 20
    assert opened.attachments[0].size == 40 << 20
    assert peak < 16 << 20
    digest = hashlib.sha256(opened.attachments[0].read()).hexdigest()
    assert digest == hashlib.sha256(source.read_bytes()).hexdigest()


class Pattern(io.RawIOBase):
    """A large attachment that is nowhere: bytes that follow from their position."""

    def __init__(self, size: int, seed: int) -> None:
        super().__init__()
        self.left, self.block = size, hashlib.sha512(bytes([seed])).digest() * 4096

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        size = min(len(buffer), self.left, len(self.block))
        buffer[:size] = self.block[:size]
        self.left -= size
        return size


def large(count: int, size: int) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(str(seed), "bin", "a/b", lambda seed=seed: cast("BinaryIO", Pattern(size, seed)))  # type: ignore[misc]
        for seed in range(count)
    )


@pytest.mark.soak
def test_six_hundred_megabytes(case: Case) -> None:
    """As large as a dossier may be, in little memory; one part more is refused at the sender."""
    size = 50 << 20
    case.attachments = large(11, size)
    tracemalloc.start()
    try:
        sealed = case.seal()
        opened = open_as(sealed.path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert sealed.size > 550 << 20
    assert peak < 24 << 20
    for seed in (0, 10):
        data = opened.attachments[seed].read()
        assert hashlib.sha256(data).digest() == hashlib.sha256(Pattern(size, seed).read()).digest()
    case.attachments = large(12, size)
    with pytest.raises(ContentTooLarge):
        seal(case.request(), AZC.key, case.folder / "b.zip", random=counted_random("b"))
    assert [path.name for path in case.folder.iterdir()] == [sealed.path.name]


def test_an_attachment_read_later_is_verified_again(case: Case) -> None:
    case.attachments = (attachment(b"y" * 200_000),)
    sealed = case.seal()
    opened = open_as(sealed.path)
    data = bytearray(sealed.path.read_bytes())
    data[len(data) // 2] ^= 1
    sealed.path.write_bytes(data)
    with pytest.raises(Refusal):
        opened.attachments[0].read()
    sealed.path.unlink()
    with pytest.raises(Refusal) as caught:
        opened.attachments[0].read()
    assert caught.value.reason is RefusalReason.UNREADABLE_FILE


def test_seen_is_asked_with_the_sender_and_the_id(case: Case) -> None:
    asked: list[tuple[UUID, UUID]] = []
    sealed = case.seal()

    def seen(sender: UUID, handover_id: UUID) -> bool:
        asked.append((sender, handover_id))
        return True

    with pytest.raises(Refusal) as caught:
        open_as(sealed.path, seen=seen)
    assert caught.value.reason is RefusalReason.ALREADY_RECEIVED
    assert asked == [(AZC.party.organisation_id, HANDOVER)]
