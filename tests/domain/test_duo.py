"""DUO's rules for the PIP, the LBT and the progress: every combination, and the edges."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake_app.domain import duo
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
    check_lbt,
    check_pip,
    check_progress,
)
from intake_app.domain.person import Literacy
from intake_app.domain.plan import Leerroute

TODAY = date(2026, 11, 22)
B, O, Z = Leerroute.B1, Leerroute.ONDERWIJS, Leerroute.Z  # noqa: E741  (DUO's own codes)
KNOWN = Circumstances(TODAY, first=True, asylum=True, duty_from=date(2026, 9, 1))
WHOLE = Pip(date(2026, 10, 1), B, Level.B1, 600, False, LiteracyLessons.NVT)
LBT = LearnabilityTest(TestResult.FEASIBLE, Decimal(30), Decimal(28), date(2026, 8, 3))


def fields(found: tuple[Violation, ...]) -> list[str]:
    return [violation.field for violation in found]


# ---- leerroute × niveau × first × asylum × intensity --------------------------------------------

FITTING = {
    (B, Level.B1, True),
    (O, Level.B1, True),
    (Z, Level.A2, True),
    (B, Level.B1, False),
    (B, Level.A2, False),
    (O, Level.B1, False),
    (Z, Level.A2, False),
}
"""Route, level, first PIP: all that DUO takes. Everything else is refused."""


@pytest.mark.parametrize(
    ("route", "level", "first"), list(itertools.product((B, O, Z), Level, (True, False)))
)
def test_the_table_of_route_and_level(route: Leerroute, level: Level, *, first: bool) -> None:
    pip = replace(WHOLE, route=route, level=level, intensity=None)
    found = check_pip(pip, replace(KNOWN, first=first))
    if (route, level, first) in FITTING:
        assert found == ()
    else:
        assert fields(found) == ["niveau"]
        assert found[0].fix.startswith("Kies ")


@pytest.mark.parametrize(
    ("route", "asylum", "intensity"),
    list(itertools.product((B, O, Z), (True, False, None), (None, 0, 1, 9999, 10_000))),
)
def test_the_table_of_intensity(
    route: Leerroute, asylum: bool | None, intensity: int | None
) -> None:
    level = Level.A2 if route is Z else Level.B1
    pip = replace(WHOLE, route=route, level=level, intensity=intensity)
    found = check_pip(pip, replace(KNOWN, asylum=asylum))
    fits = intensity is None or (route is B and asylum is True and 1 <= intensity <= 9999)
    assert (found == ()) is fits
    assert set(fields(found)) <= {"geschatteIntensiteitB1Route"}


@given(
    st.builds(
        Pip,
        st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1)),
        st.none() | st.sampled_from(Leerroute),
        st.none() | st.sampled_from(Level),
        st.none() | st.integers(-5, 12_000),
        st.none() | st.booleans(),
        st.none() | st.sampled_from(LiteracyLessons),
    ),
    st.builds(
        Circumstances,
        st.just(TODAY),
        first=st.booleans(),
        asylum=st.none() | st.booleans(),
        duty_from=st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1)),
        settled_on=st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    ),
)
def test_what_is_let_through_keeps_every_rule(pip: Pip, known: Circumstances) -> None:
    found = check_pip(pip, known)
    keeps = (
        pip.dated is not None
        and pip.dated <= TODAY
        and (known.duty_from is None or pip.dated >= known.duty_from)
        and (known.settled_on is None or pip.dated >= known.settled_on)
        and (pip.route, pip.level, known.first) in FITTING
        and pip.may_finish_education is not None
        and pip.literacy is not None
        and (
            pip.intensity is None
            or (pip.route is B and known.asylum is True and 1 <= pip.intensity <= 9999)
        )
    )
    assert (found == ()) is keeps
    for violation in found:
        assert violation.field in duo.FIELDS
        assert violation.rule.endswith(".")
        assert violation.fix.endswith(".")
        assert violation.sentence.startswith(duo.FIELDS[violation.field])


@pytest.mark.parametrize(
    ("dated", "problem"),
    [
        (date(2026, 9, 1), ""),
        (TODAY, ""),
        (date(2026, 8, 31), "inburgeringsplicht"),
        (TODAY + timedelta(days=1), "toekomst"),
        (None, "ontbreekt"),
    ],
)
def test_the_day_of_the_pip(dated: date | None, problem: str) -> None:
    found = check_pip(replace(WHOLE, dated=dated), KNOWN)
    assert problem in "".join(each.rule for each in found)
    assert bool(found) is bool(problem)


def test_the_day_is_not_before_settlement() -> None:
    late = replace(KNOWN, settled_on=date(2026, 10, 2))
    found = check_pip(WHOLE, late)
    assert fields(found) == ["dagtekeningPip"]
    assert "vestiging" in found[0].rule
    assert "2-10-2026" in found[0].fix


def test_everything_missing_is_named_at_once() -> None:
    assert fields(check_pip(Pip(), KNOWN)) == [
        "dagtekeningPip",
        "leerroute",
        "indicatorMagOpleidingAfmaken",
        "indicatorAlfabetiseringsonderwijs",
    ]
    assert fields(check_pip(replace(WHOLE, level=None), KNOWN)) == ["niveau"]
    assert fields(check_pip(replace(WHOLE, route=Leerroute.NOG_NIET), KNOWN))[0] == "leerroute"


# ---- the LBT ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({}, ""),
        ({"result": TestResult.NOT_FEASIBLE, "achieved": Decimal("27.99")}, ""),
        ({"achieved": Decimal(28)}, ""),
        ({"result": TestResult.UNKNOWN, "achieved": None, "needed": None}, ""),
        ({"result": TestResult.UNKNOWN}, ""),
        ({"result": None}, "resultaat"),
        ({"achieved": Decimal(27)}, "resultaat"),
        ({"result": TestResult.NOT_FEASIBLE}, "resultaat"),
        ({"achieved": None}, "behaaldeScore"),
        ({"achieved": Decimal(-1)}, "behaaldeScore"),
        ({"achieved": Decimal("28.001")}, "behaaldeScore"),
        ({"needed": None}, "benodigdeScore"),
        ({"needed": Decimal(1000)}, "benodigdeScore"),
        ({"taken_on": None}, "datumAfname"),
        ({"taken_on": TODAY + timedelta(days=1)}, "datumAfname"),
    ],
)
def test_the_test(changes: dict[str, object], field: str) -> None:
    found = check_lbt(replace(LBT, **changes), TODAY)  # type: ignore[arg-type]
    assert fields(found) == ([field] if field else [])


@pytest.mark.parametrize(
    ("score", "text"),
    [("0", "000,00"), ("28", "028,00"), ("7.5", "007,50"), ("999.99", "999,99")],
)
def test_scores_are_written_as_duo_does(score: str, text: str) -> None:
    assert duo.score_text(Decimal(score)) == text


@pytest.mark.parametrize("score", ["-1", "1000", "0.001", "999.995"])
def test_scores_that_cannot_be_are_refused(score: str) -> None:
    with pytest.raises(DuoProblem):
        duo.score_text(Decimal(score))


@pytest.mark.parametrize(
    ("text", "score"),
    [("", None), (" ", None), ("28", "28"), ("28,5", "28.5"), ("28.50", "28.50"), (" 7 ", "7")],
)
def test_scores_are_read_as_people_write_them(text: str, score: str | None) -> None:
    assert duo.read_score(text) == (None if score is None else Decimal(score))


@pytest.mark.parametrize("text", ["28/40", "1000", "28,", "28,555", "-1", "٢٨", "goed", "1.000,5"])
def test_other_text_is_no_score(text: str) -> None:
    with pytest.raises(DuoProblem, match="zoals 28"):
        duo.read_score(text)


@given(st.decimals(0, Decimal("999.99"), places=2))
def test_a_score_survives_writing_and_reading(score: Decimal) -> None:
    assert duo.read_score(duo.score_text(score)) == score


def test_the_pass_mark_follows_the_day() -> None:
    assert duo.pass_mark(date(2023, 4, 11)) == 31
    assert duo.pass_mark(date(2023, 4, 12)) == 28


# ---- progress and the rest ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("progress", "route", "field"),
    [
        (Progress(), B, ""),
        (Progress(0, 9999, TODAY, TODAY), B, ""),
        (Progress(z_route_on=TODAY), Z, ""),
        (Progress(-1), B, "urenTaallesEnKnm"),
        (Progress(10_000), B, "urenTaallesEnKnm"),
        (Progress(participation_hours=10_000), Z, "urenParticipatie"),
        (Progress(pvt_on=TODAY + timedelta(days=1)), B, "datumPvt"),
        (Progress(map_on=TODAY), O, "datumMap"),
        (Progress(z_route_on=TODAY), B, "datumZRoute"),
        (Progress(z_route_on=TODAY), None, "datumZRoute"),
    ],
)
def test_progress(progress: Progress, route: Leerroute | None, field: str) -> None:
    assert fields(check_progress(progress, route, TODAY)) == ([field] if field else [])


def test_literacy_becomes_the_code_of_duo() -> None:
    codes = {each: duo.literacy_lessons(each) for each in Literacy}
    assert codes == {
        Literacy.LATIJN: LiteracyLessons.NVT,
        Literacy.ANDERS: LiteracyLessons.AA,
        Literacy.ANALFABEET: LiteracyLessons.A,
        Literacy.ONBEKEND: None,
    }
