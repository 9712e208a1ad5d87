"""A true sender with an infected laptop: attachments and documents that want to do something.

The container passes them on byte for byte and runs nothing; drawing happens in a process of its
own with limits, and ends in pages or in a sentence.
"""

from __future__ import annotations

import io
import os
import struct
import sys
import zlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from handover_samples import CLASSIC, PDF, Case, open_as

from intake_app.documents.pages import Limits, PageImage, PdfProblem, in_separate_process
from intake_app.documents.render_child import MAX_PIXELS
from intake_app.handover.attachments import HEAD, is_plain
from intake_app.handover.model import Attachment

LARGEST_PAGE = 4 * (MAX_PIXELS + 100_000)
LIMITS = Limits(seconds=2, memory=700 << 20)


def pdf_of(objects: dict[int, bytes], root: int = 1) -> bytes:
    """Return a PDF with a right cross-reference table around these objects."""
    out, offsets = b"%PDF-1.7\n", {}
    for number, body in objects.items():
        offsets[number] = len(out)
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    size, start = max(objects) + 1, len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        at = offsets.get(number)
        out += b"0000000000 65535 f \n" if at is None else b"%010d 00000 n \n" % at
    trailer = b"trailer\n<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    return out + trailer % (size, root, start)


def page_pdf(catalog: bytes = b"", page: bytes = b"", **more: bytes) -> bytes:
    """Return a PDF of one page; `more` are objects from number 4 on."""
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R" + catalog + b">>",
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]" + page + b">>",
    }
    return pdf_of({**objects, **dict(enumerate(more.values(), 4))})


def stream(data: bytes, about: bytes = b"") -> bytes:
    return b"<</Length %d" % len(data) + about + b">>stream\n" + data + b"\nendstream"


MIB = 1 << 20


