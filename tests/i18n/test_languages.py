from __future__ import annotations

import pytest
from babel import Locale

from intake_app.i18n.languages import LANGUAGES, direction

DESIGN = {
    "nl": "nl", "en": "en", "fr": "fr", "so": "so", "tr": "tr", "uk": "uk", "ru": "ru",
    "ti": "ti", "ar": "ar", "fa": "fa", "ps": "ps", "prs": "fa_AF", "kmr": "ku", "ckb": "ckb",
}  # fmt: skip
SCRIPT_STARTS = {"Latn": "A", "Cyrl": "\u0400", "Ethi": "\u1200", "Arab": "\u0600"}
SCRIPT_ENDS = {"Latn": "\u024f", "Cyrl": "\u04ff", "Ethi": "\u139f", "Arab": "\u06ff"}


def test_the_fourteen_languages_and_their_cldr_names() -> None:
    assert {code: row.cldr for code, row in LANGUAGES.items()} == DESIGN
    assert next(iter(LANGUAGES)) == "nl"


@pytest.mark.parametrize("code", DESIGN)
def test_direction_agrees_with_cldr(code: str) -> None:
    row = LANGUAGES[code]
    assert row.code == code
    assert Locale.parse(row.cldr).text_direction == row.direction


@pytest.mark.parametrize("code", DESIGN)
def test_own_name_is_written_in_the_script_of_the_language(code: str) -> None:
    row = LANGUAGES[code]
    first = row.own_name[0]
    assert SCRIPT_STARTS[row.script] <= first <= SCRIPT_ENDS[row.script]
    assert row.dutch_name.isascii() or row.dutch_name == "Oekraïens"


def test_right_to_left_languages() -> None:
    assert {c for c in LANGUAGES if direction(c) == "rtl"} == {"ar", "fa", "ps", "prs", "ckb"}
    assert direction("xx") == "ltr"
