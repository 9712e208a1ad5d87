"""What this vault can count of itself: how many people reached which station of the line.

Counts are of this vault only; the figures of the region come from every organisation's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake_app.domain.event import Station, StationState, line
from intake_app.domain.handover import FINAL, HandoverState

if TYPE_CHECKING:
    from intake_app.vault import Vault


@dataclass(frozen=True, slots=True)
class Figure:
    """`count` of `total` people (n/N); `excluded` are left out of N, with their reason known."""

    count: int
    total: int
    excluded: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """The stations of everybody in the vault, and the state of the handovers."""

    people: int
    stations: tuple[tuple[Station, Figure], ...]
    waiting: int
    accepted: int
    refused: int


def figures(vault: Vault) -> Figures:
    """Count everybody in the vault, in one snapshot.

    For the NOA, N leaves out those for whom the record says why it does not apply: not eligible is
    not the same as not done.
    """
    with vault.read() as records:
        lines = [line(records.events.of_person(p.person_id)) for p in records.persons.all()]
        handovers = records.handovers.all()
    counted = []
    for place, station in enumerate(Station):
        states = [each[place].state for each in lines]
        excluded = states.count(StationState.NOT_APPLICABLE)
        done = states.count(StationState.DONE)
        counted.append((station, Figure(done, len(lines) - excluded, excluded)))
    states_of = [handover.state for handover in handovers]
    return Figures(
        people=len(lines),
        stations=tuple(counted),
        waiting=sum(s not in FINAL and s is not HandoverState.KLAAR for s in states_of),
        accepted=states_of.count(HandoverState.GEACCEPTEERD),
        refused=states_of.count(HandoverState.GEWEIGERD),
    )