@cache
def deflated(size: int, times: int = 1) -> bytes:
    """Return that many zeroes, whole MiBs, in zlib's format; more than once in itself if asked."""
    if times > 1:
        return zlib.compress(deflated(size, times - 1), 9)
    # one piece again and again: every worker makes these at the start
    squeeze = zlib.compressobj(9, wbits=-15)
    piece = squeeze.compress(bytes(MIB)) + squeeze.flush(zlib.Z_FULL_FLUSH)
    checksum = struct.pack(">HH", size % 65521, 1)
    return b"\x78\xda" + piece * (size // MIB) + b"\x03\x00" + checksum


def test_the_bombs_hold_what_they_say() -> None:
    assert zlib.decompress(deflated(3 * MIB)) == bytes(3 * MIB)
    assert zlib.decompress(zlib.decompress(deflated(3 * MIB, 2))) == bytes(3 * MIB)


JAVASCRIPT = b"<</S/JavaScript/JS(app.launchURL\\('https://example.invalid'\\))>>"
CONTENT = b"/Contents 4 0 R"
HOSTILE_PDFS: dict[str, bytes] = {
    "script on opening": page_pdf(b"/OpenAction 4 0 R", script=JAVASCRIPT),
    "script in names": page_pdf(b"/Names<</JavaScript<</Names[(a) 4 0 R]>>>>", script=JAVASCRIPT),
    "launch": page_pdf(b"/OpenAction<</S/Launch/F(/bin/sh)/Win<</F(cmd.exe)/P(/c calc)>>>>"),
    "link out": page_pdf(b"/OpenAction<</S/URI/URI(https://example.invalid/x)>>"),
    "submit form": page_pdf(b"/AA<</WC<</S/SubmitForm/F(https://example.invalid)>>>>"),
    "go to another file": page_pdf(b"/OpenAction<</S/GoToR/F(\\\\\\\\host\\\\share\\\\a.pdf)>>"),
    "file inside": page_pdf(
        b"/Names<</EmbeddedFiles<</Names[(a.exe) 4 0 R]>>>>",
        spec=b"<</Type/Filespec/F(a.exe)/EF<</F 5 0 R>>>>",
        data=stream(b"MZ" + bytes(100)),
    ),
    "stream from a file": page_pdf(
        b"", CONTENT, content=b"<</Length 0/F(/etc/passwd)>>stream\n\nendstream"
    ),
    "deflate bomb": page_pdf(
        b"", CONTENT, content=stream(deflated(200 << 20), b"/Filter/FlateDecode")
    ),
    "deflate bomb twice": page_pdf(
        b"",
        CONTENT,
        content=stream(deflated(200 << 20, 2), b"/Filter[/FlateDecode/FlateDecode]"),
    ),
    "filter chain": page_pdf(
        b"", CONTENT, content=stream(b"00>" * 50, b"/Filter[" + b"/ASCIIHexDecode" * 500 + b"]")
    ),
    "pages in a circle": pdf_of(
        {
            1: b"<</Type/Catalog/Pages 2 0 R>>",
            2: b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>",
        }
    ),
    "a billion pages": pdf_of(
        {
            1: b"<</Type/Catalog/Pages 2 0 R>>",
            2: b"<</Type/Pages/Kids[3 0 R]/Count 1000000000>>",
            3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
        }
    ),
    "an endless page": page_pdf(b"", b"/MediaBox[0 0 2000000000 2000000000]/UserUnit 75000"),
    "no size": page_pdf(b"", b"/MediaBox[0 0 0 0]"),
    "not a number": page_pdf(b"", b"/MediaBox[0 0 1e999 -1e999]"),
    "form in itself": page_pdf(
        b"",
        b"/Contents 4 0 R/Resources<</XObject<</F 5 0 R>>>>",
        content=stream(b"/F Do"),
        form=stream(
            b"/F Do /F Do",
            b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F 5 0 R>>>>",
        ),
    ),
    "a billion laughs": page_pdf(
        b"",
        b"/Contents 4 0 R/Resources<</XObject<</F 5 0 R>>>>",
        content=stream(b"/F Do"),
        **{
            f"form{n}": stream(
                b"/F Do " * 10,
                b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]"
                b"/Resources<</XObject<</F %d 0 R>>>>" % (n + 1),
            )
            for n in range(5, 16)
        },
    ),
    "an image of 65,500 by 65,500": page_pdf(
        b"",
        b"/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>",
        content=stream(b"200 0 0 200 0 0 cm /I Do"),
        image=stream(
            deflated(1 << 20),
            b"/Type/XObject/Subtype/Image/Width 65500/Height 65500/BitsPerComponent 8"
            b"/ColorSpace/DeviceRGB/Filter/FlateDecode",
        ),
    ),
    "deep arrays": page_pdf(b"/X " + b"[" * 100_000 + b"]" * 100_000),
    "deep saves": page_pdf(b"", CONTENT, content=stream(b"q " * 500_000)),
    "length of another": page_pdf(b"", CONTENT, content=b"<</Length 4 0 R>>stream\nx\nendstream"),
    "length beyond the end": page_pdf(
        b"", CONTENT, content=b"<</Length 2147483647>>stream\nx\nendstream"
    ),
    "earlier table is itself": PDF + b"startxref\n0\n%%EOF",
    "a font of rubbish": page_pdf(
        b"",
        b"/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>",
        content=stream(b"BT /F 12 Tf 9 9 Td (abc) Tj ET"),
        font=b"<</Type/Font/Subtype/TrueType/BaseFont/A/FontDescriptor 6 0 R>>",
        about=b"<</Type/FontDescriptor/FontName/A/Flags 4/FontFile2 7 0 R>>",
        data=stream(b"\0\1\0\0" + b"\xff" * 5000),
    ),
    "JPEG of rubbish": page_pdf(
        b"",
        b"/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>",
        content=stream(b"200 0 0 200 0 0 cm /I Do"),
        image=stream(
            b"\xff\xd8\xff\xe0" + b"\xff\xc0\0\x11\x08\xff\xff\xff\xff\x03" + b"\xaa" * 4000,
            b"/Type/XObject/Subtype/Image/Width 65535/Height 65535/BitsPerComponent 8"
            b"/ColorSpace/DeviceRGB/Filter/DCTDecode",
        ),
    ),
}


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + crc

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    body = chunk(b"IDAT", deflated(8 << 20))
    return b"\x89PNG\r\n\x1a\n" + head + body + chunk(b"IEND", b"")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script/></svg>'
