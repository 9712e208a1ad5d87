from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from intake_app.ui.interview.questions import AnswerWidget, Tools, answer_widget
from intake_app.ui.interview.questions.choice_row import ChoiceRow
from intake_app.ui.interview.questions.choices import FOUND, FOUND_COMPACT, ChoiceAnswer
from intake_app.ui.interview.questions.scale import scale_steps
from intake_app.xforms import (
    AnswerState,
    ChoiceView,
    NodeKey,
    QuestionDefinition,
    QuestionKind,
    QuestionView,
    ShownText,
)

LANGUAGES = (
    "Arabisch",
    "Armeens",
    "Dari",
    "Engels",
    "Farsi",
    "Frans",
    "Koerdisch",
    "Nederlands",
    "Oekraiens",
    "Oromo",
    "Russisch",
    "Somalisch",
    "Tigrinya",
    "Turks",
)


def view(
    kind: QuestionKind,
    value: str = "",
    *,
    appearance: tuple[str, ...] = (),
    choices: tuple[str, ...] = (),
    language: str = "nl",
    readonly: bool = False,
    **parameters: str,
) -> QuestionView:
    definition = QuestionDefinition("/data/x", "x", kind, appearance, parameters=dict(parameters))
    return QuestionView(
        key=NodeKey("/data/x"),
        definition=definition,
        value=value,
        state=AnswerState.ANSWERED if value else AnswerState.NONE,
        relevant=True,
        readonly=readonly,
        required=False,
        label=ShownText("Vraag", language),
        hint=None,
        guidance=None,
        choices=tuple(
            ChoiceView(word.lower(), ShownText(word, language), f"l/{word.lower()}")
            for word in choices
        ),
        problem=None,
    )


class Shown:
    """A widget on screen and what it said."""

    def __init__(self, qtbot: QtBot, tools: Tools, question: QuestionView) -> None:
        self.qtbot = qtbot
        self.widget: AnswerWidget = answer_widget(question.definition, tools)
        qtbot.addWidget(self.widget)
        self.said: list[str] = []
        self.typed: list[str] = []
        self.widget.answer_changed.connect(self.said.append)
        self.widget.typing.connect(self.typed.append)
        self.widget.set_question(question, None)
        self.widget.resize(600, 400)
        with qtbot.waitExposed(self.widget):
            self.widget.show()

    def row(self, value: str) -> ChoiceRow:
        found = self.widget.findChild(ChoiceRow, f"choice-{value}")
        assert isinstance(found, ChoiceRow)
        return found

    def boxes(self) -> list[QLineEdit]:
        return self.widget.findChildren(QLineEdit)


@pytest.fixture
def on_screen(qtbot: QtBot, tools: Tools):  # type: ignore[no-untyped-def]
    return lambda question: Shown(qtbot, tools, question)


@pytest.mark.parametrize("kind", list(QuestionKind))
def test_every_kind_has_a_widget(on_screen, kind: QuestionKind) -> None:  # type: ignore[no-untyped-def]
    on_screen(view(kind, choices=("Ja", "Nee")))


def test_the_whole_row_is_the_target(on_screen, qtbot: QtBot) -> None:  # type: ignore[no-untyped-def]
    shown = on_screen(view(QuestionKind.SELECT_ONE, choices=("Ja", "Nee")))
    row = shown.row("nee")
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton, pos=QPoint(row.width() - 5, row.height() - 5))
    assert shown.said == ["nee"]
    assert row.height() >= 44


def test_rows_are_radio_buttons_or_check_boxes(on_screen) -> None:  # type: ignore[no-untyped-def]
    roles = {}
    for kind in (QuestionKind.SELECT_ONE, QuestionKind.SELECT_MULTIPLE):
        shown = on_screen(view(kind, choices=("Ja", "Nee")))
        roles[kind] = QAccessible.queryAccessibleInterface(shown.row("ja")).role()
    assert roles == {
        QuestionKind.SELECT_ONE: QAccessible.Role.RadioButton,
        QuestionKind.SELECT_MULTIPLE: QAccessible.Role.CheckBox,
    }


def test_several_keep_the_order_of_the_form(on_screen) -> None:  # type: ignore[no-untyped-def]
    shown = on_screen(view(QuestionKind.SELECT_MULTIPLE, "c", choices=("A", "B", "C")))
    assert shown.widget.choose(1)
    assert shown.said == ["a c"]
    assert not shown.widget.choose(4)


def test_arrows_move_without_choosing(on_screen, qtbot: QtBot) -> None:  # type: ignore[no-untyped-def]
    shown = on_screen(view(QuestionKind.SELECT_ONE, choices=("A", "B")))
    shown.row("a").setFocus()
    qtbot.keyClick(shown.row("a"), Qt.Key.Key_Down)
    assert shown.said == []
    assert shown.widget.focusWidget() is shown.row("b")


def test_a_long_list_is_searched(on_screen, qtbot: QtBot) -> None:  # type: ignore[no-untyped-def]
    question = view(QuestionKind.SELECT_ONE, choices=LANGUAGES)
    shown = on_screen(question)
    assert isinstance(shown.widget, ChoiceAnswer)
    assert len(shown.widget.rows) == FOUND
    search = shown.widget.findChild(QLineEdit, "choice-search")
    qtbot.keyClicks(search, "tig")
    assert [row.choice.value for row in shown.widget.rows] == ["tigrinya"]
    qtbot.mouseClick(shown.row("tigrinya"), Qt.MouseButton.LeftButton)
    assert shown.said == ["tigrinya"]
    shown.widget.set_question(replace(question, value="tigrinya"), None)
    assert [row.choice.value for row in shown.widget.rows] == ["tigrinya"]
    assert search.text() == ""
    shown.widget.set_compact(True)
    shown.widget.set_question(question, None)
    assert len(shown.widget.rows) == FOUND_COMPACT


