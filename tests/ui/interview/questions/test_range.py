"""A range: buttons, a slider that stands nowhere, a list."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QWheelEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLabel
from support.one_question import Ask, One

from intake_app.ui.interview.questions.scale import ScaleAnswer, scale_steps
from intake_app.ui.interview.questions.scale_parts import RangeSlider
from intake_app.xforms import QuestionKind

RANGE, Key = QuestionKind.RANGE, Qt.Key
TEN = {"start": "0", "end": "10", "step": "1"}
LONG = {"start": "0", "end": "100", "step": "5"}
ENDS = (("0", "nooit"), ("10", "altijd"))


def slider(one: One) -> RangeSlider:
    found = one.widget.findChild(RangeSlider)
    assert isinstance(found, RangeSlider)
    return found


def words(one: One) -> list[str]:
    return [label.text() for label in one.widget.findChildren(QLabel) if label.isVisible()]


def test_few_steps_are_buttons(ask: Ask) -> None:
    one = ask(RANGE, **TEN)
    assert one.widget.choose(4)
    one.click(one.find("scale-2"))
    assert one.said == ["4", "2"]
    one.click(one.find("scale-2"))
    assert one.said[-1] == "", "choosing it again takes it away"


def test_arrows_go_along_the_buttons(ask: Ask) -> None:
    one = ask(RANGE, "3", **TEN)
    one.widget.focus_first()
    assert one.window.focusWidget() is one.find("scale-3")
    one.press(Key.Key_Right)
    one.press(Key.Key_Space)
    assert one.said == ["4"]


def test_the_ends_are_named_in_both_languages(ask: Ask) -> None:
    one = ask(RANGE, choices=ENDS, beside="ar", label="Hoe vaak?", **TEN)
    assert {"nooit", "nooit ar", "altijd", "altijd ar"} <= set(words(one))
    name, role = one.spoken(one.find("scale-0"))
    assert name == "Hoe vaak?: 0, nooit / \u2067nooit ar\u2069"
    assert role is QAccessible.Role.RadioButton
    assert one.spoken(one.find("scale-5"))[0] == "Hoe vaak?: 5"


def test_a_slider_stands_nowhere_until_it_is_set(ask: Ask) -> None:
    one = ask(RANGE, **LONG)
    assert slider(one).unset
    assert "Nog niets gekozen" in words(one)
    assert slider(one).accessibleDescription() == "Nog niets gekozen"
    one.widget.flush()
    assert one.said == []
    one.widget.focus_first()
    one.press(Key.Key_Right)
    assert not slider(one).unset
    one.widget.flush()
    assert one.said == ["50"]
    one.store()
    one.press(Key.Key_Right)
    one.press(Key.Key_Home)
    one.widget.flush()
    assert one.said == ["50", "0"], "what is passed on the way is not said"
    assert slider(one).accessibleDescription() == "0"


def test_a_slider_says_its_place_when_the_keys_rest(ask: Ask) -> None:
    one = ask(RANGE, "5", **LONG)
    one.widget.focus_first()
    with one.qtbot.waitSignal(one.widget.answer_changed):
        one.press(Key.Key_Right)
    assert one.said == ["10"]


def test_a_click_on_the_line_sets_it(ask: Ask) -> None:
    one = ask(RANGE, **LONG)
    line = slider(one)
    one.click(line, QPoint(line.width() - 3, line.height() // 2))
    one.widget.flush()
    assert one.said == ["100"]


def test_the_wheel_scrolls_the_page_and_not_the_answer(ask: Ask) -> None:
    one = ask(RANGE, "50", **LONG)
    at = QPointF(20, 20)
    event = QWheelEvent(
        at, at, QPoint(0, 120), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(slider(one), event)
    one.widget.flush()
    assert one.said == []


def test_the_number_beside_can_be_typed(ask: Ask) -> None:
    one = ask(RANGE, "50", **LONG)
    one.type("٧٥")
    one.widget.flush()
    assert one.said == ["75"]
    assert slider(one).value() == 15, "the fifteenth step"


def test_a_slider_of_whole_numbers_counts_as_the_answer_does(ask: Ask) -> None:
    one = ask(RANGE, "18", start="10", end="40", step="1")
    assert (slider(one).minimum(), slider(one).value(), slider(one).maximum()) == (10, 18, 40)


@pytest.mark.parametrize("appearance", ["vertical", "no-ticks"])
def test_other_sliders(ask: Ask, appearance: str) -> None:
    one = ask(RANGE, "3", appearance=(appearance,), choices=ENDS, beside="ar", **TEN)
    upright = slider(one).orientation() is Qt.Orientation.Vertical
    assert upright is (appearance == "vertical")
    assert (slider(one).ticks == 0) is (appearance == "no-ticks")
    assert {"nooit", "altijd"} <= set(words(one))
    one.widget.focus_first()
    one.press(Key.Key_Up)
    one.widget.flush()
    assert one.said == ["4"]


def test_a_list_to_pick_from(ask: Ask) -> None:
    one = ask(RANGE, "", appearance=("picker",), choices=ENDS, **TEN)
    picker = one.widget.findChild(QComboBox)
    assert picker is not None
    assert picker.itemText(1) == "0, nooit"
    picker.activated.emit(4)
    assert one.said == ["3"]
    one.store()
    assert picker.currentIndex() == 4
    picker.activated.emit(0)
    assert one.said[-1] == ""


def test_without_steps_a_number_is_typed(ask: Ask) -> None:
    one = ask(RANGE, "", start="0", end="100000", step="1")
    assert isinstance(one.widget, ScaleAnswer)
    one.type("1234")
    one.widget.flush()
    assert one.said == ["1234"]


def test_what_was_not_stored_is_said_again(ask: Ask) -> None:
    one = ask(RANGE, "50", **LONG)
    one.widget.focus_first()
    one.press(Key.Key_Right)
    one.widget.flush()
    one.widget.keep()
    one.widget.flush()
    assert one.said == ["55", "55"]
    one.widget.keep()
    one.widget.discard()
    one.widget.flush()
    assert one.said == ["55", "55"]


@given(st.integers(-50, 50), st.integers(-50, 50), st.sampled_from(["1", "2", "0.5", "-1", "2.5"]))
def test_steps_stay_within_the_range(start: int, end: int, step: str) -> None:
    steps = scale_steps({"start": str(start), "end": str(end), "step": step})
    low, high = sorted((start, end))
    assert all(low <= float(each) <= high for each in steps)
    assert steps[0] == str(start)
    assert len(set(steps)) == len(steps)


def test_steps_of_nothing() -> None:
    assert scale_steps({"start": "1", "end": "5", "step": "0"}) == ()
    assert scale_steps({}) == ()
    assert scale_steps({"start": "0", "end": "1e9", "step": "1"}) == ()
    assert scale_steps({"start": "nan", "end": "1", "step": "1"}) == ()
    assert scale_steps({"start": "0", "end": "1", "step": "0.5"}) == ("0", "0.5", "1")
