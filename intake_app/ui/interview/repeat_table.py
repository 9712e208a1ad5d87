"""A repeat as a table: a row per instance, a column per question, short answers in their place."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QVBoxLayout,
    QWidget,
)

from intake_app.domain.interview import AnswerState
from intake_app.ui.interview.about import StateLink, state_name
from intake_app.ui.interview.questions import AnswerWidget, Tools, answer_widget
from intake_app.ui.interview.questions.dates import PARTIAL
from intake_app.ui.interview.repeat_content import Cell, Instance, RepeatContent
from intake_app.ui.kit.buttons import KitButton, LinkButton
from intake_app.ui.kit.inputs import Combo, TextInput, mark_problem
from intake_app.ui.kit.popups import under
from intake_app.ui.kit.surfaces import Hairline
from intake_app.ui.kit.text import Body, Caption, LangLabel
from intake_app.ui.renew import Held, put_values
from intake_app.ui.theme import CAPTION, SEMIBOLD
from intake_app.xforms import NodeKey, QuestionDefinition, QuestionKind

MOST_COLUMNS = 6
"""More questions than this are looked at one by one."""

LEAST_COLUMN = 138
"""Units a column needs at least; what does not fit is looked at one by one too."""

FIELD = 44
"""Units of height of a field: what stands beside one is centred on it."""

SIDES = 230
"""Units that the number of a row and its buttons take."""

MOST_CHOICES = 12
"""A longer list of choices is chosen from on its own page."""

STATES = (
    AnswerState.UNKNOWN,
    AnswerState.REFUSED,
    AnswerState.NOT_ASKED,
    AnswerState.NOT_APPLICABLE,
)


def movers(tools: Tools, number: int, count: int, name: str) -> tuple[tuple[StateLink, int], ...]:
    """Return the buttons that move an instance up and down, each with where it would go."""
    tr = tools.tr
    made = []
    for icon, words, to in (
        ("chevron-up", tr.gettext("Omhoog"), number - 2),
        ("chevron-down", tr.gettext("Omlaag"), number),
    ):
        way = "up" if to < number - 1 else "down"
        button = StateLink(tools.theme, "", icon=icon, name=f"repeat-move-{way}-{number}")
        button.setAccessibleName(f"{words}: {name}")
        button.setToolTip(words)
        button.setEnabled(0 <= to < count)
        made.append((button, to))
    return tuple(made)


class RepeatTable(QWidget):
    """Shows the instances as rows; stores nothing itself."""

    answered = Signal(object, str)
    typing = Signal(object, str)
    half_typed = Signal()
    state_chosen = Signal(object, object)
    history_wanted = Signal(object)
    open_wanted = Signal(object)
    remove_wanted = Signal(object)
    move_wanted = Signal(object, int)

    def __init__(
        self, tools: Tools, title: str, content: RepeatContent, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("repeat-table")
        self.setAccessibleName(title)
        self._tools, self._title = tools, title
        theme = tools.theme
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.gap(8))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(theme.gap(12))
        self._grid.setVerticalSpacing(theme.gap(8))
        column.addLayout(self._grid)
        self._shape = _shape(content)
        self.cells: dict[tuple[int, str], TableCell] = {}
        """The cells by row, from 1, and name of the question."""
        questions = _questions(content)
        for place, cell in enumerate(questions[:MOST_COLUMNS], start=1):
            self._grid.addWidget(self._head(cell), 0, place, Qt.AlignmentFlag.AlignBottom)
        for number, instance in enumerate(content.instances, start=1):
            self._add_row(content, number, instance)
        self._left_out = Caption(theme, "")
        self._left_out.setObjectName("table-left-out")
        column.addWidget(self._left_out)
        self._count = len(questions)
        self._fit(MOST_COLUMNS)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        theme = self._tools.theme
        room = (event.size().width() - theme.px(SIDES)) // theme.px(LEAST_COLUMN)
        self._fit(max(2, min(MOST_COLUMNS, room)))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        # columns that do not fit give way, so the table never asks for more than two of them
        theme = self._tools.theme
        width = theme.px(SIDES) + 2 * theme.px(LEAST_COLUMN)
        return QSize(width, super().minimumSizeHint().height())

    def _fit(self, columns: int) -> None:
        """Show so many columns, and say how many questions that leaves."""
        for place in range(1, min(self._count, MOST_COLUMNS) + 1):
            shown = place <= columns
            self._grid.setColumnStretch(place, 1 if shown else 0)
            for row in range(0, self._grid.rowCount(), 2):
                item = self._grid.itemAtPosition(row, place)
                if item is not None and (widget := item.widget()) is not None:
                    widget.setVisible(shown)
        left = max(0, self._count - columns)
        more = self._tools.tr.ngettext(
            "Elke rij heeft nog {n} vraag. De pijl achter de rij brengt je erheen.",
            "Elke rij heeft nog {n} vragen. De pijl achter de rij brengt je erheen.",
            left,
        )
        self._left_out.set_text(more.format(n=left))
        self._left_out.setVisible(bool(left))

    def catch_up(self, content: RepeatContent) -> bool:
        """Show other answers to the same questions; False when it must be built anew."""
        if _shape(content) != self._shape:
            return False
        for number, instance in enumerate(content.instances, start=1):
            for cell in instance.cells:
                shown = self.cells.get((number, cell.view.definition.name))
                if shown is not None:
                    shown.show_cell(cell)
        return True

    def flush(self) -> None:
        """Say what was entered and not yet said."""
        for cell in self.cells.values():
            cell.flush()

    def cell(self, key: NodeKey) -> TableCell | None:
        """Return the cell that shows a question."""
        return next((cell for cell in self.cells.values() if cell.key == key), None)

    def focus_refused(self) -> bool:
        """Put the keyboard in the first cell that is not stored; False when there is none."""
        for cell in self.cells.values():
            if cell.refused:
                cell.focus_first()
                return True
        return False

    @property
    def refused(self) -> bool:
        """True while a cell holds something that is not stored."""
        return any(cell.refused for cell in self.cells.values())

    # ---- inside --------------------------------------------------------------------------------

    def _head(self, cell: Cell) -> QWidget:
        theme = self._tools.theme
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for view, weight in ((cell.view, SEMIBOLD), (cell.other, None)):
            if view is None:
                continue
            label = LangLabel(theme, view.label.text, view.label.language, factor=CAPTION)
            if weight is not None:
                label.setFont(theme.font_for(view.label.language, CAPTION, weight))
            else:
                label.set_color("muted")
            column.addWidget(label)
        return box

    def _add_row(self, content: RepeatContent, number: int, instance: Instance) -> None:
        theme = self._tools.theme
        name = f"{self._title} {number}"
        line, row = 2 * number - 1, 2 * number
        self._grid.addWidget(Hairline(theme), line, 0, 1, MOST_COLUMNS + 2)
        top = Qt.AlignmentFlag.AlignTop
        count = Body(theme, str(number), strong=True, wrap=False)
        count.setMinimumHeight(theme.px(FIELD))
        self._grid.addWidget(count, row, 0, top)
        by_path = {cell.view.definition.path: cell for cell in instance.cells}
        for place, head in enumerate(_questions(content)[:MOST_COLUMNS], start=1):
            cell = by_path.get(head.view.definition.path)
            if cell is None:
                continue
            shown = TableCell(self._tools, cell, f"{name}, {cell.view.label.text}", number)
            shown.answered.connect(self.answered)
            shown.typing.connect(self.typing)
            shown.half_typed.connect(self.half_typed)
            shown.state_chosen.connect(self.state_chosen)
            shown.history_wanted.connect(self.history_wanted)
            shown.open_wanted.connect(self.open_wanted)
            self.cells[number, cell.view.definition.name] = shown
            self._grid.addWidget(shown, row, place, top)
        self._grid.addWidget(
            self._actions(content, number, instance, name), row, MOST_COLUMNS + 1, top
        )

    def _actions(
        self, content: RepeatContent, number: int, instance: Instance, name: str
    ) -> QWidget:
        theme, tr = self._tools.theme, self._tools.tr
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        buttons: list[KitButton] = []
        if not content.fixed:
            for button, to in movers(self._tools, number, len(content.instances), name):
                button.clicked.connect(lambda _=False, t=to: self.move_wanted.emit(instance.id, t))
                buttons.append(button)
            words = tr.gettext("Weghalen")
            drop = StateLink(theme, "", icon="trash", name=f"repeat-remove-{number}")
            drop.setAccessibleName(f"{words}: {name}")
            drop.setToolTip(words)
            drop.clicked.connect(lambda: self.remove_wanted.emit(instance.id))
            buttons.append(drop)
        if instance.first is not None:
            words = tr.gettext("Bekijken")
            show = StateLink(theme, "", icon="arrow-right", name=f"repeat-open-{number}")
            show.setAccessibleName(f"{words}: {name}")
            show.setToolTip(words)
            show.clicked.connect(lambda: self.open_wanted.emit(instance.first))
            buttons.append(show)
        for made in buttons:
            made.setProperty("instance", str(instance.id))
            row.addWidget(made)
        row.setSpacing(0)
        box.setMinimumHeight(theme.px(FIELD))
        return box


class TableCell(QWidget):
    """One answer in a table: in its place where it is short, else in words with the way there."""

    answered = Signal(object, str)
    typing = Signal(object, str)
    half_typed = Signal()
    state_chosen = Signal(object, object)
    history_wanted = Signal(object)
    open_wanted = Signal(object)

    def __init__(
        self, tools: Tools, cell: Cell, name: str, number: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(f"cell-{cell.view.definition.name}-{number}")
        self._tools, self._cell, self._name = tools, cell, name
        self._refusal = ""
        theme = tools.theme
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.gap(2))
        row = QHBoxLayout()
        row.setSpacing(theme.gap(2))
        self.widget: AnswerWidget | None = None
        self.combo: Combo | None = None
        self.words: TextInput | None = None
        """A choice that can only be read."""
        self.link: LinkButton | None = None
        self._pending = ""
        """What was chosen last."""
        self._unsaid: str | None = None
        """What was chosen and could not be stored: said again at the next `flush`."""
        row.addWidget(self._make(cell.view.definition), 1)
        self.more = StateLink(
            theme, "", icon="chevron-down", name=f"cell-more-{cell.view.definition.name}-{number}"
        )
        self.more.setAccessibleName(f"{tools.tr.gettext('Meer')}: {name}")
        self.more.setToolTip(tools.tr.gettext("Waarom geen antwoord, eerdere antwoorden"))
        self.more.setFixedHeight(theme.px(FIELD))
        self.more.clicked.connect(self.open_menu)
        row.addWidget(self.more, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(row)
        self.said = Caption(theme, "")
        self.said.setObjectName("cell-said")
        column.addWidget(self.said)
        self.menu: QMenu | None = None
        self.show_cell(cell)

    @property
    def key(self) -> NodeKey:
        """Return which question this is, in which instance."""
        return self._cell.key

    @property
    def refusal(self) -> str:
        """Return why what the field holds could not be stored, '' where it is."""
        return self._refusal

    @property
    def refused(self) -> bool:
        """True while the field holds something that is not stored."""
        return bool(self._refusal)

    def focus_first(self) -> None:
        """Put the keyboard where the answer is given."""
        if self.widget is not None:
            self.widget.focus_first()
        else:
            for part in (self.combo, self.words, self.link):
                if part is not None:
                    part.setFocus()

    def flush(self) -> None:
        """Say what was entered and not yet said."""
        if self.widget is not None:
            self.widget.flush()
        if self._unsaid is not None:
            self._say_choice(self._unsaid)

    def refuse(self, sentence: str) -> None:
        """Say that the answer could not be stored; the field keeps what was entered."""
        self._refusal = sentence
        if self.widget is not None:
            self.widget.keep()
            self.widget.set_problem(True)
        if self.combo is not None:
            self._unsaid = self._pending
            mark_problem(self.combo, wrong=True)
        self._say(sentence, "err")

    def show_cell(self, cell: Cell) -> None:
        """Show the answer as it stands; what is entered and not stored stays told."""
        was, view = self._cell.view, cell.view
        if (view.value, view.state) != (was.value, was.state):
            self._refusal, self._unsaid = "", None
        self._cell = cell
        problem = view.problem if view.problem and view.problem.kind != "required" else None
        if self.widget is not None:
            self.widget.set_question(view, cell.other)
            self.widget.set_problem(problem is not None or self.refused)
            self._name_fields(self.widget)
            # there is no room for it here; the question's own page has it
            for switch in self.widget.findChildren(QAbstractButton, "answer-language"):
                switch.hide()
        if self.combo is not None:
            self._fill(self.combo, cell)
            mark_problem(self.combo, problem is not None or self.refused)
        if self.words is not None:
            self.words.setText(cell.words)
        if self.link is not None:
            tr = self._tools.tr
            empty = tr.gettext("Bekijken") if view.readonly else tr.gettext("Invullen")
            self.link.setText(cell.words or empty)
            self.link.setAccessibleName(f"{self._name}: {self.link.text()}")
            self.link.updateGeometry()
        for part in (self.widget, self.combo, self.words, self.link):
            if part is not None:
                part.setEnabled(view.relevant)
        self.more.setVisible(view.relevant and not view.readonly)
        state = state_name(self._tools, AnswerState(view.state.value))
        if self.refused:
            self._say(self._refusal, "err")
        elif problem is not None:
            self._say(problem.text.text, "err")
        elif not view.relevant:
            self._say(self._tools.tr.gettext("niet aan de orde"), "muted")
        else:
            self._say(state, "muted")

    def open_menu(self) -> None:
        """Offer why there is no answer, what it was before, and the question itself."""
        tr = self._tools.tr
        self.menu = QMenu(self.more)
        self.menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.menu.setAccessibleName(self.more.accessibleName())
        self.menu.setFont(self._tools.theme.font())
        now = AnswerState(self._cell.view.state.value)
        for state in STATES:
            action = self._action(state_name(self._tools, state), f"state-{state}")
            action.setCheckable(True)
            action.setChecked(state is now)
            action.triggered.connect(lambda _=False, s=state: self._choose_state(s))
        self.menu.addSeparator()
        past = self._action(tr.gettext("Eerdere antwoorden"), "answer-history")
        past.triggered.connect(lambda: self.history_wanted.emit(self._cell.key))
        show = self._action(tr.gettext("Naar de vraag"), "cell-open")
        show.triggered.connect(lambda: self.open_wanted.emit(self._cell.key))
        self.menu.popup(under(self.more, self.menu.sizeHint()))

    # ---- inside --------------------------------------------------------------------------------

    def _action(self, words: str, name: str) -> QAction:
        action = QAction(words, self.menu)
        action.setObjectName(name)
        if self.menu is not None:
            self.menu.addAction(action)
        return action

    def _make(self, definition: QuestionDefinition) -> QWidget:
        theme = self._tools.theme
        if _is_typed(definition):
            self.widget = answer_widget(definition, self._tools)
            self.widget.set_compact(True)
            self.widget.answer_changed.connect(self._answered)
            self.widget.refused.connect(self.refuse)
            self.widget.half_typed.connect(self.half_typed)
            self.widget.typing.connect(lambda text: self.typing.emit(self._cell.key, text))
            return self.widget
        few = len(self._cell.view.choices) <= MOST_CHOICES
        if definition.kind is QuestionKind.SELECT_ONE and few and self._cell.view.readonly:
            # a list that cannot be opened would still look like one that can
            self.words = TextInput(theme, name="cell-choice")
            self.words.setReadOnly(True)
            self.words.setAccessibleName(self._name)
            return self.words
        if definition.kind is QuestionKind.SELECT_ONE and few:
            self.combo = Combo(theme)
            self.combo.setObjectName("cell-choice")
            self.combo.setAccessibleName(self._name)
            self.combo.activated.connect(self._chosen)
            return self.combo
        self.link = LinkButton(theme, "", name="cell-open")
        self.link.clicked.connect(lambda: self.open_wanted.emit(self._cell.key))
        return self.link

    def _fill(self, combo: Combo, cell: Cell) -> None:
        others = {} if cell.other is None else {c.value: c.label for c in cell.other.choices}
        wanted = [("", "")]
        for choice in cell.view.choices:
            other = others.get(choice.value)
            both = other is not None and other.text != choice.label.text
            words = f"{choice.label.text} / {other.text}" if both and other else choice.label.text
            wanted.append((choice.value, words))
        shown = [(combo.itemData(i), combo.itemText(i)) for i in range(combo.count())]
        if shown != wanted:
            combo.clear()
            for value, words in wanted:
                combo.addItem(words, value)
        standing = cell.view.value if self._unsaid is None else self._unsaid
        combo.setCurrentIndex(max(0, combo.findData(standing)))

    def go_on_from(self, before: TableCell, hand: Held) -> None:
        """Hold what `before` held and could not store; `hand` is what was read from it."""
        put_values(self, hand)
        self._pending = before._pending
        self.refuse(before.refusal)

    def _choose_state(self, state: AnswerState) -> None:
        self._refusal, self._unsaid = "", None
        if self.widget is not None:
            self.widget.discard()
        self.state_chosen.emit(self._cell.key, state)

    def _answered(self, value: str) -> None:
        self._refusal = ""
        self.answered.emit(self._cell.key, value)

    def _chosen(self, index: int) -> None:
        value = str(self.combo.itemData(index) or "") if self.combo is not None else ""
        if value != self._cell.view.value:
            self._say_choice(value)
        elif self._unsaid is not None:
            # back to what is stored
            self._refusal, self._unsaid = "", None
            self.show_cell(self._cell)

    def _say_choice(self, value: str) -> None:
        self._pending, self._unsaid, self._refusal = value, None, ""
        self.answered.emit(self._cell.key, value)

    def _name_fields(self, widget: AnswerWidget) -> None:
        """Say of each part which row and column it is in."""
        question = self._cell.view.label.text
        for field in widget.findChildren(QLineEdit):
            field.setAccessibleName(self._name)
        for button in widget.findChildren(QAbstractButton):
            words = button.text() or button.accessibleName().removeprefix(f"{question}: ")
            button.setAccessibleName(f"{words}: {self._name}")

    def _say(self, words: str, color: str) -> None:
        self.said.set_text(words)
        self.said.set_color(color)
        self.said.setVisible(bool(words))
        for field in (self.widget, self.combo, self.words, self.link):
            if field is not None:
                field.setAccessibleDescription(words)


def _is_typed(definition: QuestionDefinition) -> bool:
    if definition.kind in {QuestionKind.INTEGER, QuestionKind.DECIMAL}:
        return True
    long = {"multiline", PARTIAL}
    return definition.kind is QuestionKind.TEXT and long.isdisjoint(definition.appearance)


def _questions(content: RepeatContent) -> tuple[Cell, ...]:
    """Return one cell for each question, for the heads of the columns."""
    found: dict[str, Cell] = {}
    for instance in content.instances:
        for cell in instance.cells:
            found.setdefault(cell.view.definition.path, cell)
    return tuple(found.values())


def _shape(content: RepeatContent) -> tuple[object, ...]:
    """Return what a table is built from and `catch_up` does not change."""
    return (
        content.fixed,
        tuple(
            (
                instance.id,
                instance.first,
                tuple((cell.key, cell.view.readonly) for cell in instance.cells),
            )
            for instance in content.instances
        ),
        tuple(
            (c.view.label, None if c.other is None else c.other.label) for c in _questions(content)
        ),
    )
