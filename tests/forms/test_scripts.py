from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from support import shipped

from intake_app import paths
from intake_app.domain.plan import LEEFGEBIEDEN
from intake_app.flows.practice_people import PEOPLE
from intake_app.formio.coverage import measure
from intake_app.formio.library import Library
from intake_app.formio.pace import keep_to_the_core, pace_of
from intake_app.formio.scripts import NOW, Step, check_scripts, play, read_scripts, unanswered
from intake_app.formio.texts import CatalogueTexts
from intake_app.i18n.catalogues import Catalogues
from intake_app.xforms import AnswerState, FormSession, NodeKey, ShownText, TextRef

FORM_IDS = sorted(path.parent.name for path in paths.forms_dir().glob("*/survey.csv"))
FORM_SCRIPTS = [
    (form, person)
    for form in FORM_IDS
    for person in read_scripts(paths.forms_dir() / form / "tests.csv")
]
PERSONS = [person for form, person in FORM_SCRIPTS if form == "intake"]
TALK_MINUTES = 45


@pytest.fixture(scope="module")
def compiled() -> Path:
    return shipped.compiled()


@pytest.fixture(scope="module")
def library(compiled: Path) -> Library:
    return Library(compiled)


def steps(form: str, person: str) -> tuple[Step, ...]:
    return read_scripts(paths.forms_dir() / form / "tests.csv")[person]


@pytest.mark.parametrize(("form", "person"), FORM_SCRIPTS)
def test_a_person_fills_the_form_to_the_end(library: Library, form: str, person: str) -> None:
    session, findings = play(library.load(form), steps(form, person))
    assert findings == ()
    assert session.problems() == ()
    assert list(unanswered(session)) == []
    assert b"<data" in session.instance_xml()


@pytest.mark.parametrize("form", FORM_IDS)
def test_ten_persons_visit_every_question_and_both_sides_of_every_relevance(
    library: Library, form: str
) -> None:
    found = measure(library.load(form), paths.forms_dir() / form)
    assert found.persons >= 10
    assert found.complete, str(found)


@pytest.mark.parametrize("person", PERSONS)
def test_the_core_asks_forty_to_sixty_questions_in_a_talk_of_45_minutes(
    library: Library, person: str
) -> None:
    session, _ = play(library.load("intake"), steps("intake", person))
    keep_to_the_core(session)
    core = pace_of(session)
    assert 40 <= core.client <= 60
    assert core.minutes <= TALK_MINUTES


def test_the_core_stays_a_talk_for_whom_every_branch_opens(library: Library) -> None:
    """No person can be asked more than this: all that is not behind a deepening."""
    form = library.load("intake")
    core = [
        question
        for path, question in form.questions.items()
        if question.kind.askable
        and question.attributes["audience"] == "client"
        and "/meer_" not in path
    ]
    either_or = {"werk_sterk", "thuis_sterk"}
    assert {question.name for question in core} >= either_or
    assert len(core) - 1 <= 60


def test_deeper_talks_ask_more_and_only_where_the_colleague_says_so(library: Library) -> None:
    form = library.load("intake")
    for person in PERSONS:
        session, _ = play(form, steps("intake", person))
        whole = pace_of(session)
        chosen = any(
            session.value(NodeKey(path)) == "ja"
            for path, question in form.questions.items()
            if question.name.startswith("verdiepen_")
        )
        keep_to_the_core(session)
        assert (whole.client > pace_of(session).client) is chosen, person


def test_every_leefgebied_has_rating_wish_step_and_note(library: Library) -> None:
    names = {q.name: path for path, q in library.load("intake").questions.items()}
    for area in LEEFGEBIEDEN:
        for word in ("oordeel", "verdiepen", "wens", "stap", "notitie"):
            assert names[f"{word}_{area}"].startswith(f"/data/{area}/"), (word, area)


def test_subjects_for_a_next_talk_are_counted(library: Library) -> None:
    session, _ = play(library.load("intake"), steps("intake", "olena"))
    assert session.value(NodeKey("/data/samenvatting/gebieden_later")) == "2"
    shown = session.view(NodeKey("/data/samenvatting/later_telling"))
    assert shown.relevant
    assert shown.label.text.endswith("2")


