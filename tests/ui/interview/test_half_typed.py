"""Half a number or date is no answer yet; a crash or a lock must not take it away all the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from pages.interview import InterviewObject
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot
from support.interviews import OneForm, add_person, resume
from support.made_forms import Ask, made_form
from support.qt import settle
from support.vaults import actor_of

from intake_app.domain.interview import AnswerState, Interpretation
from intake_app.flows.interview import InterviewFlow
from intake_app.flows.unsaved import unsaved
from intake_app.ui.interview.bridge import InterviewBridge
from intake_app.ui.interview.half_typed import HalfTyped
from intake_app.vault import Vault

ASKED = [Ask("aantal", "int"), Ask("dag", "date"), Ask("tijd", "time"), Ask("naam", "text")]
FIELDS = {"aantal": "answer-number", "dag": "answer-date-day", "tijd": "answer-time"}


@dataclass
class Talk:
    """One process after the other in the same talk."""

    vault: Vault
    show: Callable[[InterviewBridge], InterviewObject]
    flow: InterviewFlow
    qapp: QApplication

    def open(self, *, at: int = 0) -> InterviewObject:
        bridge = InterviewBridge(self.flow)
        bridge.go_to(_keys(self.flow)[at])
        self.shown = self.show(bridge)
        self.half = HalfTyped(self.shown.page)
        settle(self.qapp)
        return self.shown

    def again(self, *, at: int = 0) -> InterviewObject:
        """Open it as the next process does; the last one was killed, and leaves no field."""
        for old in self.shown.page.findChildren(QLineEdit):
            old.blockSignals(True)
        self.flow = resume(self.vault, self.flow)
        return self.open(at=at)

    @property
    def kept(self) -> set[object]:
        place = f"typed:{self.flow.interview.interview_id}"
        return set(unsaved(self.vault, place).values())

    def value(self, name: str) -> str:
        flow = resume(self.vault, self.flow)
        return next(flow.session.value(k) for k in _keys(flow) if k.path.endswith(f"/{name}"))


def _keys(flow: InterviewFlow) -> list:
    return [key for page in flow.session.pages() for key in page.keys]


@pytest.fixture
def together() -> bool:
    return True


@pytest.fixture
def talk(
    vault: Vault,
    show: Callable[[InterviewBridge], InterviewObject],
    qapp: QApplication,
    together: bool,
) -> Talk:
    flow = InterviewFlow.start(
        vault,
        OneForm(made_form(ASKED, together=together)),
        None,
        add_person(vault).person_id,
        "gemaakt",
        "ar",
        Interpretation(),
        actor_of(vault),
    )
    return Talk(vault, show, flow, qapp)


def field(shown: InterviewObject, name: str) -> QLineEdit:
    found = shown.block(name).findChild(QLineEdit, FIELDS[name])
    assert found is not None
    return found


@pytest.mark.parametrize("name", FIELDS)
def test_what_is_typed_is_kept_without_leaving_the_field(
    talk: Talk, qtbot: QtBot, name: str
) -> None:
    first = field(talk.open(), name)
    first.setFocus()
    qtbot.keyClicks(first, "12")
    qtbot.waitUntil(lambda: "12" in talk.kept, timeout=3000)
    assert talk.value(name) == ""
    # the process is gone; the next one has it in the field, and it is still no answer
    shown = talk.again()
    assert field(shown, name).text() == "12"
    assert talk.value(name) == ""
    assert shown.block(name).widget.entered


def test_leaving_the_field_makes_it_the_answer(
    talk: Talk, qtbot: QtBot, qapp: QApplication
) -> None:
    first = field(talk.open(), "aantal")
    first.setFocus()
    qtbot.keyClicks(first, "7")
    talk.half.flush()
    shown = talk.again()
    field(shown, "aantal").setFocus()
    field(shown, "tijd").setFocus()
    settle(qapp)
    assert talk.value("aantal") == "7"
    assert talk.kept == set()


def test_a_lock_keeps_what_can_be_no_answer(talk: Talk, qtbot: QtBot) -> None:
    shown = talk.open()
    first = field(shown, "dag")
    first.setFocus()
    qtbot.keyClicks(first, "31")
    shown.page.window().hide()
    shown.page.pausing.blank()
    assert talk.value("dag") == ""
    assert field(talk.again(), "dag").text() == "31"


def test_a_reason_for_no_answer_forgets_it(talk: Talk, qtbot: QtBot, qapp: QApplication) -> None:
    shown = talk.open()
    first = field(shown, "dag")
    first.setFocus()
    qtbot.keyClicks(first, "31")
    talk.half.flush()
    assert "31" in talk.kept
    shown.block("dag").choose_state(AnswerState.UNKNOWN)
    settle(qapp)
    assert talk.kept == set()


@pytest.mark.parametrize("together", [False])
def test_it_waits_for_its_own_page(talk: Talk, qtbot: QtBot, qapp: QApplication) -> None:
    first = field(talk.open(), "aantal")
    first.setFocus()
    qtbot.keyClicks(first, "12")
    talk.half.flush()
    again = talk.again(at=-1)
    assert "aantal" not in again.questions()
    talk.half.flush()
    assert "12" in talk.kept
    again.page.bridge.go_to(_keys(talk.flow)[0])
    settle(qapp)
    assert field(again, "aantal").text() == "12"
    talk.half.flush()
    assert "12" in talk.kept
