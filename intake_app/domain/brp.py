"""Codes of the Dutch population register (BRP): nationality, country, residence title.

Only the ones met most are named here; any other code of the tables is taken as it is and shown as
the code. Tables 32 (nationality), 34 (country) and 56 (residence title) of the Logisch Ontwerp BRP,
published by the Rijksdienst voor Identiteitsgegevens.
"""

from __future__ import annotations

from intake_app.domain.identifiers import IdentifierProblem
from intake_app.sentences import Sentence

NATIONALITIES: dict[str, str] = {
    "0300": "Afghaanse",
    "0084": "Eritrese",
    "0314": "Iraakse",
    "0315": "Iraanse",
    "0058": "Jemenitische",
    "0149": "Somalische",
    "0336": "Syrische",
    "0339": "Turkse",
    "0499": "staatloos",
    "0000": "onbekend",
}
"""Table 32: code → name. There is no code in force for Palestinian: staatloos or onbekend."""

COUNTRIES: dict[str, str] = {
    "6023": "Afghanistan",
    "9003": "Eritrea",
    "5043": "Irak",
    "5012": "Iran",
    "5048": "Jemen",
    "6013": "Somalië",
    "7009": "Syrië",
    "6043": "Turkije",
    "0000": "onbekend",
}
"""Table 34: code → name."""

RESIDENCE_TITLES: dict[str, str] = {
    "26": "asiel, bepaalde tijd",
    "27": "asiel, onbepaalde tijd",
}
"""Table 56: code → name."""


def nationality(text: str) -> str:
    """Return a code of table 32; raises `IdentifierProblem` for what cannot be one."""
    return _code(text, 4, Sentence("Een nationaliteit is een code van vier cijfers, zoals 0336."))


def country(text: str) -> str:
    """Return a code of table 34; raises `IdentifierProblem` for what cannot be one."""
    return _code(text, 4, Sentence("Een geboorteland is een code van vier cijfers, zoals 7009."))


def residence_title(text: str) -> str:
    """Return a code of table 56; raises `IdentifierProblem` for what cannot be one."""
    return _code(text, 2, Sentence("Een verblijfstitel is een code van twee cijfers, zoals 26."))


def _code(text: str, length: int, sentence: Sentence) -> str:
    code = text.strip()
    if len(code) != length or not code.isascii() or not code.isdigit():
        raise IdentifierProblem(
            "{problem} Kies uit de lijst, of zoek de code op in de BRP-tabel.", problem=sentence
        )
    return code


def nationality_name(code: str) -> str:
    """Return the Dutch name, or the code itself where it is not in the list."""
    return NATIONALITIES.get(code, code)


def country_name(code: str) -> str:
    """Return the Dutch name, or the code itself where it is not in the list."""
    return COUNTRIES.get(code, code)


def residence_title_name(code: str) -> str:
    """Return the Dutch name, or the code itself where it is not in the list."""
    return RESIDENCE_TITLES.get(code, code)
