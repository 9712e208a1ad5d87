"""What DUO asks of a municipality about an inburgeraar: the PIP, the LBT and the progress.

The names of the fields of PIP and LBT, their codes and their rules are those of DUO's interface for
municipalities. The app sends nothing: it makes a file, and says beforehand what DUO would refuse.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from intake_app.domain.person import Literacy
from intake_app.domain.plan import Leerroute
from intake_app.sentences import Sentence, Told

LEAST_INTENSITY: Final = 1
MOST_INTENSITY: Final = 9999
MOST_HOURS: Final = 9999
PASS_MARK_CHANGED: Final = date(2023, 4, 12)
"""From this day 28 of the 40 points are enough for 'B1-route haalbaar'; before it 31 were."""
ASYLUM_TITLES: Final = frozenset({"26", "27"})
"""BRP table 56: asylum for a fixed and for an unlimited time."""


class Level(StrEnum):
    """Language level that the route works towards."""

    A2 = "A2"
    B1 = "B1"


class LiteracyLessons(StrEnum):
    """`indicatorAlfabetiseringsonderwijs`."""

    A = "A"
    AA = "AA"
    NVT = "NVT"


class TestResult(StrEnum):
    """Outcome of the learnability test (leerbaarheidstoets)."""

    __test__ = False
    FEASIBLE = "B1-route haalbaar"
    NOT_FEASIBLE = "B1-route niet haalbaar"
    UNKNOWN = "Onbekend"


FIELDS: Final[dict[str, str]] = {
    "vNummer": "V-nummer",
    "bsn": "BSN",
    "dagtekeningPip": "Datum van het PIP",
    "leerroute": "Leerroute",
    "niveau": "Niveau",
    "geschatteIntensiteitB1Route": "Geschatte intensiteit van de B1-route",
    "indicatorMagOpleidingAfmaken": "Mag de opleiding afmaken",
    "indicatorAlfabetiseringsonderwijs": "Alfabetisering",
    "eerstePip": "Eerste PIP",
    "plichtVanaf": "Inburgeringsplichtig vanaf",
    "gevestigdOp": "In de gemeente gevestigd op",
    "resultaat": "Resultaat van de toets",
    "behaaldeScore": "Behaalde score",
    "benodigdeScore": "Benodigde score",
    "datumAfname": "Datum van de toets",
    "urenTaallesEnKnm": "Uren taalles en KNM",
    "urenParticipatie": "Uren participatie",
    "datumPvt": "Datum participatieverklaring",
    "datumMap": "Datum MAP",
    "datumZRoute": "Datum eindgesprek Z-route",
}
"""Field of the file, or of what its rules look at → what a colleague calls it."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing that DUO would refuse: where, which rule, and what to do. Texts are Dutch."""

    field: str
    """A key of `FIELDS`."""
    rule: Sentence
    fix: Sentence

    @property
    def sentence(self) -> Sentence:
        """Return place, rule and fix as one line."""
        place = Sentence(FIELDS[self.field])
        return Sentence("{field}: {rule} {fix}", field=place, rule=self.rule, fix=self.fix)


class DuoProblem(Told, ValueError):
    """Text that cannot be what the field asks; `rule` says why, `fix` what to do, str() both."""

    def __init__(self, rule: str, fix: str) -> None:
        """Refuse the text."""
        super().__init__(Sentence.joined((rule, fix)))
        self.rule, self.fix = Sentence(rule), Sentence(fix)


@dataclass(frozen=True, slots=True)
class Pip:
    """Persoonlijk plan inburgering en participatie, as far as it is known; None is not known."""

    dated: date | None = None
    route: Leerroute | None = None
    level: Level | None = None
    intensity: int | None = None
    may_finish_education: bool | None = None
    literacy: LiteracyLessons | None = None


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the rules for a PIP look at besides the PIP itself; None is not known."""

    today: date
    first: bool = True
    """False for a PIP that changes an earlier one."""
    asylum: bool | None = None
    """True for an asielstatushouder."""
    duty_from: date | None = None
    """First day of the inburgeringsplicht, as DUO's notice says."""
    settled_on: date | None = None
    """Day on which the person came to live in the municipality."""


@dataclass(frozen=True, slots=True)
class LearnabilityTest:
    """The leerbaarheidstoets (LBT), as far as it is known."""

    result: TestResult | None = None
    achieved: Decimal | None = None
    needed: Decimal | None = None
    taken_on: date | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """Hours and days of the trajectory; only what is known is told."""

    language_and_knm_hours: int | None = None
    participation_hours: int | None = None
    pvt_on: date | None = None
    map_on: date | None = None
    z_route_on: date | None = None


# ---- the PIP ------------------------------------------------------------------------------------


