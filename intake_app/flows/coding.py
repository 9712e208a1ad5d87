"""Codes of the standards beside answers: education, occupation, script. Never guessed.

Which value of a question stands for which code is published with the format, in
`resources/schema/mapping-v1.json`; a value without one stays without.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Final

from intake_app.handover.dossier import CODED_LISTS, DossierCode

# The first word of a letter's Unicode name, and the ISO 15924 code of its script.
_SCRIPTS: Final[Mapping[str, str]] = {
    "ARABIC": "Arab",
    "ARMENIAN": "Armn",
    "BENGALI": "Beng",
    "CJK": "Hani",
    "CYRILLIC": "Cyrl",
    "DEVANAGARI": "Deva",
    "ETHIOPIC": "Ethi",
    "GEORGIAN": "Geor",
    "GREEK": "Grek",
    "HANGUL": "Hang",
    "HEBREW": "Hebr",
    "KHMER": "Khmr",
    "LATIN": "Latn",
    "MYANMAR": "Mymr",
    "SINHALA": "Sinh",
    "SYRIAC": "Syrc",
    "TAMIL": "Taml",
    "THAI": "Thai",
    "TIBETAN": "Tibt",
    "TIFINAGH": "Tfng",
}
_SHAPES: Final[Mapping[str, re.Pattern[str]]] = {
    "ISO 15924": re.compile(r"[A-Z][a-z]{3}\Z"),
    "ISCED 2011": re.compile(r"[0-8]\Z"),
    "ISCO-08": re.compile(r"[0-9]{1,4}\Z"),
}


def scripts_of(text: str) -> tuple[str, ...]:
    """Return the scripts of the letters in a text (ISO 15924), in order of appearance.

    A letter of a script that is not listed here counts for nothing.
    """
    found: dict[str, None] = {}
    for letter in text:
        if letter.isalpha():
            script = _SCRIPTS.get(unicodedata.name(letter, "").split(" ")[0])
            if script is not None:
                found[script] = None
    return tuple(found)


def codes_of(concept: str, value: str) -> tuple[DossierCode, ...]:
    """Return what an answer means in the code list that its question names, if it says so.

    A value that has the shape of a code of the list is that code; others are looked up. Of several
    chosen values each gives its code, once.
    """
    if concept not in CODED_LISTS:
        return ()
    shape, table, parts = _SHAPES[concept], _values().get(concept, {}), value.split()
    if not table and not all(map(shape.match, parts)):
        # words, not codes: a number among them is no code either
        return ()
    codes = (part if shape.match(part) else table.get(part, "") for part in parts)
    return tuple(DossierCode(concept, code) for code in dict.fromkeys(codes) if code)


@cache
def _values() -> Mapping[str, Mapping[str, str]]:
    from intake_app import paths

    text = paths.resource("schema", "mapping-v1.json").read_text(encoding="utf-8")
    found: Mapping[str, Mapping[str, str]] = json.loads(text)["values"]
    return found
