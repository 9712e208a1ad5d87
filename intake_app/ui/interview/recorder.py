"""Recording with the microphone of this laptop; needs the optional part 'camera'.

The sound goes from the microphone into memory and from there into the vault: no file is written,
also not for a moment.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from intake_app.ui.interview.extra_parts import is_there
from intake_app.ui.interview.questions.base import Tools
from intake_app.ui.kit.buttons import PrimaryButton, QuietButton
from intake_app.ui.kit.dialogs import run
from intake_app.ui.kit.text import Body, Heading

if TYPE_CHECKING:
    from PySide6.QtCore import QIODevice

RATE: Final = 16_000
"""Samples a second of sixteen bits each: plenty for a voice, two megabytes a minute."""
_LONGEST: Final = 600
"""Seconds."""


def record(tools: Tools, parent: QWidget) -> bytes | None:
    """Record and return a WAV; None when somebody decided not to.

    Says what is missing where the part, or a microphone, is not there.
    """
    title = tools.tr.gettext("Opnemen")
    if not is_there(tools, title, parent, sound=True):
        return None
    dialog = RecorderDialog(tools, parent)
    return dialog.wav() if run(dialog) else None


class RecorderDialog(QDialog):
    """Begins at once, says how long it runs, and ends with one button."""

    def __init__(self, tools: Tools, parent: QWidget) -> None:
        super().__init__(parent)
        from PySide6.QtMultimedia import QAudioFormat, QAudioSource

        theme, tr = tools.theme, tools.tr
        self._tr = tr
        self._samples = bytearray()
        self.setObjectName("recorder-dialog")
        self.setWindowTitle(tr.gettext("Opnemen"))
        column = QVBoxLayout(self)
        side = theme.gap(24)
        column.setContentsMargins(side, side, side, side)
        column.setSpacing(theme.gap(12))
        column.addWidget(Heading(theme, tr.gettext("Opnemen"), factor=1.3))
        self.told = Body(theme, "")
        self.told.setObjectName("recorder-time")
        column.addWidget(self.told)
        row = QHBoxLayout()
        column.addLayout(row)
        cancel = QuietButton(theme, tr.gettext("Niet bewaren"), name="recorder-cancel")
        cancel.clicked.connect(self.reject)
        row.addWidget(cancel)
        row.addStretch(1)
        self.stop_button = PrimaryButton(
            theme, tr.gettext("Stoppen en bewaren"), name="recorder-stop"
        )
        self.stop_button.clicked.connect(self.accept)
        row.addWidget(self.stop_button)
        self.stop_button.setFocus()
        layout = QAudioFormat()
        layout.setSampleRate(RATE)
        layout.setChannelCount(1)
        layout.setSampleFormat(QAudioFormat.SampleFormat.Int16)
        self._source = QAudioSource(layout, self)
        self._heard: QIODevice | None = self._source.start()
        self._timer = QTimer(self)
        self._timer.setInterval(200)
        self._timer.timeout.connect(self._listen)
        self._timer.start()
        self._tell()

    def wav(self) -> bytes:
        """Return what was heard, as a file."""
        return wav_of(bytes(self._samples))

    def done(self, result: int) -> None:
        self._end()
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        self._end()
        super().closeEvent(event)

    def _end(self) -> None:
        heard, self._heard = self._heard, None
        if heard is not None:
            self._timer.stop()
            self._samples += heard.readAll().data()
            self._source.stop()

    def _listen(self) -> None:
        if self._heard is not None:
            self._samples += self._heard.readAll().data()
        self._tell()
        if len(self._samples) >= _LONGEST * RATE * 2:
            self.accept()

    def _tell(self) -> None:
        seconds = len(self._samples) // (RATE * 2)
        words = self._tr.gettext("De opname loopt: {minutes}:{seconds}.")
        self.told.set_text(words.format(minutes=seconds // 60, seconds=f"{seconds % 60:02}"))


def wav_of(samples: bytes) -> bytes:
    """Return samples of sixteen bits, one channel, as a WAV."""
    layout = struct.pack("<HHIIHH", 1, 1, RATE, RATE * 2, 2, 16)
    body = b"fmt " + struct.pack("<I", len(layout)) + layout
    body += b"data" + struct.pack("<I", len(samples)) + samples
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WAVE" + body
