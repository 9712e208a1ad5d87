"""Only real sound of a reasonable size comes with a form, under a plain name."""

from __future__ import annotations

import io
import wave

import pytest

from intake_app.speech import (
    LARGEST,
    RecordingRefused,
    Sound,
    check_recording,
    is_recording_name,
    sound_of,
)


def wav(seconds: float = 0.1) -> bytes:
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(int(16000 * seconds)))
    return target.getvalue()


OPUS = b"OggS" + bytes(24) + b"OpusHead" + bytes(20)
VORBIS = b"OggS" + bytes(24) + b"\x01vorbis" + bytes(20)
MP3 = b"\xff\xfb\x90\x64" + bytes(40)
M4A = b"\x00\x00\x00\x20ftypM4A " + bytes(20)


@pytest.mark.parametrize(
    ("data", "sound"),
    [
        (wav(), Sound.WAV),
        (OPUS, Sound.OGG),
        (VORBIS, Sound.OGG),
        (MP3, Sound.MP3),
        (b"ID3\x04" + bytes(40), Sound.MP3),
        (M4A, Sound.M4A),
        (b"", None),
        (b"MZ" + bytes(60), None),
        (b"<html>", None),
        (b"OggS" + bytes(60), None),
        (b"RIFF\x00\x00\x00\x00AVI ", None),
        (b"\x00\x00\x00\x20ftypqt  ", None),
        (b"\xff\xff\xff\xff" * 8, None),
        (b"\xff\xd8\xff\xe0" + bytes(20), None),
    ],
)
def test_a_recording_is_what_its_bytes_say(data: bytes, sound: Sound | None) -> None:
    assert sound_of(data) is sound


@pytest.mark.parametrize("name", ["naam.ogg", "ar/naam.opus", "prs/a-1_b.mp3", "A.m4a"])
def test_plain_names_also_in_the_folder_of_a_language(name: str) -> None:
    assert is_recording_name(name)


@pytest.mark.parametrize(
    "name",
    ["", "../naam.ogg", "xx/naam.ogg", "ar/en/naam.ogg", "/naam.ogg", "naam.exe", ".ogg", "a b.ogg",
     "ar\\naam.ogg", "naam.ogg\n"],
)  # fmt: skip
def test_other_names_are_none(name: str) -> None:
    assert not is_recording_name(name)


def test_too_large_another_kind_or_a_strange_name_is_refused_in_words() -> None:
    assert check_recording("ar/naam.wav", wav()) is Sound.WAV
    for name, data, words in (
        ("naam.wav", wav() + bytes(LARGEST), "groter dan 2 MB"),
        ("naam.wav", b"MZ" + bytes(40), "geen geluid dat het programma kent"),
        ("../naam.wav", wav(), "geen goede naam"),
    ):
        with pytest.raises(RecordingRefused, match=words):
            check_recording(name, data)
