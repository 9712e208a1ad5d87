"""The look back, made ready while somebody is at the last question before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import QSize, QTimer
from PySide6.QtWidgets import QWidget

from intake_app.flows.interview import OpenEnd, SectionOutline
from intake_app.flows.interview_look import FallenAnswer
from intake_app.ui.interview.painting import made_ready
from intake_app.ui.interview.review import ReviewPanel

READY_MS = 120
"""How long somebody is at the last question before anything is made."""

Left = tuple[tuple[OpenEnd, ...], tuple[SectionOutline, ...], tuple[FallenAnswer, ...], int]
"""What `ReviewPanel.show_ends` shows."""


class ReviewAhead(QTimer):
    """Fills the look back hidden and a little at a time; what changes after is shown anew then."""

    def __init__(
        self,
        review: ReviewPanel,
        left: Callable[[], Left],
        size: Callable[[], QSize],
        seen: QWidget,
    ) -> None:
        """`left` says what is to be shown and `size` how large; nothing is made unless `seen`."""
        super().__init__(seen)
        self._review, self._left, self._size, self._seen = review, left, size, seen
        self._making: Iterator[None] | None = None
        self.timeout.connect(self._turn)

    def begin(self) -> None:
        """Make it ready when it has been quiet for a while."""
        self._making = None
        self.start(READY_MS)

    def end(self) -> None:
        """Make nothing now."""
        self._making = None
        self.stop()

    def _turn(self) -> None:
        if not self._seen.isVisible() or self._review.isVisible():
            self.end()
            return
        if self._making is None:
            self._making = self._made()
            self.setInterval(0)
        if next(self._making, self) is self:
            self.end()

    def _made(self) -> Iterator[None]:
        self._review.resize(self._size())
        yield from self._review.showing(*self._left())
        yield from made_ready(self._review)
