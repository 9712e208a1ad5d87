"""Putting in order: by hand, by buttons, from the keyboard, and what is said aloud."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QLabel
from support.one_question import Ask, One

from intake_app.ui.interview.questions.rank import RankAnswer, RankRow
from intake_app.xforms import QuestionKind

RANK, Key = QuestionKind.RANK, Qt.Key
ABCD = (("a", "A"), ("b", "B"), ("c", "C"), ("d", "D"))
Control, Alt = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


def row(one: One, value: str) -> RankRow:
    found = one.find(f"rank-{value}")
    assert isinstance(found, RankRow)
    return found


def order(one: One) -> str:
    assert isinstance(one.widget, RankAnswer)
    return " ".join(one.widget.order)


def test_nothing_is_stored_until_something_is_moved(ask: Ask) -> None:
    one = ask(RANK, choices=ABCD)
    assert one.spoken(row(one, "a"))[0] == "A: nog geen plaats"
    one.click(one.find("rank-c-chevron-up"))
    assert one.said == ["a c b d"]
    assert one.spoken(row(one, "c"))[0] == "C: plaats 2 van 4"
    assert not one.find("rank-keep").isVisible()


def test_an_order_that_is_right_can_be_kept(ask: Ask) -> None:
    one = ask(RANK, choices=ABCD)
    one.find("rank-keep").setFocus()
    one.click(one.find("rank-keep"))
    assert one.said == ["a b c d"]
    assert one.window.focusWidget() is row(one, "a")


@pytest.mark.parametrize("modifier", [Control, Alt])
def test_the_keyboard_moves_and_the_focus_goes_along(ask: Ask, modifier) -> None:  # type: ignore[no-untyped-def]
    one = ask(RANK, "a b c d", choices=ABCD)
    one.widget.focus_first()
    one.press(Key.Key_Down)
    assert one.window.focusWidget() is row(one, "b")
    one.press(Key.Key_Down, modifier)
    one.press(Key.Key_Down, modifier)
    assert one.said == ["a c b d", "a c d b"]
    assert one.window.focusWidget() is row(one, "b")
    one.press(Key.Key_Down, modifier)
    assert one.said[-1] == "a c d b"
    assert len(one.said) == 2, "the last cannot go further"


def test_a_number_is_a_place(ask: Ask) -> None:
    one = ask(RANK, "a b c d", choices=ABCD)
    one.find("rank-d-chevron-up").setFocus()
    assert not one.widget.choose(2), "nothing is held"
    row(one, "d").setFocus()
    assert one.widget.choose(1)
    assert one.said == ["d a b c"]
    assert not one.widget.choose(5)


def test_dragging_moves(ask: Ask) -> None:
    one = ask(RANK, "a b c d", choices=ABCD)
    held = row(one, "a")
    start = held.mapToGlobal(QPoint(60, held.height() // 2))

    def send(kind: QEvent.Type, by: int) -> None:
        at = QPointF(start + QPoint(0, by))
        buttons = Qt.MouseButton.LeftButton
        event = QMouseEvent(kind, QPointF(60, 10), at, buttons, buttons, Qt.KeyboardModifier(0))
        QApplication.sendEvent(held, event)

    send(QEvent.Type.MouseButtonPress, 0)
    send(QEvent.Type.MouseMove, 10)
    assert one.said == []
    send(QEvent.Type.MouseMove, held.height())
    send(QEvent.Type.MouseMove, 2 * held.height())
    send(QEvent.Type.MouseButtonRelease, 2 * held.height())
    assert one.said == ["b a c d", "b c a d"]


def test_a_button_can_be_pressed_again_at_once(ask: Ask) -> None:
    one = ask(RANK, "a b c d", choices=ABCD)
    down = one.find("rank-a-chevron-down")
    down.setFocus()
    one.press(Key.Key_Space)
    one.press(Key.Key_Space)
    assert one.said == ["b a c d", "b c a d"]
    assert one.window.focusWidget() is down


def test_both_languages_are_shown_and_said(ask: Ask) -> None:
    one = ask(RANK, "b a c d", choices=ABCD, beside="ar")
    texts = [label.text() for label in row(one, "b").findChildren(QLabel)]
    assert {"1", "B", "B ar"} <= set(texts)
    assert one.spoken(row(one, "b"))[0] == "B / \u2067B ar\u2069: plaats 1 van 4"


def test_a_new_choice_comes_last(ask: Ask) -> None:
    one = ask(RANK, "c a", choices=ABCD)
    assert order(one) == "c a b d"
    assert one.said == []
