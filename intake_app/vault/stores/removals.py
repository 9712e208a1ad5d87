"""What is removed from the vault when its term is over, and the nameless stub that stays.

Which rows are about a person follows from the columns of the tables: `person_id`, or the identifier
of something that belongs to the person. Tables whose rows outlive a person are named here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping, Table, bindparam, delete, func, insert, or_, select, text, update

from intake_app.domain.handover import FINAL, HandoverState, InboxState
from intake_app.vault import schema
from intake_app.vault.rows import moment, moment_or_none, pack, stamp, stamp_or_none, unpack
from intake_app.vault.scope import Store, at_most, upsert
from intake_app.vault.stores.persons import folded
from intake_app.vault.stores.search import keep_households

KEPT: Final = frozenset({"removal", "removed_item"})
"""Tables with the identifier of a person that stay: they say that something was removed."""


class Ground(StrEnum):
    """Why something goes."""

    GEACCEPTEERD = "geaccepteerd"
    """The receiver accepted the dossier, and the term after that is over."""
    GEWEIGERD = "geweigerd"
    """A received dossier was refused here, and the term after that is over."""
    OVERLEDEN = "overleden"
    VERTROKKEN = "vertrokken"
    VERHUISD = "verhuisd"
    TERUGGEKEERD = "teruggekeerd"
    ANDERS = "anders"


BY_TWO: Final = tuple(Ground)[2:]
"""Grounds that two users have to decide on."""


class RemovalState(StrEnum):
    """Where a removal stands. Only `GEDAAN` cannot be undone."""

    GEWAARSCHUWD = "gewaarschuwd"
    VOORGESTELD = "voorgesteld"
    BESLOTEN = "besloten"
    UITGESTELD = "uitgesteld"
    INGETROKKEN = "ingetrokken"
    GEDAAN = "gedaan"


STANDING: Final = frozenset(
    {RemovalState.GEWAARSCHUWD, RemovalState.VOORGESTELD, RemovalState.BESLOTEN}
)


@dataclass(frozen=True, slots=True)
class Removal:
    """A removal that is coming, was decided on, or is done; a row for each time.

    `subject_id` is the person, or with `Ground.GEWEIGERD` the received handover. For a postponed
    one `decided_at` is when it was put off.
    """

    removal_id: UUID
    subject_id: UUID
    ground: Ground
    reason: str
    proposed_at: datetime
    proposed_by: UUID
    state: RemovalState
    decided_at: datetime | None = None
    decided_by: UUID | None = None
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """A person whose latest dossier was accepted and of whom no handover is under way."""

    person_id: UUID
    handover_id: UUID
    offered_at: datetime
    accepted_at: datetime
    """By our clock or the receiver's, whichever is later."""
    worked_at: datetime | None
    """When something about the person was last written that a dossier may hold."""
    medical: bool
    """True when there is something in the medical compartment."""


_SAVE: Final = upsert(schema.removal)
_ALL: Final = select(schema.removal).order_by(
    schema.removal.c.proposed_at, schema.removal.c.removal_id
)
_RECEIVED: Final = select(schema.removed_item).where(schema.removed_item.c.kind == "inbox")
_OVER: Final = tuple(state.value for state in FINAL)
_ACCEPTED: Final = text(
    """
    SELECT h.person_id, h.handover_id, h.created_at, h.state_changed_at,
        (SELECT max(at) FROM receipt
         WHERE handover_id = h.handover_id AND kind = 'geaccepteerd') AS signed_at
    FROM handover h
    WHERE h.state = 'geaccepteerd' AND coalesce(h.state_changed_at, h.created_at) <= :until
        AND (:only = '' OR h.person_id = :only)
        AND NOT EXISTS (
            SELECT 1 FROM handover o WHERE o.person_id = h.person_id
            AND (o.dossier_version > h.dossier_version OR o.state NOT IN :over))
    ORDER BY h.state_changed_at, h.handover_id LIMIT :at_most
    """
).bindparams(bindparam("over", expanding=True))
_WORKED: Final = text(
    """
    SELECT max(at) AS worked_at FROM (
        SELECT max(changed_at) AS at FROM person WHERE person_id = :p
        UNION ALL SELECT max(changed_at) FROM koppeling WHERE person_id = :p
        UNION ALL SELECT max(changed_at) FROM stay WHERE person_id = :p
        UNION ALL SELECT max(changed_at) FROM plan WHERE person_id = :p
        UNION ALL SELECT max(changed_at) FROM activity WHERE person_id = :p
        UNION ALL SELECT max(changed_at) FROM consent WHERE person_id = :p
        UNION ALL SELECT max(started_at) FROM interview WHERE person_id = :p
        UNION ALL SELECT max(changed_at) FROM answer WHERE interview_id IN
            (SELECT interview_id FROM interview WHERE person_id = :p)
        UNION ALL SELECT max(changed_at) FROM household WHERE household_id IN
            (SELECT household_id FROM household_person WHERE person_id = :p)
        UNION ALL SELECT max(recorded_at) FROM case_event WHERE person_id = :p
            AND kind NOT LIKE 'overdracht_%'
            AND kind NOT IN ('dossier_overgenomen', 'geregistreerd')
        UNION ALL SELECT max(added_at) FROM attachment WHERE person_id = :p
        UNION ALL SELECT max(written_at) FROM medical_entry WHERE person_id = :p)
    """
)
"""Events that say what became of a dossier are no work that has to be handed over."""
_MEDICAL: Final = text(
    """
    SELECT EXISTS (SELECT 1 FROM medical_entry WHERE person_id = :p)
        OR EXISTS (SELECT 1 FROM attachment
                   WHERE person_id = :p AND role <> '' AND removed_at IS NULL) AS there
    """
)
_WAITING: Final = select(schema.inbox.c.dossier_json).where(
    schema.inbox.c.state == InboxState.GEOPEND.value
)
_EVER: Final = "9999"
_PARENTS: Final[Mapping[str, tuple[str, str]]] = {
    "interview_id": ("interview", "person_id"),
    "attachment_id": ("attachment", "person_id"),
    "handover_id": ("handover", "person_id"),
}
"""Columns by which a row belongs to something of a person."""


