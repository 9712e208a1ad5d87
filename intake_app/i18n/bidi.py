"""Keep text of one direction from disturbing text of the other (Unicode UAX #9 isolates)."""

from __future__ import annotations

from typing import Literal

LRI = "\u2066"
RLI = "\u2067"
FSI = "\u2068"
PDI = "\u2069"

_OPEN = {"ltr": LRI, "rtl": RLI, "auto": FSI}
_STRIPPED = {ord(mark): None for mark in "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e"} | {
    ord(mark): None for mark in (LRI, RLI, FSI, PDI)
}


def isolate(text: str, direction: Literal["ltr", "rtl", "auto"] = "auto") -> str:
    """Return `text` between an isolate of `direction` and its end; empty text stays empty.

    "auto" takes the direction of the first strong character. Isolates left open in `text` are
    closed and stray ends dropped, so what comes in can never reach the text around it.
    """
    if not text:
        return ""
    kept: list[str] = []
    depth = 0
    for char in text:
        if char == PDI:
            if depth == 0:
                continue
            depth -= 1
        elif char in (LRI, RLI, FSI):
            depth += 1
        kept.append(char)
    return _OPEN[direction] + "".join(kept) + PDI * (depth + 1)


def strip(text: str) -> str:
    """Return `text` without any invisible direction mark, as it is stored and compared."""
    return text.translate(_STRIPPED)
