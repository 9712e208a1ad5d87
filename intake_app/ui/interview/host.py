"""What the window shows for an interview: the start panel, then the interview itself."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from intake_app import paths
from intake_app.documents.client_page import Speaker
from intake_app.domain.interview import Interpretation
from intake_app.domain.sharing import SharingTable, read_table
from intake_app.flows import form_move
from intake_app.flows.acting import actor_of
from intake_app.flows.interview import (
    InterviewFlow,
    InterviewRefused,
    is_staff_only,
    open_interview,
)
from intake_app.flows.preferences import keep_preferences, preferences
from intake_app.flows.prefill import Proposal, prefill_for, take_over
from intake_app.formio.moving import MoveRefused
from intake_app.formio.texts import CatalogueTexts
from intake_app.i18n.languages import SOURCE_LANGUAGE
from intake_app.ui.interview.answer_files import AnswerFiles
from intake_app.ui.interview.bridge import InterviewBridge, Place
from intake_app.ui.interview.left_at import keep, leave_at, take
from intake_app.ui.interview.new_version import AsidePanel, NewVersionPanel
from intake_app.ui.interview.page import InterviewPage
from intake_app.ui.interview.questions.base import Tools
from intake_app.ui.interview.start_panel import StartPanel
from intake_app.ui.interview.top_line import Frame
from intake_app.ui.kit.buttons import TextLink
from intake_app.ui.kit.surfaces import Notice
from intake_app.ui.pictograms import drawing
from intake_app.vault.errors import VaultError
from intake_app.xforms import QuestionKind

if TYPE_CHECKING:
    from intake_app.flows.form_move import MovePreview
    from intake_app.ui.context import AppContext
    from intake_app.ui.kit.page import Page
    from intake_app.xforms import FormDefinition, NodeKey


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
        self.start: StartPanel | None = None
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
        self._newer: FormDefinition | None = None
        self.panel: Page | None = None
        self.offer = self._make_offer()
        self._column.addWidget(self.offer)

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
            form_id=form_id,
            prefill=prefill_for(context.vault, context.library, person_id, form_id),
        )
        host.start.begin.connect(
            lambda language, told: host._start(form_id, language, told, informed=True)
        )
        host.start.back.connect(lambda: context.navigate.open_person(person_id))
        host._column.addWidget(host.start)
        # the panel holds the keyboard, so that Enter reaches its button and no ring goes round it
        host.setFocusProxy(host.start)
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
        host._open(host._in_newest_words(flow))
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
        refused = page.card.flush()
        bridge.store_typing()
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
        if page is None or left is None:
            return
        if left.interview_id != page.bridge.flow.interview.interview_id:
            return
        left.show(self)
        if left.client_screen:
            page.client_screen.offer_again()

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
        chosen = () if self.start is None else self.start.chosen()
        left_out = self._take_over(flow, chosen)
        self._open(flow)
        if left_out and self.page is not None:
            self.page.error.set_notice("err", left_out)

    def _take_over(self, flow: InterviewFlow, chosen: tuple[Proposal, ...]) -> str:
        """Store the answers of COA that were chosen; return what went wrong, in words."""
        tr = self.context.tr
        try:
            left = len(take_over(flow, chosen))
        except VaultError as error:
            return str(error)
        if not left:
            return ""
        return tr.ngettext(
            "{n} antwoord van COA paste hier niet. Stel die vraag in het gesprek.",
            "{n} antwoorden van COA pasten hier niet. Stel die vragen in het gesprek.",
            left,
        ).format(n=left)

    def _open(self, flow: InterviewFlow) -> None:
        if self.start is not None:
            self.setFocusProxy(None)  # type: ignore[arg-type]  # Qt takes it, the stubs do not
            self._column.removeWidget(self.start)
            self.start.hide()
            self.start.deleteLater()
            self.start = None
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
        self._newer = None
        if flow.is_open:
            self._newer = form_move.newer(flow.form, self.context.library)
        self.offer.setVisible(self._newer is not None)

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
            page.error.set_notice("err", str(problem))

    # ---- a newer version of the form -----------------------------------------------------------

    def _make_offer(self) -> QWidget:
        theme, tr = self.context.theme, self.context.tr
        link = TextLink(theme, tr.gettext("Bekijk wat er verandert"), name="new-version-look")
        link.clicked.connect(self.show_newer)
        notice = Notice(
            theme,
            "info",
            tr.gettext("Er is een nieuwere versie van dit formulier"),
            action=link,
            name="new-version-notice",
        )
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(theme.gap(24), theme.gap(12), theme.gap(24), 0)
        column.addWidget(notice)
        holder.hide()
        return holder

    def show_newer(self) -> None:
        """Show what moving to the newer version would change, in the place of the page."""
        page, new = self.page, self._newer
        if page is None or new is None:
            return
        self._leave_page(page)
        try:
            shown = form_move.preview(
                self.context.vault,
                page.bridge.flow.interview.interview_id,
                new,
                self.context.library.migrations(new.form_id),
            )
        except (InterviewRefused, MoveRefused, VaultError) as problem:
            self._back_to_page()
            page.error.set_notice("err", str(problem))
            return
        panel = NewVersionPanel(self.tools, new.title, shown)
        panel.later.connect(self._not_now)
        panel.wanted.connect(lambda: self._move(panel, shown))
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

    def _move(self, panel: NewVersionPanel, shown: MovePreview) -> None:
        page = self.page
        if page is None:
            return
        vault = self.context.vault
        rows = self.context.library.migrations(shown.form.form_id)
        texts = CatalogueTexts(self.context.catalogues)
        try:
            flow = form_move.carry_out(vault, texts, shown, rows, actor_of(vault))
        except (InterviewRefused, MoveRefused, VaultError) as problem:
            panel.fail(str(problem))
            return
        self._take_down()
        self._column.removeWidget(page)
        page.bridge.deleteLater()
        page.deleteLater()
        self.page = None
        self._open(flow)

    def _in_newest_words(self, flow: InterviewFlow) -> InterviewFlow:
        """The interview with the texts the program has now, where the questions are the same."""
        vault, library = self.context.vault, self.context.library
        new = form_move.newer(flow.form, library) if flow.is_open else None
        if new is None or not form_move.only_texts(flow.form, new):
            return flow
        texts = CatalogueTexts(self.context.catalogues)
        try:
            shown = form_move.preview(vault, flow.interview.interview_id, new)
            if shown.lines:
                return flow
            return form_move.carry_out(vault, texts, shown, (), actor_of(vault))
        except (InterviewRefused, MoveRefused, VaultError):
            # The words it began with are good enough; the notice offers the rest.
            return flow

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
        self.offer.setVisible(self._newer is not None)
        self._head(page.heading())
        page.setFocus()

    def _head(self, text: str) -> None:
        self.heading = text
        self.heading_changed.emit(text)


def sharing_table() -> SharingTable:
    """Return the sharing table that came with the program."""
    return read_table(paths.resource("sharing", "table.csv").read_text(encoding="utf-8"))
