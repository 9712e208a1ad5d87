from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from intake_app.domain import finding


def test_an_entry_says_what_each_word_is():
    entry = finding.entry(
        ("Haddad", "Sami"), v_number="0000012345", phone="+31 6 1234 5678", household=("Lina",)
    )
    words = entry.words.split()
    assert {"nhaddad", "nsami", "d12345", "d2345", "d612345678"} <= set(words)
    assert "hlina" in entry.household.split()
    assert len(words) == len(set(words))


def test_a_number_is_asked_without_its_zeros():
    (word,) = finding.asked("V-nr. 000.001.2345")
    assert word.number == "12345"
    (phone,) = finding.asked("06 1234 5678")
    (abroad,) = finding.asked("+31 6 1234 5678")
    assert phone.number == abroad.number == "612345678"


def test_an_article_beside_a_name_is_not_asked():
    assert [word.written for word in finding.asked("el Khatib")] == ["khatib"]
    assert [word.written for word in finding.asked("al")] == ["al"]


def test_nothing_is_asked_of_nothing():
    assert finding.asked(" -- ") == ()


@given(st.text(max_size=40))
def test_any_text_can_be_asked_and_entered(text: str):
    entry = finding.entry((text,), v_number=text, phone=text, household=(text,))
    assert all(word[0] in "nfcd" for word in entry.words.split())
    assert len(finding.asked(text)) <= 6


@given(st.lists(st.text("abcdefghijklmnopqrstuvwxyz", min_size=2, max_size=9), max_size=3))
def test_every_written_word_is_in_the_entry(words: list[str]):
    held = set(finding.entry((" ".join(words),)).words.split())
    assert {"n" + word for word in words} <= held
