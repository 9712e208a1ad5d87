"""Instellingen, Gesprek: what is chosen is kept, and what can be heard is told and tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pages.base import PageObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from support.qt import make_context, make_theme, settle
from support.vaults import prepared_vault

from intake_app.flows.preferences import Preferences, preferences
from intake_app.ui.kit import ChoiceInput
from intake_app.ui.settings.talk import TalkPage
from intake_app.ui.speech import Speech
from intake_app.vault import Vault


class Sounds:
    """A voice for Dutch and Arabic, and a player; says what it heard."""

    def __init__(self) -> None:
        self.started = False
        self.heard: list[str] = []

    def can_play(self) -> bool:
        return True

    def play(self, recording: bytes, done: Callable[[bool], None]) -> None:
        self.heard.append("opname")

    def start(self, then: Callable[[], None]) -> None:
        self.then = then

    def speaks(self, language: str) -> bool:
        return language in {"nl", "ar"}

    def say(self, text: str, language: str, done: Callable[[bool], None]) -> None:
        self.heard.append(f"{language}: {text}")

    def stop(self) -> None:
        self.heard.append("stil")


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    opened = prepared_vault(tmp_path_factory.mktemp("gesprek") / "kluis")
    yield opened
    opened.close()


def shown(
    qtbot: QtBot, qapp: QApplication, vault: Vault, speech: Speech, scale: float = 1.0
) -> PageObject:
    context = replace(make_context(vault, make_theme(qapp)), speech=speech)
    page = TalkPage(context)
    qtbot.addWidget(page)
    page.resize(1000, 800)
    page.show()
    settle(qapp)
    return PageObject(qtbot, page)


def no_sound() -> Speech:
    return Speech(make_player=lambda: None, make_voice=lambda: None)


def test_what_is_chosen_is_kept(qtbot: QtBot, qapp: QApplication, vault: Vault) -> None:
    page = shown(qtbot, qapp, vault, no_sound())
    page.click("talk-single-keys")
    page.click("talk-auto-advance")
    page.find("talk-own-language", ChoiceInput).set_value("en")
    page.find("talk-interface", ChoiceInput).set_value("en")
    expected = Preferences(single_keys=False, auto_advance=True, own_language="en", interface="en")
    assert preferences(vault) == expected
    again = shown(qtbot, qapp, vault, no_sound())
    again.click("talk-single-keys")
    again.find("talk-interface", ChoiceInput).set_value("nl")
    assert preferences(vault) == replace(expected, single_keys=True, interface="nl")


def test_without_the_optional_part_it_says_who_to_ask(
    qtbot: QtBot, qapp: QApplication, vault: Vault
) -> None:
    page = shown(qtbot, qapp, vault, no_sound())
    assert "beheerder" in page.text("talk-not-installed")
    assert not page.has("talk-look")
    assert not page.has("talk-hear-nl")


def test_voices_are_started_when_asked_for_and_can_be_heard(
    qtbot: QtBot, qapp: QApplication, vault: Vault
) -> None:
    sounds = Sounds()
    page = shown(qtbot, qapp, vault, Speech(make_player=lambda: sounds, make_voice=lambda: sounds))
    assert not sounds.started
    assert not page.has("talk-hear-nl")
    page.click("talk-look")
    settle(qapp)
    # nothing stands still meanwhile, and it is said what one waits for
    assert "Even geduld" in page.text("talk-said")
    assert not page.find("talk-look").isEnabled()
    sounds.started = True
    sounds.then()
    settle(qapp)
    assert page.find("talk-said").isHidden()
    assert not page.has("talk-hear-ti")
    page.click("talk-hear-ar")
    assert sounds.heard == ["ar: العربية"]
    page.click("talk-hear-ar")
    assert sounds.heard[-1] == "stil"
    page.click("talk-hear-nl")
    page.root.hide()
    assert sounds.heard[-1] == "stil"


def test_no_voice_is_started_by_opening_the_page(
    qtbot: QtBot, qapp: QApplication, vault: Vault, tmp_path: Path
) -> None:
    import sys

    shown(qtbot, qapp, vault, Speech())
    assert "PySide6.QtTextToSpeech" not in sys.modules
