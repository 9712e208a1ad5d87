"""Who is named in the top line of the window while a talk is on screen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from support.interviews import key, start_small
from support.qt import RecordingNavigator, make_context, settle

from intake_app.ui.desk_interview import InterviewOnScreen
from intake_app.ui.interview.host import InterviewHost
from intake_app.ui.interview.page import InterviewPage
from intake_app.ui.shell import Shell
from intake_app.ui.theme import Theme
from intake_app.vault import Vault

NAME = "Sara Voorbeeld"


def by_the_key(page: InterviewPage, qtbot: QtBot) -> None:
    field = page.card.blocks[key("naam_tolk")].widget.field  # type: ignore[attr-defined]
    field.setFocus()
    qtbot.keyClicks(field, "Tigrinya")
    qtbot.keyClick(field, Qt.Key.Key_P, Qt.KeyboardModifier.AltModifier)


def by_the_button(page: InterviewPage, qtbot: QtBot) -> None:
    page.pausing.rest()
    # stored while the screens are blank, as what was half tapped is
    page.bridge.answer(key("naam_tolk"), "Tigrinya")


def going_on(page: InterviewPage, qtbot: QtBot) -> None:
    page.go_next()
    page.pausing.rest()


@pytest.mark.parametrize("pause", [by_the_key, by_the_button, going_on])
def test_nobody_is_named_while_the_screens_are_blank(
    qtbot: QtBot,
    qapp: QApplication,
    vault: Vault,
    theme: Theme,
    pause: Callable[[InterviewPage, QtBot], None],
) -> None:
    context = make_context(vault, theme, navigate=RecordingNavigator())
    flow = start_small(vault)
    host = InterviewHost.reopen(context, flow.interview.interview_id)
    shell = Shell(theme, context.tr)
    qtbot.addWidget(shell)
    on_screen = InterviewOnScreen(vault, shell, lambda: context.tr, lambda _person: None)
    shell.show_page(host)
    on_screen.show(host, NAME)
    with qtbot.waitActive(shell):
        shell.show()
        shell.activateWindow()
    page = host.page
    assert page is not None
    page.bridge.go_to(key("naam_tolk"))
    settle(qapp)
    assert shell._crumbs[0].label == NAME
    pause(page, qtbot)
    assert page.bridge.is_paused
    settle(qapp)
    qtbot.waitUntil(lambda: not page.live.waits)
    settle(qapp)
    assert [crumb.label for crumb in shell._crumbs] == ["Pauze"]
    page.bridge.pause(on=False)
    settle(qapp)
    assert shell._crumbs[0].label == NAME
