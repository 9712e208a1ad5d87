"""Regular expressions: the words of Java, matched whole, by backtracking or side by side."""

from __future__ import annotations

import re
from re import _parser  # type: ignore[attr-defined]

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake_app.xforms.xpath.errors import XPathError
from intake_app.xforms.xpath.functions.automaton import Automaton
from intake_app.xforms.xpath.functions.patterns import _test, safe_pattern


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("[A-Za-z ]+", "Jan de Vries", True),
        (r"\p{L}+", "Öner", True),
        (r"\p{L}+", "مريم", True),
        (r"\p{L}+", "Öner2", False),
        (r"[\p{L} '-]+", "O'Neill-Öz", True),
        (r"\P{L}+", "12-34", True),
        (r"[^\p{N}]+", "abc٣", False),
        (r"\p{Alpha}\p{Digit}", "a1", True),
        (r"\p{Alpha}", "é", False),
        (r"\p{Lu}\p{Ll}", "Éa", True),
        (r"\pL", "é", True),
        (r"\p{IsAlphabetic}+", "abc", True),
        (r"\Qa.b\E+", "a.bb", True),
        (r"\Qa.b\E", "axb", False),
        (r"(?<jaar>\d{4})-\k", "2020-", None),
        (r"(?<jaar>\d{4})", "2020", True),
        (r"a\z", "a", True),
        (r"\d", "٣", False),
        (r"\w", "é", False),
        (r"\x{1F600}", "\U0001f600", True),
        ("[]a]+", "]a", True),
        ("[a-z&&[^b]]", "a", None),
        ("[a[bc]]", "b", None),
        (r"\p{Onzin}", "a", None),
        ("b", "abc", False),
        ("(?i)JA", "ja", True),
    ],
)
def test_patterns_mean_what_they_mean_in_java(
    pattern: str, text: str, matches: bool | None
) -> None:
    if matches is None:
        with pytest.raises(XPathError):
            safe_pattern(pattern)
        return
    assert safe_pattern(pattern).matches(text) is matches


_PIECE = st.sampled_from(
    ["a", "b", ".", "[ab]", "[^a]", r"\d", r"\W", "(a|b)", "(ab?|a)", "a*", "(a+)?", "(b|ab){1,2}",
     "^", "$", r"\b", "(a|b)*", "b{0,3}", "(a*?)"]
)  # fmt: skip


@given(st.lists(_PIECE, max_size=6), st.text("ab1 \n", max_size=8))
def test_the_automaton_agrees_with_backtracking(pieces: list[str], text: str) -> None:
    pattern = "".join(pieces)
    automaton = Automaton(list(_parser.parse(pattern, re.ASCII)), _test)
    assert automaton.fullmatch(text) is (re.fullmatch(pattern, text, re.ASCII) is not None)
