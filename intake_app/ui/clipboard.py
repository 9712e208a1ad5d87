"""What is copied here leaves soon, and stays out of clipboard histories.

Only what somebody copies on purpose is on the clipboard at all: selecting text puts nothing on the
selection of X11. What was copied in this program is marked so that histories, clouds and monitors
leave it alone, and is taken away after half a minute and when the vault locks, unless something
else was copied since.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QMimeData, QObject, QTimer
from PySide6.QtGui import QClipboard

SECONDS: Final = 30

_WINDOWS: Final = 'application/x-qt-windows-mime;value="{}"'
_NO: Final = (0).to_bytes(4, "little")
MARKS: Final[dict[str, bytes]] = {
    # learn.microsoft.com, "Cloud Clipboard and Clipboard History Formats"
    _WINDOWS.format("ExcludeClipboardContentFromMonitorProcessing"): b"1",
    _WINDOWS.format("CanIncludeInClipboardHistory"): _NO,
    _WINDOWS.format("CanUploadToCloudClipboard"): _NO,
    # what Klipper and most managers on Linux look at, and nspasteboard.org for macOS
    "x-kde-passwordManagerHint": b"secret",
    "application/x-nspasteboard-concealed-type": b"1",
}


class ClipboardGuard(QObject):
    """Watches the clipboard for as long as it lives; a desk has one.

    `owns` tells for a mode whether what is there now came from this program; it is handed in by
    tests, on platforms whose clipboard cannot tell.
    """

    def __init__(
        self,
        clipboard: QClipboard,
        parent: QObject | None = None,
        *,
        owns: Callable[[QClipboard.Mode], bool] | None = None,
    ) -> None:
        super().__init__(parent)
        self._clipboard = clipboard
        self._owns = owns or self._really_owns
        self._ours: str | None = None
        self._marking = False
        self._watching = True
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.setInterval(SECONDS * 1000)
        self.timer.timeout.connect(self.clear)
        clipboard.dataChanged.connect(self._changed)
        clipboard.selectionChanged.connect(self._selected)

    def copy(self, text: str) -> None:
        """Put `text` on the clipboard, marked, for half a minute."""
        data = QMimeData()
        data.setText(text)
        for name, value in MARKS.items():
            data.setData(name, value)
        self._marking = True
        try:
            self._clipboard.setMimeData(data)
        finally:
            self._marking = False
        self._ours = text
        self.timer.start()

    def clear(self) -> None:
        """Take away what this program copied; what came from elsewhere since is left alone."""
        self.timer.stop()
        ours, self._ours = self._ours, None
        if ours is not None and self._clipboard.text() == ours:
            self._clipboard.clear()

    def stop(self) -> None:
        """Clear, and watch no longer; a second time does nothing."""
        if not self._watching:
            return
        self._watching = False
        self.clear()
        self._clipboard.dataChanged.disconnect(self._changed)
        self._clipboard.selectionChanged.disconnect(self._selected)

    def _changed(self) -> None:
        if self._marking:
            return
        if not self._owns(QClipboard.Mode.Clipboard):
            self._ours = None
            self.timer.stop()
            return
        text = self._clipboard.text()
        if text and text != self._ours:
            self.copy(text)

    def _selected(self) -> None:
        if self._owns(QClipboard.Mode.Selection):
            self._clipboard.clear(QClipboard.Mode.Selection)

    def _really_owns(self, mode: QClipboard.Mode) -> bool:
        if mode is QClipboard.Mode.Selection:
            return self._clipboard.ownsSelection()
        return self._clipboard.ownsClipboard()
