from __future__ import annotations

from contextlib import suppress
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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", PartialDate()),
        ("1988-03-14", PartialDate(1988, 3, 14)),
        ("14-03-1988", PartialDate(1988, 3, 14)),
        ("14-3-1988", PartialDate(1988, 3, 14)),
        ("14/3/1988", PartialDate(1988, 3, 14)),
        ("14.3.1988", PartialDate(1988, 3, 14)),
        ("00-03-1988", PartialDate(1988, 3)),
        ("0-0-1988", PartialDate(1988)),
        ("1988-00-00", PartialDate(1988)),
        ("1988/03", PartialDate(1988, 3)),
        ("19880300", PartialDate(1988, 3)),
        ("19880000", PartialDate(1988)),
        ("00000000", PartialDate()),
        ("١٤-٠٣-١٩٨٨", PartialDate(1988, 3, 14)),
        ("۱۹۸۸۰۳۱۴", PartialDate(1988, 3, 14)),
        ("29-02-2024", PartialDate(2024, 2, 29)),
        ("01-01-1990", PartialDate(1990, 1, 1)),
    ],
)
def test_reads_dates_as_people_write_them(text: str, expected: PartialDate) -> None:
    assert PartialDate.read(text) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("gisteren", "dag-maand-jaar"),
        ("maart 1988", "dag-maand-jaar"),
        ("14-03-88", "vier cijfers"),
        ("30-02-1988", "bestaat niet"),
        ("29-02-2023", "bestaat niet"),
        ("14-13-1988", "maand van 1 tot en met 12"),
        ("31-12-1700", "vier cijfers"),
        ("14-00-1988", "dag zonder maand"),
        ("19880014", "dag zonder maand"),
        ("00000300", "maand zonder jaar"),
        ("19881300", "maand van 1"),
        ("1988031", "dag-maand-jaar"),
        ("14-03-1367", "andere kalender"),
        ("12-05-1410", "andere kalender"),
        ("፲፱፻፹፰", "dag-maand-jaar"),
        ("1988-3-4-5", "dag-maand-jaar"),
    ],
)
def test_says_what_is_wrong_with_a_date_and_what_to_do(text: str, said: str) -> None:
    with pytest.raises(DateProblem, match=said) as refused:
        PartialDate.read(text)
    assert str(refused.value).endswith(".")


@given(
    day=st.dates(date(1850, 1, 1), date(2200, 12, 31)),
    mark=st.sampled_from("-/."),
    known=st.booleans(),
)
def test_what_people_write_means_what_registers_write(day: date, mark: str, *, known: bool) -> None:
    shown = f"{day.day if known else 0:02d}{mark}{day.month:02d}{mark}{day.year}"
    partial = PartialDate(day.year, day.month, day.day if known else 0)
    assert PartialDate.read(shown) == partial == PartialDate.parse(partial.gba())


@given(st.text(max_size=20))
def test_no_text_breaks_a_date(text: str) -> None:
    with suppress(DateProblem):
        found = PartialDate.read(text)
        assert PartialDate.parse(found.iso()) == found


def test_a_date_to_come_is_seen_though_parts_are_unknown() -> None:
    today = date(2026, 6, 15)
    assert not PartialDate(2026).is_after(today)
    assert not PartialDate(2026, 6).is_after(today)
    assert PartialDate(2026, 7).is_after(today)
    assert PartialDate(2027).is_after(today)
    assert PartialDate(2026, 6, 16).is_after(today)
    assert not PartialDate().is_after(today)
