"""Controlegetallen: stable, independent of order, typed in any script."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake_app.crypto.fingerprint import fingerprint, same_fingerprint

A = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA"
B = "age1pq1example"


def test_shape_and_stability() -> None:
    found = fingerprint(A, B)
    assert [len(group) for group in found.split(" ")] == [5] * 6
    assert found.replace(" ", "").isdigit()
    assert found == "35550 59244 51478 06755 43823 28507"


def test_order_comment_and_case_of_age_do_not_matter() -> None:
    assert fingerprint(A, B) == fingerprint(B.upper(), f"{A} naam@laptop")


def test_every_key_counts_and_keys_do_not_run_together() -> None:
    seen = {fingerprint(*keys) for keys in [(A,), (B,), (A, B), (A + "A", B), (A, B + "a")]}
    assert len(seen) == 5


@pytest.mark.parametrize("keys", [(), ("",), (A, "  ")])
def test_no_key_is_refused(keys: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="key"):
        fingerprint(*keys)


@pytest.mark.parametrize(
    "typed",
    [
        "123450678901234567890123456789",
        "12345-06789-01234-56789-01234-56789",
        "‎12345 06789\n01234\t56789 – 01234 56789 ",
        "١٢٣٤٥ ٠٦٧٨٩ ٠١٢٣٤ ٥٦٧٨٩ ٠١٢٣٤ ٥٦٧٨٩",
        "۱۲۳۴۵ ۰۶۷۸۹ ۰۱۲۳۴ ۵۶۷۸۹ ۰۱۲۳۴ ۵۶۷۸۹",
    ],
)
def test_same_however_typed(typed: str) -> None:
    assert same_fingerprint(typed, "12345 06789 01234 56789 01234 56789")


@pytest.mark.parametrize(
    "typed",
    ["", "12345", "12345 06789 01234 56789 01234 5678", "x12345 06789 01234 56789 01234 56789"],
)
def test_incomplete_or_strange_is_never_the_same(typed: str) -> None:
    assert not same_fingerprint(typed, "12345 06789 01234 56789 01234 56789")
    assert not same_fingerprint(typed, typed)


@given(st.text(), st.text())
def test_comparing_never_fails(a: str, b: str) -> None:
    assert same_fingerprint(a, b) == same_fingerprint(b, a)
