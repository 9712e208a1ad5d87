"""Typed numbers: digits of any script, separators of any place, counted up and down."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from support.one_question import Ask

from intake_app.xforms import QuestionKind

INTEGER, DECIMAL, Key = QuestionKind.INTEGER, QuestionKind.DECIMAL, Qt.Key
DIGITS = ("0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९")


def test_the_digits_of_any_script(ask: Ask) -> None:
    one = ask(INTEGER, data_type="int")
    one.type("٢١")
    one.widget.flush()
    assert one.said == ["21"]
    one.store()
    assert one.field().text() == "21"


@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.integers(-(10**6), 10**6), st.sampled_from(DIGITS))
def test_any_whole_number_in_any_digits(ask: Ask, number: int, digits: str) -> None:
    one = ask(INTEGER, data_type="int")
    one.field().setText(str(number).translate({48 + n: d for n, d in enumerate(digits)}))
    one.widget.flush()
    assert one.said == [str(number)]
    one.window.close()


def test_decimals_take_a_comma_and_show_one(ask: Ask) -> None:
    one = ask(DECIMAL, "2.5", data_type="decimal")
    assert one.field().text() == "2,5"
    one.type("3,75")
    one.widget.flush()
    assert one.said == ["3.75"]


def test_thousands_are_grouped_where_the_form_asks_for_it(ask: Ask) -> None:
    one = ask(INTEGER, "12500", appearance=("thousands-sep",), data_type="int")
    assert one.field().text() == "12.500"
    one.type("1.250.000")
    one.widget.flush()
    assert one.said == ["1250000"]
    assert ask(INTEGER, "12500", data_type="int").field().text() == "12500"


def test_what_is_no_number_is_passed_on_to_be_refused_and_said_again(ask: Ask) -> None:
    one = ask(INTEGER, data_type="int")
    one.type("drie")
    one.widget.flush()
    one.widget.flush()
    assert one.said == ["drie"]
    one.widget.keep()
    one.show("")
    assert one.field().text() == "drie"
    one.widget.flush()
    assert one.said == ["drie", "drie"]
    one.widget.keep()
    one.widget.discard()
    assert one.field().text() == ""
    one.widget.flush()
    assert one.said == ["drie", "drie"]


def test_a_counter_counts(ask: Ask) -> None:
    one = ask(INTEGER, "3", appearance=("counter",), data_type="int", label="Hoeveel kinderen?")
    one.click(one.find("number-plus"))
    one.store()
    one.field().setFocus()
    one.press(Key.Key_Down)
    assert one.said == ["4", "3"]
    assert one.spoken(one.find("number-minus"))[0] == "Hoeveel kinderen?: Eén minder"
    empty = ask(INTEGER, appearance=("counter",), data_type="int")
    empty.click(empty.find("number-plus"))
    assert empty.said == ["1"]


def test_numbers_read_from_left_to_right(ask: Ask) -> None:
    one = ask(INTEGER, "12", beside="ar", data_type="int")
    assert one.field().layoutDirection() is Qt.LayoutDirection.LeftToRight
