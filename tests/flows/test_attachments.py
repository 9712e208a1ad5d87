"""Attachments from disk into the vault and out again: by content, or not at all."""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from support.medical import give_medical_role, hold_role
from support.vaults import actor_of, prepared_vault

from intake_app.domain.actor import ReceiverRole
from intake_app.domain.attachment import LARGEST, MEDICAL, AttachmentKind
from intake_app.domain.person import Person
from intake_app.domain.sharing import Verdict
from intake_app.flows import attachments
from intake_app.flows.attachments import AttachmentCancelled, AttachmentRefused
from intake_app.flows.dossier_words import CATEGORY_TITLES
from intake_app.flows.hand_over import sharing_table
from intake_app.flows.inzage import inzage
from intake_app.vault import DiskFull, Vault
from intake_app.vault.stores.attachments import AttachmentGone
from intake_app.vault.stores.medical import CompartmentClosed, NoRoleKey

PERSON = UUID(int=11)
PDF = b"%PDF-1.7\n" + b"regel " * 500_000
PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)
JPEG = b"\xff\xd8\xff\xe1" + b"GPS 52.09 5.12" * 40
TEXT = "Opleiding: lasser. Adres: ‘Utrecht’ ኣማኑኤል\r\n".encode() * 50


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    opened = prepared_vault(tmp_path / "kluis")
    with opened.transaction(actor_of(opened), "begin") as t:
        t.persons.save(Person(PERSON, "", "Voorbeeld"))
    yield opened
    opened.close()


def redrawn(data: bytes, media_type: str) -> bytes:
    """Stand in for drawing a picture anew: the type's own beginning, nothing else."""
    if b"kapot" in data:
        raise ValueError("no picture")
    return {"image/png": PNG, "image/jpeg": b"\xff\xd8\xff\xe0 getekend"}[media_type]


def file(tmp_path: Path, data: bytes, name: str = "Amanuel Tesfay diploma.docx") -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


def added(vault: Vault, path: Path, **more: Any) -> Any:
    told = {"title": " Diploma \n lasser ", "kind": AttachmentKind.DIPLOMA, "category": "opleiding"}
    chosen = attachments.look_at(path)
    return attachments.add(vault, PERSON, chosen, clean=redrawn, **{**told, **more})


def standing(vault: Vault) -> tuple[Any, ...]:
    with vault.read() as r:
        return r.attachments.of_person(PERSON)


@pytest.mark.parametrize(
    ("data", "media_type"),
    [(PDF, attachments.PDF), (PNG, attachments.PNG), (JPEG, attachments.JPEG),
     (TEXT, attachments.TEXT)],
)  # fmt: skip
def test_a_file_is_known_by_its_content(tmp_path: Path, data: bytes, media_type: str):
    chosen = attachments.look_at(file(tmp_path, data))
    assert (chosen.media_type, chosen.size) == (media_type, len(data))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "leeg"),
        (b"\0\0\0\x18ftypheic" + bytes(99), "HEIC"),
        (b"\0\0\0\x18ftypmif1" + bytes(99), "HEIC"),
        (b"PK\x03\x04" + bytes(99), "Opslaan als PDF"),
        (b"\xd0\xcf\x11\xe0" + bytes(99), "Opslaan als PDF"),
        (b"MZ" + b"\x90" * 99, "kan geen bijlage zijn"),
        (b"<!DOCTYPE html><script>", "kan geen bijlage zijn"),
        (b"<svg xmlns=''>", "kan geen bijlage zijn"),
        (b"GIF89a" + bytes(99), "kan geen bijlage zijn"),
        (b"gewone tekst, en dan\0" + b"x" * 99, "kan geen bijlage zijn"),
        (b"gewone tekst " * 9 + b"\xff", "kan geen bijlage zijn"),
        (b"#!/bin/sh\n", "kan geen bijlage zijn"),
    ],
)
def test_what_cannot_be_an_attachment_is_refused_with_advice(
    tmp_path: Path, data: bytes, words: str
):
    with pytest.raises(AttachmentRefused, match=words) as refused:
        attachments.look_at(file(tmp_path, data, "diploma.pdf"))
    assert "Er is niets bewaard." in str(refused.value)


