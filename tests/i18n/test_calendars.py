"""The Ethiopian and the Solar Hijri calendar against known days, and there and back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake_app.i18n.calendars import (
    FIRST,
    LAST,
    Calendar,
    CalendarDate,
    CalendarProblem,
    days_in_month,
    find_month,
    format_in,
    gregorian_parts,
    is_leap,
    month_name,
    months_in_year,
    period,
    typed_year,
    usual_calendars,
)
from intake_app.i18n.languages import LANGUAGES

ETHIOPIAN, SOLAR, GREGORIAN = Calendar.ETHIOPIAN, Calendar.SOLAR_HIJRI, Calendar.GREGORIAN

days = st.dates(FIRST, LAST)


@given(days, st.sampled_from(list(Calendar)))
def test_there_and_back(day: date, calendar: Calendar) -> None:
    assert CalendarDate.of(day, calendar).gregorian() == day


@given(days.filter(lambda day: day < LAST), st.sampled_from(list(Calendar)))
def test_the_next_day_is_the_next_day(day: date, calendar: Calendar) -> None:
    today = CalendarDate.of(day, calendar)
    following = CalendarDate.of(day + timedelta(days=1), calendar)
    if today.day < days_in_month(calendar, today.year, today.month):
        assert (following.year, following.month, following.day) == (
            today.year,
            today.month,
            today.day + 1,
        )
    else:
        assert following.day == 1
        over = today.month == months_in_year(calendar)
        assert (following.year, following.month) == (
            (today.year + 1, 1) if over else (today.year, today.month + 1)
        )


@pytest.mark.parametrize(
    ("year", "nowruz"),
    # Nowruz as it was, and will be, kept: two or three years from every decade, leap years too
    [
        (1304, date(1925, 3, 21)),
        (1305, date(1926, 3, 22)),
        (1330, date(1951, 3, 22)),
        (1343, date(1964, 3, 21)),
        (1357, date(1978, 3, 21)),
        (1358, date(1979, 3, 21)),
        (1359, date(1980, 3, 21)),
        (1370, date(1991, 3, 21)),
        (1375, date(1996, 3, 20)),
        (1376, date(1997, 3, 21)),
        (1399, date(2020, 3, 20)),
        (1400, date(2021, 3, 21)),
        (1403, date(2024, 3, 20)),
        (1404, date(2025, 3, 21)),
        (1405, date(2026, 3, 21)),
        (1408, date(2029, 3, 20)),
        (1409, date(2030, 3, 21)),
    ],
)
def test_nowruz(year: int, nowruz: date) -> None:
    assert CalendarDate(SOLAR, year, 1, 1).gregorian() == nowruz


def test_the_leap_years_of_iran() -> None:
    # as printed in Iranian calendars: every fourth, then once the fifth year
    known = [1370, 1375, 1379, 1383, 1387, 1391, 1395, 1399, 1403, 1408]
    assert [year for year in range(1367, 1410) if is_leap(SOLAR, year)] == known
    assert CalendarDate(SOLAR, 1403, 12, 30).gregorian() == date(2025, 3, 20)
    with pytest.raises(CalendarProblem):
        CalendarDate(SOLAR, 1404, 12, 30)


@pytest.mark.parametrize(
    ("year", "enkutatash"),
    # the new year falls a day later when the Gregorian year after it is a leap year
    [
        (1893, date(1900, 9, 11)),
        (1896, date(1903, 9, 12)),
        (1897, date(1904, 9, 11)),
        (1967, date(1974, 9, 11)),
        (1992, date(1999, 9, 12)),
        (1993, date(2000, 9, 11)),
        (2000, date(2007, 9, 12)),
        (2016, date(2023, 9, 12)),
        (2017, date(2024, 9, 11)),
        (2092, date(2099, 9, 12)),
        (2093, date(2100, 9, 12)),
    ],
)
def test_enkutatash(year: int, enkutatash: date) -> None:
    assert CalendarDate(ETHIOPIAN, year, 1, 1).gregorian() == enkutatash


def test_days_everybody_knows() -> None:
    # the day of the law that made the calendar
    assert CalendarDate(SOLAR, 1304, 1, 11).gregorian() == date(1925, 3, 31)
    # the battle of Adwa, 23 Yekatit 1888; the Ethiopian new millennium's eve
    assert CalendarDate(ETHIOPIAN, 1888, 6, 23).gregorian() == date(1896, 3, 1)
    assert CalendarDate.of(date(2007, 9, 11), ETHIOPIAN) == CalendarDate(ETHIOPIAN, 1999, 13, 6)
    # the Iranian revolution, 22 Bahman 1357; Afghan independence day, 28 Asad 1298
    assert CalendarDate.of(date(1979, 2, 11), SOLAR) == CalendarDate(SOLAR, 1357, 11, 22)
    assert CalendarDate.of(date(1919, 8, 19), SOLAR).month == 5


def test_agrees_with_the_other_rule_where_both_hold() -> None:
    """Qt counts by the 2,820-year rule, which is known to be a day off in a few years."""
    core = pytest.importorskip("PySide6.QtCore")
    other = core.QCalendar(core.QCalendar.System.Jalali)
    for year in range(1304, 1437):
        for month, day in ((1, 1), (7, 1), (12, 29)):
            theirs = core.QDate(year, month, day, other)
            ours = CalendarDate(SOLAR, year, month, day).gregorian()
            assert (theirs.year(), theirs.month(), theirs.day()) == (
                ours.year,
                ours.month,
                ours.day,
            )


def test_names_are_those_of_cldr() -> None:
    core = pytest.importorskip("PySide6.QtCore")
    other = core.QCalendar(core.QCalendar.System.Jalali)
    for language in ("fa", "prs", "ps", "ckb", "ar", "tr", "ru", "uk", "fr"):
        locale = core.QLocale(LANGUAGES[language].cldr)
        for month in range(1, 13):
            # one name has a sign of its own for the joining sound
            theirs = other.monthName(locale, month).replace("\u0654", "")
            assert month_name(SOLAR, month, language) == theirs


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("calendar", list(Calendar))
def test_every_month_has_a_name_for_every_reader(calendar: Calendar, language: str) -> None:
    count = months_in_year(calendar)
    names = {month_name(calendar, month, language) for month in range(1, count + 1)}
    assert len(names) == count
    assert all(name.strip() for name in names)


@pytest.mark.parametrize("calendar", list(Calendar))
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_name_that_is_shown_can_be_typed(calendar: Calendar, language: str) -> None:
    for month in range(1, months_in_year(calendar) + 1):
        for spoken in ("", "prs", "ps", "ti"):
            name = month_name(calendar, month, language, spoken)
            assert find_month(calendar, name) in {month, None}
            if find_month(calendar, name) is None:
                # the one name that is two months: Tir
                assert name.casefold() in {"tir", "тир", "تیر", "asad"}, name


def test_a_month_is_found_by_number_and_first_letters() -> None:
    assert find_month(SOLAR, "۷") == find_month(SOLAR, "07") == find_month(SOLAR, "Mehr") == 7
    assert find_month(SOLAR, "sonb") == find_month(SOLAR, "سنبله") == 6
    assert find_month(ETHIOPIAN, "13") == find_month(ETHIOPIAN, "pagu") == 13
    assert find_month(ETHIOPIAN, "መስ") == find_month(ETHIOPIAN, "meskerem") == 1
    assert find_month(GREGORIAN, "mrt") is None
    assert find_month(GREGORIAN, "maart") == 3
    assert find_month(SOLAR, "m") is None
    assert find_month(SOLAR, "13") is None


def test_how_a_date_is_said() -> None:
    day = CalendarDate.of(date(1988, 9, 23), SOLAR)
    assert format_in(day, "fa") == "۱ مهر ۱۳۶۷"
    assert format_in(day, "prs") == "۱ میزان ۱۳۶۷"
    assert format_in(day, "nl") == "1 Mehr 1367"
    assert format_in(day, "nl", "prs") == "1 Mizan 1367"
    assert format_in(CalendarDate(ETHIOPIAN, 1980, 1, 2), "ti") == "2 መስከረም 1980"


@given(st.integers(1304, 1479), st.integers(0, 12))
def test_a_period_is_as_long_as_its_days(year: int, month: int) -> None:
    first, last = period(SOLAR, year, month)
    length = days_in_month(SOLAR, year, month) if month else 365 + is_leap(SOLAR, year)
    assert (last - first).days + 1 == length
    parts = gregorian_parts(SOLAR, year, month)
    assert (first.year, first.month if month else 0) in parts
    assert (last.year, last.month if month else 0) in parts
    assert len(parts) == 2


def test_the_likeliest_comes_first() -> None:
    assert gregorian_parts(SOLAR, 1367) == ((1988, 0), (1989, 0))
    assert gregorian_parts(ETHIOPIAN, 1980) == ((1988, 0), (1987, 0))
    assert gregorian_parts(SOLAR, 1367, 7) == ((1988, 10), (1988, 9))
    assert gregorian_parts(GREGORIAN, 1988, 2) == ((1988, 2),)
    assert gregorian_parts(ETHIOPIAN, 1980, 13) == ((1988, 9),)


def test_what_cannot_be_is_said_in_words() -> None:
    for calendar, year, month, day in (
        (ETHIOPIAN, 1980, 13, 6),
        (ETHIOPIAN, 1980, 14, 1),
        (SOLAR, 1367, 7, 31),
        (SOLAR, 1988, 1, 1),
        (GREGORIAN, 1900, 2, 29),
    ):
        with pytest.raises(CalendarProblem, match=r"\.$"):
            CalendarDate(calendar, year, month, day)
    with pytest.raises(CalendarProblem):
        CalendarDate.of(date(1700, 1, 1), SOLAR)


def test_imperial_years_are_understood() -> None:
    assert typed_year(SOLAR, 2536) == 1356
    assert typed_year(ETHIOPIAN, 2536) == 2536


def test_whose_calendar() -> None:
    assert usual_calendars("ti") == (ETHIOPIAN,)
    assert usual_calendars("prs", "5012") == (SOLAR,)
    assert usual_calendars("ckb", "5012") == (SOLAR,)
    assert usual_calendars("ar") == ()
