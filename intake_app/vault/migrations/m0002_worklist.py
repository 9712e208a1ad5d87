"""Version 2: indexes for the worklist, so that it stays quick with very many persons."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    """
    CREATE INDEX case_event_notice ON case_event (person_id, recorded_at, on_date)
    WHERE kind = 'duo_kennisgeving'
    """,
    """
    CREATE INDEX interview_open ON interview (started_at, interview_id, person_id)
    WHERE state = 'open'
    """,
    "CREATE INDEX plan_by_version ON plan (person_id, version, state)",
    "CREATE INDEX handover_by_time ON handover (person_id, created_at, state)",
    """
    CREATE INDEX handover_waiting ON handover (created_at, handover_id, person_id)
    WHERE state IN ('klaar', 'aangeboden', 'ontvangen', 'geopend')
    """,
)
