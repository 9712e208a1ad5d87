"""Recovery cards as words: any two give the secret, and what is wrong is told."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shamir_mnemonic import generate_mnemonics
from shamir_mnemonic.wordlist import WORDLIST

from intake_app.crypto import shares
from intake_app.crypto.shares import SharesRefused, combine, split

SECRET = bytes(range(32))


@pytest.fixture(scope="module")
def cards() -> tuple[str, ...]:
    return tuple(" ".join(words) for words in split(SECRET))


def test_any_two_of_three_give_the_secret(cards: tuple[str, ...]) -> None:
    assert [len(card.split()) for card in cards] == [shares.WORDS] * 3
    for one, other in itertools.permutations(cards, 2):
        assert combine(one, other) == SECRET


def test_as_people_type_them(cards: tuple[str, ...]) -> None:
    short = " ".join(word[:4] for word in cards[0].split())
    numbered = "\n".join(f"{n}. {word.upper()}," for n, word in enumerate(cards[1].split(), 1))
    assert combine(short, numbered) == SECRET


def test_a_secret_has_32_bytes() -> None:
    with pytest.raises(ValueError, match="32"):
        split(b"kort")


def refused(first: str, second: str) -> SharesRefused:
    with pytest.raises(SharesRefused) as caught:
        combine(first, second)
    return caught.value


@settings(max_examples=40, deadline=None)
@given(at=st.integers(0, 32), other=st.integers(0, 1023), which=st.integers(1, 2))
def test_one_wrong_word_is_found(cards: tuple[str, ...], at: int, other: int, which: int) -> None:
    pair = [cards[0].split(), cards[2].split()]
    if pair[which - 1][at] == WORDLIST[other]:
        return
    pair[which - 1][at] = WORDLIST[other]
    found = refused(" ".join(pair[0]), " ".join(pair[1]))
    assert (found.fault, found.card, found.word) == ("words", which, at + 1)


def test_more_wrong_words_are_refused_without_a_guess(cards: tuple[str, ...]) -> None:
    words = cards[0].split()
    words[3], words[4] = words[4], words[3]
    words[20] = "academic" if words[20] != "academic" else "acid"
    found = refused(" ".join(words), cards[1])
    assert (found.fault, found.card, found.word) == ("words", 1, 0)


def test_what_is_no_word_is_named(cards: tuple[str, ...]) -> None:
    words = cards[1].split()
    words[6] = "molen"
    found = refused(cards[0], " ".join(words))
    assert (found.fault, found.card, found.word, found.count) == ("words", 2, 7, 33)


def test_too_few_and_too_many(cards: tuple[str, ...]) -> None:
    few = refused(" ".join(cards[0].split()[:30]), cards[1])
    assert (few.fault, few.card, few.word, few.count) == ("words", 1, 0, 30)
    assert refused(cards[0], cards[1] + " acid").count == 34
    assert refused("", cards[1]).count == 0


def test_the_same_card_twice(cards: tuple[str, ...]) -> None:
    assert refused(cards[1], cards[1].upper()).fault == "same-card"


def test_cards_of_two_sets(cards: tuple[str, ...]) -> None:
    other = " ".join(split(bytes(32))[1])
    assert refused(cards[0], other).fault == "other-set"


def test_cards_of_another_kind() -> None:
    (three,) = generate_mnemonics(1, [(3, 3)], SECRET)
    assert refused(three[0], three[1]).fault == "other-set"
    (short,) = generate_mnemonics(1, [(2, 3)], bytes(16))
    assert refused(short[0], short[1]).fault == "words"


def test_no_message_quotes_a_word(cards: tuple[str, ...]) -> None:
    words = cards[0].split()
    found = refused(" ".join([*words[:-1], "academic"]), cards[1])
    assert not set(words) & set(str(found).split())


@given(st.text(max_size=300))
def test_any_text_gets_a_verdict(cards: tuple[str, ...], text: str) -> None:
    assert refused(text, cards[0]).fault == "words"
