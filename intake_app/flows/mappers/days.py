"""A whole day out of an answer."""

from __future__ import annotations

from datetime import date

from intake_app.domain.partial_date import DateProblem, PartialDate


def day_of(text: str) -> date | None:
    """Return the day an answer names, None when it names none or only a part of one."""
    try:
        known = PartialDate.parse(text)
    except DateProblem:
        return None
    return date(known.year, known.month, known.day) if known.is_complete else None
