"""The voices of this computer, spoken by a process of their own (`voice_child`)."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtCore import QCoreApplication, QObject, QProcess, QTimer

from intake_app.speech.plan import Done

CHILD_ARGUMENT: Final = "--voice-child"
"""What makes this program the child that speaks."""

LONGEST_START_MS: Final = 30_000
"""After so long the voices count as not there."""


def child_command() -> tuple[str, ...]:
    """Return how to start the process that speaks."""
    if getattr(sys, "frozen", False):
        return (sys.executable, CHILD_ARGUMENT)
    return (sys.executable, "-m", "intake_app", CHILD_ARGUMENT)


class FarVoice(QObject):
    """Implements `speech.Voice` without ever making a window wait.

    What is said goes through a pipe and nowhere else. A child that ends by itself is started again
    by the next `start`.
    """

    def __init__(self, command: Sequence[str] = (), parent: QObject | None = None) -> None:
        """Speak with the child that `command` starts, by default that of this program."""
        super().__init__(parent)
        self._command = tuple(command) or child_command()
        self._process: QProcess | None = None
        self._languages: frozenset[str] = frozenset()
        self._waiting: list[Callable[[], None]] = []
        self._read = b""
        self._turn = 0
        self._done: Done | None = None
        self.started = False
        """True once it is known which languages are spoken."""
        self._limit = QTimer(self)
        self._limit.setSingleShot(True)
        self._limit.setInterval(LONGEST_START_MS)
        self._limit.timeout.connect(self._too_long)
        app = QCoreApplication.instance()
        if app is not None:
            app.aboutToQuit.connect(self.close)

    def start(self, then: Callable[[], None]) -> None:
        """Start the voices and call `then` once when it is known what they speak."""
        if self.started:
            then()
            return
        self._waiting.append(then)
        if self._process is not None:
            return
        process = self._process = QProcess(self)
        process.setProgram(self._command[0])
        process.setArguments(list(self._command[1:]))
        process.setStandardErrorFile(QProcess.nullDevice())
        process.readyReadStandardOutput.connect(self._hear)
        process.finished.connect(self._gone)
        process.errorOccurred.connect(self._failed)
        self._limit.start()
        process.start()

    def speaks(self, language: str) -> bool:
        """True when a voice of this computer speaks a language, as far as is known."""
        return language in self._languages

    def say(self, text: str, language: str, done: Done) -> None:
        """Say a text; see `speech.Voice`."""
        self._turn += 1
        self._done = done
        if not self._tell(say=text, language=language, turn=self._turn):
            self._end(whole=False)

    def stop(self) -> None:
        """Be silent now."""
        self._done = None
        self._tell(stop=True)

    def close(self) -> None:
        """End the child, and with it whatever it was saying."""
        self._done, self._waiting = None, []
        self._let_go()
        self.started = False

    # ---- inside --------------------------------------------------------------------------------

    def _tell(self, **told: Any) -> bool:
        process = self._process
        if process is None or process.state() is not QProcess.ProcessState.Running:
            return False
        return process.write(json.dumps(told).encode() + b"\n") > 0

    def _hear(self) -> None:
        process = self._process
        if process is None:
            return
        self._read += process.readAllStandardOutput().data()
        *lines, self._read = self._read.split(b"\n")
        for line in lines:
            told = json.loads(line)
            if "languages" in told:
                self._known(told["languages"])
            elif told["turn"] == self._turn:
                self._end(whole=told["whole"])

    def _known(self, languages: Sequence[str]) -> None:
        self._limit.stop()
        self._languages = frozenset(languages)
        self.started = True
        waiting, self._waiting = self._waiting, []
        for then in waiting:
            then()

    def _end(self, *, whole: bool) -> None:
        done, self._done = self._done, None
        if done is not None:
            done(whole)

    def _failed(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._gone()

    def _too_long(self) -> None:
        self._let_go()
        self._known(())

    def _gone(self, *_: object) -> None:
        """The child ended by itself: what was being said was not said to its end."""
        self._hear()
        self._let_go()
        if not self.started:
            self._known(())
        elif self._languages:
            # the next one who asks starts it again
            self.started = False
        self._end(whole=False)

    def _let_go(self) -> None:
        self._limit.stop()
        process, self._process = self._process, None
        self._read = b""
        if process is None:
            return
        process.readyReadStandardOutput.disconnect(self._hear)
        process.finished.disconnect(self._gone)
        process.errorOccurred.disconnect(self._failed)
        process.closeWriteChannel()
        process.kill()
        process.waitForFinished(1000)
        process.deleteLater()
