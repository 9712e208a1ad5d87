"""Dated facts about a case, and the line of stations derived from them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID


class EventKind(StrEnum):
    """What happened; each has a date and a source."""

    GEREGISTREERD = "geregistreerd"
    GEKOPPELD = "gekoppeld"
    ONTKOPPELD = "ontkoppeld"
    DUO_KENNISGEVING = "duo_kennisgeving"
    INTAKE_BEGONNEN = "intake_begonnen"
    INTAKE_VASTGESTELD = "intake_vastgesteld"
    ASSESSMENT_AFGENOMEN = "assessment_afgenomen"
    NIET_IN_AANMERKING = "niet_in_aanmerking"
    PLAN_VASTGESTELD = "plan_vastgesteld"
    OVERDRACHT_AANGEBODEN = "overdracht_aangeboden"
    OVERDRACHT_ONTVANGEN = "overdracht_ontvangen"
    OVERDRACHT_GEOPEND = "overdracht_geopend"
    OVERDRACHT_GEACCEPTEERD = "overdracht_geaccepteerd"
    OVERDRACHT_GEWEIGERD = "overdracht_geweigerd"
    OVERDRACHT_INGETROKKEN = "overdracht_ingetrokken"
    DOSSIER_OVERGENOMEN = "dossier_overgenomen"


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """A dated fact with its source; never changed, only followed by another."""

    event_id: UUID
    person_id: UUID
    kind: EventKind
    on: date
    recorded_at: datetime
    source: str = ""
    detail: str = ""
    """A code, such as the reason for not being eligible; never free text about a person."""


class Station(StrEnum):
    """The six stations of the person's line."""

    GEKOPPELD = "gekoppeld"
    INTAKE = "intake"
    NOA = "noa"
    PLAN = "plan"
    AANGEBODEN = "aangeboden"
    GEACCEPTEERD = "geaccepteerd"


class StationState(StrEnum):
    """How a station looks: done, under way, still open, not applicable, or refused."""

    DONE = "done"
    CURRENT = "current"
    OPEN = "open"
    NOT_APPLICABLE = "not_applicable"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class StationView:
    """One station with its state and the day it was reached."""

    station: Station
    state: StationState
    on: date | None = None
    detail: str = ""


_REACHED: dict[EventKind, Station] = {
    EventKind.GEKOPPELD: Station.GEKOPPELD,
    EventKind.INTAKE_VASTGESTELD: Station.INTAKE,
    EventKind.ASSESSMENT_AFGENOMEN: Station.NOA,
    EventKind.PLAN_VASTGESTELD: Station.PLAN,
    EventKind.OVERDRACHT_AANGEBODEN: Station.AANGEBODEN,
    EventKind.OVERDRACHT_GEACCEPTEERD: Station.GEACCEPTEERD,
}


def line(events: Iterable[CaseEvent]) -> tuple[StationView, ...]:
    """Return the six stations in order as the events of one person tell it.

    The first station that is still open is `CURRENT`; an assessment never holds the line up
    (a plan never waits for it, nor a handover), so it is passed over in choosing that one.
    """
    reached: dict[Station, CaseEvent] = {}
    special: dict[Station, tuple[StationState, CaseEvent]] = {}
    for event in sorted(events, key=lambda e: (e.recorded_at, e.event_id)):
        if event.kind in _REACHED:
            reached[_REACHED[event.kind]] = event
            special.pop(_REACHED[event.kind], None)
        elif event.kind is EventKind.NIET_IN_AANMERKING:
            special[Station.NOA] = (StationState.NOT_APPLICABLE, event)
            reached.pop(Station.NOA, None)
        elif event.kind is EventKind.ONTKOPPELD:
            reached.pop(Station.GEKOPPELD, None)
        elif event.kind is EventKind.OVERDRACHT_GEWEIGERD:
            special[Station.GEACCEPTEERD] = (StationState.FAILED, event)
        elif event.kind is EventKind.OVERDRACHT_INGETROKKEN:
            reached.pop(Station.AANGEBODEN, None)
    views: list[StationView] = []
    current_taken = False
    for station in Station:
        if station in special:
            state, event = special[station]
            views.append(StationView(station, state, event.on, event.detail))
        elif station in reached:
            views.append(StationView(station, StationState.DONE, reached[station].on))
        elif not current_taken and station is not Station.NOA:
            current_taken = True
            views.append(StationView(station, StationState.CURRENT))
        else:
            views.append(StationView(station, StationState.OPEN))
    return tuple(views)
