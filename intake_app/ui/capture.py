"""Windows that screen recorders, shared screens and screenshots show as black.

Windows 10 from version 2004 leaves such a window out, older ones draw it black
(SetWindowDisplayAffinity). Written after the documentation of Microsoft and not tried on a machine
yet. Other platforms have no such thing for ordinary programs. A setting switches it off for a
projector; a practice vault is never kept back.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from intake_app.flows.acting import actor_of
from intake_app.vault import Vault

SETTING: Final = "ui.capture_allowed"
_WDA_NONE, _WDA_MONITOR, _WDA_EXCLUDEFROMCAPTURE = 0x0, 0x1, 0x11

Block = Callable[[int, bool], bool]
"""Keep the window with this handle from capture, or let it be; False when that did not work."""


def platform_block() -> Block | None:
    """Return how this platform keeps a window from capture, None where it cannot."""
    if sys.platform == "win32":
        return _set_affinity
    else:  # noqa: RET505  (a type checker for Windows must not look at the other half)
        return None


def is_allowed(vault: Vault) -> bool:
    """True if the screen may be captured: a practice vault, or somebody set it so."""
    if vault.info.practice:
        return True
    with vault.read() as records:
        return records.settings.get(SETTING, "0") == "1"


def allow(vault: Vault, *, on: bool) -> None:
    """Keep whether the screen may be captured; who changed it is in the audit log."""
    with vault.transaction(actor_of(vault), "schermopname instellen") as tx:
        tx.settings.set(SETTING, "1" if on else "0")


class CaptureGuard(QObject):
    """Applies what the vault says to every window there is, and to each that comes."""

    def __init__(
        self, vault: Vault, parent: QObject | None = None, *, block: Block | None = None
    ) -> None:
        super().__init__(parent)
        self._vault = vault
        self._block = block or platform_block()
        self._done: dict[int, bool] = {}
        self._allowed = True
        application = QGuiApplication.instance()
        if self._block is not None and isinstance(application, QGuiApplication):
            application.focusWindowChanged.connect(self.apply)
            self.refresh()

    def refresh(self) -> None:
        """Read the setting again."""
        self._allowed = is_allowed(self._vault)
        self.apply()

    def apply(self, *_: object) -> None:
        """Look at every window; one that has it already is left alone."""
        if self._block is None:
            return
        handles = {
            int(widget.winId())
            for widget in QApplication.topLevelWidgets()
            if widget.isVisible() and widget.windowHandle() is not None
        }
        self._done = {handle: on for handle, on in self._done.items() if handle in handles}
        for handle in handles:
            # a window that never was kept back needs no letting go
            kept_back = not self._done.get(handle, True)
            if kept_back == self._allowed and self._block(handle, not self._allowed):
                self._done[handle] = self._allowed


if sys.platform == "win32":

    def _set_affinity(handle: int, on: bool) -> bool:
        from ctypes import wintypes

        affinity = ctypes.WinDLL("user32").SetWindowDisplayAffinity
        affinity.argtypes = [wintypes.HWND, wintypes.DWORD]
        wanted = (_WDA_EXCLUDEFROMCAPTURE, _WDA_MONITOR) if on else (_WDA_NONE,)
        return any(affinity(handle, each) for each in wanted)
