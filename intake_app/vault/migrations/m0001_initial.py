"""Version 1: everything there is at the start. Frozen; later versions add their own module."""

from __future__ import annotations

STATEMENTS: tuple[str, ...] = (
    """
    CREATE TABLE vault (
        only_row INTEGER NOT NULL,
        vault_id TEXT NOT NULL,
        practice INTEGER NOT NULL,
        created_at TEXT NOT NULL,
        organisation_id TEXT NOT NULL,
        organisation_name TEXT NOT NULL,
        profile TEXT NOT NULL,
        municipality_codes TEXT NOT NULL,
        PRIMARY KEY (only_row),
        CHECK (only_row = 1)
    )
     STRICT
    """,
    """
    CREATE TABLE vault_user (
        user_id TEXT NOT NULL,
        name TEXT NOT NULL,
        created_at TEXT NOT NULL,
        PRIMARY KEY (user_id)
    )
     STRICT
    """,
    """
    CREATE TABLE organisation_key (
        key_id INTEGER NOT NULL,
        kind TEXT NOT NULL,
        secret BLOB NOT NULL,
        public TEXT NOT NULL,
        created_at TEXT NOT NULL,
        PRIMARY KEY (key_id)
    )
     STRICT
    """,
    """
    CREATE TABLE person (
        person_id TEXT NOT NULL,
        v_number TEXT NOT NULL,
        family_name TEXT NOT NULL,
        given_names TEXT NOT NULL,
        name_prefix TEXT NOT NULL,
        call_name TEXT NOT NULL,
        name_in_own_script TEXT NOT NULL,
        aliases TEXT NOT NULL,
        bsn TEXT NOT NULL,
        birth_date TEXT NOT NULL,
        birth_date_status TEXT NOT NULL,
        gender TEXT NOT NULL,
        birth_country TEXT NOT NULL,
        nationalities TEXT NOT NULL,
        residence_title TEXT NOT NULL,
        permit_from TEXT NOT NULL,
        contact_language TEXT NOT NULL,
        languages TEXT NOT NULL,
        literacy TEXT NOT NULL,
        interpreter_needed INTEGER,
        phone TEXT NOT NULL,
        email TEXT NOT NULL,
        is_nareiziger INTEGER NOT NULL,
        sponsor_id TEXT,
        no_azc_intake_reason TEXT NOT NULL,
        sort_name TEXT NOT NULL,
        search TEXT NOT NULL,
        changed_at TEXT NOT NULL,
        changed_by TEXT NOT NULL,
        PRIMARY KEY (person_id)
    )
     STRICT
    """,
    """
    CREATE TABLE person_history (
        history_id INTEGER NOT NULL,
        replaced_at TEXT NOT NULL,
        replaced_by TEXT NOT NULL,
        person_id TEXT NOT NULL,
        v_number TEXT NOT NULL,
        family_name TEXT NOT NULL,
        given_names TEXT NOT NULL,
        name_prefix TEXT NOT NULL,
        call_name TEXT NOT NULL,
        name_in_own_script TEXT NOT NULL,
        aliases TEXT NOT NULL,
        bsn TEXT NOT NULL,
        birth_date TEXT NOT NULL,
        birth_date_status TEXT NOT NULL,
        gender TEXT NOT NULL,
        birth_country TEXT NOT NULL,
        nationalities TEXT NOT NULL,
        residence_title TEXT NOT NULL,
        permit_from TEXT NOT NULL,
        contact_language TEXT NOT NULL,
        languages TEXT NOT NULL,
        literacy TEXT NOT NULL,
        interpreter_needed INTEGER,
        phone TEXT NOT NULL,
        email TEXT NOT NULL,
        is_nareiziger INTEGER NOT NULL,
        sponsor_id TEXT,
        no_azc_intake_reason TEXT NOT NULL,
        sort_name TEXT NOT NULL,
        search TEXT NOT NULL,
        changed_at TEXT NOT NULL,
        changed_by TEXT NOT NULL,
        PRIMARY KEY (history_id)
    )
     STRICT
    """,
    """
    CREATE TABLE household (
        household_id TEXT NOT NULL,
        members TEXT NOT NULL,
        reunification TEXT NOT NULL,
        expected_persons INTEGER NOT NULL,
        changed_at TEXT NOT NULL,
        changed_by TEXT NOT NULL,
        PRIMARY KEY (household_id)
    )
     STRICT
    """,
    """
    CREATE TABLE household_history (
        history_id INTEGER NOT NULL,
        replaced_at TEXT NOT NULL,
        replaced_by TEXT NOT NULL,
        household_id TEXT NOT NULL,
        members TEXT NOT NULL,
        reunification TEXT NOT NULL,
        expected_persons INTEGER NOT NULL,
        changed_at TEXT NOT NULL,
        changed_by TEXT NOT NULL,
        PRIMARY KEY (history_id)
    )
     STRICT
    """,
    """
    CREATE TABLE koppeling_history (
        history_id INTEGER NOT NULL,
        replaced_at TEXT NOT NULL,
        replaced_by TEXT NOT NULL,
        koppeling_id TEXT NOT NULL,
        person_id TEXT NOT NULL,
        municipality_code TEXT NOT NULL,
        linked_on TEXT NOT NULL,
        ended_on TEXT,
        end_reason TEXT,
        promising_reason TEXT NOT NULL,
        changed_at TEXT NOT NULL,
        changed_by TEXT NOT NULL,
        PRIMARY KEY (history_id)
    )
     STRICT
    """,
    """
    CREATE TABLE stay_history (
        history_id INTEGER NOT NULL,
        replaced_at TEXT NOT NULL,
        replaced_by TEXT NOT NULL,
        stay_id TEXT NOT NULL,
        person_id TEXT NOT NULL,
        location TEXT NOT NULL,
        room TEXT NOT NULL,
        arrived_on TEXT,
        left_on TEXT,
        coa_contact TEXT NOT NULL,
        changed_at TEXT NOT NULL,
        changed_by TEXT NOT NULL,
        PRIMARY KEY (history_id)
    )
     STRICT
    """,
    """
    CREATE TABLE form_version (
        sha256 TEXT NOT NULL,
        form_id TEXT NOT NULL,
        version TEXT NOT NULL,
        structure_hash TEXT NOT NULL,
        xml BLOB NOT NULL,
        PRIMARY KEY (sha256)
    )
     STRICT
    """,
    """
    CREATE TABLE answer_history (
        history_id INTEGER NOT NULL,
        replaced_at TEXT NOT NULL,
        replaced_by TEXT NOT NULL,
        interview_id TEXT NOT NULL,
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
        changed_at TEXT NOT NULL,
        changed_by TEXT NOT NULL,
        PRIMARY KEY (history_id)
    )
     STRICT
    """,
    """
    CREATE TABLE repeat_instance_history (
        history_id INTEGER NOT NULL,
        replaced_at TEXT NOT NULL,
        replaced_by TEXT NOT NULL,
        interview_id TEXT NOT NULL,
        instance TEXT NOT NULL,
        path TEXT NOT NULL,
        parent TEXT,
        position INTEGER NOT NULL,
        removed_at TEXT,
        changed_at TEXT NOT NULL,
        changed_by TEXT NOT NULL,
        PRIMARY KEY (history_id)
    )
     STRICT
    """,
    """
    CREATE TABLE plan_history (
        history_id INTEGER NOT NULL,
        replaced_at TEXT NOT NULL,
        replaced_by TEXT NOT NULL,
        plan_id TEXT NOT NULL,
        version INTEGER NOT NULL,
        person_id TEXT NOT NULL,
        state TEXT NOT NULL,
        created_at TEXT NOT NULL,
        author_id TEXT NOT NULL,
        main_path TEXT,
        other_paths TEXT NOT NULL,
        leerroute TEXT NOT NULL,
        goals TEXT NOT NULL,
        client_view TEXT NOT NULL,
        discussed_on TEXT,
        discussed_with_interpreter INTEGER NOT NULL,
        changed_at TEXT NOT NULL,
        changed_by TEXT NOT NULL,
        PRIMARY KEY (history_id)
    )
     STRICT
    """,
    """
    CREATE TABLE activity_history (
        history_id INTEGER NOT NULL,
        replaced_at TEXT NOT NULL,
        replaced_by TEXT NOT NULL,
        activity_id TEXT NOT NULL,
        person_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        provider TEXT NOT NULL,
        started TEXT,
        ended TEXT,
        amount TEXT NOT NULL,
        evidence TEXT NOT NULL,
        changed_at TEXT NOT NULL,
        changed_by TEXT NOT NULL,
        PRIMARY KEY (history_id)
    )
     STRICT
    """,
    """
    CREATE TABLE consent_history (
        history_id INTEGER NOT NULL,
        replaced_at TEXT NOT NULL,
        replaced_by TEXT NOT NULL,
        consent_id TEXT NOT NULL,
        person_id TEXT NOT NULL,
        category TEXT NOT NULL,
        role TEXT NOT NULL,
        given_at TEXT NOT NULL,
        language TEXT NOT NULL,
        with_interpreter INTEGER NOT NULL,
        withdrawn_at TEXT,
        changed_at TEXT NOT NULL,
        changed_by TEXT NOT NULL,
        PRIMARY KEY (history_id)
    )
     STRICT
    """,
    """
    CREATE TABLE handover_history (
        history_id INTEGER NOT NULL,
        replaced_at TEXT NOT NULL,
        replaced_by TEXT NOT NULL,
        handover_id TEXT NOT NULL,
        person_id TEXT NOT NULL,
        dossier_version INTEGER NOT NULL,
        recipient_id TEXT NOT NULL,
        recipient_name TEXT NOT NULL,
        municipality_code TEXT NOT NULL,
        state TEXT NOT NULL,
        created_at TEXT NOT NULL,
        created_by TEXT NOT NULL,
        file_name TEXT NOT NULL,
        file_sha256 TEXT NOT NULL,
        file_size INTEGER NOT NULL,
        sent_count INTEGER NOT NULL,
        kept_count INTEGER NOT NULL,
        state_changed_at TEXT,
        reason TEXT NOT NULL,
        first_talk TEXT,
        changed_at TEXT NOT NULL,
        changed_by TEXT NOT NULL,
        PRIMARY KEY (history_id)
    )
     STRICT
    """,
    """
    CREATE TABLE inbox (
        handover_id TEXT NOT NULL,
        sender_id TEXT NOT NULL,
        sender_name TEXT NOT NULL,
        sender_age_recipient TEXT NOT NULL,
        received_at TEXT NOT NULL,
        file_sha256 TEXT NOT NULL,
        dossier_version INTEGER NOT NULL,
        state TEXT NOT NULL,
        person_id TEXT,
        decided_at TEXT,
        reason TEXT NOT NULL,
        first_talk TEXT,
        dossier_json BLOB NOT NULL,
        dossier_pdf BLOB NOT NULL,
        PRIMARY KEY (handover_id)
    )
     STRICT
    """,
    """
    CREATE TABLE outbox (
        item_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        subject_id TEXT NOT NULL,
        recipient_id TEXT NOT NULL,
        added_at TEXT NOT NULL,
        file_name TEXT NOT NULL,
        file_sha256 TEXT NOT NULL,
        PRIMARY KEY (item_id)
    )
     STRICT
    """,
    """
    CREATE TABLE address_book (
        serial INTEGER NOT NULL,
        sha512 TEXT NOT NULL,
        saved_at TEXT NOT NULL,
        raw BLOB NOT NULL,
        PRIMARY KEY (serial)
    )
     STRICT
    """,
    """
    CREATE TABLE pinned_root (
        position INTEGER NOT NULL,
        public TEXT NOT NULL,
        PRIMARY KEY (position)
    )
     STRICT
    """,
    """
    CREATE TABLE fingerprint_check (
        organisation_id TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        checked_by TEXT NOT NULL,
        checked_by_name TEXT NOT NULL,
        checked_at TEXT NOT NULL,
        PRIMARY KEY (organisation_id, fingerprint, checked_by, checked_at)
    )
     STRICT
    """,
    """
    CREATE TABLE routing_rule (
        position INTEGER NOT NULL,
        municipality_code TEXT NOT NULL,
        executor_id TEXT NOT NULL,
        executor_name TEXT NOT NULL,
        valid_from TEXT NOT NULL,
        valid_until TEXT,
        PRIMARY KEY (position)
    )
     STRICT
    """,
    """
    CREATE TABLE setting (
        name TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (name)
    )
     STRICT
    """,
    """
    CREATE TABLE audit (
        seq INTEGER NOT NULL,
        ts TEXT NOT NULL,
        body TEXT NOT NULL,
        prev BLOB NOT NULL,
        hash BLOB NOT NULL,
        PRIMARY KEY (seq)
    )
     STRICT
    """,
    """
    CREATE TABLE household_person (
        person_id TEXT NOT NULL,
        household_id TEXT NOT NULL,
        PRIMARY KEY (person_id, household_id),
        FOREIGN KEY(household_id) REFERENCES household (household_id) DEFERRABLE INITIALLY DEFERRED
    )
     WITHOUT ROWID,
     STRICT
    """,
    """
    CREATE TABLE koppeling (
        koppeling_id TEXT NOT NULL,
        person_id TEXT NOT NULL,
        municipality_code TEXT NOT NULL,
        linked_on TEXT NOT NULL,
        ended_on TEXT,
        end_reason TEXT,
        promising_reason TEXT NOT NULL,
        changed_at TEXT NOT NULL,
        changed_by TEXT NOT NULL,
        PRIMARY KEY (koppeling_id),
        FOREIGN KEY(person_id) REFERENCES person (person_id) DEFERRABLE INITIALLY DEFERRED
    )
     STRICT
    """,
    """
    CREATE TABLE stay (
        stay_id TEXT NOT NULL,
        person_id TEXT NOT NULL,
        location TEXT NOT NULL,
        room TEXT NOT NULL,
        arrived_on TEXT,
        left_on TEXT,
        coa_contact TEXT NOT NULL,
        changed_at TEXT NOT NULL,
        changed_by TEXT NOT NULL,
        PRIMARY KEY (stay_id),
        FOREIGN KEY(person_id) REFERENCES person (person_id) DEFERRABLE INITIALLY DEFERRED
    )
     STRICT
    """,
    """
    CREATE TABLE case_event (
        event_id TEXT NOT NULL,
        person_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        on_date TEXT NOT NULL,
        recorded_at TEXT NOT NULL,
        source TEXT NOT NULL,
        detail TEXT NOT NULL,
        changed_by TEXT NOT NULL,
        PRIMARY KEY (event_id),
        FOREIGN KEY(person_id) REFERENCES person (person_id) DEFERRABLE INITIALLY DEFERRED
    )
     STRICT
    """,
    """
    CREATE TABLE interview (
        interview_id TEXT NOT NULL,
        person_id TEXT NOT NULL,
        form_id TEXT NOT NULL,
        form_sha256 TEXT NOT NULL,
        language TEXT NOT NULL,
        state TEXT NOT NULL,
        started_at TEXT NOT NULL,
        interpretation TEXT NOT NULL,
        position_path TEXT NOT NULL,
        position_repeat TEXT,
        finished_at TEXT,
        PRIMARY KEY (interview_id),
        FOREIGN KEY(person_id) REFERENCES person (person_id) DEFERRABLE INITIALLY DEFERRED,
        FOREIGN KEY(form_sha256) REFERENCES form_version (sha256) DEFERRABLE INITIALLY DEFERRED
    )
     STRICT
    """,
    """
    CREATE TABLE "plan" (
        plan_id TEXT NOT NULL,
        version INTEGER NOT NULL,
        person_id TEXT NOT NULL,
        state TEXT NOT NULL,
        created_at TEXT NOT NULL,
        author_id TEXT NOT NULL,
        main_path TEXT,
        other_paths TEXT NOT NULL,
        leerroute TEXT NOT NULL,
        goals TEXT NOT NULL,
        client_view TEXT NOT NULL,
        discussed_on TEXT,
        discussed_with_interpreter INTEGER NOT NULL,
        changed_at TEXT NOT NULL,
        changed_by TEXT NOT NULL,
        PRIMARY KEY (plan_id, version),
        FOREIGN KEY(person_id) REFERENCES person (person_id) DEFERRABLE INITIALLY DEFERRED
    )
     STRICT
    """,
    """
    CREATE TABLE activity (
        activity_id TEXT NOT NULL,
        person_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        provider TEXT NOT NULL,
        started TEXT,
        ended TEXT,
        amount TEXT NOT NULL,
        evidence TEXT NOT NULL,
        changed_at TEXT NOT NULL,
        changed_by TEXT NOT NULL,
        PRIMARY KEY (activity_id),
        FOREIGN KEY(person_id) REFERENCES person (person_id) DEFERRABLE INITIALLY DEFERRED
    )
     STRICT
    """,
    """
    CREATE TABLE consent (
        consent_id TEXT NOT NULL,
        person_id TEXT NOT NULL,
        category TEXT NOT NULL,
        role TEXT NOT NULL,
        given_at TEXT NOT NULL,
        language TEXT NOT NULL,
        with_interpreter INTEGER NOT NULL,
        withdrawn_at TEXT,
        changed_at TEXT NOT NULL,
        changed_by TEXT NOT NULL,
        PRIMARY KEY (consent_id),
        FOREIGN KEY(person_id) REFERENCES person (person_id) DEFERRABLE INITIALLY DEFERRED
    )
     STRICT
    """,
    """
    CREATE TABLE handover (
        handover_id TEXT NOT NULL,
        person_id TEXT NOT NULL,
        dossier_version INTEGER NOT NULL,
        recipient_id TEXT NOT NULL,
        recipient_name TEXT NOT NULL,
        municipality_code TEXT NOT NULL,
        state TEXT NOT NULL,
        created_at TEXT NOT NULL,
        created_by TEXT NOT NULL,
        file_name TEXT NOT NULL,
        file_sha256 TEXT NOT NULL,
        file_size INTEGER NOT NULL,
        sent_count INTEGER NOT NULL,
        kept_count INTEGER NOT NULL,
        state_changed_at TEXT,
        reason TEXT NOT NULL,
        first_talk TEXT,
        changed_at TEXT NOT NULL,
        changed_by TEXT NOT NULL,
        PRIMARY KEY (handover_id),
        FOREIGN KEY(person_id) REFERENCES person (person_id) DEFERRABLE INITIALLY DEFERRED
    )
     STRICT
    """,
    """
    CREATE TABLE answer (
        interview_id TEXT NOT NULL,
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
        changed_at TEXT NOT NULL,
        changed_by TEXT NOT NULL,
        PRIMARY KEY (interview_id, path, repeat),
        FOREIGN KEY(interview_id) REFERENCES interview (interview_id) DEFERRABLE INITIALLY DEFERRED
    )
     WITHOUT ROWID,
     STRICT
    """,
    """
    CREATE TABLE repeat_instance (
        interview_id TEXT NOT NULL,
        instance TEXT NOT NULL,
        path TEXT NOT NULL,
        parent TEXT,
        position INTEGER NOT NULL,
        removed_at TEXT,
        changed_at TEXT NOT NULL,
        changed_by TEXT NOT NULL,
        PRIMARY KEY (interview_id, instance),
        FOREIGN KEY(interview_id) REFERENCES interview (interview_id) DEFERRABLE INITIALLY DEFERRED
    )
     WITHOUT ROWID,
     STRICT
    """,
    """
    CREATE TABLE receipt (
        receipt_id TEXT NOT NULL,
        handover_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        at TEXT NOT NULL,
        by_organisation TEXT NOT NULL,
        by_user TEXT NOT NULL,
        reason TEXT NOT NULL,
        raw BLOB NOT NULL,
        PRIMARY KEY (receipt_id),
        FOREIGN KEY(handover_id) REFERENCES handover (handover_id) DEFERRABLE INITIALLY DEFERRED
    )
     STRICT
    """,
    "CREATE INDEX person_by_v_number ON person (v_number)",
    "CREATE INDEX person_by_name ON person (sort_name, search, person_id)",
    "CREATE INDEX person_history_by_key ON person_history (person_id)",
    "CREATE INDEX household_history_by_key ON household_history (household_id)",
    "CREATE INDEX koppeling_history_by_key ON koppeling_history (koppeling_id)",
    "CREATE INDEX stay_history_by_key ON stay_history (stay_id)",
    "CREATE INDEX answer_history_by_key ON answer_history (interview_id, path, repeat)",
    (
        "CREATE INDEX repeat_instance_history_by_key "
        "ON repeat_instance_history (interview_id, instance)"
    ),
    "CREATE INDEX plan_history_by_key ON plan_history (plan_id, version)",
    "CREATE INDEX activity_history_by_key ON activity_history (activity_id)",
    "CREATE INDEX consent_history_by_key ON consent_history (consent_id)",
    "CREATE INDEX handover_history_by_key ON handover_history (handover_id)",
    "CREATE INDEX koppeling_by_person ON koppeling (person_id)",
    "CREATE INDEX stay_by_person ON stay (person_id)",
    "CREATE INDEX case_event_by_person ON case_event (person_id)",
    "CREATE INDEX interview_by_person ON interview (person_id)",
    'CREATE INDEX plan_by_person ON "plan" (person_id)',
    "CREATE INDEX activity_by_person ON activity (person_id)",
    "CREATE INDEX consent_by_person ON consent (person_id)",
    "CREATE INDEX handover_by_person ON handover (person_id)",
    "CREATE INDEX receipt_by_handover ON receipt (handover_id)",
    """
    CREATE TRIGGER person_kept AFTER UPDATE ON person
    BEGIN
        INSERT INTO person_history (replaced_at, replaced_by, person_id, v_number,
            family_name, given_names, name_prefix, call_name, name_in_own_script, aliases,
            bsn, birth_date, birth_date_status, gender, birth_country, nationalities,
            residence_title, permit_from, contact_language, languages, literacy,
            interpreter_needed, phone, email, is_nareiziger, sponsor_id, no_azc_intake_reason,
            sort_name, search, changed_at, changed_by)
        VALUES (NEW.changed_at, NEW.changed_by, OLD.person_id, OLD.v_number, OLD.family_name,
            OLD.given_names, OLD.name_prefix, OLD.call_name, OLD.name_in_own_script,
            OLD.aliases, OLD.bsn, OLD.birth_date, OLD.birth_date_status, OLD.gender,
            OLD.birth_country, OLD.nationalities, OLD.residence_title, OLD.permit_from,
            OLD.contact_language, OLD.languages, OLD.literacy, OLD.interpreter_needed,
            OLD.phone, OLD.email, OLD.is_nareiziger, OLD.sponsor_id, OLD.no_azc_intake_reason,
            OLD.sort_name, OLD.search, OLD.changed_at, OLD.changed_by);
    END
    """,
    """
    CREATE TRIGGER household_kept AFTER UPDATE ON household
    BEGIN
        INSERT INTO household_history (replaced_at, replaced_by, household_id, members,
            reunification, expected_persons, changed_at, changed_by)
        VALUES (NEW.changed_at, NEW.changed_by, OLD.household_id, OLD.members,
            OLD.reunification, OLD.expected_persons, OLD.changed_at, OLD.changed_by);
    END
    """,
    """
    CREATE TRIGGER koppeling_kept AFTER UPDATE ON koppeling
    BEGIN
        INSERT INTO koppeling_history (replaced_at, replaced_by, koppeling_id, person_id,
            municipality_code, linked_on, ended_on, end_reason, promising_reason, changed_at,
            changed_by)
        VALUES (NEW.changed_at, NEW.changed_by, OLD.koppeling_id, OLD.person_id,
            OLD.municipality_code, OLD.linked_on, OLD.ended_on, OLD.end_reason,
            OLD.promising_reason, OLD.changed_at, OLD.changed_by);
    END
    """,
    """
    CREATE TRIGGER stay_kept AFTER UPDATE ON stay
    BEGIN
        INSERT INTO stay_history (replaced_at, replaced_by, stay_id, person_id, location,
            room, arrived_on, left_on, coa_contact, changed_at, changed_by)
        VALUES (NEW.changed_at, NEW.changed_by, OLD.stay_id, OLD.person_id, OLD.location,
            OLD.room, OLD.arrived_on, OLD.left_on, OLD.coa_contact, OLD.changed_at,
            OLD.changed_by);
    END
    """,
    """
    CREATE TRIGGER answer_kept AFTER UPDATE ON answer
    BEGIN
        INSERT INTO answer_history (replaced_at, replaced_by, interview_id, path, repeat,
            value, state, author_id, at, source, note, note_in_handover, later, changed_at,
            changed_by)
        VALUES (NEW.changed_at, NEW.changed_by, OLD.interview_id, OLD.path, OLD.repeat,
            OLD.value, OLD.state, OLD.author_id, OLD.at, OLD.source, OLD.note,
            OLD.note_in_handover, OLD.later, OLD.changed_at, OLD.changed_by);
    END
    """,
    """
    CREATE TRIGGER repeat_instance_kept AFTER UPDATE ON repeat_instance
    BEGIN
        INSERT INTO repeat_instance_history (replaced_at, replaced_by, interview_id, instance,
            path, parent, position, removed_at, changed_at, changed_by)
        VALUES (NEW.changed_at, NEW.changed_by, OLD.interview_id, OLD.instance, OLD.path,
            OLD.parent, OLD.position, OLD.removed_at, OLD.changed_at, OLD.changed_by);
    END
    """,
    """
    CREATE TRIGGER plan_kept AFTER UPDATE ON plan
    BEGIN
        INSERT INTO plan_history (replaced_at, replaced_by, plan_id, version, person_id,
            state, created_at, author_id, main_path, other_paths, leerroute, goals,
            client_view, discussed_on, discussed_with_interpreter, changed_at, changed_by)
        VALUES (NEW.changed_at, NEW.changed_by, OLD.plan_id, OLD.version, OLD.person_id,
            OLD.state, OLD.created_at, OLD.author_id, OLD.main_path, OLD.other_paths,
            OLD.leerroute, OLD.goals, OLD.client_view, OLD.discussed_on,
            OLD.discussed_with_interpreter, OLD.changed_at, OLD.changed_by);
    END
    """,
    """
    CREATE TRIGGER activity_kept AFTER UPDATE ON activity
    BEGIN
        INSERT INTO activity_history (replaced_at, replaced_by, activity_id, person_id, kind,
            provider, started, ended, amount, evidence, changed_at, changed_by)
        VALUES (NEW.changed_at, NEW.changed_by, OLD.activity_id, OLD.person_id, OLD.kind,
            OLD.provider, OLD.started, OLD.ended, OLD.amount, OLD.evidence, OLD.changed_at,
            OLD.changed_by);
    END
    """,
    """
    CREATE TRIGGER consent_kept AFTER UPDATE ON consent
    BEGIN
        INSERT INTO consent_history (replaced_at, replaced_by, consent_id, person_id,
            category, role, given_at, language, with_interpreter, withdrawn_at, changed_at,
            changed_by)
        VALUES (NEW.changed_at, NEW.changed_by, OLD.consent_id, OLD.person_id, OLD.category,
            OLD.role, OLD.given_at, OLD.language, OLD.with_interpreter, OLD.withdrawn_at,
            OLD.changed_at, OLD.changed_by);
    END
    """,
    """
    CREATE TRIGGER handover_kept AFTER UPDATE ON handover
    BEGIN
        INSERT INTO handover_history (replaced_at, replaced_by, handover_id, person_id,
            dossier_version, recipient_id, recipient_name, municipality_code, state,
            created_at, created_by, file_name, file_sha256, file_size, sent_count, kept_count,
            state_changed_at, reason, first_talk, changed_at, changed_by)
        VALUES (NEW.changed_at, NEW.changed_by, OLD.handover_id, OLD.person_id,
            OLD.dossier_version, OLD.recipient_id, OLD.recipient_name, OLD.municipality_code,
            OLD.state, OLD.created_at, OLD.created_by, OLD.file_name, OLD.file_sha256,
            OLD.file_size, OLD.sent_count, OLD.kept_count, OLD.state_changed_at, OLD.reason,
            OLD.first_talk, OLD.changed_at, OLD.changed_by);
    END
    """,
    """
    CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
    BEGIN
        SELECT RAISE(ABORT, 'append-only');
    END
    """,
    """
    CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
    BEGIN
        SELECT RAISE(ABORT, 'append-only');
    END
    """,
)
