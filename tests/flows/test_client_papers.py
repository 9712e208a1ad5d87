"""The papers for the client, made from a vault: their own words, and nothing of the team's."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.filled import texts
from support.interviews import add_person
from support.vaults import actor_of, prepared_vault

from intake_app import paths
from intake_app.documents import information_receipt as receipt
from intake_app.documents.client_page import Agreement, Answer, ClientPage, Literal, texts_of
from intake_app.documents.model import Text
from intake_app.documents.pages import page_images
from intake_app.domain.actor import ReceiverRole
from intake_app.domain.attachment import AttachmentKind
from intake_app.domain.interview import Interpretation, InterpreterMode
from intake_app.domain.partial_date import PartialDate
from intake_app.domain.person import BirthDateStatus, Person
from intake_app.domain.plan import Leerroute, Vervolgpad
from intake_app.flows import audit, client_papers, consent, hand_over, outside
from intake_app.flows import plan as plan_flow
from intake_app.flows.client_papers import Explained, NothingExplained, Paper
from intake_app.flows.filling import fill
from intake_app.flows.interview import InterviewFlow
from intake_app.formio.compile import compile_form
from intake_app.i18n.catalogues import Catalogues
from intake_app.vault import Vault
from intake_app.xforms import FormDefinition, NodeKey, QuestionKind, parse_form

FORMS = sorted(path.parent.name for path in paths.forms_dir().glob("*/survey.csv"))
SECRET = "GEHEIM-TEAM"


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    made = prepared_vault(tmp_path / "kluis")
    yield made
    made.close()


@pytest.fixture
def person(vault: Vault) -> Person:
    return add_person(vault)


@pytest.fixture(scope="module")
def catalogues() -> Catalogues:
    return Catalogues(paths.compiled_dir())


class Fresh:
    """A library that compiles the form as its source is now."""

    def __init__(self) -> None:
        self._known: dict[str, FormDefinition] = {}

    def load(self, form_id: str) -> FormDefinition:
        if form_id not in self._known:
            self._known[form_id] = parse_form(compile_form(paths.forms_dir() / form_id))
        return self._known[form_id]


FRESH = Fresh()


def begin(vault: Vault, person: Person, form_id: str = "intake") -> InterviewFlow:
    return InterviewFlow.start(
        vault,
        FRESH,
        texts(),
        person.person_id,
        form_id,
        "ar",
        Interpretation(InterpreterMode.TELEFOON, SECRET, "ar", weak=("/data/geld",)),
        actor_of(vault),
    )


def said(page: ClientPage) -> str:
    """Return every word of a page that is not the program's own translation."""
    found = [f"{each.dutch}\n{each.own.text if each.own else ''}" for each in texts_of(page)]
    for block in page.blocks:
        values = (getattr(block, "answer", None), getattr(block, "value", None))
        found += [value.text for value in values if isinstance(value, Text)]
        if isinstance(block, Literal):
            found.append(block.text.text)
        if isinstance(block, Agreement):
            found += [block.what.text, block.result.text if block.result else ""]
    return "\n".join(found)


def told(vault: Vault, person: Person) -> list[str]:
    return [line.what for line in audit.page(vault, person_id=person.person_id).lines]


# ---- nothing of the team ------------------------------------------------------------------------


def is_hidden(form: FormDefinition, path: str) -> bool:
    attributes = form.questions[path].attributes
    return attributes.get("audience") != "client" or attributes.get("sharing") in {
        "intern",
        "medisch",
    }


def mark_everything(flow: InterviewFlow) -> None:
    """Write the secret wherever a colleague can write: notes, and every text not the client's."""
    for page in flow.session.pages():
        for key in page.keys:
            view = flow.session.view(key)
            if not view.relevant or not view.definition.kind.askable or view.readonly:
                continue
            flow.note(key, f"{SECRET} notitie", True)
            if view.definition.kind is QuestionKind.TEXT and is_hidden(flow.form, key.path):
                flow.answer(key, f"{SECRET} {view.definition.name}")


