"""Numbers that name or reach people: V-nummer, BSN, telephone; and the e-mail address.

Digits of any script are taken and kept as ASCII. Each refusal names the field, says what is wrong
and what to do.
"""

from __future__ import annotations

import re

from intake_app.domain.typed import plain_digits, tidy
from intake_app.sentences import Sentence, Told

_BSN_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
_BETWEEN = re.compile("[\\s.\\-\u2010\u2011\u2012\u2013\u2014\u2212]")
"""What people put between groups of digits: spaces, dots, hyphens and dashes."""
_V_DIGITS, _BSN_DIGITS = 10, 9
_PHONE = re.compile(r"\+?[0-9]+\Z")
_DUTCH_DIGITS = 10
_LEAST_PHONE, _MOST_PHONE = 8, 15
"""With the country code; at most 15 digits (ITU-T E.164)."""
_EMAIL = re.compile(r"[^@\s,;:]+@[^@\s,;:.]+(?:\.[^@\s,;:.]+)+\Z")


class IdentifierProblem(Told, ValueError):
    """A number that cannot be; str() is a Dutch sentence for the field."""


def v_number(text: str) -> str:
    """Return the V-nummer as ten digits, leading zeros kept.

    Dots, hyphens and spaces are dropped and missing leading zeros added (DUO: 0 to 9999999999; but
    all zeros name nobody). Raises `IdentifierProblem` for anything else. There is no public check
    digit.
    """
    digits = _grouped(text)
    if digits[:1].upper() == "V" and _is_number(digits[1:]):
        raise IdentifierProblem(
            "Een V-nummer heeft tien cijfers. Typ het zonder de letter V ervoor."
        )
    if not _is_number(digits):
        raise IdentifierProblem(
            "Een V-nummer heeft tien cijfers en geen letters. Kijk op het pasje of in TVS."
        )
    if len(digits) > _V_DIGITS:
        raise IdentifierProblem(
            "Een V-nummer heeft tien cijfers; dit zijn er {n}. Haal weg wat te veel is.",
            n=len(digits),
        )
    if not int(digits):
        raise IdentifierProblem(
            "Een V-nummer met alleen nullen bestaat niet. Laat het V-nummer leeg als je het niet "
            "weet."
        )
    return digits.zfill(_V_DIGITS)


def bsn(text: str) -> str:
    """Return the BSN as nine digits.

    Raises `IdentifierProblem` unless there are nine, not all zero, that pass the 11-proef (weights
    9 8 7 6 5 4 3 2 -1, sum divisible by 11).
    """
    digits = _grouped(text)
    if not _is_number(digits):
        raise IdentifierProblem(
            "Een BSN heeft negen cijfers en geen letters. Neem het over van een officieel document."
        )
    if len(digits) != _BSN_DIGITS:
        n = len(digits)
        if n > _BSN_DIGITS:
            raise IdentifierProblem(
                "Een BSN heeft negen cijfers; hier: {n} cijfers. Haal weg wat te veel is.", n=n
            )
        count = Sentence("1 cijfer") if n == 1 else Sentence("{n} cijfers", n=n)
        raise IdentifierProblem(
            "Een BSN heeft negen cijfers; hier: {count}. Begint het met een 0? Typ die ook.",
            count=count,
        )
    total = sum(weight * int(d) for weight, d in zip(_BSN_WEIGHTS, digits, strict=True))
    if total % 11 or not int(digits):
        raise IdentifierProblem(
            "Dit BSN bestaat niet: er is een cijfer verkeerd. Controleer het cijfer voor cijfer, "
            "of laat het leeg."
        )
    return digits


def phone(text: str) -> str:
    """Return a telephone number with ASCII digits, grouped as it was typed.

    A Dutch one has ten digits and begins with 0; another one begins with + or 00 and the country
    code and has 8 to 15 digits. Raises `IdentifierProblem` for anything else.
    """
    shown = tidy(plain_digits(text))
    number = _BETWEEN.sub("", shown.replace("(0)", "").translate({ord(c): None for c in "()/"}))
    if number.startswith("00"):
        number = "+" + number[2:]
    if not _PHONE.match(number):
        raise IdentifierProblem(
            "In een telefoonnummer staan alleen cijfers, en soms een + vooraan. Zet van wie het is "
            "bij het gesprek, niet hier."
        )
    digits = number.lstrip("+")
    if not number.startswith("+"):
        if not number.startswith("0"):
            raise IdentifierProblem(
                "Dit telefoonnummer begint niet goed. Begin met 0, of met + en het nummer van het "
                "land, zoals +31."
            )
        if len(digits) != _DUTCH_DIGITS:
            raise IdentifierProblem(
                "Een Nederlands telefoonnummer heeft tien cijfers; dit heeft er {n}. "
                "Is het een buitenlands nummer? Begin met + en het nummer van het land.",
                n=len(digits),
            )
    elif digits.startswith("0") or not _LEAST_PHONE <= len(digits) <= _MOST_PHONE:
        raise IdentifierProblem(
            "Dit telefoonnummer kan niet. Na de + komt het nummer van het land, zoals +31, en "
            "samen zijn het 8 tot en met 15 cijfers."
        )
    return shown


def email(text: str) -> str:
    """Return an e-mail address as typed. Raises `IdentifierProblem` for what cannot be one."""
    address = tidy(text)
    if not _EMAIL.match(address):
        raise IdentifierProblem(
            "Dit e-mailadres kan niet. Het heeft één @ en daarna een punt, zoals in "
            "naam@voorbeeld.nl, en geen spaties."
        )
    return address


def masked(number: str) -> str:
    """Return the number with only its last four digits readable, for screens."""
    return "•••• " + number[-4:] if number else ""


def _grouped(text: str) -> str:
    return _BETWEEN.sub("", plain_digits(text))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()
