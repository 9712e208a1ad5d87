"""An answer that is a file: one transaction, one history, nothing left behind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from support.file_forms import (
    HAS,
    INNER,
    JOB_PHOTO,
    JOBS,
    MEDICAL,
    PAPER,
    PHOTO,
    SIGNED,
    files_xml,
    mp3,
    picture,
    png,
    start_with_files,
    wav,
)
from support.medical import give_medical_role, hold_role
from support.vaults import actor_of, prepared_vault

from intake_app.domain.interview import AnswerState
from intake_app.flows import answer_files, attachments, case_file, form_move, recordings
from intake_app.flows.answer_files import Instead, PreparedFile
from intake_app.flows.attachments import AttachmentRefused
from intake_app.flows.interview import InterviewFlow, InterviewRefused
from intake_app.formio.migrations import Migration
from intake_app.vault import DiskFull, Vault, schema
from intake_app.vault.stores.medical import NoRoleKey
from intake_app.xforms import AnswerRefused, NodeKey, parse_form


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    opened = prepared_vault(tmp_path / "kluis")
    yield opened
    opened.close()


@pytest.fixture
def flow(vault: Vault) -> InterviewFlow:
    return start_with_files(vault)


def redrawn(data: bytes, media_type: str) -> bytes:
    if not data.startswith((b"\x89PNG", b"\xff\xd8")) or b"kapot" in data:
        raise ValueError("no picture")
    return png(shade=9) if media_type == "image/png" else b"\xff\xd8\xff\xe0 getekend"


def kept(vault: Vault, flow: InterviewFlow) -> dict[str, bytes]:
    """Return every file of the interview by name, with its bytes."""
    with vault.read() as r:
        found = r.attachments.of_interview(flow.interview.interview_id)
        return {
            each.answer.name: b"".join(r.attachments.read(each.attachment_id))
            for each in found
            if each.answer is not None and not each.role
        }


def rows(vault: Vault, table: Any) -> int:
    with vault.read() as r:
        (row,) = r.persons._all(select(func.count().label("n")).select_from(table))
        return int(row["n"])


# ---- keeping -----------------------------------------------------------------------------------


def test_the_answer_is_a_name_without_a_person_and_the_bytes_lie_with_it(
    vault: Vault, flow: InterviewFlow
):
    saved = flow.answer_file(PHOTO, picture(7))
    row = flow.row(PHOTO)
    assert row is not None
    assert answer_files.is_name(row.value)
    assert row.value.endswith(".png")
    assert row.state is AnswerState.ANSWERED
    assert kept(vault, flow) == {row.value: picture(7).data}
    assert PHOTO in saved.changes.values
    (one,) = answer_files.kept(vault, flow.interview.interview_id)
    assert (one.title, one.category, one.answer.path) == (
        "Foto van het diploma", "opleiding", PHOTO.path,
    )  # fmt: skip
    assert answer_files.content(vault, one) == picture(7).data


def test_it_is_there_after_opening_again(tmp_path: Path, flow: InterviewFlow, vault: Vault):
    flow.answer_file(PHOTO, picture())
    again = InterviewFlow.resume(vault, None, flow.interview.interview_id, actor_of(vault))
    assert again.row(PHOTO) == flow.row(PHOTO)
    assert again.session.value(PHOTO) in kept(vault, again)


def test_another_file_takes_its_place_and_the_first_stays_in_the_history(
    vault: Vault, flow: InterviewFlow
):
    flow.answer_file(PHOTO, picture(1))
    first = flow.session.value(PHOTO)
    flow.answer_file(PHOTO, picture(2))
    second = flow.session.value(PHOTO)
    assert kept(vault, flow) == {first: picture(1).data, second: picture(2).data}
    with vault.read() as r:
        assert [old.value for old in r.answers.history(flow.interview.interview_id, PHOTO)] == [
            first
        ]
        (standing,) = r.attachments.answering(flow.interview.person_id)
        assert r.attachments.get(standing).answer.name == second  # type: ignore[union-attr]


def test_a_turned_picture_leaves_nothing_of_the_first(vault: Vault, flow: InterviewFlow):
    flow.answer_file(PHOTO, picture(1))
    flow.answer_file(PHOTO, picture(2), instead=True)
    assert list(kept(vault, flow).values()) == [picture(2).data]


def test_removing_deletes_the_bytes_of_every_file_of_that_question(
    vault: Vault, flow: InterviewFlow
):
    flow.answer_file(PHOTO, picture(1))
    flow.answer_file(PHOTO, picture(2))
    flow.answer_file(SIGNED, picture(3))
    flow.remove_file(PHOTO)
    assert flow.session.value(PHOTO) == ""
    assert list(kept(vault, flow).values()) == [picture(3).data]
    assert rows(vault, schema.attachment_chunk) == 1


def test_a_state_instead_of_a_file_keeps_it_out_of_the_answer(vault: Vault, flow: InterviewFlow):
    flow.answer_file(PHOTO, picture())
    flow.set_state(PHOTO, AnswerState.REFUSED)
    assert flow.session.value(PHOTO) == ""
    with vault.read() as r:
        assert r.attachments.answering(flow.interview.person_id) == frozenset()
    assert len(kept(vault, flow)) == 1


def test_taking_back_brings_the_file_before_back(vault: Vault, flow: InterviewFlow):
    flow.answer_file(PHOTO, picture(1))
    first = flow.session.value(PHOTO)
    saved = flow.answer_file(PHOTO, picture(2))
    flow.take_back(saved.step)
    assert flow.session.value(PHOTO) == first
    assert kept(vault, flow)[first] == picture(1).data


def test_taking_back_never_names_a_file_that_is_gone(vault: Vault, flow: InterviewFlow):
    flow.answer_file(PHOTO, picture(1))
    flow.take_back(flow.remove_file(PHOTO).step)
    assert flow.session.value(PHOTO) == ""
    flow.answer_file(PHOTO, picture(1))
    flow.take_back(flow.answer_file(PHOTO, picture(2), instead=True).step)
    assert flow.session.value(PHOTO) in kept(vault, flow)


def test_a_name_without_a_file_is_refused(vault: Vault, flow: InterviewFlow):
    with pytest.raises(InterviewRefused, match="is er niet meer"):
        flow.answer(PHOTO, f"{UUID(int=5)}.jpg")
    with pytest.raises(InterviewRefused, match="is er niet meer"):
        flow.answer(PHOTO, "../../etc/passwd")
    flow.answer_file(SIGNED, picture())
    flow.answer(SIGNED, flow.session.value(SIGNED))
    other = start_with_files(vault)
    with pytest.raises(InterviewRefused, match="is er niet meer"):
        other.answer(SIGNED, flow.session.value(SIGNED))


def test_a_question_of_another_kind_takes_no_file(flow: InterviewFlow):
    with pytest.raises(ValueError, match="file"):
        flow.answer_file(HAS, picture())


def test_a_finished_interview_takes_no_file_and_loses_none(vault: Vault, flow: InterviewFlow):
    flow.answer_file(PHOTO, picture())
    flow.finish()
    for step in (lambda: flow.answer_file(PHOTO, picture(2)), lambda: flow.remove_file(PHOTO)):
        with pytest.raises(InterviewRefused, match="vastgesteld"):
            step()
    assert list(kept(vault, flow).values()) == [picture().data]


def test_files_in_a_repeat_belong_to_their_instance(vault: Vault, flow: InterviewFlow):
    ids = [flow.add_repeat(JOBS)[0] for _ in range(2)]
    for number, instance in enumerate(ids):
        flow.answer_file(NodeKey(JOB_PHOTO, instance), picture(number))
    with vault.read() as r:
        assert len(r.attachments.answering(flow.interview.person_id)) == 2
    flow.remove_repeat(JOBS, ids[0])
    with vault.read() as r:
        (standing,) = r.attachments.answering(flow.interview.person_id)
        assert r.attachments.get(standing).answer.repeat == ids[1]  # type: ignore[union-attr]
    flow.restore_repeat(ids[0])
    flow.remove_file(NodeKey(JOB_PHOTO, ids[1]))
    assert list(kept(vault, flow).values()) == [picture(0).data]


def test_what_is_medical_is_sealed_to_that_role(
    vault: Vault, flow: InterviewFlow, monkeypatch: pytest.MonkeyPatch
):
    with pytest.raises(NoRoleKey):
        flow.answer_file(MEDICAL, picture())
    assert flow.session.value(MEDICAL) == ""
    seed = give_medical_role(vault)
    flow.answer_file(MEDICAL, picture(4))
    (one,) = answer_files.kept(vault, flow.interview.interview_id)
    assert (one.role, one.is_sealed, one.title) == ("medisch", True, "")
    assert one.answer is not None
    assert one.answer.name == flow.session.value(MEDICAL)
    hold_role(monkeypatch, vault, seed)
    (one,) = answer_files.kept(vault, flow.interview.interview_id)
    assert answer_files.content(vault, one) == picture(4).data


# ---- with the form and out of it ---------------------------------------------------------------


class NewForm:
    """A library with another version of the form, and what became of its questions."""

    def __init__(self, xml: bytes) -> None:
        self.form = parse_form(xml, name="bestanden")

    def rows(self) -> tuple[Migration, ...]:
        return (
            Migration(1, "1", "2", PHOTO.path, "/data/papier/bewijs", MappingProxyType({})),
            Migration(2, "1", "2", PAPER.path, "", MappingProxyType({})),
        )


def test_moving_to_a_newer_form_takes_the_file_along(vault: Vault, flow: InterviewFlow):
    flow.answer_file(PHOTO, picture(1))
    flow.answer_file(PAPER, PreparedFile(b"%PDF-1.7\n", "application/pdf"))
    name = flow.session.value(PHOTO)
    xml = files_xml().replace(b"/papier/foto", b"/papier/bewijs").replace(b"<foto/>", b"<bewijs/>")
    xml = re.sub(rb'<upload ref="/data/papier/scan".*?</upload>', b"", xml)
    xml = re.sub(rb'<bind nodeset="/data/papier/scan"[^>]*>', b"", xml).replace(b"<scan/>", b"")
    new = NewForm(xml.replace(b'version="1">', b'version="2">'))
    shown = form_move.preview(vault, flow.interview.interview_id, new.form, new.rows())
    moved = form_move.carry_out(vault, None, shown, new.rows(), actor_of(vault))
    assert moved.session.value(NodeKey("/data/papier/bewijs")) == name
    (aside,) = moved.aside
    assert aside.shown == "Pdf"
    case = case_file.read_case_file(vault, flow.interview.person_id)
    question = next(q for q in case.interviews[0].questions if q.is_file)
    kept_file = case.file_of(question)
    assert kept_file is not None
    assert answer_files.content(vault, kept_file) == picture(1).data
    # the one without a place is kept, and is no answer that travels
    assert len(case.attachments) == 1
    assert len(kept(vault, moved)) == 2
    moved.answer_file(NodeKey("/data/papier/bewijs"), picture(2), instead=True)
    assert len(kept(vault, moved)) == 2


def test_the_instance_as_xml_names_the_file(flow: InterviewFlow):
    flow.answer_file(PHOTO, picture())
    name = flow.session.value(PHOTO)
    assert f"<foto>{name}</foto>".encode() in flow.session.instance_xml()


# ---- one transaction ---------------------------------------------------------------------------


def test_a_full_disk_leaves_both_as_they_were(
    vault: Vault, flow: InterviewFlow, monkeypatch: pytest.MonkeyPatch
):
    flow.answer_file(PHOTO, picture(1))
    before, name = kept(vault, flow), flow.session.value(PHOTO)
    from intake_app.vault.stores.interviews import Answers

    def full(*_: object) -> None:
        raise DiskFull

    with monkeypatch.context() as patch:
        patch.setattr(Answers, "put", full)
        for step in (
            lambda: flow.answer_file(PHOTO, picture(2)),
            lambda: flow.answer_file(PHOTO, picture(2), instead=True),
            lambda: flow.remove_file(PHOTO),
        ):
            with pytest.raises(DiskFull):
                step()
            assert flow.session.value(PHOTO) == name
            assert kept(vault, flow) == before
    assert rows(vault, schema.attachment_chunk) == rows(vault, schema.answer_file) == 1
    flow.answer_file(PHOTO, picture(2))
    assert len(kept(vault, flow)) == 2


def test_nothing_of_it_is_left_when_the_person_is_wiped(vault: Vault, flow: InterviewFlow):
    from intake_app.vault.stores.removals import Ground, Removal, RemovalState

    give_medical_role(vault)
    for key in (PHOTO, SIGNED, MEDICAL, INNER):
        flow.answer_file(key, picture())
        flow.answer_file(key, picture(1))
    instance, _ = flow.add_repeat(JOBS)
    flow.answer_file(NodeKey(JOB_PHOTO, instance), picture())
    removal = Removal(
        UUID(int=99), flow.interview.person_id, Ground.ANDERS, "weg", vault.env.now(),
        vault.user.user_id, RemovalState.GEDAAN,
    )  # fmt: skip
    with vault.transaction(actor_of(vault), "wissen") as tx:
        tx.removals.save(removal)
        tx.removals.erase_person(removal)
    for table in (schema.attachment, schema.attachment_chunk, schema.answer_file):
        assert rows(vault, table) == 0


# ---- preparing ---------------------------------------------------------------------------------


def write(tmp_path: Path, data: bytes) -> Path:
    path = tmp_path / "Amanuel Tesfay paspoort.jpg"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("mediatype", "data", "media_type"),
    [
        ("image/*", png(), "image/png"),
        ("image/*", b"\xff\xd8\xff\xe1" + b"GPS" * 9, "image/jpeg"),
        ("audio/*", wav(), "audio/wav"),
        ("audio/*", mp3(), "audio/mpeg"),
        ("application/pdf", b"%PDF-1.7\n" + bytes(9), "application/pdf"),
        ("application/*", b"%PDF-1.7\n" + bytes(9), "application/pdf"),
        ("application/*", png(), "image/png"),
        ("application/*", "gewone tekst ኣማኑኤል".encode(), "text/plain"),
        ("", png(), "image/png"),
    ],
)
def test_what_a_question_asks_for_is_taken(
    tmp_path: Path, mediatype: str, data: bytes, media_type: str
):
    file = answer_files.prepare(write(tmp_path, data), mediatype, clean=redrawn)
    assert file.media_type == media_type


@pytest.mark.parametrize(
    ("mediatype", "data", "words"),
    [
        ("image/*", b"%PDF-1.7\n", "vraagt om een foto"),
        ("image/*", wav(), "vraagt om een foto"),
        ("image/*", png() + b"kapot", "beschadigd"),
        ("audio/*", png(), "geluidsopname"),
        ("audio/*", b"ID3\x03\0\0\0\0\0\x02ab", "beschadigd"),
        ("application/pdf", png(), "vraagt om een PDF"),
        ("application/*", mp3(), "kan hier niet"),
        ("video/*", png(), "video"),
        ("image/*", b"\0\0\0\x18ftypheic" + bytes(99), "HEIC"),
        ("image/*", b"", "leeg"),
        ("image/*", b"<svg onload=alert(1)>", "kan geen bijlage zijn"),
    ],
)
def test_what_it_does_not_ask_for_is_refused_in_words(
    tmp_path: Path, mediatype: str, data: bytes, words: str
):
    with pytest.raises(AttachmentRefused, match=words) as refused:
        answer_files.prepare(write(tmp_path, data), mediatype, clean=redrawn)
    assert "Er is niets bewaard." in str(refused.value)
    assert "Amanuel" not in str(refused.value)


def test_an_attachment_beside_the_answers_is_still_no_recording(tmp_path: Path):
    with pytest.raises(AttachmentRefused, match="kan geen bijlage zijn"):
        attachments.look_at(write(tmp_path, wav()))


def test_a_recording_keeps_its_sound_and_nothing_else(tmp_path: Path):
    for made, media_type in ((wav, "audio/wav"), (mp3, "audio/mpeg")):
        path = write(tmp_path, made(b"iPhone van Amanuel, Budel 51.27"))
        file = answer_files.prepare(path, "audio/*", clean=redrawn)
        assert file == PreparedFile(made(), media_type)
        assert recordings.only_sound(file.data, media_type) == file.data


@given(st.binary(max_size=600), st.sampled_from(sorted(recordings.RECORDINGS)))
@settings(max_examples=300, deadline=None)
def test_garbage_is_no_recording_or_only_sound(data: bytes, media_type: str):
    for whole in (data, wav()[:40] + data, mp3()[:400] + data, data + mp3()):
        try:
            found = recordings.only_sound(whole, media_type)
        except ValueError:
            continue
        assert recordings.only_sound(found, media_type) == found


def test_a_statement_says_how_it_was_signed_and_who_was_there():
    day = date(2026, 3, 2)
    file = answer_files.statement(Instead.OP_PAPIER, "  Noor \n de Vries ", day)
    text = file.data.decode()
    assert file.media_type == "text/plain"
    assert "Getekend op papier." in text
    assert "Hierbij was: Noor de Vries." in text
    assert "2 maart 2026" in text
    assert "mondeling ja" in answer_files.statement(Instead.MONDELING, "N", day).data.decode()
    for witness in ("", " \n", "x" * 200):
        with pytest.raises(AttachmentRefused):
            answer_files.statement(Instead.OP_PAPIER, witness, day)


@given(st.text(max_size=300))
@settings(deadline=None)
def test_a_title_is_one_bounded_line(label: str):
    title = answer_files.title_of(label, "naam")
    assert 0 < len(title) <= attachments.LONGEST_TITLE
    assert title.isprintable()


def test_a_value_in_words_never_is_the_name_of_the_file():
    name = f"{UUID(int=3)}"
    assert answer_files.in_words(f"{name}.jpg") == "Foto"
    assert answer_files.in_words(f"{name}.png", signed=True) == "Handtekening"
    assert "plaats van" in answer_files.in_words(f"{name}.txt", signed=True)
    assert answer_files.in_words("wat dan ook") == "Bestand"
    assert answer_files.in_words("") == ""


def test_the_answer_of_another_kind_still_refuses(flow: InterviewFlow):
    with pytest.raises((AnswerRefused, ValueError, KeyError)):
        flow.answer_file(NodeKey("/data/papier/bestaat_niet"), picture())
    assert replace(picture()) == picture()


def test_papers_of_any_kind_lie_under_their_own_name(vault: Vault, flow: InterviewFlow):
    flow.answer_file(PAPER, PreparedFile(b"%PDF-1.7\n" + bytes(600_000), "application/pdf"))
    assert flow.session.value(PAPER).endswith(".pdf")
    assert rows(vault, schema.attachment_chunk) == 2
