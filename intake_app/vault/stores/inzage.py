"""Everything the vault holds on one person, table by table, for the right of access (GDPR art. 15).

Each table of the schema is in exactly one of three: `HELD`, what is shown; `FOLDED`, what is shown
with another table; `IMPERSONAL`, what says nothing about a person. A table that is in none of them
is a table that inzage would forget, so the tests refuse it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Table, func, or_, select

from intake_app.vault import schema as s
from intake_app.vault.scope import Store

_Whose = Callable[[str], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class HeldField:
    """One column: its name as in the glossary, and what stands there.

    `value` is None where nothing was filled in. `raw` is what is kept as bytes: a file as it came,
    a signed receipt, or sealed medical contents.
    """

    name: str
    value: str | int | None
    raw: bytes | None = None


@dataclass(frozen=True, slots=True)
class HeldRow:
    """One row as it stands; `earlier` tells how many overwritten versions of it are kept."""

    fields: tuple[HeldField, ...]
    earlier: int = 0


@dataclass(frozen=True, slots=True)
class HeldTable:
    """What one table holds on the person. `name` is the glossary's, `word` the Dutch one."""

    table: str
    name: str
    word: str
    rows: tuple[HeldRow, ...]


@dataclass(frozen=True, slots=True)
class _Held:
    table: Table
    name: str
    word: str
    whose: _Whose
    without: frozenset[str] = frozenset()
    """Columns that repeat others for the machine: sorting and searching."""


def _own(table: Table) -> _Whose:
    return lambda person: table.c.person_id == person


def _of_interview(table: Table) -> _Whose:
    own = s.interview.c
    return lambda person: table.c.interview_id.in_(
        select(own.interview_id).where(own.person_id == person)
    )


def _of_handover(column: ColumnElement[str]) -> _Whose:
    own = s.handover.c
    return lambda person: column.in_(select(own.handover_id).where(own.person_id == person))


def _of_household(person: str) -> ColumnElement[bool]:
    link = s.household_person.c
    return s.household.c.household_id.in_(select(link.household_id).where(link.person_id == person))


def _of_person_or_inbox(person: str) -> ColumnElement[bool]:
    came = select(s.inbox.c.handover_id).where(s.inbox.c.person_id == person)
    return or_(s.attachment.c.person_id == person, s.attachment.c.inbox_id.in_(came))


def _answers_with_files(person: str) -> ColumnElement[bool]:
    own = select(s.attachment.c.attachment_id).where(_of_person_or_inbox(person))
    return s.answer_file.c.attachment_id.in_(own)


def _of_removal(person: str) -> ColumnElement[bool]:
    own = s.removal.c
    return s.removed_item.c.removal_id.in_(select(own.removal_id).where(own.person_id == person))


def _sent_or_answered(person: str) -> ColumnElement[bool]:
    subject = s.outbox.c.subject_id
    came = select(s.inbox.c.handover_id).where(s.inbox.c.person_id == person)
    return or_(_of_handover(subject)(person), subject.in_(came))


def _arrived(person: str) -> ColumnElement[bool]:
    came = select(s.inbox.c.handover_id).where(s.inbox.c.person_id == person)
    return s.arrival.c.inbox_id.in_(came)


