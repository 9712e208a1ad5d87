"""The colour tokens: which there are, which stand on which, and what a token file must satisfy.

A token file is JSON: `name`, and for `light`, `dark` or both a colour `#RRGGBB` per token. The
program's own file has `contrast_light` and `contrast_dark` besides.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

EXAMPLE: Final = "#1E6B3A"
"""How a colour is written, to show to people."""

MOST_BYTES: Final = 65_536
"""A token file has some thirty short lines; anything much larger is something else."""

TEXT_RATIO: Final = 4.5
CONTROL_RATIO: Final = 3.0

GROUNDS: Final = ("window", "surface", "sunken")
KINDS: Final = ("ok", "warn", "err", "info", "medical")

TEXT_PAIRS: Final[tuple[tuple[str, str], ...]] = (
    *((ink, ground) for ink in ("ink", "muted") for ground in (*GROUNDS, "client_ground")),
    *(("ink", f"{kind}_soft") for kind in (*KINDS, "accent")),
    *(("muted", f"{kind}_soft") for kind in (*KINDS, "accent")),
    *(("accent", ground) for ground in (*GROUNDS, "client_ground")),
    *(("accent", f"{kind}_soft") for kind in (*KINDS, "accent")),
    ("accent_on", "accent"),
    *((kind, ground) for kind in KINDS for ground in GROUNDS),
    *((kind, f"{kind}_soft") for kind in KINDS),
    # drawn inside a filled mark: the cross of a failed station
    ("surface", "err"),
)
"""Text token and the ground it stands on: at least 4.5 (WCAG 2.2, 1.4.3)."""

CONTROL_PAIRS: Final[tuple[tuple[str, str], ...]] = (
    *(("border", ground) for ground in (*GROUNDS, "client_ground")),
    ("border", "accent_soft"),
    *(("focus", ground) for ground in (*GROUNDS, "client_ground")),
    *(("focus", f"{kind}_soft") for kind in (*KINDS, "accent")),
    ("practice", "window"),
    ("practice", "surface"),
    ("practice", "client_ground"),
    ("practice", "warn_soft"),
)
"""Edge of a control, a mark or the focus ring, and its ground: at least 3 (WCAG 2.2, 1.4.11)."""

DECORATION: Final = frozenset({"hairline"})
"""Parts what space parts already; nothing is lost for who cannot see it."""

TOKENS: Final[tuple[str, ...]] = tuple(
    sorted({name for pair in (*TEXT_PAIRS, *CONTROL_PAIRS) for name in pair} | DECORATION)
)
"""Every token a file must have for a scheme."""

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}\Z")

FaultKind = Literal["missing", "no_colour", "contrast"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a token: absent, no colour, or too close to its ground.

    `ratio` and `least` are contrast ratios (WCAG 2.2); `instead` is a colour that would do, ''
    where no shade of it does.
    """

    scheme: str
    token: str
    kind: FaultKind
    value: str = ""
    ground: str = ""
    ratio: float = 0.0
    least: float = 0.0
    instead: str = ""

    @property
    def text_pair(self) -> bool:
        """True for text on its ground, False for an edge or a mark."""
        return self.least == TEXT_RATIO

    def __str__(self) -> str:
        if self.kind == "contrast":
            return (
                f"{self.scheme}: {self.token} on {self.ground} is {self.ratio:.1f}, "
                f"at least {self.least} is needed"
            )
        return f"{self.scheme}: {self.token} is {'missing' if not self.value else 'no colour'}"


class TokenFileProblem(ValueError):
    """A file that holds no tokens at all. `reason` is size, json or shape."""

    def __init__(self, reason: Literal["size", "json", "shape"]) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class TokenFile:
    """What a token file says, checked or not: a name, and the tokens of each scheme in it."""

    name: str
    schemes: Mapping[str, Mapping[str, str]]

    def faults(self) -> tuple[Fault, ...]:
        """Return everything that is wrong, scheme by scheme; nothing means it can be used."""
        found = [fault for name, tokens in self.schemes.items() for fault in faults(name, tokens)]
        return tuple(found)


def read_tokens(
    raw: bytes, schemes: tuple[str, ...] = ("light", "dark"), *, all_of_them: bool = False
) -> TokenFile:
    """Return the tokens of these schemes; raises `TokenFileProblem` where there are none.

    Other keys are left alone, so that a newer file still opens. With `all_of_them` every scheme
    has to be there.
    """
    if len(raw) > MOST_BYTES:
        raise TokenFileProblem("size")
    try:
        plain = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise TokenFileProblem("json") from error
    if not isinstance(plain, dict):
        raise TokenFileProblem("shape")
    found: dict[str, Mapping[str, str]] = {}
    for scheme in schemes:
        tokens = plain.get(scheme)
        if isinstance(tokens, dict):
            found[scheme] = MappingProxyType({str(k): str(v) for k, v in tokens.items()})
    if not found or (all_of_them and len(found) < len(schemes)):
        raise TokenFileProblem("shape")
    return TokenFile(str(plain.get("name") or ""), MappingProxyType(found))


def faults(scheme: str, tokens: Mapping[str, str]) -> Iterator[Fault]:
    """Yield what is wrong with the tokens of one scheme."""
    good = {name for name in TOKENS if is_colour(tokens.get(name, ""))}
    for name in TOKENS:
        if name not in tokens:
            yield Fault(scheme, name, "missing")
        elif name not in good:
            yield Fault(scheme, name, "no_colour", value=tokens[name])
    for pairs, least in ((TEXT_PAIRS, TEXT_RATIO), (CONTROL_PAIRS, CONTROL_RATIO)):
        for token, ground in pairs:
            if token not in good or ground not in good:
                continue
            ratio = ratio_of(tokens[token], tokens[ground])
            if ratio < least:
                instead = mend(tokens[token], tokens[ground], least)
                yield Fault(scheme, token, "contrast", tokens[token], ground, ratio, least, instead)


def worst_of_each(found: tuple[Fault, ...]) -> tuple[Fault, ...]:
    """Return one fault per token and scheme: where it has the least contrast of what it needs.

    On grounds that are much alike, the shade that mends that one mends the others too.
    """
    worst: dict[tuple[str, str], Fault] = {}
    for fault in found:
        known = worst.get((fault.scheme, fault.token))
        if known is None or _shortage(fault) < _shortage(known):
            worst[(fault.scheme, fault.token)] = fault
    return tuple(worst.values())


def _shortage(fault: Fault) -> float:
    return fault.ratio / fault.least if fault.least else 0.0


def is_colour(value: str) -> bool:
    """True for `#RRGGBB`, the only way to write an opaque colour that everything reads alike."""
    return _COLOUR.match(value) is not None


def ratio_of(first: str, second: str) -> float:
    """Return the contrast ratio of two colours `#RRGGBB`, 1 to 21 (WCAG 2.2)."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mend(color: str, ground: str, least: float) -> str:
    """Return the shade nearest to `color` with enough contrast on `ground`, '' if there is none.

    Only lightness changes: towards black on a light ground, towards white on a dark one.
    """
    end = 0 if _luminance(ground) > 0.18 else 255
    parts = _parts(color)
    for step in range(1, 101):
        shade = "#" + "".join(f"{round(p + (end - p) * step / 100):02X}" for p in parts)
        if ratio_of(shade, ground) >= least:
            return shade
    return ""


def _parts(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _luminance(color: str) -> float:
    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(part / 255) for part in _parts(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
