"""200 % on a laptop of 1366×768: the languages stack, the sections are a button, all is reached."""

from __future__ import annotations

import pytest
from pages.interview import InterviewObject
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from support.interviews import key

from intake_app import paths
from intake_app.domain.sharing import SharingTable
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.interview.bridge import InterviewBridge
from intake_app.ui.interview.page import InterviewPage
from intake_app.ui.interview.questions.base import Tools
from intake_app.ui.interview.sections import SectionItem, SectionPopup
from intake_app.ui.theme import Theme, apply

LEAST = 24
"""Effective pixels of the smallest target (WCAG 2.2, 2.5.8)."""


def shown(
    qtbot: QtBot, qapp: QApplication, bridge: InterviewBridge, scale: float
) -> InterviewObject:
    theme = Theme.load(paths.resource("themes", "default.json"), scale=scale)
    apply(qapp, theme)
    window = QWidget()
    column = QVBoxLayout(window)
    column.setContentsMargins(0, 0, 0, 0)
    page = InterviewPage(
        Tools(theme, UiTexts("nl", None)),
        bridge,
        SharingTable({}),
        client_texts=UiTexts(bridge.language, None),
    )
    column.addWidget(page)
    # what the top line of the window leaves of 768
    window.resize(1366, 768 - theme.px(60))
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    return InterviewObject(qtbot, window)


def labels(interview: InterviewObject) -> tuple[QLabel, QLabel]:
    found = [interview.block().findChild(QLabel, f"question-label-{w}") for w in ("nl", "other")]
    first, second = found
    assert first is not None
    assert second is not None
    return first, second


def below(first: QWidget, second: QWidget) -> bool:
    window = first.window()
    return second.mapTo(window, second.rect().topLeft()).y() >= (
        first.mapTo(window, first.rect().bottomLeft()).y()
    )


@pytest.mark.parametrize(
    ("scale", "narrow"), [(1.0, False), (1.5, False), (1.6, True), (2.0, True)]
)
def test_languages_stack_and_sections_become_a_button(
    qtbot: QtBot, qapp: QApplication, bridge: InterviewBridge, scale: float, *, narrow: bool
) -> None:
    interview = shown(qtbot, qapp, bridge, scale)
    bridge.go_to(key("gewerkt"))
    qapp.processEvents()
    assert interview.has("section-list") is not narrow
    assert interview.has("sections-open") is narrow
    assert below(*labels(interview)) is narrow
    area = interview.page.card.area
    assert area is not None
    assert area.horizontalScrollBar().maximum() == 0


@pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)", extend=True)
def test_the_sections_are_walked_by_keyboard_from_the_button(
    qtbot: QtBot, qapp: QApplication, bridge: InterviewBridge
) -> None:
    interview = shown(qtbot, qapp, bridge, 2.0)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    popup = interview.page.findChild(SectionPopup)
    assert popup is not None
    item = popup.focusWidget()
    assert isinstance(item, SectionItem)
    QTest.keyClick(item, Qt.Key.Key_Escape)
    assert not popup.isVisible()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    interview.page.open_sections()
    popup = next(p for p in interview.page.findChildren(SectionPopup) if p.isVisible())
    item = popup.focusWidget()
    assert isinstance(item, SectionItem)
    QTest.keyClick(item, Qt.Key.Key_Down)
    following = popup.focusWidget()
    assert isinstance(following, SectionItem)
    assert following is not item
    QTest.keyClick(following, Qt.Key.Key_Return)
    assert bridge.page is not None
    assert bridge.page.section.endswith(following.objectName().removeprefix("section-"))


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_every_target_is_large_enough_and_inside_the_window(
    qtbot: QtBot, qapp: QApplication, bridge: InterviewBridge, scale: float
) -> None:
    interview = shown(qtbot, qapp, bridge, scale)
    page = interview.page
    for question in ("naam_tolk", "gewerkt", "talen", "leeftijd"):
        bridge.go_to(key(question))
        qapp.processEvents()
        for button in page.findChildren(QAbstractButton):
            if not button.isVisible():
                continue
            least = LEAST * scale
            assert min(button.width(), button.height()) >= least, button.objectName()
            left = button.mapTo(page, button.rect().topLeft()).x()
            assert left >= 0, button.objectName()
            assert left + button.width() <= page.width(), button.objectName()


def test_the_button_that_reads_aloud_keeps_its_name_without_its_word(
    qtbot: QtBot, qapp: QApplication, bridge: InterviewBridge
) -> None:
    interview = shown(qtbot, qapp, bridge, 2.0)
    bridge.go_to(key("gewerkt"))
    button = interview.block().read_button
    assert button.text() == ""
    assert button.accessibleName() == "Voorlezen"
    assert "H" in button.accessibleDescription()
