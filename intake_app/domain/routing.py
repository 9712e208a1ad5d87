"""Which organisation executes for which municipality, from when to when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

MUNICIPALITIES: dict[str, str] = {
    "0310": "De Bilt",
    "0312": "Bunnik",
    "0321": "Houten",
    "0331": "Lopik",
    "0335": "Montfoort",
    "0344": "Utrecht",
    "0352": "Wijk bij Duurstede",
    "0353": "IJsselstein",
    "0355": "Zeist",
    "0356": "Nieuwegein",
    "0589": "Oudewater",
    "0632": "Woerden",
    "0736": "De Ronde Venen",
    "1581": "Utrechtse Heuvelrug",
    "1904": "Stichtse Vecht",
    "1961": "Vijfheerenlanden",
}
"""CBS code → name of the sixteen municipalities of the agreement (annex 2, regional plan of 2020).

A koppeling may name another code; it then shows as the code."""


@dataclass(frozen=True, slots=True)
class RoutingRule:
    """`executor_id` acts for `municipality_code` from `valid_from` up to and not including
    `valid_until`; the name is kept so that an old dossier can still be read."""

    municipality_code: str
    executor_id: UUID
    executor_name: str
    valid_from: date
    valid_until: date | None = None


def executor_on(
    rules: Iterable[RoutingRule], municipality_code: str, on: date
) -> RoutingRule | None:
    """Return the rule in force on that day, the latest to begin where two overlap, or None."""
    in_force = [
        rule
        for rule in rules
        if rule.municipality_code == municipality_code
        and rule.valid_from <= on
        and (rule.valid_until is None or on < rule.valid_until)
    ]
    return max(in_force, key=lambda rule: rule.valid_from, default=None)


def municipality_name(code: str) -> str:
    """Return the name, or the code itself where it is none of the sixteen."""
    return MUNICIPALITIES.get(code, code)
