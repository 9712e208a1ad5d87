from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from intake_app.i18n.formats import (
    format_date,
    format_number,
    format_time,
    localise_digits,
    to_ascii_digits,
)
from intake_app.i18n.languages import LANGUAGES


@dataclass(frozen=True)
class Partial:
    year: int | None
    month: int | None = None
    day: int | None = None


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (date(2026, 3, 1), "1 maart 2026"),
        ("2026-03-01", "1 maart 2026"),
        ("2026-03-01T09:00:00.000+01:00", "1 maart 2026"),
        ("20260301", "1 maart 2026"),
        ("20260300", "maart 2026"),
        ("2026-03", "maart 2026"),
        (Partial(1988, 5), "mei 1988"),
        ("19880000", "1988"),
        (Partial(1988), "1988"),
        ("00000000", ""),
        (Partial(None), ""),
        ("", ""),
    ],
)
def test_dutch_dates_are_as_precise_as_they_are_known(value: object, shown: str) -> None:
    assert format_date(value, "nl") == shown  # type: ignore[arg-type]


def test_dates_in_other_scripts() -> None:
    assert format_date("2026-03-01", "ar") == "1 مارس 2026"
    assert format_date("2026-03-01", "ckb").endswith("٢٠٢٦")
    assert format_date("1988", "fa") == "۱۹۸۸"
    assert "2026" in format_date("2026-03-01", "ti")
    assert format_date("2026-03-01", "prs") != format_date("2026-03-01", "ar")


@pytest.mark.parametrize("value", ["gisteren", "2026-13-01", "1-3-2026", "202603"])
def test_not_a_date(value: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - datetime raises its own wording
        format_date(value, "nl")


def test_times() -> None:
    assert format_time(time(9, 5), "nl") == "09:05"
    assert format_time(datetime(2026, 3, 1, 14, 32, 7, tzinfo=UTC), "nl", seconds=True) == (
        "14:32:07"
    )
    assert format_time(time(9, 5), "fa") == "۰۹:۰۵"


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_digits_are_those_cldr_says_readers_use(language: str) -> None:
    from babel import Locale

    system = Locale.parse(LANGUAGES[language].cldr).default_numbering_system
    tens = {"latn": "0123456789", "arab": "٠١٢٣٤٥٦٧٨٩", "arabext": "۰۱۲۳۴۵۶۷۸۹"}
    assert localise_digits("0123456789", language) == tens[system]
    assert (localise_digits("14:32", language) == "14:32") is (system == "latn")


def test_numbers() -> None:
    assert format_number(Decimal("1234.5"), "nl") == "1.234,5"
    assert format_number(12, "fa") == "۱۲"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("12", "12"),
        ("١٢", "12"),
        ("۱۲", "12"),
        ("٣٫٥", "3.5"),
        ("२०", "20"),
        ("፲፱፻፹፰", "1988"),
        ("፻", "100"),
        ("፼", "10000"),
        ("ዕድመ ፴፪", "ዕድመ 32"),
        ("ሰለስተ", "ሰለስተ"),
        ("m² en ½", "m² en ½"),
    ],
)
def test_digits_are_stored_ascii(typed: str, stored: str) -> None:
    assert to_ascii_digits(typed) == stored
