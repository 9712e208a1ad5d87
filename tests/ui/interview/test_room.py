"""A question takes the room it needs: nobody scrolls through emptiness."""

from __future__ import annotations

from pages.interview import InterviewObject
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QAbstractButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from support.interviews import MarkedTexts, OneForm, add_person
from support.made_forms import Ask, made_form
from support.vaults import actor_of

from intake_app.domain.interview import Interpretation
from intake_app.domain.sharing import SharingTable
from intake_app.flows.interview import InterviewFlow
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.interview.bridge import InterviewBridge
from intake_app.ui.interview.page import InterviewPage
from intake_app.ui.interview.questions.base import Tools
from intake_app.vault import Vault

WORDS = (
    "Ja, alleen in het land waar ik vandaan kom",
    "Ja, in Nederland, en ik heb het bewijs bij me",
    "Nee, maar ik ben er nu mee bezig",
    "Nee, en dat hoeft voor mij ook niet",
)


def shown(qtbot: QtBot, vault: Vault, tools: Tools, words: tuple[str, ...]) -> InterviewObject:
    asked = Ask("rijbewijs", "one", choices=len(words), words=words)
    flow = InterviewFlow.start(
        vault,
        OneForm(made_form([asked])),
        MarkedTexts(),
        add_person(vault).person_id,
        "gemaakt",
        "ar",
        Interpretation(),
        actor_of(vault),
    )
    window = QWidget()
    page = InterviewPage(
        tools, InterviewBridge(flow), SharingTable({}), client_texts=UiTexts("ar", None)
    )
    column = QVBoxLayout(window)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(page)
    window.resize(1366, 700)
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    return InterviewObject(qtbot, window)


def test_choices_that_fit_on_a_line_do_not_scroll(qtbot: QtBot, vault: Vault, tools: Tools) -> None:
    # narrower than they are they would need two lines each, and with that more than the room
    interview = shown(qtbot, vault, tools, WORDS)
    area = interview.page.card.area
    assert area is not None
    last = area.findChildren(QAbstractButton, "choice-k4")[-1]
    assert last.mapTo(area.viewport(), QPoint(0, last.height())).y() < area.viewport().height()
    assert area.verticalScrollBar().maximum() == 0


def test_choices_that_do_not_fit_scroll(qtbot: QtBot, vault: Vault, tools: Tools) -> None:
    interview = shown(qtbot, vault, tools, WORDS * 3)
    area = interview.page.card.area
    assert area is not None
    assert area.verticalScrollBar().maximum() > 0
