"""Select one and select multiple: rows, columns, yes and no, searching."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QLabel
from support.one_question import Ask, One

from intake_app.ui.interview.questions.choice_row import ChoiceRow
from intake_app.ui.interview.questions.choices import (
    FOUND,
    FOUND_COMPACT,
    ChoiceAnswer,
    columns_wanted,
    is_yes_no,
)
from intake_app.xforms import ChoiceView, QuestionKind, ShownText

ONE, SEVERAL = QuestionKind.SELECT_ONE, QuestionKind.SELECT_MULTIPLE
Key = Qt.Key
YES_NO = (("ja", "Ja"), ("nee", "Nee"))
ABC = (("a", "A"), ("b", "B"), ("c", "C"))
LANGUAGES = (
    ("arabisch", "Arabisch"),
    ("armeens", "Armeens"),
    ("dari", "Dari"),
    ("engels", "Engels"),
    ("farsi", "Farsi"),
    ("frans", "Frans"),
    ("koerdisch", "Koerdisch"),
    ("nederlands", "Nederlands"),
    ("oekraïens", "Oekraïens"),
    ("oromo", "Oromo"),
    ("russisch", "Russisch"),
    ("somalisch", "Somalisch"),
    ("tigrinya", "Tigrinya"),
    ("turks", "Turks"),
)


def values(one: One) -> list[str]:
    assert isinstance(one.widget, ChoiceAnswer)
    return [row.choice.value for row in one.widget.rows]


def row(one: One, value: str) -> ChoiceRow:
    assert isinstance(one.widget, ChoiceAnswer)
    found = next(each for each in one.widget.rows if each.choice.value == value)
    assert isinstance(found, ChoiceRow)
    return found


def test_the_whole_row_is_the_target(ask: Ask) -> None:
    one = ask(ONE, choices=ABC)
    target = row(one, "b")
    one.click(target, QPoint(target.width() - 5, target.height() - 5))
    assert one.said == ["b"]
    assert target.height() >= 44


def test_choosing_again_takes_the_answer_away(ask: Ask) -> None:
    one = ask(ONE, "b", choices=ABC)
    one.click(row(one, "b"))
    assert one.said == [""]


def test_a_value_with_a_space_is_one_value(ask: Ask) -> None:
    one = ask(ONE, "a b", choices=(("a b", "Samen"), ("c", "C")))
    assert row(one, "a b").isChecked()


def test_rows_are_radio_buttons_or_check_boxes_in_both_languages(ask: Ask) -> None:
    for kind, role in (
        (ONE, QAccessible.Role.RadioButton),
        (SEVERAL, QAccessible.Role.CheckBox),
    ):
        one = ask(kind, choices=ABC, beside="ar")
        assert one.spoken(row(one, "a")) == ("A / \u2067A ar\u2069", role)
    one = ask(ONE, choices=ABC, beside="nl", missing=True)
    assert one.spoken(row(one, "a"))[0] == "A"


def test_several_keep_the_order_of_the_form(ask: Ask) -> None:
    one = ask(SEVERAL, "c", choices=ABC)
    assert one.widget.choose(1)
    assert one.said == ["a c"]
    assert not one.widget.choose(4)


def test_arrows_move_without_choosing_and_space_chooses(ask: Ask) -> None:
    one = ask(ONE, choices=ABC)
    one.widget.focus_first()
    one.press(Key.Key_Down)
    assert one.said == []
    assert one.window.focusWidget() is row(one, "b")
    one.press(Key.Key_Space)
    assert one.said == ["b"]
    assert one.window.focusWidget() is row(one, "b")


def test_yes_and_no_stand_beside_each_other(ask: Ask) -> None:
    one = ask(ONE, choices=YES_NO, beside="ar")
    yes, no = row(one, "ja"), row(one, "nee")
    assert yes.y() == no.y()
    assert no.x() > yes.x()
    assert yes.width() == pytest.approx(no.width(), abs=2)
    assert min(yes.height(), no.height()) >= 60
    one.widget.focus_first()
    one.press(Key.Key_Right)
    assert one.window.focusWidget() is no
    one.press(Key.Key_Left)
    assert one.window.focusWidget() is yes
    narrow = ask(ONE, choices=YES_NO, beside="ar", width=230)
    assert row(narrow, "nee").y() > row(narrow, "ja").y()


def test_arrows_follow_the_direction_of_the_window(ask: Ask) -> None:
    one = ask(ONE, choices=YES_NO)
    one.window.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    one.widget.focus_first()
    one.press(Key.Key_Left)
    assert one.window.focusWidget() is row(one, "nee")


@pytest.mark.parametrize(
    ("words", "expected"),
    [(("ja", "nee"), True), (("nee", "ja"), True), (("1", "0"), True), (("a", "b"), False)],
)
def test_what_yes_and_no_are(words: tuple[str, ...], expected: bool) -> None:
    choices = [ChoiceView(word, ShownText(word, "nl"), "") for word in words]
    assert is_yes_no(choices) is expected
    assert not is_yes_no(choices[:1])


@pytest.mark.parametrize(
    ("appearance", "columns"),
    [
        (("columns-3",), 3),
        (("columns",), 10),
        (("columns-pack",), 10),
        (("compact-2",), 2),
        (("horizontal",), 10),
        (("minimal",), 1),
        (("columns-99",), 10),
        ((), 1),
    ],
)
def test_how_many_columns_a_form_asks_for(appearance: tuple[str, ...], columns: int) -> None:
    assert columns_wanted(appearance) == columns


def test_columns_follow_the_width(ask: Ask) -> None:
    one = ask(SEVERAL, choices=ABC, appearance=("columns-3",), width=900)
    assert len({row(one, value).y() for value in "abc"}) == 1
    one.window.resize(260, 600)
    one.qtbot.waitUntil(lambda: len({row(one, value).y() for value in "abc"}) == 3)


def test_arrows_in_columns(ask: Ask) -> None:
    four = (*ABC, ("d", "D"))
    one = ask(SEVERAL, choices=four, appearance=("columns-2",), width=700)
    one.widget.focus_first()
    one.press(Key.Key_Down)
    assert one.window.focusWidget() is row(one, "c")
    one.press(Key.Key_Right)
    assert one.window.focusWidget() is row(one, "d")


def test_a_long_list_is_searched(ask: Ask) -> None:
    one = ask(ONE, choices=LANGUAGES, beside="ar")
    assert len(values(one)) == FOUND
    one.widget.focus_first()
    assert one.window.focusWidget() is one.field("choice-search")
    one.type("tig", "choice-search")
    assert values(one) == ["tigrinya"]
    one.press(Key.Key_Return)
    assert one.said == ["tigrinya"], "Enter takes the first that was found"
    one.store()
    assert values(one) == ["tigrinya"]
    assert one.field("choice-search").text() == ""
    one.widget.set_compact(True)
    one.show("")
    assert len(values(one)) == FOUND_COMPACT


def test_a_search_forgives_accents_and_keyboards_and_looks_in_both_languages(ask: Ask) -> None:
    arabic = (("ar", "العربية"), ("fa", "فارسی"), ("ckb", "کوردی"))
    one = ask(ONE, choices=(*LANGUAGES, *arabic), beside="ar")
    for typed, found in (
        ("oekraiens", "oekraïens"),
        ("العربيه", "ar"),
        ("فارسي", "fa"),
        ("كوردي", "ckb"),
    ):
        one.type(typed, "choice-search")
        assert values(one) == [found]
    one.type("n", "choice-search")
    assert values(one)[0] == "nederlands", "what begins with it comes first"
    one.type("qqq", "choice-search")
    assert values(one) == []
    words = [label.text() for label in one.widget.findChildren(QLabel) if label.isVisible()]
    assert "Niets gevonden. Typ minder letters." in words


def test_from_the_search_to_the_rows_and_back(ask: Ask) -> None:
    one = ask(ONE, choices=LANGUAGES)
    one.widget.focus_first()
    one.press(Key.Key_Down)
    assert one.window.focusWidget() is row(one, "arabisch")
    one.press(Key.Key_Up)
    assert one.window.focusWidget() is one.field("choice-search")


def test_a_chosen_one_of_many_can_be_changed(ask: Ask) -> None:
    one = ask(ONE, "dari", choices=LANGUAGES)
    assert values(one) == ["dari"]
    one.click(one.find("choice-reopen"))
    assert len(values(one)) == FOUND + 1
    assert one.window.focusWidget() is one.field("choice-search")
    one.click(row(one, "farsi") if "farsi" in values(one) else row(one, "engels"))
    one.store()
    assert len(values(one)) == 1


def test_minimal_folds_to_the_answer(ask: Ask) -> None:
    one = ask(ONE, choices=ABC, appearance=("minimal",))
    assert values(one) == ["a", "b", "c"]
    one.click(row(one, "b"))
    one.store()
    assert values(one) == ["b"]
    one.click(one.find("choice-reopen"))
    assert values(one) == ["a", "b", "c"]


def test_the_others_fold_away_when_the_answer_is_stored(ask: Ask) -> None:
    one = ask(ONE, choices=LANGUAGES)
    there = values(one)
    one.widget.choose(2)
    assert one.said[-1] == there[1]
    assert values(one) == there
    assert row(one, there[1]).isChecked()
    QApplication.sendPostedEvents(None, QEvent.Type.User.value)
    assert values(one) == [there[1]]
    QApplication.processEvents()
    assert one.window.focusWidget() is row(one, there[1])


def test_nothing_folds_where_one_has_gone_on(ask: Ask) -> None:
    one = ask(ONE, choices=LANGUAGES)
    there = values(one)
    one.widget.choose(2)
    one.widget.hide()
    QApplication.sendPostedEvents(None, QEvent.Type.User.value)
    assert values(one) == there


def test_several_of_many_keep_what_was_chosen_in_sight(ask: Ask) -> None:
    one = ask(SEVERAL, "turks dari", choices=LANGUAGES)
    assert values(one)[:2] == ["dari", "turks"]
    one.type("som", "choice-search")
    assert values(one) == ["dari", "turks", "somalisch"]


def test_other_choices_are_shown_at_once(ask: Ask) -> None:
    from dataclasses import replace

    one = ask(ONE, "b", choices=ABC)
    one.question = replace(one.question, choices=one.question.choices[:2])
    one.show("")
    assert values(one) == ["a", "b"]
    assert not row(one, "b").isChecked()


def test_a_problem_shows_on_the_choices(ask: Ask) -> None:
    one = ask(ONE, choices=ABC)
    plain = row(one, "a").edge()
    one.widget.set_problem(True)
    assert row(one, "a").edge() != plain
    one.widget.set_problem(False)
    assert row(one, "a").edge() == plain
