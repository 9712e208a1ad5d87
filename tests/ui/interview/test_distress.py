"""When the talk is too much: pause, go on without an answer, or stop, always one key away."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from pages.clientscreen import ClientScreenObject
from pages.interview import InterviewObject
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from support.interviews import add_person, key
from support.vaults import actor_of

from intake_app import paths
from intake_app.domain.interview import AnswerState, Interpretation
from intake_app.flows.interview import InterviewFlow
from intake_app.formio.library import Library
from intake_app.formio.texts import CatalogueTexts
from intake_app.i18n.catalogues import Catalogues, UiTexts
from intake_app.ui.a11y import check
from intake_app.ui.clientscreen.window import ClientWindow
from intake_app.ui.clientscreen.words import AS_YOU_WISH, RESTING
from intake_app.ui.interview.bridge import InterviewBridge
from intake_app.ui.interview.questions.base import Tools
from intake_app.vault import Vault
from intake_app.xforms import NodeKey, QuestionKind

LETTERS = {"P": Qt.Key.Key_P, "O": Qt.Key.Key_O, "V": Qt.Key.Key_V, "S": Qt.Key.Key_S}


def pauses(vault: Vault) -> int:
    with vault.read() as records:
        return sum("gesprek: pauze" in entry.body for entry in records.audit.entries(100))


@pytest.fixture
def asking(interview: InterviewObject) -> InterviewObject:
    """A page whose question must be answered, with the focus on a choice."""
    interview.go_to_section("werk")
    assert interview.questions() == ("gewerkt",)
    return interview


def test_the_button_blanks_both_screens_and_brings_back(
    asking: InterviewObject, bridge: InterviewBridge
) -> None:
    asking.rest()
    assert bridge.is_paused
    assert asking.is_resting()
    assert check(asking.root) == ()
    asking.resume()
    assert not bridge.is_paused
    assert asking.questions() == ("gewerkt",)


@pytest.mark.parametrize("alt", [False, True])
def test_one_key_pauses_and_the_same_key_goes_on(
    asking: InterviewObject, bridge: InterviewBridge, qtbot: QtBot, alt: bool
) -> None:
    modifier = Qt.KeyboardModifier.AltModifier if alt else Qt.KeyboardModifier.NoModifier
    for paused in (True, False):
        target = asking.root.focusWidget() or asking.root
        qtbot.keyClick(target, Qt.Key.Key_P, modifier)
        assert bridge.is_paused is paused


def test_in_a_text_field_the_letter_is_a_letter_and_alt_pauses(
    interview: InterviewObject, bridge: InterviewBridge, qtbot: QtBot
) -> None:
    bridge.go_to(key("naam_tolk"))
    field = interview.block("naam_tolk").widget.field  # type: ignore[attr-defined]
    field.setFocus()
    for letter in LETTERS.values():
        qtbot.keyClick(field, letter)
    assert field.text().lower() == "povs"
    assert not bridge.is_paused
    qtbot.keyClick(field, Qt.Key.Key_P, Qt.KeyboardModifier.AltModifier)
    assert bridge.is_paused
    # what was typed is stored before anything else
    assert bridge.flow.session.value(key("naam_tolk")).lower() == "povs"


def test_the_log_says_that_it_paused_and_nothing_more(
    asking: InterviewObject, bridge: InterviewBridge, vault: Vault, qtbot: QtBot
) -> None:
    rows = dict(bridge.flow.filled().answers)
    asking.rest()
    qtbot.waitUntil(lambda: pauses(vault) == 1)
    asking.resume()
    asking.rest()
    qtbot.waitUntil(lambda: pauses(vault) == 2)
    assert dict(bridge.flow.filled().answers) == rows


def test_blanking_for_the_lock_is_no_pause_of_the_talk(
    asking: InterviewObject, vault: Vault
) -> None:
    asking.page.pausing.blank()
    asking.page.bridge.remember()
    asking.page.bridge.note(key("gewerkt"), "later", in_handover=False)
    assert pauses(vault) == 0


def test_going_on_without_an_answer_notes_nothing(
    asking: InterviewObject, bridge: InterviewBridge
) -> None:
    asking.rest()
    asking.skip()
    assert not bridge.is_paused
    assert asking.questions() != ("gewerkt",)
    row = bridge.flow.row(key("gewerkt"))
    assert row is None or (row.state is AnswerState.NONE and not row.later)


def test_the_key_goes_on_without_an_answer_too(
    asking: InterviewObject, bridge: InterviewBridge
) -> None:
    asking.press(Qt.Key.Key_O)
    assert asking.questions() != ("gewerkt",)
    assert not bridge.is_paused


def test_the_next_section_is_one_key_away(asking: InterviewObject, bridge: InterviewBridge) -> None:
    asking.press(Qt.Key.Key_V)
    assert bridge.page is not None
    assert bridge.page.section.endswith("/kort")
    asking.rest()
    asking.skip_section()
    assert asking.is_reviewing()


def test_stopping_shows_how_and_can_be_taken_back(
    asking: InterviewObject, bridge: InterviewBridge, qtbot: QtBot
) -> None:
    asking.press(Qt.Key.Key_S)
    assert bridge.is_paused
    assert asking.is_stopping()
    words = " ".join(asking.words(asking.find("closing-script")))
    assert "Bedank de persoon" in words
    assert check(asking.root) == ()
    asking.click("interview-stop-not")
    assert not asking.is_stopping()
    asking.stop()
    with qtbot.waitSignal(asking.page.stopped) as told:
        asking.stop_now()
    assert told.args == [bridge.flow.interview.person_id]
    assert isinstance(told.args[0], UUID)
    assert bridge.flow.is_open


def test_escape_goes_back_from_stopping_and_does_not_stop(
    asking: InterviewObject, bridge: InterviewBridge
) -> None:
    asking.press(Qt.Key.Key_S)
    asking.press(Qt.Key.Key_Escape)
    assert not asking.is_stopping()
    assert bridge.is_paused


def test_the_client_may_pause_too_and_reads_that_it_rests(
    qtbot: QtBot, tools: Tools, bridge: InterviewBridge
) -> None:
    bridge.go_to(key("gewerkt"))
    words = {RESTING: "[ar] rust", AS_YOU_WISH: "[ar] zoals u wilt"}

    class Texts(UiTexts):
        def gettext(self, message: str) -> str:
            return words.get(message, message)

    window = ClientWindow(tools.theme, bridge, Texts("ar", None))
    window.resize(1366, 768)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window, timeout=20_000):
        window.show()
    screen = ClientScreenObject(qtbot, window)
    screen.pause()
    assert bridge.is_paused
    assert screen.texts() == tuple(words.values())
    assert not window.pause_button.isVisible()
    assert check(window) == ()
    bridge.pause(on=False)
    assert window.pause_button.isVisible()
    bridge.go_to(key("oordeel"))
    assert screen.is_waiting()
    assert not set(words.values()) & set(screen.texts())


def test_in_a_narrow_window_the_button_stays(
    show: Callable[..., InterviewObject], bridge: InterviewBridge
) -> None:
    page = show(bridge, 700, 560)
    button = page.find("interview-pause", QWidget)
    assert button.isVisible()
    assert button.accessibleName() == "Pauze, of stoppen"
    page.rest()
    assert check(page.root) == ()


def test_the_form_says_how_to_end_where_it_has_words_for_it(
    vault: Vault, bridge: InterviewBridge
) -> None:
    assert bridge.closing_words() == "", "the small form has only words to begin with"
    compiled = paths.compiled_dir()
    intake = InterviewFlow.start(
        vault,
        Library(compiled),
        CatalogueTexts(Catalogues(compiled)),
        add_person(vault, language="ar").person_id,
        "intake",
        "ar",
        Interpretation(),
        actor_of(vault),
    )
    words = InterviewBridge(intake).closing_words()
    last = [q for q in intake.form.questions.values() if q.kind is QuestionKind.NOTE][-1]
    guidance = intake.view(NodeKey(last.path)).guidance
    assert guidance is not None
    assert words == guidance.text
