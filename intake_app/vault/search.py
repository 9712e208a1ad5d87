"""Questions to the full-text index over persons.

The index stands beside `search_entry`, one row a person, and follows it by triggers: what is
committed with a person is found from then on, what is deleted leaves nothing behind in it.
"""

from __future__ import annotations

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
    """Return the MATCH expression for persons who are as near as `nearness`.

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
    """Return how a word may occur; what is met at a nearer step need not be met again here."""
    name = f'"n{word.written}"'
    if nearness is Nearness.WHOLE:
        found = [name, *_number(word, "")]
    elif word.number or nearness is Nearness.BEGINS:
        found = [f"{name} *", *_number(word, " *")]
    elif nearness is Nearness.SOUNDS:
        found = [f'"f{key}"{_open(key)}' for key in word.fine]
        if len(word.written) <= _SHORTEST_HEARD:
            found.append(f"{name} *")
    else:
        found = [f"{name} *", *(f'"c{key}"' for key in word.coarse)]
    if nearness is Nearness.HOUSEHOLD and not word.number:
        found += [f'"h{word.written}" *', *(f'"k{key}"' for key in word.coarse)]
    return f"({' OR '.join(found)})"


def _number(word: AskedWord, begins: str) -> list[str]:
    return [f'"d{word.number}"{begins}'] if word.number else []


def _open(key: str) -> str:
    return " *" if len(key) >= _SHORTEST_HEARD else ""


def nearest(words: tuple[AskedWord, ...]) -> tuple[Nearness, ...]:
    """Return the questions to put, the nearest first.

    Numbers have nothing to sound like, and one letter sounds like everybody.
    """
    if all(word.number or len(word.written) < 2 for word in words):
        return (Nearness.WHOLE, Nearness.BEGINS)
    return tuple(Nearness)
