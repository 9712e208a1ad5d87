"""One table of keys: what works, what the sheet says, and that nothing else claims a key."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pages.interview import InterviewObject
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot
from support.interviews import key

from intake_app import paths
from intake_app.domain.interview import AnswerState
from intake_app.domain.sharing import SharingTable
from intake_app.flows.preferences import Preferences
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.interview.bridge import InterviewBridge
from intake_app.ui.interview.keys import DIGITS, KEYS, Act, letter_of
from intake_app.ui.interview.page import InterviewPage
from intake_app.ui.interview.questions.base import Tools
from intake_app.ui.interview.shortcuts import ShortcutSheet, shown_key
from intake_app.ui.shell import Shell
from intake_app.ui.theme import Theme

DUTCH = UiTexts("nl", None)

Open = Callable[[Preferences], InterviewObject]


@pytest.fixture
def open_with(qtbot: QtBot, tools: Tools, bridge: InterviewBridge) -> Open:
    def opened(preferences: Preferences) -> InterviewObject:
        window = QWidget()
        column = QVBoxLayout(window)
        column.setContentsMargins(0, 0, 0, 0)
        page = InterviewPage(
            tools,
            bridge,
            SharingTable({}),
            client_texts=UiTexts(bridge.language, None),
            preferences=preferences,
        )
        column.addWidget(page)
        window.resize(1366, 700)
        qtbot.addWidget(window)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        return InterviewObject(qtbot, window)

    return opened


def type_key(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget(), key, modifiers)


ALT = Qt.KeyboardModifier.AltModifier


# ---- the table ---------------------------------------------------------------------------------


def test_no_key_means_two_things() -> None:
    letters = "".join(k.letter for k in KEYS)
    assert len(set(letters)) == len(letters)
    assert letters.isupper() or set(letters) - set(DIGITS) == {c for c in letters if c.isupper()}
    chords = [chord for k in KEYS for chord in k.chords]
    assert len(set(chords)) == len(chords)
    assert {k.act for k in KEYS} == set(Act)


def test_no_key_is_one_that_layouts_or_windows_keep_to_themselves() -> None:
    ctrl, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    taken = {"Alt+F4", "Alt+Tab", "Alt+Esc", "Alt+Space", "Alt+Return", "Alt+Enter", "Alt+Print"}
    every = [chord for k in KEYS for chord in k.chords]
    every += [f"Alt+{letter}" for k in KEYS for letter in k.letter]
    for chord in every:
        sequence = QKeySequence(chord)
        assert sequence.count() == 1, chord
        modifiers = sequence[0].keyboardModifiers()
        assert not (modifiers & ctrl and modifiers & ALT), f"{chord} is AltGr"
        assert not (modifiers & shift and modifiers & ALT), f"{chord} changes the layout"
        assert chord not in taken


def test_the_page_has_exactly_the_shortcuts_of_the_table(interview: InterviewObject) -> None:
    wanted = {chord for k in KEYS if not k.elsewhere for chord in k.chords}
    wanted |= {f"Alt+{letter}" for k in KEYS for letter in k.letter}
    there = interview.page.findChildren(QShortcut)
    assert {s.key().toString() for s in there} == {QKeySequence(c).toString() for c in wanted}
    assert len(there) == len(wanted)


def test_the_window_has_the_keys_that_are_said_to_be_elsewhere(qtbot: QtBot, tools: Tools) -> None:
    shell = Shell(tools.theme, DUTCH)
    qtbot.addWidget(shell)
    there = {shortcut.key().toString() for shortcut in shell.findChildren(QShortcut)}
    assert there == {chord for k in KEYS if k.elsewhere for chord in k.chords}


def test_no_word_on_the_page_claims_a_key_with_alt(interview: InterviewObject) -> None:
    for section in ("werk", "kort", "review"):
        interview.go_to_section(section)
        for widget in interview.root.findChildren(QWidget):
            if isinstance(widget, QAbstractButton):
                assert widget.shortcut().isEmpty(), widget.objectName()
                assert QKeySequence.mnemonic(widget.text()).isEmpty(), widget.text()
            if isinstance(widget, QLabel) and widget.buddy() is not None:
                assert QKeySequence.mnemonic(widget.text()).isEmpty(), widget.text()


# ---- the sheet ---------------------------------------------------------------------------------


@pytest.mark.parametrize("single", [True, False])
def test_the_sheet_says_every_key_and_nothing_else(
    qtbot: QtBot, tools: Tools, *, single: bool
) -> None:
    sheet = ShortcutSheet(tools, single=single)
    qtbot.addWidget(sheet)
    assert sheet.rows == [(shown_key(k, single=single), k.words) for k in KEYS]
    alone = [name for name, _ in sheet.rows if len(name) == 1]
    assert bool(alone) is single
    for k in KEYS:
        name = shown_key(k, single=single)
        for chord in k.chords[:1]:
            assert chord.split("+")[0] in name
        if k.letter and not single:
            assert name.startswith("Alt ")


def test_the_sheet_leaves_out_what_a_form_without_client_has_not(
    qtbot: QtBot, tools: Tools
) -> None:
    sheet = ShortcutSheet(tools, client=False)
    qtbot.addWidget(sheet)
    assert len(sheet.rows) == sum(not k.client for k in KEYS)


def test_f1_opens_the_sheet_and_enter_closes_it(
    interview: InterviewObject, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []

    def shown(sheet: ShortcutSheet) -> int:
        sheet.show()
        QTest.keyClick(sheet.focusWidget(), Qt.Key.Key_Return)
        seen.append(sheet.result())
        return 1

    monkeypatch.setattr(ShortcutSheet, "exec", shown)
    interview.press(Qt.Key.Key_F1)
    assert seen == [ShortcutSheet.DialogCode.Accepted]


# ---- what keys do ------------------------------------------------------------------------------


def test_letters_alone_do_nothing_where_they_are_off_and_alt_does(open_with: Open) -> None:
    interview = open_with(Preferences(single_keys=False))
    interview.go_to_section("werk")
    bridge = interview.page.bridge
    for each in (Qt.Key.Key_1, Qt.Key.Key_W, Qt.Key.Key_P, Qt.Key.Key_L):
        type_key(each)
    assert bridge.flow.row(key("gewerkt")) is None
    assert not bridge.is_paused
    type_key(Qt.Key.Key_1, ALT)
    assert bridge.flow.view(key("gewerkt")).value == "ja"
    type_key(Qt.Key.Key_W, ALT)
    assert bridge.flow.view(key("gewerkt")).state.value == AnswerState.UNKNOWN
    type_key(Qt.Key.Key_L, ALT)
    row = bridge.flow.row(key("gewerkt"))
    assert row is not None
    assert row.later
    buttons = {b.objectName(): b for b in interview.block().state_bar.findChildren(QAbstractButton)}
    assert getattr(buttons[f"state-{AnswerState.UNKNOWN}"], "key", "") == "Alt W"


@pytest.mark.parametrize(
    ("letter", "state"),
    [
        ("W", AnswerState.UNKNOWN),
        ("G", AnswerState.REFUSED),
        ("N", AnswerState.NOT_ASKED),
        ("T", AnswerState.NOT_APPLICABLE),
    ],
)
def test_alt_gives_a_reason_from_inside_a_text_field(
    interview: InterviewObject, letter: str, state: AnswerState
) -> None:
    interview.next()
    field = interview.block("naam_tolk").widget.field  # type: ignore[attr-defined]
    assert field.hasFocus()
    QTest.keyClick(field, letter.lower())
    assert field.text() == letter.lower()
    type_key(getattr(Qt.Key, f"Key_{letter}"), ALT)
    assert interview.page.bridge.flow.view(key("naam_tolk")).state.value == state.value
    assert field.text() == ""


def test_note_history_client_screen_and_next_by_key(
    interview: InterviewObject, monkeypatch: pytest.MonkeyPatch
) -> None:
    interview.go_to_section("werk")
    page = interview.page
    asked: list[object] = []
    monkeypatch.setattr(page, "show_history", asked.append)
    type_key(Qt.Key.Key_E)
    assert asked == [key("gewerkt")]
    type_key(Qt.Key.Key_1)
    type_key(Qt.Key.Key_M)
    assert interview.block().note.field.hasFocus()
    type_key(Qt.Key.Key_Right, ALT)
    assert interview.questions() != ("gewerkt",)
    type_key(Qt.Key.Key_C)
    assert page.client_screen.window is not None
    type_key(Qt.Key.Key_C)
    assert page.client_screen.window is None


def test_nothing_behind_blank_screens_comes_forward_by_a_key(interview: InterviewObject) -> None:
    page = interview.page
    interview.go_to_section("werk")
    here = page.bridge.page
    type_key(Qt.Key.Key_P)
    assert page.bridge.is_paused
    for chord in ("Alt+Left", "Alt+Right", "Ctrl+J", "Ctrl+F"):
        sequence = QKeySequence(chord)[0]
        type_key(sequence.key(), sequence.keyboardModifiers())
        assert page.bridge.page is here
        assert QApplication.activeModalWidget() is None
    type_key(Qt.Key.Key_W, ALT)
    assert page.bridge.flow.row(key("gewerkt")) is None
    type_key(Qt.Key.Key_P)
    assert not page.bridge.is_paused


def event(text: str, code: int = 0, key_: Qt.Key = Qt.Key.Key_unknown) -> QKeyEvent:
    return QKeyEvent(
        QKeyEvent.Type.KeyPress, key_, Qt.KeyboardModifier.NoModifier, 0, code, 0, text
    )


def test_keys_of_other_layouts_mean_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    assert letter_of(event("w")) == "W"
    assert letter_of(event("٣")) == "3"
    assert letter_of(event("۷")) == "7"
    assert letter_of(event("é", 0x32)) == ""
    assert letter_of(event("")) == ""
    # Windows keeps the Latin letter of the key, whatever the layout writes with it
    monkeypatch.setattr("intake_app.ui.interview.keys.sys.platform", "win32")
    assert letter_of(event("ص", 0x57)) == "W"
    assert letter_of(event("é", 0x32)) == "2"
    assert letter_of(event("", 0x70)) == ""


def test_digits_with_shift_choose_as_on_a_french_keyboard(interview: InterviewObject) -> None:
    interview.go_to_section("werk")
    type_key(Qt.Key.Key_2, Qt.KeyboardModifier.ShiftModifier)
    assert interview.page.bridge.flow.view(key("gewerkt")).value == "nee"


# ---- going on by itself ------------------------------------------------------------------------


def test_nobody_is_taken_further_who_did_not_ask(open_with: Open, qtbot: QtBot) -> None:
    interview = open_with(Preferences())
    interview.go_to_section("werk")
    type_key(Qt.Key.Key_2)
    assert not interview.page.advance.waiting


def test_after_one_choice_it_shows_and_goes_on_and_alt_left_comes_back(
    open_with: Open, qtbot: QtBot
) -> None:
    interview = open_with(Preferences(auto_advance=True))
    interview.go_to_section("werk")
    page = interview.page
    type_key(Qt.Key.Key_2)
    assert page.advance.waiting
    assert page.footer.cue.isVisible()
    assert interview.questions() == ("gewerkt",)
    qtbot.waitUntil(lambda: interview.questions() != ("gewerkt",))
    assert not page.footer.cue.isVisible()
    assert not page.footer.next.isDown()
    type_key(Qt.Key.Key_Left, ALT)
    assert interview.questions() == ("gewerkt",)
    assert not page.advance.waiting


@pytest.mark.parametrize("act", ["again", "state", "pause", "note"])
def test_any_other_act_keeps_the_page(open_with: Open, act: str) -> None:
    interview = open_with(Preferences(auto_advance=True))
    interview.go_to_section("werk")
    type_key(Qt.Key.Key_2)
    assert interview.page.advance.waiting
    press = {
        "again": Qt.Key.Key_2,  # takes the answer away
        "state": Qt.Key.Key_W,
        "pause": Qt.Key.Key_P,
        "note": Qt.Key.Key_M,
    }[act]
    type_key(press)
    assert not interview.page.advance.waiting


def test_a_key_in_the_same_field_keeps_the_page(open_with: Open) -> None:
    interview = open_with(Preferences(auto_advance=True))
    interview.go_to_section("werk")
    type_key(Qt.Key.Key_2)
    assert interview.page.advance.waiting
    # as the window gets it, before anything in it does
    QTest.keyClick(interview.page.window().windowHandle(), Qt.Key.Key_X)
    assert not interview.page.advance.waiting


def test_it_never_goes_on_after_several_a_text_or_a_tap_of_the_client(open_with: Open) -> None:
    interview = open_with(Preferences(auto_advance=True))
    page = interview.page
    page.bridge.go_to(key("talen"))
    type_key(Qt.Key.Key_1)
    assert page.bridge.flow.view(key("talen")).value
    assert not page.advance.waiting
    page.bridge.go_to(key("gewerkt"))
    page.bridge.answer(key("gewerkt"), "nee")  # as the client's screen does
    assert not page.advance.waiting
    page.bridge.go_to(key("leeftijd"))
    QTest.keyClicks(QApplication.focusWidget(), "31")
    page.card.flush()
    assert not page.advance.waiting


def test_it_stays_where_answers_fell_away(open_with: Open) -> None:
    interview = open_with(Preferences(auto_advance=True))
    bridge = interview.page.bridge
    interview.go_to_section("werk")
    bridge.answer(key("gewerkt"), "ja")
    (first,) = bridge.flow.session.repeats("/data/werk/baan")[:1]
    bridge.answer(key("functie", first), "bakker")
    bridge.go_to(key("gewerkt"))
    type_key(Qt.Key.Key_2)
    assert bridge.flow.view(key("gewerkt")).value == "nee"
    assert not interview.page.advance.waiting


def test_leaving_stops_what_was_about_to_come(open_with: Open) -> None:
    interview = open_with(Preferences(auto_advance=True))
    interview.go_to_section("werk")
    type_key(Qt.Key.Key_2)
    interview.page.leaving()
    assert not interview.page.advance.waiting


def test_at_200_percent_the_arrows_show_the_rest_of_the_sheet(
    qtbot: QtBot, qapp: QApplication, interview: InterviewObject
) -> None:
    large = Theme.load(paths.resource("themes", "default.json"), scale=2.0)
    sheet = ShortcutSheet(Tools(large, DUTCH), interview.root)
    qtbot.addWidget(sheet)
    sheet.open()
    qtbot.waitUntil(lambda: sheet.isAncestorOf(QApplication.focusWidget() or interview.root))
    assert sheet.width() <= interview.root.width()
    assert sheet.height() <= interview.root.height()
    area = sheet.findChild(QScrollArea, "shortcut-scroll")
    assert area is not None
    bar = area.verticalScrollBar()
    assert bar.maximum() > 0
    assert area.horizontalScrollBar().maximum() == 0
    type_key(Qt.Key.Key_Down)
    assert bar.value() > 0
    type_key(Qt.Key.Key_End)
    assert bar.value() == bar.maximum()
    type_key(Qt.Key.Key_Return)
    assert sheet.isHidden()
