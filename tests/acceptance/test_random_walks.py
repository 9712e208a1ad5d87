"""Random walks through a whole interview in real windows; nothing acknowledged is ever lost.

Each walk does a hundred things somebody may do at the table, in any order: answer, type half a
word, press any key, go back, jump, add and remove a job, let the client tap, switch the language,
pause, pull out the monitor, lock, and pull the plug. After every one of them what the window was
told is stored must stand in the vault, and after a lock or a crash the interview must open where it
was, with all of it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from pages.interview import InterviewObject
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QScreen
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot
from support.desks import Team
from support.qt import make_theme, settle
from support.vaults import PASSPHRASE, make_vault

from intake_app.domain.interview import Answer
from intake_app.flows import register
from intake_app.flows.register import PersonDraft
from intake_app.flows.unlock import unlock
from intake_app.ui.clientscreen import screens
from intake_app.ui.clientscreen.window import ClientWindow
from intake_app.ui.interview import client_screen as client_screens
from intake_app.ui.interview.bridge import Place
from intake_app.ui.interview.questions.text import TextAnswer
from intake_app.ui.theme import Theme
from intake_app.xforms import NodeKey

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

LANGUAGES = ("ar", "ti", "fa", "en", "so", "nl")
WORDS = ("Ja", "ik werkte 3 jaar", "كنت خياطا", "ሓካይም", "a" * 300, "12", "  ", "<b>&amp;'\"")
LETTERS = "WGNTLPOVBCEMHD123456789"
MOVES = (Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Down, Qt.Key.Key_Up)
STEPS, WALKS = 100, 4

Rows = dict[NodeKey, Answer]


class FakeScreens(screens.Screens):
    """A second monitor that can be pulled out; it has the size of the first."""

    plugged = True

    def free(self, beside: QWidget) -> QScreen | None:
        return beside.screen() if self.plugged else None

    def mirrored(self, beside: QWidget) -> bool:
        del beside
        return False

    def reaches(self, window: QWidget, screen: QScreen) -> bool:
        # there is one screen here, which stands for two
        del window, screen
        return False

    def pull(self, screen: QScreen) -> None:
        """Take the monitor away."""
        type(self).plugged = False
        self.went.emit(screen)

    def put(self, screen: QScreen) -> None:
        """Plug the monitor in."""
        type(self).plugged = True
        self.came.emit(screen)


@dataclass
class Stage:
    """What every walk begins with: a vault with one interview that has just begun."""

    qtbot: QtBot
    theme: Theme
    folder: Path
    person_id: UUID
    scratch: Path


class Walk(RuleBasedStateMachine):
    """Somebody with an interview, a client's screen, and bad luck."""

    stage: Stage
    number = 0

    def __init__(self) -> None:
        super().__init__()
        self.team: Team | None = None
        self.teams: list[Team] = []
        self.at: NodeKey | None = None
        self.done: list[str] = []

    # ---- before and after ----------------------------------------------------------------------

    @initialize()
    def sit_down(self) -> None:
        """Open a copy of the prepared vault in the interview."""
        FakeScreens.plugged = True
        self._open(self._copy(self.stage.folder))

    def teardown(self) -> None:
        for team in self.teams:
            team.close()
        settle(_app())

    def _copy(self, folder: Path) -> Path:
        type(self).number += 1
        target = self.stage.scratch / f"kluis-{self.number}"
        shutil.copytree(folder, target)
        return target

    def _open(self, folder: Path) -> None:
        stage = self.stage
        team = Team(stage.qtbot, folder, stage.theme, seed=1000 + len(self.teams))
        self.teams.append(team)
        self.team = team
        with told_nothing():
            team.open(unlock(folder, PASSPHRASE, team.env))
            team.interview()

    # ---- what can be asked ---------------------------------------------------------------------

    @property
    def interview(self) -> InterviewObject:
        assert self.team is not None
        return self.team.interview()

    def kept(self) -> Rows:
        """Return the answers as they stand in the vault."""
        assert self.team is not None
        flow = self.interview.page.bridge.flow
        with self.team.vault.read() as records:
            rows = records.answers.of_interview(flow.interview.interview_id)
        return {NodeKey(row.path, row.repeat): row for row in rows}

    def told(self) -> Rows:
        """Return the answers as the window has them."""
        flow = self.interview.page.bridge.flow
        keys = [NodeKey(path) for path in flow.form.questions]
        found = {key: flow.row(key) for key in {*keys, *self.kept()}}
        return {key: row for key, row in found.items() if row is not None}

    def is_asking(self) -> bool:
        """True while a question shows and can be answered."""
        bridge = self.interview.page.bridge
        return bridge.place is Place.PAGE and not bridge.is_paused and bridge.pointing is None

    # ---- at the table --------------------------------------------------------------------------

    @rule(letter=st.sampled_from(LETTERS), alt=st.booleans())
    def press_a_letter(self, letter: str, alt: bool) -> None:
        """Press a key of the sheet, with or without Alt, wherever the focus is."""
        key = getattr(Qt.Key, f"Key_{letter}")
        modifier = Qt.KeyboardModifier.AltModifier if alt else Qt.KeyboardModifier.NoModifier
        with self._step(f"{'alt ' * alt}{letter}"):
            self.stage.qtbot.keyClick(self._focus(), key, modifier)

    @rule(key=st.sampled_from(MOVES), times=st.integers(1, 3))
    def press_a_move(self, key: Qt.Key, times: int) -> None:
        """Press a key that moves."""
        with self._step(f"{key.name} x{times}"):
            for _ in range(times):
                self.stage.qtbot.keyClick(self._focus(), key)

    @precondition(lambda self: self.is_asking())
    @rule(data=st.data(), words=st.sampled_from(WORDS), leave=st.booleans())
    def write(self, data: st.DataObject, words: str, leave: bool) -> None:
        """Type in one of the fields that show, and leave it or not."""
        page = self.interview.page
        fields = [f for kind in (QLineEdit, QPlainTextEdit) for f in _shown(page, kind)]
        fields = [field for field in fields if not field.isReadOnly()]
        if not fields:
            return
        field = data.draw(st.sampled_from(fields), label="field")
        block = next((b for b in page.card.blocks.values() if b.isAncestorOf(field)), None)
        asked = block is not None and type(block.widget) is TextAnswer and block.key
        noted = block is not None and block.note.isAncestorOf(field)
        flow = page.bridge.flow
        with self._step(f"write in {field.objectName()}"):
            field.setFocus()
            field.selectAll()
            if words.isascii():
                self.stage.qtbot.keyClicks(field, words)
            elif isinstance(field, QLineEdit):
                field.insert(words)
            else:
                field.insertPlainText(words)
            if leave:
                key, modifier = Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier
                self.stage.qtbot.keyClick(field, key, modifier)
        if asked and leave and flow.is_open:
            row = flow.row(asked)
            kept = "" if row is None else row.note if noted else row.value
            assert kept.strip() == words.strip(), "what was written is not what is kept"

    @precondition(lambda self: self.is_asking())
    @rule(data=st.data())
    def click(self, data: st.DataObject) -> None:
        """Click any button of the page but those that end the interview."""
        page = self.interview.page
        buttons = [b for b in _shown(page, QAbstractButton) if b.isEnabled() and b.objectName()]
        buttons = [b for b in buttons if b.objectName() not in ENDING]
        if not buttons:
            return
        button = data.draw(st.sampled_from(buttons), label="button")
        with self._step(f"click {button.objectName()}"):
            button.click()

    @rule(number=st.integers(0, 40))
    def jump(self, number: int) -> None:
        """Go to a section, or look back."""
        page = self.interview.page
        if page.bridge.is_paused or page.bridge.pointing is not None:
            return
        sections = [each.name for each in page.bridge.flow.outline()] + ["review"]
        with self._step("jump"):
            self.interview.go_to_section(sections[number % len(sections)])

    @rule()
    def undo(self) -> None:
        """Take the last step back."""
        with self._step("undo"):
            self.interview.page.bridge.undo()

    @rule(language=st.sampled_from(LANGUAGES))
    def switch_language(self, language: str) -> None:
        """Go on in another language."""
        with self._step(f"language {language}"):
            self.interview.page.bridge.change_language(language)
            assert self.interview.page.bridge.language == language

    @rule(size=st.sampled_from([(1366, 768), (1280, 800), (860, 700)]))
    def resize(self, size: tuple[int, int]) -> None:
        """Make the window another size."""
        assert self.team is not None
        with self._step(f"resize {size[0]}"):
            self.team.window.resize(*size)

    # ---- the client ----------------------------------------------------------------------------

    @rule()
    def client_screen(self) -> None:
        """Open or close the client's screen."""
        with self._step("client screen"):
            self.interview.page.client_screen.toggle()

    @precondition(lambda self: self.interview.page.client_screen.window is not None)
    @rule(data=st.data())
    def tap(self, data: st.DataObject) -> None:
        """Tap anything on the client's screen."""
        window = self.interview.page.client_screen.window
        assert window is not None
        tiles = [tile for tile in _shown(window, QAbstractButton) if tile.isEnabled()]
        if not tiles:
            return
        tile = data.draw(st.sampled_from(tiles), label="tile")
        with self._step(f"tap {tile.objectName()}"):
            tile.click()

    @rule()
    def monitor(self) -> None:
        """Pull the second monitor out, or plug it in."""
        found = self.interview.page.client_screen._screens
        assert isinstance(found, FakeScreens)
        with self._step("monitor"):
            screen = QApplication.primaryScreen()
            (found.pull if found.plugged else found.put)(screen)

    # ---- bad luck ------------------------------------------------------------------------------

    @rule()
    def lock(self) -> None:
        """Lock in the middle of it, and come back."""
        team = self.team
        assert team is not None
        typed = self._typed()
        before = self.told()
        with self._step("lock", same=False):
            self.stage.qtbot.keyClick(
                team.window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier
            )
            team.until(lambda: bool(team.ended))
            assert not [w for w in QApplication.topLevelWidgets() if w.isVisible()]
            team.close()
            self._open(team.folder)
        after = self.kept()
        assert {key: row for key, row in before.items() if key not in typed} == {
            key: row for key, row in after.items() if key not in typed
        }
        for key, text in typed.items():
            # nothing but spaces and empty lines is no answer
            wanted = text if text.strip() else ""
            assert after[key].value == wanted, "what was being typed is gone"

    @rule()
    def pull_the_plug(self) -> None:
        """Lose the power: the next start has the files as they are on disk now."""
        team = self.team
        assert team is not None
        told, shown = self.told(), self._shown_page()
        with self._step("power", same=False):
            folder = self._copy(team.folder)
            team.aside()
            self._open(folder)
            team.close()
        assert self.kept() == told
        if shown is not None:
            assert self._shown_page() == shown

    # ---- always --------------------------------------------------------------------------------

    @invariant()
    def what_is_told_is_kept(self) -> None:
        """Every answer the window has is the answer in the vault."""
        if self.team is not None:
            assert self.told() == self.kept(), self.done[-5:]

    # ---- inside --------------------------------------------------------------------------------

    @contextmanager
    def _step(self, what: str, *, same: bool = True) -> Iterator[None]:
        """Do one thing, with a hand that answers every question that comes, and no exception."""
        assert self.team is not None
        self.done.append(what)
        window = self.team.window
        if not window.isActiveWindow():
            # a dialog or a menu had the keyboard
            window.activateWindow()
            self.team.until(window.isActiveWindow)
        with told_nothing(), shy_hand():
            yield
            settle(_app())
            if same:
                self._come_back()

    def _come_back(self) -> None:
        """Go into the interview again when a step led out of it."""
        assert self.team is not None
        window = InterviewObject(self.stage.qtbot, self.team.window)
        if not window.has("interview-page"):
            desk = self.team.program.desk
            assert desk is not None, self.done[-5:]
            desk.start_interview(self.stage.person_id, "intake")
            self.team.interview()

    def _focus(self) -> QWidget:
        assert self.team is not None
        return QApplication.focusWidget() or self.team.window

    def _shown_page(self) -> NodeKey | None:
        """Return the page that shows once its bookmark is stored, None for the look back."""
        settle(_app())
        bridge = self.interview.page.bridge
        if bridge.place is Place.REVIEW or bridge.page is None:
            return None
        return bridge.page.key

    def _typed(self) -> dict[NodeKey, str]:
        """Return what stands in text fields and was not left yet."""
        found: dict[NodeKey, str] = {}
        bridge = self.interview.page.bridge
        waiting = bridge._typed
        if waiting is not None:
            found[waiting[0]] = waiting[1]
        return found


