"""By what a person is found: the words of an entry, and the words of a question put to it.

Each word of an entry begins with a letter that says what it is, so that one index holds them all:
`n` the name as written, in Latin letters; `f` and `c` how it sounds (`sounds.fine`,
`sounds.coarse`); `d` the digits of the V-nummer, its last four, and the telephone number, without
leading zeros; `h` and `k` the names of others in the household, as written and by `sounds.coarse`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from intake_app.domain import sounds

_NUMBER_WORDS: Final = frozenset({"v", "vnr", "vnummer", "nr", "nummer"})
_V_NUMBER: Final = re.compile(r"v[0-9]+")
_DUTCH: Final = "31"
_MOST_WORDS: Final = 6


@dataclass(frozen=True, slots=True)
class Entry:
    """What one person is found by: words apart by a space, each with its letter in front."""

    words: str
    household: str


@dataclass(frozen=True, slots=True)
class AskedWord:
    """One word of a search; `number` is set instead of the keys when it is digits."""

    written: str
    heard: str = ""
    fine: tuple[str, ...] = ()
    coarse: tuple[str, ...] = ()
    number: str = ""


def entry(
    names: Iterable[str], *, v_number: str = "", phone: str = "", household: Iterable[str] = ()
) -> Entry:
    """Return what a person with these names is found by; each name is a field of the record."""
    found: dict[str, None] = {}
    for name in names:
        found |= dict.fromkeys("n" + word for word in _with_pairs(sounds.words(name)))
        for word in _with_pairs(sounds.heard_words(name)):
            for part in sounds.parts(word):
                found |= dict.fromkeys("f" + key for key in sorted(sounds.fine(part)))
                found |= dict.fromkeys("c" + key for key in sorted(sounds.coarse(part)))
    for digits in (v_number, v_number[-4:], phone):
        if number := bare_number(digits):
            found["d" + number] = None
    return Entry(" ".join(found), household_words(household))


def household_words(names: Iterable[str]) -> str:
    """Return the words of the others in somebody's household."""
    found: dict[str, None] = {}
    for name in names:
        found |= dict.fromkeys("h" + word for word in sounds.words(name))
        for word in sounds.heard_words(name):
            for part in sounds.parts(word):
                found |= dict.fromkeys("k" + key for key in sorted(sounds.coarse(part)))
    return " ".join(found)


def asked(text: str) -> tuple[AskedWord, ...]:
    """Return the words of a search, at most six; empty when there is nothing to look for.

    Digits apart by spaces or dots are one number; 'V-nr' before a number is left out, and so is an
    article beside other words.
    """
    written, heard = sounds.words(text), sounds.heard_words(text)
    found: list[AskedWord] = []
    digits = ""
    for word, sound in zip(written, heard, strict=True):
        bare = word[1:] if _V_NUMBER.fullmatch(word) else word
        if bare.isdecimal():
            digits += bare
            continue
        if digits:
            found.append(AskedWord(digits, number=bare_number(digits)))
            digits = ""
        found.append(asked_word(word, sound))
    if digits:
        found.append(AskedWord(digits, number=bare_number(digits)))
    if any(word.number for word in found):
        found = [word for word in found if word.written not in _NUMBER_WORDS]
    if len(found) > 1:
        found = [word for word in found if not sounds.is_article(word.written)]
    return tuple(found[:_MOST_WORDS])


def asked_word(written: str, heard: str) -> AskedWord:
    """Return a word of a search with how it sounds."""
    parts = sounds.asked(heard)
    return AskedWord(
        written,
        heard,
        tuple(sorted({key for part in parts for key in sounds.fine(part)})),
        tuple(sorted({key for part in parts for key in sounds.coarse(part)})),
    )


def bare_number(text: str) -> str:
    """Return the digits of a V-nummer or telephone number without zeros or 31 in front."""
    digits = "".join(c for c in text if c.isascii() and c.isdigit()).lstrip("0")
    return digits[2:] if digits.startswith(_DUTCH) and len(digits) == 11 else digits


def _with_pairs(row: tuple[str, ...]) -> tuple[str, ...]:
    return (*row, *sounds.joined(row))
