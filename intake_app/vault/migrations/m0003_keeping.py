"""Version 3: ways in, attachments, medical compartment, seals, backups, removals, search."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

from intake_app.domain import finding

Statement = str | Callable[[Any], None]


def _fill_search(connection: Any) -> None:
    """Make everybody who is here already findable, with the folding of this program."""
    # merging again and again while so many are added would take minutes
    connection.execute("INSERT INTO search_index (search_index, rank) VALUES ('automerge', 0)")
    households: dict[str, list[str]] = {}
    for members, person_id in connection.execute(
        "SELECT h.members, p.person_id FROM household h "
        "JOIN household_person p USING (household_id)"
    ):
        names = [member[0] for member in json.loads(members) if member[4] != person_id]
        households.setdefault(person_id, []).extend(names)
    persons = connection.execute(
        "SELECT person_id, sort_name, family_name, given_names, name_prefix, call_name, "
        "name_in_own_script, aliases, v_number, phone FROM person"
    ).fetchall()
    for person_id, sort_name, *names, aliases, v_number, phone in persons:
        entry = finding.entry(
            (*names, *json.loads(aliases)),
            v_number=v_number,
            phone=phone,
            household=households.get(person_id, ()),
        )
        connection.execute(
            "INSERT INTO search_entry (person_id, sort_name, words, household) VALUES (?, ?, ?, ?)",
            (person_id, sort_name, entry.words, entry.household),
        )
    connection.execute("INSERT INTO search_index (search_index) VALUES ('optimize')")
    connection.execute("INSERT INTO search_index (search_index, rank) VALUES ('automerge', 2)")


STATEMENTS: Final[tuple[Statement, ...]] = (
    "ALTER TABLE vault_user ADD COLUMN left_at TEXT",
    "ALTER TABLE vault_user ADD COLUMN added_by TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE vault_user ADD COLUMN sign_public TEXT NOT NULL DEFAULT ''",
    """
    CREATE TABLE role_key (
        role TEXT NOT NULL PRIMARY KEY,
        recipient TEXT NOT NULL,
        made_at TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE recovery_use (
        use_id TEXT NOT NULL PRIMARY KEY,
        at TEXT NOT NULL,
        kind TEXT NOT NULL,
        user_id TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE recovery_seen (
        use_id TEXT NOT NULL REFERENCES recovery_use (use_id) DEFERRABLE INITIALLY DEFERRED,
        user_id TEXT NOT NULL,
        seen_at TEXT NOT NULL,
        PRIMARY KEY (use_id, user_id)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE attachment (
        attachment_id TEXT NOT NULL PRIMARY KEY,
        person_id TEXT REFERENCES person (person_id) DEFERRABLE INITIALLY DEFERRED,
        inbox_id TEXT REFERENCES inbox (handover_id) DEFERRABLE INITIALLY DEFERRED,
        kind TEXT NOT NULL,
        title TEXT NOT NULL,
        media_type TEXT NOT NULL,
        size INTEGER NOT NULL,
        sha256 TEXT NOT NULL,
        category TEXT NOT NULL,
        role TEXT NOT NULL,
        source TEXT NOT NULL,
        added_at TEXT NOT NULL,
        added_by TEXT NOT NULL,
        removed_at TEXT,
        removed_by TEXT,
        CHECK (person_id IS NOT NULL OR inbox_id IS NOT NULL)
    ) STRICT
    """,
    "CREATE INDEX attachment_by_person ON attachment (person_id)",
    "CREATE INDEX attachment_by_inbox ON attachment (inbox_id)",
    """
    CREATE TABLE attachment_chunk (
        chunk_id INTEGER NOT NULL PRIMARY KEY,
        attachment_id TEXT NOT NULL
            REFERENCES attachment (attachment_id) DEFERRABLE INITIALLY DEFERRED,
        position INTEGER NOT NULL,
        content BLOB NOT NULL
    ) STRICT
    """,
    """
    CREATE UNIQUE INDEX attachment_chunk_in_order
    ON attachment_chunk (attachment_id, position)
    """,
    """
    CREATE TABLE medical_entry (
        entry_id TEXT NOT NULL PRIMARY KEY,
        person_id TEXT NOT NULL REFERENCES person (person_id) DEFERRABLE INITIALLY DEFERRED,
        kind TEXT NOT NULL,
        sealed BLOB NOT NULL,
        written_at TEXT NOT NULL,
        written_by TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX medical_entry_by_person ON medical_entry (person_id)",
    """
    CREATE TABLE audit_seal (
        seq INTEGER NOT NULL PRIMARY KEY,
        at TEXT NOT NULL,
        hash BLOB NOT NULL,
        reason TEXT NOT NULL,
        user_id TEXT NOT NULL,
        sign_public TEXT NOT NULL,
        signature TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE backup_key (
        month TEXT NOT NULL PRIMARY KEY,
        secret BLOB NOT NULL,
        made_at TEXT NOT NULL,
        destroyed_at TEXT
    ) STRICT
    """,
    """
    CREATE TABLE backup (
        backup_id TEXT NOT NULL PRIMARY KEY,
        made_at TEXT NOT NULL,
        month TEXT NOT NULL,
        file_name TEXT NOT NULL,
        size INTEGER NOT NULL,
        sha256 TEXT NOT NULL,
        audit_seq INTEGER NOT NULL,
        audit_hash BLOB NOT NULL,
        checked_at TEXT
    ) STRICT
    """,
    """
    CREATE TABLE removal (
        removal_id TEXT NOT NULL PRIMARY KEY,
        person_id TEXT NOT NULL,
        ground TEXT NOT NULL,
        reason TEXT NOT NULL,
        proposed_at TEXT NOT NULL,
        proposed_by TEXT NOT NULL,
        state TEXT NOT NULL,
        decided_at TEXT,
        decided_by TEXT,
        done_at TEXT
    ) STRICT
    """,
    "CREATE INDEX removal_by_person ON removal (person_id)",
    """
    CREATE INDEX handover_accepted ON handover (state_changed_at, handover_id)
    WHERE state = 'geaccepteerd'
    """,
    """
    CREATE TABLE removed_item (
        item_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        removal_id TEXT NOT NULL REFERENCES removal (removal_id) DEFERRABLE INITIALLY DEFERRED,
        other_id TEXT NOT NULL,
        municipality_code TEXT NOT NULL,
        dossier_version INTEGER NOT NULL,
        state TEXT NOT NULL,
        at TEXT NOT NULL,
        decided_at TEXT,
        file_sha256 TEXT NOT NULL,
        proof BLOB NOT NULL,
        PRIMARY KEY (item_id, kind)
    ) STRICT
    """,
    """
    CREATE TABLE answer_aside (
        aside_id TEXT NOT NULL PRIMARY KEY,
        interview_id TEXT NOT NULL
            REFERENCES interview (interview_id) DEFERRABLE INITIALLY DEFERRED,
        form_sha256 TEXT NOT NULL
            REFERENCES form_version (sha256) DEFERRABLE INITIALLY DEFERRED,
        path TEXT NOT NULL,
        repeat TEXT NOT NULL,
        value TEXT NOT NULL,
        state TEXT NOT NULL,
        author_id TEXT NOT NULL,
        at TEXT NOT NULL,
        source TEXT NOT NULL,
        note TEXT NOT NULL,
        note_in_handover INTEGER NOT NULL,
        later INTEGER NOT NULL,
        question TEXT NOT NULL,
        shown TEXT NOT NULL,
        reason TEXT NOT NULL,
        moved_at TEXT NOT NULL,
        moved_by TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX answer_aside_by_interview ON answer_aside (interview_id)",
    """
    CREATE INDEX koppeling_standing ON koppeling (municipality_code, person_id)
    WHERE ended_on IS NULL
    """,
    """
    CREATE TABLE search_entry (
        entry_id INTEGER NOT NULL PRIMARY KEY,
        person_id TEXT NOT NULL REFERENCES person (person_id) DEFERRABLE INITIALLY DEFERRED,
        sort_name TEXT NOT NULL,
        words TEXT NOT NULL,
        household TEXT NOT NULL
    ) STRICT
    """,
    "CREATE UNIQUE INDEX search_entry_by_person ON search_entry (person_id)",
    """
    CREATE VIRTUAL TABLE search_index USING fts5(
        words, household, content = 'search_entry', content_rowid = 'entry_id',
        detail = 'none', prefix = '2 3', tokenize = 'unicode61 remove_diacritics 0')
    """,
    "INSERT INTO search_index (search_index, rank) VALUES ('secure-delete', 1)",
    """
    CREATE TRIGGER search_entry_added AFTER INSERT ON search_entry
    BEGIN
        INSERT INTO search_index (rowid, words, household)
        VALUES (NEW.entry_id, NEW.words, NEW.household);
    END
    """,
    """
    CREATE TRIGGER search_entry_changed AFTER UPDATE ON search_entry
    BEGIN
        INSERT INTO search_index (search_index, rowid, words, household)
        VALUES ('delete', OLD.entry_id, OLD.words, OLD.household);
        INSERT INTO search_index (rowid, words, household)
        VALUES (NEW.entry_id, NEW.words, NEW.household);
    END
    """,
    """
    CREATE TRIGGER search_entry_removed AFTER DELETE ON search_entry
    BEGIN
        INSERT INTO search_index (search_index, rowid, words, household)
        VALUES ('delete', OLD.entry_id, OLD.words, OLD.household);
    END
    """,
    """
    CREATE TRIGGER person_unfound AFTER DELETE ON person
    BEGIN
        DELETE FROM search_entry WHERE person_id = OLD.person_id;
    END
    """,
    _fill_search,
)
