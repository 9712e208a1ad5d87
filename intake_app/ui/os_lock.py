"""When the computer itself locks or goes to sleep: what the system says about it.

Linux: the screen savers of the desktops on the session bus, and logind on the system bus, which
also tells of sleep and of a closed lid (freedesktop.org, org.freedesktop.login1). Windows: the
messages a window gets about its session and about power (WTSRegisterSessionNotification,
WM_POWERBROADCAST). Elsewhere only the idle time locks.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import Final, cast

from PySide6.QtCore import SLOT, QAbstractNativeEventFilter, QByteArray, QObject, Signal, Slot
from PySide6.QtWidgets import QApplication, QWidget

SAVERS: Final = (
    "org.freedesktop.ScreenSaver",
    "org.gnome.ScreenSaver",
    "org.cinnamon.ScreenSaver",
    "org.mate.ScreenSaver",
    "org.xfce.ScreenSaver",
)
LOGIND: Final = "org.freedesktop.login1"

WM_POWERBROADCAST: Final = 0x0218
WM_WTSSESSION_CHANGE: Final = 0x02B1
_PBT_APMSUSPEND: Final = 0x0004
_GOING: Final = frozenset({0x2, 0x4, 0x6, 0x7})
"""Console or remote session disconnected, logged off, locked (WTS_SESSION_…)."""


class SessionWatch(QObject):
    """Says `locking` when somebody locked the computer or it is about to sleep.

    It may say so more than once for one lock, and never needs an answer.
    """

    locking = Signal()

    def watch(self, window: QWidget) -> None:
        """Ask the system to tell it; where the system has a say only a window can hear."""


class LinuxSession(SessionWatch):
    """Listens on the buses. A bus that is not there says nothing."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hold: object | None = None
        self.heard = self._listen()

    def _listen(self) -> tuple[str, ...]:
        """Return the names that are listened to."""
        from PySide6.QtDBus import QDBusConnection

        found: list[str] = []
        mine = QDBusConnection.sessionBus()
        if mine.isConnected():
            found += [
                name
                for name in SAVERS
                if mine.connect(name, "", name, "ActiveChanged", self, _slot("active(bool)"))
            ]
        system = QDBusConnection.systemBus()
        if system.isConnected():
            for interface, signal, slot in (
                (f"{LOGIND}.Manager", "PrepareForSleep", "active(bool)"),
                (f"{LOGIND}.Session", "Lock", "asked()"),
            ):
                if system.connect(LOGIND, "", interface, signal, self, _slot(slot)):
                    found.append(f"{interface}.{signal}")
            self._hold_back_sleep(system)
        return tuple(found)

    def _hold_back_sleep(self, system: object) -> None:
        """Ask for the moment it takes to close; it ends with this process."""
        from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher

        if not isinstance(system, QDBusConnection):
            return
        call = QDBusMessage.createMethodCall(
            LOGIND, "/org/freedesktop/login1", f"{LOGIND}.Manager", "Inhibit"
        )
        call.setArguments(["sleep", "Doorgaande Lijn", "Gegevens afsluiten", "delay"])
        watcher = QDBusPendingCallWatcher(system.asyncCall(call), self)
        watcher.finished.connect(self._held)

    @Slot("QDBusPendingCallWatcher*")
    def _held(self, watcher: object) -> None:
        with suppress(AttributeError, IndexError):
            self._hold = watcher.reply().arguments()[0]  # type: ignore[attr-defined]

    @Slot("bool")
    def active(self, on: bool) -> None:
        """The screen saver or the sleep begins, or ended."""
        if on:
            self.locking.emit()

    @Slot()
    def asked(self) -> None:
        """Somebody asked to lock the session."""
        self.locking.emit()


class WindowsSession(SessionWatch):
    """Hears the messages of Windows. Written after its documentation, not tried on a machine."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._filter = _Messages(self)
        app = QApplication.instance()
        if app is not None:
            app.installNativeEventFilter(self._filter)

    def watch(self, window: QWidget) -> None:
        with suppress(AttributeError, OSError, ImportError):
            import ctypes

            # 0: only this session
            ctypes.windll.wtsapi32.WTSRegisterSessionNotification(  # type: ignore[attr-defined]
                int(window.winId()), 0
            )


class _Messages(QAbstractNativeEventFilter):
    def __init__(self, session: WindowsSession) -> None:
        super().__init__()
        self._session = session

    def nativeEventFilter(  # noqa: N802
        self, kind: QByteArray | bytes | bytearray | memoryview, message: int
    ) -> object:
        given = kind.data() if isinstance(kind, QByteArray) else kind
        if bytes(given) == b"windows_generic_MSG":
            from ctypes import wintypes

            told = wintypes.MSG.from_address(int(message))
            if means_locking(told.message, told.wParam):
                self._session.locking.emit()
        return False


def means_locking(message: int, what: int) -> bool:
    """Return whether a window message of Windows says that the session goes away or sleep comes."""
    if message == WM_WTSSESSION_CHANGE:
        return what in _GOING
    return message == WM_POWERBROADCAST and what == _PBT_APMSUSPEND


def session_watch(parent: QObject | None = None) -> SessionWatch:
    """Return what listens to this system; where nothing can, it never says anything."""
    if sys.platform == "win32":
        return WindowsSession(parent)
    if sys.platform.startswith("linux") and _has_a_bus():
        return LinuxSession(parent)
    return SessionWatch(parent)


def _has_a_bus() -> bool:
    """Without a bus Qt would try to start one."""
    names = ("DBUS_SESSION_BUS_ADDRESS", "DBUS_SYSTEM_BUS_ADDRESS")
    return any(os.environ.get(name) for name in names) or os.path.exists("/run/dbus")  # noqa: PTH110


def _slot(name: str) -> bytes:
    # text is what works, though the stubs want bytes
    return cast("bytes", SLOT(name))
