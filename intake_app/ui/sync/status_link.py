"""The state of sync in the top line: quiet words that lead to the page about it."""

from __future__ import annotations

from PySide6.QtGui import QColor

from intake_app.ui.kit import TextLink
from intake_app.ui.theme import CAPTION, Theme


class StatusLink(TextLink):
    """A link in the colour of a caption, or of a warning when somebody has to look."""

    def __init__(self, theme: Theme, *, name: str) -> None:
        super().__init__(theme, "", factor=CAPTION, name=name)
        self._full = self._short = ""
        self._alarm = False

    @property
    def alarm(self) -> bool:
        """True when somebody has to look."""
        return self._alarm

    def set_status(self, text: str, *, short: str = "", alarm: bool = False) -> None:
        """Say how it is; `short` is for where there is little room."""
        self._full, self._short, self._alarm = text, short or text, alarm
        self.setAccessibleName(text)
        self.set_icon("warning" if alarm else "")
        self.show_short(on=False)

    def show_short(self, *, on: bool) -> None:
        """Show the short words, or the whole."""
        text = self._short if on else self._full
        if text != self.text():
            self.setText(text)
            self.updateGeometry()

    def colors(self) -> tuple[QColor | None, QColor | None, QColor]:
        return None, None, self._theme.color("warn" if self._alarm else "muted")
