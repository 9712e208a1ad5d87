"""The process that speaks: it starts the voices of this computer and says what it is told.

Starting them takes seconds in which a process handles nothing else; this one has no window that
could stand still. It is told what to say line by line on its standard input and answers on its
standard output, both JSON:

    {"languages": ["ar", "nl"]}                          at first: what it can say
    {"say": "…", "language": "ar", "turn": 3}            in
    {"turn": 3, "whole": true}                           out: said to its end, or not
    {"stop": true}                                       in: be silent now

It ends when its standard input does: with the program, however that ends. Nothing is written down.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable
from typing import IO, TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal

from intake_app.i18n.languages import LANGUAGES

if TYPE_CHECKING:
    from intake_app.speech import Voice


def main() -> int:
    """Serve the voices of this computer; return the exit code."""
    answers = _own_output()
    app = QCoreApplication.instance() or QCoreApplication([])
    try:
        from intake_app.ui.speech.voice import installed_voice
    except ImportError:
        return serve(app, None, sys.stdin.buffer, answers)
    return serve(app, installed_voice(), sys.stdin.buffer, answers)


def serve(app: QCoreApplication, voice: Voice | None, asked: IO[bytes], answers: IO[bytes]) -> int:
    """Say what `asked` holds with `voice` until it ends; see the module for the lines."""

    def answer(**told: Any) -> None:
        answers.write(json.dumps(told).encode() + b"\n")
        answers.flush()

    spoken = () if voice is None else (code for code in LANGUAGES if voice.speaks(code))
    answer(languages=list(spoken))
    if voice is None:
        return 0
    lines = _Lines()
    speaker = _Speaker(voice, lambda turn, whole: answer(turn=turn, whole=whole))
    lines.came.connect(speaker.told, Qt.ConnectionType.QueuedConnection)
    lines.ended.connect(app.quit, Qt.ConnectionType.QueuedConnection)
    threading.Thread(target=lines.read, args=(asked,), daemon=True).start()
    return app.exec()


class _Lines(QObject):
    """Carries lines from the thread that waits for them to the one that speaks."""

    came = Signal(bytes)
    ended = Signal()

    def read(self, asked: IO[bytes]) -> None:
        for line in asked:
            self.came.emit(line)
        self.ended.emit()


class _Speaker(QObject):
    def __init__(self, voice: Voice, said: Callable[[int, bool], None]) -> None:
        super().__init__()
        self._voice, self._said = voice, said

    def told(self, line: bytes) -> None:
        asked = json.loads(line)
        if "say" not in asked:
            self._voice.stop()
            return
        turn = int(asked["turn"])
        self._voice.say(asked["say"], asked["language"], lambda whole: self._said(turn, whole))


def _own_output() -> IO[bytes]:
    """Return the standard output, for the answers alone: an engine may print what it likes."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return answers
