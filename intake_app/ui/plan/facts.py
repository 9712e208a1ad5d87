"""Labels with what stands behind them, in two columns that stack where there is no room."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from intake_app.ui.kit import Body, Muted
from intake_app.ui.theme import Theme

_LABEL = 200.0
_WIDEST = 16_777_215
"""What Qt means by no limit."""


class Facts(QWidget):
    """Rows of label and value; a value may have several lines."""

    def __init__(self, theme: Theme, rows: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._theme = theme
        self._stacked: bool | None = None
        self._pairs = [(Muted(theme, label), Body(theme, value)) for label, value in rows]
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.gap(16))
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._place(stacked=False)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        self._place(stacked=event.size().width() < self._theme.px(460))
        super().resizeEvent(event)

    def _place(self, *, stacked: bool) -> None:
        if stacked == self._stacked:
            return
        self._stacked = stacked
        theme, top = self._theme, Qt.AlignmentFlag.AlignTop
        self._grid.setVerticalSpacing(theme.gap(2 if stacked else 8))
        self._grid.setColumnStretch(0, int(stacked))
        self._grid.setColumnStretch(1, int(not stacked))
        for number, (label, value) in enumerate(self._pairs):
            self._grid.removeWidget(label)
            self._grid.removeWidget(value)
            label.setMinimumWidth(0 if stacked else theme.px(_LABEL))
            label.setMaximumWidth(_WIDEST if stacked else theme.px(_LABEL))
            if stacked:
                self._grid.addWidget(label, 2 * number, 0)
                self._grid.addWidget(value, 2 * number + 1, 0)
            else:
                self._grid.addWidget(label, number, 0, top)
                self._grid.addWidget(value, number, 1, top)
        self.updateGeometry()
