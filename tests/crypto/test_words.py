"""The list of words and the passphrases made from it."""

from __future__ import annotations

import math
import re
import secrets
from itertools import pairwise
from string import ascii_lowercase

from intake_app.crypto import words
from intake_app.flows.set_up import check_passphrase, generate_passphrase


def slips(word: str) -> set[str]:
    """What one slip makes of a word: a letter less, another letter, two that changed places."""
    cuts = [(word[:at], word[at:]) for at in range(len(word))]
    less = {start + end[1:] for start, end in cuts}
    other = {start + letter + end[1:] for start, end in cuts for letter in ascii_lowercase}
    swapped = {start + end[1] + end[0] + end[2:] for start, end in cuts if len(end) > 1}
    return (less | other | swapped) - {word}


def test_the_list_is_what_it_says():
    listed = words.word_list()
    assert len(listed) == len(set(listed)) == words.COUNT
    assert list(listed) == sorted(listed)
    assert all(re.fullmatch(r"[a-z]{3,8}", word) for word in listed)
    assert math.log2(words.COUNT) * words.WORDS == words.BITS >= 64


def test_no_word_is_the_beginning_of_another():
    listed = words.word_list()
    assert [word for word, after in pairwise(listed) if after.startswith(word)] == []


def test_no_slip_gives_another_word():
    listed = set(words.word_list())
    assert {word: slips(word) & listed for word in listed if slips(word) & listed} == {}
    assert "aarde" not in slips("aanbod")
    assert {"ard", "aadr", "zard"} <= slips("aard")


def test_a_passphrase_has_six_words_and_is_good_enough():
    for _ in range(200):
        phrase = generate_passphrase(secrets.token_bytes)
        assert len(phrase.split(" ")) == 6
        assert set(phrase.split(" ")) <= set(words.word_list())
        assert check_passphrase(phrase) is None


def test_every_word_can_be_drawn():
    draws = iter(range(words.COUNT))

    def random(size: int) -> bytes:
        return (next(draws) + 62 * 1024).to_bytes(size, "big")

    found = set()
    for _ in range(words.COUNT // words.WORDS):
        found |= set(words.passphrase(random).split())
    assert len(found) == words.COUNT // words.WORDS * words.WORDS


def test_one_that_is_too_easy_is_drawn_again():
    draws = iter([*[b"\0\0"] * 6, *(bytes([0, at * 40]) for at in range(6))])
    phrase = generate_passphrase(lambda size: next(draws))
    assert len(set(phrase.split())) == 6
