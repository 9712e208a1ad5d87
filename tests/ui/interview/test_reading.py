"""Reading aloud: the question and its choices, in the client's language, and silence at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import pytest
from pages.interview import InterviewObject
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from support.interviews import STAFF_MARK, key

from intake_app.domain.sharing import SharingTable
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.interview.bridge import InterviewBridge
from intake_app.ui.interview.page import InterviewPage
from intake_app.ui.interview.questions.base import Tools
from intake_app.ui.speech import Speech


class Sounds:
    """A player and a voice for some languages; says what it heard, and ends when told to."""

    def __init__(self, *languages: str, works: bool = True) -> None:
        self.languages, self.works = languages, works
        self.heard: list[str] = []
        self._ends: list[Callable[[bool], None]] = []

    def can_play(self) -> bool:
        return self.works

    def speaks(self, language: str) -> bool:
        return language in self.languages

    def play(self, recording: bytes, done: Callable[[bool], None]) -> None:
        self.heard.append("opname")
        self._ends.append(done)

    def say(self, text: str, language: str, done: Callable[[bool], None]) -> None:
        self.heard.append(text)
        self._ends.append(done)

    def stop(self) -> None:
        if self._ends:
            self._ends.clear()
            self.heard.append("stil")

    def end(self, *, whole: bool = True) -> None:
        self._ends.pop(0)(whole)

    def run_out(self, qtbot: QtBot, *, texts: int) -> None:
        """Let everything end until so many texts were heard."""
        while len(self.heard) < texts:
            before = len(self.heard)
            self.end()
            qtbot.waitUntil(lambda n=before: len(self.heard) > n)  # type: ignore[misc]
        self.end()


class Open(Protocol):
    def __call__(self, sounds: Sounds | None) -> InterviewObject: ...


@pytest.fixture
def open_with(qtbot: QtBot, tools: Tools, bridge: InterviewBridge) -> Open:
    def opened(sounds: Sounds | None) -> InterviewObject:
        window = QWidget()
        column = QVBoxLayout(window)
        column.setContentsMargins(0, 0, 0, 0)
        page = InterviewPage(
            tools,
            bridge,
            SharingTable({}),
            client_texts=UiTexts(bridge.language, None),
            speech=Speech(make_player=lambda: sounds, make_voice=lambda: sounds),
        )
        column.addWidget(page)
        window.resize(1366, 700)
        qtbot.addWidget(window)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        return InterviewObject(qtbot, window)

    return opened


def press(which: Qt.Key) -> None:
    QTest.keyClick(QApplication.focusWidget(), which)


def button(interview: InterviewObject, question: str = "") -> QAbstractButton:
    found = interview.block(question).state_bar.findChild(QAbstractButton, "question-read")
    assert found is not None
    return found


def notice(interview: InterviewObject) -> str:
    return interview.page.unread.text() if interview.has("reading-notice") else ""


def test_the_question_its_help_and_the_choices_in_order(open_with: Open, qtbot: QtBot) -> None:
    sounds = Sounds("ar")
    interview = open_with(sounds)
    interview.go_to_section("werk")
    assert not button(interview).isChecked()
    press(Qt.Key.Key_H)
    assert button(interview).isChecked()
    sounds.run_out(qtbot, texts=4)
    assert sounds.heard == [
        "[ar] Heeft u gewerkt?",
        "[ar] Ook onbetaald telt mee.",
        "1. [ar] Ja",
        "2. [ar] Nee",
    ]
    qtbot.waitUntil(lambda: not button(interview).isChecked())
    assert notice(interview) == ""


def test_in_dutch_on_demand_and_the_same_again_is_silence(open_with: Open) -> None:
    sounds = Sounds("ar", "nl")
    interview = open_with(sounds)
    interview.go_to_section("werk")
    press(Qt.Key.Key_D)
    assert sounds.heard == ["Heeft u gewerkt?"]
    press(Qt.Key.Key_D)
    assert sounds.heard[-1] == "stil"
    assert not button(interview).isChecked()
    press(Qt.Key.Key_D)
    press(Qt.Key.Key_H)
    assert sounds.heard[-2:] == ["stil", "[ar] Heeft u gewerkt?"]


def test_the_button_does_what_the_key_does(open_with: Open) -> None:
    sounds = Sounds("ar")
    interview = open_with(sounds)
    interview.go_to_section("werk")
    for checked in (True, False, True):
        button(interview).click()
        assert button(interview).isChecked() is checked
    assert sounds.heard.count("[ar] Heeft u gewerkt?") == 2


def test_one_choice_alone(open_with: Open) -> None:
    sounds = Sounds("ar")
    interview = open_with(sounds)
    interview.go_to_section("werk")
    interview.page.reading.toggle(key("gewerkt"), choice="nee")
    assert sounds.heard == ["2. [ar] Nee"]
    part = interview.page.reading.part
    assert part is not None
    assert part.value == "nee"


@pytest.mark.parametrize("act", ["next", "back", "section", "pause", "escape", "leave", "blank"])
def test_anything_that_leaves_the_question_is_silence(open_with: Open, act: str) -> None:
    sounds = Sounds("ar")
    interview = open_with(sounds)
    interview.go_to_section("werk")
    press(Qt.Key.Key_2)
    press(Qt.Key.Key_H)
    page = interview.page
    {
        "next": page.go_next,
        "back": page.go_back,
        "section": lambda: interview.go_to_section("kort"),
        "pause": lambda: press(Qt.Key.Key_P),
        "escape": lambda: press(Qt.Key.Key_Escape),
        "leave": page.leaving,
        "blank": page.pausing.blank,
    }[act]()
    assert sounds.heard[-1] == "stil"
    assert page.reading.key is None
    if act == "escape":
        # one Esc is silence and nothing more
        press(Qt.Key.Key_Escape)
        assert not page.bridge.is_paused


def test_nothing_starts_while_the_screens_are_blank(open_with: Open) -> None:
    sounds = Sounds("ar")
    interview = open_with(sounds)
    interview.go_to_section("werk")
    interview.rest()
    interview.page.reading.toggle(key("gewerkt"))
    press(Qt.Key.Key_H)
    assert sounds.heard == []


def test_a_question_for_the_staff_is_never_offered_and_never_read(open_with: Open) -> None:
    sounds = Sounds("ar", "nl")
    interview = open_with(sounds)
    page = interview.page
    for question in ("oordeel", "opmerking"):
        page.bridge.go_to(key(question))
        assert not button(interview, question).isVisibleTo(interview.block(question))
        for dutch in (True, False):
            page.reading.toggle(key(question), dutch=dutch)
        assert not page.reading.can_read(key(question))
    assert sounds.heard == []
    assert notice(interview) == ""


def test_guidance_is_never_read(open_with: Open, qtbot: QtBot) -> None:
    sounds = Sounds("ar", "nl")
    interview = open_with(sounds)
    for page in interview.page.bridge.flow.session.pages():
        for each in page.keys:
            for language in ("nl", "ar"):
                for part in interview.page.reading._questions().parts(each, language):
                    assert STAFF_MARK not in part.text


@pytest.mark.parametrize(
    ("sounds", "words"),
    [
        (None, "staat niet op deze laptop"),
        (Sounds("ar", works=False), "heeft nu geen geluid"),
        (Sounds("nl"), "geen opname in het Arabisch"),
    ],
)
def test_what_cannot_be_read_is_explained_in_words(
    open_with: Open, sounds: Sounds | None, words: str
) -> None:
    interview = open_with(sounds)
    interview.go_to_section("werk")
    assert not interview.page.reading.can_read(key("gewerkt")) or sounds is not None
    press(Qt.Key.Key_H)
    assert words in notice(interview)
    assert interview.page.reading.key is None
    press(Qt.Key.Key_2)
    interview.next()
    assert notice(interview) == ""


def test_a_voice_that_breaks_down_is_told_and_the_rest_is_tried(
    open_with: Open, qtbot: QtBot
) -> None:
    sounds = Sounds("ar")
    interview = open_with(sounds)
    interview.go_to_section("werk")
    press(Qt.Key.Key_H)
    sounds.end(whole=False)
    assert "lukte niet" in notice(interview)
    qtbot.waitUntil(lambda: len(sounds.heard) == 2)


class Slow(Sounds):
    """Voices that were not started yet."""

    started = False

    def start(self, then: Callable[[], None]) -> None:
        self.waiting = [*getattr(self, "waiting", []), then]

    def known(self) -> None:
        """Know at last what is spoken, as a process of its own tells it."""
        self.started = True
        for then in self.waiting:
            then()


def test_it_is_said_that_a_voice_is_being_started_and_stopping_then_is_enough(
    open_with: Open, qtbot: QtBot
) -> None:
    sounds = Slow("ar")
    interview = open_with(sounds)
    interview.go_to_section("werk")
    reading = interview.page.reading
    told: list[str] = []
    reading.explained.connect(told.append)
    reading.toggle(key("gewerkt"))
    assert "Even geduld" in told[-1]
    assert not sounds.started
    # the same again is silence, also before there was a sound
    reading.toggle(key("gewerkt"))
    assert told[-1] == ""
    reading.toggle(key("gewerkt"))
    assert sounds.heard == []
    sounds.known()
    assert sounds.heard == ["[ar] Heeft u gewerkt?"]
    assert told[-1] == ""
    reading.toggle(key("gewerkt"))
    reading.toggle(key("gewerkt"))
    assert sounds.heard[-2:] == ["stil", "[ar] Heeft u gewerkt?"]


def test_who_went_on_while_a_voice_started_hears_nothing(open_with: Open) -> None:
    sounds = Slow("ar")
    interview = open_with(sounds)
    interview.go_to_section("werk")
    interview.page.reading.toggle(key("gewerkt"))
    interview.page.bridge.go_to(key("talen"))
    sounds.known()
    assert sounds.heard == []
    assert notice(interview) == ""


# ---- on the client's own screen ----------------------------------------------------------------


def test_the_client_has_a_button_of_their_own_and_hears_it_stop(open_with: Open) -> None:
    sounds = Sounds("ar")
    interview = open_with(sounds)
    interview.go_to_section("werk")
    page = interview.page
    page.client_screen.toggle()
    window = page.client_screen.window
    assert window is not None
    hear = window.hear_button
    assert hear.isVisibleTo(window)
    assert min(hear.sizeHint().width(), hear.sizeHint().height()) >= 44
    hear.click()
    assert sounds.heard == ["[ar] Heeft u gewerkt?"]
    assert hear.isChecked()
    assert button(interview).isChecked()
    hear.click()
    assert sounds.heard[-1] == "stil"
    assert not hear.isChecked()
    page.bridge.go_to(key("oordeel"))
    assert not hear.isVisibleTo(window)
    page.bridge.go_to(key("talen"))
    assert hear.isVisibleTo(window)
    page.pausing.rest()
    assert not hear.isVisibleTo(window)


@pytest.mark.parametrize("sounds", [None, Sounds("nl")])
def test_the_client_is_not_offered_what_cannot_be_heard(
    open_with: Open, sounds: Sounds | None
) -> None:
    interview = open_with(sounds)
    interview.go_to_section("werk")
    interview.page.client_screen.toggle()
    window = interview.page.client_screen.window
    assert window is not None
    assert not window.hear_button.isVisibleTo(window)
