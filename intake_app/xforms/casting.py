"""Values by bind type: what a stored string may look like, and what a person may type.

`cast` is for what the form computes or was born with (what does not fit becomes empty, as in
JavaRosa); `accept` is for what a person enters (what does not fit is refused).
"""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import tzinfo

from intake_app.xforms.errors import AnswerRefused, RefusalCode
from intake_app.xforms.xpath.dates import (
    date_from_days,
    datetime_from_days,
    format_datetime,
    is_strict_date,
    is_strict_datetime,
    is_strict_time,
    local,
    parse_datetime,
)
from intake_app.xforms.xpath.functions.geo import parse_point
from intake_app.xforms.xpath.values import Value, number_of_text, text_of, text_of_number

MAX_TEXT = 20_000
_INT = re.compile(r"[+-]?[0-9]+")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)")
_LOCAL = re.compile(r"[0-9-]{10}T[0-9:.]+")
_INT_BOUND = 2**31

TYPES = {
    "string": "string",
    "text": "string",
    "int": "int",
    "integer": "int",
    "decimal": "decimal",
    "boolean": "boolean",
    "date": "date",
    "time": "time",
    "dateTime": "dateTime",
    "datetime": "dateTime",
    "select": "select",
    "select1": "select1",
    "rank": "rank",
    "binary": "binary",
    "barcode": "string",
    "geopoint": "geopoint",
    "geotrace": "geotrace",
    "geoshape": "geoshape",
    "intent": "string",
    "anyURI": "binary",
    "base64Binary": "binary",
    "long": "int",
    "short": "int",
    "byte": "int",
    "float": "decimal",
    "double": "decimal",
    "nonNegativeInteger": "int",
    "positiveInteger": "int",
}


def cast(value: Value, data_type: str, zone: tzinfo | None) -> str:
    """The string to store for a computed `value`; "" for NaN and for what does not fit."""
    if isinstance(value, bool):
        if data_type in ("int", "decimal", "boolean"):
            return "1" if value else "0"
        return "true" if value else "false"
    if isinstance(value, float):
        return _cast_number(value, data_type, zone)
    text = text_of(value)
    if data_type == "string" or not text:
        return text
    return cast_text(text, data_type, zone)


def _cast_number(value: float, data_type: str, zone: tzinfo | None) -> str:
    if value != value:
        return ""
    if data_type == "int":
        return "" if math.isinf(value) else str(math.trunc(value))
    if data_type == "date":
        return date_from_days(value)
    if data_type == "dateTime":
        return datetime_from_days(value, zone)
    if data_type == "boolean":
        return "1" if value else "0"
    return text_of_number(value)


def cast_text(text: str, data_type: str, zone: tzinfo | None) -> str:
    """The string to store for a `text` from the form itself."""
    if data_type in ("int", "decimal"):
        number = number_of_text(text, None)
        return _cast_number(number, data_type, zone)
    stripped = text.strip()
    if data_type == "date":
        if is_strict_date(stripped):
            return stripped
        moment = parse_datetime(stripped)
        return "" if moment is None else local(moment, zone).date().isoformat()
    if data_type == "dateTime":
        if is_strict_datetime(stripped):
            return stripped
        moment = parse_datetime(stripped)
        if moment is None:
            return ""
        return format_datetime(moment.replace(tzinfo=zone) if moment.tzinfo is None else moment)
    if data_type == "time":
        return stripped if is_strict_time(stripped) else ""
    if data_type == "boolean":
        return {"1": "1", "true": "1", "0": "0", "false": "0"}.get(stripped, stripped)
    if data_type in ("select", "rank"):
        return " ".join(text.split())
    if data_type in _LEAST_POINTS:
        return cast_place(text, data_type)
    return text


# A line has at least two points, a shape three and the first once more.
_LEAST_POINTS = {"geopoint": 1, "geotrace": 2, "geoshape": 3}


def cast_place(text: str, data_type: str) -> str:
    """A geopoint, geotrace or geoshape with four numbers for each point; "" when it is none."""
    points = [parse_point(part) for part in text.split(";") if part.strip()]
    if len(points) < _LEAST_POINTS[data_type] or (data_type == "geopoint" and len(points) > 1):
        return ""
    written: list[str] = []
    for point in points:
        if point is None:
            return ""
        written.append(" ".join(repr(n) for n in (*point, 0.0, 0.0)[:4]))
    return ";".join(written)


def ascii_digits(text: str) -> str:
    """`text` with the decimal digits of any script as ASCII digits."""
    if text.isascii():
        return text
    return "".join(
        c if c.isascii() or not c.isdecimal() else str(unicodedata.decimal(c)) for c in text
    )


def accept(text: str, data_type: str, path: str) -> str:
    """The string to store for what a person entered. Raises AnswerRefused; "" is always fine."""
    if len(text) > MAX_TEXT:
        raise AnswerRefused(RefusalCode.TOO_LONG, path)
    if any((c < " " and c not in "\t\n\r") or "\ud800" <= c <= "\udfff" or c in "￾￿" for c in text):
        raise AnswerRefused(RefusalCode.CONTROL_CHARACTER, path)
    if not text.strip():
        return ""
    if data_type in ("string", "binary"):
        return text
    typed = ascii_digits(text.strip())
    if data_type == "int":
        if _INT.fullmatch(typed) is None:
            raise AnswerRefused(RefusalCode.NOT_A_WHOLE_NUMBER, path)
        number = int(typed)
        if not -_INT_BOUND <= number < _INT_BOUND:
            raise AnswerRefused(RefusalCode.OUT_OF_RANGE, path)
        return str(number)
    if data_type == "decimal":
        typed = typed.replace("٫", ".")
        if _DECIMAL.fullmatch(typed) is None:
            raise AnswerRefused(RefusalCode.NOT_A_NUMBER, path)
        return text_of_number(float(typed.replace(",", ".")))
    if data_type in _LEAST_POINTS:
        place = cast_place(typed, data_type)
        if not place:
            raise AnswerRefused(RefusalCode.NOT_A_PLACE, path)
        return place
    if data_type == "date" and _LOCAL.fullmatch(typed) and is_strict_datetime(typed):
        typed = typed.partition("T")[0]  # without a zone it has a date, as peers take it
    if data_type == "date" and not is_strict_date(typed):
        raise AnswerRefused(RefusalCode.NOT_A_DATE, path)
    if data_type == "time" and not is_strict_time(typed):
        raise AnswerRefused(RefusalCode.NOT_A_TIME, path)
    if data_type == "dateTime" and not is_strict_datetime(typed):
        raise AnswerRefused(RefusalCode.NOT_A_DATETIME, path)
    if data_type == "boolean":
        if typed not in ("1", "0", "true", "false"):
            raise AnswerRefused(RefusalCode.NOT_A_CHOICE, path)
        return "1" if typed in ("1", "true") else "0"
    return typed if data_type in ("date", "time", "dateTime") else text
