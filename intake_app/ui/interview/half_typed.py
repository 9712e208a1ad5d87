"""Numbers, dates and times in the middle of being typed: no answer yet, and not lost either.

A text is stored while it is being typed. Half a number or a date would mean something else, so what
stands in such a field is kept beside the answers until the field is left, and stands there again
after a lock or a crash: as something that is typed and not yet an answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, QTimer

from intake_app.flows.unsaved import Entered, keep_unsaved, unsaved
from intake_app.ui.kept_typing import LONGEST_MS, REST_MS, enter, entered
from intake_app.vault.errors import VaultError

if TYPE_CHECKING:
    from intake_app.ui.interview.page import InterviewPage
    from intake_app.ui.interview.questions import AnswerWidget
    from intake_app.xforms import NodeKey

_AT = " "
"""Between the question and the field; neither holds a space."""


class HalfTyped(QObject):
    """Keeps what is half typed on one interview page, and puts back what was."""

    def __init__(self, page: InterviewPage) -> None:
        super().__init__(page)
        self._page, self._flow = page, page.bridge.flow
        self._place = f"typed:{self._flow.interview.interview_id}"
        self._since = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REST_MS)
        self._timer.timeout.connect(self.flush)
        self._kept: Entered = unsaved(self._flow.vault, self._place)
        self._waiting = dict(self._kept)
        """Of questions that have not shown since."""
        page.card.half_typed.connect(self._typed)
        page.card.shown.connect(self._bring_back)
        page.bridge.saved.connect(self._stored)
        page.bridge.finished.connect(self._finished)
        page.installEventFilter(self)
        self._bring_back()

    def flush(self) -> None:
        """Keep what is half typed now, where that differs from what is kept."""
        self._timer.stop()
        now: dict[str, str | bool] = dict(self._waiting) if self._flow.is_open else {}
        for key, widget in self._fields():
            if widget.entered:
                now |= {f"{key}{_AT}{name}": value for name, value in entered(widget).items()}
        if now == self._kept:
            return
        try:
            keep_unsaved(self._flow.vault, self._place, now)
        except VaultError:
            # the answer itself will say so when the field is left
            return
        self._kept = now

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if watched is self._page and event.type() is QEvent.Type.Hide and self._timer.isActive():
            self.flush()
        return False

    def _typed(self) -> None:
        if not self._timer.isActive():
            self._since.start()
        if not self._timer.isActive() or self._since.elapsed() < LONGEST_MS - REST_MS:
            self._timer.start()

    def _stored(self, _at: object = None) -> None:
        if self._kept:
            self.flush()

    def _finished(self) -> None:
        self._waiting = {}
        self._stored()

    def _bring_back(self) -> None:
        if not self._waiting:
            return
        for key, widget in self._fields():
            mine = {
                name: value
                for where, value in self._waiting.items()
                for question, _, name in (where.partition(_AT),)
                if question == str(key)
            }
            if mine:
                for name in mine:
                    del self._waiting[f"{key}{_AT}{name}"]
                enter(widget, mine)

    def _fields(self) -> Iterator[tuple[NodeKey, AnswerWidget]]:
        card = self._page.card
        for key, block in card.blocks.items():
            yield key, block.widget
        table = None if card.cards is None else card.cards.table
        for cell in () if table is None else table.cells.values():
            if cell.widget is not None:
                yield cell.key, cell.widget
