"""The languages of the program: folder name, CLDR name, direction, script and names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Direction = Literal["ltr", "rtl"]

SOURCE_LANGUAGE = "nl"
"""The language all sources are written in; it needs no catalogue."""


@dataclass(frozen=True, slots=True)
class Language:
    """One language of the program.

    `code` names the catalogue folder and is what interviews store; `cldr` is the name the CLDR
    data knows it by; `script` is the ISO 15924 code it is written in here; `own_name` is the name
    its speakers give it, in its own script; `dutch_name` is what a colleague reads.
    """

    code: str
    cldr: str
    direction: Direction
    script: str
    own_name: str
    dutch_name: str


_TABLE = (
    Language("nl", "nl", "ltr", "Latn", "Nederlands", "Nederlands"),
    Language("en", "en", "ltr", "Latn", "English", "Engels"),
    Language("fr", "fr", "ltr", "Latn", "Français", "Frans"),
    Language("so", "so", "ltr", "Latn", "Soomaali", "Somalisch"),
    Language("tr", "tr", "ltr", "Latn", "Türkçe", "Turks"),
    Language("uk", "uk", "ltr", "Cyrl", "Українська", "Oekraïens"),
    Language("ru", "ru", "ltr", "Cyrl", "Русский", "Russisch"),
    Language("ti", "ti", "ltr", "Ethi", "ትግርኛ", "Tigrinya"),
    Language("ar", "ar", "rtl", "Arab", "العربية", "Arabisch"),
    Language("fa", "fa", "rtl", "Arab", "فارسی", "Farsi"),
    Language("ps", "ps", "rtl", "Arab", "پښتو", "Pasjtoe"),
    Language("prs", "fa_AF", "rtl", "Arab", "دری", "Dari"),
    Language("kmr", "ku", "ltr", "Latn", "Kurdî (Kurmancî)", "Koerdisch (Kurmanci)"),
    Language("ckb", "ckb", "rtl", "Arab", "کوردیی ناوەندی", "Koerdisch (Sorani)"),
)

LANGUAGES: Mapping[str, Language] = MappingProxyType({row.code: row for row in _TABLE})
"""Every language by its code, in the order a person sees them."""


def direction(code: str) -> Direction:
    """Return the writing direction of a language; an unknown code reads left to right."""
    found = LANGUAGES.get(code)
    return "ltr" if found is None else found.direction
