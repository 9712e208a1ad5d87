"""The page of an open interview: sections, the question in two languages, one next step."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QGuiApplication,
    QKeyEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from intake_app.documents.client_page import Speaker
from intake_app.domain.sharing import SharingTable
from intake_app.flows.preferences import Preferences
from intake_app.i18n.catalogues import UiTexts
from intake_app.i18n.languages import SOURCE_LANGUAGE
from intake_app.ui.interview import dialogs
from intake_app.ui.interview.advance import AutoAdvance
from intake_app.ui.interview.bridge import InterviewBridge, Place
from intake_app.ui.interview.card import QuestionCard
from intake_app.ui.interview.client_screen import ClientScreen
from intake_app.ui.interview.fallen_notice import FallenNotice
from intake_app.ui.interview.footer import Footer
from intake_app.ui.interview.keys import InterviewKeys
from intake_app.ui.interview.live import LiveText
from intake_app.ui.interview.pause import Pausing
from intake_app.ui.interview.pointing_panel import PointingPanel
from intake_app.ui.interview.pointing_place import PointingPlace
from intake_app.ui.interview.questions.base import Tools
from intake_app.ui.interview.reading import ReadAloud
from intake_app.ui.interview.review import ReviewPanel
from intake_app.ui.interview.review_ahead import Left, ReviewAhead
from intake_app.ui.interview.sections import (
    INTERPRETER,
    POINTING,
    REVIEW,
    WIDTH,
    SectionList,
    SectionPopup,
)
from intake_app.ui.interview.shortcuts import ShortcutSheet
from intake_app.ui.interview.top_line import Frame, TopLine
from intake_app.ui.interview.whereabouts import heading
from intake_app.ui.kit.dialogs import run
from intake_app.ui.kit.surfaces import Notice
from intake_app.ui.speech import Speech
from intake_app.xforms import NodeKey

NARROW = 900
"""Below this many effective pixels the languages stack and the section list is a button."""

SHORT = 520
"""Below this many effective pixels of height the foot of the card scrolls with the question."""


class InterviewPage(QWidget):
    """Shows one open interview. `closed(person_id)` when it is vastgesteld, `stopped(person_id)`
    when the talk stops for today.

    `heading_changed` carries where we are ('Werk · vraag 3 van 8'), for the top line.
    """

    closed = Signal(object)
    stopped = Signal(object)
    print_pointing = Signal()
    """The pages to point at are wanted on paper."""
    heading_changed = Signal(str)

    def __init__(
        self,
        tools: Tools,
        bridge: InterviewBridge,
        table: SharingTable,
        *,
        client_texts: UiTexts,
        practice: bool = False,
        say: Speaker | None = None,
        preferences: Preferences | None = None,
        speech: Speech | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """Show what `bridge` holds; `client_texts` are the program's words for the client.

        `say` says the pages to point at in the client's language; without it they are in Dutch.
        `preferences` are those of the colleague; `speech` reads aloud.
        """
        super().__init__(parent)
        self.setObjectName("interview-page")
        self.preferences = preferences or Preferences()
        single = self.preferences.single_keys
        self.tools, self.bridge = tools, bridge
        self.tools = replace(tools, form_id=bridge.form_id, single_keys=single)
        self.reading = ReadAloud(bridge, tools.tr, speech, self)
        self.say = say or Speaker(SOURCE_LANGUAGE)
        # the best guess before the first layout; a long heading would widen the window
        self._narrow = QGuiApplication.primaryScreen().size().width() < tools.theme.px(NARROW)
        self.keys = InterviewKeys(self, single=single)
        self._around_timer = QTimer(self)
        self._around_timer.setSingleShot(True)
        self._around_timer.setInterval(0)
        self._around_timer.timeout.connect(self._show_around)
        self.client_screen = ClientScreen(
            tools.theme,
            bridge,
            client_texts,
            self,
            practice=practice,
            say=self.say,
            tr=tools.tr,
            reader=self.reading,
        )
        self._build(table)
        self._fit()
        bridge.moved.connect(self._moved)
        bridge.changed.connect(self._changed)
        bridge.failed.connect(self._failure)
        bridge.hidden.connect(self._hidden)
        bridge.focus_changed.connect(self.card.show_sharing)
        bridge.pointing_changed.connect(self._pointing)
        # a bound method: the bridge may go on with another page when this one is deleted
        bridge.finished.connect(self._finished)
        self.advance = AutoAdvance(self)
        if self.preferences.auto_advance:
            self.card.answered.connect(self.advance.answered)
        self._moved()

    # ---- building ------------------------------------------------------------------------------

    def _build(self, table: SharingTable) -> None:
        theme = self.tools.theme
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self._layers = QStackedWidget()
        outer.addWidget(self._layers)
        work = QWidget()
        column = QVBoxLayout(work)
        column.setContentsMargins(theme.gap(24), theme.gap(12), theme.gap(24), theme.gap(16))
        column.setSpacing(theme.gap(12))
        self.notice = FallenNotice(self.tools)
        self.notice.undo_wanted.connect(self.undo)
        self.notice.look_wanted.connect(self.show_fallen)
        self.error = Notice(theme, "err", "", name="save-error")
        self.error.hide()
        self.unread = Notice(theme, "info", "", name="reading-notice")
        self.unread.hide()
        self.reading.explained.connect(self._explain)
        self.reading.changed.connect(self._show_reading)
        middle = QHBoxLayout()
        column.addLayout(middle, 1)
        middle.setSpacing(theme.gap(24))
        facing = self.bridge.flow.client_facing
        self.sections = SectionList(self.tools, with_pointing=facing)
        self.sections.setFixedWidth(theme.gap(WIDTH + 16))
        self.sections.chosen.connect(self._section_chosen)
        middle.addWidget(self.sections)
        right = QVBoxLayout()
        middle.addLayout(right, 1)
        right.setSpacing(theme.gap(12))
        right.addWidget(self.client_screen.offer)
        right.addWidget(self.error)
        right.addWidget(self.unread)
        right.addWidget(self.notice)
        self.card = QuestionCard(self.tools, self.bridge, table)
        self.card.history_wanted.connect(self.show_history)
        self.card.doubted.connect(self.announce)
        self.card.read_wanted.connect(self.reading.toggle)
        self.review = ReviewPanel(self.tools)
        self.review.wanted.connect(self.go_to_question)
        self.review.restore_wanted.connect(self._restore)
        self._center = QStackedWidget()
        self._center.addWidget(self.card)
        self._center.addWidget(self.review)
        self._review_ahead = ReviewAhead(self.review, self._left, self._center.size, self)
        self._pointing_place = PointingPlace(self, self._center)
        right.addWidget(self._center, 1)
        self.footer = Footer(self.tools)
        for button, go in (
            (self.footer.back, self.go_back),
            (self.footer.sections, self.open_sections),
            (self.footer.later, self.come_back_later),
            (self.footer.client, self.client_screen.toggle),
            (self.footer.next, self.go_next),
            (self.footer.finish, self.finish),
        ):
            button.clicked.connect(go)
        right.addWidget(self.footer)
        self._layers.addWidget(work)
        self.pausing = Pausing(self, self._layers)
        self.client_screen.strayed.connect(self.pausing.say_strayed)
        self.footer.rest.clicked.connect(self.pausing.rest)
        self.top_line = TopLine(self.tools, self.bridge, self)
        self.top_line.interpreter.clicked.connect(self.edit_interpretation)
        self.top_line.client_screen.clicked.connect(self.client_screen.toggle)
        self.client_screen.shown.connect(self.top_line.client_screen.setChecked)
        self.live = LiveText(self.tools, self.bridge, self.top_line, self)

    # ---- in the window -------------------------------------------------------------------------

    def attach(self, frame: Frame) -> None:
        """Use the top line of the window: saved state, interpreter, client screen."""
        self.top_line.attach(frame)
        self._fit()

    def leaving(self) -> None:
        """Store what is entered and take the client screen away; the page is being left."""
        self.reading.stop()
        self.advance.cancel()
        self.card.flush()
        self.bridge.remember()
        self.client_screen.close()
        # what would follow in the next turn: the top line is somebody else's by then
        self._around_timer.stop()
        self.live.settle()
        self.top_line.detach()

    # ---- moving --------------------------------------------------------------------------------

    def go_next(self) -> None:
        """Store, and go to the next page; stays where an answer could not be stored."""
        if self.bridge.place is Place.REVIEW or not self.settled():
            return
        missing = self.card.first_missing()
        if missing is not None:
            self.announce(missing.problem_text())
            missing.widget.focus_first()
            self.card.bring_problem(missing)
            return
        self.bridge.next()

    def go_back(self) -> None:
        """Store, and go to the page before."""
        if self.bridge.place is Place.REVIEW or self.settled():
            self.bridge.back()

    def come_back_later(self) -> None:
        """Put the questions of this page on later, those without an answer first, and go on.

        What did not fit its question does not keep anybody here: it is put off like the rest.
        """
        if self.settled() or (self.bridge.answer_refused and self.card.discard_refused()):
            self.bridge.put_off(tuple(self.card.blocks))
            self.bridge.next()

    def finish(self) -> None:
        """Ask once, then make the interview vastgesteld."""
        dialogs.finish(self)

    def open_sections(self) -> None:
        """Go to the list of sections with the keyboard."""
        if not self._narrow:
            self.sections.focus_current(self._current())
            return
        popup = SectionPopup(self.tools, self._popup_list, self)
        popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        popup.open_under(self.footer.sections, self._current())

    def show_history(self, key: NodeKey | None = None) -> None:
        """Show what the answer to a question was before; by default that with the focus."""
        dialogs.show_history(self, key)

    def toggle_later(self) -> None:
        """Put the question with the focus off, or no longer."""
        block = self.card.block()
        if block is not None:
            block.toggle_later()

    def undo(self) -> None:
        """Have the answers that fell away on this page count again."""
        if self.bridge.undo():
            self.card.focus_question()

    def show_fallen(self) -> None:
        """Name the answers that fell away on this page, and offer to have them back."""
        dialogs.show_fallen(self)

    def show_shortcuts(self) -> None:
        """Show the sheet with keys."""
        single, client = self.preferences.single_keys, self.bridge.flow.client_facing
        run(ShortcutSheet(self.tools, self.window(), single=single, client=client))

    def find_question(self) -> None:
        """Look for a question by its words, and go there."""
        dialogs.find_question(self)

    def _explain(self, words: str) -> None:
        """Say why nothing is read aloud, or not all; '' takes it away."""
        self.unread.set_notice("info", words)
        if words:
            self.announce(words)

    def _show_reading(self) -> None:
        """Mark the question that is being read aloud."""
        for key, block in self.card.blocks.items():
            block.set_reading(on=key == self.reading.key)

    def edit_interpretation(self) -> None:
        """Change who interprets and what was understood."""
        dialogs.edit_interpretation(self)

    # ---- what the bridge tells -----------------------------------------------------------------

    def _moved(self) -> None:
        review = self.bridge.place is Place.REVIEW
        self._center.setCurrentWidget(self.review if review else self.card)
        self.footer.next.setVisible(not review)
        asks = any(
            self.bridge.flow.form.questions[key.path].kind.askable
            for key in (self.bridge.page.keys if self.bridge.page is not None else ())
        )
        self.footer.later.setVisible(not review and asks)
        self.footer.finish.setVisible(review and self.bridge.flow.is_open)
        self.notice.show_count(self.bridge.fallen.count())
        self.unread.set_notice("info", "")
        self._show_closed()
        if review:
            self.show_review()
        else:
            self.card.show_page()
        # where we are, and how far every section is, when the question has been drawn
        if self.sections.items:
            self._around_timer.start()
        else:
            self._show_around()
        flow, page = self.bridge.flow, self.bridge.page
        first = not review and page is not None and flow.session.previous_page(page.key) is None
        self.footer.back.setEnabled(not first)
        if review:
            self.footer.finish.setFocus()
        else:
            if not self.card.focus_question():
                self.footer.next.setFocus()
            self.live.say_saved(self.card.spoken())
            if page is not None and flow.session.next_page(page.key) is None:
                self._review_ahead.begin()

    def _pointing(self) -> None:
        self._pointing_place.follow(narrow=self._narrow)

    @property
    def pointing(self) -> PointingPanel | None:
        """Return what the client can point at in Dutch, once it was shown."""
        return self._pointing_place.panel

    def _show_closed(self) -> None:
        """Say at the top that nothing can be changed any more; else make room."""
        closed = self.tools.tr.gettext("Dit gesprek is vastgesteld. Je kunt de antwoorden lezen.")
        self.error.set_notice("info", "" if self.bridge.flow.is_open else closed)

    def _finished(self) -> None:
        self.closed.emit(self.bridge.flow.interview.person_id)

    def _changed(self, _changes: object) -> None:
        self._show_closed()
        if self.bridge.place is Place.PAGE:
            self.card.follow()
        self._around_timer.start()

    def _failure(self, key: NodeKey | None, told: str) -> None:
        # what was stored before it first, or that would take away what is said now
        self.card.settle()
        sentence = self.tools.tr.said(told)
        block = None if key is None else self.card.blocks.get(key)
        cards = self.card.cards
        if block is not None:
            block.refuse(sentence)
            self.card.bring_problem(block)
        elif key is None or cards is None or not cards.refuse(key, sentence):
            self.error.set_notice("err", sentence)
        self.live.failed(sentence)

    def _hidden(self, count: int) -> None:
        self.notice.show_count(count)
        if count:
            self.announce(self.notice.text())

    # ---- showing -------------------------------------------------------------------------------

    def show_outline(self) -> None:
        """Show how far every section is, and which one we are in."""
        outline = self.bridge.flow.outline(self.bridge.own_language)
        self.sections.show_outline(outline, self._current())

    def show_review(self) -> None:
        """Show what is left."""
        self._review_ahead.end()
        self.review.show_ends(*self._left())

    def _left(self) -> Left:
        flow, own = self.bridge.flow, self.bridge.own_language
        return flow.open_ends(own), flow.outline(own), self.bridge.all_fallen(), len(flow.aside)

    def heading(self) -> str:
        """Return where we are: 'Werk · vraag 3 van 8'."""
        page = None if self.bridge.place is Place.REVIEW else self.bridge.page
        return heading(
            self.tools.tr,
            self.bridge.flow,
            page,
            self.bridge.own_language,
            narrow=self._narrow,
        )

    def _show_around(self) -> None:
        """Show what stands round the question: where we are, and how far every section is."""
        self._around_timer.stop()
        self._say_heading()
        self.show_outline()

    def _say_heading(self) -> None:
        """Tell the window where we are; the button of a narrow page says it too."""
        words = self.heading()
        self.footer.set_heading(words)
        self.heading_changed.emit(words)

    def _current(self) -> str:
        if self.bridge.pointing is not None:
            return POINTING
        if self.bridge.place is Place.REVIEW or self.bridge.page is None:
            return REVIEW
        return self.bridge.page.section

    def _popup_list(self) -> SectionList:
        facing = self.bridge.flow.client_facing
        listing = SectionList(self.tools, with_pointing=facing, with_interpreter=facing)
        listing.show_outline(self.bridge.flow.outline(self.bridge.own_language), self._current())
        listing.chosen.connect(self._section_chosen)
        return listing

    def _section_chosen(self, path: str) -> None:
        if self.bridge.place is Place.PAGE and not self.settled():
            return
        if path == INTERPRETER:
            self.edit_interpretation()
            return
        if path == POINTING:
            self.client_screen.toggle_pointing()
            return
        if path == REVIEW:
            self.bridge.review()
            return
        section = next((s for s in self.bridge.flow.outline() if s.path == path), None)
        if section is not None and section.first_page is not None:
            self.bridge.go_to(section.first_page)

    def go_to_question(self, key: NodeKey) -> None:
        """Go to a question, and say there what is still the matter with it."""
        if self.bridge.go_to(key):
            block = self.card.blocks.get(key)
            if block is not None:
                block.ask_once(self.bridge.flow.view(key))
                self.card.bring_problem(block)

    def settled(self) -> bool:
        """Store what is entered; False, with the focus there, when something could not be."""
        if not self.bridge.flow.is_open:
            # nothing is stored any more, so nothing keeps anybody here
            return True
        refused = self.card.flush()
        self.bridge.store_typing()
        if refused is not None:
            refused.widget.focus_first()
            return False
        cards = self.card.cards
        return cards is None or not cards.focus_refused()

    def _restore(self, instance: UUID) -> None:
        """Put back a part that was taken away, and go on looking."""
        if self.bridge.restore(instance):
            self.show_review()
            self.announce(self.tools.tr.gettext("De antwoorden tellen weer mee"))

    def announce(self, text: str) -> None:
        """Let a screen reader say this."""
        self.live.announce(text)

    # ---- keys and size -------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if not self.keys.pressed(event):
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        super().showEvent(event)
        if self.bridge.place is Place.PAGE and not self.card.focus_question():
            self.footer.next.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        narrow = event.size().width() < self.tools.theme.px(NARROW)
        if narrow != self._narrow:
            self._narrow = narrow
            self._fit()
            self._say_heading()
        self.card.set_short(event.size().height() < self.tools.theme.px(SHORT))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        # the width of the narrow form, or no window could become narrow enough for it
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), self.tools.theme.px(480)), hint.height())

    def _fit(self) -> None:
        """Put the list of sections and the actions of the top line where there is room for them."""
        self.sections.setVisible(not self._narrow)
        self.footer.set_narrow(self._narrow, client=self.bridge.flow.client_facing)
        self.card.set_stacked(self._narrow)
        self._pointing_place.set_narrow(self._narrow)
        self.top_line.set_narrow(self._narrow)
