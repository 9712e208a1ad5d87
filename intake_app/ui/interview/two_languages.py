"""A text in Dutch and in the client's language: side by side, or stacked where it is narrow."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from intake_app.ui.interview.questions.base import Tools
from intake_app.ui.kit.icons import IconLabel
from intake_app.ui.kit.text import Caption, LangLabel
from intake_app.ui.theme import BODY, NORMAL
from intake_app.xforms import ShownText

_BELOW = 50
"""First row of the second language when it stands under the Dutch."""


class TwoLanguages(QWidget):
    """Two columns of equal width with the same rows: question, help, mark.

    Without a second language the Dutch takes the whole width.
    """

    def __init__(self, tools: Tools, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tools = tools
        self._rows: list[tuple[QWidget, QWidget | None]] = []
        self._own_mark: QWidget | None = None
        self._stacked = False
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(tools.theme.gap(40))
        self._grid.setVerticalSpacing(tools.theme.gap(4))
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def add(
        self,
        dutch: ShownText | None,
        other: ShownText | None,
        *,
        factor: float = BODY,
        weight: QFont.Weight = NORMAL,
        color: str = "ink",
        name: str = "",
    ) -> None:
        """Add a row of two texts; a missing translation shows Dutch, marked by `add_mark`."""
        left = self._label(dutch, factor, weight, color, f"{name}-nl" if name else "")
        right = (
            None
            if other is None
            else self._label(other, factor, weight, color, f"{name}-other" if name else "")
        )
        self._rows.append((left, right))
        self._place_row(len(self._rows) - 1)

    def add_mark(
        self,
        text: str,
        *,
        icon: str,
        color: str,
        direction: Qt.LayoutDirection,
        own: bool = False,
    ) -> None:
        """Add a mark under the second language, such as that nobody has checked it yet.

        With `own` it stands under the first one.
        """
        theme = self._tools.theme
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.gap(6))
        row.addWidget(IconLabel(theme, icon, color=color, size=16))
        caption = Caption(theme, text, wrap=False)
        caption.setObjectName("translation-mark")
        caption.set_color(color)
        row.addWidget(caption)
        # the mark is Dutch, but stands at the side where the text beside it begins
        outer = QWidget(self)
        column = QVBoxLayout(outer)
        column.setContentsMargins(0, 0, 0, 0)
        rtl = direction is Qt.LayoutDirection.RightToLeft
        side = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
        column.addWidget(box, 0, side | Qt.AlignmentFlag.AlignAbsolute)
        last = self._rows[-1] if self._rows else None
        if not own and last is not None and last[0] is self._own_mark:
            # beside the mark of the first language, not under it
            self._rows[-1] = (last[0], outer)
        else:
            self._rows.append((outer, None) if own else (QWidget(self), outer))
        if own:
            self._own_mark = outer
        self._place_row(len(self._rows) - 1)

    def set_stacked(self, stacked: bool) -> None:
        """Put the second language under the first, or beside it."""
        if stacked != self._stacked:
            self._stacked = stacked
            self._place()

    def _label(
        self, shown: ShownText | None, factor: float, weight: QFont.Weight, color: str, name: str
    ) -> LangLabel:
        text = ShownText("", "nl") if shown is None else shown
        label = LangLabel(
            self._tools.theme,
            text.text,
            text.language,
            factor=factor,
            weight=weight,
            color=color,
            parent=self,
        )
        if name:
            label.setObjectName(name)
        return label

    def _place(self) -> None:
        """Put every row where it belongs."""
        for number, pair in enumerate(self._rows):
            for widget in pair:
                if widget is not None:
                    self._grid.removeWidget(widget)
            self._place_row(number)

    def _place_row(self, number: int) -> None:
        left, right = self._rows[number]
        empty = isinstance(left, LangLabel) and not left.text()
        filler = not isinstance(left, LangLabel) and left is not self._own_mark
        left.setVisible(not (empty or (self._stacked and filler)))
        top = Qt.AlignmentFlag.AlignTop
        self._grid.addWidget(left, number, 0, top)
        if right is not None:
            row, column = (_BELOW + number, 0) if self._stacked else (number, 1)
            self._grid.addWidget(right, row, column, top)
        two = not self._stacked and any(other is not None for _, other in self._rows)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1 if two else 0)
