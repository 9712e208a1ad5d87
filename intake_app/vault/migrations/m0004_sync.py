"""Version 4: what goes out and what came in over a relay.

The outbox of version 1 was never written by any program; it is made anew.
"""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    "DROP TABLE outbox",
    """
    CREATE TABLE outbox (
        item_id TEXT NOT NULL PRIMARY KEY,
        kind TEXT NOT NULL,
        subject_id TEXT NOT NULL,
        recipient_id TEXT NOT NULL,
        added_at TEXT NOT NULL,
        zid TEXT NOT NULL,
        name TEXT NOT NULL,
        notice BLOB NOT NULL,
        box TEXT NOT NULL,
        reply_box TEXT NOT NULL,
        state TEXT NOT NULL,
        file_name TEXT NOT NULL,
        file_size INTEGER NOT NULL,
        file_sha256 TEXT NOT NULL,
        parts TEXT NOT NULL,
        done INTEGER NOT NULL,
        committing INTEGER NOT NULL,
        offers INTEGER NOT NULL,
        tries INTEGER NOT NULL,
        tried_at TEXT,
        next_try TEXT,
        reason TEXT NOT NULL,
        history TEXT NOT NULL,
        offered_at TEXT,
        valid_until TEXT,
        seen INTEGER NOT NULL,
        receipt TEXT NOT NULL
    ) STRICT
    """,
    "CREATE UNIQUE INDEX outbox_by_name ON outbox (name)",
    "CREATE INDEX outbox_by_subject ON outbox (subject_id)",
    """
    CREATE INDEX outbox_open ON outbox (state, kind, item_id)
    WHERE state IN ('wacht', 'aangeboden')
    """,
    """
    CREATE TABLE arrival (
        zid TEXT NOT NULL PRIMARY KEY,
        box TEXT NOT NULL,
        sender_id TEXT NOT NULL,
        sender_recipient TEXT NOT NULL,
        reply_box TEXT NOT NULL,
        inbox_id TEXT NOT NULL,
        dossier_id TEXT NOT NULL,
        dossier_version INTEGER NOT NULL,
        received_at TEXT NOT NULL,
        file_size INTEGER NOT NULL,
        file_sha256 TEXT NOT NULL,
        content_size INTEGER NOT NULL,
        content_sha256 TEXT NOT NULL,
        valid_until TEXT,
        state TEXT NOT NULL,
        receipts INTEGER NOT NULL,
        handed_to TEXT NOT NULL,
        handed_folder TEXT NOT NULL,
        raw BLOB NOT NULL
    ) STRICT
    """,
    "CREATE INDEX arrival_by_inbox ON arrival (inbox_id)",
    "CREATE INDEX arrival_by_dossier ON arrival (dossier_id)",
    """
    CREATE TABLE arrival_refused (
        zid TEXT NOT NULL PRIMARY KEY,
        first_at TEXT NOT NULL,
        last_at TEXT NOT NULL,
        times INTEGER NOT NULL,
        reason TEXT NOT NULL,
        next_try TEXT
    ) STRICT
    """,
)
