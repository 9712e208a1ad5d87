"""Sound, where the optional part `voorlezen` of the program is installed.

Nothing of it is imported before somebody wants to hear something: Qt's multimedia takes a while.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from intake_app.flows.read_aloud import RecordingLibrary
    from intake_app.speech import Player, Voice


LOCAL_ENGINES: Final = frozenset({"winrt", "sapi", "darwin", "macos", "speechd", "flite"})
"""The engines of Qt itself that speak with what is on this computer (QTextToSpeech Engines)."""


def local_engine(there: Iterable[str]) -> str | None:
    """Return the first engine that keeps what it says on this computer, None for none.

    Anybody can add an engine to Qt as a plugin; one that is not known might send the words of a
    talk to a service elsewhere, or, as Qt's own for tests, say nothing.
    """
    return next((name for name in there if name in LOCAL_ENGINES), None)


def installed_player() -> Player | None:
    """Return what plays recordings, None where it is not installed."""
    try:
        from intake_app.ui.speech.player import QtPlayer
    except ImportError:
        return None
    return QtPlayer()


def installed_voice() -> Voice | None:
    """Return what speaks with the voices of this computer, None where it is not installed.

    The voices are started when one is first asked for, in a process of their own: that takes
    seconds.
    """
    from importlib.util import find_spec

    if find_spec("PySide6.QtTextToSpeech") is None:
        return None
    from intake_app.ui.speech.far_voice import FarVoice

    return FarVoice()


class Speech:
    """What a window needs to read aloud; each part is made when it is first wanted."""

    def __init__(
        self,
        library: RecordingLibrary | None = None,
        *,
        make_player: Callable[[], Player | None] = installed_player,
        make_voice: Callable[[], Voice | None] = installed_voice,
    ) -> None:
        """Take recordings from `library`; without one only a voice can read."""
        self.library = library
        self._make_player, self._make_voice = make_player, make_voice

    @cached_property
    def player(self) -> Player | None:
        """Return what plays recordings, None where it is not installed."""
        return self._make_player()

    @cached_property
    def voice(self) -> Voice | None:
        """Return what speaks, None where it is not installed."""
        return self._make_voice()

    @property
    def installed(self) -> bool:
        """True when there is anything that plays or speaks; asking it starts no voices."""
        return self.player is not None or self.voice is not None

    @property
    def voices_known(self) -> bool:
        """True when asking which languages are spoken takes no time."""
        return getattr(self.voice, "started", True)

    def find_voices(self, then: Callable[[], None]) -> None:
        """Start the voices of this computer, and call `then` once they are known.

        At once where there is nothing to wait for; else some seconds later, from the event loop.
        """
        start = getattr(self.voice, "start", None)
        if callable(start) and not self.voices_known:
            start(then)
        else:
            then()

    def close(self) -> None:
        """Be silent, and let go of what speaks; nothing is started for it."""
        made = self.__dict__.get("voice")
        close = getattr(made, "close", None)
        if callable(close):
            close()


def after(parent: QObject, ms: int, run: Callable[[], None]) -> None:
    """Call something once after so many milliseconds, unless `parent` is gone by then."""
    QTimer.singleShot(ms, parent, run)


def silent() -> Speech:
    """Return a speech that has nothing to play or speak with."""
    return Speech(make_player=lambda: None, make_voice=lambda: None)
