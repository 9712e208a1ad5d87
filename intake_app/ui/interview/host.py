"""What the window shows for an interview: the start panel, then the interview itself."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from intake_app import paths
from intake_app.documents.client_page import Speaker
from intake_app.domain.interview import Interpretation
from intake_app.domain.sharing import SharingTable, read_table
from intake_app.flows.acting import actor_of
from intake_app.flows.interview import (
    InterviewFlow,
    InterviewRefused,
    open_interview,
)
from intake_app.flows.preferences import keep_preferences, preferences
from intake_app.formio.moving import MoveRefused
from intake_app.formio.texts import CatalogueTexts
from intake_app.i18n.languages import SOURCE_LANGUAGE
from intake_app.ui.interview import dialogs
from intake_app.ui.interview.answer_files import AnswerFiles
from intake_app.ui.interview.beginning import Beginning
from intake_app.ui.interview.bridge import InterviewBridge, Place
from intake_app.ui.interview.half_typed import HalfTyped
from intake_app.ui.interview.left_at import keep, leave_at, take
from intake_app.ui.interview.new_version import AsidePanel
from intake_app.ui.interview.newer import NewerVersion, in_newest_words
from intake_app.ui.interview.page import InterviewPage
from intake_app.ui.interview.questions.base import Tools
from intake_app.ui.interview.signature_pad import SignaturePad
from intake_app.ui.interview.start_panel import StartPanel
from intake_app.ui.interview.top_line import Frame
from intake_app.ui.pictograms import drawing
from intake_app.vault.errors import VaultError

if TYPE_CHECKING:
    from intake_app.ui.context import AppContext
    from intake_app.ui.kit.page import Page
    from intake_app.xforms import NodeKey


class InterviewHost(QWidget):
    """The page for `Navigator.start_interview` and `open_interview`.

    An interview that is already open with the same form is resumed on the question it was at. A
    form without a question for the client begins at once, in Dutch. `heading_changed` carries where
    we are, for the crumbs; `person_id` says whose it is.

    When the program has a newer version of the form, `offer` says so above the interview; `panel`
    is what stands in the place of the page while somebody looks at what would change, or at the
    answers an earlier move put aside. New words for the same questions are taken over at once.
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
        self._beginning: Beginning | None = None
        self.heading = ""
        self.client_open = False
        """The client's screen was open when the page was left."""
        self._told: tuple[tuple[NodeKey, str], ...] = ()
        """What somebody who wanted to leave was told that is not stored."""
        self._before: InterviewHost | None = None
        self._frame: Frame | None = None
        self._hears: InterviewBridge | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.panel: Page | None = None
        self._newer = NewerVersion(context, self.tools, self)
        self._newer.look_wanted.connect(self.show_newer)
        self._newer.kept_back.connect(self._not_now)
        self._newer.moved.connect(self._moved)
        self.offer = self._newer.offer
        self._column.addWidget(self.offer)

    @property
    def start(self) -> StartPanel | None:
        """Return the panel before the first question, None once the talk has begun."""
        return None if self._beginning is None else self._beginning.panel

    @property
    def beginning(self) -> str:
        """Return which form somebody is about to begin, '' once the talk has begun."""
        return "" if self._beginning is None else self._beginning.form_id

    @classmethod
    def begin(cls, context: AppContext, person_id: UUID, form_id: str) -> InterviewHost:
        """Return the page that starts an interview, or goes on with the open one."""
        with context.vault.read("gesprek beginnen") as records:
            running = open_interview(records, person_id, form_id)
        if running is not None:
            return cls.reopen(context, running.interview_id)
        host = cls(context, person_id)
        beginning = host._beginning = Beginning(context, person_id, form_id, host)
        beginning.begun.connect(host._begun)
        if not beginning.asks_client:
            beginning.begin(SOURCE_LANGUAGE, Interpretation(), informed=False)
            return host
        panel = beginning.make_panel(host.tools)
        host._column.addWidget(panel)
        # the panel holds the keyboard, so that Enter reaches its button and no ring goes round it
        host.setFocusProxy(panel)
        host._head(beginning.form.title)
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
        host._open(in_newest_words(context, flow))
        return host

    def before_renewal(self) -> bool:
        """Store what is typed, before the same page is built anew; False while that cannot be.

        It cannot while the screens are blank, the client points, an answer was refused, or
        something else stands in the place of the page.
        """
        page = self.page
        if page is None:
            return True
        bridge = page.bridge
        if self.panel is not None or bridge.is_paused or bridge.pointing is not None:
            return False
        if any(block.refused for block in page.card.blocks.values()):
            return False
        if not all(pad.is_empty for pad in page.findChildren(SignaturePad)):
            # nobody is told off in the middle of a signature
            return False
        refused = page.card.flush()
        bridge.store_typing()
        # the new page takes over what is seen here
        page.card.settle()
        return refused is None

    def renewed(self, context: AppContext) -> InterviewHost | None:
        """Return this interview in the theme of `context`, on the same answers.

        None where no interview shows. The new one is complete with `settle_in`, to be called when
        this one was left and the other stands in its place.
        """
        if self.page is None or self.panel is not None:
            return None
        host = InterviewHost(context, self.person_id)
        host._before = self
        host._show_page(self.page.bridge)
        return host

    def settle_in(self) -> None:
        """Take the interview over from the page this one was renewed from."""
        before, self._before = self._before, None
        if before is None or before.page is None or self.page is None:
            return
        before.page.bridge.setParent(self)
        if before.client_open:
            self.page.client_screen.toggle()

    def attach(self, frame: Frame) -> None:
        """Use the top line of the window; to be called after the page is shown in it."""
        self._frame = frame
        if self.page is not None:
            self.page.attach(frame)

    def may_leave(self) -> bool:
        """Store what is entered; False, with the keyboard there, when some of it could not be.

        Who asks a second time has been told, and may go.
        """
        page = self.page
        if page is None or self.panel is not None or page.bridge.place is Place.REVIEW:
            return True
        if page.settled():
            return True
        told, self._told = self._told, page.card.unsaved()
        if told == self._told:
            return True
        # what could not be stored lies behind the blank screens
        page.bridge.pause(on=False)
        page.settled()
        page.announce("; ".join(words for _, words in self._told))
        return False

    def leaving(self) -> None:
        """Store what is entered; the page is being left."""
        if self._beginning is not None:
            self._beginning.leaving()
        if self.page is not None:
            self.client_open = self.page.client_screen.window is not None
            self.page.leaving()

    def blank(self) -> None:
        """Blank both screens and store what is entered, before the window locks.

        The next process opens with the same field under the caret.
        """
        page = self.page
        if page is None:
            return
        vault, interview = self.context.vault, page.bridge.flow.interview
        left = leave_at(
            self,
            interview.interview_id,
            client_screen=page.client_screen.window is not None,
        )
        page.pausing.blank()
        keep(vault, left)

    def come_back(self) -> None:
        """Put the caret where it was before the lock; the client's screen is only offered."""
        page, left = self.page, take(self.context.vault)
        if page is None:
            return
        # when the window shows: a dialog asks for its own turn of the event loop
        QTimer.singleShot(0, page, lambda: dialogs.bring_back(page))
        if left is None:
            return
        if left.interview_id != page.bridge.flow.interview.interview_id:
            return
        left.show(self)
        if left.client_screen:
            page.client_screen.offer_again()

    def _begun(self, flow: InterviewFlow, left_out: str) -> None:
        self._open(flow)
        if left_out and self.page is not None:
            self.page.error.set_notice("err", left_out)

    def _open(self, flow: InterviewFlow) -> None:
        start, beginning = self.start, self._beginning
        if start is not None:
            self.setFocusProxy(None)  # type: ignore[arg-type]  # Qt takes it, the stubs do not
            self._column.removeWidget(start)
            start.hide()
            start.deleteLater()
        if beginning is not None:
            self._beginning = None
            beginning.deleteLater()
        own = preferences(self.context.vault)
        bridge = InterviewBridge(
            flow, self, own_language=own.own_language, as_table=own.repeats_as_table
        )
        self._show_page(bridge)

    def _country(self) -> str:
        """Return where the client comes from: people know dates by the calendar of that place."""
        with self.context.vault.read("gesprek openen") as records:
            person = records.persons.get(self.person_id)
        return "" if person is None else person.birth_country

    def _show_page(self, bridge: InterviewBridge) -> None:
        flow, context = bridge.flow, self.context
        files = AnswerFiles(context.vault, bridge, context.pick)
        self.page = InterviewPage(
            replace(
                self.tools,
                files=files,
                language=flow.interview.language,
                country=self._country(),
            ),
            bridge,
            sharing_table(),
            client_texts=self.context.catalogues.ui(flow.interview.language),
            practice=self.context.vault.info.practice,
            say=self._speaker(flow.interview.language),
            preferences=preferences(context.vault),
            speech=context.speech,
        )
        HalfTyped(self.page)
        self.page.print_pointing.connect(self._print_pointing)
        self.page.heading_changed.connect(self._head)
        self.page.review.aside_wanted.connect(self.show_aside)
        if self._hears is not bridge:
            self._hears = bridge
            bridge.paused.connect(self.paused)
            bridge.table_chosen.connect(self._keep_table)
            bridge.language_changed.connect(self._speak_on)
        self.page.closed.connect(self.context.navigate.open_person)
        self.page.stopped.connect(self.context.navigate.open_person)
        self._column.addWidget(self.page)
        self._head(self.page.heading())
        if self._frame is not None:
            self.page.attach(self._frame)
        self._newer.look_for(flow)

    def _speak_on(self, _language: str) -> None:
        """Show the talk in another language, on both screens at once."""
        before = self.page
        if before is None or before.bridge.parent() is not self:
            return
        was_open = before.client_screen.window is not None
        before.leaving()
        self._column.removeWidget(before)
        before.hide()
        before.deleteLater()
        self._show_page(before.bridge)
        if self.page is not None:
            # now, not with the next turn of the event loop
            self.page.show()
            self.page.pausing.take_over()
            if was_open:
                self.page.client_screen.open()

    def _keep_table(self, on: bool) -> None:
        """Remember for the next time how the colleague wants repeats; no matter if it fails."""
        vault = self.context.vault
        with suppress(VaultError):
            keep_preferences(vault, replace(preferences(vault), repeats_as_table=on))

    def _speaker(self, language: str) -> Speaker:
        return Speaker(language, self.context.catalogues.document_texts(language).text)

    def _print_pointing(self) -> None:
        """Print the pages to point at; nobody is named on them."""
        from intake_app.documents.pages import PdfProblem
        from intake_app.documents.pointing_pages import render_pointing_pages
        from intake_app.documents.typesetting import DocumentError
        from intake_app.ui.printing import print_pdf

        page, vault = self.page, self.context.vault
        if page is None:
            return
        try:
            pdf = render_pointing_pages(
                self._speaker(page.bridge.language),
                drawing,
                paths.resource("fonts"),
                at=vault.env.now(),
                practice=vault.info.practice,
            )
            print_pdf(pdf, self.context.tr.gettext("Aanwijsbladen"), self)
        except (DocumentError, PdfProblem) as problem:
            page.error.set_notice("err", self.context.tr.said(problem))

    # ---- a newer version of the form -----------------------------------------------------------

    def show_newer(self) -> None:
        """Show what moving to the newer version would change, in the place of the page."""
        page = self.page
        if page is None or not self._newer.known:
            return
        self._leave_page(page)
        try:
            panel = self._newer.panel(page.bridge.flow)
        except (InterviewRefused, MoveRefused, VaultError) as problem:
            self._back_to_page()
            page.error.set_notice("err", self.context.tr.said(problem))
            return
        self._put(panel, self.context.tr.gettext("Nieuwere versie"))
        panel.move_button.setFocus()

    def show_aside(self) -> None:
        """Show the answers that earlier moves put aside, in the place of the page."""
        page = self.page
        if page is None:
            return
        self._leave_page(page)
        panel = AsidePanel(self.tools, page.bridge.flow.aside)
        panel.back.connect(self._back_to_page)
        self._put(panel, self.context.tr.gettext("Apart bewaard"))

    def _moved(self, flow: InterviewFlow) -> None:
        page = self.page
        if page is None:
            return
        self._take_down()
        self._column.removeWidget(page)
        page.bridge.deleteLater()
        page.deleteLater()
        self.page = None
        self._open(flow)

    def _leave_page(self, page: InterviewPage) -> None:
        """Store what is entered and make room; the client's screen closes."""
        page.leaving()
        page.hide()
        self.offer.hide()

    def _put(self, panel: Page, heading: str) -> None:
        self._take_down()
        self.panel = panel
        self._column.addWidget(panel)
        self._head(heading)

    def _take_down(self) -> None:
        if self.panel is not None:
            self._column.removeWidget(self.panel)
            self.panel.hide()
            self.panel.deleteLater()
            self.panel = None

    def _not_now(self) -> None:
        self._back_to_page()
        self.offer.hide()

    def _back_to_page(self) -> None:
        self._take_down()
        page = self.page
        if page is None:
            return
        page.show()
        if self._frame is not None:
            page.attach(self._frame)
        self._newer.show_offer()
        self._head(page.heading())
        page.setFocus()

    def _head(self, text: str) -> None:
        self.heading = text
        self.heading_changed.emit(text)


def sharing_table() -> SharingTable:
    """Return the sharing table that came with the program."""
    return read_table(paths.resource("sharing", "table.csv").read_text(encoding="utf-8"))
