"""Locking during a talk: who is blank first, and where it goes on.

Every trigger runs through a whole desk: Ctrl+L, idle, and what the computer says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot
from support.interviews import add_person
from support.qt import ScriptedPicker, make_theme, settle
from support.vaults import PASSPHRASE, actor_of, prepared_vault

from intake_app import paths
from intake_app.domain.interview import Interpretation
from intake_app.flows.interview import InterviewFlow
from intake_app.formio.library import Library
from intake_app.formio.texts import CatalogueTexts
from intake_app.i18n.catalogues import Catalogues
from intake_app.ui.clientscreen.window import ClientWindow
from intake_app.ui.desk import Desk
from intake_app.ui.interview.page import InterviewPage
from intake_app.ui.os_lock import SessionWatch
from intake_app.vault import Vault
from intake_app.xforms import NodeKey

HALF = "Ik wil graag weer als bloem"


class Recorder(QObject):
    """Notes what happens in which order: windows that hide, what is stored, closed and ended."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() is QEvent.Type.Hide and watched.isWidgetType():
            self.seen.append(f"hidden {watched.objectName()}")
        return False


class Running:
    """A desk in the middle of a word, with the client's screen open."""

    def __init__(self, qtbot: QtBot, folder: Path, *, vault: Vault | None = None) -> None:
        self.qtbot = qtbot
        self.recorder = Recorder()
        self.session = SessionWatch()
        self.vault = vault or prepared_vault(folder)
        self.later = timedelta(0)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self.app = app
        catalogues = Catalogues(paths.compiled_dir())
        env = self.vault.env
        self.desk = Desk(
            self.vault,
            theme=make_theme(app),
            library=Library(paths.compiled_dir()),
            catalogues=catalogues,
            tr=catalogues.ui("nl"),
            env=env,
            pick=ScriptedPicker(),
            end=lambda code: self.recorder.seen.append(f"ended {code}"),
            session=self.session,
        )

    def talk(self) -> None:
        """Start a talk and open it at a question that takes a text."""
        flow = InterviewFlow.start(
            self.vault,
            self.desk.context.library,
            CatalogueTexts(self.desk.context.catalogues),
            add_person(self.vault, language="ar").person_id,
            "intake",
            "ar",
            Interpretation(),
            actor_of(self.vault),
        )
        self.desk.open()
        self.desk.open_interview(flow.interview.interview_id)
        self.forward()
        form = self.page.bridge.flow.form
        path = next(path for path, each in form.questions.items() if each.name == "droom")
        self.page.bridge.go_to(NodeKey(path))
        settle(self.app)

    def forward(self) -> None:
        shell = self.desk.shell
        shell.resize(1366, 768)
        with self.qtbot.waitActive(shell, timeout=10_000):
            shell.show()
            shell.activateWindow()
        settle(self.app)

    @property
    def page(self) -> InterviewPage:
        found = self.desk.shell.findChildren(InterviewPage)
        assert found
        return found[-1]

    @property
    def client(self) -> ClientWindow:
        window = self.page.client_screen.window
        assert window is not None
        return window

    @property
    def field(self) -> QPlainTextEdit:
        (block,) = self.page.card.blocks.values()
        found = block.widget.findChild(QPlainTextEdit)
        assert found is not None
        return found

    def record(self) -> None:
        """Note from here on what happens."""
        seen = self.recorder.seen
        for window in (self.desk.shell, self.client):
            window.installEventFilter(self.recorder)
        self.page.bridge.saved.connect(lambda _at: seen.append("stored"))
        close = self.vault.close
        self.vault.close = lambda: (seen.append("closed"), close())  # type: ignore[method-assign,return-value,func-returns-value]


Started = Callable[[], Running]


@pytest.fixture
def running(qtbot: QtBot, tmp_path: Path) -> Iterator[Running]:
    made = Running(qtbot, tmp_path / "kluis")
    made.talk()
    yield made
    made.desk.leave()
    made.desk.shell.deleteLater()
    settle(made.app)


def by_key(running: Running) -> None:
    running.qtbot.keyClick(running.field, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)


def by_idling(running: Running) -> None:
    now = running.desk.locker._now
    running.desk.locker._now = lambda: now() + timedelta(minutes=5, seconds=1)
    running.desk.locker.tick()


def by_the_computer(running: Running) -> None:
    running.session.locking.emit()
    # the screen saver and logind both say so
    running.session.locking.emit()


TRIGGERS = {"key": by_key, "idle": by_idling, "computer": by_the_computer}


@pytest.mark.parametrize("trigger", TRIGGERS)
def test_the_client_sees_nothing_before_anything_else_happens(
    running: Running, trigger: str
) -> None:
    running.page.client_screen.toggle()
    running.field.setFocus()
    running.qtbot.keyClicks(running.field, HALF)
    running.record()

    TRIGGERS[trigger](running)

    seen = running.recorder.seen
    assert seen[0] == "hidden client-window"
    once = list(dict.fromkeys(seen))
    order = ["hidden client-window", "stored", "closed", "ended 75"]
    assert [each for each in once if each in order] == order
    assert once.index("hidden shell") < once.index("closed")
    assert seen.count("ended 75") == 1
    assert not [w for w in QApplication.topLevelWidgets() if w.isVisible()]


