"""Dates, times and numbers as a reader of a language expects them; digits back to ASCII.

Babel's date data is read only when something is formatted: it costs start-up time.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time
from decimal import Decimal
from typing import Protocol

from intake_app.i18n.languages import LANGUAGES

_EASTERN = "۰۱۲۳۴۵۶۷۸۹"
_DIGITS = {"fa": _EASTERN, "ps": _EASTERN, "prs": _EASTERN, "ckb": "٠١٢٣٤٥٦٧٨٩"}
"""The digits of readers who do not use ASCII's, by language: the usual numbering of CLDR.

Written out, for asking Babel costs eight megabytes and some 15 ms.
"""

_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?\Z")
_GBA = re.compile(r"(\d{4})(\d{2})(\d{2})\Z")
_ETHIOPIC = re.compile("[\u1369-\u137c]+")
_BETWEEN_DIGITS = re.compile(r"(?<=[0-9])\u066b(?=[0-9])")


class PartialDateLike(Protocol):
    """A date of which the day, the month or all may be unknown (None or 0)."""

    @property
    def year(self) -> int | None: ...
    @property
    def month(self) -> int | None: ...
    @property
    def day(self) -> int | None: ...


def _locale(language: str) -> str:
    found = LANGUAGES.get(language)
    return "nl" if found is None else found.cldr


def _parts(value: str | PartialDateLike) -> tuple[int, int, int]:
    if not isinstance(value, str):
        return value.year or 0, value.month or 0, value.day or 0
    text = to_ascii_digits(value.strip())
    match = _GBA.match(text) or _ISO.match(text[:10] if "T" in text else text)
    if match is None:
        raise ValueError("not a date of the form 2026-03-01, 2026-03, 2026 or 20260301")
    year, month, day = (int(part or 0) for part in match.groups())
    return year, month, day


def localise_digits(text: str, language: str) -> str:
    """Return `text` with its ASCII digits in the digits the language's readers use (CLDR)."""
    digits = _DIGITS.get(language)
    return text if digits is None else text.translate({48 + n: d for n, d in enumerate(digits)})


def format_date(value: str | PartialDateLike, language: str) -> str:
    """Return a date in words, only as precise as it is known; wholly unknown is ''.

    Accepts a date, an object with year, month and day of which any may be missing, ISO text
    (2026-03-01, 2026-03, 2026) and the BRP's eight digits with zeros (20260300). The calendar is
    Gregorian everywhere. Raises ValueError for anything else.
    """
    if isinstance(value, str) and not value.strip():
        return ""
    year, month, day = _parts(value)
    if not year:
        return ""
    from babel.dates import format_date as babel_date
    from babel.dates import format_skeleton

    locale = _locale(language)
    if not month:
        text = f"{year}"
    elif not day:
        text = format_skeleton("yMMMM", date(year, month, 1), locale=locale)
    else:
        text = babel_date(date(year, month, day), format="long", locale=locale)
    return localise_digits(text, language)


def format_time(value: time | datetime, language: str, *, seconds: bool = False) -> str:
    """Return a time of day on the 24-hour clock; seconds only for "opgeslagen"."""
    pattern = "%H:%M:%S" if seconds else "%H:%M"
    return localise_digits(value.strftime(pattern), language)


def format_number(value: float | Decimal, language: str) -> str:
    """Return a number with the separators and digits of the language."""
    from babel.numbers import format_decimal

    text = format_decimal(value, locale=_locale(language), numbering_system="default")
    return localise_digits(text, language)


def to_ascii_digits(text: str) -> str:
    """Return `text` with the digits of every script as ASCII, as they are stored.

    Decimal digits (Arabic-Indic, Persian, Devanagari, …) are replaced one by one and the Arabic
    decimal mark between two digits becomes a point. Ethiopic numerals are no positional digits:
    a run of them is read as the one number it means (፲፱፻፹፰ is 1988). Other text is unchanged.
    """
    plain = "".join(
        char if char.isascii() or not char.isdecimal() else str(unicodedata.decimal(char))
        for char in text
    )
    plain = _ETHIOPIC.sub(lambda match: str(_ethiopic(match.group())), plain)
    return _BETWEEN_DIGITS.sub(".", plain)


def _ethiopic(numeral: str) -> int:
    total = group = 0
    for char in numeral:
        worth = int(unicodedata.numeric(char))
        if worth == 10_000:
            total = (total + (group or 1)) * 10_000 if total + group else 10_000
            group = 0
        elif worth == 100:
            group = (group or 1) * 100
        else:
            group += worth
    return total + group
