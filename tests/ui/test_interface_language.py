"""The language of the program: chosen by a colleague, switched while it runs, nothing lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot
from support.desks import Team
from support.qt import make_theme
from support.vaults import prepared_vault

from intake_app import app
from intake_app.flows.preferences import Preferences, keep_preferences
from intake_app.ui.language import speak


@pytest.fixture(autouse=True)
def dutch_again(qapp: QApplication) -> Iterator[None]:
    yield
    speak(qapp, "nl")


def team(qtbot: QtBot, qapp: QApplication, folder: Path, interface: str = "nl") -> Team:
    vault = prepared_vault(folder / "kluis")
    keep_preferences(vault, Preferences(interface=interface))
    made = Team(qtbot, folder / "kluis", make_theme(qapp))
    made.open(vault)
    made.until(lambda: made.program.desk is not None)
    return made


def rail(team: Team) -> list[str]:
    desk = team.program.desk
    assert desk is not None
    return [button.text() for button in desk.shell.rail.buttons.values()]


def test_the_desk_opens_in_the_language_that_was_chosen(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    azc = team(qtbot, qapp, tmp_path, "en")
    assert rail(azc)[0] == "Today"
    assert QLocale().language() is QLocale.Language.English
    azc.close()


def test_a_language_without_windows_counts_as_dutch(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    assert app.catalogues().interface_languages() == ("nl", "en")
    azc = team(qtbot, qapp, tmp_path, "ti")
    assert rail(azc)[0] == "Vandaag"
    azc.close()


def test_another_language_holds_at_once_and_what_was_typed_stays(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    azc = team(qtbot, qapp, tmp_path)
    azc.go("people")
    azc.people()
    desk = azc.program.desk
    assert desk is not None
    desk.open_register()
    page = azc.register()
    field = page.root.findChildren(QLineEdit)[0]
    field.setFocus()
    qtbot.keyClicks(field, "Voorbeeld")
    name = field.objectName()
    keep_preferences(desk.vault, Preferences(interface="en"))
    azc.until(lambda: rail(azc)[0] == "Today")
    again = azc.register().root.findChild(QLineEdit, name)
    assert again is not None
    assert again is not field
    assert again.text() == "Voorbeeld"
    azc.until(again.hasFocus)
    keep_preferences(desk.vault, Preferences(interface="nl"))
    azc.until(lambda: rail(azc)[0] == "Vandaag")
    azc.close()


def test_qt_speaks_the_language_too_and_reads_from_its_side(qapp: QApplication) -> None:
    def undo() -> str:
        return QCoreApplication.translate("QWidgetTextControl", "&Undo")

    speak(qapp, "nl")
    dutch = undo()
    speak(qapp, "ar")
    assert qapp.layoutDirection() is Qt.LayoutDirection.RightToLeft
    assert undo() not in {dutch, "&Undo"}
    speak(qapp, "en")
    assert qapp.layoutDirection() is Qt.LayoutDirection.LeftToRight
    assert undo() == "&Undo"
    speak(qapp, "nl")
    assert undo() == dutch != "&Undo"
