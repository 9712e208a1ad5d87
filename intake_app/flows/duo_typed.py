"""What is typed for DUO: the fields as text, under which names, and how each is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import Final, TypeVar

from intake_app.domain import duo
from intake_app.domain.duo import DuoProblem, Violation
from intake_app.domain.partial_date import DateProblem, PartialDate
from intake_app.domain.plan import Leerroute
from intake_app.sentences import Sentence

Typed = TypeVar("Typed")


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


def with_typed(text: TextOf, typed: Mapping[str, str]) -> TextOf:
    """Return `text` with fields replaced, by their names in the file. Raises `DuoProblem`."""
    own = {FIELD_OF[field.name]: field.name for field in fields(text)}
    for name in typed:
        if name not in own:
            raise DuoProblem(
                Sentence("{name} is hier geen veld.", name=name),
                Sentence("Kies uit: {codes}.", codes=", ".join(own)),
            )
    return replace(text, **{own[name]: value for name, value in typed.items()})


class Reader:
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
            self._unreadable.append(Violation(FIELD_OF[name], problem.rule, problem.fix))
            return None


def _day(text: str) -> date:
    try:
        found = PartialDate.read(text)
    except DateProblem as problem:
        raise DuoProblem(Sentence("Deze datum kan niet."), str(problem)) from None
    if not found.is_complete:
        raise DuoProblem(
            Sentence("Deze datum is niet volledig."), Sentence("Vul dag, maand en jaar in.")
        )
    return date(found.year, found.month, found.day)


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise DuoProblem(Sentence("Dit is geen heel getal."), Sentence("Vul alleen cijfers in."))
    return int(text)


def _yes_no(text: str) -> bool:
    known = {"ja": True, "nee": False}
    if text.lower() not in known:
        raise DuoProblem(Sentence("Dit is geen ja en geen nee."), Sentence("Kies ja of nee."))
    return known[text.lower()]


def _code(text: str, codes: type[Typed]) -> Typed:
    for code in codes:  # type: ignore[attr-defined]
        if text == code.value:
            return code  # type: ignore[no-any-return]
    known = ", ".join(each.value for each in codes if each.value != Leerroute.NOG_NIET)  # type: ignore[attr-defined]
    raise DuoProblem(
        Sentence("DUO kent deze code niet."), Sentence("Kies uit: {codes}.", codes=known)
    )
