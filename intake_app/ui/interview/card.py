"""The white card in the middle: the page of questions that is shown now."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QSize, QTimer, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from intake_app.domain.interview import AnswerState
from intake_app.domain.sharing import SharingTable
from intake_app.flows.interview_look import in_words
from intake_app.ui.interview.ahead import Ahead
from intake_app.ui.interview.block import QuestionBlock
from intake_app.ui.interview.bridge import InterviewBridge
from intake_app.ui.interview.painting import GroundArea
from intake_app.ui.interview.questions.base import Tools
from intake_app.ui.interview.questions.matrix import MatrixAnswer
from intake_app.ui.interview.questions.upload import FileAnswer
from intake_app.ui.interview.repeats import RepeatCards
from intake_app.ui.interview.sharing_line import SharingLine
from intake_app.ui.interview.sheet import PageSheet, foot_height
from intake_app.ui.interview.soon import Soon
from intake_app.ui.kit.surfaces import Card, Hairline
from intake_app.ui.renew import Held, held
from intake_app.xforms import NodeKey, Page, QuestionKind


class QuestionCard(Card):
    """Shows one page of questions and keeps it in step with the bridge.

    The pages that are likely to come next are built ahead, hidden, while nothing happens. One that
    no longer is what a fresh one would be is never shown.
    """

    shown = Signal()
    """Other questions are shown than before."""
    read_wanted = Signal(object)
    """Somebody wants to hear a question, or to hear it no longer."""
    answered = Signal(object)
    """The colleague's own answer to a question is on disk."""
    history_wanted = Signal(object)
    """Somebody wants to see what the answer to a question was before."""
    doubted = Signal(str)
    half_typed = Signal()
    """What is now said to be the matter with an answer that was just given."""

    def __init__(
        self,
        tools: Tools,
        bridge: InterviewBridge,
        table: SharingTable,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(tools.theme, padding=(0, 0), name="question-card", parent=parent)
        self._tools, self.bridge = tools, bridge
        theme = tools.theme
        self.body.setContentsMargins(1, theme.gap(12), 1, theme.gap(12))
        self.body.setSpacing(theme.gap(8))
        self._place = _Place()
        self.body.addWidget(self._place, 1)
        self._foot = QWidget()
        foot_column = self._foot_column = QVBoxLayout(self._foot)
        foot_column.setSpacing(0)
        lines = self._lines = QVBoxLayout()
        lines.setSpacing(theme.gap(8))
        self._states = _FootPlace(lines)
        foot_column.addWidget(self._states)
        foot_column.addLayout(lines)
        self.sharing = SharingLine(tools, table)
        self._line = Hairline(theme)
        lines.addWidget(self._line)
        lines.addWidget(self.sharing)
        self.body.addWidget(self._foot)
        self._stacked = False
        self._short = False
        self._sheet: PageSheet | None = None
        self._growing = False
        self.ahead = Ahead(bridge, self.sheet_of, self.drop, self._size_of, self)
        self._soon = Soon(self.refresh, self)
        self._answering: NodeKey | None = None
        self._answered_here: set[NodeKey] = set()
        self._place_foot()

    # ---- showing -------------------------------------------------------------------------------

    @property
    def area(self) -> GroundArea | None:
        """Return the area in which the page scrolls."""
        return self._sheet

    @property
    def blocks(self) -> dict[NodeKey, QuestionBlock]:
        """Return the blocks of the page that is shown, in order."""
        return {} if self._sheet is None else self._sheet.blocks

    @property
    def cards(self) -> RepeatCards | None:
        """Return the cards of the repeat that is shown, if one is."""
        return None if self._sheet is None else self._sheet.cards

    def show_page(self) -> None:
        """Show the page of the bridge: the one built ahead, or one built now."""
        self._soon.cancel()
        self._answered_here.clear()
        page, old = self.bridge.page, self._sheet
        sheet = None
        if page is not None:
            sheet = self.ahead.take(page)
            if sheet is None:
                sheet = self.sheet_of(page)
                sheet.finish()
            sheet.set_stacked(self._stacked)
        self._sheet = sheet
        if old is not None:
            self._take_away(old)
        if sheet is not None:
            self._place.expect(sheet)
            self._states.show_foot(sheet.foot)
        if self._short or old is None:
            self._place_foot()
        self.show_sharing()
        # from the inside out, and at once: Qt would paint the half of it before it looks further
        self._foot_column.activate()
        self.body.activate()
        if sheet is not None:
            # when its place is what it will be, or all in it would be laid out twice
            self._place.show_sheet(sheet)
            sheet.show_picture()
        self.shown.emit()
        self.ahead.start()

    def follow(self) -> None:
        """Show what the flow holds now; after an answer with nothing to say about it, soon.

        Whoever goes on in the same breath does not wait for what is not seen any more.
        """
        page, sheet = self.bridge.page, self._sheet
        block = None if self._answering is None else self.blocks.get(self._answering)
        same = sheet is not None and page is not None and page.keys == sheet.page.keys
        whole = block is not None and not block.problem_text() and not block.widget.entered
        if same and block is not None and whole:
            view, _ = self.bridge.views(block.key)
            if view.problem is None:
                self.ahead.stale()
                self._answered_here.add(block.key)
                self._soon.start()
                return
        self.refresh()

    def settle(self) -> None:
        """Show now what would be shown soon."""
        if self._soon.waits:
            self.refresh()

    def refresh(self) -> None:
        """Show what the flow holds now; builds anew when other questions belong to the page."""
        self._soon.cancel()
        page, sheet = self.bridge.page, self._sheet
        if sheet is None or page is None or page.keys != sheet.page.keys:
            if sheet is not None and page is not None and page.key == sheet.page.key:
                self._grow(sheet)
            elif page is not (None if sheet is None else sheet.page):
                self.show_page()
            return
        sheet.refresh(page, self._answered_here)
        self._answered_here.clear()
        self.ahead.stale()

    def _grow(self, sheet: PageSheet) -> None:
        """Build the page anew because it has other questions now; what is in hand stays there."""
        if self._growing:
            return
        self._growing = True
        try:
            for block in tuple(sheet.blocks.values()):
                block.note.flush()
                if isinstance(block.widget, FileAnswer):
                    # what is drawn or still being read cannot move to another widget
                    block.widget.flush()
        finally:
            self._growing = False
        page = self.bridge.page
        if page is None or page.key != sheet.page.key:
            self.show_page()
            return
        hands: list[tuple[QuestionBlock, Held]] = []
        for key, block in sheet.blocks.items():
            if key in page.keys:
                block.show_view(*self.bridge.views(key), self.bridge.flow.row(key))
                hands.append((block, held(block)))
        self.show_page()
        for before, hand in hands:
            after = self.blocks.get(before.key)
            if after is not None and after.go_on_from(before, hand):
                focus = QApplication.focusWidget()
                if focus is not None:
                    self._bring(focus)

    def show_sharing(self) -> None:
        """Show the sharing line of the question with the focus."""
        category = self._category(self.bridge.focus)
        self.sharing.set_category(category)
        if self._line.isHidden() == bool(category):
            self._line.setVisible(bool(category))

    def _category(self, key: NodeKey | None) -> str:
        """Return by which category an answer is shared, '' where nothing is asked."""
        question = None if key is None else self.bridge.flow.form.questions.get(key.path)
        asks = question is not None and question.kind is not QuestionKind.NOTE
        return question.attributes.get("sharing", "") if question and asks else ""

    def _size_of(self, sheet: PageSheet) -> QSize:
        """Return the size a sheet will have: what its foot and the lines under it leave."""
        size = self._place.size()
        if self._short:
            return size
        now = self._foot_room(self._states.height(), line=not self.sharing.isHidden())
        category = self._category(next(iter(sheet.page.keys), None))
        own = self._foot_room(foot_height(sheet.foot, self._states.width()), line=bool(category))
        return QSize(size.width(), size.height() + now - own)

    def _foot_room(self, foot: int, *, line: bool) -> int:
        """Return how much height a foot takes with its distance, and with the sharing line."""
        gap = self._lines.spacing()
        height = foot + (gap if foot else 0)
        if line:
            height += self._line.height() + gap + self.sharing.room_for(self._states.width())
        return height

    def set_stacked(self, stacked: bool) -> None:
        """Put the two languages below each other, or side by side."""
        self._stacked = stacked
        if self._sheet is not None:
            self._sheet.set_stacked(stacked)

    def set_short(self, short: bool) -> None:
        """Let the foot scroll with the question, where there is little height, or stand still."""
        if short != self._short:
            self._short = short
            self._place_foot()

    def _place_foot(self) -> None:
        if self._short and self._sheet is not None:
            self._foot_column.setContentsMargins(0, 0, 0, 0)
            self._sheet.column.addWidget(self._foot)
        else:
            side = self._tools.theme.gap(32)
            self._foot_column.setContentsMargins(side, 0, side, 0)
            self.body.addWidget(self._foot)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        super().showEvent(event)
        self.ahead.start()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        super().hideEvent(event)
        self.ahead.clear()

    # ---- asked by the page ---------------------------------------------------------------------

    def block(self) -> QuestionBlock | None:
        """Return the block of the question with the focus, as it stands now."""
        self.settle()
        focus = self.bridge.focus
        return None if focus is None else self.blocks.get(focus)

    def focus_question(self) -> bool:
        """Put the keyboard where the answer begins; False when nothing on the page takes one.

        The cards of a repeat do not: Enter there goes on, and never adds one by accident.
        """
        block = self.block()
        order = [block] if block is not None else []
        order += [other for other in self.blocks.values() if other is not block]
        for candidate in order:
            view, _ = self.bridge.views(candidate.key)
            if view.definition.kind.askable and not view.readonly:
                candidate.widget.focus_first()
                self._scroll_to(candidate)
                return True
        return False

    def spoken(self) -> str:
        """Return what a screen reader says when the page opens: the questions, help and marks.

        Of a question that can only be read the answer too.
        """
        words: list[str] = []
        for key in self.blocks:
            view, _ = self.bridge.views(key)
            words.append(view.label.text)
            words += [view.hint.text] if view.hint is not None else []
            if view.readonly and view.definition.kind.askable:
                # no field takes the focus there, so nothing else would say the answer
                said = in_words(self.bridge.flow.session, key, view.value, view.label.language)
                words += [text.text for text in said]
        return " ".join(words)

    def flush(self) -> QuestionBlock | None:
        """Store whatever is entered; return the first block whose answer could not be stored."""
        for block in tuple(self.blocks.values()):
            block.widget.flush()
            block.note.flush()
        if self.cards is not None:
            self.cards.flush()
        return next((block for block in self.blocks.values() if block.refused), None)

    def unsaved(self) -> tuple[tuple[NodeKey, str], ...]:
        """Return which questions hold something that could not be stored, and why not."""
        own = [(key, block.refusal) for key, block in self.blocks.items() if block.refused]
        return (*own, *(() if self.cards is None else self.cards.unsaved()))

    def discard_refused(self) -> bool:
        """Forget what was entered and did not fit its question; True where something did not."""
        refused = [block for block in self.blocks.values() if block.refused]
        for block in refused:
            block.discard()
        return bool(refused)

    def first_missing(self) -> QuestionBlock | None:
        """Return the first block with something to say about its answer that was not yet said.

        All of them say it, so that whoever goes on is asked once.
        """
        asking = [
            block
            for block in self.blocks.values()
            if block.ask_once(self.bridge.views(block.key)[0])
        ]
        return next(iter(asking), None)

    # ---- a sheet -------------------------------------------------------------------------------

    def hear_block(self, block: QuestionBlock) -> None:
        """Listen to a new block."""
        block.answered.connect(self._answered)
        block.typing.connect(self._typing)
        block.half_typed.connect(self.half_typed)
        block.state_chosen.connect(self._state_chosen)
        block.note_changed.connect(self._note_changed)
        block.touched.connect(self._touched)
        block.doubted.connect(self.doubted)
        block.doubted.connect(lambda _words, b=block: self.bring_problem(b))
        block.set_closed(closed=not self.bridge.flow.is_open)
        block.later_chosen.connect(lambda key, on: self.bridge.later(key, flag=on))
        block.source_chosen.connect(self.bridge.source)
        block.history_wanted.connect(self.history_wanted)
        block.read_wanted.connect(self.read_wanted)
        block.allow_reading(on=not self.bridge.flow.staff_only(block.key))
        # its field gets its place in the next turn
        block.note.opened.connect(
            lambda b=block: QTimer.singleShot(0, b.note, lambda: self._bring(b.note.field))
        )
        if block.hint is not None:
            block.hint.changed.connect(lambda text, b=block: self._bring_hint(b, text))

    def hear_cards(self, cards: RepeatCards, page: Page) -> None:
        """Listen to the cards of a repeat."""
        path, parent = page.key.path, page.key.repeat
        cards.add_wanted.connect(lambda: self.bridge.add_repeat(path, parent))
        cards.remove_wanted.connect(lambda i: self.bridge.remove_repeat(path, i))
        cards.open_wanted.connect(self.bridge.go_to)
        cards.move_wanted.connect(lambda i, to: self.bridge.move_repeat(path, i, to))
        cards.answered.connect(self.bridge.answer)
        cards.typing.connect(self.bridge.typing)
        cards.half_typed.connect(self.half_typed)
        cards.state_chosen.connect(self.bridge.set_state)
        cards.history_wanted.connect(self.history_wanted)
        cards.table_wanted.connect(self.bridge.show_tables)

    def sheet_of(self, page: Page) -> PageSheet:
        """Begin the sheet of a page; nothing of it shows."""
        sheet = PageSheet(
            self._tools, self.bridge, page, self, foot=self._states, parent=self._place
        )
        sheet.set_stacked(self._stacked)
        return sheet

    def _take_away(self, sheet: PageSheet) -> None:
        focus = QApplication.focusWidget()
        if focus is not None and (sheet.isAncestorOf(focus) or sheet.foot.isAncestorOf(focus)):
            # or it would wander to whatever comes next
            focus.clearFocus()
        if self._short:
            self.body.addWidget(self._foot)  # out of the sheet that is deleted now
        self.drop(sheet)

    def drop(self, sheet: PageSheet) -> None:
        """Delete a sheet."""
        for widget in (sheet.foot, sheet):
            widget.hide()
            widget.deleteLater()

    # ---- inside --------------------------------------------------------------------------------

    def _scroll_to(self, block: QuestionBlock) -> None:
        """Put the question itself in view: from its top, however long its answers are."""
        sheet = self._sheet
        content = None if sheet is None else sheet.widget()
        if sheet is None or content is None:
            return
        sheet.column.activate()
        first = next(iter(self.blocks.values()), None)
        # the row of a table lies in the table; with the first comes the head
        table = block.parentWidget()
        begins = isinstance(table, MatrixAnswer) and table.begins_with(block)
        shown: QWidget = table if begins and table is not None else block
        place = shown.mapTo(content, QPoint(0, 0)).y()
        end = block.mapTo(content, QPoint(0, block.height())).y()
        # the title of the page and what stands above stay, where the question fits under them
        whole = block is first or end <= sheet.viewport().height()
        sheet.verticalScrollBar().setValue(0 if whole else place - self._tools.theme.gap(24))
        focus = QApplication.focusWidget()
        if focus is not None and block.isAncestorOf(focus):
            least = focus.mapTo(content, QPoint(0, min(focus.height(), self._tools.theme.px(24))))
            if least.y() > sheet.verticalScrollBar().value() + sheet.viewport().height():
                # never on what cannot be seen at all
                sheet.ensureWidgetVisible(focus, 0, self._tools.theme.gap(12))

    def bring_problem(self, block: QuestionBlock) -> None:
        """Let what is said about an answer be seen by who is at that question."""
        focus = QApplication.focusWidget()
        if focus is not None and block.isAncestorOf(focus):
            # it gets its place in the next turn
            QTimer.singleShot(0, block.problem, lambda: self._bring(block.problem))

    def _bring(self, widget: QWidget) -> None:
        """Scroll to a widget once it has its place."""
        sheet = self._sheet
        if sheet is not None and sheet.isAncestorOf(widget):
            sheet.column.activate()
            sheet.ensureWidgetVisible(widget, 0, self._tools.theme.gap(24))

    def _bring_hint(self, block: QuestionBlock, text: str) -> None:
        """Let what is said about a text be seen by who is writing it."""
        focus, hint = QApplication.focusWidget(), block.hint
        if text and hint is not None and focus is not None and block.isAncestorOf(focus):
            # its parts get their places in the next turn
            QTimer.singleShot(0, hint, lambda: self._bring(hint))

    def _touched(self, key: NodeKey) -> None:
        self.bridge.touch(key)
        focus, sheet = QApplication.focusWidget(), self._sheet
        if focus is not None and sheet is not None and sheet.isAncestorOf(focus):
            sheet.ensureWidgetVisible(focus, 0, self._tools.theme.gap(12))

    def _typing(self, key: NodeKey, text: str) -> None:
        self.ahead.start()
        self.bridge.typing(key, text)

    def _answered(self, key: NodeKey, value: str) -> None:
        self.bridge.touch(key)
        self._answering = key
        try:
            stored = self.bridge.answer(key, value)
        finally:
            self._answering = None
        if stored:
            self.answered.emit(key)

    def _state_chosen(self, key: NodeKey, state: AnswerState) -> None:
        self.bridge.touch(key)
        self.blocks[key].discard()
        self.bridge.set_state(key, state)
        self.refresh()

    def _note_changed(self, key: NodeKey, text: str, on: bool) -> None:
        self.bridge.note(key, text, in_handover=on)


class _Place(QWidget):
    """Where the sheets lie: one is shown and fills it, the others wait."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: QWidget | None = None

    def expect(self, sheet: PageSheet) -> None:
        """Give this sheet the place from now on."""
        self._shown = sheet

    def show_sheet(self, sheet: PageSheet) -> None:
        """Show this sheet."""
        self._shown = sheet
        sheet.setGeometry(self.rect())
        # the one that is shown comes first for the keyboard and for whoever looks for a widget
        sheet.lower()
        sheet.show()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        if self._shown is not None and isValid(self._shown):
            self._shown.setGeometry(self.rect())

    def sizeHint(self) -> QSize:  # noqa: N802
        return super().sizeHint() if self._shown is None else self._shown.sizeHint()

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(0, 0) if self._shown is None else self._shown.minimumSizeHint()


class _FootPlace(QWidget):
    """Where the feet of the sheets lie; as high as the one that is shown needs.

    The next page mostly needs the same height. Without a layout of its own nothing round it is
    worked out anew then. It is never hidden: whatever is painted ahead in it would count as shown
    for a moment, and the card round it would be laid out for that, again and again.
    """

    def __init__(self, below: QLayout) -> None:
        """What is `below` keeps its distance while there is a foot."""
        super().__init__()
        self._shown: QWidget | None = None
        self._below = below
        below.setContentsMargins(0, 0, 0, 0)
        self.setFixedHeight(0)

    def show_foot(self, foot: QWidget) -> None:
        """Show this foot."""
        self._shown = foot
        foot.lower()
        foot.show()
        self._fit()

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:
            self._fit()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        shown = self._foot()
        return QSize(0, 0) if shown is None else shown.minimumSizeHint()

    def _foot(self) -> QWidget | None:
        return self._shown if self._shown is not None and isValid(self._shown) else None

    def _fit(self) -> None:
        shown = self._foot()
        if shown is None:
            return
        width = self.width()
        height = foot_height(shown, width)
        if height != self.height():
            self.setFixedHeight(height)
            self._below.setContentsMargins(0, self._below.spacing() if height else 0, 0, 0)
        shown.setGeometry(0, 0, width, height)
