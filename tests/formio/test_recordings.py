"""Recordings travel with the compiled form: checked, by language, and gone with their source."""

from __future__ import annotations

import io
import wave
from pathlib import Path

import pytest

from intake_app.formio.build import build
from intake_app.formio.findings import FormSourceError
from intake_app.formio.library import Library
from intake_app.formio.lint import lint

SURVEY = """type,name,label,hint,media::audio,bind::dl:audio_hint,bind::dl:audience
text,naam,Hoe heet u?,Uw hele naam,naam.wav,help.wav,
select_one l,werk,Werkt u?,,,,
text,geheim,Hoe was het?,,,,staff
"""
CHOICES = "list_name,name,label,media::audio\nl,ja,Ja,ja.wav\nl,nee,Nee,\n"
SETTINGS = "form_id,form_title,version\nproef,Proef,1\n"


def sound(mark: int = 0) -> bytes:
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(8000)
        file.writeframes(bytes([mark]) * 80)
    return target.getvalue()


@pytest.fixture
def form(tmp_path: Path) -> Path:
    folder = tmp_path / "forms" / "proef"
    (folder / "media" / "ar").mkdir(parents=True)
    (folder / "survey.csv").write_text(SURVEY, encoding="utf-8")
    (folder / "choices.csv").write_text(CHOICES, encoding="utf-8")
    (folder / "settings.csv").write_text(SETTINGS, encoding="utf-8")
    for name in ("naam.wav", "help.wav", "ja.wav"):
        (folder / "media" / name).write_bytes(sound())
    (folder / "media" / "ar" / "naam.wav").write_bytes(sound(7))
    return folder


def made(form: Path) -> Library:
    out = form.parent.parent / "out"
    build(out, forms=form.parent, translations=form.parent / "none")
    return Library(out)


def test_every_recording_comes_along_in_the_folder_of_its_language(form: Path) -> None:
    library = made(form)
    assert library.recording("proef", "naam.wav") == sound()
    assert library.recording("proef", "ar/naam.wav") == sound(7)
    assert library.has_recording("proef", "ja.wav")
    assert not library.has_recording("proef", "ar/ja.wav")
    assert library.recorded_languages("proef") == ("nl", "ar")
    assert library.form_ids() == ("proef",)


def test_what_is_no_recording_of_this_form_is_not_there(form: Path) -> None:
    library = made(form)
    for name in ("../proef.xml", "fa/naam.wav", "naam.exe", "", "/etc/hosts"):
        assert library.recording("proef", name) is None
    assert library.recording("ander", "naam.wav") is None


def test_a_recording_whose_source_went_goes(form: Path) -> None:
    made(form)
    (form / "media" / "ja.wav").unlink()
    assert not made(form).has_recording("proef", "ja.wav")


def test_a_file_that_is_no_sound_stops_the_build_and_lint_says_so(form: Path) -> None:
    (form / "media" / "ja.wav").write_bytes(b"MZ this is a program")
    with pytest.raises(FormSourceError, match="geen geluid"):
        made(form)
    (said,) = [f.message for f in lint(form) if f.level == "error"]
    assert said.startswith("De opname ‘ja.wav’ is geen geluid dat het programma kent.")


def test_a_link_out_of_the_folder_does_not_come_along(form: Path, tmp_path: Path) -> None:
    outside = tmp_path / "elders.wav"
    outside.write_bytes(sound())
    (form / "media" / "link.wav").symlink_to(outside)
    assert not made(form).has_recording("proef", "link.wav")


def test_a_sound_that_was_changed_after_the_build_is_not_played(form: Path) -> None:
    library = made(form)
    next(form.parent.parent.glob("out/forms/proef.recordings/ja.wav")).write_bytes(b"<html>")
    assert library.recording("proef", "ja.wav") is None


def test_an_author_hears_what_is_missing_and_what_is_never_said(form: Path) -> None:
    (form / "media" / "help.wav").unlink()
    text = SURVEY.replace("text,geheim,Hoe was het?,,,,staff", "text,g,Hoe?,,naam.wav,,staff")
    (form / "survey.csv").write_text(text, encoding="utf-8")
    found = {
        (f.row, f.column, f.level) for f in lint(form) if "opname" in f.message + f.fix.lower()
    }
    assert (2, "bind::dl:audio_hint", "warning") in found
    assert (4, "media::audio", "warning") in found
