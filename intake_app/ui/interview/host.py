"""What the window shows for an interview: the start panel, then the interview itself."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from intake_app import paths
from intake_app.domain.interview import Interpretation
from intake_app.domain.sharing import SharingTable, read_table
from intake_app.flows.acting import actor_of
from intake_app.flows.interview import (
    InterviewFlow,
    InterviewRefused,
    is_staff_only,
    open_interview,
)
from intake_app.formio.texts import CatalogueTexts
from intake_app.i18n.languages import SOURCE_LANGUAGE
from intake_app.ui.interview.bridge import InterviewBridge
from intake_app.ui.interview.page import Frame, InterviewPage
from intake_app.ui.interview.questions.base import Tools
from intake_app.ui.interview.start_panel import StartPanel
from intake_app.vault.errors import VaultError
from intake_app.xforms import QuestionKind

if TYPE_CHECKING:
    from intake_app.ui.context import AppContext


class InterviewHost(QWidget):
    """The page for `Navigator.start_interview` and `open_interview`.

    An interview that is already open with the same form is resumed on the question it was at. A
    form without a question for the client begins at once, in Dutch. `heading_changed` carries where
    we are, for the crumbs; `person_id` says whose it is.
    """

    heading_changed = Signal(str)
    paused = Signal(bool)
    """Both screens are blank, or show again."""

    def __init__(self, context: AppContext, person_id: UUID, parent: QWidget | None = None) -> None:
        """Use `begin` or `reopen`."""
        super().__init__(parent)
        self.setObjectName("interview-host")
        self.context = context
        self.person_id = person_id
        self.tools = Tools(context.theme, context.tr)
        self.page: InterviewPage | None = None
        self.start: StartPanel | None = None
        self.heading = ""
        self._frame: Frame | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    @classmethod
    def begin(cls, context: AppContext, person_id: UUID, form_id: str) -> InterviewHost:
        """Return the page that starts an interview, or goes on with the open one."""
        with context.vault.read("gesprek beginnen") as records:
            running = open_interview(records, person_id, form_id)
            person = records.persons.get(person_id)
        if running is not None:
            return cls.reopen(context, running.interview_id)
        host = cls(context, person_id)
        form = context.library.load(form_id)
        asks_client = any(
            question.kind is not QuestionKind.CALCULATED and not is_staff_only(question)
            for question in form.questions.values()
        )
        if not asks_client:
            host._start(form_id, SOURCE_LANGUAGE, Interpretation(), informed=False)
            return host
        host.start = StartPanel(
            host.tools,
            form.title,
            language=(person.contact_language if person is not None else "") or SOURCE_LANGUAGE,
            translated=context.catalogues.languages(form_id),
            interpreter_needed=None if person is None else person.interpreter_needed,
            texts=context.catalogues.ui,
        )
        host.start.begin.connect(
            lambda language, told: host._start(form_id, language, told, informed=True)
        )
        host.start.back.connect(lambda: context.navigate.open_person(person_id))
        host._column.addWidget(host.start)
        host._head(form.title)
        return host

    @classmethod
    def reopen(cls, context: AppContext, interview_id: UUID) -> InterviewHost:
        """Return the page of a stored interview, on the question it was at.

        Raises `InterviewRefused` when it is not in this vault.
        """
        flow = InterviewFlow.resume(
            context.vault,
            CatalogueTexts(context.catalogues),
            interview_id,
            actor_of(context.vault),
        )
        host = cls(context, flow.interview.person_id)
        host._open(flow)
        return host

    def attach(self, frame: Frame) -> None:
        """Use the top line of the window; to be called after the page is shown in it."""
        self._frame = frame
        if self.page is not None:
            self.page.attach(frame)

    def leaving(self) -> None:
        """Store what is entered; the page is being left."""
        if self.page is not None:
            self.page.leaving()

    def blank(self) -> None:
        """Blank both screens and store what is entered, before the window locks."""
        if self.page is not None:
            self.page.blank()

    def _start(self, form_id: str, language: str, told: Interpretation, *, informed: bool) -> None:
        vault = self.context.vault
        try:
            flow = InterviewFlow.start(
                vault,
                self.context.library,
                CatalogueTexts(self.context.catalogues),
                self.person_id,
                form_id,
                language,
                told,
                actor_of(vault),
                information_read=informed,
            )
        except (InterviewRefused, VaultError) as problem:
            if self.start is None:
                raise
            self.start.fail(str(problem))
            return
        self._open(flow)

    def _open(self, flow: InterviewFlow) -> None:
        if self.start is not None:
            self._column.removeWidget(self.start)
            self.start.hide()
            self.start.deleteLater()
            self.start = None
        bridge = InterviewBridge(flow, self)
        self.page = InterviewPage(
            self.tools,
            bridge,
            sharing_table(),
            client_texts=self.context.catalogues.ui(flow.interview.language),
            practice=self.context.vault.info.practice,
        )
        self.page.heading_changed.connect(self._head)
        bridge.paused.connect(self.paused)
        self.page.closed.connect(self.context.navigate.open_person)
        self._column.addWidget(self.page)
        self._head(self.page.heading())
        if self._frame is not None:
            self.page.attach(self._frame)

    def _head(self, text: str) -> None:
        self.heading = text
        self.heading_changed.emit(text)


def sharing_table() -> SharingTable:
    """Return the sharing table that came with the program."""
    return read_table(paths.resource("sharing", "table.csv").read_text(encoding="utf-8"))
