"""Two acts that arrive in one turn of the event loop, before anything was shown anew."""

from __future__ import annotations

import pytest
from pages.interview import InterviewObject
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from support.interviews import key
from support.qt import settle

from intake_app.ui.interview.questions.choices import ChoiceAnswer
from intake_app.ui.interview.questions.number import NumberAnswer
from intake_app.vault.errors import VaultError

Key = Qt.Key


def queue(widget: QWidget, *keys: tuple[Qt.Key, str]) -> None:
    """Have keys wait as those that were pressed while the program was busy."""
    for pressed, text in keys:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, pressed, Qt.KeyboardModifier.NoModifier, text)
            QCoreApplication.postEvent(widget, event)


def first_row(interview: InterviewObject, qapp: QApplication) -> QWidget:
    interview.go_to_section("werk")
    settle(qapp)
    answer = interview.block().widget
    assert isinstance(answer, ChoiceAnswer)
    answer.rows[0].setFocus()
    return answer.rows[0]


def test_what_could_not_be_stored_stays_told(
    interview: InterviewObject, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, flow = first_row(interview, qapp), interview.page.bridge.flow
    real = flow.answer

    def answer(asked: object, value: str) -> object:
        if value == "nee":
            raise VaultError("De schijf is vol.")
        return real(asked, value)  # type: ignore[arg-type]

    monkeypatch.setattr(flow, "answer", answer)
    queue(row, (Key.Key_1, "1"), (Key.Key_2, "2"))
    settle(qapp)
    assert flow.session.value(key("gewerkt")) == "ja"
    assert interview.block().refused
    assert interview.problem() == "De schijf is vol."


def test_a_key_after_an_answer_goes_by_what_is_stored(
    interview: InterviewObject, qapp: QApplication
) -> None:
    row, bridge = first_row(interview, qapp), interview.page.bridge
    bridge.later(key("gewerkt"), flag=True)
    settle(qapp)
    # an answer takes the flag away, so the key puts it on again
    queue(row, (Key.Key_1, "1"), (Key.Key_L, "l"))
    settle(qapp)
    stored = bridge.flow.row(key("gewerkt"))
    assert stored is not None
    assert stored.value == "ja"
    assert stored.later


def job(interview: InterviewObject) -> None:
    bridge = interview.page.bridge
    bridge.answer(key("gewerkt"), "ja")
    (made,) = bridge.flow.session.repeats(key("baan").path)
    bridge.go_to(key("jaren", made))


def test_a_digit_after_leaving_a_number_is_kept(
    interview: InterviewObject, qapp: QApplication, qtbot: QtBot
) -> None:
    job(interview)
    settle(qapp)
    answer = interview.block().widget
    assert isinstance(answer, NumberAnswer)
    answer.field.setFocus()
    qtbot.keyClicks(answer.field, "1")
    answer.field.editingFinished.emit()
    answer.field.setFocus()
    answer.field.end(False)
    qtbot.keyClicks(answer.field, "2")
    settle(qapp)
    assert answer.field.text() == "12"
    assert answer.entered


def test_an_answer_shows_as_it_is_stored_though_it_is_the_same(
    interview: InterviewObject, qapp: QApplication
) -> None:
    interview.go_to_section("kort")
    interview.write("7", "leeftijd")
    settle(qapp)
    interview.write("007", "leeftijd")
    interview.block("opmerking").widget.focus_first()
    settle(qapp)
    answer = interview.block("leeftijd").widget
    assert isinstance(answer, NumberAnswer)
    assert answer.field.text() == "7"
