"""The person the dossier is about, the household, and where they live now.

Names and dates follow the Dutch population register (BRP): somebody with one name has it in
`family_name` with `given_names` empty, an unknown family name is "."; a first name is never asked
as a condition.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from intake_app.domain.partial_date import PartialDate


class BirthDateStatus(StrEnum):
    """How the birth date is known; 'geschat' covers the fictive 1 January."""

    VASTGESTELD = "vastgesteld"
    OPGAVE = "opgave"
    GESCHAT = "geschat"


class Gender(StrEnum):
    """BRP table: man, vrouw, onbekend."""

    MAN = "M"
    VROUW = "V"
    ONBEKEND = "O"


class Literacy(StrEnum):
    """DUO's codes: Latin script, another script (AA), none (A), not known yet."""

    LATIJN = "latijn"
    ANDERS = "AA"
    ANALFABEET = "A"
    ONBEKEND = "onbekend"


@dataclass(frozen=True, slots=True)
class PersonLanguage:
    """A language somebody uses; `code` is ISO 639-3."""

    code: str
    is_mother_tongue: bool = False
    speaks: str = ""
    """ERK level (pre-A1, A1min, A1 … C2) or empty."""


@dataclass(frozen=True, slots=True)
class Person:
    """A statushouder or nareiziger. `v_number` (ten digits or empty) leads for matching."""

    person_id: UUID
    v_number: str
    family_name: str
    given_names: str = ""
    name_prefix: str = ""
    call_name: str = ""
    name_in_own_script: str = ""
    aliases: tuple[str, ...] = ()
    bsn: str = ""
    birth_date: PartialDate = field(default_factory=PartialDate)
    birth_date_status: BirthDateStatus = BirthDateStatus.OPGAVE
    gender: Gender = Gender.ONBEKEND
    birth_country: str = ""
    """BRP table 34, four digits, or empty."""
    nationalities: tuple[str, ...] = ()
    """BRP table 32, four digits each."""
    residence_title: str = ""
    """BRP table 56, two digits, or empty."""
    permit_from: PartialDate = field(default_factory=PartialDate)
    contact_language: str = ""
    """Folder name of the catalogue ('ar', 'ti', …) in which questions are shown to this person."""
    languages: tuple[PersonLanguage, ...] = ()
    literacy: Literacy = Literacy.ONBEKEND
    interpreter_needed: bool | None = None
    phone: str = ""
    email: str = ""
    is_nareiziger: bool = False
    sponsor_id: UUID | None = None
    """The person they follow (referent), when known here."""
    no_azc_intake_reason: str = ""
    """Why no intake took place in an AZC; empty where one did or still may."""

    @property
    def display_name(self) -> str:
        """Return the name as colleagues say it: call name or given names, prefix, family name."""
        first = self.call_name or self.given_names
        family = "" if self.family_name == "." and first else self.family_name
        return " ".join(part for part in (first, self.name_prefix, family) if part)

    @property
    def short_name(self) -> str:
        """Return the call name with the first letter of the family name, for the screens."""
        first = self.call_name or self.given_names.split(" ")[0]
        if not first:
            return self.family_name
        return f"{first} {self.family_name[0]}." if self.family_name.strip(".") else first

    @property
    def has_fictive_birthday(self) -> bool:
        """True for 1 January as an estimate: only the year means anything."""
        estimated = self.birth_date_status is BirthDateStatus.GESCHAT
        return estimated and self.birth_date.is_first_of_january

    def age_on(self, day: date) -> tuple[int, int] | None:
        """Return the youngest and the oldest age in whole years on `day`; None without a year.

        A fictive 1 January counts as a birthday that is not known.
        """
        born = PartialDate(self.birth_date.year) if self.has_fictive_birthday else self.birth_date
        return born.age_on(day)

    def with_changes(self, **changes: object) -> Person:
        """Return a copy with `changes`."""
        return replace(self, **changes)  # type: ignore[arg-type]


class Relation(StrEnum):
    """How a member relates to the first person of the household."""

    ZELF = "zelf"
    PARTNER = "partner"
    KIND = "kind"
    OUDER = "ouder"
    BROER_ZUS = "broer_zus"
    ANDER = "ander"


class Reunification(StrEnum):
    """How far family reunification is."""

    GEEN = "geen"
    OVERWEEGT = "overweegt"
    AANGEVRAAGD = "aangevraagd"
    INGEWILLIGD = "ingewilligd"
    AFGEWEZEN = "afgewezen"
    AANGEKOMEN = "aangekomen"


@dataclass(frozen=True, slots=True)
class HouseholdMember:
    """One member; `person_id` is set when the member has a record of their own."""

    name: str
    relation: Relation
    birth_date: PartialDate = field(default_factory=PartialDate)
    in_netherlands: bool = True
    person_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Household:
    """Who belongs together now or after reunification; not an address."""

    household_id: UUID
    members: tuple[HouseholdMember, ...]
    reunification: Reunification = Reunification.GEEN
    expected_persons: int = 0


@dataclass(frozen=True, slots=True)
class AzcStay:
    """Where in which centre, from when to when."""

    stay_id: UUID
    person_id: UUID
    location: str
    room: str = ""
    arrived: date | None = None
    left: date | None = None
    coa_contact: str = ""


class DecouplingReason(StrEnum):
    """Why a koppeling ended."""

    HERKOPPELD = "herkoppeld"
    UITRUIL = "uitruil"
    INGETROKKEN = "ingetrokken"
    ANDERS = "anders"


@dataclass(frozen=True, slots=True)
class Koppeling:
    """The link of a person to a municipality (CBS code of four digits); history is kept."""

    koppeling_id: UUID
    person_id: UUID
    municipality_code: str
    linked_on: date
    ended_on: date | None = None
    end_reason: DecouplingReason | None = None
    promising_reason: str = ""
    """Why this municipality fits (kansrijke koppeling), in the case manager's words."""
