from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake_app.domain.partial_date import DateProblem, PartialDate


@pytest.mark.parametrize(
    ("text", "expected", "gba"),
    [
        ("", PartialDate(), "00000000"),
        ("1988", PartialDate(1988), "19880000"),
        ("1988-03", PartialDate(1988, 3), "19880300"),
        ("1988-03-14", PartialDate(1988, 3, 14), "19880314"),
        ("19880000", PartialDate(1988), "19880000"),
        ("00000000", PartialDate(), "00000000"),
    ],
)
def test_reads_the_four_kinds_of_the_register(text: str, expected: PartialDate, gba: str) -> None:
    assert PartialDate.parse(text) == expected
    assert expected.gba() == gba


@pytest.mark.parametrize(
    "text",
    [
        "1988-13",
        "1988-02-30",
        "88-01-01",
        "1988-00-12",
        "gisteren",
        "1988/03/14",
        "1700",
        "1988-3-4-5",
    ],
)
def test_refuses_what_cannot_be(text: str) -> None:
    with pytest.raises(DateProblem):
        PartialDate.parse(text)


@given(st.dates(date(1850, 1, 1), date(2200, 12, 31)))
def test_complete_dates_survive_both_notations(day: date) -> None:
    partial = PartialDate(day.year, day.month, day.day)
    assert PartialDate.parse(partial.iso()) == partial
    assert PartialDate.parse(partial.gba()) == partial
    assert partial.is_complete


def test_age_is_a_range_where_parts_are_unknown() -> None:
    assert PartialDate(1990).age_on(date(2026, 6, 1)) == (35, 36)
    assert PartialDate(1990, 6, 2).age_on(date(2026, 6, 1)) == (35, 35)
    assert PartialDate(1990, 6, 1).age_on(date(2026, 6, 1)) == (36, 36)
    assert PartialDate().age_on(date(2026, 6, 1)) is None
