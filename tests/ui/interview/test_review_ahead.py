"""The look back is made ready at the last question, and never says what is no longer so."""

from __future__ import annotations

from pages.interview import InterviewObject
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from support.interviews import key
from support.qt import settle

from intake_app.domain.interview import AnswerState
from intake_app.ui.interview.review import ReviewPanel


def to_the_end(qtbot: QtBot, interview: InterviewObject) -> ReviewPanel:
    """Go to the last question and wait until the look back lies ready."""
    page = interview.page
    page.bridge.go_to(page.bridge.flow.session.pages()[-1].key)
    qtbot.waitUntil(lambda: not page._review_ahead.isActive())
    return page.review


def cards(review: ReviewPanel) -> dict[str, QWidget]:
    return {name: widget for name, (_, widget) in review._parts.items()}


def words(interview: InterviewObject) -> list[str]:
    return interview.words(interview.page.review)


def test_cards_that_are_still_true_are_those_made_ahead(
    qtbot: QtBot, interview: InterviewObject, qapp: QApplication
) -> None:
    review = to_the_end(qtbot, interview)
    ready = cards(review)
    assert any(name.startswith("section ") for name in ready)
    assert not review.isVisible()
    interview.page.bridge.review()
    settle(qapp)
    assert cards(review) == ready
    assert all(card.isVisible() for card in ready.values())


def test_what_changed_meanwhile_is_shown_as_it_is_now(
    qtbot: QtBot, interview: InterviewObject, qapp: QApplication
) -> None:
    bridge = interview.page.bridge
    review = to_the_end(qtbot, interview)
    ready = cards(review)
    bridge.set_state(key("talen"), AnswerState.REFUSED)
    bridge.review()
    settle(qapp)
    after = cards(review)
    changed = {name for name in after if after[name] is not ready.get(name)}
    assert any(name.startswith("section ") for name in changed)
    assert changed != set(after)
    shown = words(interview)
    review.show_ends((), (), ())
    settle(qapp)
    bridge.go_to(bridge.flow.session.pages()[0].key)
    bridge.review()
    settle(qapp)
    # the same as what is made from nothing
    assert words(interview) == shown
