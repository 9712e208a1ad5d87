from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from intake_app import paths
from intake_app.domain.environment import Environment, repeatable_environment
from intake_app.domain.event import EventKind
from intake_app.domain.interview import Answer, AnswerState, Interview, InterviewState
from intake_app.domain.person import Literacy, Person, PersonLanguage
from intake_app.domain.plan import Activity, ActivityKind
from intake_app.flows.mapping import FilledForm, Mapped, mapper_for

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PERSON = Person(UUID(int=5), "0001234567", "Voorbeeld")
INTERVIEW = Interview(
    UUID(int=9), PERSON.person_id, "intake", "0" * 64, "ar", InterviewState.OPEN, START
)


@pytest.fixture
def env() -> Environment:
    return repeatable_environment(3, START)


def filled(repeats: tuple[dict[str, str], ...] = (), **values: str) -> FilledForm:
    def rows(given: dict[str, str], repeat: UUID | None) -> dict[str, Answer]:
        return {
            name: Answer(
                INTERVIEW.interview_id,
                f"/data/{name}",
                repeat,
                value,
                AnswerState.ANSWERED if value else AnswerState.UNKNOWN,
                UUID(int=1),
                START,
            )
            for name, value in given.items()
        }

    repeated = {
        "/data/taal/andere_taal": tuple(rows(r, UUID(int=i)) for i, r in enumerate(repeats))
    }
    return FilledForm(INTERVIEW, rows(values, None), repeated)


def run(
    form_id: str,
    form: FilledForm,
    env: Environment,
    person: Person = PERSON,
    known: tuple[Activity, ...] = (),
) -> Mapped:
    mapper = mapper_for(form_id)
    assert mapper is not None
    return mapper(form, person, known, env)


def test_a_form_without_a_mapper_only_collects() -> None:
    assert mapper_for("zomaar") is None


def test_the_intake_tells_languages_literacy_and_interpreter(env: Environment) -> None:
    form = filled(
        ({"taal_naam": "ara"}, {"taal_naam": "tir"}, {"taal_naam": "anders"}),
        tolk_nodig="ja",
        moedertaal="tir",
        nederlands_spreken="A1_min",
        alfabetisering="AA",
        talen_ook="ara fas anders",
    )
    mapped = run("intake", form, env)
    assert mapped.person is not None
    assert mapped.person.languages == (
        PersonLanguage("tir", is_mother_tongue=True),
        PersonLanguage("ara"),
        PersonLanguage("fas"),
        PersonLanguage("nld", speaks="A1min"),
    )
    assert mapped.person.literacy is Literacy.ANDERS
    assert mapped.person.interpreter_needed is True
    (event,) = mapped.events
    assert (event.kind, event.source) == (
        EventKind.INTAKE_VASTGESTELD,
        str(INTERVIEW.interview_id),
    )


def test_what_was_not_answered_leaves_the_person_alone(env: Environment) -> None:
    known = replace(
        PERSON, interpreter_needed=False, languages=(PersonLanguage("som", is_mother_tongue=True),)
    )
    form = filled(tolk_nodig="", moedertaal="anders", nederlands_spreken="onbekend")
    mapped = run("intake", form, env, person=known)
    assert mapped.person is None
    assert mapped.activities == ()


def test_another_mother_tongue_takes_the_place_of_the_first(env: Environment) -> None:
    known = replace(PERSON, languages=(PersonLanguage("ara", is_mother_tongue=True),))
    mapped = run("intake", filled(moedertaal="tir"), env, person=known)
    assert mapped.person is not None
    assert mapped.person.languages == (
        PersonLanguage("ara"),
        PersonLanguage("tir", is_mother_tongue=True),
    )


def test_lessons_become_activities_once(env: Environment) -> None:
    form = filled(coa_lesuren="84", coa_knm="deel")
    made = run("intake", form, env).activities
    assert [(a.kind, a.provider, a.amount) for a in made] == [
        (ActivityKind.TAALLES, "COA", "84 uur"),
        (ActivityKind.KNM, "COA", "een deel"),
    ]
    assert run("intake", form, env, known=made).activities == ()
    assert run("intake", filled(coa_lesuren="0", coa_knm="niet"), env).activities == ()


