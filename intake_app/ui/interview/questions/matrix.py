"""Several questions with the same choices as one table; below each other where it is narrow.

In ODK this is a page (a group with the appearance `field-list`) on which a select with the
appearance `label` is followed by selects with `list-nolabel`, or a group with `table-list`, which
is compiled to the same. The head shows the words of the choices once, in both languages; every row
is a question of its own, with its reasons for no answer, its note and its problem.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from intake_app.ui.interview.painting import Laid
from intake_app.ui.interview.questions.base import Tools
from intake_app.ui.interview.questions.choice_button import ChoiceButton, both, draw_key
from intake_app.ui.interview.questions.choices import ChoiceAnswer, Pair
from intake_app.ui.interview.questions.likert import LEAST
from intake_app.ui.kit.surfaces import Hairline
from intake_app.ui.theme import Theme
from intake_app.xforms import ChoiceView, QuestionKind, QuestionView

if TYPE_CHECKING:
    from intake_app.ui.interview.block import QuestionBlock

HEAD, ROWS = "label", frozenset({"list-nolabel"})
MOST_COLUMNS = 10

HIGHEST_HEAD = 160
"""Units of height: a higher head pushes the rows it stands above out of sight."""


def is_head(view: QuestionView) -> bool:
    """Return whether a question only shows the words of the choices under it."""
    return HEAD in view.definition.appearance and bool(view.choices)


def is_row(view: QuestionView, head: QuestionView) -> bool:
    """Return whether a question is a row under this head: the same choices, without words."""
    selects = view.definition.kind in {QuestionKind.SELECT_ONE, QuestionKind.SELECT_MULTIPLE}
    return (
        selects
        and not ROWS.isdisjoint(view.definition.appearance)
        and view.definition.group == head.definition.group
        and [c.value for c in view.choices] == [c.value for c in head.choices]
    )


def rows_under(views: Sequence[QuestionView], at: int) -> int:
    """Return how many of the questions after the head at `at` are rows of its table; 0 for none."""
    head = views[at]
    count = 0
    if is_head(head) and len(head.choices) <= MOST_COLUMNS:
        while at + count + 1 < len(views) and is_row(views[at + count + 1], head):
            count += 1
    return count


class MatrixCell(ChoiceButton):
    """Where a row and a choice meet: only the mark. Its name is 'question: choice'."""

    def __init__(
        self, theme: Theme, pair: Pair, *, number: int, single: bool, question: str, parent: QWidget
    ) -> None:
        choice, other = pair
        super().__init__(
            theme, choice, other, number=number, single=single, question=question, parent=parent
        )
        self.across = True
        # where the head has been scrolled away
        self.setToolTip(both(choice, other))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        return False

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(self._theme.gap(LEAST), self._theme.px(48))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(self._theme.px(40), self._theme.px(48))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.draw_ground(painter, resting=False)
        size = float(self._theme.px(24))
        spot = QRectF((self.width() - size) / 2, (self.height() - size) / 2, size, size)
        self.draw_indicator(painter, spot)


class MatrixRowAnswer(ChoiceAnswer):
    """The answer of one row: marks in the columns of the head, or rows with words when narrow.

    Left and right go along the row, up and down to the same column of another row: `leave` carries
    the direction and the column. In the table only one mark of a row is a stop of the Tab key.
    """

    leave = Signal(int, int)

    def __init__(self, tools: Tools, parent: QWidget | None = None) -> None:
        super().__init__(tools, parent)
        self._flat = True

    def set_flat(self, flat: bool) -> None:
        """Be the row of a table, or a list of its own."""
        if flat != self._flat:
            self._flat = flat
            if self._choices:
                self._show()

    def focus_column(self, column: int) -> None:
        """Put the keyboard in a column."""
        if self._rows:
            self._rows[min(max(column, 0), len(self._rows) - 1)].setFocus()

    def _shape(self) -> tuple[object, ...]:
        return (self._single, self._flat, self._label)

    def _make(self, index: int, pair: Pair, pictogram: str | None) -> ChoiceButton:
        if not self._flat:
            return super()._make(index, pair, pictogram)
        cell = MatrixCell(
            self.theme,
            pair,
            number=index + 1,
            single=self._single,
            question=self._label,
            parent=self,
        )
        cell.step.connect(lambda by, column=index: self.leave.emit(by, column))
        return cell

    def _columns_at(self, width: int) -> int:
        return max(1, len(self._rows)) if self._flat else super()._columns_at(width)

    def _arrange(self) -> None:
        self._place.setHorizontalSpacing(0 if self._flat else self.theme.gap(8))
        super()._arrange()

    def _stack_rows(self) -> None:
        for row in self._rows:
            row.set_stacked(self._stacked)

    def _show(self) -> None:
        super()._show()
        on = next((i for i, row in enumerate(self._rows) if row.isChecked()), 0)
        for index, row in enumerate(self._rows):
            stops = not self._flat or index == on or not self._single
            policy = Qt.FocusPolicy.StrongFocus if stops else Qt.FocusPolicy.ClickFocus
            row.setFocusPolicy(policy)


class MatrixHead(QWidget):
    """The words of the choices, each above its column, with the key that chooses it."""

    def __init__(self, tools: Tools, shares: tuple[int, int], parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = tools.theme
        self._shares = shares
        self._texts: list[list[Laid]] = []
        self._names: tuple[object, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_choices(
        self, choices: tuple[ChoiceView, ...], translated: dict[str, ChoiceView]
    ) -> None:
        """Show the words of these choices."""
        names = (choices, tuple(translated.items()))
        if names == self._names:
            return
        self._names = names
        self._texts = []
        for choice in choices:
            texts = [Laid(self._theme, choice.label.text, choice.label.language)]
            other = translated.get(choice.value)
            if other is not None and other.label.status != "missing":
                texts.append(Laid(self._theme, other.label.text, other.label.language))
            self._texts.append(texts)
        self.updateGeometry()
        self.update()

    @property
    def least_column(self) -> int:
        """Return the width of a column in which no word of the head is broken."""
        longest = 0.0
        for texts in self._texts:
            for text in texts:
                for word in text.text.split():
                    wide = Laid(self._theme, word, text.language).natural_width
                    longest = max(longest, wide)
        return max(self._theme.gap(LEAST), round(longest) + 2 * self._theme.gap(4))

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        room = self._room(width)
        words = max((sum(t.height(room) for t in texts) for texts in self._texts), default=0.0)
        return round(words) + self._theme.px(22) + self._theme.gap(8)

    def sizeHint(self) -> QSize:  # noqa: N802
        width = self._theme.px(480)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(self._theme.px(120), self._theme.px(48))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rtl = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        side = float(theme.px(20))
        for index, texts in enumerate(self._texts):
            left, width = self._column(index)
            if rtl:
                left = self.width() - left - width
            room = self._room(self.width())
            bottom = self.height() - side - theme.gap(4)
            top = bottom - sum(text.height(room) for text in texts)
            for text in texts:
                height = text.height(room)
                area = QRectF(left + theme.gap(4), top, room, height)
                text.draw(painter, area, theme.color("ink"), side="center")
                top += height
            key = QRectF(left + (width - side) / 2, self.height() - side, side, side)
            draw_key(painter, theme, str(index + 1), key)

    def _column(self, index: int) -> tuple[float, float]:
        """Return where a column begins and how wide it is, as the rows lay theirs out."""
        words, answers = self._shares
        gap = self._theme.gap(8)
        first = (self.width() - gap) * words / (words + answers) + gap
        each = (self.width() - first) / max(1, len(self._texts))
        return first + index * each, each

    def _room(self, width: float) -> float:
        words, answers = self._shares
        across = (width - self._theme.gap(8)) * answers / (words + answers)
        return max(24.0, across / max(1, len(self._texts)) - 2 * self._theme.gap(4))


class MatrixAnswer(QWidget):
    """The table: head and rows. Each row is a block of its own, made and heard by the page."""

    def __init__(
        self, tools: Tools, shares: tuple[int, int], parent: QWidget | None = None
    ) -> None:
        """`shares` are those of the words and the answer of a row, as its block divides them."""
        super().__init__(parent)
        self.setObjectName("matrix")
        self._tools, self._shares = tools, shares
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(tools.theme.gap(10))
        self._head = MatrixHead(tools, shares, self)
        self._column.addWidget(self._head)
        self._rows: list[tuple[QuestionBlock, MatrixRowAnswer]] = []
        self._stacked = False
        self._flat = True
        self._count = 1

    @property
    def flat(self) -> bool:
        """Return whether it is a table now."""
        return self._flat

    def show_head(self, view: QuestionView, other: QuestionView | None) -> None:
        """Show the words of the choices, and what the table is called for a screen reader."""
        self.setAccessibleName(view.label.text.strip())
        self._count = len(view.choices)
        translated = {} if other is None else {c.value: c for c in other.choices}
        self._head.show_choices(view.choices, translated)
        if self.testAttribute(Qt.WidgetAttribute.WA_Resized):
            self._fit()

    def add_row(self, make: Callable[[MatrixRowAnswer], QuestionBlock]) -> QuestionBlock:
        """Add one question; `make` puts its answer in a block, which comes back."""
        answer = MatrixRowAnswer(self._tools)
        answer.set_flat(self._flat)
        block = make(answer)
        block.set_beside(self._flat)
        block.set_stacked(self._stacked or self._flat)
        at = len(self._rows)
        answer.leave.connect(lambda by, column: self._go(at + by, column))
        self._column.addWidget(Hairline(self._tools.theme))
        self._column.addWidget(block)
        self._rows.append((block, answer))
        return block

    def begins_with(self, block: QWidget) -> bool:
        """Return whether this is the first row."""
        return bool(self._rows) and self._rows[0][0] is block

    def set_stacked(self, stacked: bool) -> None:
        """Put the two languages below each other; in a table they always are."""
        self._stacked = stacked
        for block, _ in self._rows:
            block.set_stacked(stacked or self._flat)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return that of the rows below each other: a table must not keep a page wide."""
        return QSize(self._tools.theme.gap(160), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        words, answers = self._shares
        theme, width = self._tools.theme, self.width()
        needed = self._head.least_column * self._count * (words + answers) / answers
        flat = width >= needed + theme.gap(8) and (
            self._head.heightForWidth(width) <= theme.px(HIGHEST_HEAD)
        )
        if flat == self._flat:
            return
        self._flat = flat
        self._head.setVisible(flat)
        for block, answer in self._rows:
            answer.set_flat(flat)
            block.set_beside(flat)
            block.set_stacked(self._stacked or flat)
        self.updateGeometry()

    def _go(self, row: int, column: int) -> None:
        if 0 <= row < len(self._rows):
            self._rows[row][1].focus_column(column)
