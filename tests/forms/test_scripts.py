from __future__ import annotations

import re
from pathlib import Path
from uuid import UUID

import pytest

from intake_app import paths
from intake_app.formio.build import build
from intake_app.formio.library import Library
from intake_app.formio.scripts import NOW, Step, check_scripts, play, read_scripts, unanswered
from intake_app.formio.texts import CatalogueTexts
from intake_app.i18n.catalogues import Catalogues
from intake_app.xforms import AnswerState, FormSession, NodeKey, ShownText, TextRef

OPTIONAL = r"stap_|oordeel_|\w+_(waarom_niet|ruw|norm|normgroep)$"
FORM_SCRIPTS = [
    (form, person)
    for form in ("intake", "noa_assessment")
    for person in read_scripts(paths.forms_dir() / form / "tests.csv")
]


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("compiled")
    build(folder)
    return folder


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


def test_there_are_enough_persons() -> None:
    assert len({person for form, person in FORM_SCRIPTS if form == "intake"}) >= 4
    assert len({person for form, person in FORM_SCRIPTS if form == "noa_assessment"}) >= 4


def asked(session: FormSession) -> list[str]:
    """Return the audience of every relevant question, in order."""
    found = []
    for page in session.pages():
        for key in page.keys:
            view = session.view(key)
            if view.relevant and view.definition.kind.askable:
                found.append(view.definition.attributes["audience"])
    return found


def test_the_core_asks_the_person_forty_to_sixty_questions(library: Library) -> None:
    session, _ = play(library.load("intake"), steps("intake", "kern"))
    core = asked(session)
    assert 40 <= core.count("client") <= 60
    assert core.count("staff") <= 25


def test_more_is_asked_only_of_who_gives_cause(library: Library) -> None:
    lengths = {
        person: len(asked(play(library.load("intake"), steps("intake", person))[0]))
        for person in ("kern", "selam", "karim")
    }
    assert lengths["kern"] < lengths["selam"] < lengths["karim"]


def test_every_question_is_asked_of_somebody(library: Library) -> None:
    answered = {step.name for form, p in FORM_SCRIPTS for step in steps(form, p) if not step.expect}
    for form in ("intake", "noa_assessment"):
        for question in library.load(form).questions.values():
            if question.kind.askable and not re.match(OPTIONAL, question.name):
                assert question.name in answered, question.path


def test_every_client_text_is_found_as_the_engine_asks_for_it(
    library: Library, compiled: Path
) -> None:
    form = library.load("intake")
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
        for language in ("en", "ar", "ti"):
            view = session.view(NodeKey(path), language)
            assert view.label.language == language
            assert all(choice.label.language == language for choice in view.choices)
            checked += 1
    assert checked > 240
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