def test_not_eligible_is_a_fact_with_a_reason(env: Environment) -> None:
    form = filled(in_aanmerking="nee", reden_niet="jonger_dan_16")
    mapped = run("noa_assessment", form, env)
    (event,) = mapped.events
    assert (event.kind, event.detail) == (EventKind.NIET_IN_AANMERKING, "jonger_dan_16")
    assert mapped.activities == ()


def test_an_assessment_that_took_place_is_an_event_and_an_activity(env: Environment) -> None:
    form = filled(in_aanmerking="ja", afname_datum="2026-02-20", advies_leerroute="B")
    mapped = run("noa_assessment", form, env)
    (event,) = mapped.events
    assert (event.kind, event.on, event.detail) == (
        EventKind.ASSESSMENT_AFGENOMEN,
        date(2026, 2, 20),
        "B",
    )
    assert [a.kind for a in mapped.activities] == [ActivityKind.NOA]
    assert run("noa_assessment", form, env, known=mapped.activities).activities == ()


@pytest.mark.parametrize(
    "form",
    [
        filled(),
        filled(in_aanmerking=""),
        filled(in_aanmerking="ja"),
        filled(in_aanmerking="ja", afname_datum="2026-02"),
    ],
)
def test_nothing_is_concluded_from_an_empty_assessment(form: FilledForm, env: Environment) -> None:
    assert run("noa_assessment", form, env) == Mapped()


def test_why_there_was_no_intake_stands_with_the_person(env: Environment) -> None:
    mapped = run("geen_azc_intake", filled(reden="te_laat_gekoppeld"), env)
    assert mapped.person is not None
    assert mapped.person.no_azc_intake_reason == "Te laat gekoppeld"
    own = filled(reden="anders", reden_anders="De locatie ging dicht.")
    other = run("geen_azc_intake", own, env).person
    assert other is not None
    assert other.no_azc_intake_reason == "De locatie ging dicht."
    assert run("geen_azc_intake", filled(reden=""), env) == Mapped()


@pytest.mark.parametrize("step", ["zelf_intake", "aanvullen"])
def test_where_an_intake_still_comes_nothing_says_that_none_does(
    env: Environment, step: str
) -> None:
    form = filled(reden="capaciteit", vervolg_stap=step)
    assert run("geen_azc_intake", form, env) == Mapped()
    earlier = replace(PERSON, no_azc_intake_reason="Te laat gekoppeld")
    mapped = run("geen_azc_intake", form, env, person=earlier)
    assert mapped.person is not None
    assert mapped.person.no_azc_intake_reason == ""
    after = run("geen_azc_intake", filled(reden="capaciteit", vervolg_stap="plan"), env)
    assert after.person is not None
    assert after.person.no_azc_intake_reason == "Het team had geen tijd"


def test_what_coa_has_proof_of_was_done_and_is_not_told_twice(env: Environment) -> None:
    form = filled(reden="capaciteit", knm_gevolgd="deel", assessment_datum="2026-01-21")
    made = run("geen_azc_intake", form, env).activities
    assert [(a.kind, a.provider, a.amount, a.started) for a in made] == [
        (ActivityKind.KNM, "COA", "een deel", None),
        (ActivityKind.NOA, "NOA", "", date(2026, 1, 21)),
    ]
    assert run("geen_azc_intake", form, env, known=made).activities == ()


def test_a_nareiziger_is_one_and_speaks_a_language(env: Environment) -> None:
    mapped = run("nareiziger", filled(tolk_nodig="nee", moedertaal="som"), env)
    assert mapped.person is not None
    assert mapped.person.is_nareiziger
    assert mapped.person.sponsor_id is None
    assert mapped.person.interpreter_needed is False
    assert mapped.person.languages == (PersonLanguage("som", is_mother_tongue=True),)
    assert run("nareiziger", filled(), env, person=mapped.person) == Mapped()


@pytest.mark.parametrize("form_id", ["medische_overdracht", "overdrachtsgesprek", "klantprofiel"])
def test_forms_that_only_collect_say_why_in_their_readme(form_id: str) -> None:
    assert mapper_for(form_id) is None
    readme = paths.forms_dir() / form_id / "README.md"
    assert "geen mapper" in readme.read_text(encoding="utf-8")
