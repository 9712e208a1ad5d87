"""The table under a chart: the same words, for who reads rather than looks."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from intake_app.domain.charts import Table
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.kit.buttons import TextLink
from intake_app.ui.kit.charts.base import Chart, text_height
from intake_app.ui.theme import CAPTION, Theme

_WRAPPED = Qt.AlignmentFlag(
    (Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter).value
    | Qt.TextFlag.TextWordWrap.value
)


class TableView(QTableWidget):
    """A table as high as its rows: a screen reader walks through it cell by cell."""

    def __init__(self, theme: Theme, table: Table, *, name: str = "") -> None:
        super().__init__(len(table.rows), len(table.headers))
        self._theme = theme
        self.setObjectName(name)
        self.setFont(theme.font(CAPTION))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(True)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setFont(theme.font(CAPTION))
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setDefaultAlignment(_WRAPPED)
        header.setHighlightSections(False)
        self.set_table(table)

    def set_table(self, table: Table) -> None:
        """Show other words."""
        self.setAccessibleName(table.title)
        self.setRowCount(len(table.rows))
        self.setColumnCount(len(table.headers))
        for column, words in enumerate(table.headers):
            head = QTableWidgetItem(words)
            head.setFont(self.font())
            self.setHorizontalHeaderItem(column, head)
        for line, row in enumerate(table.rows):
            for column, words in enumerate(row):
                self.setItem(line, column, QTableWidgetItem(words))
        self._fit()

    def words(self) -> tuple[tuple[str, ...], ...]:
        """Return the cells, row by row."""
        return tuple(
            tuple(
                item.text() if (item := self.item(line, column)) is not None else ""
                for column in range(self.columnCount())
            )
            for line in range(self.rowCount())
        )

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(self._theme.px(320), self._whole())

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(self._theme.px(200), self._whole())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._fit()

    def _whole(self) -> int:
        rows = sum(self.rowHeight(line) for line in range(self.rowCount()))
        return rows + self.horizontalHeader().height() + 2

    def _head_height(self) -> int:
        pad = 2 * self._theme.gap(8)
        highest = 0.0
        for column in range(self.columnCount()):
            head = self.horizontalHeaderItem(column)
            room = self.columnWidth(column) - pad
            words = head.text() if head is not None else ""
            highest = max(highest, text_height(words, self.font(), room))
        return round(highest) + pad

    def _fit(self) -> None:
        self.horizontalHeader().setFixedHeight(self._head_height())
        self.resizeRowsToContents()
        least = self._theme.px(32)
        for line in range(self.rowCount()):
            self.setRowHeight(line, max(least, self.rowHeight(line)))
        self.setFixedHeight(self._whole())


class WithTable(QWidget):
    """Something drawn with its table under it, behind a link until somebody wants it."""

    def __init__(
        self,
        theme: Theme,
        tr: UiTexts,
        drawn: QWidget,
        table: Table,
        *,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._tr = tr
        if name:
            self.setObjectName(name)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.gap(8))
        column.addWidget(drawn)
        self.drawn = drawn
        self.link = TextLink(theme, "", factor=CAPTION, name=f"{name}-table-link")
        self.link.clicked.connect(self.turn)
        column.addWidget(self.link, 0, Qt.AlignmentFlag.AlignLeft)
        self.table = TableView(theme, table, name=f"{name}-table")
        self.table.hide()
        column.addWidget(self.table)
        self._title = table.title
        self._say()

    def turn(self) -> None:
        """Show the table, or hide it again."""
        self.table.setVisible(self.table.isHidden())
        self._say()

    def _say(self) -> None:
        hidden = self.table.isHidden()
        words = self._tr.gettext("Toon als tabel") if hidden else self._tr.gettext("Verberg tabel")
        self.link.setText(words)
        self.link.setAccessibleName(f"{words}: {self._title}")
        self.link.updateGeometry()


def with_table(theme: Theme, tr: UiTexts, chart: Chart, *, name: str = "") -> WithTable:
    """Return a chart with the table of what it draws."""
    return WithTable(theme, tr, chart, chart.said(), name=name)
