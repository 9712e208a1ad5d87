"""From the person to a new attachment and back, through the real window; nothing on the disk."""

from __future__ import annotations

from pathlib import Path

import pytest
from pages.attachments import AddAttachmentObject
from pages.base import PageObject
from support.medical import give_medical_role
from support.people import add_people
from support.qt import ScriptedPicker, make_context, make_theme, settle
from support.vaults import prepared_vault

from intake_app.flows.practice_people import Stage
from intake_app.ui.desk import Desk
from intake_app.ui.kit import ConfirmDialog

MARKER = "kanarie-5e1c-school"


@pytest.fixture
def desk(tmp_path: Path, qtbot, qapp):
    vault = prepared_vault(tmp_path / "kluis")
    people = add_people(vault)
    path = tmp_path / "brief van Yonas"
    path.write_text(f"Brief van {MARKER}.\n" * 50, encoding="utf-8")
    context = make_context(vault, make_theme(qapp))
    made = Desk(
        vault,
        theme=context.theme,
        library=context.library,
        catalogues=context.catalogues,
        tr=context.tr,
        env=vault.env,
        pick=ScriptedPicker(path),
        end=lambda _code: None,
    )
    qtbot.addWidget(made.shell)
    made.shell.resize(1280, 800)
    made.shell.show()
    yield made, people[Stage.COUPLED][0], path
    vault.close()


def plain_files(folder: Path, but: Path) -> list[Path]:
    """Return the files below `folder` that hold the marker, `but` the one it came from."""
    found = (path for path in folder.rglob("*") if path.is_file() and path != but)
    return [path for path in found if MARKER.encode() in path.read_bytes()]


def test_add_look_and_remove(desk, qtbot, qapp, tmp_path, monkeypatch):
    made, person, path = desk
    page = PageObject(qtbot, made.shell)
    made.open_person(person.person_id)
    settle(qapp)
    page.click("person-attachment-add")
    settle(qapp)
    adding = AddAttachmentObject(qtbot, made.shell)
    adding.choose_file()
    adding.fill("brief", "opleiding", "Brief van school")
    adding.save()
    qtbot.waitUntil(lambda: page.has("person-attachments"), timeout=20_000)
    settle(qapp)
    with made.vault.read() as r:
        (stored,) = r.attachments.of_person(person.person_id)
    assert "Brief van school" in page.text("person-attachments")
    assert "Yonas" not in page.text("person-attachments")
    page.click(f"attachment-{stored.attachment_id}-open")
    settle(qapp)
    assert MARKER in page.text("attachment-text")
    # seen on the screen, found nowhere on the disk but in the file it came from
    assert plain_files(tmp_path, path) == []
    monkeypatch.setattr(ConfirmDialog, "ask", lambda *_args, **_more: True)
    page.click("attachment-remove")
    qtbot.waitUntil(lambda: page.has("person-attachments"), timeout=20_000)
    settle(qapp)
    assert "Nog geen bijlagen" in page.text("person-attachments")


def test_a_file_dropped_on_the_person_opens_the_page_with_it(desk, qtbot, qapp):
    made, person, path = desk
    made.open_person(person.person_id)
    settle(qapp)
    shown = made.shell.findChild(PageObject(qtbot, made.shell).find("person-page").__class__)
    shown.file_dropped.emit(path)
    settle(qapp)
    adding = AddAttachmentObject(qtbot, made.shell)
    adding.wait()
    assert adding.file().startswith("tekst")


def test_a_medical_note_from_the_person_and_back(desk, qtbot, qapp):
    made, person, _ = desk
    give_medical_role(made.vault)
    page = PageObject(qtbot, made.shell)
    made.open_person(person.person_id)
    settle(qapp)
    page.click("person-medical-add")
    settle(qapp)
    page.choose("medical-note-kind", "huisarts")
    page.type("medical-note-text", "Wil graag een afspraak.")
    page.click("medical-note-save")
    qtbot.waitUntil(lambda: page.has("person-medical"), timeout=20_000)
    settle(qapp)
    assert "1 medische notitie." in page.text("person-medical")
