"""Persons: the row and its history; what somebody is found by is kept in step."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping, bindparam, select

from intake_app.domain.partial_date import PartialDate
from intake_app.domain.person import BirthDateStatus, Gender, Literacy, Person, PersonLanguage
from intake_app.vault.model import Overwritten
from intake_app.vault.rows import key, moment, pack, unpack, uuid_or_none
from intake_app.vault.schema import person, person_history
from intake_app.vault.scope import Store, at_most, upsert
from intake_app.vault.stores.search import Search, keep_person

_SAVE: Final = upsert(person)
_BY_ID: Final = select(person).where(person.c.person_id == bindparam("person_id"))
_BY_IDS: Final = select(person).where(
    person.c.person_id.in_(bindparam("person_ids", expanding=True))
)
_BY_V_NUMBER: Final = (
    select(person)
    .where(person.c.v_number == bindparam("v_number"), person.c.v_number != "")
    .order_by(person.c.person_id)
    .limit(at_most(1))
)
_HISTORY: Final = (
    select(person_history)
    .where(person_history.c.person_id == bindparam("person_id"))
    .order_by(person_history.c.history_id)
)
_BY_NAME: Final = select(person).order_by(person.c.sort_name, person.c.person_id)


def folded(text: str) -> str:
    """Return `text` for comparison: NFKC, case folded, diacritics dropped."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


class Persons(Store):
    """Every person of the vault. Saving keeps the row that was there."""

    __slots__ = ()

    def get(self, person_id: UUID) -> Person | None:
        """Return the person, or None."""
        row = self._one(_BY_ID, {"person_id": str(person_id)})
        if row is None:
            return None
        self._saw(person_id)
        return _person(row)

    def find_by_v_number(self, v_number: str) -> Person | None:
        """Return the person with this V-nummer (ten digits), or None."""
        row = self._one(_BY_V_NUMBER, {"v_number": v_number})
        if row is None:
            return None
        found = _person(row)
        self._saw(found.person_id)
        return found

    def of_ids(self, persons: Iterable[UUID], *, listed: bool = True) -> dict[UUID, Person]:
        """Return those of these persons that are here, read together.

        `listed` is False where the list that named them is in the audit log already.
        """
        found = self._by_person(_BY_IDS, persons, _person)
        self._scope.persons_listed += len(found) if listed else 0
        return {person_id: rows[0] for person_id, rows in found.items() if rows}

    def all(self) -> tuple[Person, ...]:
        """Return everybody, by family name."""
        return self._listed(self._all(_BY_NAME))

    def list(self, text: str = "", limit: int = 200) -> tuple[Person, ...]:
        """Return at most `limit` persons by family name, or as `Search.find` finds them."""
        if text.strip():
            hits = Search(self._scope).find(text, limit)
            rows = self._by_person(_BY_IDS, (hit.person_id for hit in hits), _person)
            return tuple(found for hit in hits for found in rows[hit.person_id])
        ids = select(person.c.person_id).order_by(person.c.sort_name, person.c.person_id)
        first = ids.limit(at_most(limit)).subquery()
        query = _BY_NAME.join(first, first.c.person_id == person.c.person_id)
        return self._listed(self._all(query))

    def history(self, person_id: UUID) -> tuple[Overwritten[Person], ...]:
        """Return the overwritten rows of the person, oldest first."""
        self._saw(person_id)
        return tuple(
            Overwritten(_person(row), moment(row["replaced_at"]), UUID(row["replaced_by"]))
            for row in self._all(_HISTORY, {"person_id": str(person_id)})
        )

    def save(self, saved: Person) -> None:
        """Insert or replace the person. Raises ReadOnlyError outside a transaction."""
        writing = self._scope.writer()
        row = _row(saved)
        self._run(_SAVE, {**row, **writing.marks})
        keep_person(self._scope, saved, str(row["sort_name"]))
        self._changed("person", saved.person_id, saved.person_id)

    def note_export(self, person_id: UUID) -> None:
        """Have the log say that something about the person left the vault, on paper or as a file.

        Raises ReadOnlyError outside a transaction.
        """
        self._scope.writer()
        self._changed("export", None, person_id)

    def _listed(self, rows: Any) -> tuple[Person, ...]:
        found = tuple(_person(row) for row in rows)
        self._scope.persons_listed += len(found)
        return found


def _row(who: Person) -> dict[str, object]:
    names = (who.family_name, who.given_names, who.name_prefix, who.call_name)
    searched = (*names, who.name_in_own_script, *who.aliases, who.v_number)
    needed = who.interpreter_needed
    return {
        "person_id": str(who.person_id),
        "v_number": who.v_number,
        "family_name": who.family_name,
        "given_names": who.given_names,
        "name_prefix": who.name_prefix,
        "call_name": who.call_name,
        "name_in_own_script": who.name_in_own_script,
        "aliases": pack(who.aliases),
        "bsn": who.bsn,
        "birth_date": who.birth_date.iso(),
        "birth_date_status": who.birth_date_status.value,
        "gender": who.gender.value,
        "birth_country": who.birth_country,
        "nationalities": pack(who.nationalities),
        "residence_title": who.residence_title,
        "permit_from": who.permit_from.iso(),
        "contact_language": who.contact_language,
        "languages": pack(
            [each.code, each.is_mother_tongue, each.speaks] for each in who.languages
        ),
        "literacy": who.literacy.value,
        "interpreter_needed": None if needed is None else int(needed),
        "phone": who.phone,
        "email": who.email,
        "is_nareiziger": int(who.is_nareiziger),
        "sponsor_id": key(who.sponsor_id),
        "no_azc_intake_reason": who.no_azc_intake_reason,
        "sort_name": folded(f"{who.family_name} {who.given_names}"),
        "search": folded("\n".join(searched)),
    }


def _person(row: RowMapping) -> Person:
    needed = row["interpreter_needed"]
    return Person(
        person_id=UUID(row["person_id"]),
        v_number=row["v_number"],
        family_name=row["family_name"],
        given_names=row["given_names"],
        name_prefix=row["name_prefix"],
        call_name=row["call_name"],
        name_in_own_script=row["name_in_own_script"],
        aliases=tuple(unpack(row["aliases"])),
        bsn=row["bsn"],
        birth_date=PartialDate.parse(row["birth_date"]),
        birth_date_status=BirthDateStatus(row["birth_date_status"]),
        gender=Gender(row["gender"]),
        birth_country=row["birth_country"],
        nationalities=tuple(unpack(row["nationalities"])),
        residence_title=row["residence_title"],
        permit_from=PartialDate.parse(row["permit_from"]),
        contact_language=row["contact_language"],
        languages=tuple(PersonLanguage(*each) for each in unpack(row["languages"])),
        literacy=Literacy(row["literacy"]),
        interpreter_needed=None if needed is None else bool(needed),
        phone=row["phone"],
        email=row["email"],
        is_nareiziger=bool(row["is_nareiziger"]),
        sponsor_id=uuid_or_none(row["sponsor_id"]),
        no_azc_intake_reason=row["no_azc_intake_reason"],
    )
