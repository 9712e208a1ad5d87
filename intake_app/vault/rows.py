"""How values of the domain are written in columns. Everything round-trips exactly.

Times are UTC with microseconds and a fixed width, so that text order is time order.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID


def stamp(at: datetime) -> str:
    """Return an aware time as ISO text in UTC. Raises ValueError for a naive one."""
    if at.tzinfo is None:
        raise ValueError("a time needs a zone")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def moment(text: str) -> datetime:
    """Read what `stamp` wrote."""
    return datetime.fromisoformat(text)


def stamp_or_none(at: datetime | None) -> str | None:
    """Return `stamp` of a time, None for None."""
    return None if at is None else stamp(at)


def moment_or_none(text: str | None) -> datetime | None:
    """Read what `stamp_or_none` wrote."""
    return None if text is None else moment(text)


def day(on: date | None) -> str | None:
    """Return a date as ISO text, None for None."""
    return None if on is None else on.isoformat()


def date_of(text: str) -> date:
    """Read a date that is always there."""
    return date.fromisoformat(text)


def date_or_none(text: str | None) -> date | None:
    """Read what `day` wrote."""
    return None if text is None else date.fromisoformat(text)


def key(identifier: UUID | None) -> str | None:
    """Return a UUID as text, None for None."""
    return None if identifier is None else str(identifier)


def uuid_or_none(text: str | None) -> UUID | None:
    """Read what `key` wrote; '' also stands for None, in columns of a primary key."""
    return UUID(text) if text else None


def pack(value: Iterable[Any]) -> str:
    """Return a sequence of plain values as JSON."""
    return json.dumps(list(value), ensure_ascii=False, separators=(",", ":"))


def unpack(text: str) -> list[Any]:
    """Read what `pack` wrote."""
    return [] if text == "[]" else list(json.loads(text))
