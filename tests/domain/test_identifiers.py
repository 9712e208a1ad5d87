from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake_app.domain.identifiers import IdentifierProblem, bsn, masked, v_number


def test_v_number_keeps_leading_zeros() -> None:
    assert v_number("0070007007") == "0070007007"
    assert v_number("70.007.007") == "0070007007"


@pytest.mark.parametrize("text", ["", "0", "12345678901", "V123", "٠٠٧٠٠٠٧٠٠٧"])
def test_v_number_refuses(text: str) -> None:
    with pytest.raises(IdentifierProblem):
        v_number(text)


def test_bsn_follows_the_eleven_test() -> None:
    assert bsn("111222333") == "111222333"
    for wrong in ("111222334", "000000000", "12345", "abcdefghi"):
        with pytest.raises(IdentifierProblem):
            bsn(wrong)


@given(st.integers(1, 999_999_999), st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_is_always_seen(number: int, place: int, shift: int) -> None:
    digits = f"{number:09d}"
    try:
        bsn(digits)
    except IdentifierProblem:
        return
    changed = digits[:place] + str((int(digits[place]) + shift) % 10) + digits[place + 1 :]
    with pytest.raises(IdentifierProblem):
        bsn(changed)


def test_masked_shows_four_digits_only() -> None:
    assert masked("0070004821") == "•••• 4821"
    assert masked("") == ""
