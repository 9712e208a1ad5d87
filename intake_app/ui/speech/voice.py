"""The voices of the system through QtTextToSpeech."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QLocale, QObject
from PySide6.QtTextToSpeech import QTextToSpeech

from intake_app.i18n.languages import LANGUAGES
from intake_app.speech.plan import Done
from intake_app.ui.speech import local_engine


def installed_voice() -> QtVoice | None:
    """Return the voices of this computer, None where there is nothing that speaks."""
    engine = local_engine(QTextToSpeech.availableEngines())
    voice = None if engine is None else QtVoice(engine)
    return voice if voice is not None and voice.works else None


def locale_for(language: str, there: Iterable[QLocale]) -> QLocale | None:
    """Return the voice's locale for one of our languages, None where no voice speaks it.

    Another country will do, but Dari is not read by a voice from Iran: it is told from Farsi by
    the country only.
    """
    known = LANGUAGES.get(language)
    if known is None:
        return None
    wanted = QLocale(known.cldr)
    found = [locale for locale in there if locale.language() == wanted.language()]
    if language == "prs":
        found = [locale for locale in found if locale.territory() == wanted.territory()]
    best = [locale for locale in found if locale.territory() == wanted.territory()]
    return next(iter(best or found), None)


class QtVoice(QObject):
    """Implements `speech.Voice`."""

    def __init__(self, engine: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._speech = QTextToSpeech(engine, self)
        self._locales: tuple[QLocale, ...] = ()
        self._done: Done | None = None
        self._speaking = False
        if self.works:
            self._locales = tuple(self._speech.availableLocales())
        self._speech.stateChanged.connect(self._changed)

    @property
    def works(self) -> bool:
        """False when the engine could not start."""
        return self._speech.state() is not QTextToSpeech.State.Error

    def speaks(self, language: str) -> bool:
        """True when a voice of this computer speaks a language."""
        return locale_for(language, self._locales) is not None

    def say(self, text: str, language: str, done: Done) -> None:
        """Say a text; see `speech.Voice`."""
        self.stop()
        self._done, self._speaking = done, False
        locale = locale_for(language, self._locales)
        if locale is None:
            self._end(whole=False)
            return
        if self._speech.locale() != locale:
            self._speech.setLocale(locale)
        self._speech.say(text)

    def stop(self) -> None:
        """Be silent now."""
        self._done = None
        if self._speech.state() is QTextToSpeech.State.Speaking:
            self._speech.stop(QTextToSpeech.BoundaryHint.Immediate)

    def _changed(self, state: QTextToSpeech.State) -> None:
        if state is QTextToSpeech.State.Speaking:
            self._speaking = True
        elif state is QTextToSpeech.State.Error:
            self._end(whole=False)
        elif state is QTextToSpeech.State.Ready and self._speaking:
            self._end(whole=True)

    def _end(self, *, whole: bool) -> None:
        done, self._done = self._done, None
        if done is not None:
            done(whole)
