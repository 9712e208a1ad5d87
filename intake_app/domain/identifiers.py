"""Numbers that name people: V-nummer and BSN."""

from __future__ import annotations

_BSN_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)


class IdentifierProblem(ValueError):
    """A number that cannot be; str() is a Dutch sentence for the field."""


def v_number(text: str) -> str:
    """Return the V-nummer as ten digits, leading zeros kept.

    Dots and spaces are dropped and missing leading zeros added (DUO: 0 to 9999999999).
    Raises `IdentifierProblem` for anything else. There is no public check digit.
    """
    digits = text.replace(".", "").replace(" ", "").replace("\u00a0", "")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 10 or not int(digits):
        raise IdentifierProblem("Een V-nummer heeft tien cijfers. Kijk op het pasje of in TVS.")
    return digits.zfill(10)


def bsn(text: str) -> str:
    """Return the BSN as nine digits; raises `IdentifierProblem` when the 11-proef fails."""
    digits = text.replace(".", "").replace(" ", "")
    if not digits.isascii() or not digits.isdigit() or len(digits) not in {8, 9}:
        raise IdentifierProblem("Een BSN heeft negen cijfers.")
    digits = digits.zfill(9)
    total = sum(weight * int(d) for weight, d in zip(_BSN_WEIGHTS, digits, strict=True))
    if total % 11 or not int(digits):
        raise IdentifierProblem("Dit BSN klopt niet. Controleer de cijfers.")
    return digits


def masked(number: str) -> str:
    """Return the number with only its last four digits readable, for screens."""
    return "•••• " + number[-4:] if number else ""
