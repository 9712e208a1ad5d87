"""Dates that follow from an event with a source; never from 'today'."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from intake_app.domain.event import CaseEvent, EventKind

PIP_TERM = timedelta(weeks=10)
"""From the notice of DUO to the PIP."""


class DeadlineKind(StrEnum):
    """What has to be ready by the date."""

    PIP = "pip"


@dataclass(frozen=True, slots=True)
class Deadline:
    """A term, the event it is counted from, and the rule it rests on."""

    kind: DeadlineKind
    due: date
    counted_from: date
    basis: str


def deadlines(events: Iterable[CaseEvent]) -> tuple[Deadline, ...]:
    """Return the terms of one person, the earliest first.

    The PIP is due ten weeks after the day of DUO's notice (Besluit inburgering 2021, art. 5.3);
    without a recorded notice there is no such term. A later notice replaces an earlier one.
    """
    notices = [e for e in events if e.kind is EventKind.DUO_KENNISGEVING]
    if not notices:
        return ()
    notice = max(notices, key=lambda e: e.recorded_at)
    due = notice.on + PIP_TERM
    return (Deadline(DeadlineKind.PIP, due, notice.on, "Besluit inburgering 2021, artikel 5.3"),)
