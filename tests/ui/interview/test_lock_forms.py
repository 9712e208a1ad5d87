"""Locking over a form with a button of its own: what is filled in is back after the unlock."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from support.interviews import add_person
from support.qt import ScriptedPicker, make_theme, settle
from support.vaults import PASSPHRASE, actor_of, prepared_vault

from intake_app import paths
from intake_app.domain.interview import Interpretation, InterpreterMode
from intake_app.domain.person import Person
from intake_app.flows.interview import InterviewFlow
from intake_app.flows.unsaved import unsaved
from intake_app.formio.library import Library
from intake_app.formio.texts import CatalogueTexts
from intake_app.i18n.catalogues import Catalogues
from intake_app.ui.desk import Desk
from intake_app.ui.interview.host import InterviewHost
from intake_app.ui.interview.interpretation import InterpretationDialog
from intake_app.ui.interview.start_panel import StartPanel
from intake_app.ui.os_lock import SessionWatch
from intake_app.vault import Vault


class Desks:
    """One process after the other on the same vault."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.qtbot, self.folder = qtbot, folder
        self.vault = prepared_vault(folder)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self.app = app
        self.made: list[Desk] = []
        self.desk = self._start()

    def _start(self) -> Desk:
        catalogues = Catalogues(paths.compiled_dir())
        self.session = SessionWatch()
        desk = Desk(
            self.vault,
            theme=make_theme(self.app),
            library=Library(paths.compiled_dir()),
            catalogues=catalogues,
            tr=catalogues.ui("nl"),
            env=self.vault.env,
            pick=ScriptedPicker(),
            end=lambda _code: None,
            session=self.session,
        )
        self.made.append(desk)
        return desk

    def open(self) -> None:
        """Show the desk as it opens by itself."""
        self.desk.open()
        self.show()

    def show(self) -> None:
        shell = self.desk.shell
        shell.resize(1366, 768)
        with self.qtbot.waitActive(shell, timeout=10_000):
            shell.show()
            shell.activateWindow()
        settle(self.app)

    def next_process(self) -> None:
        """Unlock in a new process, after the lock, or after the last one was killed."""
        # that of a process that was killed is still open
        self.vault.close()
        self.vault = Vault.open(self.folder, passphrase=PASSPHRASE, env=self.vault.env)
        self.desk = self._start()

    @property
    def panel(self) -> StartPanel:
        host = self.desk.shell.page
        assert isinstance(host, InterviewHost)
        assert host.start is not None
        return host.start

    def end(self) -> None:
        for desk in self.made:
            desk.leave()
            desk.shell.deleteLater()
        settle(self.app)


@pytest.fixture
def desks(qtbot: QtBot, tmp_path: Path) -> Iterator[Desks]:
    made = Desks(qtbot, tmp_path / "kluis")
    yield made
    made.end()


def begin(desks: Desks) -> Person:
    person = add_person(desks.vault, language="ar")
    desks.open()
    desks.desk.start_interview(person.person_id, "intake")
    settle(desks.app)
    return person


def fill_in(panel: StartPanel, qtbot: QtBot) -> None:
    panel.language.set_value("ti")
    panel.interpretation.mode.set_value(InterpreterMode.VIDEO.value)
    panel.interpretation.who.setFocus()
    qtbot.keyClicks(panel.interpretation.who, "Tolkdienst 4821")
    panel.read.setChecked(True)


@pytest.mark.parametrize("how", ["lock", "crash"])
def test_the_start_panel_stands_there_as_it_was(desks: Desks, how: str) -> None:
    person = begin(desks)
    fill_in(desks.panel, desks.qtbot)
    if how == "lock":
        desks.session.locking.emit()
    else:
        # the keys rest for a moment, and then the battery is empty
        place = f"begin:{person.person_id}:intake"
        desks.qtbot.waitUntil(
            lambda: "Tolkdienst 4821" in unsaved(desks.vault, place).values(), timeout=3000
        )
        desks.desk.shell.hide()
    desks.next_process()
    desks.open()
    panel = desks.panel
    assert panel.language.value() == "ti"
    told = panel.interpretation.value()
    assert (told.mode, told.interpreter) == (InterpreterMode.VIDEO, "Tolkdienst 4821")
    assert panel.read.isChecked()
    assert "nog niet bewaard" in panel._kept.text()
    assert not panel._kept.isHidden()


