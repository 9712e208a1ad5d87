from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shamir_mnemonic.wordlist import WORDLIST

from intake_app.documents.pages import page_images
from intake_app.documents.qr import qr_code
from intake_app.flows.recovery_cards import WORDS, card_pdf, code_of, read_card

CARDS = st.lists(st.sampled_from(list(WORDLIST)), min_size=WORDS, max_size=WORDS).map(tuple)
CARD = tuple(WORDLIST[at * 31] for at in range(WORDS))


@dataclass(frozen=True)
class Card:
    number: int = 2
    words: tuple[str, ...] = CARD
    label: str = "Team AZC Oefenstad ፈተና"
    check: str = "12345 67890"
    made_at: datetime = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


@given(CARDS)
def test_the_code_says_the_same_as_the_words(words):
    read = read_card(code_of(words))
    assert read.words == words
    assert read.complete
    assert read_card(f"  {code_of(words).lower()}\n").words == words


@given(CARDS, st.sampled_from([" ", "\n", ", ", " - ", "\t"]))
def test_words_are_read_however_they_are_written(words, between):
    typed = between.join(word.upper() for word in words)
    assert read_card(typed).words == words
    assert read_card(between.join(word[:4] for word in words)).words == words


def test_numbers_before_the_words_do_not_matter():
    typed = "\n".join(f"{at}. {word}" for at, word in enumerate(CARD, 1))
    assert read_card(typed).words == CARD


def test_a_word_of_no_list_is_named_by_its_place():
    words = list(CARD)
    words[6], words[32] = "fiets", words[32] + "x"
    read = read_card(" ".join(words))
    assert read.unknown == (7, 33)
    assert not read.complete


def test_too_few_and_too_many_words_are_not_complete():
    assert not read_card("").complete
    assert not read_card(" ".join(CARD[:-1])).complete
    assert not read_card(" ".join((*CARD, CARD[0]))).complete


@pytest.mark.parametrize("spoilt", ["HERSTEL1-", "HERSTEL1-ABC", "HERSTEL1-0189"])
def test_half_a_code_is_not_a_card(spoilt):
    assert not read_card(spoilt).complete
    assert not read_card(code_of(CARD)[:-1]).complete


def test_a_code_with_bits_left_over_is_not_a_card():
    code = code_of(CARD)
    assert not read_card(code[:-1] + "B").complete


def test_only_whole_cards_have_a_code():
    for words in (CARD[:-1], (*CARD[:-1], "fiets")):
        with pytest.raises(ValueError, match="card"):
            code_of(words)


def test_the_page_holds_the_words_in_order_and_the_code_fits():
    (page,) = page_images(card_pdf(Card()), 72)
    shown = page.text.split()
    for number, word in enumerate(CARD, 1):
        assert word in shown
        assert shown[shown.index(word) - 1] == str(number)
    assert "Herstelkaart 2 van 3" in page.text
    assert "12345 67890" in page.text
    assert len(qr_code(code_of(CARD))) <= 41


def test_nothing_secret_shows_in_a_repr():
    assert not any(word in repr(read_card(" ".join(CARD))) for word in CARD)
