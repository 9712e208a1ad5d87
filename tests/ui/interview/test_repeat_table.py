"""A repeat as a table: short answers in their place, with the order, states and past of each."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from pages.interview import InterviewObject
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAction
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit
from pytestqt.qtbot import QtBot
from support.falling import place, start_falling
from support.qt import settle

from intake_app.domain.interview import AnswerState
from intake_app.flows.interview import InterviewFlow
from intake_app.ui.a11y import check
from intake_app.ui.interview.bridge import InterviewBridge
from intake_app.ui.interview.repeat_table import RepeatTable
from intake_app.ui.interview.table_cell import TableCell
from intake_app.ui.kit.focus import reading_order
from intake_app.vault import Vault
from intake_app.xforms import Changes, NodeKey

JOB, CHILD = "/data/werk/baan", "/data/gezin/kind"


def job(name: str, instance: UUID) -> NodeKey:
    return place(f"werk/baan/{name}", instance)


@pytest.fixture
def flow(vault: Vault) -> InterviewFlow:
    made = start_falling(vault)
    made.answer(place("werk/gewerkt"), "ja")
    for work in ("bakker", "kok", "kapper"):
        instance, _ = made.add_repeat(JOB)
        made.answer(job("functie", instance), work)
    return made


@pytest.fixture
def bridge(flow: InterviewFlow) -> InterviewBridge:
    made = InterviewBridge(flow)
    made.go_to(NodeKey(JOB))
    return made


def table(shown: InterviewObject) -> RepeatTable:
    return shown.find("repeat-table", RepeatTable)


def cell(shown: InterviewObject, name: str, row: int) -> TableCell:
    return table(shown).cells[row, name]


def field(shown: InterviewObject, name: str, row: int) -> QLineEdit:
    found = cell(shown, name, row).findChild(QLineEdit)
    assert found is not None
    return found


def works(shown: InterviewObject) -> list[str]:
    flow = shown.page.bridge.flow
    return [flow.session.value(job("functie", one)) for one in flow.session.repeats(JOB)]


def test_the_author_of_the_form_may_want_a_table(interview: InterviewObject) -> None:
    assert interview.has("repeat-table")
    assert [field(interview, "functie", row).text() for row in (1, 2, 3)] == [
        "bakker",
        "kok",
        "kapper",
    ]
    assert field(interview, "jaren", 2).accessibleName() == "Baan 2, Hoeveel jaar?"


def test_a_short_answer_is_given_in_its_place(interview: InterviewObject, qtbot: QtBot) -> None:
    flow = interview.page.bridge.flow
    second = flow.session.repeats(JOB)[1]
    box = field(interview, "jaren", 2)
    box.setFocus()
    qtbot.keyClicks(box, "12")
    field(interview, "functie", 3).setFocus()
    assert flow.session.value(job("jaren", second)) == "12"
    assert field(interview, "functie", 3).hasFocus()
    combo = cell(interview, "dag", 2).combo
    assert combo is not None
    assert [combo.itemText(i) for i in range(combo.count())] == [
        "",
        "Ja / [ar] Ja",
        "Nee / [ar] Nee",
    ]
    combo.setCurrentIndex(2)
    combo.activated.emit(2)
    assert flow.session.value(job("dag", second)) == "nee"


def test_typing_in_a_cell_is_stored_and_keeps_the_cell(
    interview: InterviewObject, qtbot: QtBot
) -> None:
    bridge = interview.page.bridge
    box = field(interview, "functie", 1)
    box.setFocus()
    box.end(False)
    with qtbot.waitSignal(bridge.saved, timeout=2_000):
        qtbot.keyClicks(box, "sknecht")
    assert works(interview)[0] == "bakkersknecht"
    assert field(interview, "functie", 1) is box
    assert box.hasFocus()


def test_what_does_not_fit_is_said_in_its_cell(interview: InterviewObject) -> None:
    box = field(interview, "jaren", 1)
    box.setFocus()
    box.setText("veel")
    interview.next()
    assert interview.has("repeat-table")
    assert "geen heel getal" in cell(interview, "jaren", 1).said.text()
    assert field(interview, "jaren", 1).text() == "veel"
    assert field(interview, "jaren", 1).hasFocus()
    field(interview, "jaren", 1).setText("4")
    interview.next()
    assert not interview.has("repeat-table")


def test_rows_are_moved_and_taken_away_with_a_way_back(interview: InterviewObject) -> None:
    interview.click("repeat-move-up-3")
    assert works(interview) == ["bakker", "kapper", "kok"]
    assert interview.has("repeat-table")
    assert interview.find("repeat-move-up-2").hasFocus()
    interview.click("repeat-remove-1")
    assert works(interview) == ["kapper", "kok"]
    assert "1 antwoord vervalt" in interview.text("hidden-notice")
    interview.click("hidden-undo")
    assert works(interview) == ["bakker", "kapper", "kok"]


def test_why_there_is_no_answer_is_said_of_a_cell(interview: InterviewObject) -> None:
    flow = interview.page.bridge.flow
    first = flow.session.repeats(JOB)[0]
    cell(interview, "jaren", 1).state_chosen.emit(job("jaren", first), AnswerState.REFUSED)
    assert cell(interview, "jaren", 1).said.text() == "Wil niet zeggen"
    row = flow.row(job("jaren", first))
    assert row is not None
    assert row.state is AnswerState.REFUSED


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_the_menu_of_a_cell_has_reasons_past_and_question(interview: InterviewObject) -> None:
    shown = cell(interview, "functie", 2)
    interview.click("cell-more-functie-2")
    assert shown.menu is not None
    names = [action.objectName() for action in shown.menu.findChildren(QAction) if action.text()]
    assert names == [
        "state-weet_niet",
        "state-wil_niet_zeggen",
        "state-niet_gevraagd",
        "state-nvt",
        "answer-history",
        "cell-open",
    ]
    opened = shown.menu.findChild(QAction, "cell-open")
    assert opened is not None
    shown.menu.close()
    opened.trigger()
    assert interview.questions() == ("functie",)


def test_the_switch_makes_cards_and_is_remembered(interview: InterviewObject) -> None:
    bridge = interview.page.bridge
    wanted: list[bool] = []
    bridge.table_chosen.connect(wanted.append)
    interview.click("repeat-as-table")
    assert wanted == [False]
    assert interview.has("repeat-card-1")
    assert not interview.has("repeat-table")
    bridge.as_table = True
    bridge.answer(place("gezin/aantal"), "2")
    bridge.go_to(NodeKey(CHILD))
    assert interview.has("repeat-table")
    # how many there are follows from an answer
    assert not interview.has("repeat-add")
    assert not interview.has("repeat-remove-1")


def test_a_narrow_window_has_cards(show: object, bridge: InterviewBridge) -> None:
    shown = show(bridge, 760, 700)  # type: ignore[operator]
    assert shown.has("repeat-card-1")
    assert not shown.has("repeat-table")
    assert not shown.has("repeat-as-table")


def test_tab_goes_through_the_cells_and_out_again(interview: InterviewObject) -> None:
    assert interview.has("repeat-table")
    seen = [widget.objectName() for widget in reading_order(interview.root)]
    cells = [seen.index(f"cell-more-{name}-1") for name in ("functie", "jaren", "dag")]
    assert cells == sorted(cells)
    order = (
        "repeat-as-table",
        "cell-more-dag-1",
        "repeat-move-down-1",
        "cell-more-functie-2",
        "repeat-move-up-2",
        "repeat-add",
        "interview-next",
    )
    assert [name for name in seen if name in order] == list(order)


@pytest.mark.parametrize("size", [(1366, 708), (1280, 740), (760, 700)])
def test_the_table_passes_the_checker(
    show: object, bridge: InterviewBridge, size: tuple[int, int]
) -> None:
    shown = show(bridge, *size)  # type: ignore[operator]
    assert shown.has("repeat-add")
    assert check(shown.root) == ()


def test_what_does_not_fit_stays_told_in_its_cell_when_rows_move(
    interview: InterviewObject, qapp: QApplication
) -> None:
    box = field(interview, "jaren", 1)
    box.setFocus()
    box.setText("veel")
    cell(interview, "jaren", 1).flush()
    cell(interview, "functie", 2).answered.emit(cell(interview, "functie", 2).key, "visser")
    assert "geen heel getal" in cell(interview, "jaren", 1).said.text()
    interview.click("repeat-move-up-3")
    settle(qapp)
    assert works(interview) == ["bakker", "kapper", "visser"]
    assert field(interview, "jaren", 1).text() == "veel"
    assert "geen heel getal" in cell(interview, "jaren", 1).said.text()
    interview.click("repeat-as-table")
    assert interview.has("repeat-table")
    cell(interview, "jaren", 1)._choose_state(AnswerState.UNKNOWN)
    assert field(interview, "jaren", 1).text() == ""
    assert interview.page.settled()


def test_what_is_typed_in_a_part_that_is_taken_away_comes_back_with_it(
    interview: InterviewObject,
) -> None:
    bridge = interview.page.bridge
    first = bridge.flow.session.repeats(JOB)[0]
    bridge.typing(job("functie", first), "molenaar")
    bridge.remove_repeat(JOB, first)
    bridge.store_typing()
    assert bridge.restore(first)
    assert works(interview) == ["molenaar", "kok", "kapper"]


def test_in_a_talk_that_is_vastgesteld_nothing_looks_as_if_it_can_be_changed(
    show: Callable[[InterviewBridge], InterviewObject], flow: InterviewFlow
) -> None:
    first = flow.session.repeats(JOB)[0]
    flow.answer(job("dag", first), "nee")
    flow.finish()
    bridge = InterviewBridge(flow)
    bridge.go_to(NodeKey(JOB))
    shown = show(bridge)
    chosen = cell(shown, "dag", 1)
    assert chosen.combo is None
    assert chosen.words is not None
    assert "Nee" in chosen.words.text()
    for box in table(shown).findChildren(QLineEdit):
        assert box.isReadOnly()
        # reachable for the keyboard, and a screen reader says that it can only be read
        assert box.focusPolicy() & Qt.FocusPolicy.TabFocus
        assert QAccessible.queryAccessibleInterface(box).state().readOnly
    assert not table(shown).findChildren(QComboBox)
    assert all(c.more.isHidden() for c in table(shown).cells.values())
    assert not check(shown.page.window())


def test_the_table_changes_when_the_talk_is_vastgesteld(
    interview: InterviewObject, flow: InterviewFlow, qapp: QApplication
) -> None:
    assert cell(interview, "dag", 1).combo is not None
    flow.finish()
    interview.page.bridge.changed.emit(Changes())
    settle(qapp)
    assert cell(interview, "dag", 1).combo is None
    assert field(interview, "jaren", 1).isReadOnly()
