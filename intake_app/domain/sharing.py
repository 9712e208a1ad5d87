"""“Mag ik dit delen?”: one table of field category × receiver role.

The program never decides on its own: where the table is silent the answer is no.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from intake_app.domain.actor import ReceiverRole


class Verdict(StrEnum):
    """May it go?"""

    JA = "ja"
    NA_TOESTEMMING = "na_toestemming"
    NEE = "nee"


@dataclass(frozen=True, slots=True)
class SharingRule:
    """One cell of the table, with its reason in plain Dutch and its legal basis."""

    category: str
    role: ReceiverRole
    verdict: Verdict
    reason: str
    basis: str


_SILENT_REASON = "De tabel zegt hier niets over. Dan blijft het hier. Vraag het de FG."


@dataclass(frozen=True, slots=True)
class SharingTable:
    """The whole table; `rules` is keyed by category and role."""

    rules: Mapping[tuple[str, ReceiverRole], SharingRule]

    def rule(self, category: str, role: ReceiverRole) -> SharingRule:
        """Return the rule, or a refusal where the table is silent."""
        found = self.rules.get((category, role))
        return found or SharingRule(category, role, Verdict.NEE, _SILENT_REASON, "")

    def may_leave(self, category: str, role: ReceiverRole, consents: Iterable[Consent]) -> bool:
        """True when the category may go to that role, given the consents that stand now."""
        rule = self.rule(category, role)
        if rule.verdict is Verdict.NA_TOESTEMMING:
            return any(c.covers(category, role) for c in consents)
        return rule.verdict is Verdict.JA


@dataclass(frozen=True, slots=True)
class Consent:
    """A client's consent for one category and one receiver role; withdrawn at any time."""

    consent_id: UUID
    person_id: UUID
    category: str
    role: ReceiverRole
    given_at: datetime
    language: str
    with_interpreter: bool
    withdrawn_at: datetime | None = None

    def covers(self, category: str, role: ReceiverRole) -> bool:
        """True while it stands and is for this category and role."""
        return self.withdrawn_at is None and (self.category, self.role) == (category, role)


class SharingTableProblem(ValueError):
    """The table file is not whole; str() names the line."""


def read_table(text: str) -> SharingTable:
    """Read the CSV with columns category, role, verdict, reason, basis.

    Raises `SharingTableProblem` naming the line for an unknown role or verdict, an empty reason or
    a double cell.
    """
    rules: dict[tuple[str, ReceiverRole], SharingRule] = {}
    for number, row in enumerate(csv.DictReader(io.StringIO(text)), start=2):
        try:
            rule = SharingRule(
                category=row["category"],
                role=ReceiverRole(row["role"]),
                verdict=Verdict(row["verdict"]),
                reason=row["reason"],
                basis=row["basis"],
            )
        except (KeyError, ValueError) as error:
            raise SharingTableProblem(f"line {number}: {error}") from error
        if not rule.reason:
            raise SharingTableProblem(f"line {number}: no reason")
        if (rule.category, rule.role) in rules:
            raise SharingTableProblem(f"line {number}: {rule.category} × {rule.role} twice")
        rules[rule.category, rule.role] = rule
    return SharingTable(rules)
