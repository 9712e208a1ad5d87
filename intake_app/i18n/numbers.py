"""Numbers as a person types them, in any digits and with the separators of any place.

What is stored is ASCII: `-1234.5`. What cannot be read comes back as it was typed, for the engine
to refuse in words.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from intake_app.i18n.formats import localise_digits, to_ascii_digits
from intake_app.i18n.languages import LANGUAGES

_SPACES = re.compile(r"[\s\u00a0\u202f\u2009'\u2019\u066c]")
_MINUS = re.compile("[\u2212\u2010-\u2014]")
_MARKS = re.compile("[\u200e\u200f\u061c\u2066-\u2069]")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*\Z")
_PLAIN = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)\Z")


def read_number(text: str, *, decimal: bool, grouped_by: str = "") -> str:
    """Return a typed number in ASCII with a point, or the text itself where it is none.

    Of two kinds of separator the last one is the decimal mark. A single separator before three
    digits groups them in a whole number; with decimals only when it is the one of `grouped_by`.
    """
    plain = _MARKS.sub("", to_ascii_digits(text)).strip()
    typed = _MINUS.sub("-", _SPACES.sub("", plain))
    if not typed:
        return ""
    points, commas = typed.count("."), typed.count(",")
    if points and commas:
        mark = max(".,", key=typed.rfind)
        typed = typed.replace("." if mark == "," else ",", "").replace(mark, ".")
    elif points or commas:
        grouped = _GROUPED.match(typed)
        mark = "." if points else ","
        if grouped and (not decimal or mark == grouped_by or typed.count(mark) > 1):
            typed = typed.replace(mark, "")
        else:
            typed = typed.replace(",", ".")
    if not _PLAIN.match(typed):
        return plain
    return typed.removeprefix("+")


def show_number(value: str, language: str, *, grouped: bool = False) -> str:
    """Return a stored number with the decimal mark and the digits of a language.

    Thousands are grouped only when asked for. What is no number comes back unchanged.
    """
    try:
        number = Decimal(value)
    except InvalidOperation:
        return value
    if not number.is_finite():
        return value
    if not grouped and value.isascii() and "." not in value and language in {"nl", "en"}:
        return value
    from babel.numbers import format_decimal

    known = LANGUAGES.get(language)
    text = format_decimal(
        number,
        locale="nl" if known is None else known.cldr,
        group_separator=grouped,
        decimal_quantization=False,
    )
    return localise_digits(text, language)


def group_mark(language: str) -> str:
    """Return what stands between thousands in a language: '.', ',' or a space."""
    from babel.numbers import get_group_symbol

    known = LANGUAGES.get(language)
    return str(get_group_symbol("nl" if known is None else known.cldr))
