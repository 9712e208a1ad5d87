"""What does not belong in an open text field: a BSN, and words on a list.

Nothing is refused and nothing is kept: who asks gets the places, and says something gentle about
them. Digits of any script count. The time taken grows with the length of the text, no faster.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from intake_app.domain.identifiers import IdentifierProblem, bsn

COLUMNS = ("kind", "language", "word")


class Kind(StrEnum):
    """Why something had better not stand there."""

    BSN = "bsn"
    DIAGNOSE = "diagnose"
    MEDICIJN = "medicijn"
    GELOOF = "geloof"
    POLITIEK = "politiek"
    GEAARDHEID = "geaardheid"
    STRAFBLAD = "strafblad"
    ASIELVERHAAL = "asielverhaal"


class WordsProblem(ValueError):
    """A list of words that cannot be used; str() names the row."""


@dataclass(frozen=True, slots=True)
class Found:
    """One place in a text: `text[start:end]`."""

    kind: Kind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Words:
    """Words by how they are looked up, folded.

    `whole` goes by a word, or the first of several with what must follow it; `begin` by the first
    `HEAD` letters of a word, with the whole beginning.
    """

    whole: Mapping[str, tuple[tuple[tuple[str, ...], Kind], ...]]
    begin: Mapping[str, tuple[tuple[str, Kind], ...]]


HEAD = 4
"""A beginning has at least so many letters."""

# a digit, and more of them with at most one mark between; not a piece of a code or an amount. What
# has a plus or the sign of a currency in front is passed over whole. Letters that are not Latin are
# no code: Arabic and Persian write small words against the next one.
_RUN = re.compile(
    r"(?:(?<![\d_A-Za-z\u00c0-\u024f])|(?<=bsn))([+€$£][ \u00a0]?)?"
    r"(\d(?:[ .\-/\u00a0\u200e\u200f\u2010-\u2013\u202f]?\d)*)"
    r"(?![\d_A-Za-z\u00c0-\u024f€]|,\d)",
    re.IGNORECASE,
)
_GROUP = re.compile(r"\d+")
# the lists are in Dutch and English, so only Latin letters make a word
_TOKEN = re.compile(
    r"[A-Za-z\u00c0-\u024f\u0300-\u036f]+(?:[-'’][A-Za-z\u00c0-\u024f\u0300-\u036f]+)*"
)
_SPACES = " \u00a0\u202f"
_MARKS = str.maketrans("", "", "-'’")
_LONGEST_RUN = 400
"""Characters of digits and marks after which a run is no number of a person any more."""


def scan(text: str, words: Words) -> tuple[Found, ...]:
    """Return what had better not stand in `text`, in the order of the text."""
    found = [*_numbers(text), *_listed(text, words)]
    return tuple(sorted(found, key=lambda each: (each.start, each.end)))


def read_words(text: str) -> Words:
    """Read a list of words; raises `WordsProblem` for a wrong header, kind or word."""
    reader = csv.DictReader(io.StringIO(text))
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise WordsProblem(f"the columns are {', '.join(COLUMNS)}")
    whole: dict[str, list[tuple[tuple[str, ...], Kind]]] = {}
    begin: dict[str, list[tuple[str, Kind]]] = {}
    for number, row in enumerate(reader, start=2):
        word = (row["word"] or "").strip()
        parts = [folded(part) for part in word.removesuffix("*").split()]
        if row["kind"] not in set(Kind) - {Kind.BSN} or not parts or not all(parts):
            raise WordsProblem(f"row {number} is not a kind and a word")
        kind = Kind(row["kind"])
        if word.endswith("*") and len(parts) == 1:
            if len(parts[0]) < HEAD:
                raise WordsProblem(f"row {number}: a beginning has at least {HEAD} letters")
            begin.setdefault(parts[0][:HEAD], []).append((parts[0], kind))
        else:
            ending = ("*",) if word.endswith("*") else ()
            whole.setdefault(parts[0], []).append(((*parts[1:], *ending), kind))
    return Words(
        {word: tuple(rests) for word, rests in whole.items()},
        {head: tuple(words) for head, words in begin.items()},
    )


def folded(word: str) -> str:
    """Return a word as it is compared: no capitals, accents, hyphens or apostrophes."""
    if word.isascii():
        return word.lower().translate(_MARKS)
    plain = unicodedata.normalize("NFKD", word.casefold()).translate(_MARKS)
    return "".join(char for char in plain if not unicodedata.combining(char))


# ---- numbers -------------------------------------------------------------------------------------


def _numbers(text: str) -> Iterator[Found]:
    for run in _RUN.finditer(text):
        if run[1] is None and 9 <= len(run[2]) <= _LONGEST_RUN:
            yield from _in_run(run[2], run.start(2))


def _in_run(run: str, offset: int) -> Iterator[Found]:
    groups = [(match.start(), match.end()) for match in _GROUP.finditer(run)]
    first = 0
    while first < len(groups):
        last = _window(run, groups, first)
        if last is None:
            first += 1
            continue
        yield Found(Kind.BSN, offset + groups[first][0], offset + groups[last][1])
        first = last + 1


def _window(run: str, groups: list[tuple[int, int]], first: int) -> int | None:
    """Return the last group of a BSN that starts with group `first`, None for none."""
    if first and run[groups[first][0] - 1] not in _SPACES:
        return None
    digits = 0
    for last in range(first, len(groups)):
        start, end = groups[last]
        digits += end - start
        if digits >= 9:
            alone = last == len(groups) - 1 or run[end] in _SPACES
            chosen = groups[first : last + 1]
            fits = digits == 9 and alone
            return last if fits and _is_bsn(run, chosen, whole=len(chosen) == len(groups)) else None
    return None


def _is_bsn(run: str, groups: list[tuple[int, int]], *, whole: bool) -> bool:
    parts = [_ascii(run[start:end]) for start, end in groups]
    if len(parts) > 1:
        if any(len(part) == 4 and part[:2] in {"19", "20"} for part in parts):
            return False
        if not whole and min(len(part) for part in parts) < 2:
            return False
        # a list of ever the same mark; "12/3 45-67 89" is nobody's number
        marks = {run[end] for (_, end), _ in pairwise(groups)}
        if len(marks) > 1:
            return False
    try:
        bsn("".join(parts))
    except IdentifierProblem:
        return False
    return True


def _ascii(digits: str) -> str:
    if digits.isascii():
        return digits
    return "".join(str(unicodedata.decimal(char)) for char in digits)


# ---- words ---------------------------------------------------------------------------------------


def _listed(text: str, words: Words) -> Iterator[Found]:
    tokens = list(_TOKEN.finditer(text))
    plain = [folded(token.group()) for token in tokens]
    for at, word in enumerate(plain):
        if word in words.whole or word[:HEAD] in words.begin:
            hit = _hit(plain, at, words)
            if hit is not None:
                yield Found(hit[0], tokens[at].start(), tokens[hit[1]].end())


def _hit(plain: list[str], at: int, words: Words) -> tuple[Kind, int] | None:
    """Return why the word at `at` is listed, and the last word that belongs to it."""
    for rest, kind in words.whole.get(plain[at], ()):
        if _follows(plain, at, rest):
            return kind, at + len(rest) - rest.count("*")
    for beginning, kind in words.begin.get(plain[at][:HEAD], ()):
        if plain[at].startswith(beginning):
            return kind, at
    return None


def _follows(plain: list[str], at: int, rest: tuple[str, ...]) -> bool:
    """True when `rest` stands after the word at `at`; a last '*' lets its last word go on."""
    open_end = rest[-1:] == ("*",)
    wanted = rest[:-1] if open_end else rest
    following = plain[at + 1 : at + 1 + len(wanted)]
    if len(following) < len(wanted) or following[:-1] != list(wanted[:-1]):
        return False
    if not wanted:
        return True
    return following[-1].startswith(wanted[-1]) if open_end else following[-1] == wanted[-1]
