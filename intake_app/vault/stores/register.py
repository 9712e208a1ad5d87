"""What is registered around a person: household, koppelingen, stays, dated events."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from sqlalchemy import RowMapping, bindparam, delete, insert, select

from intake_app.domain.event import CaseEvent, EventKind
from intake_app.domain.partial_date import PartialDate
from intake_app.domain.person import (
    AzcStay,
    DecouplingReason,
    Household,
    HouseholdMember,
    Koppeling,
    Relation,
    Reunification,
)
from intake_app.vault.model import Overwritten
from intake_app.vault.rows import (
    date_of,
    date_or_none,
    day,
    key,
    moment,
    pack,
    stamp,
    unpack,
    uuid_or_none,
)
from intake_app.vault.schema import (
    case_event,
    household,
    household_history,
    household_person,
    koppeling,
    koppeling_history,
    stay,
)
from intake_app.vault.scope import Store, at_most, upsert
from intake_app.vault.stores.search import keep_households

_SAVE_HOUSEHOLD: Final = upsert(household)
_HOUSEHOLD: Final = select(household).where(household.c.household_id == bindparam("household_id"))
_HOUSEHOLD_OF: Final = (
    select(household)
    .join(household_person, household_person.c.household_id == household.c.household_id)
    .where(household_person.c.person_id == bindparam("person_id"))
    .order_by(household.c.changed_at.desc(), household.c.household_id)
    .limit(at_most(1))
)
_HOUSEHOLD_HISTORY: Final = (
    select(household_history)
    .where(household_history.c.household_id == bindparam("household_id"))
    .order_by(household_history.c.history_id)
)
_UNLINK: Final = delete(household_person).where(
    household_person.c.household_id == bindparam("household_id")
)
_LINK: Final = insert(household_person)
_LINKED: Final = select(household_person.c.person_id).where(
    household_person.c.household_id == bindparam("household_id")
)

_SAVE_KOPPELING: Final = upsert(koppeling)
_KOPPELINGEN: Final = (
    select(koppeling)
    .where(koppeling.c.person_id == bindparam("person_id"))
    .order_by(koppeling.c.linked_on, koppeling.c.changed_at, koppeling.c.koppeling_id)
)
_KOPPELINGEN_OF_MANY: Final = (
    select(koppeling)
    .where(koppeling.c.person_id.in_(bindparam("person_ids", expanding=True)))
    .order_by(koppeling.c.linked_on, koppeling.c.changed_at, koppeling.c.koppeling_id)
)
_KOPPELING_HISTORY: Final = (
    select(koppeling_history)
    .where(koppeling_history.c.koppeling_id == bindparam("koppeling_id"))
    .order_by(koppeling_history.c.history_id)
)

_SAVE_STAY: Final = upsert(stay)
_STAYS: Final = (
    select(stay)
    .where(stay.c.person_id == bindparam("person_id"))
    .order_by(stay.c.arrived_on, stay.c.stay_id)
)

_ADD_EVENT: Final = insert(case_event)
_IN_ORDER: Final = (case_event.c.recorded_at, case_event.c.event_id)
_EVENTS: Final = select(case_event).order_by(*_IN_ORDER)
_EVENTS_OF: Final = _EVENTS.where(case_event.c.person_id == bindparam("person_id"))
_EVENTS_OF_MANY: Final = (
    select(case_event)
    .where(case_event.c.person_id.in_(bindparam("person_ids", expanding=True)))
    .order_by(*_IN_ORDER)
)


class Households(Store):
    """Who belongs together."""

    __slots__ = ()

    def get(self, household_id: UUID) -> Household | None:
        """Return the household, or None."""
        row = self._one(_HOUSEHOLD, {"household_id": str(household_id)})
        return None if row is None else _household(row)

    def of_person(self, person_id: UUID) -> Household | None:
        """Return the household this person is a member of, the latest saved if there are more."""
        self._saw(person_id)
        row = self._one(_HOUSEHOLD_OF, {"person_id": str(person_id)})
        return None if row is None else _household(row)

    def history(self, household_id: UUID) -> tuple[Overwritten[Household], ...]:
        """Return the overwritten rows of the household, oldest first."""
        return tuple(
            Overwritten(_household(row), moment(row["replaced_at"]), UUID(row["replaced_by"]))
            for row in self._all(_HOUSEHOLD_HISTORY, {"household_id": str(household_id)})
        )

    def save(self, saved: Household) -> None:
        """Insert or replace the household. Raises ReadOnlyError outside a transaction."""
        writing = self._scope.writer()
        household_id = str(saved.household_id)
        members = (
            [m.name, m.relation.value, m.birth_date.iso(), m.in_netherlands, key(m.person_id)]
            for m in saved.members
        )
        row = {
            "household_id": household_id,
            "members": pack(members),
            "reunification": saved.reunification.value,
            "expected_persons": saved.expected_persons,
        }
        self._run(_SAVE_HOUSEHOLD, {**row, **writing.marks})
        known = dict.fromkeys(m.person_id for m in saved.members if m.person_id is not None)
        before = self._all(_LINKED, {"household_id": household_id})
        self._run(_UNLINK, {"household_id": household_id})
        if known:
            links = [{"person_id": str(p), "household_id": household_id} for p in known]
            self._run(_LINK, links)
        keep_households(self._scope, {row["person_id"] for row in before} | set(map(str, known)))
        for person_id in known or (None,):
            self._changed("household", saved.household_id, person_id)


class Koppelingen(Store):
    """The links of persons to municipalities; none is ever deleted."""

    __slots__ = ()

    def of_person(self, person_id: UUID) -> tuple[Koppeling, ...]:
        """Return every koppeling of the person, oldest first."""
        self._saw(person_id)
        return tuple(_koppeling(r) for r in self._all(_KOPPELINGEN, {"person_id": str(person_id)}))

    def of_persons(self, persons: Iterable[UUID]) -> dict[UUID, tuple[Koppeling, ...]]:
        """Return for each of these persons what `of_person` returns, read together."""
        return self._by_person(_KOPPELINGEN_OF_MANY, persons, _koppeling)

    def current(self, person_id: UUID) -> Koppeling | None:
        """Return the koppeling that has not ended, the latest if there are more, or None."""
        standing = [k for k in self.of_person(person_id) if k.ended_on is None]
        return standing[-1] if standing else None

    def history(self, koppeling_id: UUID) -> tuple[Overwritten[Koppeling], ...]:
        """Return the overwritten rows of the koppeling, oldest first."""
        return tuple(
            Overwritten(_koppeling(row), moment(row["replaced_at"]), UUID(row["replaced_by"]))
            for row in self._all(_KOPPELING_HISTORY, {"koppeling_id": str(koppeling_id)})
        )

    def save(self, saved: Koppeling) -> None:
        """Insert or replace the koppeling. Raises ReadOnlyError outside a transaction."""
        writing = self._scope.writer()
        row = {
            "koppeling_id": str(saved.koppeling_id),
            "person_id": str(saved.person_id),
            "municipality_code": saved.municipality_code,
            "linked_on": saved.linked_on.isoformat(),
            "ended_on": day(saved.ended_on),
            "end_reason": None if saved.end_reason is None else saved.end_reason.value,
            "promising_reason": saved.promising_reason,
        }
        self._run(_SAVE_KOPPELING, {**row, **writing.marks})
        self._changed("koppeling", saved.koppeling_id, saved.person_id)


class Stays(Store):
    """Where persons lived in which centre."""

    __slots__ = ()

    def of_person(self, person_id: UUID) -> tuple[AzcStay, ...]:
        """Return the stays of the person by day of arrival, those without one first."""
        self._saw(person_id)
        return tuple(_stay(row) for row in self._all(_STAYS, {"person_id": str(person_id)}))

    def save(self, saved: AzcStay) -> None:
        """Insert or replace the stay. Raises ReadOnlyError outside a transaction."""
        writing = self._scope.writer()
        row = {
            "stay_id": str(saved.stay_id),
            "person_id": str(saved.person_id),
            "location": saved.location,
            "room": saved.room,
            "arrived_on": day(saved.arrived),
            "left_on": day(saved.left),
            "coa_contact": saved.coa_contact,
        }
        self._run(_SAVE_STAY, {**row, **writing.marks})
        self._changed("stay", saved.stay_id, saved.person_id)


class Events(Store):
    """Dated facts; added, never changed."""

    __slots__ = ()

    def of_person(self, person_id: UUID) -> tuple[CaseEvent, ...]:
        """Return the events of the person in the order in which they were recorded."""
        self._saw(person_id)
        return tuple(_event(row) for row in self._all(_EVENTS_OF, {"person_id": str(person_id)}))

    def of_persons(self, persons: Iterable[UUID]) -> dict[UUID, tuple[CaseEvent, ...]]:
        """Return for each of these persons what `of_person` returns, read together."""
        return self._by_person(_EVENTS_OF_MANY, persons, _event)

    def all(self) -> tuple[CaseEvent, ...]:
        """Return the events of everybody in the order in which they were recorded."""
        return tuple(_event(row) for row in self._all(_EVENTS))

    def add(self, added: CaseEvent) -> None:
        """Add the event. Raises ReadOnlyError outside a transaction; a second one with the same
        identifier breaks the transaction with RecordRefused."""
        writing = self._scope.writer()
        row = {
            "event_id": str(added.event_id),
            "person_id": str(added.person_id),
            "kind": added.kind.value,
            "on_date": added.on.isoformat(),
            "recorded_at": stamp(added.recorded_at),
            "source": added.source,
            "detail": added.detail,
            "changed_by": str(writing.actor_id),
        }
        self._run(_ADD_EVENT, row)
        self._changed("event", added.event_id, added.person_id)


def _household(row: RowMapping) -> Household:
    members = tuple(
        HouseholdMember(
            name=name,
            relation=Relation(relation),
            birth_date=PartialDate.parse(birth_date),
            in_netherlands=in_netherlands,
            person_id=uuid_or_none(person_id),
        )
        for name, relation, birth_date, in_netherlands, person_id in unpack(row["members"])
    )
    return Household(
        household_id=UUID(row["household_id"]),
        members=members,
        reunification=Reunification(row["reunification"]),
        expected_persons=row["expected_persons"],
    )


def _koppeling(row: RowMapping) -> Koppeling:
    reason = row["end_reason"]
    return Koppeling(
        koppeling_id=UUID(row["koppeling_id"]),
        person_id=UUID(row["person_id"]),
        municipality_code=row["municipality_code"],
        linked_on=date_of(row["linked_on"]),
        ended_on=date_or_none(row["ended_on"]),
        end_reason=None if reason is None else DecouplingReason(reason),
        promising_reason=row["promising_reason"],
    )


def _stay(row: RowMapping) -> AzcStay:
    return AzcStay(
        stay_id=UUID(row["stay_id"]),
        person_id=UUID(row["person_id"]),
        location=row["location"],
        room=row["room"],
        arrived=date_or_none(row["arrived_on"]),
        left=date_or_none(row["left_on"]),
        coa_contact=row["coa_contact"],
    )


def _event(row: RowMapping) -> CaseEvent:
    return CaseEvent(
        event_id=UUID(row["event_id"]),
        person_id=UUID(row["person_id"]),
        kind=EventKind(row["kind"]),
        on=date_of(row["on_date"]),
        recorded_at=moment(row["recorded_at"]),
        source=row["source"],
        detail=row["detail"],
    )
