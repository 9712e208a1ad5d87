"""Python never sees an item of a layout: Shiboken would remember it after it is gone."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import (
    QApplication,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot
from support.layout_items import items_known
from support.qt import make_theme

import intake_app
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.interview.flow_layout import FlowLayout
from intake_app.ui.kit import Page, PrimaryButton, QuietButton, clear_layout
from intake_app.ui.kit.focus import _in_order
from intake_app.ui.shell import Crumb, Shell
from intake_app.ui.theme import Theme

ASKS = {"itemAt", "itemAtPosition"}
KEEPS = {*ASKS, "addItem", "takeAt"}


def offences(source: str) -> list[str]:
    """Return what a module does with items of layouts."""
    found: list[str] = []
    if not any(name in source for name in KEEPS):
        return found
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in ASKS:
            found.append(f"{node.lineno}: .{node.attr}")
        if isinstance(node, ast.FunctionDef) and node.name in KEEPS:
            found.append(f"{node.lineno}: def {node.name}")
    return sorted(found)


def test_what_is_looked_for_is_found() -> None:
    assert offences("x.itemAt(0)\nclass A:\n    def takeAt(self): ...\n") == [
        "1: .itemAt",
        "3: def takeAt",
    ]


def test_nowhere_in_the_program() -> None:
    root = Path(intake_app.__file__).parent
    modules = sorted(root.rglob("*.py"))
    assert len(modules) > 300
    found = {
        str(module.relative_to(root)): said
        for module in modules
        if (said := offences(module.read_text(encoding="utf-8")))
    }
    assert found == {}


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    return make_theme(qapp)


@pytest.fixture
def shell(theme: Theme, qtbot: QtBot) -> Shell:
    window = Shell(theme, UiTexts("nl", None))
    qtbot.addWidget(window)
    window.show()
    return window


def deleted() -> None:
    """Delete what waits for that."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def test_an_item_that_was_asked_for_is_remembered(qtbot: QtBot) -> None:
    """The fault itself; when this fails PySide6 is well again."""
    place = QWidget()
    qtbot.addWidget(place)
    column = QVBoxLayout(place)
    before = items_known()
    button = QPushButton()
    column.addWidget(button)
    column.itemAt(0)
    button.deleteLater()
    deleted()
    assert column.count() == 0
    assert items_known() == before + 1


def flow(theme: Theme) -> QWidget:
    place = QWidget()
    row = FlowLayout(8, place)
    buttons = [QuietButton(theme, word) for word in ("een", "twee", "drie")]
    for button in buttons:
        row.add(button)
    row.remove(buttons[0])
    buttons[1].deleteLater()
    return place


def nested(theme: Theme) -> QWidget:
    place = QWidget()
    column = QVBoxLayout(place)
    row, grid = QHBoxLayout(), QGridLayout()
    column.addLayout(row)
    column.addLayout(grid)
    row.addStretch(1)
    row.addWidget(QuietButton(theme, "een"))
    grid.addWidget(QuietButton(theme, "drie"), 1, 0)
    grid.addWidget(QuietButton(theme, "twee"), 0, 0)
    words = [w.text() for w in _in_order(place) if isinstance(w, QuietButton)]
    assert words == ["een", "twee", "drie"]
    clear_layout(row)
    return place


def paged(theme: Theme) -> QWidget:
    page = Page(theme, "Iets", name="iets")
    page.set_footer((QuietButton(theme, "Terug"),), PrimaryButton(theme, "Verder"))
    page.resize(400, 300)
    page.set_footer((), PrimaryButton(theme, "Klaar"))
    return page


@pytest.mark.parametrize("make", [flow, nested, paged])
def test_nothing_is_remembered(
    make: Callable[[Theme], QWidget], theme: Theme, qtbot: QtBot
) -> None:
    before = items_known()
    place = make(theme)
    qtbot.addWidget(place)
    place.show()
    place.resize(300, 300)
    list(_in_order(place))
    deleted()
    assert items_known() == before


def test_nothing_is_remembered_of_the_crumbs(shell: Shell) -> None:
    before = items_known()
    for number in range(3):
        shell.set_crumbs((Crumb("Mensen", lambda: None), Crumb(f"vraag {number}")))
        shell.set_page_actions((QPushButton("iets"),))
    shell.set_crumbs(())
    list(_in_order(shell))
    deleted()
    assert items_known() == before
