"""Every screen of the program, as a person meets it: by place, each in its states.

Tests check all of them in every look; `python -m intake_app.tour.sheet` makes pictures of them.
"""

from __future__ import annotations

from intake_app.tour.screens import (
    before,
    client,
    dialogs,
    handover,
    interview,
    people,
    plan,
    received,
    settings,
    travelling,
)
from intake_app.tour.screens.listing import Screen

PLACES: dict[str, tuple[Screen, ...]] = {
    "before": before.SCREENS,
    "people": people.SCREENS,
    "interview": interview.SCREENS,
    "client": client.SCREENS,
    "dialogs": dialogs.SCREENS,
    "plan": plan.SCREENS,
    "handover": handover.SCREENS,
    "received": received.SCREENS,
    "settings": settings.SCREENS,
    "travelling": travelling.SCREENS,
}
"""The screens by place."""

SCREENS: tuple[Screen, ...] = tuple(screen for group in PLACES.values() for screen in group)

__all__ = ["PLACES", "SCREENS", "Screen"]
