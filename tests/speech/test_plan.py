"""Recording before voice before a reason; never Dutch to who hears another language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from intake_app.speech import Part, Reading, Step, Way, Why, plan, way_of


@dataclass
class Sounds:
    """A player and a voice that say what they were asked, and end when the test says so."""

    languages: tuple[str, ...] = ()
    works: bool = True
    heard: list[str] = field(default_factory=list)
    ends: list[Callable[[bool], None]] = field(default_factory=list)

    def can_play(self) -> bool:
        return self.works

    def speaks(self, language: str) -> bool:
        return language in self.languages

    def play(self, recording: bytes, done: Callable[[bool], None]) -> None:
        self.heard.append(f"opname {recording.decode()}")
        self.ends.append(done)

    def say(self, text: str, language: str, done: Callable[[bool], None]) -> None:
        self.heard.append(f"{language}: {text}")
        self.ends.append(done)

    def stop(self) -> None:
        self.heard.append("stil")

    def end(self, *, whole: bool = True) -> None:
        self.ends.pop(0)(whole)


def recorded(text: str, language: str = "ar") -> Part:
    return Part(text, language, recording=text.encode)


ASKED = Part("سؤال", "ar")


@pytest.mark.parametrize(
    ("part", "player", "voice", "expected"),
    [
        (recorded("a"), Sounds(), Sounds(("ar",)), (Way.RECORDING, None)),
        (recorded("a"), Sounds(), None, (Way.RECORDING, None)),
        (ASKED, Sounds(), Sounds(("ar",)), (Way.VOICE, None)),
        (ASKED, Sounds(), Sounds(("nl",)), (None, Why.NO_VOICE)),
        (ASKED, Sounds(), None, (None, Why.NO_VOICE)),
        (ASKED, None, None, (None, Why.NOT_INSTALLED)),
        (ASKED, Sounds(works=False), Sounds(("ar",)), (None, Why.NO_SOUND)),
        (Part("vraag", "nl"), Sounds(), Sounds(("nl", "ar")), (None, Why.NO_TRANSLATION)),
    ],
)
def test_what_says_a_text_to_somebody_who_hears_arabic(
    part: Part,
    player: Sounds | None,
    voice: Sounds | None,
    expected: tuple[Way | None, Why | None],
) -> None:
    assert way_of(part, "ar", player, voice) == expected


def test_choices_without_their_question_are_not_said() -> None:
    made = plan([ASKED, recorded("een")], "ar", Sounds(), None)
    assert (made.steps, made.why) == ((), Why.NO_VOICE)


def test_a_choice_that_cannot_be_said_is_left_out_and_told() -> None:
    made = plan([recorded("vraag"), Part("b", "nl"), recorded("c")], "ar", Sounds(), None)
    assert [step.part.text for step in made.steps] == ["vraag", "c"]
    assert [part.text for part in made.left_out] == ["b"]
    assert made.why is Why.NO_TRANSLATION


def reading(player: Sounds | None, voice: Sounds | None) -> tuple[Reading, list[str]]:
    said: list[str] = []
    return (
        Reading(
            player,
            voice,
            after=lambda _ms, run: run(),
            told=lambda part: said.append("–" if part is None else part.text),
            failed=lambda part: said.append(f"mislukt {part.text}"),
        ),
        said,
    )


def test_question_then_choices_one_after_the_other() -> None:
    sounds = Sounds(("ar",))
    reader, said = reading(sounds, sounds)
    parts = [recorded("vraag"), Part("een", "ar", number=1), recorded("twee")]
    reader.start(plan(parts, "ar", sounds, sounds))
    assert sounds.heard == ["opname vraag"]
    sounds.end()
    assert sounds.heard[-1] == "ar: 1. een"
    sounds.end()
    assert sounds.heard[-1] == "opname twee"
    assert reader.reading
    sounds.end()
    assert not reader.reading
    assert said == ["vraag", "een", "twee", "–"]


def test_silence_is_at_once_and_what_ends_later_starts_nothing() -> None:
    sounds = Sounds(("ar",))
    reader, said = reading(sounds, sounds)
    reader.start(plan([recorded("vraag"), recorded("een")], "ar", sounds, sounds))
    assert reader.stop()
    assert sounds.heard == ["opname vraag", "stil", "stil"]
    sounds.end()
    assert sounds.heard[-1] == "stil"
    assert said == ["vraag", "–"]
    assert not reader.stop()


def test_a_recording_that_does_not_play_is_said_by_the_voice() -> None:
    sounds = Sounds(("ar",))
    reader, said = reading(sounds, sounds)
    reader.start(plan([recorded("vraag")], "ar", sounds, sounds))
    sounds.end(whole=False)
    assert sounds.heard[-1] == "ar: vraag"
    sounds.end(whole=False)
    assert said == ["vraag", "mislukt vraag", "–"]


def test_a_recording_that_is_gone_without_a_voice_is_told() -> None:
    sounds = Sounds()
    reader, said = reading(sounds, None)
    gone = Part("vraag", "ar", recording=lambda: None)
    reader.start(plan([gone], "ar", sounds, None))
    assert said == ["vraag", "mislukt vraag", "–"]


def test_a_plan_is_what_it_says() -> None:
    part = recorded("a")
    assert plan([part, Part(" ", "ar")], "ar", Sounds(), None).steps == (Step(part, Way.RECORDING),)
