from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from support.qt import make_theme, settle

from intake_app.domain.partial_date import DateProblem, PartialDate
from intake_app.ui.a11y import check
from intake_app.ui.kit import (
    CheckInput,
    ChoiceInput,
    Field,
    PartialDateInput,
    PassphraseInput,
    RadioInput,
    TextArea,
    TextInput,
)

LABELS = ("dag", "maand", "jaar")


@pytest.fixture
def theme(qapp):
    return make_theme(qapp)


def shown(qtbot, widget: QWidget) -> QWidget:
    qtbot.addWidget(widget)
    widget.show()
    return widget


def test_the_whole_row_of_a_check_box_can_be_clicked(qtbot, theme):
    box = CheckInput(theme, "Nareiziger")
    shown(qtbot, box)
    box.resize(500, box.height())
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(480, box.height() // 2))
    assert box.isChecked()


def test_long_words_of_a_check_box_wrap(qtbot, theme):
    box = CheckInput(theme, "Ik heb dit voorgelezen in de taal van de cliënt " * 3)
    qtbot.addWidget(box)
    assert box.heightForWidth(250) > box.heightForWidth(1500)


@pytest.mark.parametrize("language", ["nl", "fa"])
@pytest.mark.parametrize("kind", [CheckInput, RadioInput])
def test_no_line_of_long_words_is_cut_at_two_hundred_percent(qtbot, qapp, kind, language):
    theme = make_theme(qapp, scale=2.0)
    words = {
        "nl": "Ik heb dit voorgelezen in de taal van de cliënt. ",
        "fa": "این را برای او خواندم. ",
    }
    window = QWidget()
    column = QVBoxLayout(window)
    long, short = (kind(theme, words[language] * n, language=language) for n in (4, 1))
    column.addWidget(long)
    column.addWidget(short)
    column.addStretch(1)
    window.resize(620, 1200)
    shown(qtbot, window)
    settle(qapp)
    assert long.height() > 2 * long.fontMetrics().height()
    assert [str(finding) for finding in check(window)] == []
    # and none grows into the room that is left
    assert long.height() == long.heightForWidth(long.width())
    assert short.height() <= max(short.heightForWidth(short.width()), short.sizeHint().height())


@pytest.mark.parametrize("horizontal", [False, True])
def test_long_answers_of_a_choice_wrap_whole(qtbot, qapp, horizontal):
    theme = make_theme(qapp, scale=2.0)
    answers = [("a", "Ik weet het nog niet zeker en wil erover nadenken"), ("b", "Nee")]
    choice = ChoiceInput(theme, answers, horizontal=horizontal, name="choice")
    window = QWidget()
    column = QVBoxLayout(window)
    column.addWidget(Field(theme, "Wil je dit?", choice))
    column.addStretch(1)
    window.resize(620, 900)
    shown(qtbot, window)
    settle(qapp)
    assert [str(finding) for finding in check(window)] == []


def test_dutch_typed_into_an_arabic_field_stays_at_the_right(qtbot, theme):
    field = TextInput(theme, language="ar", text="Amsterdam")
    shown(qtbot, field)
    field.resize(400, 44)
    field.setCursorPosition(0)
    field.grab()  # a line edit settles its scroll position when it is drawn
    assert field.alignment() & Qt.AlignmentFlag.AlignRight
    assert field.cursorRect().center().x() > 200


def test_an_empty_arabic_field_has_its_caret_at_the_right(qtbot, theme):
    field = TextInput(theme, language="ar")
    shown(qtbot, field)
    field.resize(400, 44)
    field.grab()
    assert field.cursorRect().center().x() > 350


def test_an_arabic_area_begins_at_the_right(qtbot, theme):
    area = TextArea(theme, language="ar", text="ماذا")
    shown(qtbot, area)
    area.resize(400, 120)
    assert area.cursorRect().center().x() > 200


def test_the_wheel_never_changes_a_choice(qtbot, theme):
    choice = ChoiceInput(theme, [(str(n), f"Keuze {n}") for n in range(9)], value="4")
    shown(qtbot, choice)
    at = QPointF(5, 5)
    turn = QWheelEvent(
        at, at, QPoint(0, -120), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    assert choice.combo is not None
    choice.combo.wheelEvent(turn)
    assert choice.value() == "4"
    assert not turn.isAccepted()


@pytest.mark.parametrize("as_radio", [True, False])
def test_a_choice_tells_its_value(qtbot, theme, as_radio):
    choice = ChoiceInput(theme, [("a", "Ja"), ("b", "Nee")], as_radio=as_radio, placeholder="Kies")
    shown(qtbot, choice)
    assert choice.value() == ""
    with qtbot.waitSignal(choice.changed) as told:
        choice.set_value("b")
    assert told.args == ["b"]
    choice.set_value("bestaat niet")
    assert choice.value() == "b"


def test_a_field_ties_label_help_and_problem_to_its_control(qtbot, theme):
    control = TextInput(theme, name="v")
    field = Field(theme, "V-nummer", control, help_text="Tien cijfers.")
    shown(qtbot, field)
    interface = QAccessible.queryAccessibleInterface(control)
    assert interface.text(QAccessible.Text.Name) == "V-nummer"
    field.set_problem("Dit klopt niet.")
    assert interface.text(QAccessible.Text.Description) == "Dit klopt niet. Tien cijfers."
    assert control.property("problem") == "true"
    field.set_problem("")
    assert interface.text(QAccessible.Text.Description) == "Tien cijfers."
    assert control.property("problem") == "false"


def test_a_partial_date_keeps_what_is_unknown_unknown(qtbot, theme):
    date = PartialDateInput(theme, LABELS, name="born")
    shown(qtbot, date)
    assert date.value() == PartialDate()
    assert date.date() is None
    date.findChild(TextInput, "born-year").setText("١٩٨٨")
    assert date.value() == PartialDate(1988)
    with pytest.raises(DateProblem):
        date.date()
    date.findChild(TextInput, "born-day").setText("3")
    with pytest.raises(DateProblem, match="maand"):
        date.value()


def test_letters_in_a_date_are_named_not_dropped(qtbot, theme):
    date = PartialDateInput(theme, LABELS, name="born")
    qtbot.addWidget(date)
    date.findChild(TextInput, "born-day").setText("xx")
    with pytest.raises(DateProblem, match="cijfers"):
        date.value()


def test_each_box_of_a_date_says_which_part_it_is(qtbot, theme):
    date = PartialDateInput(theme, LABELS, name="born")
    field = Field(theme, "Geboortedatum", date)
    qtbot.addWidget(field)
    names = [date.findChild(TextInput, f"born-{p}").accessibleName() for p in ("day", "year")]
    assert names == ["Geboortedatum: dag", "Geboortedatum: jaar"]


def test_a_passphrase_is_hidden_until_asked_and_warns_of_caps_lock(qtbot, theme):
    secret = PassphraseInput(
        theme, show_text="Tonen", hide_text="Verbergen", caps_text="Caps Lock staat aan.", name="p"
    )
    shown(qtbot, secret)
    assert secret.edit.echoMode() is secret.edit.EchoMode.Password
    for text, shift, warned in (
        ("a", False, False),
        ("B", True, False),
        ("C", False, True),
        ("d", True, True),
        ("e", False, False),
    ):
        held = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
        secret.edit.keyPressEvent(QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_unknown, held, text))
        assert secret.caps_warning_shown() is warned, text
    qtbot.mouseClick(secret.toggle, Qt.MouseButton.LeftButton)
    assert secret.edit.echoMode() is secret.edit.EchoMode.Normal
