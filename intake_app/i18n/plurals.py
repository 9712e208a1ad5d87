"""The plural rules of gettext catalogues.

They are the standard ones of gettext; Babel would write CLDR's, whose order of the Arabic forms
differs, so that 11 to 99 and 100 to 102 would change places.
"""

from __future__ import annotations

_PLURALS = {
    "ar": (6, "n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5"),
    "fr": (2, "n > 1"),
    "ti": (2, "n > 1"),
    "fa": (2, "n > 1"),
    "prs": (2, "n > 1"),
    "uk": (
        3,
        "n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2",
    ),
    "ru": (
        3,
        "n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2",
    ),
}
_TWO_FORMS = (2, "n != 1")


_TOLD = {
    "ar": ("0", "1", "2", "3 tot 10", "11 tot 99", "100, 101, 102"),
    "uk": ("1, 21, 31", "2, 3, 4, 22", "0, 5 tot 20, 25"),
    "ru": ("1, 21, 31", "2, 3, 4, 22", "0, 5 tot 20, 25"),
    "nul_en_een": ("0 en 1", "2 en meer"),
    "een": ("1", "0, 2 en meer"),
}


def plural_count(language: str) -> int:
    """Return how many forms a text with a number has in the language."""
    return _PLURALS.get(language, _TWO_FORMS)[0]


def plural_forms(language: str) -> str:
    """Return the value of a catalogue's `Plural-Forms` header."""
    count, rule = _PLURALS.get(language, _TWO_FORMS)
    return f"nplurals={count}; plural=({rule});"


def numbers_of_forms(language: str) -> tuple[str, ...]:
    """Return for each plural form the numbers it is for, as a translator reads it (Dutch)."""
    rule = _PLURALS.get(language, _TWO_FORMS)[1]
    return _TOLD.get(language) or _TOLD["nul_en_een" if rule == "n > 1" else "een"]
