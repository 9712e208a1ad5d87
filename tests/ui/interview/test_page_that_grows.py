"""A page on which an answer brings or takes other questions: what is in hand stays in hand."""

from __future__ import annotations

import pytest
from pages.interview import InterviewObject
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit
from pytestqt.qtbot import QtBot
from support.interviews import MarkedTexts, OneForm
from support.vaults import actor_of

from intake_app.domain.interview import AnswerState, Interpretation
from intake_app.domain.person import Person
from intake_app.flows.interview import InterviewFlow
from intake_app.ui.interview import note_box
from intake_app.ui.interview.bridge import InterviewBridge
from intake_app.vault import Vault
from intake_app.xforms import NodeKey, parse_form

FORM = b"""<?xml version="1.0"?><h:html xmlns="http://www.w3.org/2002/xforms"
 xmlns:h="http://www.w3.org/1999/xhtml"><h:head><h:title>Groeit</h:title><model>
<instance><data id="groeit" version="1"><werk>
<gewerkt/><reden/><jaren/><aantal/><waarom/></werk></data></instance>
<bind nodeset="/data/werk/gewerkt" type="select1"/>
<bind nodeset="/data/werk/reden" type="string"/>
<bind nodeset="/data/werk/jaren" type="int"/>
<bind nodeset="/data/werk/aantal" type="int" relevant="/data/werk/gewerkt = 'ja'"/>
<bind nodeset="/data/werk/waarom" type="string"
 relevant="string-length(/data/werk/reden) &gt; 0"/>
</model></h:head><h:body><group ref="/data/werk" appearance="field-list"><label>Werk</label>
<select1 ref="/data/werk/gewerkt"><label>Hebt u gewerkt?</label>
<item><label>Ja</label><value>ja</value></item><item><label>Nee</label><value>nee</value></item>
</select1>
<input ref="/data/werk/reden"><label>Wat was de reden?</label></input>
<input ref="/data/werk/jaren"><label>Hoeveel jaar?</label></input>
<input ref="/data/werk/aantal"><label>Hoeveel banen?</label></input>
<input ref="/data/werk/waarom"><label>Waarom?</label></input>
</group></h:body></h:html>"""


def at(name: str) -> NodeKey:
    return NodeKey(f"/data/werk/{name}")


@pytest.fixture
def flow(vault: Vault) -> InterviewFlow:
    number = vault.env.uuid()
    person = Person(number, v_number="1234567890", family_name="Voorbeeld", given_names="Sara")
    with vault.transaction(actor_of(vault), "toets") as tx:
        tx.persons.save(person)
    return InterviewFlow.start(
        vault,
        OneForm(parse_form(FORM, name="groeit")),
        MarkedTexts(),
        number,
        "groeit",
        "ar",
        Interpretation(),
        actor_of(vault),
    )


@pytest.fixture
def bridge(flow: InterviewFlow) -> InterviewBridge:
    return InterviewBridge(flow)


def field(interview: InterviewObject, question: str) -> QLineEdit:
    found = interview.block(question).widget.findChild(QLineEdit)
    assert found is not None
    return found


