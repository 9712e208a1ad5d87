"""Inzage: what is held on a person, who received it, and who looked (GDPR art. 15, AVG).

The document for the person is made from this; here is only the query, and it forgets no table
(`vault.stores.inzage`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

from intake_app.domain.actor import UserRole
from intake_app.domain.handover import Handover, InboxItem, ReceiptRecord
from intake_app.domain.interview import AnswerState
from intake_app.flows.audit import may_see_persons
from intake_app.vault.audit_body import fact_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intake_app.domain.attachment import Attachment, MedicalEntry
    from intake_app.vault import Vault
    from intake_app.vault.stores.inzage import HeldRow, HeldTable
    from intake_app.vault.transaction import Records

_PURPOSE: Final = "inzage maken"
_AT_ONCE: Final = 1000


@dataclass(frozen=True, slots=True)
class HeldAnswer:
    """One answer as it stands, in the order of the form's paths."""

    interview_id: UUID
    path: str
    repeat: UUID | None
    value: str
    state: AnswerState
    note: str
    author: str
    at: datetime
    source: str
    earlier: int
    """How many overwritten versions are kept."""


@dataclass(frozen=True, slots=True)
class HeldAttachment:
    """One attachment; a removed one has no bytes left, a sealed one no title without the role."""

    attachment_id: UUID
    title: str
    media_type: str
    size: int
    category: str
    role: str
    source: str
    added_at: datetime
    removed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Received:
    """A handover of the person with the signed answers to it: who received what, and when."""

    handover: Handover
    receipts: tuple[ReceiptRecord, ...]


@dataclass(frozen=True, slots=True)
class Looked:
    """One entry of the log about the person. Search lists name nobody, so they are not here."""

    seq: int
    at: datetime
    user_id: UUID | None
    who: str
    purpose: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Inzage:
    """All of it, of one moment."""

    person_id: UUID
    made_at: datetime
    tables: tuple[HeldTable, ...]
    answers: tuple[HeldAnswer, ...]
    attachments: tuple[HeldAttachment, ...]
    medical: tuple[MedicalEntry, ...] | None
    """Opened where the user has the medical role, None where it stays sealed."""
    received_by: tuple[Received, ...]
    received_from: tuple[InboxItem, ...]
    looked: tuple[Looked, ...]
    log_since: datetime | None
    """The time of the oldest entry of the log; what was before is not known."""

    def table(self, name: str) -> HeldTable:
        """Return the table with this name in the database. Raises KeyError when it has none."""
        return next((t for t in self.tables if t.table == name), None) or _missing(name)


def inzage(vault: Vault, person_id: UUID) -> Inzage:
    """Return everything that this vault holds on a person; making it is in the log too.

    Raises KeyError when there is no such person here, PermissionError when the user's roles do not
    let them see persons.
    """
    if not may_see_persons(vault.user.roles):
        raise PermissionError
    seed = vault.role_seed(UserRole.MEDISCH)
    with vault.read(_PURPOSE) as records:
        if records.persons.get(person_id) is None:
            raise KeyError(person_id)
        names = records.audit.user_names()
        tables = records.inzage.held(person_id)
        by_name = {table.table: table.rows for table in tables}
        return Inzage(
            person_id=person_id,
            made_at=vault.env.now(),
            tables=tables,
            answers=tuple(_answer(row, names) for row in by_name["answer"]),
            attachments=tuple(
                _attachment(row, records.attachments.get(UUID(_values(row)["attachment_id"]), seed))
                for row in by_name["attachment"]
            ),
            medical=None if seed is None else records.medical.of_person(person_id, seed),
            received_by=tuple(
                Received(each, records.receipts.of_handover(each.handover_id))
                for each in records.handovers.of_person(person_id)
            ),
            received_from=tuple(i for i in records.inbox.all() if i.person_id == person_id),
            looked=tuple(_looked(records, person_id, names)),
            log_since=records.audit.since(),
        )


def _looked(records: Records, person_id: UUID, names: dict[UUID, str]) -> Iterator[Looked]:
    """Yield the entries about the person, newest first."""
    below: dict[str, int] = {}
    while some := records.audit.entries(_AT_ONCE, mentions=(person_id,), **below):
        for entry in some:
            try:
                fact = fact_of(entry.body)
            except ValueError:
                continue  # the check of the log tells of it
            if person_id in fact.persons:
                who = "" if fact.user_id is None else names.get(fact.user_id, "")
                changed = fact.action != "R"
                yield Looked(entry.seq, entry.at, fact.user_id, who, fact.purpose, changed)
        below = {"below": some[-1].seq}


def _values(row: HeldRow) -> dict[str, str]:
    return {f.name: "" if f.value is None else str(f.value) for f in row.fields}


def _answer(row: HeldRow, names: dict[UUID, str]) -> HeldAnswer:
    said = _values(row)
    return HeldAnswer(
        interview_id=UUID(said["interview_id"]),
        path=said["path"],
        repeat=UUID(said["repeat"]) if said["repeat"] else None,
        value=said["value"],
        state=AnswerState(said["state"]),
        note=said["note"],
        author=names.get(UUID(said["author_id"]), ""),
        at=datetime.fromisoformat(said["at"]),
        source=said["source"],
        earlier=row.earlier,
    )


def _attachment(row: HeldRow, opened: Attachment | None) -> HeldAttachment:
    """Return the row with what is sealed in it, as far as the user's roles open that."""
    said = _values(row)
    removed = said["removed_at"]
    return HeldAttachment(
        attachment_id=UUID(said["attachment_id"]),
        title=opened.title if opened else "",
        media_type=opened.media_type if opened else "",
        size=int(said["size"]),
        category=said["category"],
        role=said["role"],
        source=said["source"],
        added_at=datetime.fromisoformat(said["added_at"]),
        removed_at=datetime.fromisoformat(removed) if removed else None,
    )


def _missing(name: str) -> HeldTable:
    raise KeyError(name)
