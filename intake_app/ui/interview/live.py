"""What an interview says while it works: saved, being saved, not saved; on screen and aloud."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

from intake_app.i18n.formats import format_time
from intake_app.ui.interview.bridge import InterviewBridge
from intake_app.ui.interview.questions.base import Tools
from intake_app.ui.interview.top_line import TopLine


class LiveText(QObject):
    """Keeps the top line true, and says 'Opgeslagen' aloud once the question is left.

    A screen reader hears it at most once for a question, however often its answer was stored: by
    then somebody listens again. What could not be stored is said at once.
    """

    said = Signal(str)
    """What a screen reader was given to say."""

    def __init__(
        self, tools: Tools, bridge: InterviewBridge, top_line: TopLine, page: QWidget
    ) -> None:
        super().__init__(page)
        self._tools, self._bridge, self._top_line, self._page = tools, bridge, top_line, page
        self._unsaid = ""
        self._at: datetime | None = None
        # the next question is drawn first
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._show_saved)
        bridge.saved.connect(self._saved)
        bridge.typed.connect(self._typed)
        bridge.focus_changed.connect(self.say_saved)

    @property
    def waits(self) -> bool:
        """True while the time of the last answer is still to be shown."""
        return self._timer.isActive()

    def announce(self, text: str) -> None:
        """Let a screen reader say this."""
        if not text:
            return
        self.said.emit(text)
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._page, text))

    def say_saved(self, then: str = "") -> None:
        """Say that the answer that is being left was stored, if it was, and what comes next."""
        words, self._unsaid = self._unsaid, ""
        self.announce(f"{words}. {then}" if words and then else words or then)

    def failed(self, sentence: str) -> None:
        """Say that something could not be stored, on screen and at once."""
        self._unsaid = ""
        self._timer.stop()
        self._top_line.say_saved(self._tools.tr.gettext("Niet opgeslagen"))
        self.announce(sentence)

    def _typed(self) -> None:
        self._timer.stop()
        self._top_line.say_saved(self._tools.tr.gettext("Wordt opgeslagen …"))

    def _saved(self, at: datetime) -> None:
        self._at = at
        self._unsaid = self._tools.tr.gettext("Opgeslagen")
        self._timer.start()

    def settle(self) -> None:
        """Show now what would be shown when the next question has been drawn."""
        if self.waits:
            self._show_saved()

    def _show_saved(self) -> None:
        self._timer.stop()
        if self._at is not None:
            text = self._tools.tr.gettext("Opgeslagen {time}")
            time = format_time(self._at.astimezone(), "nl", seconds=True)
            self._top_line.say_saved(text.format(time=time))
