from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget
from support.qt import make_theme, settle

from intake_app.ui.kit import (
    Body,
    Card,
    Columns,
    ConfirmDialog,
    Field,
    FocusRing,
    Page,
    PrimaryButton,
    QuietButton,
    StationMark,
    StationsLine,
    StepList,
    TextInput,
)

MARKS = (
    StationMark("gekoppeld", "Gekoppeld", "done", "3 nov", "Gekoppeld: gedaan, 3 nov"),
    StationMark("intake", "Intake", "current", "nu"),
    StationMark("plan", "Plan", "open"),
)


@pytest.fixture
def theme(qapp):
    return make_theme(qapp)


def test_enter_in_a_field_presses_the_one_primary_button(qtbot, theme):
    page = Page(theme, "Titel")
    field = TextInput(theme)
    page.add(Field(theme, "Naam", field))
    button = PrimaryButton(theme, "Verder")
    page.set_footer((QuietButton(theme, "Terug"),), button)
    qtbot.addWidget(page)
    page.show()
    with qtbot.waitSignal(button.clicked):
        qtbot.keyClick(field, Qt.Key.Key_Return)


def test_enter_does_nothing_while_the_primary_button_is_grey(qtbot, theme):
    page = Page(theme)
    button = PrimaryButton(theme, "Verder")
    page.set_footer((), button)
    button.setEnabled(False)
    qtbot.addWidget(page)
    with qtbot.assertNotEmitted(button.clicked):
        qtbot.keyClick(page, Qt.Key.Key_Return)


def test_enter_presses_the_button_that_has_the_focus(qtbot, theme):
    button = QuietButton(theme, "Openen")
    qtbot.addWidget(button)
    with qtbot.waitSignal(button.clicked):
        qtbot.keyClick(button, Qt.Key.Key_Return)


def test_buttons_are_as_high_as_drawn_and_grow_with_the_scale(qtbot, qapp):
    for scale, height in ((1.0, 44), (2.0, 88)):
        button = PrimaryButton(make_theme(qapp, scale=scale), "Verder", key="↵")
        qtbot.addWidget(button)
        assert button.sizeHint().height() == height


def test_the_key_is_no_part_of_the_words(qtbot, theme):
    button = QuietButton(theme, "Vergrendelen", key="Ctrl L")
    qtbot.addWidget(button)
    assert button.text() == "Vergrendelen"
    bare = QuietButton(theme, "Vergrendelen")
    qtbot.addWidget(bare)
    assert button.sizeHint().width() > bare.sizeHint().width()


def test_stations_stand_across_where_they_fit_and_down_where_not(qtbot, theme):
    line = StationsLine(theme, MARKS)
    qtbot.addWidget(line)
    assert line.heightForWidth(900) < line.heightForWidth(150)
    line.show()
    line.resize(900, line.heightForWidth(900))
    stations = [line.findChild(QWidget, f"station-{m.key}") for m in MARKS]
    assert len({s.y() for s in stations}) == 1
    line.resize(150, line.heightForWidth(150))
    assert len({s.y() for s in stations}) == 3


def test_a_station_is_chosen_by_keyboard_and_speaks(qtbot, theme):
    line = StationsLine(theme, MARKS)
    qtbot.addWidget(line)
    line.show()
    first = line.findChild(QWidget, "station-gekoppeld")
    assert first.accessibleName() == "Gekoppeld: gedaan, 3 nov"
    with qtbot.waitSignal(line.chosen) as told:
        qtbot.keyClick(first, Qt.Key.Key_Space)
    assert told.args == ["gekoppeld"]


def test_stations_keep_the_focus_when_their_marks_change(qtbot, qapp, theme):
    line = StationsLine(theme, MARKS)
    qtbot.addWidget(line)
    line.show()
    line.activateWindow()
    line.findChild(QWidget, "station-intake").setFocus()
    line.set_marks(MARKS)
    settle(qapp)
    assert line.focusWidget() is line.findChild(QWidget, "station-intake")


def test_columns_stack_below_their_width(qtbot, qapp, theme):
    left, right = Card(theme, "A"), Card(theme, "B")
    columns = Columns(theme, left, right, stack_below=600)
    qtbot.addWidget(columns)
    columns.show()
    columns.resize(900, 300)
    assert not columns.stacked
    columns.resize(500, 300)
    settle(qapp)
    assert columns.stacked
    assert right.y() > left.y()