@pytest.mark.parametrize("form_id", FORMS)
def test_no_form_brings_words_of_the_team_on_paper(
    vault: Vault, person: Person, catalogues: Catalogues, form_id: str
) -> None:
    flow = begin(vault, person, form_id)
    fill(flow, {})
    mark_everything(flow)
    page = client_papers.client_copy(vault, catalogues, person.person_id, "ar")
    words = said(page)
    assert SECRET not in words
    shown = {b.question.dutch for b in page.blocks if isinstance(b, Answer)}
    form = flow.form
    open_labels = {
        flow.session.view(key, "nl").label.text
        for p in flow.session.pages()
        for key in p.keys
        if not is_hidden(form, key.path)
    }
    assert shown <= open_labels


@pytest.mark.parametrize("form_id", FORMS)
def test_hints_for_the_colleague_stay_off(
    vault: Vault, person: Person, catalogues: Catalogues, form_id: str
) -> None:
    import csv

    flow = begin(vault, person, form_id)
    fill(flow, {})
    words = said(client_papers.client_copy(vault, catalogues, person.person_id, "nl"))
    source = (paths.forms_dir() / form_id / "survey.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(source.splitlines()))
    hints = {row.get("guidance_hint", "") for row in rows} - {""}
    assert hints or form_id
    assert [hint for hint in hints if hint in words] == []


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(chosen=st.integers(0, 10**6), note=st.text("abcdefgh ", min_size=12, max_size=30))
def test_whatever_is_answered_notes_stay_off(
    vault: Vault, catalogues: Catalogues, chosen: int, note: str
) -> None:
    who = add_person(vault)
    flow = begin(vault, who)
    fill(flow, {}, most_pages=10)
    keys = [key for page in flow.session.pages() for key in page.keys]
    key = keys[chosen % len(keys)]
    marked = f"{SECRET}{note}"
    flow.note(key, marked, True)
    if flow.session.view(key).definition.kind is QuestionKind.TEXT and is_hidden(
        flow.form, key.path
    ):
        flow.answer(key, marked)
    words = said(client_papers.client_copy(vault, catalogues, who.person_id, "ti"))
    assert marked not in words


def test_an_answer_about_safety_is_not_left_lying_about(
    vault: Vault, person: Person, catalogues: Catalogues
) -> None:
    flow = begin(vault, person)
    fill(flow, {})
    page = client_papers.client_copy(vault, catalogues, person.person_id, "nl")
    assert "veilig waar u nu woont" not in said(page).lower()
    assert "Niet alles staat op dit papier." in said(page)


# ---- what is there ------------------------------------------------------------------------------


def test_answers_stand_beside_their_translation(
    vault: Vault, person: Person, catalogues: Catalogues
) -> None:
    flow = begin(vault, person)
    fill(flow, {"tolk_nodig": "ja"}, most_pages=4)
    page = client_papers.client_copy(vault, catalogues, person.person_id, "ar")
    first = next(block for block in page.blocks if isinstance(block, Answer))
    assert first.question.own is not None
    assert first.question.own.language == "ar"
    assert not isinstance(first.answer, Text)
    assert first.answer.own is not None
    assert "nog niet klaar" in said(page)


def test_own_words_stay_as_they_are(vault: Vault, person: Person, catalogues: Catalogues) -> None:
    flow = begin(vault, person)
    flow.answer(NodeKey("/data/ambitie/droom"), "أريد أن أعمل")
    flow.answer(NodeKey("/data/ambitie/doel_een_jaar"), "Nederlands #leren $x$ *nu*")
    page = client_papers.client_copy(vault, catalogues, person.person_id, "en")
    answers = [b.answer for b in page.blocks if isinstance(b, Answer)]
    assert Text("أريد أن أعمل", "ar") in answers
    assert Text("Nederlands #leren $x$ *nu*") in answers
    pdf = client_papers.pdf(page)
    assert "#leren $x$ *nu*" in re.sub(r"\s+", " ", " ".join(p.text for p in page_images(pdf, 20)))


def test_a_part_that_was_not_well_understood_says_so(
    vault: Vault, person: Person, catalogues: Catalogues
) -> None:
    flow = begin(vault, person)
    flow.answer(NodeKey("/data/ambitie/droom"), "bakker")
    told = flow.interview.interpretation
    unclear = "Het is nog niet duidelijk. Wij leggen het opnieuw uit."
    assert unclear not in said(client_papers.client_copy(vault, catalogues, person.person_id, "ar"))
    flow.set_interpretation(replace(told, weak=("/data/ambitie",)))
    page = client_papers.client_copy(vault, catalogues, person.person_id, "ar")
    (mark,) = [b for b in page.blocks if getattr(b, "text", None) and b.text.dutch == unclear]
    assert mark.text.own is not None
    assert mark.text.own.language == "ar"
    assert mark.strong
    text = " ".join(image.text for image in page_images(client_papers.pdf(page), 20))
    assert unclear in re.sub(r"\s+", " ", text)


def test_no_answer_is_said_as_the_person_said_it(
    vault: Vault, person: Person, catalogues: Catalogues
) -> None:
    from intake_app.domain.interview import AnswerState

    flow = begin(vault, person)
    flow.set_state(NodeKey("/data/ambitie/droom"), AnswerState.REFUSED)
    flow.set_state(NodeKey("/data/ambitie/doel_drie_jaar"), AnswerState.NOT_ASKED)
    words = said(client_papers.client_copy(vault, catalogues, person.person_id, "nl"))
    assert "U wilt het niet zeggen." in words
    assert "En over drie jaar?" not in words


def test_a_form_that_asks_the_client_nothing_is_no_talk(
    vault: Vault, person: Person, catalogues: Catalogues
) -> None:
    begin(vault, person, "geen_azc_intake")
    words = said(client_papers.client_copy(vault, catalogues, person.person_id, "nl"))
    assert "Uw antwoorden\n" not in words


def test_plan_and_agreements_are_on_it(
    vault: Vault, person: Person, catalogues: Catalogues
) -> None:
    begin(vault, person)
    drafted = plan_flow.draft(vault, person.person_id)
    goal = plan_flow.from_template(plan_flow.templates(Vervolgpad.LEER_WERK)[0], vault.env)
    action = replace(goal.actions[0], end=date(2026, 6, 1), result="Ingeschreven")
    goal = replace(goal, horizon=date(2026, 9, 1), actions=(action,))
    plan_flow.save(
        vault,
        replace(
            drafted,
            goals=(goal,),
            main_path=Vervolgpad.LEER_WERK,
            leerroute=Leerroute.B1,
            client_view="أنا سعيد",
        ),
    )
    table = hand_over.sharing_table()
    consent.give(
        vault,
        table,
        person.person_id,
        "taal",
        ReceiverRole.TAALAANBIEDER,
        language="ar",
        with_interpreter=True,
    )
    words = said(client_papers.client_copy(vault, catalogues, person.person_id, "nl"))
    for told_ in (
        "Dit plan is nog niet klaar.",
        "Leren en werken tegelijk",
        "De gemeente beslist over uw leerroute.",
        goal.text,
        action.what,
        "Klaar op 1 september 2026.",
        "Tot 1 juni 2026.",
        "Ingeschreven",
        "أنا سعيد",
        "Uw taalschool: uw talen.",
    ):
        assert told_ in words


def test_attachments_are_named_but_not_what_is_sealed(
    vault: Vault, person: Person, catalogues: Catalogues
) -> None:
    with vault.transaction(actor_of(vault), "toets") as tx:
        for title, category in (("Diploma mbo", "opleiding"), ("Brief team", "intern")):
            tx.attachments.add(
                person.person_id,
                iter([b"%PDF-1.7"]),
                title,
                "application/pdf",
                category,
                role="",
                kind=AttachmentKind.DIPLOMA,
                env=vault.env,
            )
    words = said(client_papers.client_copy(vault, catalogues, person.person_id, "nl"))
    assert "Diploma mbo" in words
    assert "Brief team" not in words


def test_a_fictive_birthday_is_called_estimated(vault: Vault, catalogues: Catalogues) -> None:
    who = add_person(vault)
    born = replace(
        who,
        birth_date=PartialDate(1990, 1, 1),
        birth_date_status=BirthDateStatus.GESCHAT,
        bsn="111222333",
    )
    with vault.transaction(actor_of(vault), "toets") as tx:
        tx.persons.save(born)
    words = said(client_papers.client_copy(vault, catalogues, who.person_id, "nl"))
    assert "Uw geboortedatum (geschat)" in words
    assert "111222333" not in words


# ---- notice, receipt, log, file -----------------------------------------------------------------


def explained(**changes: object) -> Explained:
    whole = Explained(
        "ar",
        InterpreterMode.TELEFOON,
        (receipt.Subject.DELEN,),
        receipt.Understood.JA,
        to_be_signed=True,
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


def test_the_notice_and_the_receipt_are_made_and_looked_up_in_the_log(
    vault: Vault, person: Person, catalogues: Catalogues
) -> None:
    table = hand_over.sharing_table()
    page = client_papers.privacy(vault, catalogues, table, person.person_id, "ar")
    assert vault.info.organisation.name in said(page)
    page = client_papers.information_receipt(vault, catalogues, person.person_id, "ar", explained())
    assert vault.user.name in said(page)
    assert "العربية" in said(page)
    assert {"Privacyverklaring maken", "Informatiebewijs maken"} <= set(told(vault, person))


def test_a_receipt_of_nothing_is_refused(
    vault: Vault, person: Person, catalogues: Catalogues
) -> None:
    with pytest.raises(NothingExplained, match="Kies eerst"):
        client_papers.information_receipt(
            vault, catalogues, person.person_id, "ar", explained(subjects=())
        )


@pytest.mark.parametrize("paper", list(Paper))
def test_the_log_tells_that_it_was_given(vault: Vault, person: Person, paper: Paper) -> None:
    client_papers.note_given(vault, person.person_id, paper)
    phrase = client_papers.GIVEN[paper]
    assert phrase[:1].upper() + phrase[1:] in told(vault, person)


def test_when_a_paper_was_last_given_is_known(vault: Vault, person: Person) -> None:
    assert client_papers.last_given(vault, person.person_id, Paper.COPY) is None
    other = add_person(vault)
    client_papers.note_given(vault, other.person_id, Paper.COPY)
    client_papers.note_given(vault, person.person_id, Paper.PRIVACY)
    assert client_papers.last_given(vault, person.person_id, Paper.COPY) is None
    client_papers.note_given(vault, person.person_id, Paper.COPY)
    first = client_papers.last_given(vault, person.person_id, Paper.COPY)
    client_papers.note_given(vault, person.person_id, Paper.COPY)
    second = client_papers.last_given(vault, person.person_id, Paper.COPY)
    assert first is not None
    assert second is not None
    assert first < second


def test_saving_leaves_one_whole_file(vault: Vault, person: Person, tmp_path: Path) -> None:
    target = tmp_path / "kopie.pdf"
    client_papers.save(vault, person.person_id, Paper.COPY, b"%PDF", target)
    assert target.read_bytes() == b"%PDF"
    assert [path.name for path in tmp_path.glob("kopie*")] == ["kopie.pdf"]
    assert "Kopie aan de cliënt gegeven" in told(vault, person)


def test_nothing_is_saved_inside_the_vault(vault: Vault, person: Person) -> None:
    with pytest.raises(outside.NotWritten, match="Kies een andere map"):
        client_papers.save(vault, person.person_id, Paper.COPY, b"x", vault.folder / "kopie.pdf")
    assert "Kopie aan de cliënt gegeven" not in told(vault, person)


def test_a_place_that_is_not_there_is_told(vault: Vault, person: Person, tmp_path: Path) -> None:
    with pytest.raises(outside.NotWritten, match="kon hier niet"):
        client_papers.save(vault, person.person_id, Paper.COPY, b"x", tmp_path / "weg" / "k.pdf")
    shutil.rmtree(tmp_path / "weg", ignore_errors=True)


def test_nobody_gets_no_paper(vault: Vault, catalogues: Catalogues) -> None:
    with pytest.raises(KeyError):
        client_papers.client_copy(vault, catalogues, vault.env.uuid(), "nl")


def test_dutch_is_always_offered(catalogues: Catalogues) -> None:
    assert client_papers.languages(catalogues)[0] == "nl"
