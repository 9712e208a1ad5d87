"""When to try again: full jitter, so that ten thousand laptops do not come back at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

BASE: Final = 5.0
CAP: Final = 900.0
LONGEST: Final = 86_400.0
"""No relay may ask for more than a day."""


def wait(tries: int, fraction: float, retry_after: float | None = None) -> timedelta:
    """Return how long to wait after `tries` failures in a row (1 or more) without progress.

    Uniform between 0 and 5 s doubled for each failure, at most 15 minutes; `fraction` in [0, 1) is
    drawn at random by the caller. What the relay asked for is waited at least, up to a day.
    """
    ceiling = min(CAP, BASE * 2.0 ** min(max(tries, 1) - 1, 20))
    asked = min(max(retry_after or 0.0, 0.0), LONGEST)
    return timedelta(seconds=max(ceiling * fraction, asked))


def is_due(tried_at: datetime | None, next_try: datetime | None, now: datetime) -> bool:
    """Tell whether it is time. A clock that was set back never makes anything wait longer."""
    if next_try is None or now >= next_try:
        return True
    return tried_at is not None and now < tried_at