def test_steps_open_one_at_a_time_and_can_be_reopened(qtbot, theme):
    steps = StepList(theme, change_text="Wijzigen")
    parts = [Body(theme, str(n)) for n in range(3)]
    for number, part in enumerate(parts):
        steps.add_step(f"Stap {number}", part, name=f"step-{number}")
    qtbot.addWidget(steps)
    steps.show()
    assert [p.isVisibleTo(steps) for p in parts] == [True, False, False]
    steps.done(0, "RSD, voor Zeist")
    assert [p.isVisibleTo(steps) for p in parts] == [False, True, False]
    assert steps.current() == 1
    with qtbot.waitSignal(steps.opened) as told:
        steps.steps[0].reopened.emit()
    assert told.args == [0]
    assert [step.state for step in steps.steps] == ["current", "todo", "todo"]


def test_closing_a_confirmation_means_no(qtbot, theme, monkeypatch):
    for answer, meant in (
        (QDialog.DialogCode.Accepted, True),
        (QDialog.DialogCode.Rejected, False),
    ):
        monkeypatch.setattr(ConfirmDialog, "exec", lambda _self, a=answer: a)
        assert (
            ConfirmDialog.ask(theme, "Weg?", "Dit kan niet terug.", confirm="Weg", cancel="Houden")
            is meant
        )


def test_a_dangerous_confirmation_begins_at_no(qtbot, theme):
    dialog = ConfirmDialog(theme, "Weg?", "x", confirm="Weg", cancel="Houden", danger=True)
    qtbot.addWidget(dialog)
    assert dialog.focusWidget() is dialog.cancel_button


def test_the_ring_surrounds_the_focus_and_survives_the_page(qtbot, qapp, theme):
    ring = FocusRing(theme, qapp)
    try:
        window = QWidget()
        row = QHBoxLayout(window)
        row.setContentsMargins(20, 20, 20, 20)
        inner = QWidget()
        inside = QVBoxLayout(inner)
        inside.setContentsMargins(0, 0, 0, 0)
        first, second = QuietButton(theme, "Een"), QLineEdit()
        inside.addWidget(first)
        inside.addWidget(second)
        row.addWidget(inner)
        qtbot.addWidget(window)
        window.show()
        window.activateWindow()
        first.setFocus(Qt.FocusReason.TabFocusReason)
        qtbot.waitUntil(lambda: ring.target is first)
        overlay = window.findChild(QWidget, "focus-ring")
        assert overlay.geometry().contains(
            first.rect().translated(first.mapTo(window, QPoint(0, 0)))
        )
        assert overlay.width() == first.width() + 10
        second.setFocus(Qt.FocusReason.TabFocusReason)
        qtbot.waitUntil(lambda: ring.target is second)
        row.removeWidget(inner)
        inner.deleteLater()
        settle(qapp)
        assert ring.target is None
        other = QuietButton(theme, "Twee")
        row.addWidget(other)
        other.show()
        other.setFocus(Qt.FocusReason.TabFocusReason)
        qtbot.waitUntil(lambda: ring.target is other)
    finally:
        ring.stop()


def test_applying_a_theme_leaves_one_ring(qtbot, qapp):
    for scheme in ("dark", "light", "dark"):
        make_theme(qapp, scheme)
        settle(qapp)
        assert len(qapp.findChildren(FocusRing)) == 1


def test_a_click_on_a_button_shows_no_ring(qtbot, qapp, theme):
    ring = FocusRing(theme, qapp)
    try:
        button = QuietButton(theme, "Een")
        holder = QWidget()
        QVBoxLayout(holder).addWidget(button)
        qtbot.addWidget(holder)
        holder.show()
        holder.activateWindow()
        qtbot.mousePress(
            holder.windowHandle(), Qt.MouseButton.LeftButton, pos=button.geometry().center()
        )
        assert button.hasFocus()
        assert ring.target is None
        qtbot.mouseRelease(
            holder.windowHandle(), Qt.MouseButton.LeftButton, pos=button.geometry().center()
        )
    finally:
        ring.stop()


def test_none_outlives_ten_thousand_calls_without_a_result(qtbot, theme):
    button = QuietButton(theme, "Een")
    qtbot.addWidget(button)
    for _ in range(10_000):
        button.update()
