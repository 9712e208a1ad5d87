"""Names by the rules of the Dutch population register (BRP).

Somebody with one name has all of it in the family name and no given names; an unknown family name
is a point. A first name is never asked as a condition.
"""

from __future__ import annotations

import unicodedata
from typing import Final

from intake_app.domain.typed import plain_digits, tidy
from intake_app.sentences import Told

UNKNOWN: Final = "."
"""Stands for a family name that nobody knows (Logisch Ontwerp BRP)."""
LONGEST: Final = 200

_NO_NAME: Final = frozenset(
    {
        *("-", "--", "..", "...", "?", "??", "x", "xx", "xxx", "/"),
        *("onbekend", "unknown", "geen", "none", "nvt", "n.v.t.", "n.v.t", "nb", "n.b."),
        *("fnu", "lnu", "nn", "n.n."),
    }
)
"""What people write where there is no name; in a register it would become one."""


class NameProblem(Told, ValueError):
    """A name that cannot be kept; str() is a Dutch sentence for the field."""


def family_name(text: str, *, has_other_name: bool) -> str:
    """Return a family name, or '.' where it is unknown.

    `has_other_name`: a given or call name is there. Raises `NameProblem` for nothing, for a word
    that stands for nothing, and for '.' without any other name.
    """
    name = tidy(text)
    if not name:
        raise NameProblem(
            "Vul de achternaam in. Iemand met één naam: zet die hier. Onbekend: zet een punt."
        )
    if name.casefold() in _NO_NAME:
        raise NameProblem(
            "Dit is geen achternaam. Is de achternaam onbekend? Zet dan een punt. "
            "Heeft iemand één naam? Zet die hier."
        )
    if name == UNKNOWN and not has_other_name:
        raise NameProblem(
            "Een punt betekent: achternaam onbekend. Vul dan een voornaam of roepnaam in. "
            "Heeft iemand één naam? Zet die hier in plaats van de punt."
        )
    return name if name == UNKNOWN else _checked(name)


def other_name(text: str) -> str:
    """Return given names, a prefix, a call name or a name in its own script; '' for none.

    Raises `NameProblem` for a word or point that stands for nothing.
    """
    name = tidy(text)
    if not name:
        return ""
    if name == UNKNOWN or name.casefold() in _NO_NAME:
        raise NameProblem("Is er geen naam om hier in te vullen? Laat het dan leeg.")
    return _checked(name)


def is_same_name(one: str, other: str) -> bool:
    """True when two names of an organisation differ in case, accents, spaces and stops at most.

    A name without any letter or digit is the same as none.
    """
    first, second = _bare(one), _bare(other)
    return bool(first) and first == second


def _bare(name: str) -> str:
    apart = unicodedata.normalize("NFKD", plain_digits(name)).casefold()
    kept = (char if char.isalnum() else " " for char in apart if not unicodedata.combining(char))
    return " ".join("".join(kept).split())


def _checked(name: str) -> str:
    if len(name) > LONGEST:
        raise NameProblem("Deze naam is te lang. Gebruik hoogstens {most} tekens.", most=LONGEST)
    if any(char.isdecimal() for char in name):
        raise NameProblem(
            "In een naam staan geen cijfers. Hoort dit getal bij een ander vak, zoals V-nummer?"
        )
    if not any(char.isalpha() for char in name):
        raise NameProblem("In een naam staan letters. Controleer wat hier staat.")
    return name
