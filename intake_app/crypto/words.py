"""Passphrases of random Dutch words, from a list of our own.

`resources/words/nl.txt` holds 2,048 common words of 3 to 8 letters a-z, one on a line, in order.
No word is the beginning of another, and no two differ by one letter or by two that changed places:
a slip of the finger or of the ear never gives another word of the list. Six words drawn from it
carry 66 bits.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Final

from intake_app import paths

COUNT: Final = 2048
WORDS: Final = 6
BITS: Final = 66


def passphrase(random: Callable[[int], bytes]) -> str:
    """Return six words with a space between them, every one of the 2^66 equally likely."""
    listed = word_list()
    drawn = (int.from_bytes(random(2), "big") % COUNT for _ in range(WORDS))
    return " ".join(listed[number] for number in drawn)


@cache
def word_list() -> tuple[str, ...]:
    """Return the words. Raises ValueError when the file is not the one that belongs here."""
    words = tuple(paths.resource("words", "nl.txt").read_text(encoding="ascii").split())
    if len(set(words)) != COUNT:
        raise ValueError("not the list of words")
    return words
