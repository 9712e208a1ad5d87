"""Locking in the middle of a word: nothing is lost, nothing stays readable, and on it goes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget
from support.desks import Team
from support.vaults import PASSPHRASE, make_vault

from intake_app.flows import register
from intake_app.flows.register import PersonDraft

HALF = "Ik wil graag weer als bloem"


class Order(QObject):
    """Remembers in which order windows were hidden."""

    def __init__(self, *windows: QWidget) -> None:
        super().__init__()
        self.hidden: list[str] = []
        for window in windows:
            window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() is QEvent.Type.Hide:
            self.hidden.append(watched.objectName())
        return False


def test_a_lock_in_the_middle_of_a_word_loses_nothing(
    make_team: Callable[..., Team], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = make_vault(tmp_path / "kluis")
    person = register.register_person(vault, PersonDraft(family_name="Riet", contact_language="ar"))
    vault.close()
    team = make_team("kluis")
    team.start()
    team.unlock().unlock(PASSPHRASE)
    team.until(lambda: team.program.desk is not None)
    team.forward()
    desk = team.program.desk
    assert desk is not None
    desk.open_person(person.person_id)
    team.person().click("station-intake")
    team.start_panel().begin()
    interview = team.interview()
    interview.click("client-screen-toggle")
    client = interview.page.client_screen.window
    assert client is not None
    interview.go_to_section("ambitie")
    assert interview.questions() == ("droom",)
    field = interview.block().widget.findChild(QPlainTextEdit)
    assert field is not None
    team.forward()
    field.setFocus()
    team.qtbot.keyClicks(field, HALF)
    order = Order(desk.shell, client)
    closed_after: list[list[str]] = []
    close = desk.vault.close
    monkeypatch.setattr(
        desk.vault, "close", lambda: (closed_after.append(list(order.hidden)), close())
    )

    team.qtbot.keyClick(field, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)

    team.until(lambda: bool(team.ended))
    assert team.ended == [75]
    assert closed_after == [order.hidden]
    assert set(order.hidden) == {"shell", "client-window"}
    assert not [w for w in QApplication.topLevelWidgets() if w.isVisible()]
    # a closed vault has given its folder back, as the process that comes next needs it
    team.program.close()
    assert team.ended == [75]

    again = make_team("kluis", seed=2)
    again.start()
    assert not again.unlock().has("interview-page")
    again.unlock().unlock(PASSPHRASE)
    again.until(lambda: again.program.desk is not None)
    again.forward()
    resumed = again.interview()
    assert resumed.questions() == ("droom",)
    shown = resumed.block().widget.findChild(QPlainTextEdit)
    assert shown is not None
    assert shown.toPlainText() == HALF
    again.until(shown.hasFocus)
    assert resumed.page.client_screen.window is None
