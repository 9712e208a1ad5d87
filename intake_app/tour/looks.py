"""In how many ways one screen is looked at: size, scale, colours, language of the program."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from intake_app import paths
from intake_app.i18n.catalogues import Catalogues
from intake_app.i18n.pseudo import PseudoCatalogues
from intake_app.ui.theme import Theme, apply, high_contrast

Colours = Literal["light", "dark", "contrast"]
Words = Literal["nl", "ar", "long", "mirrored"]

COLOURS: tuple[Colours, ...] = ("light", "dark", "contrast")
SCALES = (1.0, 2.0)
SIZES = ((1366, 768), (1280, 800))
WORDS: tuple[Words, ...] = ("nl", "ar", "long", "mirrored")
CLIENTS = ("ar", "ti")

_SYSTEM = (
    (QPalette.ColorRole.Window, "#000000"),
    (QPalette.ColorRole.WindowText, "#FFFFFF"),
    (QPalette.ColorRole.Highlight, "#FFFF00"),
    (QPalette.ColorRole.HighlightedText, "#000000"),
)
"""What Windows calls "High Contrast Black", the one most people choose."""


@dataclass(frozen=True, slots=True)
class Look:
    """One way of looking.

    `words` is the language of the program: Dutch; Arabic, as far as the shipped catalogue has it,
    the rest being Dutch, in a mirrored window; or one of the two made-up languages. `client` is the
    language of the client, where the screen has one.
    """

    colours: Colours = "light"
    scale: float = 1.0
    words: Words = "nl"
    client: str = "ar"

    def __str__(self) -> str:
        return f"{self.words}-{self.client}-{round(self.scale * 100)}-{self.colours}"


def every_look() -> tuple[Look, ...]:
    """Return the full product, looks with the same theme together; Arabic speaks to Arabic."""
    return tuple(
        Look(colours, scale, words, "ti" if words in {"nl", "long"} else "ar")
        for colours, scale, words in product(COLOURS, SCALES, WORDS)
    )


def some_looks() -> tuple[Look, ...]:
    """Return looks in which every two values of two axes meet at least once."""
    axes: dict[str, Sequence[Hashable]] = {"colours": COLOURS, "scale": SCALES, "words": WORDS}
    return tuple(
        Look(
            row["colours"],  # type: ignore[arg-type]
            row["scale"],  # type: ignore[arg-type]
            row["words"],  # type: ignore[arg-type]
            "ti" if row["words"] in {"nl", "long"} else "ar",
        )
        for row in pairwise_rows(axes)
    )


def pairwise_rows(axes: Mapping[str, Sequence[Hashable]]) -> tuple[dict[str, Hashable], ...]:
    """Return few rows in which every pair of values of two axes meets; always the same ones."""
    names = list(axes)
    wanted = {
        (first, a, second, b)
        for at, first in enumerate(names)
        for second in names[at + 1 :]
        for a in axes[first]
        for b in axes[second]
    }
    everything = [dict(zip(names, row, strict=True)) for row in product(*axes.values())]
    chosen: list[dict[str, Hashable]] = []
    while wanted:
        best = max(everything, key=lambda row: sum(pair in wanted for pair in _pairs(row)))
        chosen.append(best)
        wanted -= set(_pairs(best))
    return tuple(chosen)


def _pairs(row: Mapping[str, Hashable]) -> Iterator[tuple[str, Hashable, str, Hashable]]:
    names = list(row)
    for at, first in enumerate(names):
        for second in names[at + 1 :]:
            yield first, row[first], second, row[second]


def theme_of(look: Look) -> Theme:
    """Return the theme of a look; needs an application."""
    file = paths.resource("themes", "default.json")
    theme = Theme.load(file, "dark" if look.colours == "dark" else "light", scale=look.scale)
    if look.colours != "contrast":
        return theme
    system = QPalette()
    for role, color in _SYSTEM:
        system.setColor(role, QColor(color))
    return high_contrast(theme, system)


def catalogues_of(look: Look, real: Catalogues) -> Catalogues:
    """Return the texts of a look."""
    if look.words in {"long", "mirrored"}:
        return PseudoCatalogues(real, "long" if look.words == "long" else "mirrored")
    return real


def dress(app: QApplication, look: Look) -> Theme:
    """Give the application the theme and the direction of a look, and return the theme."""
    theme = theme_of(look)
    apply(app, theme)
    rtl = look.words in {"ar", "mirrored"}
    app.setLayoutDirection(
        Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight
    )
    return theme


def undress(app: QApplication) -> None:
    """Give the application back what it begins with."""
    apply(app, theme_of(Look()))
    app.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def grouped(looks: Iterable[Look]) -> dict[tuple[Colours, float], list[Look]]:
    """Return the looks by theme: applying one costs more than building a window."""
    groups: dict[tuple[Colours, float], list[Look]] = {}
    for look in looks:
        groups.setdefault((look.colours, look.scale), []).append(look)
    return groups
