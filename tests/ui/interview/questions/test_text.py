"""Short and long text and the language it is written in."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit
from support.one_question import Ask, One

from intake_app.ui.interview.questions.text import MOST_LINES, TextAnswer, reads_rtl
from intake_app.xforms import QuestionKind

TEXT = QuestionKind.TEXT
LONG = ("multiline",)


def area(one: One) -> QPlainTextEdit:
    found = one.widget.findChild(QPlainTextEdit)
    assert isinstance(found, QPlainTextEdit)
    return found


def language(one: One) -> str:
    assert isinstance(one.widget, TextAnswer)
    return one.widget.language


@pytest.mark.parametrize(
    ("text", "rtl"),
    [
        ("محمد", True),
        ("12 محمد", True),
        ("Jan", False),
        ("12", False),
        ("", False),
        ("(שלום", True),
    ],
)
def test_which_way_a_text_reads(text: str, rtl: bool) -> None:
    assert reads_rtl(text) is rtl


def test_the_direction_is_that_of_the_language_and_never_of_the_contents(ask: Ask) -> None:
    one = ask(TEXT, beside="ar")
    one.type("محمد")
    field = one.field()
    assert field.layoutDirection() is Qt.LayoutDirection.LeftToRight
    assert bool(field.alignment() & Qt.AlignmentFlag.AlignLeft)
    switch = one.find("answer-language")
    assert switch.text() == "Schrijven in het Arabisch"
    one.click(switch)
    assert field.layoutDirection() is Qt.LayoutDirection.RightToLeft
    assert bool(field.alignment() & Qt.AlignmentFlag.AlignRight)
    assert field.hasFocus()
    assert switch.text() == "Schrijven in het Nederlands"


def test_an_empty_field_begins_at_the_side_of_its_language(ask: Ask) -> None:
    one = ask(TEXT, beside="ar", attributes={"language": "client"})
    field = one.field()
    assert field.cursorRect().x() > field.width() / 2
    area_one = ask(TEXT, beside="ar", appearance=LONG, attributes={"language": "client"})
    assert area(area_one).cursorRect().x() > area(area_one).width() / 2


@pytest.mark.parametrize(
    ("attribute", "beside", "expected"),
    [
        ("client", "fa", "fa"),
        ("nl", "fa", "nl"),
        ("ti", "fa", "ti"),
        ("zz", "fa", "nl"),
        ("", "fa", "nl"),
    ],
)
def test_a_field_can_be_for_a_language(
    ask: Ask, attribute: str, beside: str, expected: str
) -> None:
    one = ask(TEXT, beside=beside, attributes={"language": attribute} if attribute else {})
    assert language(one) == expected
    fixed = attribute in {"client", "nl", "ti"}
    assert one.find("answer-language").isVisible() is not fixed


def test_what_was_written_in_the_other_language_opens_so(ask: Ask) -> None:
    assert language(ask(TEXT, "محمد", beside="ar")) == "ar"
    assert language(ask(TEXT, "Mohammed", beside="ar")) == "nl"
    assert language(ask(TEXT, "محمد", beside="ti")) == "nl"


def test_another_language_of_the_talk_changes_the_second(ask: Ask) -> None:
    from dataclasses import replace

    one = ask(TEXT, beside="ar")
    assert one.other is not None
    one.other = replace(one.other, label=replace(one.other.label, language="ti"))
    one.show("")
    assert not one.find("answer-language").isVisible()


def test_long_text_is_said_when_left_and_tab_leaves_it(ask: Ask) -> None:
    one = ask(TEXT, appearance=LONG)
    field = area(one)
    assert field.tabChangesFocus()
    field.setPlainText("twee\nregels")
    assert one.typed[-1] == "twee\nregels"
    assert one.said == []
    field.setFocus()
    field.clearFocus()
    assert one.said == ["twee\nregels"]


def test_long_text_grows_within_bounds(ask: Ask) -> None:
    one = ask(TEXT, appearance=LONG, rows="2")
    field = area(one)
    two = field.height()
    field.setPlainText("\n".join("abcdefgh"))
    eight = field.height()
    field.setPlainText("\n".join("a" * 60))
    most = field.height()
    spacing = field.fontMetrics().lineSpacing()
    assert two < eight < most
    assert most <= MOST_LINES * spacing + 60
    assert field.verticalScrollBar().maximum() > 0


def test_marks_of_direction_are_never_stored(ask: Ask) -> None:
    one = ask(TEXT)
    one.field().setText("\u200fmarie\u2066x\u2069")
    one.widget.flush()
    assert one.said == ["mariex"]


def test_what_was_not_stored_is_kept_until_something_else_is_the_answer(ask: Ask) -> None:
    one = ask(TEXT, "oud")
    one.type("nieuw")
    one.widget.flush()
    one.widget.keep()
    one.show("oud")
    assert one.field().text() == "nieuw"
    one.widget.flush()
    assert one.said == ["nieuw", "nieuw"]
    one.widget.keep()
    one.widget.discard()
    assert one.field().text() == "oud"


def test_what_is_being_typed_is_left_alone(ask: Ask) -> None:
    one = ask(TEXT, "oud")
    one.type("nieu")
    one.show("oud")
    assert one.field().text() == "nieu"
    assert one.typed[-1] == "nieu"


def test_masked_text_shows_when_asked(ask: Ask) -> None:
    one = ask(TEXT, "1234", appearance=("masked",))
    field = one.field()
    assert field.echoMode() is QLineEdit.EchoMode.Password
    one.click(one.find("answer-reveal"))
    assert field.echoMode() is QLineEdit.EchoMode.Normal
    one.click(one.find("answer-reveal"))
    assert field.echoMode() is QLineEdit.EchoMode.Password


def test_addresses_of_the_web_and_places_read_from_left_to_right(ask: Ask) -> None:
    for rest in ({"appearance": ("url",)}, {"data_type": "geopoint"}):
        one = ask(TEXT, beside="ar", attributes={"language": "client"}, **rest)
        assert one.field().layoutDirection() is Qt.LayoutDirection.LeftToRight
