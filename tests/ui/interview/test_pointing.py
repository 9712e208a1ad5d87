"""The pages to point at: the client's screen, the colleague's list, and the paper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from pages.clientscreen import ClientScreenObject
from pages.interview import InterviewObject
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from support.interviews import STAFF_MARK, key

from intake_app.documents.client_page import Speaker
from intake_app.documents.pointing_pages import PAGES
from intake_app.domain.interview import AnswerState
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.a11y import check
from intake_app.ui.clientscreen.half import Split
from intake_app.ui.clientscreen.window import ClientWindow
from intake_app.ui.interview.bridge import InterviewBridge
from intake_app.ui.interview.questions.base import Tools


@dataclass(frozen=True)
class Shown:
    text: str
    language: str = "ar"
    status: str = "unreviewed"


ARABIC = Speaker("ar", lambda dutch: Shown(f"[ar] {dutch}"))


@pytest.fixture
def screen(qtbot: QtBot, tools: Tools, bridge: InterviewBridge) -> ClientScreenObject:
    bridge.go_to(key("gewerkt"))
    window = ClientWindow(tools.theme, bridge, UiTexts("ar", None), say=ARABIC)
    window.resize(1366, 768)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window, timeout=20_000):
        window.show()
    return ClientScreenObject(qtbot, window)


@pytest.mark.parametrize("number", range(len(PAGES)))
def test_each_page_is_large_whole_and_in_the_clients_language(
    screen: ClientScreenObject, bridge: InterviewBridge, number: int
) -> None:
    bridge.show_pointing(number)
    page = PAGES[number]
    wanted = (f"[ar] {page.title}", *(f"[ar] {item.dutch}" for item in page.items))
    assert screen.texts() == wanted
    assert check(screen.window) == ()
    first = number * 12 + 1
    tiles = [screen.find(f"point-{n}") for n in range(first, first + 12)]
    assert all(tile.width() >= 150 and tile.height() >= 100 for tile in tiles)
    # all twelve fit without scrolling
    bottom = tiles[-1].mapTo(screen.window, tiles[-1].rect().bottomLeft()).y()
    assert bottom < screen.window.height()
    # the first stands at the right for who reads from right to left
    assert tiles[0].geometry().left() > tiles[1].geometry().left()


@pytest.mark.parametrize(("width", "height"), [(960, 640), (1366, 768), (1920, 1080)])
def test_long_words_make_the_pictures_smaller_and_not_the_page_longer(
    qtbot: QtBot, tools: Tools, bridge: InterviewBridge, width: int, height: int
) -> None:
    long = Speaker("ti", lambda _dutch: Shown("ብኽብረትኩም ቀስ ኢልኩም ተዛረቡ", "ti"))
    window = ClientWindow(tools.theme, bridge, UiTexts("ti", None), say=long)
    window.resize(width, height)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window, timeout=20_000):
        window.show()
    bridge.show_pointing(0)
    screen = ClientScreenObject(qtbot, window)
    for _ in range(3):
        QApplication.processEvents()
    last = screen.find("point-12")
    assert last.mapTo(window, last.rect().bottomLeft()).y() < window.pause_button.y()
    assert check(window) == ()


def test_what_is_pointed_at_shows_on_both_screens_and_is_stored_nowhere(
    screen: ClientScreenObject, bridge: InterviewBridge
) -> None:
    answers = dict(bridge.flow.filled().answers)
    bridge.show_pointing(0)
    screen.point(4)
    assert bridge.pointed == 4
    screen.point(4)
    assert bridge.pointed == 0
    screen.point(5)
    assert bridge.pointed == 5
    assert dict(bridge.flow.filled().answers) == answers
    bridge.show_pointing(1)
    assert bridge.pointed == 0


def test_the_client_may_turn_the_page(screen: ClientScreenObject, bridge: InterviewBridge) -> None:
    bridge.show_pointing(0)
    screen.click("client-pages-next")
    assert bridge.pointing == 1
    screen.click("client-pages-back")
    assert bridge.pointing == 0


def test_the_question_comes_back_as_it_was(
    screen: ClientScreenObject, bridge: InterviewBridge
) -> None:
    bridge.answer(key("gewerkt"), "ja")
    before = screen.texts()
    bridge.show_pointing(2)
    bridge.show_pointing(None)
    assert screen.texts() == before
    assert screen.chosen() == ("ja",)


def test_pausing_goes_before_pointing(screen: ClientScreenObject, bridge: InterviewBridge) -> None:
    bridge.show_pointing(0)
    screen.pause()
    assert screen.is_waiting()
    assert screen.texts() == ()
    bridge.pause(on=False)
    assert not screen.is_waiting()
    assert len(screen.texts()) == 13


def test_going_on_puts_the_pages_away(screen: ClientScreenObject, bridge: InterviewBridge) -> None:
    bridge.show_pointing(0)
    bridge.next()
    assert bridge.pointing is None
    bridge.show_pointing(0)
    bridge.review()
    assert bridge.pointing is None
    assert screen.is_waiting()


def test_no_text_for_the_staff_shows_while_pointing(
    screen: ClientScreenObject, bridge: InterviewBridge
) -> None:
    bridge.go_to(key("oordeel"))
    bridge.note(key("oordeel"), f"{STAFF_MARK} notitie", in_handover=False)
    for page in range(len(PAGES)):
        bridge.show_pointing(page)
        assert not [text for text in screen.texts() if STAFF_MARK in text]


def test_the_colleague_reads_in_dutch_what_was_pointed_at(
    interview: InterviewObject, bridge: InterviewBridge
) -> None:
    interview.go_to_section("werk")
    interview.show_pages()
    assert interview.page.client_screen.window is not None, "their screen opens with the pages"
    assert check(interview.root) == ()
    bridge.point(4)
    assert interview.pointed() == "Aangewezen: 4. Ik weet het niet"
    interview.turn_to(2)
    assert interview.pointed() == "Nog niets aangewezen."
    bridge.point(19)
    assert interview.pointed() == "Aangewezen: 19. Ik ben moe"
    interview.back_to_the_question()
    assert bridge.pointing is None
    assert interview.questions() == ("gewerkt",)
    interview.page.client_screen.close()


def test_one_key_shows_them_and_puts_them_away(
    interview: InterviewObject, bridge: InterviewBridge, qtbot: QtBot
) -> None:
    for shown in (True, False):
        target = interview.root.focusWidget() or interview.root
        qtbot.keyClick(target, Qt.Key.Key_B, Qt.KeyboardModifier.AltModifier)
        assert (bridge.pointing is not None) is shown
    interview.page.client_screen.close()


def test_no_key_answers_a_question_that_cannot_be_seen(
    interview: InterviewObject, bridge: InterviewBridge
) -> None:
    interview.go_to_section("werk")
    interview.show_pages()
    for pressed in (Qt.Key.Key_1, Qt.Key.Key_W):
        interview.press(pressed)
    row = bridge.flow.row(key("gewerkt"))
    assert row is None or row.state is AnswerState.NONE
    interview.press(Qt.Key.Key_Escape)
    assert bridge.pointing is None
    assert not bridge.is_paused
    interview.page.client_screen.close()


def test_without_their_screen_there_is_nothing_to_point_at(
    interview: InterviewObject, bridge: InterviewBridge
) -> None:
    interview.show_pages()
    interview.page.client_screen.close()
    assert bridge.pointing is None
    assert interview.has("question-card")


def test_they_can_be_printed(interview: InterviewObject, qtbot: QtBot) -> None:
    interview.show_pages()
    with qtbot.waitSignal(interview.page.print_pointing):
        interview.click("pointing-print")
    interview.page.client_screen.close()


def test_in_a_narrow_window_they_are_in_the_list_of_sections(
    show: Callable[..., InterviewObject], bridge: InterviewBridge
) -> None:
    page = show(bridge, 700, 560)
    bridge.show_pointing(0)
    assert check(page.root) == ()
    page.back_to_the_question()


def test_in_a_window_too_small_for_two_the_client_has_it_by_turns(
    show: Callable[..., InterviewObject], bridge: InterviewBridge
) -> None:
    page = show(bridge, 700, 560)
    page.page.client_screen.toggle_pointing()
    half = page.page.client_screen.half
    assert half is not None
    assert half.split is Split.TURNS
    assert not page.page.isVisible()
    assert check(page.root) == ()
    page.click("client-half-close")
    assert page.page.isVisible()
    assert bridge.pointing is None
