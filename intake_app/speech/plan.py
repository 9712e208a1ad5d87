"""Which of recording, voice or nothing says a text, and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

Done = Callable[[bool], None]
"""Called once when something was said: True to its end, False when that did not work."""


class Player(Protocol):
    """Plays recordings; one at a time."""

    def can_play(self) -> bool:
        """True when this computer has something that makes sound."""
        ...

    def play(self, recording: bytes, done: Done) -> None:
        """Play a recording from memory. `done` is not called after `stop`."""
        ...

    def stop(self) -> None:
        """Be silent now."""
        ...


class Voice(Protocol):
    """The voices that are installed on this computer; nothing is sent anywhere."""

    def speaks(self, language: str) -> bool:
        """True when there is a voice for a language, by its code in `i18n.languages`."""
        ...

    def say(self, text: str, language: str, done: Done) -> None:
        """Say a text. `done` is not called after `stop`."""
        ...

    def stop(self) -> None:
        """Be silent now."""
        ...


class Way(StrEnum):
    """How a text is said."""

    RECORDING = "recording"
    VOICE = "voice"


class Why(StrEnum):
    """Why a text is not said."""

    NOT_INSTALLED = "not-installed"
    """The optional part of the program that makes sound is not there."""

    NO_SOUND = "no-sound"
    """This computer has nothing that makes sound."""

    NO_VOICE = "no-voice"
    """There is no recording, and no voice for the language."""

    NO_TRANSLATION = "no-translation"
    """The text is not translated; the client would hear Dutch."""

    BROKEN = "broken"
    """It was tried, and it did not work."""


@dataclass(frozen=True, slots=True)
class Part:
    """One text as it stands on the screen, in the language it really is in.

    `recording` gives the bytes of the recording in that language, None where there is none; it is
    asked only when the part is said. `number` is what a choice is called by, 0 for none.
    """

    text: str
    language: str
    recording: Callable[[], bytes | None] | None = None
    number: int = 0
    value: str = ""
    """The choice it is the label of, '' for the question and its help."""


@dataclass(frozen=True, slots=True)
class Step:
    """One text and how it is said."""

    part: Part
    way: Way


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be said, in order. `why` is set when nothing is, or when something is left out."""

    language: str
    steps: tuple[Step, ...]
    left_out: tuple[Part, ...] = ()
    why: Why | None = None


def way_of(
    part: Part, language: str, player: Player | None, voice: Voice | None
) -> tuple[Way | None, Why | None]:
    """Return how a text is said to somebody who hears `language`, or why it is not."""
    if part.language != language:
        return None, Why.NO_TRANSLATION
    if player is None and voice is None:
        return None, Why.NOT_INSTALLED
    if player is not None and not player.can_play():
        return None, Why.NO_SOUND
    if part.recording is not None and player is not None:
        return Way.RECORDING, None
    if voice is not None and voice.speaks(language):
        return Way.VOICE, None
    return None, Why.NO_VOICE


def plan(parts: Sequence[Part], language: str, player: Player | None, voice: Voice | None) -> Plan:
    """Return what is said of `parts` in `language`.

    Nothing is said at all when the first part, the question itself, cannot be: choices without
    their question mean nothing.
    """
    steps: list[Step] = []
    left_out: list[Part] = []
    reason: Why | None = None
    for part in parts:
        if not part.text.strip():
            continue
        way, why = way_of(part, language, player, voice)
        if way is not None:
            steps.append(Step(part, way))
            continue
        if not steps and not left_out:
            return Plan(language, (), tuple(parts), why)
        left_out.append(part)
        reason = reason or why
    return Plan(language, tuple(steps), tuple(left_out), reason)