@pytest.mark.parametrize("where", ["alone", "half"])
def test_the_key_locks_also_over_a_dialog(running: Running, where: str) -> None:
    if where == "half":
        running.page.client_screen.toggle()
        settle(running.app)
    wrong: list[str] = []

    def press() -> None:
        dialog = QApplication.activeModalWidget()
        assert dialog is not None
        running.qtbot.waitUntil(dialog.isActiveWindow)
        running.qtbot.keyClick(dialog, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
        if dialog.isVisible():
            wrong.append("it did not lock")
            dialog.close()

    QTimer.singleShot(50, press)
    running.page.edit_interpretation()
    assert wrong == []
    assert "ended 75" in running.recorder.seen
    assert not [w for w in QApplication.topLevelWidgets() if w.isVisible()]


def reopened(running: Running, tmp_path: Path) -> Running:
    """The next process on the same vault, after unlocking."""
    vault = Vault.open(tmp_path / "kluis", passphrase=PASSPHRASE, env=running.vault.env)
    again = Running(running.qtbot, tmp_path / "kluis", vault=vault)
    again.desk.open()
    again.forward()
    return again


def test_it_goes_on_in_the_same_field_with_its_text_and_caret(
    running: Running, tmp_path: Path
) -> None:
    running.page.client_screen.toggle()
    running.field.setFocus()
    running.qtbot.keyClicks(running.field, HALF)
    cursor = running.field.textCursor()
    cursor.setPosition(6)
    running.field.setTextCursor(cursor)
    interview = running.page.bridge.flow.interview.interview_id
    by_key(running)

    again = reopened(running, tmp_path)
    try:
        assert again.page.bridge.flow.interview.interview_id == interview
        assert again.field.toPlainText() == HALF
        assert again.field.hasFocus()
        assert again.field.textCursor().position() == 6
        # what the client saw is offered, and does not come by itself
        screen = again.page.client_screen
        assert screen.window is None
        assert screen.offer.is_asking
        assert "cliënt" in screen.offer.text()
        screen.offer._yes.click()
        assert screen.window is not None
        screen.close()
    finally:
        again.desk.leave()
        again.desk.shell.deleteLater()
        settle(again.app)


def test_without_the_clients_screen_nothing_is_offered(running: Running, tmp_path: Path) -> None:
    running.field.setFocus()
    by_key(running)
    again = reopened(running, tmp_path)
    try:
        assert not again.page.client_screen.offer.is_asking
        assert again.field.hasFocus()
    finally:
        again.desk.leave()
        again.desk.shell.deleteLater()
        settle(again.app)


def test_what_is_kept_over_a_lock_is_used_once_and_holds_no_text(
    running: Running, tmp_path: Path
) -> None:
    running.field.setFocus()
    running.qtbot.keyClicks(running.field, HALF)
    by_key(running)
    vault = Vault.open(tmp_path / "kluis", passphrase=PASSPHRASE, env=running.vault.env)
    with vault.read() as records:
        kept = records.settings.get("ui.left_at", "")
    assert kept
    assert HALF not in kept
    again = Running(running.qtbot, tmp_path / "kluis", vault=vault)
    again.desk.open()
    with vault.read() as records:
        assert records.settings.get("ui.left_at", "") == ""
    again.desk.leave()
    again.desk.shell.deleteLater()
    settle(again.app)


def test_a_pad_the_client_was_tapping_on_is_stored_too(running: Running) -> None:
    page = running.page
    form = page.bridge.flow.form
    key = next(
        NodeKey(path)
        for path, each in form.questions.items()
        if each.kind.value == "integer" and each.repeat is None
        if each.attributes.get("audience") == "client"
    )
    page.bridge.page = page.bridge.page and type(page.bridge.page)(key, "", (key,), "question")
    page.bridge.moved.emit()
    page.client_screen.toggle()
    settle(running.app)
    three = running.client.findChild(QWidget, "pad-3")
    assert three is not None
    running.qtbot.mouseClick(three, Qt.MouseButton.LeftButton)
    flow = page.bridge.flow
    assert flow.session.value(key) == ""
    running.record()
    running.session.locking.emit()
    assert flow.session.value(key) == "3"
    assert running.recorder.seen[0] == "hidden client-window"


def test_fields_of_one_line_keep_their_caret(running: Running, tmp_path: Path) -> None:
    page = running.page
    form = page.bridge.flow.form
    for path, each in form.questions.items():
        if each.repeat is None and page.bridge.go_to(NodeKey(path)):
            settle(running.app)
            shown = page.card.blocks.get(NodeKey(path))
            field = None if shown is None else shown.widget.findChild(QLineEdit)
            if each.kind.value == "integer" and field is not None and field.isVisible():
                break
    else:
        raise AssertionError("the form asks for no number")
    field.setFocus()
    running.qtbot.keyClicks(field, "1984")
    field.setCursorPosition(2)
    name = field.objectName()
    running.session.locking.emit()
    again = reopened(running, tmp_path)
    try:
        focused = QApplication.focusWidget()
        assert isinstance(focused, QLineEdit)
        assert (focused.objectName(), focused.text()) == (name, "1984")
        assert focused.cursorPosition() == 2
    finally:
        again.desk.leave()
        again.desk.shell.deleteLater()
        settle(again.app)