def levels(route: Leerroute, *, first: bool) -> tuple[Level, ...]:
    """Return the levels that DUO takes with a route: not A2 with O, not B1 with Z, and A2 with B
    only when the PIP is not the first one.
    """
    if route is Leerroute.ONDERWIJS:
        return (Level.B1,)
    if route is Leerroute.Z:
        return (Level.A2,)
    if route is Leerroute.B1:
        return (Level.B1,) if first else (Level.B1, Level.A2)
    return ()


def check_pip(pip: Pip, known: Circumstances) -> tuple[Violation, ...]:
    """Return everything that DUO would refuse, in the order of the fields; empty when it fits."""
    return (*_dated(pip.dated, known), *_route(pip, known), *_rest(pip, known))


def _dated(dated: date | None, known: Circumstances) -> list[Violation]:
    name = "dagtekeningPip"
    if dated is None:
        return [
            Violation(
                name,
                Sentence("Deze datum ontbreekt."),
                Sentence("Neem de datum van de beschikking over."),
            )
        ]
    found = []
    if dated > known.today:
        found.append(
            Violation(
                name,
                Sentence("Deze datum ligt in de toekomst."),
                Sentence("Kies de dag van de beschikking."),
            )
        )
    if known.duty_from is not None and dated < known.duty_from:
        found.append(
            Violation(
                name,
                Sentence("Het PIP kan niet voor het begin van de inburgeringsplicht liggen."),
                Sentence(
                    "Kies {day} of later, of verbeter de datum van de plicht.",
                    day=_day(known.duty_from),
                ),
            )
        )
    if known.settled_on is not None and dated < known.settled_on:
        found.append(
            Violation(
                name,
                Sentence("Het PIP kan niet liggen voor de dag van vestiging in de gemeente."),
                Sentence(
                    "Kies {day} of later, of verbeter de datum van vestiging.",
                    day=_day(known.settled_on),
                ),
            )
        )
    return found


def _route(pip: Pip, known: Circumstances) -> list[Violation]:
    if pip.route is None or pip.route is Leerroute.NOG_NIET:
        return [
            Violation("leerroute", Sentence("De leerroute ontbreekt."), Sentence("Kies B, O of Z."))
        ]
    if pip.level is None:
        return [Violation("niveau", Sentence("Het niveau ontbreekt."), Sentence("Kies A2 of B1."))]
    if pip.level in levels(pip.route, first=known.first):
        return []
    if pip.route is Leerroute.ONDERWIJS:
        return [
            Violation(
                "niveau", Sentence("A2 kan niet bij de onderwijsroute."), Sentence("Kies B1.")
            )
        ]
    if pip.route is Leerroute.Z:
        return [Violation("niveau", Sentence("B1 kan niet bij de Z-route."), Sentence("Kies A2."))]
    return [
        Violation(
            "niveau",
            Sentence("A2 kan niet bij de B1-route in een eerste PIP."),
            Sentence("Kies B1, of geef aan dat dit niet het eerste PIP is."),
        )
    ]


def _rest(pip: Pip, known: Circumstances) -> list[Violation]:
    found = []
    if pip.intensity is not None:
        found += _intensity(pip.intensity, pip.route, known.asylum)
    if pip.may_finish_education is None:
        found.append(
            Violation(
                "indicatorMagOpleidingAfmaken",
                Sentence("Het antwoord ontbreekt."),
                Sentence("Kies ja of nee."),
            )
        )
    if pip.literacy is None:
        found.append(
            Violation(
                "indicatorAlfabetiseringsonderwijs",
                Sentence("De alfabetisering ontbreekt."),
                Sentence("Kies A, AA of NVT."),
            )
        )
    return found


def _intensity(hours: int, route: Leerroute | None, asylum: bool | None) -> list[Violation]:
    name = "geschatteIntensiteitB1Route"
    if not LEAST_INTENSITY <= hours <= MOST_INTENSITY:
        return [
            Violation(
                name,
                Sentence("Dit getal kan niet."),
                Sentence("Vul een heel getal in van 1 tot en met 9999."),
            )
        ]
    found = []
    if route is not Leerroute.B1:
        found.append(
            Violation(
                name, Sentence("Dit hoort alleen bij de B1-route."), Sentence("Maak dit veld leeg.")
            )
        )
    if asylum is None:
        found.append(
            Violation(
                name,
                Sentence("Dit mag alleen bij een asielstatushouder. Dat is hier niet bekend."),
                Sentence("Vul de verblijfstitel van de persoon in, of maak dit veld leeg."),
            )
        )
    elif not asylum:
        found.append(
            Violation(
                name,
                Sentence("Dit mag alleen bij een asielstatushouder."),
                Sentence("Maak dit veld leeg."),
            )
        )
    return found


# ---- the LBT ------------------------------------------------------------------------------------


