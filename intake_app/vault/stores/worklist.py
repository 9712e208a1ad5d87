"""What waits on somebody, found in the database itself: never a read per person.

The indexes of version 2 are made for these statements. Everything stands in the order of the
screen, and the number that is returned is that of all, not only of those within `limit`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import Executable, text

from intake_app.vault.scope import Store

_COUNT: Final = text("SELECT count(*) FROM person")

_OPEN: Final = text(
    """
    SELECT i.interview_id AS id, i.person_id, count(*) OVER () AS total
    FROM interview i INDEXED BY interview_open
    WHERE i.state = 'open' ORDER BY i.started_at DESC, i.interview_id
    """
)
_WAITING: Final = text(
    """
    SELECT h.handover_id AS id, h.person_id, count(*) OVER () AS total
    FROM handover h INDEXED BY handover_waiting
    WHERE h.state IN ('klaar', 'aangeboden', 'ontvangen', 'geopend')
    ORDER BY h.created_at, h.handover_id
    """
)
_LATEST_PLAN: Final = """
    coalesce((SELECT l.state FROM plan l INDEXED BY plan_by_version
              WHERE l.person_id = {person} ORDER BY l.version DESC LIMIT 1), '')
"""
_IN_PLAY: Final = f"""
    SELECT p.person_id
    FROM person p INDEXED BY person_by_name
    WHERE coalesce(
        (SELECT h.state FROM handover h INDEXED BY handover_by_time
         WHERE h.person_id = p.person_id ORDER BY h.created_at DESC LIMIT 1), '')
        NOT IN ('geaccepteerd', 'aangeboden', 'ontvangen', 'geopend')
        AND (:with_plan OR {_LATEST_PLAN.format(person="p.person_id")} <> 'vastgesteld')
    ORDER BY p.sort_name, p.person_id LIMIT :limit OFFSET :offset
"""  # noqa: S608  (our own words only)
_NOTICES: Final = f"""
    SELECT e.person_id, sum(e.on_date <= :by) OVER () AS soon
    FROM case_event e INDEXED BY case_event_notice
    WHERE e.kind = 'duo_kennisgeving'
        AND {_LATEST_PLAN.format(person="e.person_id")} <> 'vastgesteld'
        AND NOT EXISTS (SELECT 1 FROM case_event later INDEXED BY case_event_notice
            WHERE later.kind = 'duo_kennisgeving' AND later.person_id = e.person_id
                AND later.recorded_at > e.recorded_at)
    ORDER BY e.on_date, e.person_id
"""  # noqa: S608


class Worklist(Store):
    """Identifiers of what waits; the stores of each kind turn them into records."""

    __slots__ = ()

    def person_count(self) -> int:
        """Return how many persons are in this vault."""
        return int(self._scope.connection.execute(_COUNT).scalar_one())

    def open_interviews(self, limit: int) -> tuple[tuple[tuple[UUID, UUID], ...], int]:
        """Return (interview, person) of those not finished, the last begun first, and how many."""
        return self._pairs(_OPEN, limit)

    def waiting_handovers(self, limit: int) -> tuple[tuple[tuple[UUID, UUID], ...], int]:
        """Return (handover, person) of those that have not ended, oldest first, and how many."""
        return self._pairs(_WAITING, limit)

    def in_play(self, limit: int, *, with_plan: bool) -> Iterator[tuple[UUID, ...]]:
        """Yield, by name and `limit` at a time, who is not handed over nor waits for a receiver.

        Without `with_plan` only who has no vastgesteld plan.
        """
        offset, some = 0, self._in_play(limit, 0, with_plan=with_plan)
        while some:
            yield some
            offset += limit
            some = self._in_play(limit, offset, with_plan=with_plan) if len(some) == limit else ()

    def _in_play(self, limit: int, offset: int, *, with_plan: bool) -> tuple[UUID, ...]:
        values = {"limit": limit, "offset": offset, "with_plan": int(with_plan)}
        rows = self._all(text(_IN_PLAY), values)
        return tuple(UUID(row["person_id"]) for row in rows)

    def noticed_without_plan(self, limit: int, by: date) -> tuple[tuple[UUID, ...], int]:
        """Return who had DUO's notice and has no vastgesteld plan, the earliest notice first.

        The number is that of the notices of `by` or before. The latest notice of a person counts.
        """
        rows = self._first(limit, text(_NOTICES), {"by": by.isoformat()})
        who = tuple(UUID(row["person_id"]) for row in rows)
        return who, int(rows[0]["soon"]) if rows else 0

    def _pairs(
        self, statement: Executable, limit: int
    ) -> tuple[tuple[tuple[UUID, UUID], ...], int]:
        rows = self._first(limit, statement, {})
        pairs = tuple((UUID(row["id"]), UUID(row["person_id"])) for row in rows)
        return pairs, int(rows[0]["total"]) if rows else 0
