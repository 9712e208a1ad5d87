"""What the computer says about locking and sleep, by a bus of this test and by made messages."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray
from pytestqt.qtbot import QtBot

from intake_app.ui import os_lock
from intake_app.ui.os_lock import (
    WM_POWERBROADCAST,
    WM_WTSSESSION_CHANGE,
    SessionWatch,
    WindowsSession,
    means_locking,
    session_watch,
)

ROOT = Path(__file__).resolve().parents[2]

SCRIPT = """
import subprocess, sys
from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtDBus import QDBusConnection, QDBusMessage
app = QCoreApplication([])
from intake_app.ui.os_lock import LOGIND, LinuxSession
session = LinuxSession()
other = QDBusConnection.connectToBus(QDBusConnection.BusType.SessionBus, "other")
steps = [
    ("org.freedesktop.ScreenSaver", "/ScreenSaver", "ActiveChanged", [True], 1),
    ("org.freedesktop.ScreenSaver", "/ScreenSaver", "ActiveChanged", [False], 0),
    ("org.gnome.ScreenSaver", "/ScreenSaver", "ActiveChanged", [True], 1),
    (f"{LOGIND}.Manager", "/org/freedesktop/login1", "PrepareForSleep", [True], 1),
    (f"{LOGIND}.Manager", "/org/freedesktop/login1", "PrepareForSleep", [False], 0),
    (f"{LOGIND}.Session", "/org/freedesktop/login1/session/_31", "Lock", [], 1),
]
for name in ("org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver", LOGIND):
    assert other.registerService(name), name
heard = []
session.locking.connect(lambda: heard.append(1))
def tell(steps):
    if not steps:
        QTimer.singleShot(200, app.quit)
        return
    interface, path, signal, values, _ = steps[0]
    message = QDBusMessage.createSignal(path, interface, signal)
    message.setArguments(values)
    other.send(message)
    QTimer.singleShot(100, lambda: tell(steps[1:]))
QTimer.singleShot(300, lambda: tell(steps))
app.exec()
print(len(heard), "of", sum(step[4] for step in steps), len(session.heard))
"""


@pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("dbus-run-session") is None, reason="no dbus here"
)
def test_screen_savers_sleep_and_a_locked_session_are_heard_on_a_bus() -> None:
    # its own bus stands for both: the one of the session and that of the system
    shell = 'export DBUS_SYSTEM_BUS_ADDRESS="$DBUS_SESSION_BUS_ADDRESS"; exec "$0" -c "$1"'
    done = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", shell, sys.executable, SCRIPT],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.stdout.strip() == "4 of 4 7", done.stderr


@pytest.mark.parametrize(
    ("message", "what", "locks"),
    [
        (WM_WTSSESSION_CHANGE, 0x7, True),
        (WM_WTSSESSION_CHANGE, 0x2, True),
        (WM_WTSSESSION_CHANGE, 0x4, True),
        (WM_WTSSESSION_CHANGE, 0x6, True),
        (WM_WTSSESSION_CHANGE, 0x8, False),
        (WM_WTSSESSION_CHANGE, 0x1, False),
        (WM_POWERBROADCAST, 0x4, True),
        (WM_POWERBROADCAST, 0x7, False),
        (WM_POWERBROADCAST, 0x12, False),
        (0x0100, 0x7, False),
    ],
)
def test_the_messages_of_windows_that_mean_locking(message: int, what: int, locks: bool) -> None:
    assert means_locking(message, what) is locks


class _Point(ctypes.Structure):
    _fields_ = (("x", ctypes.c_long), ("y", ctypes.c_long))


class _Message(ctypes.Structure):
    _fields_ = (
        ("hwnd", ctypes.c_void_p),
        ("message", ctypes.c_uint),
        ("wParam", ctypes.c_size_t),
        ("lParam", ctypes.c_ssize_t),
        ("time", ctypes.c_uint),
        ("pt", _Point),
    )


def test_a_window_of_windows_that_hears_it_locks(qtbot: QtBot) -> None:
    session = WindowsSession()
    told = _Message(message=WM_WTSSESSION_CHANGE, wParam=0x7)
    address = ctypes.addressof(told)
    filters = session._filter
    with qtbot.waitSignal(session.locking, timeout=1000):
        assert filters.nativeEventFilter(QByteArray(b"windows_generic_MSG"), address) is False
    with qtbot.assertNotEmitted(session.locking):
        filters.nativeEventFilter(QByteArray(b"xcb_generic_event_t"), address)
        told.wParam = 0x8
        filters.nativeEventFilter(QByteArray(b"windows_generic_MSG"), address)


def test_without_a_bus_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os_lock, "_has_a_bus", lambda: False)
    monkeypatch.setattr(os_lock.sys, "platform", "linux")
    assert type(session_watch()) is SessionWatch
