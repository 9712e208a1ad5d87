"""Text as people type and paste it: digits of any script, marks nobody sees, stray spaces."""

from __future__ import annotations

import unicodedata

_DIRECTION_MARKS = dict.fromkeys(
    map(ord, "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
)
"""They come along when text is copied from right to left; the letters need none of them."""


def plain_digits(text: str) -> str:
    """Return `text` with the decimal digits of every script as ASCII and without direction marks.

    Numerals that do not count by place (Ethiopic, Roman, ½) are no digits and stay as they are.
    """
    return "".join(
        char if char.isascii() or not char.isdecimal() else str(unicodedata.decimal(char))
        for char in text.translate(_DIRECTION_MARKS)
    ).strip()


def tidy(text: str) -> str:
    """Return a name or line with single spaces, composed (NFC), without direction marks.

    Joiners within words stay: Persian and Kurdish are written with them.
    """
    kept = text.translate(_DIRECTION_MARKS)
    spaced = "".join(" " if unicodedata.category(char) == "Cc" else char for char in kept)
    return unicodedata.normalize("NFC", " ".join(spaced.split()))
