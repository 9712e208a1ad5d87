from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake_app.documents.printable import REPLACEMENT, covered_characters, printable

ASCII = frozenset(range(0x20, 0x7F))
ISOLATES = frozenset({0x200B, 0x2066, 0x2067, 0x2068, 0x2069})


def test_fonts_cover_every_language_and_the_signs_we_print(fonts: Path) -> None:
    covered = covered_characters(fonts)
    needed = "éëïğışöüçîûêŞ ДЇЄҐыё ابتپچژگکیەڕڵێۆ٠۱،؟ ሀለሐመሠ፡።፧ ⚑✎⚠□–„”…→✓\u200b\u2069\u200f€"
    assert [char for char in needed if ord(char) not in covered] == []
    assert ord("你") not in covered


def test_a_folder_without_fonts_covers_nothing(tmp_path: Path) -> None:
    assert covered_characters(tmp_path) == frozenset()


@pytest.mark.parametrize(
    ("given_text", "printed"),
    [
        ("gewoon", "gewoon"),
        (" rand ", "rand"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("a\tb\x00c\x07", "a bc"),
        ("你", REPLACEMENT),
        ("a\ufe0f\u200db", "ab"),
        ("\u202eabc\u202c", "abc"),
    ],
)
def test_changes_as_little_as_possible(given_text: str, printed: str) -> None:
    assert printable(given_text, ASCII) == printed


def test_isolates_are_closed_and_stray_ends_dropped() -> None:
    assert printable("\u2069a\u2066b\nc", ASCII | ISOLATES) == "a\u2066b\u2069\nc"


def test_long_words_get_places_to_break_after_their_own_signs() -> None:
    address = "voornaam.achternaam.tussenvoegsel@afdeling.voorbeeld.nl"
    printed = printable(address, ASCII)
    assert printed.replace("\u200b", "") == address
    assert max(map(len, printed.split("\u200b"))) <= 36
    assert "@\u200b" in printed or ".\u200b" in printed
    assert printable("x" * 36, ASCII) == "x" * 36


@given(st.text(max_size=80))
def test_whatever_comes_in_can_be_printed_and_stays_so(text: str) -> None:
    printed = printable(text, ASCII | ISOLATES)
    allowed = ASCII | ISOLATES | {ord("\n"), ord(REPLACEMENT)}
    assert {ord(char) for char in printed} <= allowed
    for line in printed.split("\n"):
        opened = sum(line.count(mark) for mark in "\u2066\u2067\u2068")
        assert line.count("\u2069") == opened
    visible = [c for c in text if unicodedata.category(c)[0] in "LN" and ord(c) in ASCII]
    assert [c for c in printed if c.isalnum()] == visible
