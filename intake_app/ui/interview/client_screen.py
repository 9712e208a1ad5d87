"""Opening and closing the client's own screen, and turning it to the pages to point at."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from intake_app.documents.client_page import Speaker
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.clientscreen.window import ClientWindow
from intake_app.ui.interview.bridge import InterviewBridge
from intake_app.ui.theme import Theme


class ClientScreen(QObject):
    """The client's window beside an interview page: there or not. `shown` tells which."""

    shown = Signal(bool)

    def __init__(
        self,
        theme: Theme,
        bridge: InterviewBridge,
        texts: UiTexts,
        page: QWidget,
        *,
        practice: bool,
        say: Speaker,
    ) -> None:
        super().__init__(page)
        self._theme, self._bridge, self._texts, self._page = theme, bridge, texts, page
        self._practice, self._say = practice, say
        self._window: ClientWindow | None = None

    @property
    def window(self) -> ClientWindow | None:
        """Return the client's window while it is open."""
        return self._window

    def toggle(self) -> None:
        """Open the client's window, on the second monitor where there is one, or close it."""
        if self._window is not None:
            self.close()
            return
        self._window = ClientWindow(
            self._theme,
            self._bridge,
            self._texts,
            practice=self._practice,
            say=self._say,
        )
        self._window.gone.connect(self._gone)
        self._window.present(self._page.window())
        self.shown.emit(self._window is not None)

    def toggle_pointing(self) -> None:
        """Show the client the pages to point at, opening their screen, or the question again."""
        if not self._bridge.flow.client_facing:
            return
        if self._bridge.pointing is not None:
            self._bridge.show_pointing(None)
            return
        if self._window is None:
            self.toggle()
        self._bridge.show_pointing(0)

    def close(self) -> None:
        """Close the client's window, if it is open."""
        if self._window is not None:
            self._window.close()

    def _gone(self) -> None:
        if self._window is not None:
            self._window.deleteLater()
        self._window = None
        self.shown.emit(self._window is not None)
        self._bridge.show_pointing(None)
