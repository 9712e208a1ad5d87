"""Draws the pages of one PDF; run as a process of its own for a PDF that came from outside.

A PDF library reads a hostile format in native code. Here it runs without the vault, with limits on
memory, time and open files, and what it hands back is only pixels and text. This file imports
nothing else of ours, so that such a process holds nothing worth taking.

Use: `render_child.py DPI FIRST COUNT MEMORY_BYTES SECONDS` with the PDF on standard input.
Standard output, big endian: `b"DLP1"`, u32 pages in the PDF, u32 pages that follow, and for each
page u32 width, u32 height, u32 length of its text, the text in UTF-8, and width * height RGBA
pixels of four bytes. Exit codes: 0 drawn, 2 wrong use, 3 damaged, 4 locked with a password.
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Iterator

MAGIC = b"DLP1"
EXIT_DAMAGED = 3
EXIT_PASSWORD = 4
MAX_PIXELS = 24_000_000
"""A page that would need more (A4 at about 500 dpi) is drawn smaller."""
MAX_TEXT = 200_000
_PDFIUM_PASSWORD_ERROR = 4  # FPDF_ERR_PASSWORD in fpdfview.h


class Damaged(Exception):
    """The bytes are no PDF that can be drawn."""


class PasswordNeeded(Exception):
    """The PDF is locked with a password."""


def draw(
    pdf: bytes, dpi: float, first: int, count: int
) -> Iterator[tuple[int, int, int, str, bytes]]:
    """Yield `(pages in the PDF, width, height, text, RGBA pixels)` for each page asked for.

    `first` is 0-based; pages beyond the end are left out. Raises `Damaged` or `PasswordNeeded`.
    """
    import pypdfium2  # type: ignore[import-untyped]

    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == _PDFIUM_PASSWORD_ERROR:
            raise PasswordNeeded from None
        raise Damaged from None
    try:
        total = len(document)
        if total == 0:
            raise Damaged
        for number in range(first, min(first + count, total)):
            page = document[number]
            wide, high = page.get_size()
            if not (wide > 0 and high > 0):
                raise Damaged
            scale = min(dpi / 72, (MAX_PIXELS / (wide * high)) ** 0.5)
            bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=True)
            pixels = bytearray(bitmap.buffer)
            pixels[3::4] = b"\xff" * (len(pixels) // 4)  # PDFium leaves the fourth byte undefined
            text = page.get_textpage().get_text_bounded()[:MAX_TEXT]
            yield total, bitmap.width, bitmap.height, text, bytes(pixels)
            bitmap.close()
            page.close()
    except pypdfium2.PdfiumError:
        raise Damaged from None
    finally:
        document.close()


def limit(memory: int, seconds: int) -> None:
    """Bound this process for good: address space, processor time, no files written, few open.

    Does nothing on systems without `resource` (Windows); the parent's time limit holds there.
    """
    try:
        import resource
    except ImportError:
        return
    for kind, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 32),
    ):
        resource.setrlimit(kind, (most, most))


def main() -> int:
    """Run with the arguments of the module's docstring; return the exit code.

    A leading `--render-child`, by which the frozen program gets here, is passed over.
    """
    given = sys.argv[1:]
    if given[:1] == ["--render-child"]:
        del given[0]
    try:
        dpi = float(given[0])
        first, count, memory, seconds = (int(value) for value in given[1:])
    except (IndexError, ValueError):
        return 2
    limit(memory, seconds)
    pdf = sys.stdin.buffer.read()
    out = sys.stdout.buffer
    started = False
    try:
        for total, width, height, text, pixels in draw(pdf, dpi, first, count):
            if not started:
                following = max(0, min(count, total - first))
                out.write(MAGIC + struct.pack(">II", total, following))
                started = True
            encoded = text.encode("utf-8", "replace")
            out.write(struct.pack(">III", width, height, len(encoded)) + encoded)
            out.write(pixels)
    except PasswordNeeded:
        return EXIT_PASSWORD
    except (Damaged, MemoryError):
        return EXIT_DAMAGED
    out.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
