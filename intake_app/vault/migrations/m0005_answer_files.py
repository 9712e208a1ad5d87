"""Version 5: which attachment is the answer to which question."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    """
    CREATE TABLE answer_file (
        attachment_id TEXT NOT NULL PRIMARY KEY
            REFERENCES attachment (attachment_id) DEFERRABLE INITIALLY DEFERRED,
        interview_id TEXT REFERENCES interview (interview_id) DEFERRABLE INITIALLY DEFERRED,
        path TEXT NOT NULL,
        repeat TEXT NOT NULL,
        name TEXT NOT NULL,
        came_as TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX answer_file_by_interview ON answer_file (interview_id, name)",
)
