"""A page object for pages that put in new parts while they are used."""

from __future__ import annotations

from pages.base import PageObject
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget


class SettlingPageObject(PageObject):
    """Waits until a part is really on screen before it is clicked, and for what a click changes."""

    def click(self, name: str) -> None:
        self.qtbot.waitUntil(lambda: self._on_screen(name), timeout=2000)
        super().click(name)
        self.settle()

    def settle(self) -> None:
        """Let layouts and deletions happen."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        for _ in range(4):
            app.processEvents()
            app.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def shows(self, name: str) -> bool:
        """Whether a widget of this name is on screen now."""
        return self._on_screen(name)

    def _on_screen(self, name: str) -> bool:
        return any(widget.isVisible() for widget in self.root.findChildren(QWidget, name))