HELD: Final[tuple[_Held, ...]] = (
    _Held(s.person, "Person", "persoon", _own(s.person), frozenset({"sort_name", "search"})),
    _Held(s.household, "Household", "huishouden", _of_household),
    _Held(s.koppeling, "Koppeling", "koppeling", _own(s.koppeling)),
    _Held(s.stay, "AzcStay", "verblijf AZC", _own(s.stay)),
    _Held(s.case_event, "CaseEvent", "gebeurtenis", _own(s.case_event)),
    _Held(s.interview, "Interview", "gesprek", _own(s.interview)),
    _Held(s.answer, "Answer", "antwoord", _of_interview(s.answer)),
    _Held(s.answer_aside, "Answer", "antwoord zonder plaats", _of_interview(s.answer_aside)),
    _Held(s.repeat_instance, "Interview", "herhaalde vragen", _of_interview(s.repeat_instance)),
    _Held(s.plan, "Plan", "plan van aanpak", _own(s.plan)),
    _Held(s.activity, "Activity", "al gedaan", _own(s.activity)),
    _Held(s.consent, "Consent", "toestemming", _own(s.consent)),
    _Held(s.attachment, "Attachment", "bijlage", _of_person_or_inbox),
    _Held(s.answer_file, "Attachment", "bestand als antwoord", _answers_with_files),
    _Held(s.medical_entry, "MedicalEnvelope", "medische stukken", _own(s.medical_entry)),
    _Held(s.handover, "Handover", "overdracht", _own(s.handover)),
    _Held(s.receipt, "Receipt", "ontvangstbewijs", _of_handover(s.receipt.c.handover_id)),
    _Held(s.inbox, "Inbox", "ontvangen dossier", _own(s.inbox)),
    _Held(s.outbox, "Outbox", "onderweg naar een ander", _sent_or_answered),
    _Held(s.arrival, "Inbox", "binnengekomen zending", _arrived),
    _Held(s.removal, "Removal", "besluit over wissen", _own(s.removal)),
    _Held(s.removed_item, "Removal", "wat van een gewist dossier blijft", _of_removal),
)
"""In the order in which a person would ask for it."""

FOLDED: Final[dict[str, str]] = {
    "household_person": "who is in which household: shown with the household",
    "search_entry": "the names of the person once more, made for searching",
    "attachment_chunk": "the bytes of an attachment: read through the attachment",
    "audit": "who looked and who changed: read from the log by `flows.inzage`",
}
IMPERSONAL: Final[dict[str, str]] = {
    "vault": "the organisation",
    "vault_user": "colleagues",
    "role_key": "public keys",
    "arrival_refused": "random numbers of files that were not taken in",
    "recovery_use": "colleagues",
    "recovery_seen": "colleagues",
    "organisation_key": "keys of the organisation",
    "form_version": "empty forms",
    "address_book": "organisations",
    "pinned_root": "public keys",
    "fingerprint_check": "colleagues and organisations",
    "routing_rule": "organisations",
    "setting": "how the program is set; the identifier of an open interview at most",
    "backup_key": "keys",
    "backup": "when copies were made",
    "audit_seal": "signatures of colleagues",
}


class InzageStore(Store):
    """The query behind inzage. Reading it counts as looking at the person."""

    __slots__ = ()

    def held(self, person_id: UUID) -> tuple[HeldTable, ...]:
        """Return what every table of `HELD` holds on the person, also where that is nothing.

        What was taken out of sight in the program (a removed repeat or attachment) is here too: it
        is still held. Medical contents come sealed.
        """
        self._saw(person_id)
        return tuple(self._table(each, str(person_id)) for each in HELD)

    def _table(self, held: _Held, person: str) -> HeldTable:
        table = held.table
        shown = [column.name for column in table.columns if column.name not in held.without]
        order = table.primary_key.columns
        found = self._all(select(table).where(held.whose(person)).order_by(*order))
        history = s.metadata.tables.get(f"{table.name}_history")
        keys = [column.name for column in table.primary_key.columns]
        earlier: dict[tuple[object, ...], int] = {}
        if history is not None and found:
            columns = [history.c[name] for name in keys]
            ids = {row[keys[0]] for row in found}
            counted = select(*columns, func.count()).group_by(*columns)
            for some in _by_hundreds(sorted(ids)):
                for row in self._scope.connection.execute(counted.where(columns[0].in_(some))):
                    earlier[tuple(row[:-1])] = row[-1]
        rows = tuple(
            HeldRow(
                tuple(_field(name, row[name]) for name in shown),
                earlier.get(tuple(row[key] for key in keys), 0),
            )
            for row in found
        )
        return HeldTable(table.name, held.name, held.word, rows)


def _field(name: str, value: object) -> HeldField:
    if isinstance(value, bytes):
        return HeldField(name, len(value), value)
    return HeldField(name, value if isinstance(value, int) or value is None else str(value))


def _by_hundreds(values: list[str]) -> list[list[str]]:
    return [values[start : start + 100] for start in range(0, len(values), 100)]