ENTITIES = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
OTHERS: dict[str, tuple[str, bytes, bool]] = {
    "PNG of 2 billion by 2 billion": ("png", png(2**31 - 1, 2**31 - 1), True),
    "half a JPEG": ("jpg", b"\xff\xd8\xff\xe0\0\x10JFIF", True),
    "TIFF in a circle": ("tif", b"II*\0\x08\0\0\0\0\0" + struct.pack("<I", 8), True),
    "SVG with a script": ("svg", SVG, False),
    "SVG called XML": ("xml", SVG, False),
    "entities": ("xml", ENTITIES, True),
    "program": ("exe", b"MZ" + bytes(500), False),
    "program called PDF": ("pdf", b"MZ" + bytes(500), False),
    "program called text": ("txt", b"MZ\x90\0\x03", False),
    "script called text": ("txt", b"#!/bin/sh\nrm -rf ~\n", False),
    "shortcut": ("lnk", b"L\0\0\0\x01\x14\x02\0", False),
    "page": ("html", b"<script>alert(1)</script>", False),
    "page called text": ("txt", b" \n<!DOCTYPE html><script>", False),
    "document with macros": ("docm", b"PK\3\4" + bytes(100), False),
    "ZIP called PNG": ("png", b"PK\3\4" + bytes(100), False),
    "PDF behind a ZIP": ("pdf", b"PK\3\4" + PDF, False),
    "command": ("bat", b"@echo off\r\n", False),
    "nothing": ("pdf", b"", False),
}


def test_the_corpus_is_large_enough() -> None:
    assert len(HOSTILE_PDFS) >= 25
    assert len(OTHERS) >= 15


@pytest.mark.parametrize(
    "name",
    # each is drawn in a process of its own; one in four is enough to see that it still works
    [
        name if at % 4 == 0 else pytest.param(name, marks=pytest.mark.slow)
        for at, name in enumerate(HOSTILE_PDFS)
    ],
)
def test_a_hostile_pdf_is_drawn_within_limits_or_not_at_all(name: str) -> None:
    pages: tuple[PageImage, ...] = ()
    said = "."
    try:
        pages = in_separate_process(HOSTILE_PDFS[name], 24, count=2, limits=LIMITS)
    except PdfProblem as problem:
        said = str(problem)
    assert said.endswith(".")
    assert "example" not in said
    assert sum(len(page.pixels) for page in pages) <= 2 * LARGEST_PAGE


STARTS = {"subprocess.Popen", "os.system", "os.exec", "os.startfile", "socket.connect"}


@pytest.fixture(scope="module")
def files_opened() -> Iterator[list[tuple[str, int]]]:
    """Every file this process opens to write, and every process it starts."""
    seen: list[tuple[str, int]] = []
    listening = True

    def hook(event: str, given: tuple[object, ...]) -> None:
        if not listening:
            return
        if event == "open" and isinstance(given[2], int) and given[2] & (os.O_WRONLY | os.O_RDWR):
            seen.append((str(given[0]), given[2]))
        elif event in {
            "subprocess.Popen",
            "os.system",
            "os.exec",
            "socket.connect",
            "os.startfile",
        }:
            seen.append((event, 0))

    sys.addaudithook(hook)
    yield seen
    listening = False


def test_the_container_passes_them_on_and_does_nothing(
    tmp_path: Path, files_opened: list[tuple[str, int]]
) -> None:
    everything = {name: ("pdf", data) for name, data in HOSTILE_PDFS.items()}
    everything |= {name: (extension, data) for name, (extension, data, _) in OTHERS.items()}
    attachments = tuple(
        Attachment(name, extension, "application/pdf", lambda data=data: io.BytesIO(data))  # type: ignore[misc]
        for name, (extension, data) in everything.items()
    )
    case = Case(tmp_path, recipient=CLASSIC, attachments=attachments, pdf=HOSTILE_PDFS["launch"])
    path = case.seal().path
    files_opened.clear()
    opened = open_as(path, CLASSIC)
    found = {each.title: each.read() for each in opened.attachments}
    assert files_opened == []
    assert found == {name: data for name, (_, data) in everything.items()}
    plain = {each.title: each.is_plain for each in opened.attachments}
    assert plain == dict.fromkeys(HOSTILE_PDFS, True) | {n: each[2] for n, each in OTHERS.items()}


def test_what_counts_as_plain() -> None:
    assert is_plain("pdf", PDF[:HEAD])
    assert is_plain("txt", "Tolk: café".encode()[:HEAD])
    assert is_plain("csv", b"\xef\xbb\xbfa;b")
    assert is_plain("xml", b"<?xml version=")
    assert is_plain("xml", b"<h:html xmlns:h=")
    for extension in ("", "exe", "PDF", "js", "zip", "iso", "scr", "hta"):
        assert not is_plain(extension, PDF[:HEAD])