ENDING = frozenset({"interview-finish", "lock", "new-version-open", "interpretation-open"})


@contextmanager
def told_nothing() -> Iterator[None]:
    """Fail when anything raises inside Qt meanwhile."""
    with capture_exceptions() as caught:
        yield
    assert not caught, "".join(str(each[1]) for each in caught)


@contextmanager
def shy_hand() -> Iterator[None]:
    """Close every dialog and menu that opens meanwhile, as somebody who did not mean it."""
    timer = QTimer()
    timer.setInterval(5)

    def shy() -> None:
        popup = QApplication.activePopupWidget()
        if isinstance(popup, QMenu) or popup is not None:
            popup.close()
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QDialog):
            dialog.reject()
        elif dialog is not None:
            dialog.close()

    timer.timeout.connect(shy)
    timer.start()
    try:
        yield
    finally:
        timer.stop()


def _shown(root: QWidget, kind: type[QWidget]) -> list:  # type: ignore[type-arg]
    found = [w for w in root.findChildren(kind) if w.isVisibleTo(root)]
    return sorted(found, key=lambda w: (w.objectName(), w.y(), w.x()))


def _app() -> QApplication:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return app


@pytest.fixture
def stage(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Stage:
    monkeypatch.setattr(client_screens, "Screens", FakeScreens)
    fill = ClientWindow.fill

    def without_focus(window: ClientWindow, screen: QScreen) -> None:
        # this platform gives every window the keyboard, unless it is a tip; real ones ask first
        window.setWindowFlag(Qt.WindowType.ToolTip)
        fill(window, screen)

    monkeypatch.setattr(ClientWindow, "fill", without_focus)
    theme = make_theme(qapp)
    vault = make_vault(tmp_path / "begin")
    person = register.register_person(vault, PersonDraft(family_name="Riet", contact_language="ar"))
    vault.close()
    team = Team(qtbot, tmp_path / "begin", theme)
    team.open(unlock(tmp_path / "begin", PASSPHRASE, team.env))
    desk = team.program.desk
    assert desk is not None
    desk.start_interview(person.person_id, "intake")
    team.start_panel().begin()
    team.interview()
    team.close()
    return Stage(qtbot, theme, tmp_path / "begin", person.person_id, tmp_path)


def walked(stage: Stage, *, walks: int, steps: int) -> None:
    made: Callable[[], RuleBasedStateMachine] = type("OneWalk", (Walk,), {"stage": stage})
    run_state_machine_as_test(
        made,
        settings=settings(
            max_examples=walks,
            stateful_step_count=steps,
            deadline=None,
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_a_short_walk(stage: Stage) -> None:
    walked(stage, walks=1, steps=20)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_long_walks(stage: Stage) -> None:
    walked(stage, walks=WALKS, steps=STEPS)
