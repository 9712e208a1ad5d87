"""Finding persons by what was heard: the index is asked nearest first, until there are enough."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, islice
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, or_, select, text, update
from sqlalchemy.dialects.sqlite import insert

from intake_app.domain.finding import AskedWord, Entry, asked, entry, household_words
from intake_app.domain.person import Person
from intake_app.vault.rows import pack, unpack
from intake_app.vault.schema import SEARCHED, household, household_person, search_entry
from intake_app.vault.scope import Scope, Store
from intake_app.vault.search import Among, Nearness, nearest, question

_FEW: Final = 10
"""With fewer found than this, those who are further away are looked for too."""

_ADD: Final = insert(search_entry)
_PUT: Final = _ADD.on_conflict_do_update(
    index_elements=["person_id"],
    set_={name: _ADD.excluded[name] for name in ("sort_name", *SEARCHED)},
    where=or_(*(search_entry.c[n] != _ADD.excluded[n] for n in ("sort_name", *SEARCHED))),
)
_PUT_AROUND: Final = (
    update(search_entry)
    .where(
        search_entry.c.person_id == bindparam("of_person"),
        search_entry.c.household != bindparam("around"),
    )
    .values(household=bindparam("around"))
)
_AROUND: Final = (
    select(household.c.members)
    .join(household_person, household_person.c.household_id == household.c.household_id)
    .where(household_person.c.person_id == bindparam("person_id"))
)


_MUNICIPALITIES: Final = text(
    "SELECT DISTINCT municipality_code AS code FROM koppeling INDEXED BY koppeling_standing "
    "WHERE ended_on IS NULL ORDER BY code"
)
_MATCHED: Final = text(
    "SELECT rowid AS entry_id FROM search_index WHERE search_index MATCH :question"
)
_NAMED: Final = text(
    """
    SELECT entry_id, person_id, sort_name FROM search_entry
    WHERE entry_id IN (SELECT value FROM json_each(:entries))
    """
)
_ANY: Final = text(
    """
    SELECT e.person_id FROM search_index
    JOIN search_entry e ON e.entry_id = search_index.rowid
    WHERE search_index MATCH :question
    """
)
_LAST_FOUR: Final = 5
"""The length of a word of four digits with its letter: too little to name somebody by."""
EVERYBODY: Final = Among()


@dataclass(frozen=True, slots=True)
class Hit:
    """Somebody who was found, and how near."""

    person_id: UUID
    nearness: Nearness


class Search(Store):
    """The full-text index over persons."""

    __slots__ = ()

    def find(self, sought: str, limit: int, among: Among = EVERYBODY) -> tuple[Hit, ...]:
        """Return at most `limit` persons that fit every word, the nearest first, then by name.

        What was found goes into the audit log as a number; what was looked for never does.
        """
        words = asked(sought)
        found: dict[int, Nearness] = {}
        self._saw_object("search", None)
        for nearness in nearest(words) if words else ():
            if nearness > Nearness.SOUNDS and len(found) >= _FEW:
                break
            for entry_id in self._of(words, nearness, limit + len(found), among):
                found.setdefault(entry_id, nearness)
            if len(found) >= limit:
                break
        hits = self._in_order(dict(islice(found.items(), limit)))
        self._scope.persons_listed += len(hits)
        return hits

    def _in_order(self, found: dict[int, Nearness]) -> tuple[Hit, ...]:
        """Return what was found by nearness, then by name: only here are rows read at all."""
        if not found:
            return ()
        rows = self._all(_NAMED, {"entries": pack(found)})
        order = sorted(
            rows, key=lambda row: (found[row["entry_id"]], row["sort_name"], row["person_id"])
        )
        return tuple(Hit(UUID(row["person_id"]), found[row["entry_id"]]) for row in order)

    def by_name(self, limit: int, among: Among = EVERYBODY) -> tuple[UUID, ...]:
        """Return the first `limit` of these persons, by family name."""
        condition, values = among.condition("p.person_id")
        where = f"WHERE {condition}" if condition else ""
        statement = text(
            f"""
            SELECT p.person_id FROM person p INDEXED BY person_by_name {where}
            ORDER BY p.sort_name, p.person_id
            """  # noqa: S608  (our own words only)
        )
        rows = self._first(limit, statement, values)
        self._scope.persons_listed += len(rows)
        return tuple(UUID(row["person_id"]) for row in rows)

    def resembling(self, person: Person, limit: int = 300) -> tuple[UUID, ...]:
        """Return who may be the same person: a number is shared, or two words of the name sound so.

        A name of one word is looked for as that word. Who shares a number is always among them.
        """
        entry_words = _entry(person, ()).words.split()
        numbers = [f'"{word}"' for word in entry_words if word[0] == "d" and len(word) > _LAST_FOUR]
        first = person.given_names or person.call_name
        words = [w for w in asked(f"{first} {person.family_name}") if not w.number]
        words = words or [w for w in asked(person.name_in_own_script) if not w.number]
        heard = [question((word,), Nearness.RESEMBLES) for word in words]
        names = [f"({one} AND {two})" for one, two in combinations(heard, 2)] or heard
        found: dict[str, None] = {}
        for ways in (numbers, names):
            if ways:
                rows = self._first(limit, _ANY, {"question": " OR ".join(ways)})
                found |= dict.fromkeys(row["person_id"] for row in rows)
        self._saw_object("search", None)
        self._scope.persons_listed += len(found)
        return tuple(UUID(person_id) for person_id in found)

    def municipalities(self) -> tuple[str, ...]:
        """Return the CBS codes somebody here is coupled to now."""
        return tuple(row["code"] for row in self._all(_MUNICIPALITIES))

    def _of(
        self, words: tuple[AskedWord, ...], nearness: Nearness, limit: int, among: Among
    ) -> Sequence[int]:
        condition, values = among.condition("e.person_id")
        statement = _MATCHED
        if condition:
            statement = text(
                f"""
                SELECT e.entry_id FROM search_index
                JOIN search_entry e ON e.entry_id = search_index.rowid
                WHERE search_index MATCH :question AND {condition}
                """  # noqa: S608  (our own words only)
            )
        rows = self._first(limit, statement, values | {"question": question(words, nearness)})
        return [row["entry_id"] for row in rows]


def keep_person(scope: Scope, person: Person, sort_name: str) -> None:
    """Have the person found by what the record now says, in the transaction of `scope`."""
    made = _entry(person, _around(scope, str(person.person_id)))
    row = {"person_id": str(person.person_id), "sort_name": sort_name}
    scope.connection.execute(_PUT, row | {name: getattr(made, name) for name in SEARCHED})


def _entry(person: Person, household: Iterable[str]) -> Entry:
    names = (
        person.family_name,
        person.given_names,
        person.name_prefix,
        person.call_name,
        person.name_in_own_script,
        *person.aliases,
    )
    return entry(names, v_number=person.v_number, phone=person.phone, household=household)


def keep_households(scope: Scope, persons: Iterable[str]) -> None:
    """Have these persons found by who now is in their household, in the transaction of `scope`."""
    for person_id in persons:
        words = household_words(_around(scope, person_id))
        scope.connection.execute(_PUT_AROUND, {"of_person": person_id, "around": words})


def _around(scope: Scope, person_id: str) -> tuple[str, ...]:
    rows = scope.connection.execute(_AROUND, {"person_id": person_id}).scalars()
    return tuple(
        name
        for members in rows
        for name, _relation, _born, _here, member_id in unpack(members)
        if member_id != person_id
    )
