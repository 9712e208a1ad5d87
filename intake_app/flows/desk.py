"""Which day it is at the desk."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from intake_app.domain.environment import Environment


def today(env: Environment) -> date:
    """Return the calendar day at the desk: the machine's own time zone, not UTC."""
    return env.now().astimezone().date()
