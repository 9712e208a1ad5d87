"""What an attachment may be before anything offers to open it.

A signature tells who sent a file, not that the sender's laptop was clean. So only kinds that
cannot carry a program of themselves count as plain, and only when the first bytes are of that kind;
everything else is kept, verified and never opened.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

HEAD: Final = 16

_BEGINNINGS: Final[Mapping[str, tuple[bytes, ...]]] = {
    "pdf": (b"%PDF-1.", b"%PDF-2."),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "tif": (b"II*\0", b"MM\0*"),
    "tiff": (b"II*\0", b"MM\0*"),
    "wav": (b"RIFF",),
    "mp3": (b"ID3", b"\xff\xfb", b"\xff\xfa", b"\xff\xf3", b"\xff\xf2", b"\xff\xe3"),
}
_TEXT: Final = frozenset({"txt", "csv", "json", "xml"})
_RUNS: Final = (b"<!doctype", b"<html", b"<svg", b"<script", b"mz", b"#!", b"%pdf")
_NO_TEXT: Final = bytes(range(9)) + bytes(range(14, 32))


def is_plain(extension: str, head: bytes) -> bool:
    """Tell whether a file with this extension and these first bytes is of a plain kind.

    Plain are PDF, PNG, JPEG, TIFF, WAV and MP3 that begin as such, and text without control
    characters at its beginning. Markup that a browser would run (HTML, SVG) is not plain.
    """
    if extension in _TEXT:
        start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
        runs = start.startswith(
            (b"<!doctype", b"<html", b"<svg", b"<script", b"mz", b"#!", b"%pdf")
        )
        return not runs and not any(byte in _NO_TEXT for byte in head)
    return head.startswith(_BEGINNINGS.get(extension, ()))
