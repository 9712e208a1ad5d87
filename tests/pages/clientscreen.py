"""The client screen as the person at the other side of the table uses it."""

from __future__ import annotations

from pages.base import PageObject
from PySide6.QtCore import Qt

from intake_app.ui.clientscreen.window import ClientWindow
from intake_app.ui.interview.bridge import InterviewBridge


class ClientScreenObject(PageObject):
    """The second window."""

    name = "client-window"

    @property
    def window(self) -> ClientWindow:
        """Return the window itself."""
        assert isinstance(self.root, ClientWindow)
        return self.root

    def texts(self) -> tuple[str, ...]:
        """Return every text on it."""
        return self.window.texts_shown()

    @property
    def bridge(self) -> InterviewBridge:
        """Return the bridge it shows."""
        bridge = self.window._bridge
        assert isinstance(bridge, InterviewBridge)
        return bridge

    def tap(self, value: str) -> None:
        """Tap the tile of a choice; the pages of a long list are turned until it shows."""
        for _ in range(300):
            tile = next((tile for tile in self.window.tiles if tile.value == value), None)
            if tile is not None:
                self.qtbot.mouseClick(tile, Qt.MouseButton.LeftButton)
                return
            self.click("client-more")
        raise AssertionError(f"no tile {value}")

    def point(self, number: int) -> None:
        """Tap a picture of the page to point at."""
        self.qtbot.waitUntil(lambda: self.has(f"point-{number}"), timeout=2000)
        self.click(f"point-{number}")

    def chosen(self) -> tuple[str, ...]:
        """Return the values of the tiles that are on."""
        return tuple(tile.value for tile in self.window.tiles if tile.isChecked())

    def is_waiting(self) -> bool:
        """True while it shows the calm card without a question."""
        return self.has("client-wait")

    def pause(self) -> None:
        """Tap pause."""
        self.click("client-pause")
