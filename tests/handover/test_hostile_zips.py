"""ZIPs that two programs read differently, that grow, or that reach outside their folder."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from handover_samples import ZEIST, files_of, inner_of, resealed, signed_bag, zip_of
from test_attacks import HOSTILE_DOSSIERS, HOSTILE_HEADERS, refusal

from intake_app.handover.archive import Archive, ArchiveError, is_safe_name
from intake_app.handover.errors import Refusal, RefusalReason
from intake_app.handover.limits import ArchiveLimits
from intake_app.handover.open import inspect

R = RefusalReason


def python_zip(build: Callable[[zipfile.ZipFile], object]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", strict_timestamps=False) as archive:
        build(archive)
    return out.getvalue()


def named(*names: str) -> Callable[[dict[str, bytes]], bytes]:
    return lambda files: zip_of({**files, **dict.fromkeys(names, b"x")})


def link(files: dict[str, bytes]) -> bytes:
    def build(archive: zipfile.ZipFile) -> None:
        for name, data in files.items():
            archive.writestr(name, data)
        info = zipfile.ZipInfo("link")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")

    return python_zip(build)


def deflated(files: dict[str, bytes]) -> bytes:
    def build(archive: zipfile.ZipFile) -> None:
        for name, data in files.items():
            archive.writestr(name, data, zipfile.ZIP_DEFLATED)

    return python_zip(build)


def bomb(files: dict[str, bytes]) -> bytes:
    return python_zip(lambda a: a.writestr("bom", bytes(50 << 20), zipfile.ZIP_DEFLATED))


def stored_bomb(files: dict[str, bytes]) -> bytes:
    """A directory that says 3 GB where there are three bytes."""
    data = bytearray(zip_of({"bom": b"xxx"}))
    at = data.index(b"PK\1\2")
    data[at + 20 : at + 28] = struct.pack("<II", 3 << 30, 3 << 30)
    data[18:26] = struct.pack("<II", 3 << 30, 3 << 30)
    return bytes(data)


def beyond_four_gigabytes(files: dict[str, bytes]) -> bytes:
    """A last member that ends where no directory can begin."""
    data = bytearray(zip_of({"bom": b"xxx"}))
    at = data.index(b"PK\1\2")
    data[at + 20 : at + 28] = b"\xff" * 8
    return bytes(data)


def overlapping(files: dict[str, bytes]) -> bytes:
    """Two names for the same bytes."""
    data = zip_of({"a": b"x" * 100, "b": b"y" * 100})
    at = data.rindex(b"PK\1\2")
    return data[: at + 42] + struct.pack("<I", 0) + data[at + 46 :]


def patched(offset_from_end: int, value: bytes) -> Callable[[dict[str, bytes]], bytes]:
    def build(files: dict[str, bytes]) -> bytes:
        data = bytearray(zip_of(files))
        at = len(data) - offset_from_end
        data[at : at + len(value)] = value
        return bytes(data)

    return build


def local_differs(files: dict[str, bytes]) -> bytes:
    """The local header has another name than the directory."""
    return (
        zip_of(files)
        .replace(b"LEESMIJ.txt", b"LEESMIJ.exe", 1)
        .replace(b"bagit.txt", b"bagit.exe", 1)
    )


def gap(files: dict[str, bytes]) -> bytes:
    """Bytes between the last member and the directory that no member owns."""
    data = zip_of(files)
    at = data.index(b"PK\1\2")
    end = bytearray(data[at:])
    end[-6:-2] = struct.pack("<I", at + 5)
    return data[:at] + b"extra" + bytes(end)


def encrypted_flag(files: dict[str, bytes]) -> bytes:
    data = bytearray(zip_of(files))
    data[6] = 1
    data[data.index(b"PK\1\2") + 8] = 1
    return bytes(data)


def extra_field(files: dict[str, bytes]) -> bytes:
    def build(archive: zipfile.ZipFile) -> None:
        for name, data in files.items():
            info = zipfile.ZipInfo(name)
            info.extra = struct.pack("<HH4s", 0x7075, 4, b"test")
            archive.writestr(info, data)

    return python_zip(build)


def commented(files: dict[str, bytes]) -> bytes:
    def build(archive: zipfile.ZipFile) -> None:
        for name, data in files.items():
            archive.writestr(name, data)
        archive.comment = b"PK\5\6" + bytes(18)

    return python_zip(build)


def doubled(files: dict[str, bytes]) -> bytes:
    out = zip_of({**files, "zz": b"1", "zy": b"2"})
    return out.replace(b"zy", b"zz")


def non_ascii(files: dict[str, bytes]) -> bytes:
    return python_zip(lambda a: a.writestr("d\u202ersier.exe", b"x"))


def wrong_crc(files: dict[str, bytes]) -> bytes:
    name = next(iter(files))
    crc = struct.pack("<I", zlib.crc32(files[name]))
    return zip_of(files).replace(crc, b"\1\2\3\4")


HOSTILE_ZIPS: dict[str, Callable[[dict[str, bytes]], bytes]] = {
    "slip": named("../x"),
    "deep slip": named("data/../../x"),
    "absolute": named("/etc/x"),
    "drive": named("C:/x"),
    "backslash": named("a\\x"),
    "device": named("CON"),
    "device with extension": named("data/aux.txt"),
    "trailing dot": named("x."),
    "trailing space": named("x "),
    "stream": named("x:y"),
    "hidden": named(".ssh"),
    "empty part": named("a//b"),
    "folder": named("a/"),
    "empty name": named(""),
    "newline": named("a\nb"),
    "long name": named("a" * 200),
    "case twin": named("BAGIT.TXT", "leesmij.TXT"),
    "file and folder": named("a", "a/b"),
    "double name": doubled,
    "right to left": non_ascii,
    "link": link,
    "deflate": deflated,
    "deflate bomb": bomb,
    "stored bomb": stored_bomb,
    "beyond 4 GB": beyond_four_gigabytes,
    "overlap": overlapping,
    "gap": gap,
    "local name differs": local_differs,
    "encrypted": encrypted_flag,
    "extra field": extra_field,
    "comment": commented,
    "wrong CRC": wrong_crc,
    "other disk": patched(18, b"\1\0"),
    "more entries than there are": patched(14, b"\xff\0\xff\0"),
    "directory elsewhere": patched(6, b"\0\0\0\0"),
    "zip64 marker": patched(6, b"\xff\xff\xff\xff"),
    "two thousand": named(*(f"f{n}" for n in range(2001))),
    "only an end": lambda files: zip_of({}),
    "prefix": lambda files: b"#!/bin/sh\n" + zip_of(files),
    "polyglot": lambda files: b"%PDF-1.7\n" + zip_of(files),
}
REASONS = {R.HOSTILE_ZIP, R.TOO_LARGE, R.TRUNCATED, R.NOT_A_HANDOVER, R.PAYLOAD_DAMAGED}


def test_the_corpus_is_large_enough() -> None:
    assert len(HOSTILE_ZIPS) >= 40
    assert len(HOSTILE_DOSSIERS) + len(HOSTILE_HEADERS) >= 40


@pytest.mark.parametrize("name", HOSTILE_ZIPS)
def test_hostile_outside(sealed_bytes: bytes, tmp_path: Path, name: str) -> None:
    data = HOSTILE_ZIPS[name](files_of(sealed_bytes))
    assert refusal(data, tmp_path).reason in REASONS
    with pytest.raises(Refusal):
        inspect(tmp_path / "file.zip")


@pytest.mark.parametrize("name", HOSTILE_ZIPS)
def test_hostile_inside(sealed_bytes: bytes, tmp_path: Path, name: str) -> None:
    inner = signed_bag(files_of(inner_of(sealed_bytes, ZEIST)))
    found = refusal(resealed(HOSTILE_ZIPS[name](inner)), tmp_path)
    assert found.reason in {R.CONTENT_HOSTILE, R.TOO_LARGE}


def test_limits_hold() -> None:
    data = zip_of({"a": b"x" * 100, "b": b"y"})
    for limits in (
        ArchiveLimits(total=len(data) - 1, member=100, members=2),
        ArchiveLimits(total=len(data), member=99, members=2),
        ArchiveLimits(total=len(data), member=100, members=1),
    ):
        with pytest.raises(ArchiveError):
            Archive(io.BytesIO(data), limits)
    whole = Archive(io.BytesIO(data), ArchiveLimits(total=len(data), member=100, members=2))
    with pytest.raises(ArchiveError):
        whole.read("a", 99)
    assert whole.read("a", 100) == b"x" * 100


def test_the_names_we_use_are_safe(sealed_bytes: bytes) -> None:
    for name in [*files_of(sealed_bytes), *files_of(inner_of(sealed_bytes, ZEIST))]:
        assert is_safe_name(name)
