"""A question takes the room it needs: nobody scrolls through emptiness."""

from __future__ import annotations

from pages.interview import InterviewObject
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot
from support.interviews import MarkedTexts, OneForm, add_person
from support.made_forms import Ask, made_form
from support.qt import settle
from support.vaults import actor_of

from intake_app.domain.interview import Interpretation
from intake_app.domain.sharing import SharingTable
from intake_app.flows.interview import InterviewFlow
from intake_app.i18n.catalogues import UiTexts
from intake_app.tour import kinds
from intake_app.ui.interview.bridge import InterviewBridge
from intake_app.ui.interview.page import InterviewPage
from intake_app.ui.interview.questions.base import Tools
from intake_app.vault import Vault
from intake_app.xforms import FormDefinition, NodeKey, parse_form

WORDS = (
    "Ja, alleen in het land waar ik vandaan kom",
    "Ja, in Nederland, en ik heb het bewijs bij me",
    "Nee, maar ik ben er nu mee bezig",
    "Nee, en dat hoeft voor mij ook niet",
)


def shown(qtbot: QtBot, vault: Vault, tools: Tools, words: tuple[str, ...]) -> InterviewObject:
    asked = Ask("rijbewijs", "one", choices=len(words), words=words)
    return shown_form(qtbot, vault, tools, made_form([asked]))


def shown_form(
    qtbot: QtBot, vault: Vault, tools: Tools, form: FormDefinition, height: int = 700
) -> InterviewObject:
    flow = InterviewFlow.start(
        vault,
        OneForm(form),
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
    window.resize(1366, height)
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


def test_a_table_opens_with_its_title_and_its_first_row(
    qtbot: QtBot, vault: Vault, tools: Tools
) -> None:
    form = parse_form(kinds.xml(), name=kinds.FORM_ID)
    interview = shown_form(qtbot, vault, tools, form)
    page = interview.page
    page.bridge.go_to(NodeKey(kinds.path_of("kop")))
    QApplication.processEvents()
    area = page.card.area
    assert area is not None
    assert area.verticalScrollBar().value() == 0
    first = page.card.blocks[NodeKey(kinds.path_of("lezen"))]
    assert end_of(first, area.viewport()) <= area.viewport().height()


def test_why_an_answer_is_not_stored_is_seen_where_there_is_little_height(
    qtbot: QtBot, vault: Vault, tools: Tools
) -> None:
    asked = [Ask("naam", "text", label="Hoe wilt u dat we u noemen? " * 8)]
    interview = shown_form(qtbot, vault, tools, made_form(asked), height=330)
    page = interview.page
    (block,) = page.card.blocks.values()
    page.bridge.failed.emit(block.key, "De schijf is vol.")
    area = page.card.area
    assert area is not None
    viewport = area.viewport()
    qtbot.waitUntil(lambda: 0 < end_of(block.problem, viewport) <= viewport.height())


def test_the_field_stays_in_view_when_a_notice_takes_height(
    qtbot: QtBot, vault: Vault, tools: Tools
) -> None:
    asked = [Ask("naam", "text", label="Hoe wilt u dat we u noemen? " * 8)]
    interview = shown_form(qtbot, vault, tools, made_form(asked), height=400)
    page = interview.page
    area, field = page.card.area, QApplication.focusWidget()
    assert area is not None
    assert area.isAncestorOf(field)
    viewport = area.viewport()
    before = viewport.height()
    page.bridge.hidden.emit(3)
    qtbot.waitUntil(lambda: viewport.height() < before)
    qtbot.waitUntil(lambda: end_of(field, viewport) <= viewport.height())


def end_of(widget: QWidget, viewport: QWidget) -> int:
    return widget.mapTo(viewport, QPoint(0, widget.height())).y()


def test_what_comes_after_a_field_is_in_view_when_a_line_about_that_field_goes(
    qtbot: QtBot, vault: Vault, tools: Tools, qapp: QApplication
) -> None:
    form = made_form([Ask("naam", "text")])
    talk = shown_form(qtbot, vault, tools, form, height=300)
    talk.page.window().resize(683, 384)
    settle(qapp)
    block = talk.block("naam")
    qtbot.keyClicks(block.widget.findChild(QLineEdit), "Layla")
    talk.page.bridge.failed.emit(block.key, " ".join(["De schijf is vol en dat duurt nog."] * 12))
    settle(qapp)
    assert talk.problem("naam")
    assert qapp.focusWidget() is block.widget.findChild(QLineEdit)
    # leaving the field stores it: the words go while the focus moves
    qtbot.keyClick(qapp.focusWidget(), Qt.Key.Key_Tab)
    qapp.processEvents()
    link = qapp.focusWidget()
    assert link is not None
    assert link.objectName() == "answer-language"
    assert talk.problem("naam") == ""
    assert link.visibleRegion().boundingRect().height() == link.height()
    # nothing jumps afterwards
    place = link.mapTo(talk.page, QPoint(0, 0))
    settle(qapp)
    assert link.mapTo(talk.page, QPoint(0, 0)) == place