def test_a_note_in_hand_is_stored_when_the_page_grows(
    interview: InterviewObject, flow: InterviewFlow, qtbot: QtBot
) -> None:
    block = interview.block("gewerkt")
    qtbot.mouseClick(block.note_button, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(block.note.field, "vraagt om pauze")
    interview.choose("ja", question="gewerkt")
    assert interview.questions() == ("gewerkt", "reden", "jaren", "aantal")
    row = flow.row(at("gewerkt"))
    assert row is not None
    assert row.note == "vraagt om pauze"


def test_a_number_in_hand_is_stored_when_the_client_answers(
    interview: InterviewObject, flow: InterviewFlow, bridge: InterviewBridge, qtbot: QtBot
) -> None:
    box = field(interview, "jaren")
    box.setFocus()
    qtbot.keyClicks(box, "12")
    bridge.answer(at("gewerkt"), "ja")
    assert field(interview, "jaren").text() == "12"
    interview.page.settled()
    assert flow.session.value(at("jaren")) == "12"


def test_who_types_goes_on_typing_when_the_page_grows(
    interview: InterviewObject, flow: InterviewFlow, bridge: InterviewBridge, qtbot: QtBot
) -> None:
    box = field(interview, "reden")
    box.setFocus()
    qtbot.keyClicks(box, "bakker ge")
    bridge.store_typing()  # the keys rested
    assert "waarom" in interview.questions()
    focus = QApplication.focusWidget()
    assert focus is field(interview, "reden")
    qtbot.keyClicks(focus, "worden")
    interview.page.settled()
    assert flow.session.value(at("reden")) == "bakker geworden"


def test_the_keyboard_stays_at_the_choice_that_made_the_page_grow(
    interview: InterviewObject, qtbot: QtBot
) -> None:
    block = interview.block("gewerkt")
    choice = block.findChild(QAbstractButton, "choice-ja")
    assert choice is not None
    choice.setFocus()
    qtbot.keyClick(choice, Qt.Key.Key_Space)
    focus = QApplication.focusWidget()
    assert focus is not None
    assert interview.block("gewerkt").isAncestorOf(focus)


def test_what_did_not_fit_stays_told_while_another_answer_is_stored(
    interview: InterviewObject, qtbot: QtBot
) -> None:
    box = field(interview, "jaren")
    box.setFocus()
    qtbot.keyClicks(box, "zeven")
    interview.block("jaren").widget.flush()
    said = interview.problem("jaren")
    assert said
    interview.choose("nee", question="gewerkt")
    assert field(interview, "jaren").text() == "zeven"
    assert interview.problem("jaren") == said
    assert interview.block("jaren").refused


def test_what_did_not_fit_stays_when_the_page_grows(
    interview: InterviewObject, flow: InterviewFlow, qtbot: QtBot
) -> None:
    box = field(interview, "jaren")
    box.setFocus()
    qtbot.keyClicks(box, "zeven")
    interview.block("jaren").widget.flush()
    said = interview.problem("jaren")
    interview.choose("ja", question="gewerkt")
    assert "aantal" in interview.questions()
    assert field(interview, "jaren").text() == "zeven"
    assert interview.problem("jaren") == said
    assert not interview.page.settled()
    interview.write("7", "jaren")
    assert interview.problem("jaren") == ""
    assert interview.page.settled()
    assert flow.session.value(at("jaren")) == "7"


def test_a_note_being_written_keeps_the_keyboard_when_the_page_grows(
    interview: InterviewObject, flow: InterviewFlow, bridge: InterviewBridge, qtbot: QtBot
) -> None:
    block = interview.block("reden")
    qtbot.mouseClick(block.note_button, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(block.note.field, "moe")
    bridge.answer(at("gewerkt"), "ja")  # the client taps
    focus = QApplication.focusWidget()
    assert focus is interview.block("reden").note.field
    qtbot.keyClicks(focus, " en ziek")
    interview.page.settled()
    row = flow.row(at("reden"))
    assert row is not None
    assert row.note == "moe en ziek"


def test_a_refusal_goes_when_why_there_is_no_answer_is_told(
    interview: InterviewObject, qtbot: QtBot
) -> None:
    box = field(interview, "jaren")
    box.setFocus()
    qtbot.keyClicks(box, "zeven")
    interview.block("jaren").widget.flush()
    interview.say_state(AnswerState.UNKNOWN, "jaren")
    assert interview.problem("jaren") == ""
    assert not interview.block("jaren").refused
    assert field(interview, "jaren").text() == ""


def test_an_answer_of_the_client_is_seen_before_anything_replaces_it(
    interview: InterviewObject, flow: InterviewFlow, bridge: InterviewBridge, qtbot: QtBot
) -> None:
    box = field(interview, "jaren")
    box.setFocus()
    qtbot.keyClicks(box, "12")
    bridge.answer(at("jaren"), "15")  # tapped on the client's screen
    assert box.text() == "15"
    interview.page.settled()
    assert flow.session.value(at("jaren")) == "15"


def test_a_note_written_without_a_rest_is_stored_all_the_same(
    interview: InterviewObject,
    flow: InterviewFlow,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(note_box, "LONGEST_MS", note_box.NOTE_MS + 100)
    block = interview.block("reden")
    qtbot.mouseClick(block.note_button, Qt.MouseButton.LeftButton)

    def stored_while_writing() -> bool:
        qtbot.keyClicks(block.note.field, "a")
        row = flow.row(at("reden"))
        return row is not None and bool(row.note)

    # it looks every few milliseconds: the keys never rest
    qtbot.waitUntil(stored_while_writing, timeout=3_000)
    assert block.note.field.hasFocus()