def test_numbers_take_the_digits_of_any_script(on_screen) -> None:  # type: ignore[no-untyped-def]
    shown = on_screen(view(QuestionKind.INTEGER))
    (box,) = shown.boxes()
    box.insert("٢١")
    shown.widget.flush()
    assert shown.said == ["21"]


def test_decimals_take_a_comma(on_screen) -> None:  # type: ignore[no-untyped-def]
    shown = on_screen(view(QuestionKind.DECIMAL, "2.5"))
    (box,) = shown.boxes()
    assert box.text() == "2,5"
    box.setText("3,75")
    shown.widget.flush()
    assert shown.said == ["3.75"]


def test_what_was_not_stored_is_said_again(on_screen) -> None:  # type: ignore[no-untyped-def]
    shown = on_screen(view(QuestionKind.INTEGER))
    shown.boxes()[0].insert("x")
    shown.widget.flush()
    shown.widget.flush()
    assert shown.said == ["x"]
    shown.widget.keep()
    shown.widget.flush()
    assert shown.said == ["x", "x"]
    shown.widget.keep()
    shown.widget.discard()
    shown.widget.flush()
    assert shown.said == ["x", "x"]


@pytest.mark.parametrize(
    ("parts", "appearance", "kind", "said"),
    [
        (("3", "2", "2026"), (), QuestionKind.DATE, "2026-02-03"),
        (("", "2", "2026"), ("month-year",), QuestionKind.DATE, "2026-02-01"),
        (("", "", "1988"), ("year",), QuestionKind.DATE, "1988-01-01"),
        (("", "", "1988"), ("partial-date",), QuestionKind.TEXT, "1988"),
        (("", "", ""), ("partial-date",), QuestionKind.TEXT, ""),
    ],
)
def test_dates(  # type: ignore[no-untyped-def]
    on_screen,
    parts: tuple[str, str, str],
    appearance: tuple[str, ...],
    kind: QuestionKind,
    said: str,
) -> None:
    value = "2020-01-01" if not any(parts) else ""
    shown = on_screen(view(kind, value, appearance=appearance))
    for box, part in zip(shown.boxes(), parts, strict=True):
        box.setText(part)
        box.textEdited.emit(part)
    shown.widget.flush()
    assert shown.said == [said]


@pytest.mark.parametrize(
    ("typed", "said"), [("9:30", "09:30:00.000"), ("0930", "09:30:00.000"), ("9", "09:00:00.000")]
)
def test_times(on_screen, typed: str, said: str) -> None:  # type: ignore[no-untyped-def]
    shown = on_screen(view(QuestionKind.TIME))
    shown.boxes()[0].setText(typed)
    shown.widget.flush()
    assert shown.said == [said]


def test_a_scale_is_buttons_and_keys(on_screen) -> None:  # type: ignore[no-untyped-def]
    shown = on_screen(view(QuestionKind.RANGE, start="1", end="5", step="1"))
    assert shown.widget.choose(4)
    shown.widget.findChild(QAbstractButton, "scale-2").click()
    assert shown.said == ["4", "2"]
    assert scale_steps({"start": "0", "end": "1", "step": "0.5"}) == ("0", "0.5", "1")
    assert scale_steps({"start": "1", "end": "5", "step": "0"}) == ()


def test_an_order_is_made_with_two_buttons(on_screen) -> None:  # type: ignore[no-untyped-def]
    shown = on_screen(view(QuestionKind.RANK, choices=("A", "B", "C")))
    shown.widget.findChild(QAbstractButton, "rank-c-chevron-up").click()
    assert shown.said == ["a c b"]


def test_confirming_says_ok(on_screen) -> None:  # type: ignore[no-untyped-def]
    shown = on_screen(view(QuestionKind.ACKNOWLEDGE))
    shown.widget.choose(1)
    shown.widget.choose(1)
    assert shown.said == ["OK", ""]


def test_the_direction_of_text_is_that_of_its_language(on_screen) -> None:  # type: ignore[no-untyped-def]
    question = view(QuestionKind.TEXT)
    shown = on_screen(question)
    field = shown.widget.field  # type: ignore[attr-defined]
    shown.widget.set_question(question, view(QuestionKind.TEXT, language="ar"))
    assert field.layoutDirection() is Qt.LayoutDirection.LeftToRight
    switch = shown.widget.findChild(QAbstractButton, "answer-language")
    assert switch.text() == "Schrijven in het Arabisch"
    switch.click()
    assert field.layoutDirection() is Qt.LayoutDirection.RightToLeft
    assert bool(field.alignment() & Qt.AlignmentFlag.AlignRight)


def test_long_text_is_said_when_left_and_tab_leaves_it(on_screen) -> None:  # type: ignore[no-untyped-def]
    shown = on_screen(view(QuestionKind.TEXT, appearance=("multiline",)))
    field = shown.widget.findChild(QPlainTextEdit)
    assert field.tabChangesFocus()
    field.setPlainText("twee\nregels")
    assert shown.typed[-1] == "twee\nregels"
    shown.widget.flush()
    assert shown.said == ["twee\nregels"]


def test_a_readonly_question_takes_nothing(on_screen) -> None:  # type: ignore[no-untyped-def]
    shown = on_screen(view(QuestionKind.SELECT_ONE, choices=("A",), readonly=True))
    shown.widget.choose(1)
    assert shown.said == []
