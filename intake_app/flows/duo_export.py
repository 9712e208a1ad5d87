"""The files for DUO: what is known is filled in, what is missing is listed, nothing is made up.

A municipality types a PIP into DUO's portal or has its own system send it; this file holds the same
in the shape DUO asks. It leaves the vault unprotected, so making one is told to the log.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar
from uuid import UUID

from intake_app.domain import duo
from intake_app.domain.actor import Profile
from intake_app.domain.duo import (
    Circumstances,
    DuoProblem,
    LearnabilityTest,
    Level,
    LiteracyLessons,
    Pip,
    Progress,
    TestResult,
    Violation,
)
from intake_app.domain.event import EventKind
from intake_app.domain.interview import AnswerState
from intake_app.domain.partial_date import DateProblem, PartialDate
from intake_app.domain.plan import ActivityKind, Leerroute, PlanState
from intake_app.flows import case_file, desk, outside
from intake_app.flows.acting import actor_of

if TYPE_CHECKING:
    from intake_app.domain.person import Person
    from intake_app.domain.plan import Plan
    from intake_app.vault import Vault
    from intake_app.vault.transaction import Records

Typed = TypeVar("Typed")

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


@dataclass(frozen=True, slots=True)
class PipText:
    """A PIP as it is typed; every field is text, empty where nothing is known.

    Days are ISO, numbers digits, yes and no are 'ja' and 'nee', codes are DUO's.
    """

    dated: str = ""
    first: str = "ja"
    route: str = ""
    level: str = ""
    intensity: str = ""
    may_finish_education: str = ""
    literacy: str = ""
    duty_from: str = ""
    settled_on: str = ""
    language_and_knm_hours: str = ""
    participation_hours: str = ""
    pvt_on: str = ""
    map_on: str = ""
    z_route_on: str = ""


@dataclass(frozen=True, slots=True)
class LbtText:
    """An LBT as it is typed; `result` is a value of `TestResult`."""

    result: str = ""
    achieved: str = ""
    needed: str = ""
    taken_on: str = ""


TextOf = TypeVar("TextOf", PipText, LbtText)

FIELD_OF: Final[Mapping[str, str]] = {
    "dated": "dagtekeningPip",
    "route": "leerroute",
    "level": "niveau",
    "intensity": "geschatteIntensiteitB1Route",
    "may_finish_education": "indicatorMagOpleidingAfmaken",
    "literacy": "indicatorAlfabetiseringsonderwijs",
    "language_and_knm_hours": "urenTaallesEnKnm",
    "participation_hours": "urenParticipatie",
    "pvt_on": "datumPvt",
    "map_on": "datumMap",
    "z_route_on": "datumZRoute",
    "result": "resultaat",
    "achieved": "behaaldeScore",
    "needed": "benodigdeScore",
    "taken_on": "datumAfname",
    "first": "eerstePip",
    "duty_from": "plichtVanaf",
    "settled_on": "gevestigdOp",
}
"""Field of `PipText` or `LbtText` → its name in the file or on the command line."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What the vault knows already, and where each part of it comes from.

    `sources` has a Dutch phrase by field name ('uit het plan'); a field without one is not known.
    """

    text: PipText | LbtText
    sources: Mapping[str, str]


class DuoRefused(ValueError):
    """DUO would refuse this; `violations` says what, in the order of the fields."""

    def __init__(self, violations: tuple[Violation, ...]) -> None:
        super().__init__("; ".join(each.field for each in violations))
        self.violations = violations


# ---- what is known ------------------------------------------------------------------------------


def known_pip(vault: Vault, person_id: UUID) -> Filled:
    """Return the PIP as far as the vault knows it. Raises `KeyError` for nobody."""
    with vault.read("bestand voor DUO voorbereiden") as records:
        person = _person(records, person_id)
        told = _answers(vault, records, person_id)
        plan = _plan(records.plans.of_person(person_id))
        notices = [
            event
            for event in records.events.of_person(person_id)
            if event.kind is EventKind.DUO_KENNISGEVING
        ]
        signed = [
            each.ended
            for each in records.activities.of_person(person_id)
            if each.kind is ActivityKind.PARTICIPATIEVERKLARING and each.ended is not None
        ]
    found: dict[str, tuple[str, str]] = {}
    if plan is not None and plan.leerroute is not Leerroute.NOG_NIET:
        found["route"] = (plan.leerroute.value, "advies in het plan van aanpak")
        possible = duo.levels(plan.leerroute, first=True)
        if len(possible) == 1:
            found["level"] = (possible[0].value, "volgt uit de leerroute, in een eerste PIP")
    literacy = duo.literacy_lessons(person.literacy)
    if literacy is not None:
        found["literacy"] = (literacy.value, "gegevens van de persoon")
    if notices:
        latest = max(notices, key=lambda event: (event.recorded_at, event.on))
        found["duty_from"] = (latest.on.isoformat(), "kennisgeving van DUO")
    hours = told.get("coa.les.uren", "")
    if hours.isascii() and hours.isdigit():
        found["language_and_knm_hours"] = (hours, "intake, alleen de taalles: tel KNM erbij")
    if signed:
        found["pvt_on"] = (max(signed).isoformat(), "al gedaan")
    return _filled(PipText, found)


def known_lbt(vault: Vault, person_id: UUID) -> Filled:
    """Return the LBT as far as the intake tells of it. Raises `KeyError` for nobody."""
    with vault.read("bestand voor DUO voorbereiden") as records:
        _person(records, person_id)
        told = _answers(vault, records, person_id)
    found: dict[str, tuple[str, str]] = {}
    results = {
        "haalbaar": TestResult.FEASIBLE,
        "niet_haalbaar": TestResult.NOT_FEASIBLE,
        "onbekend": TestResult.UNKNOWN,
    }
    result = results.get(told.get("lbt.uitslag", ""))
    if result is not None:
        found["result"] = (result.value, "intake")
    for name, concept in (("achieved", "lbt.score"), ("needed", "lbt.nodig")):
        if told.get(concept):
            found[name] = (told[concept].replace(".", ","), "intake")
    if told.get("lbt.datum"):
        taken_on = told["lbt.datum"][:10]
        found["taken_on"] = (taken_on, "intake")
        if "needed" not in found:
            mark = duo.pass_mark(date.fromisoformat(taken_on))
            found["needed"] = (str(mark), "de grens op de dag van de toets")
    return _filled(LbtText, found)


def missing(kind: Kind, text: PipText | LbtText) -> tuple[str, ...]:
    """Return the fields of the file that are still empty, as a colleague calls them."""
    needed = (
        ("dated", "route", "level", "may_finish_education", "literacy")
        if kind is Kind.PIP
        else ("result", "achieved", "needed", "taken_on")
    )
    return tuple(duo.FIELDS[FIELD_OF[name]] for name in needed if not getattr(text, name).strip())


def _filled(cls: type[PipText | LbtText], found: Mapping[str, tuple[str, str]]) -> Filled:
    return Filled(
        cls(**{name: value for name, (value, _) in found.items()}),
        {name: source for name, (_, source) in found.items()},
    )


_OLD_NAMES: Final[Mapping[str, str]] = {
    "coa_lesuren": "coa.les.uren",
    "lbt_datum": "lbt.datum",
    "lbt_score": "lbt.score",
    "lbt_nodig": "lbt.nodig",
    "lbt_uitslag": "lbt.uitslag",
}
"""Question → concept, for interviews held with a form that did not name concepts yet."""


def _answers(vault: Vault, records: Records, person_id: UUID) -> Mapping[str, str]:
    """Return the values of the concepts used here; the latest interview that tells one counts."""
    from intake_app.xforms import parse_form

    told: dict[str, str] = {}
    wanted = frozenset(_OLD_NAMES.values())
    interviews = records.interviews.of_person(person_id)
    for interview in sorted(interviews, key=lambda each: each.started_at):
        version = records.forms.get(interview.form_sha256)
        if version is None:
            continue
        form = parse_form(version.xml, name=version.form_id)
        concepts = {
            path: _OLD_NAMES.get(question.name, "")
            if question.attributes.get("concept", "") not in wanted
            else question.attributes["concept"]
            for path, question in form.questions.items()
        }
        if not any(concepts.values()):
            continue
        file = case_file.interview_file(
            interview,
            version,
            form,
            tuple(records.answers.of_interview(interview.interview_id)),
            tuple(records.repeats.of_interview(interview.interview_id)),
            vault.env,
            None,
        )
        for question in file.questions:
            answer = question.answer
            if question.relevant and answer.state is AnswerState.ANSWERED and answer.value:
                told[concepts[answer.path]] = answer.value
    return told


def _plan(plans: Iterable[Plan]) -> Plan | None:
    in_order = sorted(plans, key=lambda plan: (plan.state is PlanState.VASTGESTELD, plan.version))
    return in_order[-1] if in_order else None


def _person(records: Records, person_id: UUID) -> Person:
    found = records.persons.get(person_id)
    if found is None:
        raise KeyError(person_id)
    return found


# ---- the file -----------------------------------------------------------------------------------


def make_pip(vault: Vault, person_id: UUID, text: PipText) -> bytes:
    """Return the file with the PIP. Raises `DuoRefused` with all that is wrong, and `KeyError`."""
    person = _one(vault, person_id)
    reader = _Reader()
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
    reader = _Reader()
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


def with_typed(text: TextOf, typed: Mapping[str, str]) -> TextOf:
    """Return `text` with fields replaced, by their names in the file. Raises `DuoProblem`."""
    own = {FIELD_OF[field.name]: field.name for field in fields(text)}
    for name in typed:
        if name not in own:
            raise DuoProblem(f"{name} is hier geen veld. Kies uit: {', '.join(own)}.")
    return replace(text, **{own[name]: value for name, value in typed.items()})


class _Reader:
    """Reads what was typed, and keeps what cannot be read by field."""

    def __init__(self) -> None:
        self._unreadable: list[Violation] = []

    def with_rules(self, violations: Iterable[Violation]) -> tuple[Violation, ...]:
        """Return what cannot be read, then what breaks a rule in fields that could be."""
        bad = {each.field for each in self._unreadable}
        return (*self._unreadable, *(each for each in violations if each.field not in bad))

    def day(self, name: str, text: str) -> date | None:
        return self._read(name, text, _day)

    def number(self, name: str, text: str) -> int | None:
        return self._read(name, text, _number)

    def yes_no(self, name: str, text: str) -> bool | None:
        return self._read(name, text, _yes_no)

    def score(self, name: str, text: str) -> Decimal | None:
        return self._read(name, text, duo.read_score)

    def code(self, name: str, text: str, codes: type[Typed]) -> Typed | None:
        return self._read(name, text, lambda given: _code(given, codes))

    def _read(self, name: str, text: str, read: Callable[[str], Typed | None]) -> Typed | None:
        from intake_app.i18n.formats import to_ascii_digits

        if not text.strip():
            return None
        try:
            return read(to_ascii_digits(text.strip()))
        except DuoProblem as problem:
            rule, _, fix = str(problem).partition(". ")
            self._unreadable.append(Violation(FIELD_OF[name], f"{rule}.", fix))
            return None


def _day(text: str) -> date:
    try:
        found = PartialDate.read(text)
    except DateProblem as problem:
        raise DuoProblem(f"Deze datum kan niet. {problem}") from None
    if not found.is_complete:
        raise DuoProblem("Deze datum is niet volledig. Vul dag, maand en jaar in.")
    return date(found.year, found.month, found.day)


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise DuoProblem("Dit is geen heel getal. Vul alleen cijfers in.")
    return int(text)


def _yes_no(text: str) -> bool:
    known = {"ja": True, "nee": False}
    if text.lower() not in known:
        raise DuoProblem("Dit is geen ja en geen nee. Kies ja of nee.")
    return known[text.lower()]


def _code(text: str, codes: type[Typed]) -> Typed:
    for code in codes:  # type: ignore[attr-defined]
        if text == code.value:
            return code  # type: ignore[no-any-return]
    known = ", ".join(each.value for each in codes if each.value != Leerroute.NOG_NIET)  # type: ignore[attr-defined]
    raise DuoProblem(f"DUO kent deze code niet. Kies uit: {known}.")


def _one(vault: Vault, person_id: UUID) -> Person:
    with vault.read("bestand voor DUO maken") as records:
        return _person(records, person_id)


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
    fix = "Vul het in bij de gegevens van de persoon."
    return {}, (Violation("vNummer", "Het V-nummer ontbreekt.", fix),)


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
