"""Recordings through QtMultimedia, from memory: no recording is ever written to a file."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QUrl
from PySide6.QtMultimedia import QAudioOutput, QMediaDevices, QMediaPlayer

from intake_app.speech.plan import Done


class QtPlayer(QObject):
    """Implements `speech.Player`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._player = QMediaPlayer(self)
        self._output = QAudioOutput(self)
        self._player.setAudioOutput(self._output)
        self._buffer: QBuffer | None = None
        self._done: Done | None = None
        self._player.mediaStatusChanged.connect(self._status)
        self._player.errorOccurred.connect(self._failed)

    def can_play(self) -> bool:
        """True when there is a device that makes sound now."""
        return bool(QMediaDevices.audioOutputs())

    def play(self, recording: bytes, done: Done) -> None:
        """Play a recording; see `speech.Player`."""
        self.stop()
        self._done = done
        # a headset that was plugged in since is the default device now
        self._output.setDevice(QMediaDevices.defaultAudioOutput())
        self._buffer = QBuffer(self)
        self._buffer.setData(QByteArray(recording))
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self._player.setSourceDevice(self._buffer)
        self._player.play()

    def stop(self) -> None:
        """Be silent now, and let the recording go."""
        self._done = None
        self._player.stop()
        if self._buffer is not None:
            self._player.setSource(QUrl())
            self._buffer.deleteLater()
            self._buffer = None

    def _status(self, status: QMediaPlayer.MediaStatus) -> None:
        if status is QMediaPlayer.MediaStatus.EndOfMedia:
            self._end(whole=True)
        elif status is QMediaPlayer.MediaStatus.InvalidMedia:
            self._end(whole=False)

    def _failed(self, _error: QMediaPlayer.Error, _text: str) -> None:
        self._end(whole=False)

    def _end(self, *, whole: bool) -> None:
        done, self._done = self._done, None
        if done is not None:
            done(whole)
