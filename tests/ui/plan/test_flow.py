"""A row that goes on below, alone and in a window that changes its width."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget
from support.qt import settle

from intake_app.ui.plan.flow import FlowRow


class Box(QWidget):
    """A widget of one size."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self._size = QSize(width, 30)
        self.setFixedSize(self._size)

    def sizeHint(self) -> QSize:  # noqa: N802
        return self._size


@pytest.mark.parametrize(
    "direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft]
)
def test_the_last_stands_apart_while_all_fit(qtbot, direction) -> None:
    first, last = Box(100), Box(100)
    row = FlowRow(8, first, last, apart=True)
    row.setLayoutDirection(direction)
    qtbot.addWidget(row)
    row.resize(400, 30)
    row.show()
    mirrored = direction == Qt.LayoutDirection.RightToLeft
    assert (first.x(), last.x()) == ((300, 0) if mirrored else (0, 300))
    row.resize(150, row.heightForWidth(150))
    assert last.y() > first.y()
    assert first.x() == last.x() == (50 if mirrored else 0)


def test_it_gets_the_height_of_its_width_however_deep_it_stands(qtbot, qapp) -> None:
    row = FlowRow(8, *(Box(120) for _ in range(5)))
    area = QScrollArea()
    area.setWidgetResizable(True)
    page = QWidget()
    outer = QVBoxLayout(page)
    card = QWidget()
    inner = QVBoxLayout(card)
    nested = QVBoxLayout()
    nested.addWidget(row)
    inner.addLayout(nested)
    outer.addWidget(card)
    outer.addStretch(1)
    area.setWidget(page)
    qtbot.addWidget(area)
    area.show()
    for width in (900, 500, 330, 700):
        area.resize(width, 400)
        settle(qapp)
        assert row.height() == row.heightForWidth(row.width())
