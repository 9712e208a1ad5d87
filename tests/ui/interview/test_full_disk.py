"""A disk that is full: nothing that was not stored looks as if it was, and it can be done again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pages.interview import InterviewObject
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot
from support.interviews import key
from support.qt import settle

from intake_app.domain.interview import AnswerState
from intake_app.flows.interview import InterviewFlow
from intake_app.vault import Vault
from intake_app.vault.errors import VaultError


@pytest.fixture
def fill(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    real = vault.transaction

    def refuse(*_args: object, **_named: object) -> object:
        raise VaultError("De schijf is vol.")

    def change(full: bool) -> None:
        monkeypatch.setattr(vault, "transaction", refuse if full else real)

    return change


def test_buttons_show_what_is_stored(
    interview: InterviewObject,
    flow: InterviewFlow,
    qapp: QApplication,
    fill: Callable[[bool], None],
) -> None:
    interview.go_to_section("werk")
    settle(qapp)
    block = interview.block("gewerkt")
    fill(True)
    block.about.later.click()
    assert not block.about.later.isChecked()
    assert "vol" in interview.problem("gewerkt")
    interview.say_state(AnswerState.REFUSED)
    settle(qapp)
    assert not any(b.isChecked() for b in block.state_bar.findChildren(QAbstractButton))
    fill(False)
    block.about.later.click()
    assert block.about.later.isChecked()
    assert interview.problem("gewerkt") == ""
    fill(True)
    interview.choose("ja")
    assert "vol" in interview.problem("gewerkt")
    interview.next()
    assert interview.questions() == ("gewerkt",)
    fill(False)
    # what was tapped is said again: it must not be tapped away
    interview.next()
    assert interview.questions() != ("gewerkt",)
    row = flow.row(key("gewerkt"))
    assert row is not None
    assert row.value == "ja"


def test_what_is_written_stays_and_is_stored_later(
    interview: InterviewObject,
    flow: InterviewFlow,
    qtbot: QtBot,
    fill: Callable[[bool], None],
) -> None:
    interview.go_to_section("werk")
    block = interview.block("gewerkt")
    block.note.open()
    fill(True)
    qtbot.keyClicks(block.note.field, "let op")
    interview.next()
    assert interview.questions() == ("gewerkt",)
    assert block.note.field.toPlainText() == "let op"
    interview.rest()
    assert "niet opgeslagen" in interview.page.pausing.layer._words.text()
    interview.resume()
    fill(False)
    interview.page.settled()
    assert interview.problem("gewerkt") == ""
    row = flow.row(key("gewerkt"))
    assert row is not None
    assert row.note == "let op"


@pytest.mark.parametrize("after", ["other", "state"])
def test_a_tap_that_was_not_stored_is_kept_until_something_else_is_the_answer(
    interview: InterviewObject, flow: InterviewFlow, fill: Callable[[bool], None], after: str
) -> None:
    interview.go_to_section("werk")
    block = interview.block("gewerkt")
    fill(True)
    interview.choose("ja")
    fill(False)
    if after == "other":
        interview.page.bridge.note(key("gewerkt"), "later gezegd", in_handover=False)
        assert "vol" in interview.problem("gewerkt")
        block.widget.flush()
        assert flow.session.value(key("gewerkt")) == "ja"
    else:
        interview.say_state(AnswerState.UNKNOWN)
        block.widget.flush()
        assert flow.session.value(key("gewerkt")) == ""
    assert interview.problem("gewerkt") == ""
