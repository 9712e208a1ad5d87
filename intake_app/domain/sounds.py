"""How a name sounds, whoever wrote it down: keys under which spelling variants meet.

A name reaches the Netherlands through an interpreter, a passport, a French, Italian or Turkish
register. `fine` brings together what differs in spelling only (Mohammed, Muhammad; Joesoef, Yusuf;
Djamal, Jamal); `coarse` leaves the vowels out and joins consonants that are often heard for each
other, so that it also meets a name from Arabic script, which has no short vowels.

A letter that stands for different sounds (c, ch, g, j, x, z) gives a word more than one key; two
words sound alike when they share one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice, pairwise, product
from typing import Final

from intake_app.domain.transliteration import latin

_MOST_KEYS: Final = 8
_HEARD: Final = str.maketrans(
    {"ş": "sh", "Ş": "sh", "š": "sh", "Š": "sh", "ç": "ch", "Ç": "ch", "č": "ch", "Č": "ch",
     "ć": "ch", "Ć": "ch", "ž": "zh", "Ž": "zh"}
)  # fmt: skip

_CLUSTERS: Final = {
    "dsch": ("j",), "tsch": ("x",), "shch": ("x",), "dzj": ("j",), "dzh": ("j",), "tsj": ("x",),
    "tch": ("x",), "tsh": ("x",), "sch": ("x",), "ch": ("h", "x", "k"), "ck": ("k",),
    "dh": ("d", "z"), "dj": ("j",), "dz": ("z",), "gh": ("k",), "kh": ("h", "k"), "ph": ("f",),
    "qu": ("k",), "sh": ("x",), "sj": ("x",), "th": ("t", "s"), "ts": ("s", "z"),
    "tz": ("s", "z"), "zh": ("j", "z"), "zj": ("j", "z"), "g": ("k", "j"), "j": ("j", "y"),
    "q": ("k",), "x": ("h", "ks"),
}  # fmt: skip
_SOFT_C: Final = ("s", "j", "")
_HARD_C: Final = ("k", "j", "")
"""c is also a Turkish or Kurdish j, and in Somali the ayn that nobody else writes."""
_VOWELS: Final = {"a": "a", "e": "a", "i": "i", "y": "i", "o": "u", "u": "u", "w": "u", "v": "u"}
_COARSE: Final = {"d": ("t",), "p": ("b",), "x": ("s",), "z": ("s", "t")}
_DOUBLED: Final = re.compile(r"(.)\1+")
_ARTICLE: Final = re.compile(r"(?:al|el|ul)(?=.{3})")
_SERVANT: Final = re.compile(r"abd(?:[aeiou]{0,2}l(?![aeiou]?$)|[aeiou]{0,2})")
_SERVANT_ALONE: Final = frozenset({"abd", "abdo", "abdou", "abdu", "abdul", "abdel", "abdal"})
_ARTICLES: Final = frozenset({"al", "el", "ul"})

Unit = tuple[str, ...]
"""One sound of a word: the codes it may stand for; small letters, capitals for vowels."""


def words(text: str) -> tuple[str, ...]:
    """Return the words of `text` in small Latin letters and digits, apostrophes dropped."""
    return _split(latin(text))


def heard_words(text: str) -> tuple[str, ...]:
    """Return the words as they sound: letters like ş and ç are written out first."""
    return _split(latin(text.translate(_HEARD)))


def fine(word: str) -> frozenset[str]:
    """Return the keys of one word of `heard_words`: spelling folded, vowels by their kind."""
    return frozenset(way.lower() for way in _ways(_units(word)) if way)


def coarse(word: str) -> frozenset[str]:
    """Return the keys of one word of `heard_words` without the vowels inside it.

    Names of one consonant have none: they would all sound alike.
    """
    units = [tuple(c for code in unit for c in _COARSE.get(code, (code,))) for unit in _units(word)]
    bare = {_without_vowels(way) for way in _ways(units)}
    return frozenset(key for key in bare if len(key) > 1)


def parts(word: str) -> tuple[str, ...]:
    """Return the word with what it is made of: 'alkhatib' also is 'khatib', 'abdelkader' 'kader'.

    The written-together forms of the article and of abd- are taken apart.
    """
    servant = _SERVANT.match(word)
    if word in _SERVANT_ALONE:
        return ("abd",)
    if servant and len(rest := word[servant.end() :]) > 1:
        rest = rest[1:] if rest[0] == rest[1] else rest
        return ("abd", rest, "abd" + rest)
    article = _ARTICLE.match(word)
    if article:
        rest = word[article.end() :]
        return (word, rest[1:] if rest[0] == rest[1] else rest)
    return (word,)


def asked(word: str) -> tuple[str, ...]:
    """Return what a word that is searched for must sound like: the whole, or without article."""
    found = parts(word)
    return found[-1:] if found[0] == "abd" else found


def joined(row: tuple[str, ...]) -> tuple[str, ...]:
    """Return each two neighbours written together, as many registers do."""
    return tuple(first + second for first, second in pairwise(row))


def is_article(word: str) -> bool:
    """True for al, el, ul: nobody is found by it alone."""
    return word in _ARTICLES


def _split(text: str) -> tuple[str, ...]:
    kept = "".join(c if c.isalnum() else "" if c in _APOSTROPHES else " " for c in text)
    return tuple(kept.split())


_APOSTROPHES: Final = frozenset("'`\N{ACUTE ACCENT}\N{LEFT SINGLE QUOTATION MARK}"
                                "\N{RIGHT SINGLE QUOTATION MARK}")  # fmt: skip


def _units(word: str) -> list[Unit]:
    """Return the sounds of a word; vowel runs as one capital, none at the end of the word."""
    found: list[Unit] = []
    place, end = 0, len(word)
    while place < end:
        letter = word[place]
        if letter in _VOWELS and (place or letter not in "ywv"):
            run = place + 1
            while run < end and word[run] in _VOWELS:
                run += 1
            kind = "I" if word[place:run] == "ee" else _VOWELS[letter].upper()
            found.append((kind,))
            place = run
            continue
        size, codes = _sound(word, place)
        silent = codes == ("h",) and place + size == end and found
        if not silent and found[-1:] != [codes]:
            found.append(codes)
        place += size
    if len(found) > 1 and found[-1][0].isupper():
        found.pop()
    return found


def _sound(word: str, place: int) -> tuple[int, Unit]:
    vowel_before = word[place - 1 : place] in _VOWELS
    if word[place] == "j" and vowel_before and word[place + 1 : place + 2] not in _VOWELS:
        # Dutch and German write the end of -ay and -iy so
        return 1, ("", "j")
    for size in (4, 3, 2, 1):
        codes = _CLUSTERS.get(word[place : place + size])
        if codes is not None and place + size <= len(word):
            return size, codes
    letter = word[place]
    if letter == "c":
        return 1, _SOFT_C if word[place + 1 : place + 2] in {"e", "i", "y"} else _HARD_C
    return 1, ("w",) if letter == "v" else (letter,)


def _ways(units: Iterable[Unit]) -> Iterator[str]:
    return islice(("".join(way) for way in product(*units)), _MOST_KEYS)


def _without_vowels(way: str) -> str:
    kept = ["a"] if way[:1].isupper() else []
    # a dropped vowel brings consonants together that sound as one
    kept += [code for code in way if code.islower()]
    return _DOUBLED.sub(r"\1", "".join(kept))
