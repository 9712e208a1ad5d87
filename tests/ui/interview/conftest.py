"""An interview on screen: a vault, the small form, the page in a window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pages.interview import InterviewObject
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from support.falling import start_falling
from support.interviews import start_small
from support.qt import make_theme
from support.vaults import prepared_vault

from intake_app import paths
from intake_app.domain.actor import ReceiverRole
from intake_app.domain.sharing import SharingRule, SharingTable, Verdict
from intake_app.flows.interview import InterviewFlow
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.interview.bridge import InterviewBridge
from intake_app.ui.interview.page import InterviewPage
from intake_app.ui.interview.questions.base import Tools
from intake_app.ui.theme import Theme, load_fonts
from intake_app.vault import Vault

DUTCH = UiTexts("nl", None)


def small_table() -> SharingTable:
    """Return a table that says something different for each receiver."""
    rules = {
        ReceiverRole.GEMEENTE: Verdict.JA,
        ReceiverRole.UITVOERDER: Verdict.JA,
        ReceiverRole.TAALAANBIEDER: Verdict.NA_TOESTEMMING,
        ReceiverRole.WERKGEVER: Verdict.NEE,
    }
    return SharingTable(
        {
            ("werk", role): SharingRule("werk", role, verdict, "Daarom.", "art. 1")
            for role, verdict in rules.items()
        }
    )


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    opened = prepared_vault(tmp_path / "kluis")
    yield opened
    opened.close()


@pytest.fixture(scope="session", autouse=True)
def fonts(qapp: QApplication) -> None:
    load_fonts(paths.resource("fonts"))


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    return make_theme(qapp)


@pytest.fixture
def tools(theme: Theme) -> Tools:
    return Tools(theme, DUTCH)


@pytest.fixture
def flow(vault: Vault) -> InterviewFlow:
    return start_small(vault)


@pytest.fixture
def bridge(flow: InterviewFlow) -> InterviewBridge:
    return InterviewBridge(flow)


Show = Callable[[InterviewBridge], InterviewObject]


@pytest.fixture
def show(qtbot: QtBot, tools: Tools) -> Show:
    """Put the page of a bridge in a window and return its page object."""

    def shown(
        bridge: InterviewBridge, width: int = 1366, height: int = 700, tools: Tools = tools
    ) -> InterviewObject:
        window = QWidget()
        column = QVBoxLayout(window)
        column.setContentsMargins(0, 0, 0, 0)
        page = InterviewPage(
            tools, bridge, small_table(), client_texts=UiTexts(bridge.language, None)
        )
        column.addWidget(page)
        window.resize(width, height)
        qtbot.addWidget(window)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        return InterviewObject(qtbot, window)

    return shown


@pytest.fixture
def interview(show: Show, bridge: InterviewBridge) -> InterviewObject:
    return show(bridge)


@pytest.fixture
def falling(show: Show, vault: Vault) -> InterviewObject:
    """Show the form in which answers take others with them."""
    return show(InterviewBridge(start_falling(vault)))
