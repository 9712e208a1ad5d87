"""Make any text fit to be set in type with the fonts we bundle, changing as little as possible."""

from __future__ import annotations

import struct
import unicodedata
from pathlib import Path

REPLACEMENT = "□"
"""Stands for a character none of our fonts has; PDF/A and PDF/UA forbid leaving a hole."""

_LONGEST_WORD = 36
_BREAK_AFTER = frozenset("@./-_\\?&=,;:")
_LINE_BREAKS = str.maketrans({"\u2028": "\n", "\u2029": "\n", "\v": "\n", "\f": "\n", "\t": " "})
_OVERRIDES = str.maketrans(dict.fromkeys("\u202a\u202b\u202c\u202d\u202e"))
_OPENING = "\u2066\u2067\u2068"
_CLOSING = "\u2069"


def covered_characters(fonts: Path) -> frozenset[int]:
    """Return the code points that at least one TrueType font in the folder has a glyph for."""
    found: set[int] = set()
    for path in sorted(fonts.glob("*.ttf")):
        found |= _code_points(path.read_bytes())
    return frozenset(found)


def printable(text: str, covered: frozenset[int]) -> str:
    """Return `text` as it can be printed.

    Line breaks become '\\n', other control characters go; direction overrides go and direction
    isolates are closed, so that no text reorders what follows it; very long words get places to
    break; a character outside `covered` becomes `REPLACEMENT`, or goes if it is invisible.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_LINE_BREAKS)
    text = _closed(text.translate(_OVERRIDES))
    kept: list[str] = []
    for char in text:
        kind = unicodedata.category(char)
        if char == "\n" or (kind != "Cc" and ord(char) in covered):
            kept.append(char)
        elif kind not in {"Cc", "Cf"} and not 0xFE00 <= ord(char) <= 0xFE0F:
            kept.append(REPLACEMENT)
    text = "".join(kept)
    if any(len(word) > _LONGEST_WORD for word in text.split()):
        text = "".join(_breakable(text))
    return text.strip()


def _closed(text: str) -> str:
    lines: list[str] = []
    for line in text.split("\n"):  # an isolate ends with its line anyway (UAX #9, paragraph)
        kept: list[str] = []
        depth = 0
        for char in line:
            if char == _CLOSING and depth == 0:
                continue
            depth += (char in _OPENING) - (char == _CLOSING)
            kept.append(char)
        lines.append("".join(kept) + _CLOSING * depth)
    return "\n".join(lines)


def _breakable(text: str) -> list[str]:
    pieces: list[str] = []
    since_break = 0
    for char, following in zip(text, text[1:] + " ", strict=True):
        pieces.append(char)
        since_break = 0 if char.isspace() else since_break + 1
        joined = following.isspace() or unicodedata.category(following).startswith("M")
        enough = since_break >= _LONGEST_WORD or (since_break >= 12 and char in _BREAK_AFTER)
        if enough and not joined:
            pieces.append("\u200b")
            since_break = 0
    return pieces


def _code_points(font: bytes) -> set[int]:
    """Return what the `cmap` table maps (OpenType 1.9, formats 4 and 12; the ones Noto has)."""
    (tables,) = struct.unpack_from(">H", font, 4)
    for index in range(tables):
        tag, _, offset, _ = struct.unpack_from(">4sIII", font, 12 + 16 * index)
        if tag == b"cmap":
            break
    else:
        return set()
    found: set[int] = set()
    (encodings,) = struct.unpack_from(">H", font, offset + 2)
    for index in range(encodings):
        (relative,) = struct.unpack_from(">I", font, offset + 4 + 8 * index + 4)
        start = offset + relative
        (kind,) = struct.unpack_from(">H", font, start)
        if kind == 4:
            found |= _segments(font, start)
        elif kind == 12:
            (groups,) = struct.unpack_from(">I", font, start + 12)
            for group in range(groups):
                first, last, _ = struct.unpack_from(">III", font, start + 16 + 12 * group)
                found.update(range(first, last + 1))
    return found


def _segments(font: bytes, start: int) -> set[int]:
    (doubled,) = struct.unpack_from(">H", font, start + 6)
    count = doubled // 2
    ends = struct.unpack_from(f">{count}H", font, start + 14)
    starts = struct.unpack_from(f">{count}H", font, start + 16 + doubled)
    found: set[int] = set()
    for first, last in zip(starts, ends, strict=True):
        if first != 0xFFFF:
            found.update(range(first, last + 1))
    return found
