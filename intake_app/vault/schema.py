"""The tables of the vault. Version 1 is made by migrations/m0001_initial.py, which says the same.

Identifiers and times are text, flags 0 or 1, sequences JSON. Tables with history keep every
overwritten row in `<table>_history`, written by a trigger so that no caller can forget it; the
columns `changed_at` and `changed_by` tell who wrote the row that stands.

It is one long list on purpose: who asks what is kept, or writes a migration, reads it from top to
bottom, and every table stands with what refers to it.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    DDL,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    event,
    text,
)

VERSION: Final = 5
APPLICATION_ID: Final = 0x444C4B31
"""'DLK1' in the header of the database, once it is decrypted."""

SEARCHED: Final = ("words", "household")
"""The columns of the full-text index over persons; `domain.finding` says what is in them."""
_COLUMNS: Final = ", ".join(SEARCHED)

metadata = MetaData()


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _maybe_text(name: str) -> Column[str]:
    return Column(name, Text, nullable=True)


def _number(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False)


def _bytes(name: str) -> Column[bytes]:
    return Column(name, LargeBinary, nullable=False)


def _id(name: str) -> Column[str]:
    return Column(name, Text, primary_key=True, nullable=False)


def _parent(name: str, target: str) -> Column[str]:
    """Return a reference that is checked at commit, so that order inside does not matter."""
    reference = ForeignKey(target, deferrable=True, initially="DEFERRED")
    return Column(name, Text, reference, nullable=False)


def _maybe_parent(name: str, target: str) -> Column[str]:
    """Return the same reference where there may be none."""
    reference = ForeignKey(target, deferrable=True, initially="DEFERRED")
    return Column(name, Text, reference, nullable=True)


def _table(
    name: str,
    *parts: Column[str] | Column[int] | Column[bytes] | PrimaryKeyConstraint | CheckConstraint,
    rowid: bool = True,
) -> Table:
    return Table(name, metadata, *parts, sqlite_strict=True, sqlite_with_rowid=rowid)


def _run(statement: str) -> None:
    """Have a statement run once all tables are there."""
    event.listen(metadata, "after_create", DDL(statement))  # type: ignore[no-untyped-call]


def _trigger(when: str, what: str) -> None:
    """Have `what` done by a trigger, made once all tables are there."""
    _run(f"CREATE TRIGGER {when} BEGIN {what} END")


def _of(row: str) -> str:
    return ", ".join(f"{row}.{name}" for name in ("entry_id", *SEARCHED))


def _with_history(
    name: str,
    *parts: Column[str] | Column[int] | Column[bytes] | PrimaryKeyConstraint,
    rowid: bool = True,
) -> tuple[Table, Table]:
    table = _table(name, *parts, _text("changed_at"), _text("changed_by"), rowid=rowid)
    copied = [Column(c.name, c.type, nullable=c.nullable) for c in table.columns]
    history = _table(
        f"{name}_history",
        Column("history_id", Integer, primary_key=True, nullable=False),
        _text("replaced_at"),
        _text("replaced_by"),
        *copied,
    )
    Index(f"{name}_history_by_key", *(history.c[c.name] for c in table.primary_key.columns))
    names = [c.name for c in table.columns]
    into = f"{name}_history (replaced_at, replaced_by, {', '.join(names)})"
    values = f"(NEW.changed_at, NEW.changed_by, {', '.join('OLD.' + n for n in names)})"
    keep = f"INSERT INTO {into} VALUES {values};"  # noqa: S608  (our own names only)
    _trigger(f"{name}_kept AFTER UPDATE ON {name}", keep)
    return table, history


vault = _table(
    "vault",
    Column("only_row", Integer, primary_key=True, nullable=False),
    _text("vault_id"),
    _number("practice"),
    _text("created_at"),
    _text("organisation_id"),
    _text("organisation_name"),
    _text("profile"),
    _text("municipality_codes"),
    CheckConstraint("only_row = 1"),
)
vault_user = _table(
    "vault_user",
    _id("user_id"),
    _text("name"),
    _text("created_at"),
    _maybe_text("left_at"),
    Column("added_by", Text, nullable=False, server_default=""),
    Column("sign_public", Text, nullable=False, server_default=""),
)
role_key = _table("role_key", _id("role"), _text("recipient"), _text("made_at"))
recovery_use = _table("recovery_use", _id("use_id"), _text("at"), _text("kind"), _text("user_id"))
recovery_seen = _table(
    "recovery_seen",
    _parent("use_id", "recovery_use.use_id"),
    _text("user_id"),
    _text("seen_at"),
    PrimaryKeyConstraint("use_id", "user_id"),
    rowid=False,
)
organisation_key = _table(
    "organisation_key",
    Column("key_id", Integer, primary_key=True, nullable=False),
    _text("kind"),
    _bytes("secret"),
    _text("public"),
    _text("created_at"),
)

person, person_history = _with_history(
    "person",
    _id("person_id"),
    _text("v_number"),
    _text("family_name"),
    _text("given_names"),
    _text("name_prefix"),
    _text("call_name"),
    _text("name_in_own_script"),
    _text("aliases"),
    _text("bsn"),
    _text("birth_date"),
    _text("birth_date_status"),
    _text("gender"),
    _text("birth_country"),
    _text("nationalities"),
    _text("residence_title"),
    _text("permit_from"),
    _text("contact_language"),
    _text("languages"),
    _text("literacy"),
    Column("interpreter_needed", Integer, nullable=True),
    _text("phone"),
    _text("email"),
    _number("is_nareiziger"),
    _maybe_text("sponsor_id"),
    _text("no_azc_intake_reason"),
    _text("sort_name"),
    _text("search"),
)
Index("person_by_v_number", person.c.v_number)
Index("person_by_name", person.c.sort_name, person.c.search, person.c.person_id)

search_entry = _table(
    "search_entry",
    Column("entry_id", Integer, primary_key=True, nullable=False),
    _parent("person_id", "person.person_id"),
    _text("sort_name"),
    *(_text(name) for name in SEARCHED),
)
Index("search_entry_by_person", search_entry.c.person_id, unique=True)
_run(
    "CREATE VIRTUAL TABLE search_index USING fts5("
    f"{_COLUMNS}, content = 'search_entry', content_rowid = 'entry_id', detail = 'none', "
    "prefix = '2 3', tokenize = 'unicode61 remove_diacritics 0')"
)
# an ordinary delete would leave the words of who is gone in the index
_run("INSERT INTO search_index (search_index, rank) VALUES ('secure-delete', 1)")
# a question costs as much as the index has segments; persons are written seldom
_run("INSERT INTO search_index (search_index, rank) VALUES ('automerge', 2)")
_PUT = f"INSERT INTO search_index (rowid, {_COLUMNS}) VALUES ({_of('NEW')});"  # noqa: S608
_TAKE = (
    f"INSERT INTO search_index (search_index, rowid, {_COLUMNS}) "  # noqa: S608
    f"VALUES ('delete', {_of('OLD')});"
)
_trigger("search_entry_added AFTER INSERT ON search_entry", _PUT)
_trigger("search_entry_changed AFTER UPDATE ON search_entry", f"{_TAKE} {_PUT}")
_trigger("search_entry_removed AFTER DELETE ON search_entry", _TAKE)
_trigger(
    "person_unfound AFTER DELETE ON person",
    "DELETE FROM search_entry WHERE person_id = OLD.person_id;",
)

household, household_history = _with_history(
    "household",
    _id("household_id"),
    _text("members"),
    _text("reunification"),
    _number("expected_persons"),
)
household_person = _table(
    "household_person",
    _text("person_id"),
    _parent("household_id", "household.household_id"),
    PrimaryKeyConstraint("person_id", "household_id"),
    rowid=False,
)

koppeling, koppeling_history = _with_history(
    "koppeling",
    _id("koppeling_id"),
    _parent("person_id", "person.person_id"),
    _text("municipality_code"),
    _text("linked_on"),
    _maybe_text("ended_on"),
    _maybe_text("end_reason"),
    _text("promising_reason"),
)
Index("koppeling_by_person", koppeling.c.person_id)
Index(
    "koppeling_standing",
    koppeling.c.municipality_code,
    koppeling.c.person_id,
    sqlite_where=text("ended_on IS NULL"),
)

stay, stay_history = _with_history(
    "stay",
    _id("stay_id"),
    _parent("person_id", "person.person_id"),
    _text("location"),
    _text("room"),
    _maybe_text("arrived_on"),
    _maybe_text("left_on"),
    _text("coa_contact"),
)
Index("stay_by_person", stay.c.person_id)

case_event = _table(
    "case_event",
    _id("event_id"),
    _parent("person_id", "person.person_id"),
    _text("kind"),
    _text("on_date"),
    _text("recorded_at"),
    _text("source"),
    _text("detail"),
    _text("changed_by"),
)
Index("case_event_by_person", case_event.c.person_id)
Index(
    "case_event_notice",
    case_event.c.person_id,
    case_event.c.recorded_at,
    case_event.c.on_date,
    sqlite_where=text("kind = 'duo_kennisgeving'"),
)

form_version = _table(
    "form_version",
    _id("sha256"),
    _text("form_id"),
    _text("version"),
    _text("structure_hash"),
    _bytes("xml"),
)

interview = _table(
    "interview",
    _id("interview_id"),
    _parent("person_id", "person.person_id"),
    _text("form_id"),
    _parent("form_sha256", "form_version.sha256"),
    _text("language"),
    _text("state"),
    _text("started_at"),
    _text("interpretation"),
    _text("position_path"),
    _maybe_text("position_repeat"),
    _maybe_text("finished_at"),
)
Index("interview_by_person", interview.c.person_id)
Index(
    "interview_open",
    interview.c.started_at,
    interview.c.interview_id,
    interview.c.person_id,
    sqlite_where=text("state = 'open'"),
)

answer, answer_history = _with_history(
    "answer",
    _parent("interview_id", "interview.interview_id"),
    _text("path"),
    _text("repeat"),
    _text("value"),
    _text("state"),
    _text("author_id"),
    _text("at"),
    _text("source"),
    _text("note"),
    _number("note_in_handover"),
    _number("later"),
    PrimaryKeyConstraint("interview_id", "path", "repeat"),
    rowid=False,
)

repeat_instance, repeat_instance_history = _with_history(
    "repeat_instance",
    _parent("interview_id", "interview.interview_id"),
    _text("instance"),
    _text("path"),
    _maybe_text("parent"),
    _number("position"),
    _maybe_text("removed_at"),
    PrimaryKeyConstraint("interview_id", "instance"),
    rowid=False,
)

answer_aside = _table(
    "answer_aside",
    _id("aside_id"),
    _parent("interview_id", "interview.interview_id"),
    _parent("form_sha256", "form_version.sha256"),
    _text("path"),
    _text("repeat"),
    _text("value"),
    _text("state"),
    _text("author_id"),
    _text("at"),
    _text("source"),
    _text("note"),
    _number("note_in_handover"),
    _number("later"),
    _text("question"),
    _text("shown"),
    _text("reason"),
    _text("moved_at"),
    _text("moved_by"),
)
Index("answer_aside_by_interview", answer_aside.c.interview_id)

plan, plan_history = _with_history(
    "plan",
    _text("plan_id"),
    _number("version"),
    _parent("person_id", "person.person_id"),
    _text("state"),
    _text("created_at"),
    _text("author_id"),
    _maybe_text("main_path"),
    _text("other_paths"),
    _text("leerroute"),
    _text("goals"),
    _text("client_view"),
    _maybe_text("discussed_on"),
    _number("discussed_with_interpreter"),
    PrimaryKeyConstraint("plan_id", "version"),
)
Index("plan_by_person", plan.c.person_id)
Index("plan_by_version", plan.c.person_id, plan.c.version, plan.c.state)

activity, activity_history = _with_history(
    "activity",
    _id("activity_id"),
    _parent("person_id", "person.person_id"),
    _text("kind"),
    _text("provider"),
    _maybe_text("started"),
    _maybe_text("ended"),
    _text("amount"),
    _text("evidence"),
)
Index("activity_by_person", activity.c.person_id)

consent, consent_history = _with_history(
    "consent",
    _id("consent_id"),
    _parent("person_id", "person.person_id"),
    _text("category"),
    _text("role"),
    _text("given_at"),
    _text("language"),
    _number("with_interpreter"),
    _maybe_text("withdrawn_at"),
)
Index("consent_by_person", consent.c.person_id)

handover, handover_history = _with_history(
    "handover",
    _id("handover_id"),
    _parent("person_id", "person.person_id"),
    _number("dossier_version"),
    _text("recipient_id"),
    _text("recipient_name"),
    _text("municipality_code"),
    _text("state"),
    _text("created_at"),
    _text("created_by"),
    _text("file_name"),
    _text("file_sha256"),
    _number("file_size"),
    _number("sent_count"),
    _number("kept_count"),
    _maybe_text("state_changed_at"),
    _text("reason"),
    _maybe_text("first_talk"),
)
Index("handover_by_person", handover.c.person_id)
Index("handover_by_time", handover.c.person_id, handover.c.created_at, handover.c.state)
Index(
    "handover_waiting",
    handover.c.created_at,
    handover.c.handover_id,
    handover.c.person_id,
    sqlite_where=text("state IN ('klaar', 'aangeboden', 'ontvangen', 'geopend')"),
)
Index(
    "handover_accepted",
    handover.c.state_changed_at,
    handover.c.handover_id,
    sqlite_where=text("state = 'geaccepteerd'"),
)

receipt = _table(
    "receipt",
    _id("receipt_id"),
    _parent("handover_id", "handover.handover_id"),
    _text("kind"),
    _text("at"),
    _text("by_organisation"),
    _text("by_user"),
    _text("reason"),
    _bytes("raw"),
)
Index("receipt_by_handover", receipt.c.handover_id)

inbox = _table(
    "inbox",
    _id("handover_id"),
    _text("sender_id"),
    _text("sender_name"),
    _text("sender_age_recipient"),
    _text("received_at"),
    _text("file_sha256"),
    _number("dossier_version"),
    _text("state"),
    _maybe_text("person_id"),
    _maybe_text("decided_at"),
    _text("reason"),
    _maybe_text("first_talk"),
    _bytes("dossier_json"),
    _bytes("dossier_pdf"),
)

outbox = _table(
    "outbox",
    _id("item_id"),
    _text("kind"),
    _text("subject_id"),
    _text("recipient_id"),
    _text("added_at"),
    _text("zid"),
    _text("name"),
    _bytes("notice"),
    _text("box"),
    _text("reply_box"),
    _text("state"),
    _text("file_name"),
    _number("file_size"),
    _text("file_sha256"),
    _text("parts"),
    _number("done"),
    _number("committing"),
    _number("offers"),
    _number("tries"),
    _maybe_text("tried_at"),
    _maybe_text("next_try"),
    _text("reason"),
    _text("history"),
    _maybe_text("offered_at"),
    _maybe_text("valid_until"),
    _number("seen"),
    _text("receipt"),
)
Index("outbox_by_name", outbox.c.name, unique=True)
Index("outbox_by_subject", outbox.c.subject_id)
Index(
    "outbox_open",
    outbox.c.state,
    outbox.c.kind,
    outbox.c.item_id,
    sqlite_where=text("state IN ('wacht', 'aangeboden')"),
)

arrival = _table(
    "arrival",
    _id("zid"),
    _text("box"),
    _text("sender_id"),
    _text("sender_recipient"),
    _text("reply_box"),
    _text("inbox_id"),
    _text("dossier_id"),
    _number("dossier_version"),
    _text("received_at"),
    _number("file_size"),
    _text("file_sha256"),
    _number("content_size"),
    _text("content_sha256"),
    _maybe_text("valid_until"),
    _text("state"),
    _number("receipts"),
    _text("handed_to"),
    _text("handed_folder"),
    _bytes("raw"),
)
Index("arrival_by_inbox", arrival.c.inbox_id)
Index("arrival_by_dossier", arrival.c.dossier_id)
arrival_refused = _table(
    "arrival_refused",
    _id("zid"),
    _text("first_at"),
    _text("last_at"),
    _number("times"),
    _text("reason"),
    _maybe_text("next_try"),
)

address_book = _table(
    "address_book",
    Column("serial", Integer, primary_key=True, nullable=False),
    _text("sha512"),
    _text("saved_at"),
    _bytes("raw"),
)
pinned_root = _table(
    "pinned_root", Column("position", Integer, primary_key=True, nullable=False), _text("public")
)
fingerprint_check = _table(
    "fingerprint_check",
    _text("organisation_id"),
    _text("fingerprint"),
    _text("checked_by"),
    _text("checked_by_name"),
    _text("checked_at"),
    PrimaryKeyConstraint("organisation_id", "fingerprint", "checked_by", "checked_at"),
)
routing_rule = _table(
    "routing_rule",
    Column("position", Integer, primary_key=True, nullable=False),
    _text("municipality_code"),
    _text("executor_id"),
    _text("executor_name"),
    _text("valid_from"),
    _maybe_text("valid_until"),
)
setting = _table("setting", _id("name"), _text("value"))

attachment = _table(
    "attachment",
    _id("attachment_id"),
    _maybe_parent("person_id", "person.person_id"),
    _maybe_parent("inbox_id", "inbox.handover_id"),
    _text("kind"),
    _text("title"),
    _text("media_type"),
    _number("size"),
    _text("sha256"),
    _text("category"),
    _text("role"),
    _text("source"),
    _text("added_at"),
    _text("added_by"),
    _maybe_text("removed_at"),
    _maybe_text("removed_by"),
    CheckConstraint("person_id IS NOT NULL OR inbox_id IS NOT NULL"),
)
Index("attachment_by_person", attachment.c.person_id)
Index("attachment_by_inbox", attachment.c.inbox_id)
attachment_chunk = _table(
    "attachment_chunk",
    Column("chunk_id", Integer, primary_key=True, nullable=False),
    _parent("attachment_id", "attachment.attachment_id"),
    _number("position"),
    _bytes("content"),
)
Index(
    "attachment_chunk_in_order",
    attachment_chunk.c.attachment_id,
    attachment_chunk.c.position,
    unique=True,
)
answer_file = _table(
    "answer_file",
    Column(
        "attachment_id",
        Text,
        ForeignKey("attachment.attachment_id", deferrable=True, initially="DEFERRED"),
        primary_key=True,
        nullable=False,
    ),
    _maybe_parent("interview_id", "interview.interview_id"),
    _text("path"),
    _text("repeat"),
    _text("name"),
    _text("came_as"),
)
Index("answer_file_by_interview", answer_file.c.interview_id, answer_file.c.name)
medical_entry = _table(
    "medical_entry",
    _id("entry_id"),
    _parent("person_id", "person.person_id"),
    _text("kind"),
    _bytes("sealed"),
    _text("written_at"),
    _text("written_by"),
)
Index("medical_entry_by_person", medical_entry.c.person_id)

backup_key = _table(
    "backup_key", _id("month"), _bytes("secret"), _text("made_at"), _maybe_text("destroyed_at")
)
backup = _table(
    "backup",
    _id("backup_id"),
    _text("made_at"),
    _text("month"),
    _text("file_name"),
    _number("size"),
    _text("sha256"),
    _number("audit_seq"),
    _bytes("audit_hash"),
    _maybe_text("checked_at"),
)
removal = _table(
    "removal",
    _id("removal_id"),
    _text("person_id"),
    _text("ground"),
    _text("reason"),
    _text("proposed_at"),
    _text("proposed_by"),
    _text("state"),
    _maybe_text("decided_at"),
    _maybe_text("decided_by"),
    _maybe_text("done_at"),
)
Index("removal_by_person", removal.c.person_id)
removed_item = _table(
    "removed_item",
    _text("item_id"),
    _text("kind"),
    _parent("removal_id", "removal.removal_id"),
    _text("other_id"),
    _text("municipality_code"),
    _number("dossier_version"),
    _text("state"),
    _text("at"),
    _maybe_text("decided_at"),
    _text("file_sha256"),
    _bytes("proof"),
    PrimaryKeyConstraint("item_id", "kind"),
)

audit = _table(
    "audit",
    Column("seq", Integer, primary_key=True, nullable=False),
    _text("ts"),
    _text("body"),
    _bytes("prev"),
    _bytes("hash"),
)
audit_seal = _table(
    "audit_seal",
    Column("seq", Integer, primary_key=True, nullable=False),
    _text("at"),
    _bytes("hash"),
    _text("reason"),
    _text("user_id"),
    _text("sign_public"),
    _text("signature"),
)
for _action in ("update", "delete"):
    _trigger(
        f"audit_no_{_action} BEFORE {_action.upper()} ON audit",
        "SELECT RAISE(ABORT, 'append-only');",
    )
