"""What is read of a question is what its client sees, in that language, and never staff text."""

from __future__ import annotations

import io
import wave
from pathlib import Path

import pytest
from support.vaults import prepared_vault

from intake_app.domain.interview import Interpretation
from intake_app.flows.acting import actor_of
from intake_app.flows.interview import InterviewFlow
from intake_app.flows.read_aloud import SpokenQuestions
from intake_app.formio.build import build
from intake_app.formio.library import Library
from intake_app.xforms import NodeKey, ShownText, TextRef

SURVEY = """type,name,label,hint,guidance_hint,media::audio,bind::dl:audio_hint,bind::dl:audience
select_one l,werk,Werkt u?,Ook onbetaald,Vraag door,werk.wav,hulp.wav,client
text,geheim,Hoe was het?,,,werk.wav,,staff
"""
CHOICES = "list_name,name,label,media::audio\nl,ja,Ja,ja.wav\nl,nee,Nee,\n"
WORDS = {
    "Werkt u?": "هل تعمل؟",
    "Ook onbetaald": "حتى بدون أجر",
    "Ja": "نعم",
    "Hoe was het?": "كيف؟",
}


class Arabic:
    def text(self, form_id: str, ref: TextRef, language: str, source: str) -> ShownText:
        found = WORDS.get(source)
        if found is None:
            return ShownText(source, "nl", "missing")
        return ShownText(found, language)


def sound() -> bytes:
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(8000)
        file.writeframes(bytes(80))
    return target.getvalue()


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    home = tmp_path_factory.mktemp("form")
    form = home / "forms" / "proef"
    (form / "media" / "ar").mkdir(parents=True)
    (form / "survey.csv").write_text(SURVEY, encoding="utf-8")
    (form / "choices.csv").write_text(CHOICES, encoding="utf-8")
    (form / "settings.csv").write_text(
        "form_id,form_title,version\nproef,Proef,1\n", encoding="utf-8"
    )
    for name in ("werk.wav", "hulp.wav", "ja.wav", "ar/werk.wav", "ar/hulp.wav"):
        (form / "media" / name).write_bytes(sound())
    build(home / "out", forms=home / "forms", translations=home / "none")
    return Library(home / "out")


@pytest.fixture(scope="module")
def flow(library: Library, tmp_path_factory: pytest.TempPathFactory) -> InterviewFlow:
    from support.interviews import add_person

    vault = prepared_vault(tmp_path_factory.mktemp("kluis") / "kluis")
    person = add_person(vault).person_id
    return InterviewFlow.start(
        vault, library, Arabic(), person, "proef", "ar", Interpretation(), actor_of(vault)
    )


WERK, GEHEIM = NodeKey("/data/werk"), NodeKey("/data/geheim")


def test_question_help_and_choices_in_order_with_their_recordings(
    flow: InterviewFlow, library: Library
) -> None:
    parts = SpokenQuestions(flow, library).parts(WERK, "ar")
    assert [(p.text, p.language, p.number, p.recording is not None) for p in parts] == [
        ("هل تعمل؟", "ar", 0, True),
        ("حتى بدون أجر", "ar", 0, True),
        ("نعم", "ar", 1, False),
        ("Nee", "nl", 2, False),
    ]
    assert parts[0].recording is not None
    assert parts[0].recording() == sound()


def test_in_dutch_on_demand_with_the_dutch_recordings(
    flow: InterviewFlow, library: Library
) -> None:
    parts = SpokenQuestions(flow, library).parts(WERK, "nl")
    assert [(p.text, p.recording is not None) for p in parts] == [
        ("Werkt u?", True),
        ("Ook onbetaald", True),
        ("Ja", True),
        ("Nee", False),
    ]


def test_one_choice_alone(flow: InterviewFlow, library: Library) -> None:
    parts = SpokenQuestions(flow, library).parts(WERK, "nl", choice="ja")
    assert [(p.text, p.number, p.value) for p in parts] == [("Ja", 1, "ja")]


def test_nothing_for_the_staff_is_ever_read(flow: InterviewFlow, library: Library) -> None:
    spoken = SpokenQuestions(flow, library)
    for language in ("nl", "ar"):
        assert spoken.parts(GEHEIM, language) == ()
        assert all("Vraag door" not in p.text for p in spoken.parts(WERK, language))
    assert not spoken.may_be_read(GEHEIM)


def test_recordings_of_another_version_of_the_form_are_not_played(
    flow: InterviewFlow, tmp_path: Path
) -> None:
    form = tmp_path / "forms" / "proef"
    form.mkdir(parents=True)
    (form / "survey.csv").write_text(SURVEY.replace("Werkt u?", "Heeft u werk?"), encoding="utf-8")
    (form / "choices.csv").write_text(CHOICES, encoding="utf-8")
    (form / "settings.csv").write_text("form_id,version\nproef,2\n", encoding="utf-8")
    (form / "media").mkdir()
    (form / "media" / "werk.wav").write_bytes(sound())
    build(tmp_path / "out", forms=tmp_path / "forms", translations=tmp_path / "none")
    newer = Library(tmp_path / "out")
    assert newer.has_recording("proef", "werk.wav")
    assert all(p.recording is None for p in SpokenQuestions(flow, newer).parts(WERK, "nl"))
    assert all(p.recording is None for p in SpokenQuestions(flow, None).parts(WERK, "nl"))