def check_lbt(test: LearnabilityTest, today: date) -> tuple[Violation, ...]:
    """Return everything that DUO would refuse, in the order of the fields; empty when it fits."""
    found: list[Violation] = []
    if test.result is None:
        found.append(
            Violation(
                "resultaat", Sentence("Het resultaat ontbreekt."), Sentence("Kies het resultaat.")
            )
        )
    for name, score in (("behaaldeScore", test.achieved), ("benodigdeScore", test.needed)):
        if score is None and test.result is not TestResult.UNKNOWN:
            found.append(
                Violation(
                    name,
                    Sentence("De score ontbreekt."),
                    Sentence("Neem de score over van de uitslag."),
                )
            )
        elif score is not None and not _is_score(score):
            found.append(Violation(name, Sentence("Deze score kan niet."), _SCORE_FIX))
    if test.achieved is not None and test.needed is not None and not found:
        reached = test.achieved >= test.needed
        expected = {TestResult.FEASIBLE: True, TestResult.NOT_FEASIBLE: False}
        if test.result in expected and expected[test.result] is not reached:
            found.append(
                Violation(
                    "resultaat",
                    Sentence("Resultaat en score spreken elkaar tegen."),
                    Sentence("Kijk op de uitslag en verbeter één van beide."),
                )
            )
    if test.taken_on is None:
        found.append(
            Violation(
                "datumAfname",
                Sentence("De datum ontbreekt."),
                Sentence("Neem de datum over van de uitslag."),
            )
        )
    elif test.taken_on > today:
        found.append(
            Violation(
                "datumAfname",
                Sentence("Deze datum ligt in de toekomst."),
                Sentence("Kies de dag van de toets."),
            )
        )
    return tuple(found)


def pass_mark(taken_on: date) -> Decimal:
    """Return the score that was needed on that day for 'B1-route haalbaar'."""
    return Decimal(28 if taken_on >= PASS_MARK_CHANGED else 31)


_SCORE = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{1,2})?\Z")
_SCORE_FIX: Final = Sentence("Vul een getal in van 0 tot en met 999,99, zoals 28 of 28,5.")


def read_score(text: str) -> Decimal | None:
    """Return a score as typed, with point or comma; None for nothing. Raises `DuoProblem`."""
    if not text.strip():
        return None
    if not _SCORE.match(text.strip()):
        raise DuoProblem(Sentence("Deze score kan niet."), _SCORE_FIX)
    return Decimal(text.strip().replace(",", "."))


def score_text(score: Decimal) -> str:
    """Return a score as DUO writes it: 'ddd,dd', such as '028,00'. Raises `DuoProblem`."""
    if not _is_score(score):
        raise DuoProblem(Sentence("Deze score kan niet."), _SCORE_FIX)
    return f"{score:06.2f}".replace(".", ",")


def _is_score(score: Decimal) -> bool:
    # a number finer than cents would be rounded in silence
    return 0 <= score < 1000 and score == score.quantize(Decimal("0.01"))


# ---- progress -----------------------------------------------------------------------------------


def check_progress(
    progress: Progress, route: Leerroute | None, today: date
) -> tuple[Violation, ...]:
    """Return what cannot be: hours out of range, days to come, a day of another route."""
    found: list[Violation] = []
    hours = {
        "urenTaallesEnKnm": progress.language_and_knm_hours,
        "urenParticipatie": progress.participation_hours,
    }
    for name, count in hours.items():
        if count is not None and not 0 <= count <= MOST_HOURS:
            fix = Sentence("Vul een heel getal in van 0 tot en met 9999.")
            found.append(Violation(name, Sentence("Dit aantal kan niet."), fix))
    days = {
        "datumPvt": progress.pvt_on,
        "datumMap": progress.map_on,
        "datumZRoute": progress.z_route_on,
    }
    for name, day in days.items():
        if day is not None and day > today:
            fix = Sentence("Vul alleen in wat al is geweest.")
            found.append(Violation(name, Sentence("Deze datum ligt in de toekomst."), fix))
    if progress.map_on is not None and route is Leerroute.ONDERWIJS:
        rule = Sentence("De onderwijsroute heeft geen MAP.")
        found.append(Violation("datumMap", rule, Sentence("Maak dit veld leeg.")))
    if progress.z_route_on is not None and route is not Leerroute.Z:
        rule = Sentence("Dit hoort alleen bij de Z-route.")
        found.append(Violation("datumZRoute", rule, Sentence("Maak dit veld leeg.")))
    return tuple(found)


def literacy_lessons(literacy: Literacy) -> LiteracyLessons | None:
    """Return DUO's code for how somebody reads and writes; None where that is not known."""
    return {
        Literacy.ANALFABEET: LiteracyLessons.A,
        Literacy.ANDERS: LiteracyLessons.AA,
        Literacy.LATIJN: LiteracyLessons.NVT,
    }.get(literacy)


def _day(day: date) -> str:
    return f"{day.day}-{day.month}-{day.year}"
