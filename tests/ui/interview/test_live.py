"""What the page says of saving: on screen at once, aloud once the question is left."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from pages.interview import InterviewObject
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from support.interviews import key

from intake_app.vault import DiskFull, Vault


class Frame:
    """Stands for the window round the page: keeps what it was told."""

    def __init__(self) -> None:
        self.saved: list[tuple[str, bool]] = []

    def set_page_actions(self, actions: object) -> None:
        del actions

    def set_saved(self, text: str, *, aloud: bool = True) -> None:
        self.saved.append((text, aloud))

    def interview_mode(self, on: bool) -> None:
        del on


@pytest.fixture
def frame(interview: InterviewObject) -> Frame:
    made = Frame()
    interview.page.attach(made)
    return made


@pytest.fixture
def said(interview: InterviewObject) -> list[str]:
    heard: list[str] = []
    interview.page.live.said.connect(heard.append)
    return heard


def test_what_a_letter_did_is_said(
    interview: InterviewObject, said: list[str], qtbot: QtBot
) -> None:
    interview.page.bridge.go_to(key("talen"))
    said.clear()
    for letter in (Qt.Key.Key_W, Qt.Key.Key_G, Qt.Key.Key_G, Qt.Key.Key_L, Qt.Key.Key_L):
        qtbot.keyClick(QApplication.focusWidget(), letter)
    assert said == [
        "Weet niet",
        "Wil niet zeggen",
        "Geen antwoord",
        "Staat op later",
        "Niet meer op later",
    ]


def test_the_time_is_shown_at_every_answer_and_said_once(
    interview: InterviewObject, frame: Frame, said: list[str]
) -> None:
    interview.page.bridge.go_to(key("talen"))
    said.clear()
    for times, choice in enumerate(("tir", "ara", "nld"), 1):
        interview.choose(choice)
        interview.qtbot.waitUntil(lambda n=times: len(frame.saved) == n)
    shown = [text for text, _ in frame.saved]
    assert all(re.fullmatch(r"Opgeslagen \d\d:\d\d:\d\d", text) for text in shown)
    assert not any(aloud for _, aloud in frame.saved)
    assert said == []
    interview.next()
    assert [words.startswith("Opgeslagen. ") for words in said] == [True]


def test_leaving_a_field_for_another_says_it(
    interview: InterviewObject, frame: Frame, said: list[str]
) -> None:
    interview.go_to_section("kort")
    said.clear()
    interview.write("31", "leeftijd")
    assert said == []
    interview.block("opmerking").widget.focus_first()
    assert said == ["Opgeslagen"]
    interview.block("leeftijd").widget.focus_first()
    assert said == ["Opgeslagen"]


def test_typing_is_not_called_stored(
    interview: InterviewObject, frame: Frame, qtbot: QtBot
) -> None:
    interview.next()
    bridge = interview.page.bridge
    with qtbot.waitSignal(bridge.saved, timeout=2_000):
        qtbot.keyClicks(interview.block().widget.field, "Ti")  # type: ignore[attr-defined]
        assert frame.saved[-1][0] == "Wordt opgeslagen …"
    qtbot.waitUntil(lambda: frame.saved[-1][0].startswith("Opgeslagen "))


def test_it_is_not_called_stored_once_somebody_types_on(
    interview: InterviewObject, frame: Frame
) -> None:
    interview.next()
    bridge, asked = interview.page.bridge, interview.block().key
    assert bridge.answer(asked, "Ti")
    bridge.typing(asked, "Tigr")
    interview.qtbot.waitUntil(lambda: not interview.page.live.waits)
    assert [text for text, _ in frame.saved] == ["Wordt opgeslagen …"]


def test_what_is_stored_while_one_leaves_is_shown_as_stored(
    interview: InterviewObject, frame: Frame
) -> None:
    interview.next()
    page = interview.page
    headings: list[str] = []
    page.heading_changed.connect(headings.append)
    interview.qtbot.keyClicks(interview.block().widget.field, "Ti")  # type: ignore[attr-defined]
    assert frame.saved[-1][0] == "Wordt opgeslagen …"
    page.leaving()
    assert frame.saved[-1][0].startswith("Opgeslagen ")
    headings.clear()
    QApplication.processEvents()
    assert headings == [], "the line above is somebody else's now"


def test_a_failure_is_said_at_once_and_stays(
    interview: InterviewObject,
    frame: Frame,
    said: list[str],
    vault: Vault,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    interview.go_to_section("werk")
    said.clear()
    real = vault.transaction

    @contextmanager
    def failing(actor: object, purpose: str) -> Iterator[object]:
        with real(actor, purpose) as tx:  # type: ignore[arg-type]
            yield tx
            raise DiskFull

    with monkeypatch.context() as patch:
        patch.setattr(vault, "transaction", failing)
        interview.choose("ja")
    assert frame.saved[-1][0] == "Niet opgeslagen"
    assert "schijf" in said[-1]
    interview.choose("ja")
    interview.qtbot.waitUntil(lambda: frame.saved[-1][0].startswith("Opgeslagen "))


def test_a_screen_reader_gets_an_announcement(
    interview: InterviewObject, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[tuple[str, QWidget]] = []
    monkeypatch.setattr(QAccessible, "isActive", lambda: True)
    monkeypatch.setattr(
        QAccessible,
        "updateAccessibility",
        lambda event: heard.append((event.message(), event.object())),
    )
    interview.page.live.announce("Opgeslagen")
    assert heard == [("Opgeslagen", interview.page)]
