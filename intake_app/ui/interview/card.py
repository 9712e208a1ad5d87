"""The white card in the middle: the page of questions that is shown now."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from intake_app.domain.interview import AnswerState
from intake_app.domain.sharing import SharingTable
from intake_app.ui.interview.block import QuestionBlock, mark_text, translation_mark
from intake_app.ui.interview.bridge import InterviewBridge
from intake_app.ui.interview.painting import Ground, GroundArea
from intake_app.ui.interview.questions.base import Tools
from intake_app.ui.interview.repeats import RepeatCards, instances_of
from intake_app.ui.interview.sharing_line import SharingLine
from intake_app.ui.interview.two_languages import TwoLanguages
from intake_app.ui.kit.surfaces import Card, Hairline, clear_layout
from intake_app.ui.kit.text import Caption
from intake_app.ui.theme import QUESTION, SEMIBOLD, layout_direction
from intake_app.xforms import NodeKey, Page, QuestionKind, ShownText


class QuestionCard(Card):
    """Builds the widgets of one page and keeps them in step with the bridge."""

    shown = Signal()
    """Other questions are shown than before."""

    def __init__(
        self,
        tools: Tools,
        bridge: InterviewBridge,
        table: SharingTable,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(tools.theme, padding=(0, 0), name="question-card", parent=parent)
        self._tools, self._bridge = tools, bridge
        theme = tools.theme
        self.area = GroundArea(theme.color("surface"), "question-scroll")
        self.area.setAccessibleName(tools.tr.gettext("Vraag"))
        self.body.setContentsMargins(1, theme.gap(12), 1, theme.gap(12))
        self.body.setSpacing(theme.gap(8))
        self.body.addWidget(self.area, 1)
        self._foot = QWidget()
        foot_column = self._foot_column = QVBoxLayout(self._foot)
        foot_column.setSpacing(theme.gap(8))
        self._state_place = QVBoxLayout()
        foot_column.addLayout(self._state_place)
        self.sharing = SharingLine(tools, table)
        self._line = Hairline(theme)
        foot_column.addWidget(self._line)
        foot_column.addWidget(self.sharing)
        self.body.addWidget(self._foot)
        self.blocks: dict[NodeKey, QuestionBlock] = {}
        self.cards: RepeatCards | None = None
        self._title: TwoLanguages | None = None
        self._page: Page | None = None
        self._stacked = False
        self._short = False

    # ---- showing -------------------------------------------------------------------------------

    def show_page(self) -> None:
        """Show the page of the bridge, built anew."""
        page = self._bridge.page
        self._page = page
        self.blocks, self.cards, self._title = {}, None, None
        clear_layout(self._state_place)
        content = Ground(self._tools.theme.color("surface"), "question-page")
        column = QVBoxLayout(content)
        side, top = self._tools.theme.gap(32), self._tools.theme.gap(16)
        column.setContentsMargins(side, top, side, top)
        column.setSpacing(self._tools.theme.gap(20))
        if page is not None:
            self._fill(column, page)
        column.addStretch(1)
        self.set_stacked(self._stacked)
        self.refresh()
        self.body.addWidget(self._foot)  # out of the page that is deleted now
        # filled before it is shown, so that what is in it can take the focus at once
        self.area.setWidget(content)
        self._place_foot()
        self.show_sharing()
        self.shown.emit()

    def refresh(self) -> None:
        """Show what the flow holds now; builds anew when other questions belong to the page."""
        page = self._bridge.page
        if self._page is None or page is None or page.keys != self._page.keys:
            if page is not self._page:
                self.show_page()
            return
        self._page = page
        for key, block in self.blocks.items():
            dutch, other = self._bridge.views(key)
            block.show_view(dutch, other, self._bridge.flow.row(key))
        if self.cards is not None:
            self.cards.show_instances(instances_of(self._bridge.flow, page))

    def show_sharing(self) -> None:
        """Show the sharing line of the question with the focus."""
        focus = self._bridge.focus
        question = None if focus is None else self._bridge.flow.form.questions.get(focus.path)
        asks = question is not None and question.kind is not QuestionKind.NOTE
        category = question.attributes.get("sharing", "") if question and asks else ""
        self.sharing.set_category(category)
        self._line.setVisible(bool(category))

    def set_stacked(self, stacked: bool) -> None:
        """Put the two languages below each other, or side by side."""
        self._stacked = stacked
        for block in self.blocks.values():
            block.set_stacked(stacked)
        if self._title is not None:
            self._title.set_stacked(stacked)
        if self.cards is not None:
            self.cards.words.set_stacked(stacked)

    def set_short(self, short: bool) -> None:
        """Let the foot scroll with the question, where there is little height, or stand still."""
        if short != self._short:
            self._short = short
            self._place_foot()

    def _place_foot(self) -> None:
        content = self.area.widget()
        column = content.layout() if content is not None else None
        if self._short and isinstance(column, QVBoxLayout):
            self._foot_column.setContentsMargins(0, 0, 0, 0)
            column.addWidget(self._foot)
        else:
            side = self._tools.theme.gap(32)
            self._foot_column.setContentsMargins(side, 0, side, 0)
            self.body.addWidget(self._foot)

    # ---- asked by the page ---------------------------------------------------------------------

    def block(self) -> QuestionBlock | None:
        """Return the block of the question with the focus."""
        focus = self._bridge.focus
        return None if focus is None else self.blocks.get(focus)

    def focus_question(self) -> bool:
        """Put the keyboard where the answer begins; False when nothing on the page takes one.

        The cards of a repeat do not: Enter there goes on, and never adds one by accident.
        """
        block = self.block()
        order = [block] if block is not None else []
        order += [other for other in self.blocks.values() if other is not block]
        for candidate in order:
            view, _ = self._bridge.views(candidate.key)
            if view.definition.kind.askable and not view.readonly:
                candidate.widget.focus_first()
                self._scroll_to(candidate)
                return True
        return False

    def spoken(self) -> str:
        """Return what a screen reader says when the page opens: the questions, help and marks."""
        words: list[str] = []
        for key in self.blocks:
            view, _ = self._bridge.views(key)
            words.append(view.label.text)
            words += [view.hint.text] if view.hint is not None else []
        return " ".join(words)

    def flush(self) -> QuestionBlock | None:
        """Store whatever is entered; return the first block whose answer could not be stored."""
        for block in tuple(self.blocks.values()):
            block.widget.flush()
            block.note.flush()
        return next((block for block in self.blocks.values() if block.refused), None)

    def first_missing(self) -> QuestionBlock | None:
        """Return the first block where an answer is expected and this was not yet said."""
        for block in self.blocks.values():
            view, _ = self._bridge.views(block.key)
            if block.show_required(view):
                return block
        return None

    # ---- inside --------------------------------------------------------------------------------

    def _fill(self, column: QVBoxLayout, page: Page) -> None:
        where = self._where(page)
        if where:
            column.addWidget(Caption(self._tools.theme, where))
        if page.kind == "repeat":
            self._fill_repeat(column, page)
            return
        large = len(page.keys) == 1
        if page.kind == "group" and not large:
            dutch = self._bridge.flow.session.title(page.key.path, "nl", page.key.repeat)
            if dutch.text:
                self._title = TwoLanguages(self._tools)
                self._title.add(
                    dutch,
                    self._other_title(page),
                    factor=QUESTION,
                    weight=SEMIBOLD,
                    name="group-title",
                )
                column.addWidget(self._title)
                others = [self._bridge.views(key)[1] for key in page.keys]
                if any(translation_mark(other) == "unreviewed" for other in others):
                    language = self._bridge.language
                    self._title.add_mark(
                        mark_text(self._tools, "unreviewed", language),
                        icon="info",
                        color="warn",
                        direction=layout_direction(language),
                    )
        for number, key in enumerate(page.keys):
            if number:
                column.addWidget(Hairline(self._tools.theme))
            dutch_view, _ = self._bridge.views(key)
            block = QuestionBlock(self._tools, dutch_view, large=large)
            block.answered.connect(self._answered)
            block.typing.connect(self._bridge.typing)
            block.state_chosen.connect(self._state_chosen)
            block.note_changed.connect(self._note_changed)
            block.touched.connect(self._touched)
            block.note.opened.connect(lambda b=block: self._bring(b.note))
            if block.hint is not None:
                block.hint.changed.connect(lambda text, b=block: self._bring_hint(b, text))
            self.blocks[key] = block
            column.addWidget(block)
            if large and dutch_view.definition.kind is not QuestionKind.NOTE:
                self._state_place.addWidget(block.state_bar)

    def _fill_repeat(self, column: QVBoxLayout, page: Page) -> None:
        title = self._bridge.flow.session.title(page.key.path, "nl", page.key.repeat)
        cards = RepeatCards(self._tools, title, self._other_title(page))
        path, parent = page.key.path, page.key.repeat
        cards.add_wanted.connect(lambda: self._bridge.add_repeat(path, parent))
        cards.remove_wanted.connect(lambda i: self._bridge.remove_repeat(path, i))
        cards.open_wanted.connect(self._bridge.go_to)
        self.cards = cards
        column.addWidget(cards)

    def _other_title(self, page: Page) -> ShownText | None:
        bridge = self._bridge
        staff = bool(page.keys) and all(bridge.flow.staff_only(key) for key in page.keys)
        if not bridge.bilingual or staff:
            return None
        return bridge.flow.session.title(page.key.path, bridge.language, page.key.repeat)

    def _where(self, page: Page) -> str:
        """Return which instance of a repeat the page is about: 'Baan of werk 2'."""
        key = page.keys[0] if page.keys else page.key
        place = None if key.repeat is None else self._bridge.flow.place_of(key.repeat)
        if place is None or page.kind == "repeat":
            return ""
        path, number = place
        return f"{self._bridge.flow.session.title(path, 'nl', key.repeat).text} {number}"

    def _scroll_to(self, block: QuestionBlock) -> None:
        """Put the question itself in view: from its top, however long its answers are."""
        content = self.area.widget()
        layout = None if content is None else content.layout()
        if layout is not None:
            layout.activate()
        first = next(iter(self.blocks.values()), None)
        top = 0 if block is first else block.y() - self._tools.theme.gap(24)
        self.area.verticalScrollBar().setValue(top)

    def _bring(self, widget: QWidget) -> None:
        """Scroll to a widget once it has its place."""
        content = self.area.widget()
        layout = None if content is None else content.layout()
        if layout is not None:
            layout.activate()
        self.area.ensureWidgetVisible(widget, 0, self._tools.theme.gap(24))

    def _bring_hint(self, block: QuestionBlock, text: str) -> None:
        """Let what is said about a text be seen by who is writing it."""
        focus, hint = self.area.focusWidget(), block.hint
        if text and hint is not None and focus is not None and block.isAncestorOf(focus):
            # its parts get their places in the next turn
            QTimer.singleShot(0, hint, lambda: self._bring(hint))

    def _touched(self, key: NodeKey) -> None:
        self._bridge.touch(key)
        focus = self.area.focusWidget()
        if focus is not None and self.area.isAncestorOf(focus):
            self.area.ensureWidgetVisible(focus, 0, self._tools.theme.gap(12))

    def _answered(self, key: NodeKey, value: str) -> None:
        self._bridge.touch(key)
        self._bridge.answer(key, value)

    def _state_chosen(self, key: NodeKey, state: AnswerState) -> None:
        self._bridge.touch(key)
        self.blocks[key].widget.discard()
        self._bridge.set_state(key, state)
        self.refresh()

    def _note_changed(self, key: NodeKey, text: str, on: bool) -> None:
        self._bridge.note(key, text, in_handover=on)
