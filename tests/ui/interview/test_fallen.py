"""Answers that fall away on screen: told, named, kept in sight, and brought back."""

from __future__ import annotations

from uuid import UUID

import pytest
from pages.interview import InterviewObject
from PySide6.QtWidgets import QLabel
from support.falling import place

from intake_app.domain.interview import AnswerState
from intake_app.ui.a11y import check
from intake_app.ui.interview.fallen_notice import FallenDialog

WORKED, BOSS, JOB = place("werk/gewerkt"), place("werk/naam_baas"), "/data/werk/baan"


@pytest.fixture
def worked(falling: InterviewObject) -> InterviewObject:
    bridge = falling.page.bridge
    bridge.answer(WORKED, "ja")
    bridge.answer(BOSS, "De bakker")
    bridge.go_to(WORKED)
    return falling


def add_job(shown: InterviewObject, work: str) -> UUID:
    flow = shown.page.bridge.flow
    job, _ = flow.add_repeat(JOB)
    flow.answer(place("werk/baan/functie", job), work)
    return job


def rows_in(dialog: FallenDialog) -> str:
    return " | ".join(label.text() for label in dialog.findChildren(QLabel) if label.text())


def test_the_notice_stays_until_the_page_is_left(worked: InterviewObject) -> None:
    bridge = worked.page.bridge
    worked.choose("nee")
    assert "1 antwoord vervalt" in worked.text("hidden-notice")
    worked.note("zegt het zachtjes")
    bridge.answer(place("woon/leeftijd"), "30")
    assert worked.has("hidden-notice")
    bridge.go_to(place("woon/land"))
    assert not worked.has("hidden-notice")


@pytest.mark.parametrize("state", [AnswerState.UNKNOWN, AnswerState.REFUSED])
def test_a_state_takes_answers_away_and_is_taken_back(
    worked: InterviewObject, state: AnswerState
) -> None:
    before = worked.page.bridge.flow.session.snapshot()
    worked.say_state(state)
    assert worked.has("hidden-notice")
    worked.click("hidden-undo")
    assert not worked.has("hidden-notice")
    assert worked.page.bridge.flow.session.snapshot() == before
    assert worked.block().widget.hasFocus() or worked.page.focusWidget() is not None


def test_answering_otherwise_takes_the_notice_away(worked: InterviewObject) -> None:
    worked.choose("nee")
    worked.choose("ja")
    assert not worked.has("hidden-notice")


def test_only_what_was_named_is_taken_back(
    worked: InterviewObject, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The client may answer while the colleague looks at what fell away."""
    bridge = worked.page.bridge
    job = add_job(worked, "bakker")
    bridge.go_to(WORKED)
    bridge.answer(WORKED, "nee")
    lists: list[str] = []

    def looked(dialog: FallenDialog) -> int:
        dialog.show()
        lists.append(rows_in(dialog))
        if len(lists) == 1:
            bridge.answer(WORKED, "ja")
            bridge.answer(place("werk/baan/functie", job), "smid")
            bridge.answer(WORKED, "nee")
        return FallenDialog.DialogCode.Accepted

    monkeypatch.setattr(FallenDialog, "exec", looked)
    worked.page.show_fallen()
    assert len(lists) == 2
    assert "bakker" in lists[0]
    assert "smid" in lists[1]
    assert bridge.flow.session.value(WORKED) == "ja"
    assert bridge.flow.session.value(place("werk/baan/functie", job)) == "smid"


def test_which_answers_fall_away_is_named(
    worked: InterviewObject, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = add_job(worked, "bakker")
    said: list[str] = []
    faults: list[object] = []

    def looked(dialog: FallenDialog) -> int:
        dialog.show()
        said.append(rows_in(dialog))
        faults.extend(check(dialog))
        return FallenDialog.DialogCode.Accepted

    monkeypatch.setattr(FallenDialog, "exec", looked)
    worked.choose("nee")
    worked.click("hidden-look")
    assert "Voor wie werkte u?" in said[0]
    assert "De bakker" in said[0]
    assert "Baan 1: Wat deed u?" in said[0]
    assert faults == []
    # the way back was chosen in the dialog
    assert worked.page.bridge.flow.view(place("werk/baan/functie", job)).relevant


def test_a_choice_that_is_gone_is_told(falling: InterviewObject) -> None:
    bridge = falling.page.bridge
    bridge.answer(place("woon/land"), "nl")
    bridge.answer(place("woon/stad"), "zeist")
    bridge.go_to(place("woon/land"))
    falling.choose("sy")
    assert "1 antwoord vervalt" in falling.text("hidden-notice")
    falling.click("hidden-undo")
    assert bridge.flow.session.value(place("woon/stad")) == "zeist"


def test_a_text_that_is_typed_is_one_step(falling: InterviewObject) -> None:
    bridge = falling.page.bridge
    number = place("gezin/aantal")
    bridge.answer(number, "2")
    child = bridge.flow.session.repeats("/data/gezin/kind")[1]
    bridge.answer(place("gezin/kind/voornaam", child), "Bo")
    bridge.go_to(number)
    falling.write("1")
    assert "1 antwoord vervalt" in falling.text("hidden-notice")
    falling.click("hidden-undo")
    assert bridge.flow.session.value(number) == "2"
    assert bridge.flow.session.value(place("gezin/kind/voornaam", child)) == "Bo"


def test_the_look_back_lists_what_fell_and_brings_it_back(worked: InterviewObject) -> None:
    bridge = worked.page.bridge
    job = add_job(worked, "bakker")
    bridge.remove_repeat(JOB, job)
    bridge.answer(WORKED, "nee")
    worked.go_to_section("review")
    words = " | ".join(worked.words(worked.find("review-hidden")))
    assert "2 antwoorden tellen nu niet mee" in words
    assert "Baan 1: Wat deed u?" in words
    assert check(worked.root) == ()
    worked.click("review-restore-functie")
    assert bridge.flow.session.repeats(JOB) == (job,)
    assert worked.is_reviewing()
    assert worked.has("review-back-naam_baas")
    worked.click("review-back-naam_baas")
    assert worked.questions() == ("gewerkt",)


def test_the_look_back_says_nothing_when_nothing_fell(falling: InterviewObject) -> None:
    falling.go_to_section("review")
    assert not falling.has("review-hidden")