@dataclass(frozen=True, slots=True)
class RemovedDossier:
    """What is still known of a received dossier that was removed: no name, no words."""

    state: InboxState
    received_at: datetime
    decided_at: datetime | None
    file_sha256: str
    """Of the sealed file, in hex."""


class Removals(Store):
    """Removals, and removing itself."""

    __slots__ = ()

    def all(self) -> tuple[Removal, ...]:
        """Return every removal, the earliest proposed first."""
        return tuple(_removal(row) for row in self._all(_ALL))

    def get(self, removal_id: UUID) -> Removal | None:
        """Return the removal, or None."""
        row = self._one(_ALL.where(schema.removal.c.removal_id == str(removal_id)))
        return None if row is None else _removal(row)

    def save(self, saved: Removal) -> None:
        """Insert or replace the removal. Raises ReadOnlyError outside a transaction."""
        self._scope.writer()
        row = {
            "removal_id": str(saved.removal_id),
            "person_id": str(saved.subject_id),
            "ground": saved.ground.value,
            "reason": saved.reason,
            "proposed_at": stamp(saved.proposed_at),
            "proposed_by": str(saved.proposed_by),
            "state": saved.state.value,
            "decided_at": stamp_or_none(saved.decided_at),
            "decided_by": None if saved.decided_by is None else str(saved.decided_by),
            "done_at": stamp_or_none(saved.done_at),
        }
        self._run(_SAVE, row)
        person_id = None if saved.ground is Ground.GEWEIGERD else saved.subject_id
        self._changed("removal", saved.removal_id, person_id)

    def received(self) -> frozenset[tuple[UUID, UUID]]:
        """Return sender and number of each received dossier that was removed since."""
        return frozenset(
            (UUID(row["other_id"]), UUID(row["item_id"])) for row in self._all(_RECEIVED)
        )

    def received_from(self, sender_id: UUID, handover_id: UUID) -> RemovedDossier | None:
        """Return what stays of a received dossier that was removed since, or None."""
        item = schema.removed_item.c
        row = self._one(
            _RECEIVED.where(item.other_id == bindparam("sender")).where(
                item.item_id == bindparam("handover")
            ),
            {"sender": str(sender_id), "handover": str(handover_id)},
        )
        if row is None:
            return None
        return RemovedDossier(
            state=InboxState(row["state"]),
            received_at=moment(row["at"]),
            decided_at=moment_or_none(row["decided_at"]),
            file_sha256=row["file_sha256"],
        )

    def accepted(
        self,
        until: datetime | None = None,
        at_most: int = 300,
        only: UUID | None = None,
    ) -> tuple[Accepted, ...]:
        """Return the persons whose latest dossier was accepted, the longest ago first.

        Of whom a handover is under way is left out, and who was accepted after `until`; with
        `only` it is about that person.
        """
        values = {
            "only": "" if only is None else str(only),
            "until": _EVER if until is None else stamp(until),
            "over": _OVER,
            "at_most": at_most,
        }
        return tuple(self._accepted(row) for row in self._all(_ACCEPTED, values))

    def _accepted(self, row: RowMapping) -> Accepted:
        moments = [row["created_at"], row["state_changed_at"], row["signed_at"]]
        values = {"p": row["person_id"]}
        worked, medical = self._one(_WORKED, values), self._one(_MEDICAL, values)
        return Accepted(
            person_id=UUID(row["person_id"]),
            handover_id=UUID(row["handover_id"]),
            offered_at=moment(row["created_at"]),
            accepted_at=max(moment(each) for each in moments if each is not None),
            worked_at=moment_or_none(worked["worked_at"]) if worked is not None else None,
            medical=medical is not None and bool(medical["there"]),
        )

    def waiting(self) -> tuple[bytes, ...]:
        """Return the received dossiers that nobody decided on, as they came."""
        return tuple(row["dossier_json"] for row in self._all(_WAITING))

    def refused(self) -> tuple[tuple[UUID, datetime], ...]:
        """Return the received dossiers that were refused here, and when."""
        inbox = schema.inbox.c
        rows = self._all(
            select(inbox.handover_id, inbox.decided_at).where(
                inbox.state == InboxState.GEWEIGERD.value, inbox.decided_at.is_not(None)
            )
        )
        return tuple((UUID(row["handover_id"]), moment(row["decided_at"])) for row in rows)

    def erase_person(self, removal: Removal, inbox_ids: Iterable[UUID] = ()) -> None:
        """Delete every row with content about the person, history included.

        `inbox_ids` are received dossiers about the same person that were never taken over. What
        stays is the removal, and per handover and received dossier a line without a name. Rows of
        others in the same household keep that there is a member, not who. Raises ReadOnlyError
        outside a transaction. The bytes are only gone after `scrub`.
        """
        self._scope.writer()
        key = str(removal.subject_id)
        names = self._names(key)
        households = self._column(
            schema.household_person, "household_id", schema.household_person.c.person_id == key
        )
        inbox = schema.inbox.c
        received = self._column(
            schema.inbox,
            "handover_id",
            or_(inbox.person_id == key, inbox.handover_id.in_([str(i) for i in inbox_ids])),
        )
        sent = self._column(schema.handover, "handover_id", schema.handover.c.person_id == key)
        self._keep_stubs(removal, sent, received)
        self._erase_received(received)
        own: list[str] = [key, *sent, *received]
        for column, (parent, owner) in _PARENTS.items():
            ids = self._column(_table(parent), column, _table(parent).c[owner] == key)
            own += ids
            for table in _with_column(column):
                if table.name not in {parent, f"{parent}_history", "inbox"}:
                    self._delete(table, column, ids)
        self._delete(schema.outbox, "subject_id", [*sent, *received])
        for table in _with_column("person_id"):
            if table.name not in KEPT:
                self._delete(table, "person_id", [key])
        for household_id in households:
            self._leave_household(household_id, key, names)
        self._forget_settings(own)
        self._changed("wipe", removal.removal_id, removal.subject_id)
        self._changed("person", removal.subject_id, removal.subject_id)

    def erase_received(self, removal: Removal) -> None:
        """Delete a received dossier that was refused. Raises ReadOnlyError outside a transaction.

        What stays is the removal and a line without a name.
        """
        self._scope.writer()
        ids = [str(removal.subject_id)]
        self._keep_stubs(removal, [], ids)
        self._erase_received(ids)
        self._forget_settings(ids)
        self._changed("wipe", removal.removal_id, None)
        self._changed("inbox", removal.subject_id, None)

    def _erase_received(self, ids: list[str]) -> None:
        papers = self._column(
            schema.attachment, "attachment_id", schema.attachment.c.inbox_id.in_(ids)
        )
        for table in (schema.attachment_chunk, schema.answer_file, schema.attachment):
            self._delete(table, "attachment_id", papers)
        self._delete(schema.arrival, "inbox_id", ids)
        self._delete(schema.outbox, "subject_id", ids)
        self._delete(schema.inbox, "handover_id", ids)

    def _keep_stubs(self, removal: Removal, sent: list[str], received: list[str]) -> None:
        sent_rows = self._all(
            select(schema.handover).where(schema.handover.c.handover_id.in_(sent))
        )
        rows = [
            {
                "item_id": row["handover_id"],
                "kind": "handover",
                "other_id": row["recipient_id"],
                "municipality_code": row["municipality_code"],
                "dossier_version": row["dossier_version"],
                "state": row["state"],
                "at": row["created_at"],
                "decided_at": row["state_changed_at"],
                "file_sha256": row["file_sha256"],
                "proof": self._proof(row["handover_id"]),
            }
            for row in sent_rows
        ]
        inbox = schema.inbox
        received_rows = self._all(select(inbox).where(inbox.c.handover_id.in_(received)))
        rows += [
            {
                "item_id": row["handover_id"],
                "kind": "inbox",
                "other_id": row["sender_id"],
                "municipality_code": "",
                "dossier_version": row["dossier_version"],
                "state": row["state"],
                "at": row["received_at"],
                "decided_at": row["decided_at"],
                "file_sha256": row["file_sha256"],
                "proof": b"",
            }
            for row in received_rows
        ]
        if rows:
            stubs = [{**row, "removal_id": str(removal.removal_id)} for row in rows]
            self._run(insert(schema.removed_item), stubs)

    def _proof(self, handover_id: str) -> bytes:
        """Return the signed receipt of acceptance; one of refusal gives a reason in words."""
        receipt = schema.receipt.c
        found = self._scope.connection.execute(
            select(receipt.raw)
            .where(receipt.handover_id == handover_id)
            .where(receipt.kind == HandoverState.GEACCEPTEERD.value)
            .where(receipt.reason == "")
            .order_by(receipt.at.desc())
            .limit(at_most(1))
        ).scalar()
        return found or b""

    def _names(self, key: str) -> frozenset[tuple[str, str]]:
        """Return what an unlinked member of a household may be known by: name and birth date.

        With a full name the birth date does not matter, and is ''; a first name alone is that of
        others too.
        """
        found: set[tuple[str, str]] = set()
        for table in (schema.person, schema.person_history):
            for row in self._all(select(table).where(table.c.person_id == key)):
                given, call = row["given_names"], row["call_name"]
                first = (given, call, given.split(" ")[0])
                family = " ".join(p for p in (row["name_prefix"], row["family_name"]) if p)
                whole = [row["name_in_own_script"], *unpack(row["aliases"])]
                whole += [f"{n} {f}" for n in first for f in (family, row["family_name"]) if n]
                found |= {(folded(name).strip(), "") for name in whole}
                found |= {(folded(name), row["birth_date"]) for name in first if row["birth_date"]}
        return frozenset(each for each in found if each[0])

    def _leave_household(
        self, household_id: str, key: str, names: frozenset[tuple[str, str]]
    ) -> None:
        """Take the person out of a household; it goes when nobody of it is in the vault any more.

        Earlier versions of it are changed too: they would still say who it was.
        """
        links = schema.household_person
        left = self._column(links, "person_id", links.c.household_id == household_id)
        # In this order: changing the household keeps the row it replaces, and that goes next.
        tables: tuple[tuple[Table, str], ...] = (
            (schema.household, "household_id"),
            (schema.household_history, "history_id"),
        )
        for table, own_key in tables:
            of_this = table.c.household_id == household_id
            if not left:
                self._run(delete(table).where(of_this))
                continue
            for row in self._all(select(table.c[own_key], table.c.members).where(of_this)):
                nameless = pack(_nameless(each, key, names) for each in unpack(row["members"]))
                if nameless != row["members"]:
                    self._run(
                        update(table)
                        .where(table.c[own_key] == row[own_key])
                        .values(members=nameless)
                    )
        if left:
            keep_households(self._scope, left)

    def _forget_settings(self, ids: Iterable[str]) -> None:
        """Forget what the program kept under, or as, one of these identifiers."""
        setting = schema.setting
        for each in ids:
            self._run(delete(setting).where(func.instr(setting.c.name, each) > 0))
            self._run(update(setting).where(setting.c.value == each).values(value=""))

    def _column(self, table: Table, column: str, condition: Any) -> list[str]:
        found = self._scope.connection.execute(select(table.c[column]).where(condition))
        return [str(value) for value in found.scalars()]

    def _delete(self, table: Table, column: str, ids: list[str]) -> None:
        for start in range(0, len(ids), 500):
            some = ids[start : start + 500]
            self._run(delete(table).where(table.c[column].in_(some)))


