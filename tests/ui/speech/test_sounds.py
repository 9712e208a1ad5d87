"""What is installed is found without importing it early; what is there is really used."""

from __future__ import annotations

import importlib.util
import io
import subprocess
import sys
import wave

import pytest
from PySide6.QtCore import QLocale
from pytestqt.qtbot import QtBot

from intake_app.i18n.languages import LANGUAGES
from intake_app.ui.speech import Speech, local_engine, silent

SOUND = importlib.util.find_spec("PySide6.QtMultimedia") is not None
VOICE = importlib.util.find_spec("PySide6.QtTextToSpeech") is not None


def wav(seconds: float) -> bytes:
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16000)
        file.writeframes(bytes(int(32000 * seconds)))
    return target.getvalue()


def test_nothing_of_sound_is_imported_with_the_windows() -> None:
    script = (
        "import sys, intake_app.ui.desk, intake_app.ui.interview.host, intake_app.ui.speech\n"
        "found = [m for m in sys.modules if 'QtMultimedia' in m or 'QtTextToSpeech' in m]\n"
        "assert not found, found\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_without_a_player_and_a_voice_nothing_is_installed() -> None:
    assert not silent().installed
    assert silent().voices_known


@pytest.mark.skipif(SOUND, reason="the optional part is installed here")
def test_where_the_optional_part_is_not_there_it_is_none() -> None:
    speech = Speech()
    assert speech.player is None
    assert speech.voice is None


@pytest.mark.skipif(not SOUND, reason="needs the optional part voorlezen")
@pytest.mark.qt_log_ignore("pipewire", "Could not open media", extend=True)
def test_a_recording_is_played_to_its_end_and_a_broken_one_is_told(qtbot: QtBot) -> None:
    from intake_app.ui.speech.player import QtPlayer

    player = QtPlayer()
    if not player.can_play():
        pytest.skip("no device that makes sound")
    ended: list[bool] = []
    player.play(wav(0.2), ended.append)
    qtbot.waitUntil(lambda: ended == [True], timeout=10_000)
    player.play(b"RIFF\x00\x00\x00\x00WAVEjunk" * 20, ended.append)
    qtbot.waitUntil(lambda: ended == [True, False], timeout=10_000)
    player.play(wav(5), ended.append)
    player.stop()
    assert ended == [True, False]


@pytest.mark.skipif(not VOICE, reason="needs the optional part voorlezen")
def test_a_voice_is_taken_for_its_language_only() -> None:
    from intake_app.ui.speech.voice import locale_for

    there = [QLocale(name) for name in ("nl_BE", "ar_EG", "fa_IR", "ku_TR", "en_GB", "en_US")]
    spoken = {code for code in LANGUAGES if locale_for(code, there) is not None}
    # Dari is no Farsi from Iran, Sorani no Kurmanci
    assert spoken == {"nl", "ar", "fa", "kmr", "en"}
    assert locale_for("prs", [*there, QLocale("fa_AF")]) == QLocale("fa_AF")
    assert locale_for("xx", there) is None


def test_only_an_engine_that_is_known_to_stay_on_this_computer_speaks() -> None:
    assert local_engine(["mock", "webspeech", "speechd"]) == "speechd"
    assert local_engine(["mock", "some_service"]) is None