def test_what_is_too_large_is_refused_before_it_is_read(tmp_path: Path):
    path = file(tmp_path, PDF)
    with path.open("r+b") as sparse:
        sparse.truncate(LARGEST + 1)
    with pytest.raises(AttachmentRefused, match="51 MB"):
        attachments.look_at(path)
    with path.open("r+b") as sparse:
        sparse.truncate(LARGEST)
    assert attachments.look_at(path).size == LARGEST


def test_a_folder_and_a_file_that_is_gone_are_refused(tmp_path: Path):
    with pytest.raises(AttachmentRefused, match="map"):
        attachments.look_at(tmp_path)
    with pytest.raises(AttachmentRefused, match="stick"):
        attachments.look_at(tmp_path / "weg.pdf")


def test_what_is_added_has_a_title_and_no_file_name(vault: Vault, tmp_path: Path):
    made = added(vault, file(tmp_path, PDF))
    assert (made.title, made.kind, made.category, made.role, made.source) == (
        "Diploma lasser", AttachmentKind.DIPLOMA, "opleiding", "", "",
    )  # fmt: skip
    assert attachments.content(vault, made.attachment_id).data == PDF
    with vault.read() as r:
        looked = r.audit.entries(1)[0].body
        assert "bijlage bekijken" in looked
        assert str(made.attachment_id) in looked
        assert str(PERSON) in looked
        rows = r.persons._scope.connection.exec_driver_sql("SELECT * FROM attachment").all()
    assert "Tesfay" not in str(rows)
    name = attachments.suggested_name(made)
    assert name.startswith("bijlage-diploma-20")
    assert name.endswith(".pdf")


def test_a_picture_is_kept_without_what_the_camera_wrote(vault: Vault, tmp_path: Path):
    made = added(vault, file(tmp_path, JPEG))
    kept = attachments.content(vault, made.attachment_id).data
    assert kept == redrawn(JPEG, "image/jpeg")
    assert made.size == len(kept)
    with pytest.raises(AttachmentRefused, match="beschadigd"):
        added(vault, file(tmp_path, PNG + b"kapot"))
    assert standing(vault) == (made,)


@pytest.mark.parametrize(
    ("more", "words"),
    [({"title": " \n"}, "Schrijf eerst"), ({"title": "x" * 121}, "te lang"),
     ({"category": ""}, "waarover"), ({"category": "onzin"}, "waarover")],
)  # fmt: skip
def test_what_must_be_said_of_it(vault: Vault, tmp_path: Path, more: dict[str, str], words: str):
    with pytest.raises(AttachmentRefused, match=words):
        added(vault, file(tmp_path, PDF), **more)
    assert standing(vault) == ()


def test_stopping_halfway_keeps_nothing(vault: Vault, tmp_path: Path):
    path = file(tmp_path, PDF)
    seen: list[tuple[int, int]] = []
    with pytest.raises(AttachmentCancelled):
        attachments.look_at(path, cancelled=lambda: True)
    chosen = attachments.look_at(path, progress=lambda *at: seen.append(at))
    assert seen[-1] == (len(PDF), len(PDF))
    assert seen == sorted(seen)
    with pytest.raises(AttachmentCancelled):
        attachments.add(
            vault, PERSON, chosen, title="x", kind=AttachmentKind.CV, category="werk",
            clean=redrawn, progress=lambda *at: seen.append(at),
            cancelled=lambda: seen[-1][0] not in {0, len(PDF)},
        )  # fmt: skip
    assert standing(vault) == ()


@pytest.mark.parametrize("change", ["longer", "other", "gone"])
def test_a_file_that_changes_in_between_is_not_stored(vault: Vault, tmp_path: Path, change: str):
    path = file(tmp_path, PDF)
    chosen = attachments.look_at(path)
    if change == "gone":
        path.unlink()
    else:
        path.write_bytes(PDF + b"x" if change == "longer" else PDF[:-1] + b"x")
    with pytest.raises(AttachmentRefused, match="stick" if change == "gone" else "veranderd"):
        attachments.add(
            vault, PERSON, chosen, title="x", kind=AttachmentKind.CV, category="werk",
            clean=redrawn,
        )  # fmt: skip
    assert standing(vault) == ()


