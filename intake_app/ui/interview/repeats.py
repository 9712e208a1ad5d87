"""The page of a repeat: a card or a row per instance, and one button to add."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from intake_app.ui.interview.about import StateLink
from intake_app.ui.interview.questions.base import Tools
from intake_app.ui.interview.repeat_content import Instance, RepeatContent
from intake_app.ui.interview.repeat_table import RepeatTable, movers
from intake_app.ui.interview.two_languages import TwoLanguages
from intake_app.ui.kit.buttons import LinkButton, QuietButton
from intake_app.ui.kit.inputs import CheckInput
from intake_app.ui.kit.surfaces import Card, clear_layout
from intake_app.ui.kit.text import Body, Muted
from intake_app.ui.renew import held
from intake_app.ui.theme import QUESTION, SEMIBOLD
from intake_app.xforms import NodeKey, ShownText

__all__ = ["RepeatCards", "RepeatContent"]

MOST_ROWS = 30
"""With more instances than this a table is no help."""


class RepeatCards(QWidget):
    """Shows what is there and asks for more, less or another order; stores nothing itself.

    As cards, or as a table where somebody wants that and there is room for one.
    """

    add_wanted = Signal()
    remove_wanted = Signal(object)
    open_wanted = Signal(object)
    move_wanted = Signal(object, int)
    answered = Signal(object, str)
    typing = Signal(object, str)
    half_typed = Signal()
    state_chosen = Signal(object, object)
    history_wanted = Signal(object)
    table_wanted = Signal(bool)
    """Somebody wants repeats as tables, or as cards again."""

    def __init__(
        self,
        tools: Tools,
        title: ShownText,
        other: ShownText | None,
        *,
        as_table: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._tools, self._title = tools, title.text
        self._content: RepeatContent | None = None
        self._as_table, self._chosen, self._stacked = as_table, False, False
        theme, tr = tools.theme, tools.tr
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.gap(16))
        self.words = TwoLanguages(tools)
        self.words.add(title, other, factor=QUESTION, weight=SEMIBOLD, name="repeat-title")
        column.addWidget(self.words)
        self.switch = CheckInput(theme, tr.gettext("Als tabel"), name="repeat-as-table")
        self.switch.setAccessibleName(f"{tr.gettext('Als tabel')}: {title.text}")
        self.switch.clicked.connect(self._switched)
        column.addWidget(self.switch, 0, Qt.AlignmentFlag.AlignLeft)
        self._cards = QVBoxLayout()
        column.addLayout(self._cards)
        self._cards.setSpacing(theme.gap(12))
        self.table: RepeatTable | None = None
        self.add_button = QuietButton(
            theme, tr.gettext("Toevoegen"), icon="plus", name="repeat-add"
        )
        self.add_button.setAccessibleName(f"{tr.gettext('Toevoegen')}: {title.text}")
        self.add_button.clicked.connect(self.add_wanted)
        column.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)

    # ---- showing -------------------------------------------------------------------------------

    def show_instances(self, content: RepeatContent) -> None:
        """Show the instances as they stand; what is being typed in a table is left alone."""
        if self._content is None and content.wants_table:
            self._as_table = True
        self._content = content
        self.add_button.setVisible(not content.fixed)
        room = not self._stacked and len(content.instances) <= MOST_ROWS
        self.switch.setVisible(room and bool(content.instances))
        self.switch.setChecked(self._as_table)
        table = room and self._as_table and bool(content.instances)
        if table and self.table is not None and self.table.catch_up(content):
            return
        focused = self._focused()
        old = () if self.table is None else tuple(self.table.cells.values())
        in_hand = [(cell, held(cell)) for cell in old if cell.refused]
        clear_layout(self._cards)
        self.table = None
        if table:
            self.table = self._make_table(content)
            self._cards.addWidget(self.table)
            for before, hand in in_hand:
                cell = self.table.cell(before.key)
                if cell is not None:
                    cell.go_on_from(before, hand)
        else:
            self._show_cards(content)
        self._refocus(focused)

    def set_stacked(self, stacked: bool) -> None:
        """Put the languages below each other; a table becomes cards."""
        self.words.set_stacked(stacked)
        if stacked != self._stacked:
            self._stacked = stacked
            if self._content is not None:
                self.show_instances(self._content)

    def flush(self) -> None:
        """Say what was entered in a table and not yet said."""
        if self.table is not None:
            self.table.flush()

    def refuse(self, key: NodeKey, sentence: str) -> bool:
        """Say in its cell that an answer could not be stored; False where no cell shows it."""
        cell = None if self.table is None else self.table.cell(key)
        if cell is None:
            return False
        cell.refuse(sentence)
        return True

    def unsaved(self) -> tuple[tuple[NodeKey, str], ...]:
        """Return which cells hold something that could not be stored, and why not."""
        cells = () if self.table is None else tuple(self.table.cells.values())
        return tuple((cell.key, cell.refusal) for cell in cells if cell.refused)

    def focus_refused(self) -> bool:
        """Put the keyboard in the first cell that is not stored; False when there is none."""
        return self.table is not None and self.table.focus_refused()

    @property
    def refused(self) -> bool:
        """True while a cell holds something that is not stored."""
        return self.table is not None and self.table.refused

    # ---- inside --------------------------------------------------------------------------------

    def _switched(self, on: bool) -> None:
        self.flush()
        if not on and self.focus_refused():
            # cards have no place for what is not stored
            self.switch.setChecked(True)
            return
        self._as_table = on
        self.table_wanted.emit(on)
        if self._content is not None:
            self.show_instances(self._content)
        self.switch.setFocus()

    def _make_table(self, content: RepeatContent) -> RepeatTable:
        table = RepeatTable(self._tools, self._title, content)
        table.answered.connect(self.answered)
        table.typing.connect(self.typing)
        table.half_typed.connect(self.half_typed)
        table.state_chosen.connect(self.state_chosen)
        table.history_wanted.connect(self.history_wanted)
        table.open_wanted.connect(self.open_wanted)
        table.remove_wanted.connect(self.remove_wanted)
        table.move_wanted.connect(self.move_wanted)
        return table

    def _show_cards(self, content: RepeatContent) -> None:
        tr, theme = self._tools.tr, self._tools.theme
        if not content.instances:
            self._cards.addWidget(
                Muted(theme, tr.gettext("Nog niets. Kies Toevoegen, of ga verder."))
            )
        for number, instance in enumerate(content.instances, start=1):
            self._cards.addWidget(self._card(content, number, instance))

    def _card(self, content: RepeatContent, number: int, instance: Instance) -> Card:
        tr, theme = self._tools.tr, self._tools.theme
        name = f"{self._title} {number}"
        card = Card(theme, padding=(16, 12), name=f"repeat-card-{number}")
        card.setAccessibleName(name)
        row = QHBoxLayout()
        card.body.addLayout(row)
        row.setSpacing(theme.gap(12))
        known = QVBoxLayout()
        row.addLayout(known, 1)
        known.setSpacing(0)
        known.addWidget(Body(theme, name, strong=True))
        known.addWidget(Muted(theme, instance.facts or tr.gettext("Nog niet ingevuld")))
        if not content.fixed:
            for button in self._movers(content, number, instance, name):
                row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
            drop = LinkButton(theme, tr.gettext("Weghalen"), name=f"repeat-remove-{number}")
            drop.setAccessibleName(f"{tr.gettext('Weghalen')}: {name}")
            drop.clicked.connect(lambda: self.remove_wanted.emit(instance.id))
            row.addWidget(drop, 0, Qt.AlignmentFlag.AlignVCenter)
        if instance.first is not None:
            show = QuietButton(theme, tr.gettext("Bekijken"), name=f"repeat-open-{number}")
            show.setAccessibleName(f"{tr.gettext('Bekijken')}: {name}")
            show.clicked.connect(lambda: self.open_wanted.emit(instance.first))
            row.addWidget(show, 0, Qt.AlignmentFlag.AlignVCenter)
        return card

    def _movers(
        self, content: RepeatContent, number: int, instance: Instance, name: str
    ) -> tuple[StateLink, ...]:
        made = movers(self._tools, number, len(content.instances), name)
        for button, to in made:
            button.setProperty("instance", str(instance.id))
            button.clicked.connect(lambda _=False, t=to: self.move_wanted.emit(instance.id, t))
        return tuple(button for button, _ in made)

    def _focused(self) -> tuple[str, UUID | None] | None:
        """Return what has the focus here: the first part of its name, and whose it is."""
        focus = QApplication.focusWidget()
        if focus is None or not self._cards.count() or not self.isAncestorOf(focus):
            return None
        if focus in {self.add_button, self.switch}:
            return None
        whose = focus.property("instance")
        return focus.objectName().rpartition("-")[0], UUID(whose) if whose else None

    def _refocus(self, focused: tuple[str, UUID | None] | None) -> None:
        """Put the focus back on what was moved; else where one goes on."""
        if focused is None:
            return
        name, whose = focused
        # what stood here before is still a child of this until the next turn
        children = [child for child in self.children() if isinstance(child, QWidget)]
        standing = [child for child in children if self._cards.indexOf(child) >= 0]
        own = [
            button
            for widget in standing
            for button in widget.findChildren(StateLink)
            if button.property("instance") == str(whose) and button.isEnabled()
        ]
        same = [button for button in own if button.objectName().rpartition("-")[0] == name]
        found = next(iter(same or own), None)
        (self.add_button if found is None else found).setFocus()
