"""The picture a page is shown by the first time: what it shows, and that it goes."""

from __future__ import annotations

from pages.interview import InterviewObject
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from support.interviews import key
from support.qt import settle

from intake_app.domain.interview import AnswerState
from intake_app.ui.interview.still import Still
from intake_app.ui.interview.two_languages import TwoLanguages


def stills(interview: InterviewObject) -> list[Still]:
    return [s for s in interview.root.findChildren(Still) if not s.isHidden()]


def ready(qtbot: QtBot, interview: InterviewObject) -> None:
    qtbot.waitUntil(lambda: not interview.page.card.ahead.busy)


def pixels(part: QWidget, inside: QWidget) -> QImage:
    """Return what a person sees where `inside` stands, whatever lies over it."""
    place = QRect(inside.mapTo(part, QPoint()), inside.size()).intersected(part.rect())
    # without a size Qt would paint on nothing
    return QImage() if place.isEmpty() else part.grab(place).toImage()


def test_every_page_is_first_shown_by_a_picture_that_is_true(
    qtbot: QtBot, qapp: QApplication, interview: InterviewObject
) -> None:
    bridge, card = interview.page.bridge, interview.page.card
    compared = 0
    while True:
        ready(qtbot, interview)
        settle(qapp)
        following = bridge.page and bridge.flow.session.next_page(bridge.page.key)
        if following is None:
            break
        bridge.go_to(following.key)
        qapp.sendPostedEvents()
        assert card.area is not None
        content = card.area.widget()
        assert content is not None
        seen = [w for w in content.findChildren(TwoLanguages) if w.isVisible()]
        foot = card._states
        pictured = bool(stills(interview))
        before = [pixels(content, words) for words in seen], pixels(card, foot)
        qtbot.waitUntil(lambda: not stills(interview))
        settle(qapp)
        if pictured:
            assert before == ([pixels(content, words) for words in seen], pixels(card, foot))
            compared += len(seen)
    assert compared > 5


def test_the_picture_goes_once_it_was_painted(
    qtbot: QtBot, interview: InterviewObject, qapp: QApplication
) -> None:
    interview.go_to_section("werk")
    ready(qtbot, interview)
    settle(qapp)
    interview.page.bridge.go_to(key("talen"))
    assert stills(interview)
    qtbot.waitUntil(lambda: not stills(interview))


def test_a_page_that_an_answer_changes_shows_itself_and_not_its_picture(
    qtbot: QtBot, interview: InterviewObject, qapp: QApplication
) -> None:
    interview.go_to_section("werk")
    ready(qtbot, interview)
    settle(qapp)
    waiting = interview.page.card.ahead.peek(key("talen"))
    assert waiting is not None
    assert waiting.pictured
    interview.page.bridge.set_state(key("talen"), AnswerState.UNKNOWN)
    interview.page.bridge.go_to(key("talen"))
    assert interview.page.card.area is waiting
    assert not stills(interview)
    settle(qapp)