@pytest.mark.parametrize("form_id", FORM_IDS)
def test_every_client_text_is_found_as_the_engine_asks_for_it(
    library: Library, compiled: Path, form_id: str
) -> None:
    form = library.load(form_id)
    wrong: list[str] = []

    class Listening:
        def __init__(self) -> None:
            self.inner = CatalogueTexts(Catalogues(compiled))

        def text(self, form_id: str, ref: TextRef, language: str, source: str) -> ShownText:
            shown = self.inner.text(form_id, ref, language, source)
            if shown.status == "missing" and ref.kind != "guidance":
                wrong.append(f"{language} {ref.kind} {ref.name}")
            return shown

    made = iter(range(1, 1000))
    session = FormSession(
        form,
        now=lambda: NOW,
        uuid=lambda: UUID(int=next(made), version=4),
        random=lambda: 0.5,
        texts=Listening(),
    )
    checked = 0
    for path, question in form.questions.items():
        if question.attributes.get("audience") != "client" or question.repeat:
            continue
        for language in ("en", "ar", "ti", "fa"):
            view = session.view(NodeKey(path), language)
            assert view.label.language == language
            assert all(choice.label.language == language for choice in view.choices)
            checked += 1
    assert checked > 240 or form_id != "intake"
    assert wrong == []


def test_sections_are_the_leefgebieden_between_opening_and_summary(library: Library) -> None:
    session, _ = play(library.load("intake"), steps("intake", "kern"))
    assert len(session.sections()) == 16
    assert session.sections()[0].name == "opening"


def test_a_label_with_an_output_shows_the_number(library: Library, compiled: Path) -> None:
    form = library.load("intake")
    session, _ = play(form, steps("intake", "karim"))
    shown = session.view(NodeKey("/data/samenvatting/aandacht_telling")).label.text
    assert shown.split() == ["Gebieden", "met", "aandacht", "of", "zorg:", "2"]


def test_states_count_as_answers(library: Library) -> None:
    session, _ = play(library.load("intake"), steps("intake", "hodan"))
    assert session.state(NodeKey("/data/zelfredzaamheid/veilig")) is AnswerState.REFUSED


def test_a_failing_script_is_named(library: Library, tmp_path: Path) -> None:
    form = library.load("noa_assessment")
    script = tmp_path / "tests.csv"
    head = "person,instance,name,value,expect\n"
    cases = {
        "a,,bestaat_niet,x,\n": "Er is geen vraag",
        "a,,in_aanmerking,misschien,\n": "geweigerd",
        "a,,afname_datum,2026-01-01,\n": "niet aan de orde",
        "a,,in_aanmerking,nee,problem\n": "geen bezwaar",
        "a,,in_aanmerking,nee,\na,,reden_niet,,hidden\n": "toch aan de orde",
        "a,,in_aanmerking,nee,\na,,in_aanmerking,ja,value\n": "is nu ‘nee’",
        "a,,in_aanmerking,nee,\n": "er is geen antwoord op /data/geschiktheid",
        "a,,in_aanmerking,#zomaar,\n": "Deze stand bestaat niet",
        "a,,in_aanmerking,nee,ooit\n": "Dit wordt niet begrepen",
        ",,in_aanmerking,nee,\n": "ontbreekt",
        "a,x,in_aanmerking,nee,\n": "geen nummer",
    }
    for body, words in cases.items():
        script.write_text(head + body, encoding="utf-8")
        found = check_scripts(form, script)
        assert any(words in finding.message for finding in found), body
    script.write_bytes(b"\xff\xfe")
    assert check_scripts(form, script)


def test_practice_persons_give_answers_the_intake_knows(library: Library) -> None:
    """A value that is no choice is passed over without a word, and the example says nothing."""
    form = library.load("intake")
    session, _ = play(form, steps("intake", "amir"))
    keys = {q.name: NodeKey(path) for path, q in form.questions.items() if not q.repeat}
    for person in PEOPLE:
        for name, value in person.answers.items():
            offered = {choice.value for choice in session.view(keys[name]).choices}
            assert not offered or value in offered, (name, value)
