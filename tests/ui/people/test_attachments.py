"""The attachments of a person on the screen: list, add, look, write out, remove."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pages.attachments import AddAttachmentObject, AttachmentObject
from pages.base import PageObject
from PySide6.QtCore import QBuffer, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDropEvent, QImage
from PySide6.QtWidgets import QCheckBox, QLabel
from support.chain import PERSON, add_person, make_chain
from support.medical import give_medical_role, hold_role
from support.qt import ScriptedPicker, make_context, make_theme, settle
from support.vaults import actor_of

from intake_app.domain.attachment import Attachment, AttachmentKind
from intake_app.flows import attachments, receive
from intake_app.ui import a11y
from intake_app.ui.handover.page import HandoverPage
from intake_app.ui.inbox.dossier import DossierPage
from intake_app.ui.kit import ConfirmDialog, Tag
from intake_app.ui.people import PersonPage
from intake_app.ui.people.attachment_page import AttachmentPage
from intake_app.ui.people.attachments import AddAttachmentPage, AttachmentsCard
from intake_app.ui.people.pictures import read_picture, redrawn
from intake_app.ui.shell import Shell
from intake_app.vault.errors import DiskFull

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]"
    b"/Count 1>>endobj 3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n"
)
TEXT = b"Brief van de school.\n"


def picture(kind: str, color: str = "red", size: tuple[int, int] = (40, 20)) -> bytes:
    image = QImage(*size, QImage.Format.Format_RGB32)
    image.fill(QColor(color))
    image.setText("Comment", "GPS 52.09 5.12")
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(buffer, kind)
    return bytes(buffer.data().data())


@pytest.fixture
def chain(tmp_path):
    made = make_chain(tmp_path)
    add_person(made.azc)
    yield made
    made.close()


@pytest.fixture
def vault(chain):
    return chain.azc


def stored(vault, data: bytes = TEXT, **more: Any) -> Attachment:
    told = {
        "title": "Brief school", "media_type": attachments.TEXT, "category": "opleiding",
        "kind": AttachmentKind.BRIEF,
    } | more  # fmt: skip
    with vault.transaction(actor_of(vault), "bijlage toevoegen") as t:
        return t.attachments.add(PERSON.person_id, [data], env=vault.env, **told)


def of_person(vault) -> tuple[Attachment, ...]:
    with vault.read() as r:
        return r.attachments.of_person(PERSON.person_id)


def shown(qtbot, qapp, page, size: tuple[int, int] = (1200, 700)):
    qtbot.addWidget(page)
    page.resize(*size)
    page.show()
    settle(qapp)
    return page


# ---- the card -----------------------------------------------------------------------------------


def test_the_card_lists_what_there_is(qtbot, qapp, vault):
    open_one = stored(vault)
    stored(vault, category="intern", title="Werkbriefje")
    give_medical_role(vault)
    stored(vault, category="medisch", role="medisch", title="Bloedonderzoek")
    page = shown(qtbot, qapp, PersonPage(make_context(vault, make_theme(qapp)), PERSON.person_id))
    card = page.findChild(AttachmentsCard)
    words = " ".join(PageObject(qtbot, card).words())
    assert "Brief school" in words
    assert "Brief · tekst, 1 kB · 2 maart 2026" in words
    assert "Noor de Vries" in words
    assert "mag naar gemeente" in words
    assert "blijft hier" in words
    # the medical one: that it is there, for whom, and no more
    assert "Alleen voor de medische rol" in words
    assert "Bloedonderzoek" not in words
    assert [tag.text() for tag in card.findChildren(Tag) if tag.kind == "medical"] == ["medisch"]
    with qtbot.waitSignal(page.attachment_asked) as asked:
        PageObject(qtbot, page).click(f"attachment-{open_one.attachment_id}-open")
    assert asked.args == [open_one.attachment_id]
    with qtbot.waitSignal(page.asked) as form:
        PageObject(qtbot, page).click("person-attachment-add")
    assert form.args == ["attachment"]


def test_a_new_attachment_shows_at_once(qtbot, qapp, vault):
    page = shown(qtbot, qapp, PersonPage(make_context(vault, make_theme(qapp)), PERSON.person_id))
    assert "Nog geen bijlagen" in PageObject(qtbot, page).text("person-attachments")
    stored(vault)
    settle(qapp)
    assert "Brief school" in PageObject(qtbot, page).text("person-attachments")


def drop(widget, *urls: str) -> None:
    data = QMimeData()
    data.setUrls([QUrl(url) for url in urls])
    widget.dropEvent(
        QDropEvent(
            QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )  # fmt: skip


def test_a_file_may_be_dropped_on_the_card(qtbot, qapp, vault, tmp_path):
    page = shown(qtbot, qapp, PersonPage(make_context(vault, make_theme(qapp)), PERSON.person_id))
    card = page.findChild(AttachmentsCard)
    heard: list[Path] = []
    page.file_dropped.connect(heard.append)
    drop(card, "https://example.org/diploma.pdf")
    drop(card, f"file://{tmp_path}/a.pdf", f"file://{tmp_path}/b.pdf")
    assert heard == []
    drop(card, f"file://{tmp_path}/a.pdf")
    assert heard == [tmp_path / "a.pdf"]


# ---- adding -------------------------------------------------------------------------------------


def adding(qtbot, qapp, vault, *answers: Path | None, path: Path | None = None):
    done: list[str] = []
    context = make_context(vault, make_theme(qapp), pick=ScriptedPicker(*answers))
    page = AddAttachmentPage(context, PERSON.person_id, done=lambda: done.append("done"), path=path)
    shown(qtbot, qapp, page)
    made = AddAttachmentObject(qtbot, page)
    made.wait()
    return made, done


def test_choose_say_what_it_is_and_keep_it(qtbot, qapp, vault, tmp_path):
    path = tmp_path / "Amanuel Tesfay.bin"
    path.write_bytes(PDF)
    page, done = adding(qtbot, qapp, vault, path)
    assert page.file() == "Nog geen bestand gekozen"
    page.choose_file()
    assert page.file() == "PDF, 1 kB"
    page.fill("diploma")
    assert page.text("attachment-title") == "Diploma of certificaat"
    assert "gemeente: ja" in page.text("attachment-sharing")
    assert "werkgever: na toestemming" in page.text("attachment-sharing")
    page.save()
    qtbot.waitUntil(lambda: bool(done), timeout=20_000)
    (made,) = of_person(vault)
    assert (made.title, made.kind, made.category, made.media_type) == (
        "Diploma of certificaat", AttachmentKind.DIPLOMA, "opleiding", attachments.PDF,
    )  # fmt: skip
    assert path.exists()


def test_what_was_typed_stays_when_the_kind_changes(qtbot, qapp, vault):
    page, _ = adding(qtbot, qapp, vault)
    page.fill("cv")
    page.type("attachment-title", "Cv van mei")
    page.fill("diploma")
    assert page.text("attachment-title") == "Cv van mei"
    page.fill("identiteitsdocument")
    assert "werkgever: nee" in page.text("attachment-sharing")


def test_what_is_missing_is_said_where_it_is_missing(qtbot, qapp, vault, tmp_path):
    path = tmp_path / "tekst"
    path.write_bytes(TEXT)
    page, done = adding(qtbot, qapp, vault, None, path)
    page.save()
    assert page.refusal() == "Kies eerst een bestand."
    page.choose_file()
    assert page.file() == "Nog geen bestand gekozen"
    page.choose_file()
    page.save()
    assert page.problem("attachment-kind") == "Kies wat het is."
    assert page.problem("attachment-title") == "Schrijf hoe de bijlage heet."
    assert page.problem("attachment-category") == "Kies waarover het gaat."
    page.fill("brief", title="Brief school")
    page.save()
    assert page.problem("attachment-kind") == ""
    assert page.problem("attachment-category") == "Kies waarover het gaat."
    assert (done, of_person(vault)) == ([], ())


def test_a_file_that_will_not_do_is_refused_in_words(qtbot, qapp, vault, tmp_path):
    path = tmp_path / "foto.jpg"
    path.write_bytes(b"\0\0\0\x18ftypheic" + bytes(50))
    page, _ = adding(qtbot, qapp, vault, path=path)
    assert "HEIC" in page.refusal()
    assert page.file() == "Nog geen bestand gekozen"


def test_a_full_disk_is_said_and_what_was_filled_in_stays(
    qtbot, qapp, vault, tmp_path, monkeypatch
):
    path = tmp_path / "tekst"
    path.write_bytes(TEXT)
    page, done = adding(qtbot, qapp, vault, path=path)
    page.fill("brief", "opleiding", "Brief school")

    def full(*_args: Any, **_more: Any) -> None:
        raise DiskFull

    monkeypatch.setattr(attachments, "add", full)
    page.save()
    qtbot.waitUntil(lambda: bool(page.refusal()), timeout=20_000)
    assert "schijf van deze laptop is vol" in page.refusal()
    assert page.text("attachment-title") == "Brief school"
    assert page.file() == "tekst, 1 kB"
    assert done == []


def test_it_can_be_stopped_and_leaving_stops_it(qtbot, qapp, vault, tmp_path, monkeypatch):
    path = tmp_path / "groot"
    path.write_bytes(b"%PDF-1.4 " + bytes(3_000_000))
    began, go = threading.Event(), threading.Event()
    real = attachments.look_at

    def held(path: Path, *, progress: Any, cancelled: Any) -> Any:
        began.set()
        assert go.wait(20)
        return real(path, progress=progress, cancelled=cancelled)

    page, _ = adding(qtbot, qapp, vault, path, path)
    monkeypatch.setattr(attachments, "look_at", held)
    page.click("attachment-choose")
    qtbot.waitUntil(began.is_set, timeout=20_000)
    assert not page.find("attachment-save").isEnabled()
    page.click("attachment-stop")
    go.set()
    page.wait()
    assert "Je hebt gestopt" in page.refusal()
    go.clear()
    began.clear()
    page.click("attachment-choose")
    qtbot.waitUntil(began.is_set, timeout=20_000)
    threading.Timer(0.05, go.set).start()
    page.root.leaving()
    assert not any(thread.name == "sealing" for thread in threading.enumerate())


def test_a_dropped_file_is_taken_too(qtbot, qapp, vault, tmp_path):
    path = tmp_path / "foto"
    path.write_bytes(picture("PNG"))
    page, _ = adding(qtbot, qapp, vault)
    drop(page.root, f"file://{path}")
    qtbot.waitUntil(lambda: page.file().startswith("foto"), timeout=20_000)


def test_a_medical_one_is_sealed_with_a_warning(qtbot, qapp, vault, tmp_path):
    path = tmp_path / "tekst"
    path.write_bytes(TEXT)
    page, done = adding(qtbot, qapp, vault, path=path)
    page.fill("toetsuitslag", "medisch", "Bloedonderzoek")
    assert "ook jij, kan haar daarna niet meer openen" in page.text("attachment-sharing")
    page.save()
    qtbot.waitUntil(lambda: bool(page.refusal()), timeout=20_000)
    assert "nog niemand de medische rol" in page.refusal()
    give_medical_role(vault)
    page.save()
    qtbot.waitUntil(lambda: bool(done), timeout=20_000)
    (made,) = of_person(vault)
    assert made.is_sealed


# ---- pictures -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "media_type"), [("PNG", "image/png"), ("JPEG", "image/jpeg")])
def test_a_picture_is_drawn_anew_without_what_was_written_beside_it(qapp, kind, media_type):
    data = picture(kind)
    assert b"GPS" in data
    clean = redrawn(data, media_type)
    assert b"GPS" not in clean
    image = read_picture(clean, media_type)
    assert (image.width(), image.height()) == (40, 20)
    assert image.pixelColor(5, 5).red() > 240
    assert image.textKeys() == []


def test_a_picture_that_lies_on_its_side_is_turned_and_the_mark_is_gone(qapp):
    # an Exif block that says: turned a quarter (orientation 6)
    exif = (
        b"\xff\xe1\x00\x22Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
    )
    data = picture("JPEG")
    turned = data[:2] + exif + data[2:]
    clean = redrawn(turned, "image/jpeg")
    assert b"Exif" not in clean
    image = read_picture(clean, "image/jpeg")
    assert (image.width(), image.height()) == (20, 40)


# what the decoder of the platform has to say about it is expected here
@pytest.mark.qt_log_ignore("Not a JPEG file")
def test_what_is_no_picture_or_too_large_is_refused(qapp):
    huge = bytearray(picture("PNG"))
    huge[16:24] = (60_000).to_bytes(4, "big") + (60_000).to_bytes(4, "big")
    for data, media_type in (
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "image/png"),
        (picture("PNG"), "image/jpeg"),
        (bytes(huge), "image/png"),
        (picture("PNG"), "image/svg+xml"),
    ):
        with pytest.raises(ValueError, match=r"pict|size"):
            redrawn(data, media_type)


# ---- looking at one -----------------------------------------------------------------------------


def viewing(qtbot, qapp, vault, attachment_id: UUID, *answers: Path | None):
    done: list[str] = []
    context = make_context(vault, make_theme(qapp), pick=ScriptedPicker(*answers))
    page = AttachmentPage(context, attachment_id, done=lambda: done.append("done"))
    shown(qtbot, qapp, page)
    return AttachmentObject(qtbot, page), done


def test_text_pictures_and_pdf_are_shown_from_memory(qtbot, qapp, vault):
    text = stored(vault)
    page, done = viewing(qtbot, qapp, vault, text.attachment_id)
    assert page.text("attachment-text") == TEXT.decode()
    page.click("attachment-back")
    assert done == ["done"]
    photo = stored(vault, picture("PNG", size=(400, 300)), media_type=attachments.PNG)
    page, _ = viewing(qtbot, qapp, vault, photo.attachment_id)
    label = page.find("picture", QLabel)
    wide = label.pixmap().width()
    page.click("picture-larger")
    assert label.pixmap().width() > wide
    page.press(Qt.Key.Key_Minus, "picture")
    page.press(Qt.Key.Key_Minus, "picture")
    assert label.pixmap().width() < wide
    pdf = stored(vault, PDF, media_type=attachments.PDF)
    page, _ = viewing(qtbot, qapp, vault, pdf.attachment_id)
    qtbot.waitUntil(lambda: "pagina 1 van 1" in page.text("pdf-place"), timeout=20_000)


def test_of_a_very_long_text_it_is_said_that_there_is_more(qtbot, qapp, vault):
    long = stored(vault, b"regel\n" * 100_000)
    page, _ = viewing(qtbot, qapp, vault, long.attachment_id)
    assert page.text("attachment-text").endswith("Sla de bijlage op om alles te lezen.]")


def test_what_is_not_shown_says_so_and_can_still_be_saved(qtbot, qapp, vault):
    other = stored(vault, b"?", media_type=attachments.OTHER)
    page, _ = viewing(qtbot, qapp, vault, other.attachment_id)
    assert "niet veilig" in page.text("attachment-notice")
    assert page.has("attachment-save-outside")
    broken = stored(vault, b"\x89PNG\r\n\x1a\nkapot", media_type=attachments.PNG)
    page, _ = viewing(qtbot, qapp, vault, broken.attachment_id)
    assert "beschadigd" in page.text("attachment-broken")


def test_saving_outside_warns_first(qtbot, qapp, vault, tmp_path, monkeypatch):
    made = stored(vault)
    target = tmp_path / "bijlage.txt"
    asked: list[str] = []
    answers = [False, True, True]

    def ask(_theme: Any, title: str, text: str, **_more: Any) -> bool:
        asked.append(text)
        return answers.pop(0)

    monkeypatch.setattr(ConfirmDialog, "ask", ask)
    page, _ = viewing(qtbot, qapp, vault, made.attachment_id, None, target)
    page.click("attachment-save-outside")
    page.click("attachment-save-outside")
    assert not target.exists()
    page.click("attachment-save-outside")
    assert target.read_bytes() == TEXT
    assert "niet beschermd" in asked[0]
    assert "logboek" in asked[0]
    assert "bijlage.txt" in page.text("attachment-notice")


def test_removing_asks_first(qtbot, qapp, vault, monkeypatch):
    made = stored(vault)
    answers = [False, True]
    monkeypatch.setattr(ConfirmDialog, "ask", lambda *_args, **_more: answers.pop(0))
    page, done = viewing(qtbot, qapp, vault, made.attachment_id)
    page.click("attachment-remove")
    assert of_person(vault) == (made,)
    page.click("attachment-remove")
    assert (of_person(vault), done) == ((), ["done"])


def test_a_medical_one_opens_for_the_role_only(qtbot, qapp, vault, monkeypatch):
    seed = give_medical_role(vault)
    made = stored(vault, category="medisch", role="medisch", title="Bloedonderzoek")
    page, _ = viewing(qtbot, qapp, vault, made.attachment_id)
    assert "alleen voor de medische rol" in page.text("attachment-notice")
    assert not page.has("attachment-remove")
    assert not page.has("attachment-save-outside")
    hold_role(monkeypatch, vault, seed)
    page, _ = viewing(qtbot, qapp, vault, made.attachment_id)
    assert page.text("attachment-text") == TEXT.decode()
    assert "Bloedonderzoek" in page.root.title.text()
    assert [tag.kind for tag in page.root.findChildren(Tag)] == ["medical"]


# ---- handing over, and receiving ----------------------------------------------------------------


def test_each_may_be_kept_here_in_step_two(qtbot, qapp, chain):
    goes, stays = stored(chain.azc), stored(chain.azc, category="intern", title="Werkbriefje")
    context = make_context(chain.azc, make_theme(qapp), pick=ScriptedPicker(chain.stick))
    page = shown(qtbot, qapp, HandoverPage(context, PERSON.person_id))
    steps = page.steps
    on_page = PageObject(qtbot, page)
    check = on_page.find(f"contents-attachment-{goes.attachment_id}-goes", QCheckBox)
    assert check.isChecked()
    assert not on_page.has(f"contents-attachment-{stays.attachment_id}-goes")
    words = on_page.text(f"contents-attachment-{stays.attachment_id}")
    assert "blijft hier" in words
    assert "alleen voor je eigen team" in words
    before = steps.view.sent
    check.setFocus()
    qtbot.keyClick(check, Qt.Key.Key_Space)
    settle(qapp)
    assert steps.view.sent == before - 1
    assert check.isVisible()
    words = on_page.text(f"contents-attachment-{goes.attachment_id}")
    assert "blijft hier" in words
    assert "Jij hebt gekozen" in words
    qtbot.keyClick(check, Qt.Key.Key_Space)
    settle(qapp)
    assert steps.view.sent == before
    qtbot.keyClick(check, Qt.Key.Key_Space)
    settle(qapp)
    steps.go_on()
    steps.go_on()
    steps.go_on()
    steps.go_on()
    qtbot.waitUntil(lambda: page.history is not None, timeout=20_000)
    settle(qapp)
    (path,) = chain.stick.iterdir()
    assert receive.inspect(chain.town, path).attachments == 0


@pytest.fixture
def received(chain):
    from intake_app.flows import hand_over

    stored(chain.azc, picture("PNG"), media_type=attachments.PNG, title="Foto van diploma")
    stored(chain.azc, b"?", media_type=attachments.OTHER, title="Vreemd bestand")
    handover = hand_over.seal(chain.azc, PERSON.person_id, chain.stick)
    return receive.take_in(chain.town, chain.stick / handover.file_name)


def test_the_receiver_looks_before_deciding(qtbot, qapp, chain, received):
    context = make_context(chain.town, make_theme(qapp))
    page = shown(qtbot, qapp, DossierPage(context, received.handover_id))
    on_page = PageObject(qtbot, page)
    photo, strange = receive.look(chain.town, received.handover_id).attachments
    words = on_page.text("dossier-attachments")
    assert "Foto van diploma" in words
    assert "wordt niet getoond" in words
    assert not on_page.has(f"dossier-attachment-{strange.attachment_id}-open")
    on_page.click(f"dossier-attachment-{photo.attachment_id}-open")
    settle(qapp)
    assert on_page.has("picture")
    assert not on_page.has("dossier-attachments")
    on_page.click("dossier-attachment-back")
    settle(qapp)
    assert on_page.has("dossier-attachments")
    assert not on_page.has("picture")
    on_page.click(f"dossier-attachment-{photo.attachment_id}-open")
    settle(qapp)
    page.to_decision()
    settle(qapp)
    assert on_page.has("dossier-attachments")


# ---- looked at ----------------------------------------------------------------------------------


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_every_screen_is_sound(qtbot, qapp, chain, received, tmp_path, scale):
    theme = make_theme(qapp, "light", scale)
    give_medical_role(chain.azc)
    stored(chain.azc, category="medisch", role="medisch", title="Bloedonderzoek")
    long = stored(
        chain.azc, title="Een hele lange naam van een bijlage over een opleiding tot " * 2
    )
    ours, theirs = make_context(chain.azc, theme), make_context(chain.town, theme)
    path = tmp_path / "tekst"
    path.write_bytes(TEXT)

    def nothing() -> None:
        pass

    pages = [
        PersonPage(ours, PERSON.person_id),
        AddAttachmentPage(ours, PERSON.person_id, done=nothing, path=path),
        AttachmentPage(ours, long.attachment_id, done=nothing),
        DossierPage(theirs, received.handover_id),
    ]
    for page in pages:
        shell = Shell(theme, ours.tr)
        qtbot.addWidget(shell)
        shell.show_page(page, [])
        shell.resize(1280, 800)
        shell.show()
        settle(qapp)
        if isinstance(page, AddAttachmentPage):
            AddAttachmentObject(qtbot, page).wait()
            page.kind.set_value("diploma")
            settle(qapp)
        assert [str(finding) for finding in a11y.check(shell)] == [], page.objectName()
