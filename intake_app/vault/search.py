"""Questions to the full-text index over persons.

The index stands beside `search_entry`, one row a person, and follows it by triggers: what is
committed with a person is found from then on, what is deleted leaves nothing behind in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import Final

from intake_app.domain.finding import AskedWord, asked_word

_SHORTEST_HEARD: Final = 3
"""With fewer letters a prefix of sounds is met by nearly everybody."""


class Nearness(IntEnum):
    """How near a person comes to what was asked, the nearest first."""

    WHOLE = 0
    """Every word is a word of the name, or the whole number."""
    BEGINS = 1
    """Every word begins a word of the name, or the number."""
    SOUNDS = 2
    """Some word is only spelled otherwise."""
    RESEMBLES = 3
    """Some word has the same consonants, as far as they can be told apart."""
    HOUSEHOLD = 4
    """Somebody of the household has the name."""


def question(words: tuple[AskedWord, ...], nearness: Nearness) -> str:
    """Return the MATCH expression for persons at least as near as `nearness`.

    Two neighbouring words may also have been written as one. `words` is not empty.
    """
    ways = [words]
    for place in range(len(words) - 1):
        first, second = words[place], words[place + 1]
        if not first.number and not second.number:
            ways.append((*words[:place], _together(first, second), *words[place + 2 :]))
    return " OR ".join(f"({' AND '.join(_word(word, nearness) for word in way)})" for way in ways)


def _together(first: AskedWord, second: AskedWord) -> AskedWord:
    return asked_word(first.written + second.written, first.heard + second.heard)


def _word(word: AskedWord, nearness: Nearness) -> str:
    whole = nearness is Nearness.WHOLE
    begins = "" if whole else " *"
    found = [f'names : "{word.written}"{begins}']
    if word.number:
        found.append(f'numbers : "{word.number}"{begins}')
    if nearness >= Nearness.SOUNDS:
        found += [f'fine : "{key}"{_open(key)}' for key in word.fine]
    if nearness >= Nearness.RESEMBLES:
        found += [f'coarse : "{key}"' for key in word.coarse]
    if nearness >= Nearness.HOUSEHOLD:
        found.append(f'household : "{word.written}" *')
        found += [f'household : "{key}"' for key in word.fine]
    return f"({' OR '.join(found)})"


def _open(key: str) -> str:
    return " *" if len(key) >= _SHORTEST_HEARD else ""


def nearest(words: Iterable[AskedWord]) -> tuple[Nearness, ...]:
    """Return the questions to put, the nearest first: numbers have nothing to sound like."""
    if all(word.number for word in words):
        return (Nearness.WHOLE, Nearness.BEGINS)
    return tuple(Nearness)
