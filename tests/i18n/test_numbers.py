from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake_app.i18n.languages import LANGUAGES
from intake_app.i18n.numbers import group_mark, read_number, show_number

whole = st.integers(-(2**31), 2**31 - 1)
decimals = st.decimals(-1_000_000, 1_000_000, places=4)
languages = st.sampled_from(list(LANGUAGES))


@given(whole, languages, st.booleans())
def test_a_whole_number_that_is_shown_can_be_typed(n: int, language: str, grouped: bool) -> None:
    shown = show_number(str(n), language, grouped=grouped)
    assert read_number(shown, decimal=False) == str(n)


@given(decimals, languages, st.booleans())
def test_a_decimal_that_is_shown_can_be_typed(n: Decimal, language: str, grouped: bool) -> None:
    shown = show_number(f"{n:f}", language, grouped=grouped)
    mark = group_mark(language) if grouped else ""
    assert Decimal(read_number(shown, decimal=True, grouped_by=mark)) == n


@given(st.text(max_size=12), st.booleans())
def test_anything_can_be_typed(text: str, decimal: bool) -> None:
    read_number(text, decimal=decimal)


@pytest.mark.parametrize(
    ("typed", "decimal", "stored"),
    [
        ("٢١", False, "21"),
        ("۱۲", False, "12"),
        ("፳፩", False, "21"),
        ("1.250", False, "1250"),
        ("1.250", True, "1.250"),
        ("1 250,5", True, "1250.5"),
        ("1.250,5", True, "1250.5"),
        ("1,250.5", True, "1250.5"),
        ("٣٫٥", True, "3.5"),
        ("3,75", True, "3.75"),
        ("1.250.000", True, "1250000"),
        ("−4", False, "-4"),
        ("+4", False, "4"),
        ("\u200f٤", False, "4"),
        ("", True, ""),
        ("drie", False, "drie"),
        ("3x", True, "3x"),
        ("1,5", False, "1.5"),
    ],
)
def test_typed_numbers(typed: str, decimal: bool, stored: str) -> None:
    assert read_number(typed, decimal=decimal) == stored


def test_how_numbers_look() -> None:
    assert show_number("1234.5", "nl") == "1234,5"
    assert show_number("1234.5", "nl", grouped=True) == "1.234,5"
    assert show_number("21", "fa") == "۲۱"
    assert show_number("vroeger", "nl") == "vroeger"
