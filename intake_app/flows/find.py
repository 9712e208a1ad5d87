"""Find people: however the name was heard, and narrowed to those somebody works with now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from intake_app.domain.routing import municipality_name
from intake_app.flows import case
from intake_app.flows.case import PersonRow
from intake_app.vault.search import Among, Nearness, Only

if TYPE_CHECKING:
    from intake_app.vault import Vault

__all__ = ["Among", "FoundRow", "Nearness", "Only", "municipalities", "people"]

EVERYBODY = Among()


@dataclass(frozen=True, slots=True)
class FoundRow:
    """One line of the list of people; `nearness` is None where nothing was searched for."""

    row: PersonRow
    nearness: Nearness | None = None


def people(
    vault: Vault, sought: str = "", *, among: Among = EVERYBODY, limit: int = 500
) -> tuple[FoundRow, ...]:
    """Return at most `limit` people: the nearest to `sought` first, or everybody by name.

    The audit log has how many were listed, never what was typed.
    """
    searched = bool(sought.strip()) or among != EVERYBODY
    purpose = "mensen zoeken" if searched else "mensen bekijken"
    with vault.read(purpose) as records:
        if not sought.strip():
            near: dict[UUID, Nearness | None] = dict.fromkeys(records.search.by_name(limit, among))
        else:
            hits = records.search.find(sought, limit, among)
            near = {hit.person_id: hit.nearness for hit in hits}
        known = records.persons.of_ids(near, listed=False)
        rows = case.person_rows(vault, records, [known[person_id] for person_id in near])
    return tuple(FoundRow(row, near[row.person.person_id]) for row in rows)


def municipalities(vault: Vault) -> tuple[tuple[str, str], ...]:
    """Return code and name, by name, of where somebody of this vault is coupled to now."""
    with vault.read() as records:
        codes = records.search.municipalities()
    return tuple(sorted(((c, municipality_name(c)) for c in codes), key=lambda pair: pair[1]))
