"""The whole job by keyboard: from the worklist to vaststellen, without a mouse or a set focus."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QListView, QPlainTextEdit
from pytestqt.qtbot import QtBot
from support.desks import Team
from support.interviews import add_person
from support.keyboard import Keyboard
from support.qt import make_theme
from support.vaults import actor_of, prepared_vault

from intake_app.domain.person import Koppeling
from intake_app.flows.preferences import Preferences, keep_preferences
from intake_app.ui.interview.block import QuestionBlock
from intake_app.ui.interview.bridge import Place
from intake_app.ui.interview.page import InterviewPage
from intake_app.ui.interview.questions.choice_button import ChoiceButton
from intake_app.ui.interview.sections import SectionItem
from intake_app.xforms import QuestionKind

ALT = Qt.KeyboardModifier.AltModifier


class Talk:
    """An interview held by keyboard alone; with `alt` no letter or digit is pressed alone."""

    def __init__(self, keys: Keyboard, page: InterviewPage, *, alt: bool) -> None:
        self.keys, self.page, self._alt = keys, page, alt

    def letter(self, letter: str) -> None:
        """Press a letter or digit of the table."""
        alone = Qt.KeyboardModifier.NoModifier
        self.keys.press(getattr(Qt.Key, f"Key_{letter}"), ALT if self._alt else alone)

    def go_to_section(self, title: str) -> None:
        """Open the list of sections and walk to one with the arrows."""
        self.keys.chord("Ctrl+J")
        for _ in range(40):
            item = self.keys.focus()
            assert isinstance(item, SectionItem)
            if item.text() == title:
                break
            self.keys.press(Qt.Key.Key_Down)
        else:
            raise AssertionError(f"no section {title}")
        self.keys.press(Qt.Key.Key_Return)

    def answer_page(self) -> None:
        """Answer every question of the page that shows."""
        for key in tuple(self.page.card.blocks):
            block = self.page.card.blocks.get(key)
            if block is not None:
                self._answer(block)

    def onward(self) -> None:
        """Go to the next page, as one does from where the focus is."""
        if isinstance(self.keys.focus(), QPlainTextEdit):
            self.keys.chord("Ctrl+Return")
        else:
            self.keys.press(Qt.Key.Key_Return)

    def _answer(self, block: QuestionBlock) -> None:
        flow = self.page.bridge.flow
        view = flow.view(block.key)
        if not view.definition.kind.askable or view.readonly:
            return
        if not block.isAncestorOf(self.keys.focus()):
            self.keys.tab_until(block.widget.isAncestorOf, block.objectName())
        focus = self.keys.focus()
        choosing = isinstance(focus, ChoiceButton)
        if choosing and view.definition.kind in {
            QuestionKind.SELECT_ONE,
            QuestionKind.SELECT_MULTIPLE,
        }:
            self.letter("2" if len(view.choices) > 1 else "1")
        elif (
            isinstance(focus, QLineEdit | QPlainTextEdit)
            and view.definition.kind is QuestionKind.TEXT
        ):
            self.keys.letters("zie het verslag")
        else:
            self.keys.press(Qt.Key.Key_W, ALT)
        block.widget.flush()
        if flow.view(block.key).problem is not None:
            self.keys.press(Qt.Key.Key_W, ALT)


def begin(azc: Team, keys: Keyboard) -> InterviewPage:
    """From Vandaag to the first question of the intake."""
    azc.today()
    keys.chord("Ctrl+2")
    azc.people()
    people = keys.tab_until(lambda w: isinstance(w, QListView), "the list of people")
    keys.press(Qt.Key.Key_Down)
    assert isinstance(people, QListView)
    keys.press(Qt.Key.Key_Return)
    azc.person()
    keys.tab_to("person-next")
    keys.press(Qt.Key.Key_Return)
    azc.start_panel()
    keys.tab_to("information-read")
    keys.press(Qt.Key.Key_Space)
    keys.tab_to("start-begin")
    keys.press(Qt.Key.Key_Return)
    return azc.interview().page


def open_desk(qtbot: QtBot, qapp: QApplication, folder: Path, preferences: Preferences) -> Team:
    vault = prepared_vault(folder / "kluis")
    person = add_person(vault)
    with vault.transaction(actor_of(vault), "koppelen") as tx:
        day = vault.env.now().date() - timedelta(days=10)
        tx.koppelingen.save(Koppeling(vault.env.uuid(), person.person_id, "0355", day))
    keep_preferences(vault, preferences)
    azc = Team(qtbot, folder / "kluis", make_theme(qapp))
    azc.open(vault)
    return azc


@pytest.mark.parametrize("single", [True, False])
def test_a_section_of_the_intake_is_filled_by_keyboard(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, *, single: bool
) -> None:
    azc = open_desk(qtbot, qapp, tmp_path, Preferences(single_keys=single))
    with Keyboard(qtbot) as keys:
        talk = Talk(keys, begin(azc, keys), alt=not single)
        page = talk.page
        talk.go_to_section("Werk")
        here = page.bridge.page
        assert here is not None
        section = here.section
        seen = 0
        while page.bridge.page is not None and page.bridge.page.section == section:
            before = page.bridge.page.key
            talk.answer_page()
            talk.onward()
            seen += 1
            assert page.bridge.page is None or page.bridge.page.key != before, before
            assert seen < 40
        outline = next(s for s in page.bridge.flow.outline() if s.path == section)
        assert outline.total > 0
        assert outline.answered == outline.total
        # back, to another question, a pause and out again, all without a mouse
        keys.chord("Alt+Left")
        assert page.bridge.page is not None
        assert page.bridge.page.section == section
        keys.chord("Ctrl+F")
        azc.until(lambda: keys.focus().objectName() == "find-field")
        keys.letters("rijbewijs")
        keys.press(Qt.Key.Key_Return)
        azc.until(lambda: page.bridge.focus is not None and "rijbewijs" in page.bridge.focus.path)
        azc.until(lambda: page.isAncestorOf(keys.focus()))
        talk.letter("P")
        assert page.bridge.is_paused
        keys.press(Qt.Key.Key_Return)
        assert not page.bridge.is_paused
        assert page.isAncestorOf(keys.focus())
    azc.close()


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("single", [True, False])
def test_the_whole_intake_to_vaststellen_by_keyboard(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, *, single: bool
) -> None:
    azc = open_desk(qtbot, qapp, tmp_path, Preferences(single_keys=single))
    with Keyboard(qtbot) as keys:
        talk = Talk(keys, begin(azc, keys), alt=not single)
        page = talk.page
        pages = 0
        while page.bridge.place is Place.PAGE:
            talk.answer_page()
            talk.onward()
            pages += 1
            assert pages < 600
        assert keys.focus() is page.footer.finish
        answered = keys.answer_dialog("confirm-dialog")
        keys.press(Qt.Key.Key_Return)
        assert answered
        assert not page.bridge.flow.is_open
        azc.person()
    azc.close()
