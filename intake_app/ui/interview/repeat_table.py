"""A repeat as a table: a row per instance, a column per question, short answers in their place."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from intake_app.ui.interview.about import StateLink
from intake_app.ui.interview.questions import Tools
from intake_app.ui.interview.repeat_content import Cell, Instance, RepeatContent
from intake_app.ui.interview.table_cell import FIELD, TableCell
from intake_app.ui.kit.buttons import KitButton
from intake_app.ui.kit.surfaces import Hairline
from intake_app.ui.kit.text import Body, Caption, LangLabel
from intake_app.ui.theme import CAPTION, SEMIBOLD
from intake_app.xforms import NodeKey

MOST_COLUMNS = 6
"""More questions than this are looked at one by one."""

LEAST_COLUMN = 138
"""Units a column needs at least; what does not fit is looked at one by one too."""

SIDES = 230
"""Units that the number of a row and its buttons take."""


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
        column.addLayout(self._grid)
        self._grid.setHorizontalSpacing(theme.gap(12))
        self._grid.setVerticalSpacing(theme.gap(8))
        self._shape = _shape(content)
        self.cells: dict[tuple[int, str], TableCell] = {}
        """The cells by row, from 1, and name of the question."""
        self._columns: dict[int, list[QWidget]] = {}
        questions = _questions(content)
        for place, cell in enumerate(questions[:MOST_COLUMNS], start=1):
            head = self._head(cell)
            self._grid.addWidget(head, 0, place, Qt.AlignmentFlag.AlignBottom)
            self._columns[place] = [head]
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
            for widget in self._columns.get(place, ()):
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
            self._columns[place].append(shown)
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
