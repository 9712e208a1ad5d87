"""One cell of a repeat as a table: a short answer in its place, or the way to the question."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
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
from intake_app.ui.interview.repeat_content import Cell
from intake_app.ui.kit.buttons import LinkButton
from intake_app.ui.kit.inputs import Combo, TextInput, mark_problem
from intake_app.ui.kit.popups import under
from intake_app.ui.kit.text import Caption
from intake_app.ui.renew import Held, put_values
from intake_app.xforms import NodeKey, QuestionDefinition, QuestionKind

FIELD = 44
"""Units of height of a field: what stands beside one is centred on it."""

MOST_CHOICES = 12
"""A longer list of choices is chosen from on its own page."""

STATES = (
    AnswerState.UNKNOWN,
    AnswerState.REFUSED,
    AnswerState.NOT_ASKED,
    AnswerState.NOT_APPLICABLE,
)


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
        column.addLayout(row)
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
