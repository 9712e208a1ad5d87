"""The Dutch a client reads or hears: short, one thing at a time, and never what hurts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from support.source_texts import template

from intake_app import paths
from intake_app.formio.compile import compile_form
from intake_app.formio.extract import form_texts
from intake_app.formio.scripts import play, read_scripts
from intake_app.i18n.catalogues import UI_DOMAIN
from intake_app.i18n.pofiles import ids, is_for_client, messages
from intake_app.xforms import AnswerState, FormDefinition, FormSession, NodeKey, parse_form

if TYPE_CHECKING:
    from intake_app.formio.sheets import Row, Workbook

MEAN_WORDS, MOST_WORDS = 8.0, 16
"""Well under the twelve words a sentence of B1 Dutch may have on average."""


def sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.?!”])\s+", text) if re.search(r"\w", part)]


def words(sentence: str) -> int:
    return len(re.findall(r"[^\W_][\w’'-]*", sentence))


@pytest.fixture(scope="module")
def heard(intake: Workbook) -> list[str]:
    """Return every sentence of the intake and of the program that a client reads or hears."""
    texts = [t.text for t in form_texts(intake) if not t.staff and t.kind != "choice"]
    texts += [ids(m)[0] for m in messages(template(UI_DOMAIN)) if is_for_client(UI_DOMAIN, m)]
    return [sentence for text in texts for sentence in sentences(text)]


def test_sentences_are_short(heard: list[str]) -> None:
    assert len(heard) >= 200
    assert sum(map(words, heard)) / len(heard) <= MEAN_WORDS
    assert [sentence for sentence in heard if words(sentence) > MOST_WORDS] == []


@pytest.mark.parametrize(
    ("sentence", "count"),
    [("Heeft u een cv?", 4), ("Foto’s van 2 tot 4 jaar", 6), ("a, b: c – d", 4)],
)
def test_words_are_counted_as_read(sentence: str, count: int) -> None:
    assert words(sentence) == count


def test_answers_are_a_few_words(intake: Workbook) -> None:
    texts = [t for t in form_texts(intake) if not t.staff and t.kind == "choice"]
    assert [t.text for t in texts if words(t.text) > 7] == []


def test_no_learned_words(heard: list[str]) -> None:
    learned = re.compile(
        r"\b(indien|teneinde|middels|betreffende|omtrent|alsmede|derhalve|echter|reeds|tevens"
        r"|dient te|conform|ten behoeve|desbetreffende|inzake|faciliteren|participeren)\b",
        re.IGNORECASE,
    )
    assert [sentence for sentence in heard if learned.search(sentence)] == []


def rows(intake: Workbook) -> dict[str, Row]:
    found = intake.sheet("survey").rows
    return {row.get("name"): row for row in found if row.get("name")}


def test_one_question_at_a_time(intake: Workbook) -> None:
    for name, row in rows(intake).items():
        if row.get("bind::dl:audience") == "client" and row.get("type") != "note":
            assert row.get("label").count("?") <= 1, name
            assert row.get("label").count(".") == 0, name


@pytest.mark.parametrize(
    ("name", "never"),
    [
        ("droom", "reden van asiel"),
        ("belemmering_anders", "Geen ziekte"),
        ("gewerkt", "leger, politie"),
        ("werk_niet", "gezondheid of geloof"),
        ("leren_lastig", "geen diagnose"),
        ("digid", "wachtwoord"),
        ("bankrekening", "rekeningnummer"),
        ("schulden", "wat de reis heeft gekost"),
        ("gezondheid_uitleg", "geen medicijn"),
        ("rekening_houden", "geen diagnose"),
        ("heeft_kinderen", "Vraag niet door"),
        ("kind_hulp", "Geen klachten"),
        ("gezinshereniging", "Vraag niet waar de familie nu is"),
        ("traplopen", "Niet de oorzaak"),
        ("woon_toelichting", "veiligheid"),
        ("vrije_tijd", "kerk, moskee"),
        ("hulpvraag", "geen asielverhaal"),
        ("veilig", "Vraag niet naar het verleden"),
        ("kern_ambities", "geen asielverhaal"),
        ("laatste_vraag", "schrijf het niet op"),
    ],
)
def test_the_colleague_is_warned_where_it_could_hurt(
    intake: Workbook, name: str, never: str
) -> None:
    assert never in rows(intake)[name].get("guidance_hint")


def test_what_the_client_is_promised_is_kept(intake: Workbook) -> None:
    promised = [
        row.get("bind::dl:sharing")
        for row in rows(intake).values()
        if "niet naar de gemeente" in row.get("hint")
    ]
    assert promised == ["intern"]


@pytest.fixture(scope="module")
def form() -> FormDefinition:
    return parse_form(compile_form(paths.forms_dir() / "intake"))


@pytest.mark.parametrize(
    ("asked", "follows"),
    [
        ("/data/ambitie/belemmering", "/data/ambitie/meer_ambitie/eerst_nodig"),
        ("/data/taal/taalles_nu", "/data/taal/meer_taal/taal_helpt"),
        ("/data/werkinteresse/werk_wens", "/data/werkinteresse/meer_werkinteresse/reistijd"),
        ("/data/werkinteresse/werk_wens", "/data/werkinteresse/sectoren"),
    ],
)
@pytest.mark.parametrize("state", [AnswerState.UNKNOWN, AnswerState.REFUSED])
def test_no_answer_does_not_take_the_next_question_away(
    form: FormDefinition, asked: str, follows: str, state: AnswerState
) -> None:
    session, _ = play(form, read_scripts(paths.forms_dir() / "intake" / "tests.csv")["kern"])
    area = asked.split("/")[2]
    session.answer(NodeKey(f"/data/{area}/afronding_{area}/verdiepen_{area}"), "ja")
    session.set_state(NodeKey(asked), state)
    assert session.view(NodeKey(follows)).relevant


def test_schooling_of_an_unknown_level_can_still_be_told(form: FormDefinition) -> None:
    session: FormSession
    session, _ = play(form, read_scripts(paths.forms_dir() / "intake" / "tests.csv")["kern"])
    session.answer(NodeKey("/data/onderwijs/school_gevolgd"), "ja")
    session.answer(NodeKey("/data/onderwijs/afronding_onderwijs/verdiepen_onderwijs"), "ja")
    session.set_state(NodeKey("/data/onderwijs/school_kort/opleiding_hoogste"), AnswerState.UNKNOWN)
    shown = {page.key.path for page in session.pages()}
    assert {"/data/onderwijs/school_vak", "/data/onderwijs/meer_onderwijs/opleiding"} <= shown


@pytest.mark.parametrize(("health", "shown"), [("goed", False), ("niet_goed", True)])
def test_help_of_today_is_asked_when_somebody_is_not_well(
    form: FormDefinition, health: str, *, shown: bool
) -> None:
    session, _ = play(form, read_scripts(paths.forms_dir() / "intake" / "tests.csv")["kern"])
    session.answer(NodeKey("/data/gezondheid/gezondheid_ervaren"), health)
    assert session.view(NodeKey("/data/gezondheid/acuut")).relevant is shown
