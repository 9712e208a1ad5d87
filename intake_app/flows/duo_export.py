"""The files for DUO: refused where DUO would refuse, what is missing is listed.

A municipality types a PIP into DUO's portal or has its own system send it; this file holds the same
in the shape DUO asks. It leaves the vault unprotected, so making one is told to the log.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import UUID

from intake_app.domain import duo
from intake_app.domain.actor import Profile
from intake_app.domain.duo import (
    Circumstances,
    LearnabilityTest,
    Level,
    LiteracyLessons,
    Pip,
    Progress,
    TestResult,
    Violation,
)
from intake_app.domain.plan import Leerroute
from intake_app.flows import desk, outside
from intake_app.flows.acting import actor_of
from intake_app.flows.duo_typed import FIELD_OF, LbtText, PipText, Reader
from intake_app.sentences import Sentence

if TYPE_CHECKING:
    from intake_app.domain.person import Person
    from intake_app.vault import Vault

VERSION: Final = 1


class Kind(StrEnum):
    """Which file."""

    PIP = "pip"
    LBT = "lbt"


FORMATS: Final[dict[Kind, str]] = {
    Kind.PIP: "doorgaande-lijn-duo-pip",
    Kind.LBT: "doorgaande-lijn-duo-lbt",
}
_LOGGED: Final[dict[Kind, str]] = {
    Kind.PIP: "bestand voor DUO maken: PIP",
    Kind.LBT: "bestand voor DUO maken: LBT",
}


class DuoRefused(ValueError):
    """DUO would refuse this; `violations` says what, in the order of the fields."""

    def __init__(self, violations: tuple[Violation, ...]) -> None:
        super().__init__("; ".join(each.field for each in violations))
        self.violations = violations


def missing(kind: Kind, text: PipText | LbtText) -> tuple[str, ...]:
    """Return the fields of the file that are still empty, as a colleague calls them."""
    needed = (
        ("dated", "route", "level", "may_finish_education", "literacy")
        if kind is Kind.PIP
        else ("result", "achieved", "needed", "taken_on")
    )
    return tuple(duo.FIELDS[FIELD_OF[name]] for name in needed if not getattr(text, name).strip())


def make_pip(vault: Vault, person_id: UUID, text: PipText) -> bytes:
    """Return the file with the PIP. Raises `DuoRefused` with all that is wrong, and `KeyError`."""
    person = _one(vault, person_id)
    reader = Reader()
    pip = Pip(
        dated=reader.day("dated", text.dated),
        route=reader.code("route", text.route, Leerroute),
        level=reader.code("level", text.level, Level),
        intensity=reader.number("intensity", text.intensity),
        may_finish_education=reader.yes_no("may_finish_education", text.may_finish_education),
        literacy=reader.code("literacy", text.literacy, LiteracyLessons),
    )
    known = Circumstances(
        today=desk.today(vault.env),
        first=text.first != "nee",
        asylum=_asylum(person),
        duty_from=reader.day("duty_from", text.duty_from),
        settled_on=reader.day("settled_on", text.settled_on),
    )
    progress = Progress(
        language_and_knm_hours=reader.number("language_and_knm_hours", text.language_and_knm_hours),
        participation_hours=reader.number("participation_hours", text.participation_hours),
        pvt_on=reader.day("pvt_on", text.pvt_on),
        map_on=reader.day("map_on", text.map_on),
        z_route_on=reader.day("z_route_on", text.z_route_on),
    )
    who, unnamed = _named(vault, person)
    violations = [
        *unnamed,
        *reader.with_rules(
            (
                *duo.check_pip(pip, known),
                *duo.check_progress(progress, pip.route, known.today),
            )
        ),
    ]
    if violations:
        raise DuoRefused(tuple(violations))
    content: dict[str, object] = {
        "eerstePip": known.first,
        "pip": _without_nothing(
            {
                "dagtekeningPip": _iso(pip.dated),
                "leerroute": pip.route,
                "niveau": pip.level,
                "geschatteIntensiteitB1Route": pip.intensity,
                "indicatorMagOpleidingAfmaken": pip.may_finish_education,
                "indicatorAlfabetiseringsonderwijs": pip.literacy,
            }
        ),
        "voortgang": _without_nothing(
            {
                "urenTaallesEnKnm": progress.language_and_knm_hours,
                "urenParticipatie": progress.participation_hours,
                "datumPvt": _iso(progress.pvt_on),
                "datumMap": _iso(progress.map_on),
                "datumZRoute": _iso(progress.z_route_on),
            }
        ),
    }
    return _file(vault, Kind.PIP, who, content)


def make_lbt(vault: Vault, person_id: UUID, text: LbtText) -> bytes:
    """Return the file with the LBT. Raises `DuoRefused` with all that is wrong, and `KeyError`."""
    person = _one(vault, person_id)
    reader = Reader()
    test = LearnabilityTest(
        result=reader.code("result", text.result, TestResult),
        achieved=reader.score("achieved", text.achieved),
        needed=reader.score("needed", text.needed),
        taken_on=reader.day("taken_on", text.taken_on),
    )
    who, unnamed = _named(vault, person)
    violations = [*unnamed, *reader.with_rules(duo.check_lbt(test, desk.today(vault.env)))]
    if violations:
        raise DuoRefused(tuple(violations))
    content: dict[str, object] = {
        "lbt": _without_nothing(
            {
                "resultaat": test.result,
                "behaaldeScore": None if test.achieved is None else duo.score_text(test.achieved),
                "benodigdeScore": None if test.needed is None else duo.score_text(test.needed),
                "datumAfname": _iso(test.taken_on),
            }
        )
    }
    return _file(vault, Kind.LBT, who, content)


def save(vault: Vault, person_id: UUID, kind: Kind, content: bytes, target: Path) -> None:
    """Write the file outside the vault; the log says so first. Raises `outside.NotWritten`."""
    outside.may_write(vault, target)
    with vault.transaction(actor_of(vault), _LOGGED[kind]) as tx:
        tx.persons.note_export(person_id)
    outside.write(target, content)


def suggested_name(kind: Kind) -> str:
    """Return a name for the file that tells of nobody."""
    return f"duo-{kind.value}.json"


def _one(vault: Vault, person_id: UUID) -> Person:
    with vault.read("bestand voor DUO maken") as records:
        found = records.persons.get(person_id)
        if found is None:
            raise KeyError(person_id)
    return found


def _asylum(person: Person) -> bool | None:
    return person.residence_title in duo.ASYLUM_TITLES if person.residence_title else None


def _named(vault: Vault, person: Person) -> tuple[dict[str, str], tuple[Violation, ...]]:
    """Return the one number that names the person; the V-nummer leads.

    The BSN takes its place only in a vault of the municipality or its executor (UAVG art. 46).
    """
    if person.v_number:
        return {"vNummer": person.v_number}, ()
    if person.bsn and vault.info.organisation.profile is Profile.ONTVANGST:
        return {"bsn": person.bsn}, ()
    fix = Sentence("Vul het in bij de gegevens van de persoon.")
    return {}, (Violation("vNummer", Sentence("Het V-nummer ontbreekt."), fix),)


def _file(vault: Vault, kind: Kind, who: dict[str, str], content: dict[str, object]) -> bytes:
    created = vault.env.now().astimezone(UTC).replace(microsecond=0)
    whole = {
        "format": FORMATS[kind],
        "version": VERSION,
        "created": created.isoformat().replace("+00:00", "Z"),
        "inburgeraar": who,
        **content,
    }
    return (json.dumps(whole, ensure_ascii=False, indent=2) + "\n").encode()


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _without_nothing(values: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if value is not None}
