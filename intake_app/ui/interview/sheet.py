"""One page of questions as widgets: built in small steps, kept hidden until it is shown."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from intake_app.domain.interview import Answer
from intake_app.ui.interview.block import (
    ANSWER_SHARE,
    WORDS_SHARE,
    QuestionBlock,
    mark_text,
    translation_mark,
)
from intake_app.ui.interview.bridge import InterviewBridge
from intake_app.ui.interview.painting import Ground, GroundArea, made_ready, settle
from intake_app.ui.interview.questions.base import AnswerWidget, Tools
from intake_app.ui.interview.questions.matrix import MatrixAnswer, rows_under
from intake_app.ui.interview.repeat_content import content_of
from intake_app.ui.interview.repeats import RepeatCards
from intake_app.ui.interview.still import Picture, Still, picture_of
from intake_app.ui.interview.two_languages import TwoLanguages
from intake_app.ui.kit.surfaces import Hairline
from intake_app.ui.kit.text import Caption
from intake_app.ui.theme import QUESTION, SEMIBOLD, layout_direction
from intake_app.xforms import NodeKey, Page, QuestionKind, QuestionView, ShownText

Views = tuple[QuestionView, QuestionView | None, Answer | None]
"""A question as it stands in Dutch and in the other language, and its row in the vault."""


class Listener(Protocol):
    """Who hears what is done on a sheet."""

    def hear_block(self, block: QuestionBlock) -> None: ...
    def hear_cards(self, cards: RepeatCards, page: Page) -> None: ...


@dataclass(frozen=True, slots=True)
class Outline:
    """What a sheet is built from and `refresh` does not bring up to date.

    A sheet whose outline is another one by now would be stale: it is never shown.
    """

    key: NodeKey
    kind: str
    keys: tuple[NodeKey, ...]
    readonly: tuple[bool, ...]
    where: str
    title: ShownText | None
    other_title: ShownText | None
    unchecked: tuple[bool, bool]
    """Nobody has checked a translation: at the colleague's side, at the client's."""
    languages: tuple[str, str]
    as_table: bool


def foot_height(foot: QWidget, width: int) -> int:
    """Return how high the foot of a sheet is at a width in pixels; 0 where it holds nothing."""
    layout = foot.layout()
    if layout is None or layout.isEmpty():
        return 0
    hint = layout.heightForWidth(width) if layout.hasHeightForWidth() else -1
    return max(hint, layout.minimumSize().height())


def _asked(view: QuestionView) -> QuestionView:
    return view if view.relevant else replace(view, relevant=True)


class PageSheet(GroundArea):
    """Builds one page; `refresh` keeps it in step with the bridge.

    `work` carries out the next small step and says whether there is more; a sheet that was not
    laid out while it was hidden is laid out when it is shown.
    """

    def __init__(
        self,
        tools: Tools,
        bridge: InterviewBridge,
        page: Page,
        listener: Listener,
        *,
        foot: QWidget,
        parent: QWidget,
    ) -> None:
        """Build nothing yet; `foot` is where the state bar of a single question will stand."""
        super().__init__(tools.theme.color("surface"), "question-scroll")
        self.hide()
        self.setParent(parent)
        self.setAccessibleName(tools.tr.gettext("Vraag"))
        self._tools, self._bridge, self._listener = tools, bridge, listener
        self.page = page
        self.blocks: dict[NodeKey, QuestionBlock] = {}
        self._tables: dict[NodeKey, MatrixAnswer] = {}
        self.cards: RepeatCards | None = None
        self.foot = QWidget(foot)
        self.foot.hide()
        self._foot_column = QVBoxLayout(self.foot)
        self._foot_column.setContentsMargins(0, 0, 0, 0)
        self._title: TwoLanguages | None = None
        self._stacked = False
        self._instances: object = None
        self.settled = False
        """True once everything has its place; for whoever lays it out ahead."""
        self._pictures: dict[QWidget, Picture] = {}
        self._views = {key: self._view(key) for key in page.keys}
        self._outline = self._outline_of(page, self._views)
        content = self._content = Ground(tools.theme.color("surface"), "question-page")
        # from the beginning in its place: a widget that moves has its style looked up anew
        content.setParent(self.viewport())
        content.resize(self.viewport().size())
        column = self._column = QVBoxLayout(content)
        side, top = tools.theme.gap(32), tools.theme.gap(16)
        column.setContentsMargins(side, top, side, top)
        column.setSpacing(tools.theme.gap(20))
        self._parts = self._build()

    # ---- building ------------------------------------------------------------------------------

    def work(self) -> bool:
        """Build a little; False when all that belongs to the page is there."""
        return next(self._parts, self) is None

    def finish(self) -> None:
        """Build what is left."""
        while self.work():
            pass

    def lay_out(self, size: QSize) -> Iterator[None]:
        """Give everything its place and style for `size`, a little at a time, while hidden."""
        self.settled = True
        self._pictures.clear()
        if size != self.size():
            self.resize(size)
        self.ensurePolished()
        yield
        width = size.width() - self._column.contentsMargins().left() * 2
        for block in self.blocks.values():
            # what this works out is kept by the layouts, text by text
            block.heightForWidth(width)
            yield
        settle(self)
        self.resizeEvent(QResizeEvent(self.size(), QSize()))
        around = self.foot.parentWidget()
        if around is not None:
            self.foot.resize(around.width(), foot_height(self.foot, around.width()))
        for part in (self._content, self.foot):
            yield from made_ready(part)

    @property
    def pictured(self) -> bool:
        """Return whether there is a picture to show it by."""
        return bool(self._pictures)

    def forget_picture(self) -> None:
        """Do without a picture."""
        self._pictures.clear()

    def take_picture(self, height: int) -> Iterator[None]:
        """Paint what is laid out, hidden and a little at a time, for the first time it is seen.

        At most `height` pixels of it can be seen then.
        """
        ground = self._tools.theme.color("surface")
        for part in (self._content, self.foot):
            for picture in picture_of(part, ground, height):
                if picture is not None:
                    self._pictures[part] = picture
                yield

    def show_picture(self) -> None:
        """Have the picture painted this once, where it is still of what is here."""
        ground = self._tools.theme.color("surface")
        for part, picture in self._pictures.items():
            same = picture.size.width() == part.width() and picture.size.height() <= part.height()
            if self.settled and same and not part.isHidden():
                Still(picture, ground, part)
        self._pictures.clear()

    def _build(self) -> Iterator[None]:
        column, page, outline = self._column, self.page, self._outline
        if outline.where:
            column.addWidget(Caption(self._tools.theme, outline.where))
        if page.kind == "repeat":
            cards = RepeatCards(
                self._tools,
                outline.title or ShownText("", "nl"),
                outline.other_title,
                as_table=self._bridge.as_table,
            )
            self._listener.hear_cards(cards, page)
            self.cards = cards
            column.addWidget(cards)
            cards.set_stacked(self._stacked)
            yield
            self._show_instances()
        elif outline.title is not None and outline.title.text:
            column.addWidget(self._group_title(outline.title))
        yield
        questions = [self._views[key][0] for key in page.keys]
        at = 0
        while at < len(page.keys):
            if at:
                column.addWidget(Hairline(self._tools.theme))
            rows = rows_under(questions, at)
            if rows:
                yield from self._table(page.keys[at : at + rows + 1])
            else:
                yield from self._question(page.keys[at], large=len(page.keys) == 1)
            at += rows + 1
        column.addStretch(1)
        self.setWidget(self._content)
        yield

    def _question(self, key: NodeKey, *, large: bool) -> Iterator[None]:
        dutch, other, row = self._views[key]
        # each in its place at once: a part without a parent would outlive a sheet that is dropped
        block = QuestionBlock(self._tools, dutch, large=large, parent=self._content)
        if large:
            block.state_bar.setParent(self.foot)
        self._listener.hear_block(block)
        self.blocks[key] = block
        yield
        block.set_stacked(self._stacked)
        block.show_view(dutch, other, row)
        yield
        self._column.addWidget(block)
        note = dutch.definition.kind is QuestionKind.NOTE
        if large and note and block.read_button.isHidden():
            block.state_bar.hide()
        elif large:
            self._foot_column.addWidget(block.state_bar)
        yield

    def _table(self, keys: tuple[NodeKey, ...]) -> Iterator[None]:
        """Build questions with the same choices as one table; the first is its head."""
        head, head_other, _ = self._views[keys[0]]
        if head.label.text.strip():
            yield from self._question(keys[0], large=False)
        matrix = MatrixAnswer(self._tools, (WORDS_SHARE, ANSWER_SHARE))
        matrix.setParent(self._content)
        matrix.show_head(head, head_other)
        matrix.set_stacked(self._stacked)
        self._tables[keys[0]] = matrix
        for key in keys[1:]:
            dutch, other, row = self._views[key]
            block = matrix.add_row(partial(self._row_of_table, dutch))
            self._listener.hear_block(block)
            self.blocks[key] = block
            yield
            block.show_view(dutch, other, row)
            yield
        self._column.addWidget(matrix)
        yield

    def _row_of_table(self, view: QuestionView, answer: AnswerWidget) -> QuestionBlock:
        return QuestionBlock(self._tools, view, large=False, beside=answer)

    def _show_tables(self) -> None:
        for key, matrix in self._tables.items():
            head, other, _ = self._view(key)
            matrix.show_head(head, other)

    def _group_title(self, dutch: ShownText) -> TwoLanguages:
        title = self._title = TwoLanguages(self._tools)
        title.add(
            dutch,
            self._outline.other_title,
            factor=QUESTION,
            weight=SEMIBOLD,
            name="group-title",
        )
        title.set_stacked(self._stacked)
        for own, unchecked, language in zip(
            (True, False),
            self._outline.unchecked,
            (self._bridge.own_language, self._bridge.language),
            strict=True,
        ):
            if unchecked:
                title.add_mark(
                    mark_text(self._tools, "unreviewed", language),
                    icon="info",
                    color="warn",
                    direction=layout_direction(language),
                    own=own,
                )
        return title

    # ---- in step -------------------------------------------------------------------------------

    def catch_up(self, page: Page) -> bool:
        """Bring a sheet that nobody has touched up to date; False when it must be built anew.

        `settled` is False afterwards when something had to be shown that was not.
        """
        views = {key: self._view(key) for key in page.keys}
        if self._outline_of(page, views) != self._outline:
            return False
        for key, block in self.blocks.items():
            if views[key] != self._views[key]:
                block.show_view(*views[key])
                self.settled = False
        self._views = views
        self.page = page
        self._show_tables()
        self._show_instances()
        return True

    def refresh(self, page: Page, answered: Collection[NodeKey] = ()) -> None:
        """Show what the flow holds now; the questions of `page` are those of this sheet.

        The question somebody is at is always shown anew: what was done there may not be stored. So
        are those just `answered`: what was typed may be another way to write what was there.
        """
        self.page = page
        for key, block in self.blocks.items():
            views = self._view(key)
            at_hand = key == self._bridge.focus or key in answered
            if at_hand or views != self._views.get(key):
                self._views[key] = views
                block.show_view(*views)
        self._show_tables()
        self._show_instances()

    def _show_instances(self) -> None:
        if self.cards is None:
            return
        instances = content_of(self._bridge, self.page)
        if instances != self._instances:
            self._instances = instances
            self.settled = False
            self.cards.show_instances(instances)

    def set_stacked(self, stacked: bool) -> None:
        """Put the two languages below each other, or side by side."""
        if stacked == self._stacked:
            return
        self._stacked = stacked
        for block in self.blocks.values():
            block.set_stacked(stacked)
        for matrix in self._tables.values():
            matrix.set_stacked(stacked)
        if self._title is not None:
            self._title.set_stacked(stacked)
        if self.cards is not None:
            self.cards.set_stacked(stacked)

    @property
    def column(self) -> QVBoxLayout:
        """Return the layout of what scrolls."""
        return self._column

    # ---- inside --------------------------------------------------------------------------------

    def _view(self, key: NodeKey) -> Views:
        dutch, other = self._bridge.views(key)
        # what is made ahead is not asked yet; when it is shown it is
        return _asked(dutch), other and _asked(other), self._bridge.flow.row(key)

    def _outline_of(self, page: Page, views: dict[NodeKey, Views]) -> Outline:
        bridge = self._bridge
        title = other_title = None
        unchecked = (False, False)
        if page.kind == "repeat" or (page.kind == "group" and len(page.keys) > 1):
            title = bridge.flow.session.title(page.key.path, bridge.own_language, page.key.repeat)
            staff = bool(page.keys) and all(bridge.flow.staff_only(key) for key in page.keys)
            if bridge.bilingual and not staff:
                other_title = bridge.flow.session.title(
                    page.key.path, bridge.language, page.key.repeat
                )
            unchecked = (
                any(translation_mark(own) == "unreviewed" for own, _, _ in views.values()),
                any(translation_mark(other) == "unreviewed" for _, other, _ in views.values()),
            )
        return Outline(
            key=page.key,
            kind=page.kind,
            keys=page.keys,
            readonly=tuple(view.readonly for view, _, _ in views.values()),
            where=self._where(page),
            title=title,
            other_title=other_title,
            unchecked=unchecked,
            languages=(bridge.own_language, bridge.language if bridge.bilingual else ""),
            as_table=bridge.as_table,
        )

    def _where(self, page: Page) -> str:
        """Return which instance of a repeat the page is about: 'Baan of werk 2'."""
        key = page.keys[0] if page.keys else page.key
        place = None if key.repeat is None else self._bridge.flow.place_of(key.repeat)
        if place is None or page.kind == "repeat":
            return ""
        path, number = place
        language = self._bridge.own_language
        return f"{self._bridge.flow.session.title(path, language, key.repeat).text} {number}"
