"""The process that speaks: a real one, with a voice that is made up."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QElapsedTimer, QProcess
from pytestqt.qtbot import QtBot

from intake_app.ui.speech import Speech
from intake_app.ui.speech.far_voice import CHILD_ARGUMENT, FarVoice, child_command

CHILD = """
import sys, time
from PySide6.QtCore import QCoreApplication, QTimer
from intake_app.ui.speech import voice_child

class Voice:
    def __init__(self):
        print("an engine prints what it likes", flush=True)
        time.sleep({start})
        self.turn = 0
    def speaks(self, language):
        return language in {{"nl", "ar"}}
    def say(self, text, language, done):
        if text == "val om":
            import os
            os._exit(3)
        self.turn += 1
        turn = self.turn
        said = lambda: done("goed" in text) if turn == self.turn else None
        if text != "lang":
            QTimer.singleShot(0, said)
    def stop(self):
        self.turn += 1

answers = voice_child._own_output()
app = QCoreApplication([])
sys.exit(voice_child.serve(app, Voice() if {speaks} else None, sys.stdin.buffer, answers))
"""


Made = Callable[..., FarVoice]


@pytest.fixture
def made(qtbot: QtBot, tmp_path: Path) -> Iterator[Made]:
    voices: list[FarVoice] = []

    def make(*, start: float = 0.0, speaks: bool = True) -> FarVoice:
        script = tmp_path / "child.py"
        script.write_text(CHILD.format(start=start, speaks=speaks), encoding="utf-8")
        voice = FarVoice((sys.executable, str(script)))
        voices.append(voice)
        return voice

    yield make
    for voice in voices:
        voice.close()


def started(qtbot: QtBot, voice: FarVoice) -> FarVoice:
    known: list[bool] = []
    voice.start(lambda: known.append(True))
    qtbot.waitUntil(lambda: known == [True], timeout=15_000)
    return voice


def test_starting_takes_no_time_here_and_tells_which_languages(qtbot: QtBot, made: Made) -> None:
    voice = made(start=1.0)
    timer = QElapsedTimer()
    timer.start()
    voice.start(lambda: None)
    assert timer.elapsed() < 500
    assert not voice.started
    assert not voice.speaks("ar")
    qtbot.waitUntil(lambda: voice.started, timeout=15_000)
    assert voice.speaks("ar")
    assert not voice.speaks("ti")


def test_what_is_said_ends_and_what_fails_is_told(qtbot: QtBot, made: Made) -> None:
    voice = started(qtbot, made())
    ended: list[bool] = []
    voice.say("goed — أهلا", "ar", ended.append)
    qtbot.waitUntil(lambda: ended == [True])
    voice.say("mislukt", "ar", ended.append)
    qtbot.waitUntil(lambda: ended == [True, False])


def test_after_stop_nothing_is_told_any_more(qtbot: QtBot, made: Made) -> None:
    voice = started(qtbot, made())
    first: list[bool] = []
    voice.say("lang", "ar", first.append)
    voice.stop()
    second: list[bool] = []
    voice.say("goed", "ar", second.append)
    qtbot.waitUntil(lambda: second == [True])
    assert first == []


def test_a_child_that_falls_over_is_told_and_started_again(qtbot: QtBot, made: Made) -> None:
    voice = started(qtbot, made())
    ended: list[bool] = []
    voice.say("val om", "ar", ended.append)
    qtbot.waitUntil(lambda: ended == [False], timeout=5_000)
    assert not voice.started
    started(qtbot, voice).say("goed", "ar", ended.append)
    qtbot.waitUntil(lambda: ended == [False, True])


def test_a_computer_without_a_voice_speaks_nothing(qtbot: QtBot, made: Made) -> None:
    voice = started(qtbot, made(speaks=False))
    assert not voice.speaks("nl")


def test_a_child_that_cannot_start_counts_as_no_voice(qtbot: QtBot, tmp_path: Path) -> None:
    voice = started(qtbot, FarVoice((str(tmp_path / "bestaat-niet"),)))
    assert not voice.speaks("nl")
    ended: list[bool] = []
    voice.say("goed", "nl", ended.append)
    assert ended == [False]


def test_one_that_never_answers_is_given_up(qtbot: QtBot, made: Made) -> None:
    voice = made(start=60.0)
    voice._limit.setInterval(100)
    assert not started(qtbot, voice).speaks("nl")


def test_the_child_ends_when_the_vault_closes(qtbot: QtBot, made: Made) -> None:
    voice = made()
    speech = Speech(make_player=lambda: None, make_voice=lambda: voice)
    # closing what was never made starts nothing
    speech.close()
    known: list[bool] = []
    speech.find_voices(lambda: known.append(True))
    qtbot.waitUntil(lambda: known == [True], timeout=15_000)
    process = voice._process
    assert process is not None
    ended: list[bool] = []
    voice.say("lang", "ar", ended.append)
    speech.close()
    assert process.state() is QProcess.ProcessState.NotRunning
    assert not speech.voices_known
    assert ended == []


def test_the_program_itself_is_the_child_where_it_is_asked_to() -> None:
    assert child_command()[-1] == CHILD_ARGUMENT
    done = subprocess.run(child_command(), input=b"", capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert "languages" in json.loads(done.stdout.splitlines()[0])
