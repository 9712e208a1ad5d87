"""Ctrl+F: any question by its words in either language, and the keyboard goes there."""

from __future__ import annotations

from pages.interview import InterviewObject
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from support.interviews import key

from intake_app.domain.interview import AnswerState
from intake_app.ui.interview.find import FindQuestion, findables, search

CTRL = Qt.KeyboardModifier.ControlModifier


def opened(interview: InterviewObject) -> FindQuestion:
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_F, CTRL)
    dialog = interview.root.findChild(FindQuestion)
    assert dialog is not None
    interview.qtbot.waitUntil(lambda: QApplication.focusWidget() is dialog.field)
    return dialog


def names(dialog: FindQuestion) -> list[str]:
    return [each.key.path.rpartition("/")[2] for each in dialog.found()]


def test_everything_is_there_in_the_order_of_the_form_and_what_is_not_asked_last(
    interview: InterviewObject,
) -> None:
    interview.go_to_section("werk")
    dialog = opened(interview)
    assert names(dialog) == [
        "welkom",
        "naam_tolk",
        "gewerkt",
        "talen",
        "oordeel",
        "leeftijd",
        "opmerking",
    ]
    current = dialog.current()
    assert current is not None
    assert current.key == key("gewerkt")


def test_a_word_of_either_language_a_section_or_an_answer_finds(
    interview: InterviewObject,
) -> None:
    bridge = interview.page.bridge
    every = findables(interview.page.tools, bridge)

    def found(text: str) -> list[str]:
        return [each.key.path.rpartition("/")[2] for each in search(every, text)]

    assert found("gewerkt")[0] == "gewerkt"
    assert found("GEWERKT") == found("gewerkt")
    assert found("hoe oud") == ["leeftijd"]
    assert found("oud hoe") == ["leeftijd"]
    assert "talen" in found("tigrinya")
    assert set(found("kort")) == {"leeftijd", "opmerking"}
    assert found("[ar] heeft")[0] == "gewerkt"
    assert found("onbetaald") == ["gewerkt"]
    assert found("xyzzy") == []
    # a word of the question comes before a word of its answers
    assert found("spreekt")[:2] == ["naam_tolk", "talen"]


def test_guidance_is_for_reading_not_for_finding(interview: InterviewObject) -> None:
    every = findables(interview.page.tools, interview.page.bridge)
    assert search(every, "rustig door") == ()


def test_letters_arrows_and_enter_go_there(interview: InterviewObject) -> None:
    page = interview.page
    dialog = opened(interview)
    QTest.keyClicks(dialog.field, "spreekt")
    QTest.keyClick(dialog.field, Qt.Key.Key_Down)
    assert dialog.field.hasFocus()
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    interview.qtbot.waitUntil(lambda: page.bridge.focus == key("talen"))
    interview.qtbot.waitUntil(
        lambda: page.isAncestorOf(QApplication.focusWidget() or interview.root)
    )
    assert interview.questions() == ("talen",)


def test_escape_leaves_all_as_it_was(interview: InterviewObject) -> None:
    interview.go_to_section("werk")
    dialog = opened(interview)
    QTest.keyClicks(dialog.field, "oud")
    QTest.keyClick(dialog.field, Qt.Key.Key_Escape)
    interview.qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    assert interview.page.bridge.focus == key("gewerkt")
    assert not interview.page.bridge.is_paused


def test_what_is_not_asked_now_is_marked_and_says_so(interview: InterviewObject) -> None:
    bridge = interview.page.bridge
    bridge.answer(key("gewerkt"), "ja")
    assert bridge.flow.session.pages()
    every = findables(interview.page.tools, bridge)
    asked = {each.key.path: each for each in every}
    assert asked["/data/werk/baan/functie"].asked
    assert "Baan 1" in asked["/data/werk/baan/functie"].where
    assert asked["/data/werk/gewerkt"].where.endswith("beantwoord")
    bridge.set_state(key("talen"), AnswerState.REFUSED)
    bridge.later(key("leeftijd"), flag=True)
    where = {e.key.path: e.where for e in findables(interview.page.tools, bridge)}
    assert "beantwoord" in where["/data/werk/talen"]
    assert "later" in where["/data/kort/leeftijd"]


def test_nothing_found_is_said_and_enter_does_nothing(interview: InterviewObject) -> None:
    dialog = opened(interview)
    QTest.keyClicks(dialog.field, "qqqq")
    assert "Niets gevonden" in dialog.said.text()
    assert not dialog.go.isEnabled()
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    assert dialog.isVisible()