def test_a_stick_that_fails_while_it_is_read(
    vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = file(tmp_path, PDF)
    chosen = attachments.look_at(path)

    class Failing(io.FileIO):
        def read(self, size: int = -1) -> bytes:
            if self.tell() > 1_000_000:
                raise OSError(errno.EIO, "input/output error")
            return super().read(size)

    monkeypatch.setattr(Path, "open", lambda each, _mode: Failing(each))
    with pytest.raises(AttachmentRefused, match="stick"):
        attachments.look_at(path)
    with pytest.raises(AttachmentRefused, match="stick"):
        attachments.add(
            vault, PERSON, chosen, title="x", kind=AttachmentKind.CV, category="werk",
            clean=redrawn,
        )  # fmt: skip
    assert standing(vault) == ()


def test_the_list_answers_may_i_share_this(vault: Vault, tmp_path: Path):
    first = added(vault, file(tmp_path, PDF))
    second = added(vault, file(tmp_path, TEXT), category="intern", title="Briefje")
    rows = attachments.listed(vault, PERSON, sharing_table())
    assert [row.attachment for row in rows] == [second, first]
    assert [row.added_by for row in rows] == ["Noor de Vries"] * 2
    assert all(row.may_open for row in rows)
    assert [rule.role for rule in rows[0].verdicts] == list(ReceiverRole)
    assert attachments.in_short(rows[0].verdicts) is Verdict.NEE
    assert attachments.in_short(rows[1].verdicts) is Verdict.JA


def test_the_list_is_in_the_log_when_medical_titles_are_opened(
    vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def head() -> int:
        with vault.read() as r:
            return r.audit.head()[0]

    added(vault, file(tmp_path, PDF))
    before = head()
    attachments.listed(vault, PERSON, sharing_table())
    # the page it stands on logs that the person was opened
    assert head() == before
    hold_role(monkeypatch, vault, give_medical_role(vault))
    attachments.listed(vault, PERSON, sharing_table())
    with vault.read() as r:
        assert "medische bijlagen bekijken" in r.audit.entries(1)[0].body


def test_every_usual_category_is_one_of_the_table():
    table = sharing_table()
    assert set(attachments.KIND_CATEGORIES) == set(AttachmentKind) == set(attachments.KIND_TITLES)
    for category in filter(None, attachments.KIND_CATEGORIES.values()):
        assert category in CATEGORY_TITLES
        assert (category, ReceiverRole.GEMEENTE) in table.rules


def test_saving_outside_is_logged_and_leaves_the_file(vault: Vault, tmp_path: Path):
    made = added(vault, file(tmp_path, PDF))
    target = tmp_path / "elders" / attachments.suggested_name(made)
    target.parent.mkdir()
    attachments.save_outside(vault, made.attachment_id, target)
    assert target.read_bytes() == PDF
    assert list(target.parent.iterdir()) == [target]
    with vault.read() as r:
        bodies = [entry.body for entry in r.audit.entries(2)]
    assert any("bijlage buiten de kluis opslaan" in body for body in bodies)
    assert any(str(made.attachment_id) in body and str(PERSON) in body for body in bodies)


def test_saving_outside_that_fails_leaves_no_half_file(
    vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    made = added(vault, file(tmp_path, PDF))
    folder = tmp_path / "elders"
    folder.mkdir()
    with pytest.raises(AttachmentRefused, match="kluis zelf"):
        attachments.save_outside(vault, made.attachment_id, vault.folder / "bijlage.pdf")
    with pytest.raises(AttachmentRefused, match="niet worden opgeslagen"):
        attachments.save_outside(vault, made.attachment_id, tmp_path / "weg" / "bijlage.pdf")

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "no space left on device")

    monkeypatch.setattr(os, "fsync", full)
    # the vault syncs through SQLite, not through this call
    with pytest.raises(AttachmentRefused, match="schijf vol"):
        attachments.save_outside(vault, made.attachment_id, folder / "bijlage.pdf")
    assert list(folder.iterdir()) == []


def test_removed_is_gone(vault: Vault, tmp_path: Path):
    made = added(vault, file(tmp_path, PDF))
    attachments.remove(vault, made.attachment_id)
    attachments.remove(vault, made.attachment_id)
    assert standing(vault) == ()
    for use in (
        lambda: attachments.content(vault, made.attachment_id),
        lambda: attachments.save_outside(vault, made.attachment_id, tmp_path / "bijlage.pdf"),
    ):
        with pytest.raises(AttachmentGone):
            use()


def medical(vault: Vault, path: Path) -> Any:
    return added(vault, path, category=MEDICAL, title="Uitslag", kind=AttachmentKind.TOETSUITSLAG)


def test_a_medical_file_needs_somebody_with_the_role(vault: Vault, tmp_path: Path):
    with pytest.raises(NoRoleKey, match="medische rol"):
        medical(vault, file(tmp_path, PDF))
    assert standing(vault) == ()


def test_who_adds_something_medical_cannot_read_it_back(vault: Vault, tmp_path: Path):
    give_medical_role(vault)
    made = medical(vault, file(tmp_path, PDF))
    (row,) = attachments.listed(vault, PERSON, sharing_table())
    assert (row.may_open, row.attachment.title) == (False, "")
    assert row.attachment.size == len(PDF)
    for use in (
        lambda: attachments.content(vault, made.attachment_id),
        lambda: attachments.save_outside(vault, made.attachment_id, tmp_path / "bijlage.pdf"),
    ):
        with pytest.raises(CompartmentClosed):
            use()
    with pytest.raises(AttachmentRefused, match="medische rol"):
        attachments.remove(vault, made.attachment_id)
    assert not (tmp_path / "bijlage.pdf").exists()
    assert len(standing(vault)) == 1


def test_with_the_medical_role_all_of_it_works(
    vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    hold_role(monkeypatch, vault, give_medical_role(vault))
    made = medical(vault, file(tmp_path, PDF))
    (row,) = attachments.listed(vault, PERSON, sharing_table())
    assert (row.may_open, row.attachment.title) == (True, "Uitslag")
    assert attachments.content(vault, made.attachment_id).data == PDF
    attachments.save_outside(vault, made.attachment_id, tmp_path / "bijlage.pdf")
    assert (tmp_path / "bijlage.pdf").read_bytes() == PDF
    attachments.remove(vault, made.attachment_id)
    assert standing(vault) == ()


def test_inzage_names_a_medical_one_to_the_role_only(
    vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    seed = give_medical_role(vault)
    added(vault, file(tmp_path, TEXT), title="Briefje")
    medical(vault, file(tmp_path, PDF))
    titles = [each.title for each in inzage(vault, PERSON).attachments]
    assert sorted(titles) == ["", "Briefje"]
    hold_role(monkeypatch, vault, seed)
    titles = [each.title for each in inzage(vault, PERSON).attachments]
    assert sorted(titles) == ["Briefje", "Uitslag"]


def test_a_full_disk_stores_nothing_and_what_was_there_stays(vault: Vault, tmp_path: Path):
    before = added(vault, file(tmp_path, TEXT))
    opened = vault._open()
    with opened.writer.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 20}")
    with pytest.raises(DiskFull, match="schijf van deze laptop is vol"):
        added(vault, file(tmp_path, PDF))
    assert standing(vault) == (before,)
    assert attachments.content(vault, before.attachment_id).data == TEXT
    with vault.read() as r:
        chunks = "SELECT count(*) FROM attachment_chunk"
        assert r.persons._scope.connection.exec_driver_sql(chunks).scalar_one() == 1


def test_what_came_from_outside_is_shown_only_as_what_it_is(vault: Vault):
    def stored(data: bytes, media_type: str) -> UUID:
        with vault.transaction(actor_of(vault), "test") as t:
            return t.attachments.add(
                PERSON, [data], "x", media_type, "werk", env=vault.env
            ).attachment_id

    for data, media_type in (
        (PDF, attachments.PNG), (b"<html>", attachments.TEXT), (PDF, attachments.TEXT),
        (b"GIF89a", attachments.JPEG), (TEXT, attachments.PDF), (PDF, attachments.OTHER),
        (b"<svg>", "image/svg+xml"),
    ):  # fmt: skip
        with pytest.raises(AttachmentRefused, match="niet veilig"):
            attachments.content(vault, stored(data, media_type))
    assert attachments.content(vault, stored(TEXT, attachments.TEXT)).data == TEXT