def about_a_person(table: Table) -> bool:
    """True for tables of which `erase_person` deletes rows."""
    by_parent = any(column in table.c for column in _PARENTS) and table.name not in KEPT
    return by_parent or ("person_id" in table.c and table.name not in KEPT)


def _with_column(name: str) -> tuple[Table, ...]:
    return tuple(table for table in schema.metadata.sorted_tables if name in table.c)


def _table(name: str) -> Table:
    return schema.metadata.tables[name]


def _nameless(member: list[Any], key: str, names: frozenset[tuple[str, str]]) -> list[Any]:
    """Return the member as it stands, or only how they relate when it is this person."""
    name, relation, born, in_netherlands, person_id = member
    called = folded(name).strip()
    is_it = person_id is None and not names.isdisjoint({(called, ""), (called, born or "-")})
    if person_id == key or is_it:
        return ["", relation, "", in_netherlands, None]
    return member


def _removal(row: RowMapping) -> Removal:
    return Removal(
        removal_id=UUID(row["removal_id"]),
        subject_id=UUID(row["person_id"]),
        ground=Ground(row["ground"]),
        reason=row["reason"],
        proposed_at=moment(row["proposed_at"]),
        proposed_by=UUID(row["proposed_by"]),
        state=RemovalState(row["state"]),
        decided_at=moment_or_none(row["decided_at"]),
        decided_by=None if row["decided_by"] is None else UUID(row["decided_by"]),
        done_at=moment_or_none(row["done_at"]),
    )
