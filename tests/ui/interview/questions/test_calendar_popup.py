"""The month to pick a day from, by hand, by keyboard and by ear."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit
from pytestqt.qtbot import QtBot
from support.one_question import Ask, One

from intake_app.i18n.calendars import Calendar
from intake_app.ui.a11y import check
from intake_app.ui.interview.questions.calendar_popup import CalendarPopup
from intake_app.ui.interview.questions.dates import DateAnswer
from intake_app.xforms import QuestionKind

# the offscreen platform has no windows above each other
quiet = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

Key, Shift = Qt.Key, Qt.KeyboardModifier.ShiftModifier


def opened(one: One) -> CalendarPopup:
    assert isinstance(one.widget, DateAnswer)
    popup = one.widget.open_calendar()
    one.qtbot.waitUntil(popup.isVisible)
    return popup


def press(popup: CalendarPopup, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> date:
    focus = popup.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, key, modifier or Qt.KeyboardModifier.NoModifier)
    return popup.day


@quiet
def test_keys_go_through_the_days(ask: Ask) -> None:
    popup = opened(ask(QuestionKind.DATE, "2026-11-18"))
    assert press(popup, Key.Key_Right) == date(2026, 11, 19)
    assert press(popup, Key.Key_Down) == date(2026, 11, 26)
    assert press(popup, Key.Key_Up) == date(2026, 11, 19)
    assert press(popup, Key.Key_Home) == date(2026, 11, 16)
    assert press(popup, Key.Key_End) == date(2026, 11, 22)
    assert press(popup, Key.Key_Down) == date(2026, 11, 29)
    assert press(popup, Key.Key_Down) == date(2026, 12, 6)
    assert press(popup, Key.Key_PageUp) == date(2026, 11, 6)
    assert press(popup, Key.Key_PageDown, Shift) == date(2027, 11, 6)
    popup.close()


@quiet
def test_the_month_before_a_long_one_ends_at_its_last_day(ask: Ask) -> None:
    popup = opened(ask(QuestionKind.DATE, "2026-03-31"))
    assert press(popup, Key.Key_PageUp) == date(2026, 2, 28)
    popup.close()


@quiet
@pytest.mark.parametrize("key", [Key.Key_Return, Key.Key_Space])
def test_a_day_is_taken(ask: Ask, key: Qt.Key) -> None:
    one = ask(QuestionKind.DATE, "2026-11-18")
    popup = opened(one)
    press(popup, Key.Key_Left)
    press(popup, key)
    assert one.said == ["2026-11-17"]
    assert [box.text() for box in one.boxes()[:3]] == ["17", "11", "2026"]


@quiet
def test_escape_takes_nothing_and_frees_the_popup(ask: Ask, qtbot: QtBot) -> None:
    one = ask(QuestionKind.DATE, "2026-11-18")
    popup = opened(one)
    with qtbot.waitSignal(popup.destroyed):
        press(popup, Key.Key_Escape)
    assert one.said == []


@quiet
def test_without_an_answer_it_begins_today(ask: Ask) -> None:
    popup = opened(ask(QuestionKind.DATE))
    assert popup.day == date(2026, 11, 22)
    cell = popup.focusWidget()
    assert cell is not None
    assert cell.accessibleName() == "zondag 22 november 2026, vandaag"
    popup.close()


@quiet
def test_years_far_away_are_typed(ask: Ask) -> None:
    one = ask(QuestionKind.DATE)
    popup = opened(one)
    year = popup.findChild(QLineEdit, "calendar-year")
    assert year is not None
    year.setText("١٩٦٠")
    year.editingFinished.emit()
    popup.findChild(QComboBox, "calendar-month").activated.emit(1)
    assert (popup.day.year, popup.day.month) == (1960, 2)
    year.setText("9999")
    year.editingFinished.emit()
    assert year.text() == "1960", "a year that cannot be leaves it where it was"
    cell = popup.findChild(QAbstractButton, "day-1960-02-29")
    assert cell is not None
    QTest.mouseClick(cell, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert one.said == ["1960-02-29"]


@quiet
def test_a_month_of_thirteen(ask: Ask) -> None:
    one = ask(QuestionKind.DATE, "2019-09-11", beside="ti", appearance=("ethiopian",))
    popup = opened(one)
    months = popup.findChild(QComboBox, "calendar-month")
    assert (months.count(), months.currentIndex()) == (13, 12)
    days = [c for c in popup.findChildren(QAbstractButton) if c.objectName().startswith("day-")]
    shown = [cell for cell in days if cell.isEnabled()]
    assert len(shown) == 6, "a leap year"
    cell = popup.focusWidget()
    assert cell is not None
    name = cell.accessibleName().replace("\u2068", "").replace("\u2069", "")
    assert name == "woensdag 11 september 2019, 6 Pagumen 2011, gekozen"
    assert press(popup, Key.Key_Right) == date(2019, 9, 12)
    assert months.currentIndex() == 0
    popup.close()


@quiet
def test_it_passes_the_checker(ask: Ask) -> None:
    for beside, appearance in (("ti", ()), ("fa", ("persian",)), ("ar", ())):
        popup = opened(ask(QuestionKind.DATE, "1988-09-23", beside=beside, appearance=appearance))
        assert check(popup) == ()
        popup.close()


@quiet
def test_the_edges_of_what_can_be_counted_hold(ask: Ask) -> None:
    popup = opened(ask(QuestionKind.DATE, "2122-12-31", beside="ti"))
    for key in (Key.Key_Right, Key.Key_Down, Key.Key_PageDown, Key.Key_End):
        assert press(popup, key) <= date(2122, 12, 31)
    popup.close()
    one = ask(QuestionKind.DATE, "1850-01-02", beside="fa")
    assert isinstance(one.widget, DateAnswer)
    one.widget.use_calendar(Calendar.SOLAR_HIJRI)
    popup = opened(one)
    for key in (Key.Key_Left, Key.Key_Up, Key.Key_PageUp, Key.Key_Home):
        assert press(popup, key) >= date(1850, 1, 1)
    popup.close()


@quiet
def test_a_low_screen_makes_the_days_less_high_and_nothing_smaller_than_a_finger(ask: Ask) -> None:
    popup = opened(ask(QuestionKind.DATE, "2026-11-18", beside="ti"))
    usual = popup.height()
    room = usual - 50
    popup._fit(room)
    assert popup.height() <= room
    assert check(popup) == ()
    heights = {cell.height() for cell in popup._cells}
    assert len(heights) == 1
    popup._fit(10)
    assert min(cell.height() for cell in popup._cells) >= 24
    popup.close()
