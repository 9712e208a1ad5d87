"""A disk that is full: nothing that was not stored looks as if it was, and it can be done again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pages.interview import InterviewObject
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox
from pytestqt.qtbot import QtBot
from support.falling import place, start_falling
from support.interviews import key
from support.qt import settle

from intake_app.domain.interview import AnswerState
from intake_app.flows.interview import InterviewFlow
from intake_app.ui.interview.bridge import InterviewBridge
from intake_app.ui.interview.repeat_table import RepeatTable
from intake_app.vault import Vault
from intake_app.vault.errors import VaultError
from intake_app.xforms import Changes, NodeKey


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


def test_a_choice_in_a_table_that_was_not_stored_is_said_again(
    show: Callable[..., InterviewObject],
    vault: Vault,
    qapp: QApplication,
    fill: Callable[[bool], None],
) -> None:
    flow = start_falling(vault)
    flow.answer(place("werk/gewerkt"), "ja")
    one, _ = flow.add_repeat("/data/werk/baan")
    bridge = InterviewBridge(flow)
    bridge.go_to(NodeKey("/data/werk/baan"))
    talk = show(bridge)
    cell = talk.find("repeat-table", RepeatTable).cells[1, "dag"]
    combo = cell.combo
    assert combo is not None
    fill(True)
    choose(combo, "nee")
    settle(qapp)
    assert flow.session.value(place("werk/baan/dag", one)) == ""
    # what was chosen stands there, and that it is not stored
    assert combo.currentData() == "nee"
    assert "vol" in cell.said.text()
    assert combo.property("problem") == "true"
    bridge.changed.emit(Changes())
    assert combo.currentData() == "nee"
    talk.next()
    assert talk.has("repeat-table")
    assert combo.hasFocus()
    fill(False)
    talk.next()
    assert flow.session.value(place("werk/baan/dag", one)) == "nee"


def test_a_choice_in_a_table_can_be_taken_back(
    show: Callable[..., InterviewObject],
    vault: Vault,
    qapp: QApplication,
    fill: Callable[[bool], None],
) -> None:
    flow = start_falling(vault)
    flow.answer(place("werk/gewerkt"), "ja")
    one, _ = flow.add_repeat("/data/werk/baan")
    flow.answer(place("werk/baan/dag", one), "ja")
    bridge = InterviewBridge(flow)
    bridge.go_to(NodeKey("/data/werk/baan"))
    cell = show(bridge).find("repeat-table", RepeatTable).cells[1, "dag"]
    assert cell.combo is not None
    fill(True)
    choose(cell.combo, "nee")
    assert cell.refused
    choose(cell.combo, "ja")
    assert not cell.refused
    assert cell.said.text() == ""
    assert cell.combo.property("problem") == "false"
    fill(False)
    cell.flush()
    assert flow.session.value(place("werk/baan/dag", one)) == "ja"


def choose(combo: QComboBox, value: str) -> None:
    """Choose in a list as a person does."""
    at = combo.findData(value)
    combo.setCurrentIndex(at)
    combo.activated.emit(at)
