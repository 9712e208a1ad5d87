"""Draws pages of a PDF in another process, waited for on another thread."""

from __future__ import annotations

from threading import Thread

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

from intake_app.documents.pages import PageImage, PdfProblem, in_separate_process
from intake_app.sentences import Sentence


class PageLoader(QObject):
    """Asks for one page at a time; only the answer to the latest question is told.

    `drawn(PageImage)` or `failed(str)`, in the thread the loader lives in.
    """

    drawn = Signal(object)
    failed = Signal(str)
    _answered = Signal(int, object, str)

    def __init__(self, pdf: bytes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pdf = pdf
        self._ticket = 0
        self._answered.connect(self._finished, Qt.ConnectionType.QueuedConnection)

    def ask(self, number: int, dpi: float) -> None:
        """Draw page `number` (from 0) at that resolution."""
        self._ticket += 1
        # a thread only waits for the other process, which has limits of its own
        Thread(target=self._draw, args=(self._ticket, number, dpi), daemon=True).start()

    def _draw(self, ticket: int, number: int, dpi: float) -> None:
        page: PageImage | None = None
        problem: str = Sentence("Deze pagina is er niet.")
        try:
            pages = in_separate_process(self._pdf, dpi, first=number, count=1)
            page = pages[0] if pages else None
        except PdfProblem as error:
            problem = str(error)
        if isValid(self):
            self._answered.emit(ticket, page, problem)

    def _finished(self, ticket: int, page: PageImage | None, problem: str) -> None:
        if ticket != self._ticket:
            return
        if page is not None:
            self.drawn.emit(page)
        else:
            self.failed.emit(problem)