def test_the_start_panel_keeps_nothing_once_the_talk_began_or_not_yet(desks: Desks) -> None:
    person = begin(desks)
    place = f"begin:{person.person_id}:intake"
    fill_in(desks.panel, desks.qtbot)
    settle(desks.app)
    back = desks.panel.findChild(QWidget, "start-cancel")
    assert back is not None
    back.click()
    settle(desks.app)
    assert not unsaved(desks.vault, place)
    desks.desk.start_interview(person.person_id, "intake")
    assert desks.panel._kept.isHidden()
    fill_in(desks.panel, desks.qtbot)
    settle(desks.app)
    button = desks.panel.findChild(QWidget, "start-begin")
    assert button is not None
    button.click()
    settle(desks.app)
    host = desks.desk.shell.page
    assert isinstance(host, InterviewHost)
    assert host.page is not None
    told = host.page.bridge.flow.interview.interpretation
    assert told.interpreter == "Tolkdienst 4821"
    assert not unsaved(desks.vault, place)


def test_who_goes_elsewhere_first_finds_it_again(desks: Desks) -> None:
    person = begin(desks)
    fill_in(desks.panel, desks.qtbot)
    desks.desk.open_people()
    settle(desks.app)
    desks.desk.start_interview(person.person_id, "intake")
    assert desks.panel.interpretation.who.text() == "Tolkdienst 4821"


def test_a_restart_is_where_somebody_went_after_the_start_panel(desks: Desks) -> None:
    begin(desks)
    desks.desk.open_people()
    settle(desks.app)
    desks.session.locking.emit()
    desks.next_process()
    desks.open()
    assert not isinstance(desks.desk.shell.page, InterviewHost)


def talk(desks: Desks) -> InterviewFlow:
    flow = InterviewFlow.start(
        desks.vault,
        desks.desk.context.library,
        CatalogueTexts(desks.desk.context.catalogues),
        add_person(desks.vault, language="ar").person_id,
        "intake",
        "ar",
        Interpretation(),
        actor_of(desks.vault),
    )
    desks.desk.open()
    desks.desk.open_interview(flow.interview.interview_id)
    desks.show()
    return flow


def dialog_of(desks: Desks) -> InterpretationDialog:
    (found,) = (
        each for each in desks.desk.shell.findChildren(InterpretationDialog) if each.isVisible()
    )
    return found


@pytest.mark.parametrize("how", ["lock", "crash", "pause and lock"])
def test_tolk_en_begrip_opens_again_with_what_was_in_it(desks: Desks, how: str) -> None:
    flow = talk(desks)
    host = desks.desk.shell.page
    assert isinstance(host, InterviewHost)
    assert host.page is not None
    page = host.page
    weak = "/data/werk"

    def fill_in_and_lock() -> None:
        nonlocal weak
        dialog = dialog_of(desks)
        dialog.form.mode.set_value(InterpreterMode.TELEFOON.value)
        desks.qtbot.keyClicks(dialog.form.who, "nummer 12")
        weak = next(iter(dialog._weak))
        dialog._weak[weak].click()
        if how == "pause and lock":
            # a pause hides what is in the dialog from the client, and the laptop locks by itself
            page.pausing.rest()
            settle(desks.app)
            assert not dialog.form.who.isVisible()
        if how != "crash":
            desks.session.locking.emit()
            return
        settle(desks.app)
        dialog.hide()

    QTimer.singleShot(0, host.page, fill_in_and_lock)
    host.page.edit_interpretation()
    desks.next_process()
    seen: list[tuple[str, bool, str]] = []

    def look() -> None:
        dialog = dialog_of(desks)
        seen.append((dialog.form.who.text(), dialog._weak[weak].isChecked(), dialog._notice.text()))
        dialog.accept()

    def when_open() -> bool:
        if any(each.isVisible() for each in QApplication.topLevelWidgets() if _is_dialog(each)):
            look()
        return bool(seen)

    desks.desk.open()
    timer = QTimer()
    timer.setInterval(10)
    timer.timeout.connect(when_open)
    timer.start()
    desks.qtbot.waitUntil(lambda: bool(seen), timeout=10_000)
    timer.stop()
    settle(desks.app)
    assert seen[0][:2] == ("nummer 12", True)
    assert "nog niet bewaard" in seen[0][2]
    again = desks.desk.shell.page
    assert isinstance(again, InterviewHost)
    assert again.page is not None
    told = again.page.bridge.flow.interview.interpretation
    assert (told.interpreter, told.weak) == ("nummer 12", (weak,))
    place = f"interpretation:{flow.interview.interview_id}"
    assert not unsaved(desks.vault, place)


def _is_dialog(widget: QWidget) -> bool:
    return isinstance(widget, InterpretationDialog)
