"""An assistive client toggles a button and never clicks; what hangs on a click must happen."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QAccessible
from support.qt import make_theme

from intake_app.ui.interview.questions.choice_button import ChoiceButton
from intake_app.ui.interview.questions.choice_row import ChoiceRow
from intake_app.ui.kit import QuietButton
from intake_app.xforms import ChoiceView, ShownText


def toggle(button) -> None:
    interface = QAccessible.queryAccessibleInterface(button).actionInterface()
    assert interface is not None
    action = next(name for name in interface.actionNames() if name in {"Toggle", "Press"})
    interface.doAction(action)


@pytest.fixture
def theme(qapp):
    return make_theme(qapp)


def test_a_button_that_stays_down(qtbot, theme):
    button = QuietButton(theme, "Weet niet")
    button.setCheckable(True)
    qtbot.addWidget(button)
    told: list[bool] = []

    def hear(on: bool) -> None:
        told.append(on)

    button.clicked.connect(hear)
    toggle(button)
    assert told == [True]
    assert button.isChecked()
    toggle(button)
    assert told == [True, False]
    button.setChecked(True)
    assert told == [True, False], "the program's own word is no click"
    button.click()
    assert told == [True, False, False]


@pytest.mark.parametrize("single", [True, False])
def test_a_choice_asks_and_shows_only_what_was_stored(qtbot, theme, single):
    made = [
        ChoiceRow(theme, ChoiceView(word, ShownText(word, "nl"), word), None, single=single)
        for word in ("ja", "nee")
    ]
    asked: list[str] = []
    for row in made:
        qtbot.addWidget(row)
        row.chosen.connect(asked.append)
    assert isinstance(made[0], ChoiceButton)
    toggle(made[0])
    assert asked == ["ja"]
    assert not made[0].isChecked(), "it was not stored yet"
    made[0].set_on(True)
    toggle(made[1])
    assert asked == ["ja", "nee"]
