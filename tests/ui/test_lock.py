from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from intake_app.ui.lock import LOCKED_EXIT_CODE, Locker

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Desk:
    def __init__(self) -> None:
        self.time = START
        self.done: list[object] = []

    def locker(self, **more) -> Locker:
        return Locker(
            save=lambda: self.done.append("save"),
            close=lambda: self.done.append("close"),
            end=self.done.append,
            now=lambda: self.time,
            **more,
        )


def test_locking_saves_then_closes_then_ends_with_the_code_of_the_launcher(qapp):
    desk = Desk()
    desk.locker().lock()
    assert desk.done == ["save", "close", LOCKED_EXIT_CODE]
    assert LOCKED_EXIT_CODE == 75


def test_locking_twice_does_it_once(qapp):
    desk = Desk()
    locker = desk.locker()
    locker.lock()
    locker.lock()
    assert desk.done.count("close") == 1


def test_windows_are_blank_before_anything_is_saved(qtbot, qapp):
    desk = Desk()
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    seen: list[bool] = []
    locker = desk.locker()
    locker._save = lambda: seen.append(window.isVisible())
    locker.lock()
    assert seen == [False]


def test_the_vault_closes_even_when_saving_fails(qapp):
    desk = Desk()
    locker = desk.locker()

    def broken() -> None:
        raise OSError("full")

    locker._save = broken
    with pytest.raises(OSError, match="full"):
        locker.lock()
    assert desk.done == ["close", LOCKED_EXIT_CODE]


def test_it_locks_after_five_quiet_minutes_and_warns_before(qtbot, qapp):
    desk = Desk()
    locker = desk.locker()
    desk.time += timedelta(minutes=4, seconds=29)
    with qtbot.assertNotEmitted(locker.warned):
        locker.tick()
    desk.time += timedelta(seconds=11)
    with qtbot.waitSignal(locker.warned) as told:
        locker.tick()
    assert told.args == [20]
    desk.time += timedelta(seconds=20)
    locker.tick()
    assert desk.done == ["save", "close", 75]


def test_somebody_who_comes_back_is_not_locked_out(qtbot, qapp):
    desk = Desk()
    locker = desk.locker()
    desk.time += timedelta(minutes=4, seconds=50)
    locker.tick()
    with qtbot.waitSignal(locker.calmed):
        locker.touched()
    desk.time += timedelta(minutes=4)
    locker.tick()
    assert desk.done == []


def test_a_laptop_that_slept_locks_when_it_wakes(qapp):
    desk = Desk()
    locker = desk.locker()
    desk.time += timedelta(hours=9)
    locker.tick()
    assert desk.done[-1] == 75


def test_a_clock_set_back_does_not_postpone_the_lock_for_ever(qapp):
    desk = Desk()
    locker = desk.locker()
    desk.time -= timedelta(days=300)
    locker.tick()
    desk.time += timedelta(minutes=5)
    locker.tick()
    assert desk.done[-1] == 75


@pytest.mark.parametrize(("asked", "minutes"), [(0, 1), (99, 15), (10, 10)])
def test_the_time_stays_between_one_and_fifteen_minutes(qapp, asked, minutes):
    desk = Desk()
    locker = desk.locker(idle_minutes=asked)
    desk.time += timedelta(minutes=minutes) - timedelta(seconds=1)
    locker.tick()
    assert desk.done == []
    desk.time += timedelta(seconds=1)
    locker.tick()
    assert desk.done != []


def test_keys_and_mouse_in_a_watched_window_count(qtbot, qapp):
    desk = Desk()
    window = QWidget()
    qtbot.addWidget(window)
    locker = desk.locker()
    locker.watch(window)
    window.show()
    desk.time += timedelta(minutes=4)
    qtbot.keyClick(window.windowHandle(), Qt.Key.Key_A)
    desk.time += timedelta(minutes=4)
    locker.tick()
    assert desk.done == []


def test_it_tells_how_long_nobody_touched_the_window(qapp):
    desk = Desk()
    locker = desk.locker()
    desk.time += timedelta(seconds=2)
    assert locker.resting_ms == 2000
    locker.touched()
    assert locker.resting_ms == 0
