"""Draws pages of a PDF in another process, waited for on another thread."""

from __future__ import annotations

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal
from shiboken6 import isValid

from intake_app.documents.pages import PageImage, PdfProblem, in_separate_process


class _Job(QRunnable):
    def __init__(self, loader: PageLoader, pdf: bytes, number: int, dpi: float, ticket: int):
        super().__init__()
        self._loader, self._pdf = loader, pdf
        self._number, self._dpi, self._ticket = number, dpi, ticket

    def run(self) -> None:
        found: PageImage | None = None
        problem = ""
        try:
            pages = in_separate_process(self._pdf, self._dpi, first=self._number, count=1)
            found = pages[0] if pages else None
            problem = "" if found else "Deze pagina is er niet."
        except PdfProblem as error:
            problem = str(error)
        if isValid(self._loader):
            self._loader.done.emit(self._ticket, found, problem)


class PageLoader(QObject):
    """Asks for one page at a time; only the answer to the latest question is told.

    `drawn(PageImage)` or `failed(str)`, in the thread the loader lives in.
    """

    drawn = Signal(object)
    failed = Signal(str)
    done = Signal(int, object, str)

    def __init__(self, pdf: bytes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pdf = pdf
        self._ticket = 0
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self.done.connect(self._finished)

    def ask(self, number: int, dpi: float) -> None:
        """Draw page `number` (from 0) at that resolution."""
        self._ticket += 1
        self._pool.clear()
        self._pool.start(_Job(self, self._pdf, number, dpi, self._ticket))

    def _finished(self, ticket: int, page: PageImage | None, problem: str) -> None:
        if ticket != self._ticket:
            return
        if page is not None:
            self.drawn.emit(page)
        else:
            self.failed.emit(problem)
