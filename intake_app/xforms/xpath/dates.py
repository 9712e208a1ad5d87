"""Dates, times and date-times as the strings XForms stores, and as numbers of days.

ISO 8601 / XML Schema lexical forms. A date counts whole days since 1970-01-01, as JavaRosa does; a
date-time counts local days with a fraction. Only `decimal-date-time()` counts from UTC.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_STRICT_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(
    r"([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?"
    r"(Z|[+-][0-9]{2}(?::?[0-9]{2})?)?"
)
_STRICT_ZONE = re.compile(r"(?:Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])?")
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - local time without zone on purpose
_EPOCH_UTC = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = timedelta(days=1)


def parse_date(text: str) -> date | None:
    """The date a lexical date begins with nothing after it; None when it is not a date."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def parse_time(text: str) -> time | None:
    """The time of day, with its zone when one is written; None when it is not a time."""
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    fraction = (match[4] or "").ljust(6, "0")[:6]
    try:
        return time(
            int(match[1]), int(match[2]), int(match[3] or 0), int(fraction), _zone(match[5])
        )
    except ValueError:
        return None


def _zone(text: str | None) -> tzinfo | None:
    if not text:
        return None
    if text == "Z":
        return UTC
    digits = text[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return timezone(-offset if text[0] == "-" else offset)


def parse_datetime(text: str) -> datetime | None:
    """A date-time, naive when no zone is written; None when it is neither date nor date-time."""
    day_text, separator, time_text = text.partition("T")
    day = parse_date(day_text)
    if day is None:
        return None
    if not separator:
        return datetime.combine(day, time())
    moment = parse_time(time_text)
    if moment is None:
        return None
    return datetime.combine(day, moment)


def is_strict_date(text: str) -> bool:
    """Whether `text` is exactly YYYY-MM-DD and exists."""
    return _STRICT_DATE.fullmatch(text) is not None and parse_date(text) is not None


def is_strict_time(text: str) -> bool:
    """Whether `text` is an XML Schema time (seconds may be left out, zone as ±HH:MM or Z)."""
    match = _TIME.fullmatch(text)
    if match is None or _STRICT_ZONE.fullmatch(match[5] or "") is None:
        return False
    return parse_time(text) is not None


def is_strict_datetime(text: str) -> bool:
    """Whether `text` is an XML Schema dateTime."""
    day, separator, moment = text.partition("T")
    return bool(separator) and is_strict_date(day) and is_strict_time(moment)


def local(moment: datetime, zone: tzinfo | None) -> datetime:
    """`moment` as the clock on the wall in `zone` shows it, without a zone."""
    if moment.tzinfo is None:
        return moment
    try:
        return moment.astimezone(zone).replace(tzinfo=None)
    except (OverflowError, ValueError):  # the edge of what a calendar holds
        return moment.replace(tzinfo=None)


def days_of(text: str, zone: tzinfo | None) -> float:
    """Days since 1970-01-01 of a date or date-time; NaN when `text` is neither."""
    moment = parse_datetime(text)
    if moment is None:
        return math.nan
    return (local(moment, zone) - _EPOCH) / _DAY


def utc_days_of(text: str, zone: tzinfo | None) -> float:
    """Days since 1970-01-01T00:00Z of a date or date-time; NaN when `text` is neither."""
    moment = parse_datetime(text)
    if moment is None:
        return math.nan
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone or UTC)
    return (moment - _EPOCH_UTC) / _DAY


def date_from_days(days: float) -> str:
    """The date that many whole days from 1970-01-01, what is less than a day left out (JavaRosa).

    "" when out of range or NaN.
    """
    try:
        return (_EPOCH + timedelta(days=math.trunc(days))).date().isoformat()
    except (OverflowError, ValueError):
        return ""


def datetime_from_days(days: float, zone: tzinfo | None) -> str:
    """The moment that many days after 1970-01-01T00:00Z, in local time with its offset.

    Local midnight is given as a date alone, as peers do.
    """
    try:
        moment = (_EPOCH_UTC + timedelta(days=days)).astimezone(zone)
    except (OverflowError, ValueError):
        return ""
    # Fractions of a day are not exact in binary; a millisecond is what we show.
    moment = (moment + timedelta(microseconds=500)).replace(
        microsecond=(moment + timedelta(microseconds=500)).microsecond // 1000 * 1000
    )
    if moment.time() == time():
        return moment.date().isoformat()
    return format_datetime(moment)


def format_datetime(moment: datetime) -> str:
    """`moment` with milliseconds and, when it has one, its offset."""
    return moment.isoformat(timespec="milliseconds")


def format_time(moment: time) -> str:
    """`moment` with milliseconds and, when it has one, its offset."""
    return moment.isoformat(timespec="milliseconds")


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def format_pattern(moment: datetime, pattern: str) -> str:
    """`moment` by the ODK pattern letters (xforms-spec, format-date)."""
    result: list[str] = []
    letters = iter(pattern)
    for letter in letters:
        if letter != "%":
            result.append(letter)
            continue
        code = next(letters, "%")
        result.append(_pattern_part(moment, code))
    return "".join(result)


def _pattern_part(moment: datetime, code: str) -> str:
    parts = {
        "Y": f"{moment.year:04d}",
        "y": f"{moment.year % 100:02d}",
        "m": f"{moment.month:02d}",
        "n": str(moment.month),
        "b": _MONTHS[moment.month - 1],
        "d": f"{moment.day:02d}",
        "e": str(moment.day),
        "H": f"{moment.hour:02d}",
        "h": str(moment.hour),
        "M": f"{moment.minute:02d}",
        "S": f"{moment.second:02d}",
        "3": f"{moment.microsecond // 1000:03d}",
        "a": _DAYS[moment.weekday()],
        "W": str(moment.isocalendar().week),
        "u": str(moment.isoweekday()),
        "%": "%",
    }
    return parts.get(code, f"%{code}")
