"""Reading a question aloud from the interview: begin, be silent, and say why it cannot be."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from intake_app.flows.read_aloud import SpokenQuestions
from intake_app.i18n.catalogues import UiTexts
from intake_app.i18n.languages import LANGUAGES, SOURCE_LANGUAGE
from intake_app.speech import Part, Plan, Reading, Why, plan
from intake_app.ui.interview.bridge import InterviewBridge
from intake_app.ui.speech import Speech, after, silent
from intake_app.xforms import NodeKey


class ReadAloud(QObject):
    """Reads the questions of one interview; one at a time.

    Another page, a pause, the lock, leaving and asking for the same again are silence. A text for
    the staff is never read.
    """

    changed = Signal()
    """Another text is being said, or none: see `key` and `part`."""
    explained = Signal(str)
    """Why nothing, or not all, was said and what to do; '' when there is nothing to explain."""

    def __init__(
        self,
        bridge: InterviewBridge,
        tr: UiTexts,
        speech: Speech | None = None,
        parent: QObject | None = None,
    ) -> None:
        """Read from `bridge` with `speech`; without it the button says that nothing can read."""
        super().__init__(parent)
        self._bridge, self._tr = bridge, tr
        self._speech = speech or silent()
        self._spoken: SpokenQuestions | None = None
        self._reading: Reading | None = None
        self._asked: tuple[NodeKey, str, str] | None = None
        self._waiting: object | None = None
        """Stands for who waits for the voices to start; None for nobody."""
        self.key: NodeKey | None = None
        """The question that is being read, None for none."""
        self.part: Part | None = None
        """The text of it that is being said."""
        for gone in (bridge.moved, bridge.paused, bridge.pointing_changed, bridge.finished):
            gone.connect(self._gone)

    def may_be_read(self, key: NodeKey) -> bool:
        """True for a question that the client may see, and so hear."""
        return self._questions().may_be_read(key)

    def can_read(self, key: NodeKey) -> bool:
        """True when a question can be read in the client's language, as far as is known now.

        Starts no voices: one that was never asked for counts as one that speaks the language.
        """
        if not self.may_be_read(key):
            return False
        language = self._bridge.language
        label = self._questions().parts(key, language)[0]
        if label.language != language:
            return False
        if label.recording is not None and self._speech.player is not None:
            return True
        voice = self._speech.voice
        known = self._speech.voices_known
        return voice is not None and (not known or voice.speaks(language))

    def toggle(self, key: NodeKey, *, dutch: bool = False, choice: str = "") -> None:
        """Read a question, or one of its choices; the same again is silence.

        In the language of the client, or in Dutch where that is asked for.
        """
        language = SOURCE_LANGUAGE if dutch else self._bridge.language
        asked = (key, language, choice)
        if self.stop() and asked == self._asked:
            return
        self.explained.emit("")
        if self._bridge.is_paused or not self.may_be_read(key):
            return
        self._asked = asked
        parts = self._questions().parts(key, language, choice=choice)
        if self._speech.voices_known or all(part.recording is not None for part in parts):
            self._begin(parts, key, language)
            return
        self.explained.emit(self._tr.gettext("Even geduld: de stem van de laptop wordt gestart."))
        waiting = self._waiting = object()

        def known() -> None:
            # who asked for something else meanwhile, or left, wants to hear this no more
            if waiting is self._waiting and isValid(self):
                self._begin(parts, key, language)

        self._speech.find_voices(known)

    def _begin(self, parts: tuple[Part, ...], key: NodeKey, language: str) -> None:
        self._waiting = None
        made = plan(parts, language, self._speech.player, self._speech.voice)
        self.explained.emit(self._explanation(made))
        self.key = key if made.steps else None
        self._reader().start(made)

    def stop(self) -> bool:
        """Be silent at once; True when something was being said, or about to be."""
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            self.explained.emit("")
        return (self._reading is not None and self._reading.stop()) or waiting is not None

    def _gone(self, *_: object) -> None:
        # a bound method: the bridge may live on when this is deleted
        self.stop()

    def _questions(self) -> SpokenQuestions:
        if self._spoken is None:
            self._spoken = SpokenQuestions(self._bridge.flow, self._speech.library)
        return self._spoken

    def _reader(self) -> Reading:
        if self._reading is None:
            self._reading = Reading(
                self._speech.player,
                self._speech.voice,
                after=partial(after, self),
                told=self._told,
                failed=lambda _part: self.explained.emit(why_not(self._tr, Why.BROKEN, "")),
            )
        return self._reading

    def _told(self, part: Part | None) -> None:
        self.part = part
        if part is None:
            self.key = None
        self.changed.emit()

    def _explanation(self, made: Plan) -> str:
        if made.why is None:
            return ""
        if not made.steps:
            return why_not(self._tr, made.why, made.language)
        count = len(made.left_out)
        return self._tr.ngettext(
            "{n} tekst kan de laptop hier niet voorlezen. Lees die zelf voor.",
            "{n} teksten kan de laptop hier niet voorlezen. Lees die zelf voor.",
            count,
        ).format(n=count)


def why_not(tr: UiTexts, why: Why, language: str) -> str:
    """Return why a text is not read aloud, and what to do instead."""
    found = LANGUAGES.get(language)
    name = tr.gettext(found.dutch_name) if found is not None else ""
    return {
        Why.NOT_INSTALLED: tr.gettext(
            "Voorlezen staat niet op deze laptop. Vraag je beheerder om het onderdeel ‘voorlezen’. "
            "Lees de vraag nu zelf voor, of laat de tolk dat doen."
        ),
        Why.NO_SOUND: tr.gettext(
            "Deze laptop heeft nu geen geluid. Sluit een koptelefoon of luidspreker aan en probeer "
            "het opnieuw."
        ),
        Why.NO_VOICE: tr.gettext(
            "Van deze tekst is geen opname in het {language}, en deze laptop heeft geen stem voor "
            "die taal. Laat de tolk de vraag voorlezen."
        ).format(language=name),
        Why.NO_TRANSLATION: tr.gettext(
            "Deze vraag is nog niet vertaald in het {language}. Laat de tolk de vraag vertalen."
        ).format(language=name),
        Why.BROKEN: tr.gettext(
            "Het voorlezen lukte niet. Kijk of het geluid aan staat, of lees de vraag zelf voor."
        ),
    }[why]
