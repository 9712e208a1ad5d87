"""An opinion on a line."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from support.one_question import Ask

from intake_app.ui.interview.questions.choice_row import ChoiceRow
from intake_app.ui.interview.questions.likert import LikertAnswer, LikertPoint
from intake_app.xforms import QuestionKind

FIVE = (
    ("1", "helemaal oneens"),
    ("2", "oneens"),
    ("3", "neutraal"),
    ("4", "eens"),
    ("5", "helemaal eens"),
)
LIKERT = ("likert",)


def test_it_stands_on_one_line_with_both_languages(ask: Ask) -> None:
    one = ask(QuestionKind.SELECT_ONE, choices=FIVE, appearance=LIKERT, beside="ar", width=800)
    assert isinstance(one.widget, LikertAnswer)
    points = [one.find(f"choice-{n}") for n in range(1, 6)]
    assert all(isinstance(point, LikertPoint) for point in points)
    assert len({point.y() for point in points}) == 1
    assert len({point.height() for point in points}) == 1
    assert one.spoken(points[0]) == (
        "helemaal oneens / \u2067helemaal oneens ar\u2069",
        QAccessible.Role.RadioButton,
    )


def test_keys_and_arrows(ask: Ask) -> None:
    one = ask(QuestionKind.SELECT_ONE, choices=FIVE, appearance=LIKERT, width=800)
    one.widget.focus_first()
    one.press(Qt.Key.Key_Right)
    one.press(Qt.Key.Key_Right)
    assert one.said == []
    one.press(Qt.Key.Key_Space)
    assert one.said == ["3"]
    assert one.widget.choose(5)
    assert one.said == ["3", "5"]


def test_where_it_is_narrow_it_becomes_rows_and_back(ask: Ask) -> None:
    one = ask(QuestionKind.SELECT_ONE, "2", choices=FIVE, appearance=LIKERT, beside="ti", width=300)
    assert isinstance(one.find("choice-2"), ChoiceRow)
    one.window.resize(900, 500)
    one.qtbot.waitUntil(lambda: isinstance(one.widget.rows[1], LikertPoint))  # type: ignore[attr-defined]
    assert one.find("choice-2").isChecked()
    assert one.said == []
