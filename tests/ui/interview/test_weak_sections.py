"""What was not well understood: ticked in the talk, and marked wherever somebody looks later."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from pages.interview import InterviewObject
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from support.interviews import key, resume
from support.qt import settle

from intake_app.domain.interview import Interpretation, InterpreterMode
from intake_app.ui.a11y import check
from intake_app.ui.interview import dialogs
from intake_app.ui.interview.bridge import InterviewBridge
from intake_app.ui.interview.interpretation import InterpretationDialog
from intake_app.ui.interview.questions.base import Tools
from intake_app.vault import Vault


def test_told_back_and_weakly_understood_are_ticked_per_section(
    qtbot: QtBot, tools: Tools, bridge: InterviewBridge
) -> None:
    outline = bridge.flow.outline()
    dialog = InterpretationDialog(tools, Interpretation(InterpreterMode.VIDEO), outline)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog._told["/data/werk"].click()
    dialog._weak["/data/kort"].click()
    value = dialog.value()
    assert value.told_back == ("/data/werk",)
    assert value.weak == ("/data/kort",)
    assert check(dialog) == ()
    again = InterpretationDialog(tools, value, outline)
    qtbot.addWidget(again)
    assert again.value() == value


def test_a_section_that_is_not_asked_now_stays_marked(
    qtbot: QtBot, tools: Tools, bridge: InterviewBridge
) -> None:
    outline = bridge.flow.outline()
    shown = [replace(s, relevant=s.path != "/data/werk") for s in outline]
    before = Interpretation(told_back=("/data/werk",), weak=("/data/werk",))
    dialog = InterpretationDialog(tools, before, tuple(shown))
    qtbot.addWidget(dialog)
    dialog._weak["/data/kort"].click()
    assert set(dialog.value().weak) == {"/data/werk", "/data/kort"}
    assert dialog.value().told_back == ("/data/werk",)


@pytest.fixture
def talk(show: Callable[..., InterviewObject], bridge: InterviewBridge) -> InterviewObject:
    bridge.go_to(key("gewerkt"))
    return show(bridge)


def mark(talk: InterviewObject, monkeypatch: pytest.MonkeyPatch, *paths: str) -> None:
    def fill_in(dialog: InterpretationDialog) -> int:
        for path in paths:
            dialog._weak[path].setChecked(True)
        dialog.accept()
        return dialog.result()

    monkeypatch.setattr(InterpretationDialog, "exec", fill_in)
    dialogs.edit_interpretation(talk.page)
    settle(QApplication.instance())  # type: ignore[arg-type]


def test_it_is_kept_and_stands_in_the_list_and_the_look_back(
    talk: InterviewObject,
    bridge: InterviewBridge,
    vault: Vault,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bridge.review()
    settle(QApplication.instance())  # type: ignore[arg-type]
    assert not talk.has("review-weak")
    mark(talk, monkeypatch, "/data/werk")
    assert resume(vault, bridge.flow).interview.interpretation.weak == ("/data/werk",)
    assert "begrepen" in talk.find("section-werk").accessibleName()
    assert "begrepen" not in talk.find("section-kort").accessibleName()
    # the look back that is open says it too
    assert talk.has("review-weak")
    assert check(talk.root) == ()
    talk.click("review-weak-werk")
    assert talk.questions() == ("gewerkt",)


@pytest.mark.parametrize(("width", "under"), [(420, True), (720, False)])
def test_the_ticks_stand_under_the_section_where_there_is_no_room_beside_it(
    qtbot: QtBot, tools: Tools, bridge: InterviewBridge, qapp: QApplication, width: int, under: bool
) -> None:
    dialog = InterpretationDialog(tools, Interpretation(), bridge.flow.outline())
    qtbot.addWidget(dialog)
    dialog.resize(width, 500)
    dialog.show()
    settle(qapp)
    told, weak = dialog._told["/data/werk"], dialog._weak["/data/werk"]
    assert (told.mapTo(dialog, QPoint(0, 0)).x() == weak.mapTo(dialog, QPoint(0, 0)).x()) is under
    # nobody has to scroll sideways
    assert dialog._area.horizontalScrollBar().maximum() == 0
