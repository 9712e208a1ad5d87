"""Questions that are answered with a file, on the page of an interview."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, QPointF, QSize, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid
from support.file_forms import (
    MEDICAL,
    PAPER,
    PHOTO,
    SIGNED,
    SOUND,
    VIDEO,
    on_one_page,
    wav,
)
from support.file_talk import Talk, draw, photo, photo_file
from support.medical import give_medical_role
from support.qt import settle

from intake_app.flows import answer_files
from intake_app.flows.answer_files import PreparedFile
from intake_app.flows.attachments import AttachmentRefused
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui import a11y
from intake_app.ui.interview import extra_parts, recorder
from intake_app.ui.interview.questions import upload
from intake_app.ui.interview.questions.base import Tools
from intake_app.ui.interview.questions.file_well import FileDialog
from intake_app.ui.interview.questions.signature import SignatureAnswer
from intake_app.ui.kit.dialogs import ConfirmDialog
from intake_app.ui.people.pictures import drawn, read_picture, redrawn, small_picture
from intake_app.ui.theme import Theme
from intake_app.vault import DiskFull, Vault
from intake_app.vault.stores.attachments import Attachments


@pytest.fixture
def talk(qtbot: QtBot, tools: Tools, vault: Vault) -> Iterator[Talk]:
    from intake_app.domain.sharing import SharingTable

    yield Talk(qtbot, tools, vault, SharingTable({}), UiTexts("ar", None))
    QGuiApplication.clipboard().clear()


def test_a_chosen_photo_is_stored_at_once_and_shown(talk: Talk, tmp_path: Path):
    widget = talk.at(PHOTO)
    assert "Nog geen foto" in widget.well.accessibleName()
    talk.pick.path = photo_file(tmp_path)
    talk.qtbot.mouseClick(widget.choose_button, Qt.MouseButton.LeftButton)
    name = talk.wait_for(PHOTO)
    assert name.endswith(".jpg")
    assert "Amanuel" not in name
    assert not widget.well.picture.pixmap().isNull()
    assert widget.well.words.startswith("Foto, ")
    assert "Foto van het diploma" in widget.well.accessibleName()
    assert talk.bridge.last_saved is not None
    read_picture(talk.files()[name], "image/jpeg")
    # the same after leaving and coming back
    talk.bridge.next()
    assert talk.at(PHOTO).well.words.startswith("Foto, ")


def test_what_is_dropped_is_taken(talk: Talk, tmp_path: Path):
    widget = talk.at(PHOTO)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(photo_file(tmp_path)))])
    event = QDropEvent(
        QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    widget.dropEvent(event)
    assert event.isAccepted()
    assert talk.wait_for(PHOTO)
    many = QMimeData()
    many.setUrls([QUrl.fromLocalFile("/a"), QUrl.fromLocalFile("/b")])
    assert not widget._take_from(many)


def test_a_picture_on_the_clipboard_is_pasted_by_key(talk: Talk):
    widget = talk.at(PHOTO)
    widget.well.setFocus()
    QTest.keyClick(widget.well, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert "klembord" in widget.notice.text()
    QGuiApplication.clipboard().setImage(photo())
    QTest.keyClick(widget.well, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert talk.wait_for(PHOTO).endswith(".png")
    assert not widget.notice.isVisible()


def test_by_keyboard_space_asks_and_enter_goes_on(talk: Talk, tmp_path: Path):
    widget = talk.at(PHOTO)
    assert widget.well.hasFocus()
    talk.pick.path = photo_file(tmp_path)
    QTest.keyClick(widget.well, Qt.Key.Key_Space)
    talk.wait_for(PHOTO)
    assert widget.well.hasFocus()
    QTest.keyClick(widget.well, Qt.Key.Key_Return)
    assert talk.bridge.focus != PHOTO


@pytest.mark.qt_log_ignore("libpng|Corrupt|JPEG|QImage|imageio", extend=True)
def test_what_is_refused_is_said_in_words_and_changes_nothing(talk: Talk, tmp_path: Path):
    widget = talk.at(PHOTO)
    for data, words in (
        (b"%PDF-1.7\n", "vraagt om een foto"),
        (b"\xff\xd8\xff\xe0 kapot", "beschadigd"),
        (b"", "leeg"),
        (b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR\0\0\xff\xff\0\0\xff\xff\x08\2\0\0\0" + bytes(99),
         "beschadigd of te groot"),
    ):  # fmt: skip
        path = tmp_path / "wat.jpg"
        path.write_bytes(data)
        widget.take(path)
        talk.qtbot.waitUntil(lambda w=words: w in widget.notice.text(), timeout=5000)
        assert widget.notice.isVisible()
        assert talk.flow.session.value(PHOTO) == ""
        assert talk.files() == {}
    widget.take(photo_file(tmp_path))
    talk.wait_for(PHOTO)
    assert not widget.notice.isVisible()


def blocked(monkeypatch: pytest.MonkeyPatch, go: Event) -> None:
    """Have reading wait for `go`, and look whether it was stopped."""
    real = answer_files.prepare

    def prepare(path: Path, mediatype: str, **more: Any) -> PreparedFile:
        while not go.wait(0.01):
            if more["cancelled"]():
                break
        return real(path, mediatype, **more)

    monkeypatch.setattr(answer_files, "prepare", prepare)


def test_reading_can_be_stopped(talk: Talk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    blocked(monkeypatch, Event())
    widget = talk.at(PHOTO)
    widget.choose_button.setFocus()
    widget.take(photo_file(tmp_path))
    assert widget.progress.isVisible()
    assert widget.well.hasFocus()
    talk.qtbot.mouseClick(widget.progress.stop, Qt.MouseButton.LeftButton)
    talk.qtbot.waitUntil(lambda: not widget.progress.isVisible(), timeout=5000)
    assert "gestopt" in widget.notice.text()
    assert talk.files() == {}


def test_leaving_waits_for_a_file_that_is_being_read(
    talk: Talk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    go = Event()
    blocked(monkeypatch, go)
    widget = talk.at(PHOTO)
    widget.take(photo_file(tmp_path))
    go.set()
    talk.page.go_next()
    assert talk.flow.session.value(PHOTO)
    assert talk.bridge.focus != PHOTO


def test_a_file_that_is_not_read_in_time_is_said_not_to_be_stored(
    talk: Talk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    go = Event()
    blocked(monkeypatch, go)
    monkeypatch.setattr(upload, "PATIENCE", 0.02)
    widget = talk.at(PHOTO)
    widget.take(photo_file(tmp_path))
    talk.page.go_next()
    assert talk.bridge.focus == PHOTO
    assert "nog niet gelezen" in talk.page.card.blocks[PHOTO].problem_text()
    go.set()
    assert talk.flow.session.value(PHOTO) == ""


def test_an_answer_that_brings_another_question_builds_the_page_anew(
    qtbot: QtBot,
    tools: Tools,
    vault: Vault,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    from intake_app.domain.sharing import SharingTable

    talk = Talk(qtbot, tools, vault, SharingTable({}), UiTexts("ar", None), on_one_page())
    widget = talk.at(PHOTO)
    assert PAPER not in talk.page.card.blocks
    widget.take(photo_file(tmp_path))
    talk.wait_for(PHOTO)
    assert PAPER in talk.page.card.blocks
    first = talk.flow.session.value(PHOTO)
    widget = talk.at(PHOTO)
    assert widget.well.words.startswith("Foto, ")
    monkeypatch.setattr(ConfirmDialog, "ask", lambda *_a, **_k: True)
    widget.remove()
    assert PAPER not in talk.page.card.blocks
    assert first not in talk.files()
    # and when the question is left while it is read
    talk.at(PHOTO).take(photo_file(tmp_path))
    talk.page.go_next()
    assert talk.flow.session.value(PHOTO)
    widget = talk.at(SIGNED)
    assert isinstance(widget, SignatureAnswer)
    draw(widget.pad, (20, 60), (80, 30), (90, 50))
    widget.finish()
    assert talk.flow.session.value(SIGNED)


def test_what_does_not_fit_on_the_disk_is_kept_and_said_again(
    talk: Talk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    widget = talk.at(PHOTO)

    def full(*_: object, **__: object) -> None:
        raise DiskFull

    with monkeypatch.context() as patch:
        patch.setattr(Attachments, "add", full)
        widget.take(photo_file(tmp_path))
        block = talk.page.card.blocks[PHOTO]
        talk.qtbot.waitUntil(lambda: block.refused, timeout=5000)
        assert talk.files() == {}
        talk.page.go_next()
        assert talk.bridge.focus == PHOTO
    talk.page.go_next()
    assert len(talk.files()) == 1
    assert talk.bridge.focus != PHOTO


def test_a_state_forgets_what_was_not_stored(
    talk: Talk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    go = Event()
    blocked(monkeypatch, go)
    widget = talk.at(PHOTO)
    widget.take(photo_file(tmp_path))
    QTest.keyClick(widget.well, Qt.Key.Key_G)
    go.set()
    talk.page.go_next()
    assert talk.flow.session.value(PHOTO) == ""
    assert talk.flow.session.state(PHOTO).value
    assert talk.files() == {}


def test_turning_leaves_one_picture_a_quarter_further(talk: Talk, tmp_path: Path):
    widget = talk.at(PHOTO)
    widget.take(photo_file(tmp_path, width=60, height=20))
    name = talk.wait_for(PHOTO)
    talk.qtbot.mouseClick(widget.turn_button, Qt.MouseButton.LeftButton)
    turned = talk.wait_for(PHOTO, before=name)
    (data,) = talk.files().values()
    image = read_picture(data, "image/jpeg")
    assert (image.width(), image.height()) == (20, 60)
    assert turned != name


def test_removing_asks_first(talk: Talk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    widget = talk.at(PHOTO)
    widget.take(photo_file(tmp_path))
    talk.wait_for(PHOTO)
    asked: list[str] = []

    def ask(_theme: Theme, title: str, text: str, **_more: object) -> bool:
        asked.append(text)
        return len(asked) > 1

    monkeypatch.setattr(ConfirmDialog, "ask", ask)
    widget.remove()
    assert talk.flow.session.value(PHOTO)
    widget.remove()
    assert talk.flow.session.value(PHOTO) == ""
    assert talk.files() == {}
    assert "gewist" in asked[0]
    assert "Nog geen foto" in widget.well.words


def test_looking_shows_it_from_memory(
    talk: Talk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
):
    names = ("picture-view", "attachment-text", "file-sound")
    seen: list[list[str]] = []

    def run(dialog: FileDialog) -> int:
        dialog.show()
        # read while it is open: it is deleted once it was looked at
        seen.append([name for name in names if dialog.findChild(QWidget, name) is not None])
        return 0

    monkeypatch.setattr(FileDialog, "exec", run)
    widget = talk.at(PHOTO)
    widget.take(photo_file(tmp_path))
    talk.wait_for(PHOTO)
    widget.look()
    paper = talk.at(PAPER)
    talk.bridge.answer_file(PAPER, PreparedFile("regel één\n".encode(), "text/plain"))
    QTest.keyClick(paper.well, Qt.Key.Key_Space)
    sound = talk.at(SOUND)
    sound.take_recording(wav(b"van Amanuel"))
    talk.wait_for(SOUND)
    sound.look()
    assert seen == [[name] for name in names]
    assert b"Amanuel" not in b"".join(talk.files().values())


def test_a_medical_file_is_sealed_and_not_shown(talk: Talk, tmp_path: Path):
    give_medical_role(talk.vault)
    widget = talk.at(MEDICAL)
    widget.take(photo_file(tmp_path))
    talk.wait_for(MEDICAL)
    assert "medische rol" in widget.well.words
    assert not widget.look_button.isVisible()
    assert not widget.turn_button.isVisible()
    assert widget.remove_button.isVisible()


def test_a_video_is_never_taken(talk: Talk):
    widget = talk.at(VIDEO)
    assert "video" in widget.well.words
    assert not widget.choose_button.isVisible()


def test_a_finished_interview_shows_its_files_and_changes_none(talk: Talk, tmp_path: Path):
    widget = talk.at(PHOTO)
    widget.take(photo_file(tmp_path))
    name = talk.wait_for(PHOTO)
    talk.bridge.finish()
    widget = talk.at(PHOTO)
    widget.take(photo_file(tmp_path, color="#111111"))
    widget.flush()
    assert talk.flow.session.value(PHOTO) == name
    assert len(talk.files()) == 1


def test_without_the_extra_part_the_button_says_what_is_missing(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(extra_parts, "find_spec", lambda _name: None)
    said: list[str] = []
    monkeypatch.setattr(
        extra_parts.WordsDialog, "exec", lambda d: said.append(d.accessibleDescription()) or 0
    )
    talk.at(PHOTO).make()
    talk.at(SOUND).make()
    assert len(said) == 2
    for words in said:
        assert "beheerder" in words
        assert "kies dan het bestand" in words


def test_a_recording_is_made_of_samples_in_memory():
    made = recorder.wav_of(bytes(3200))
    assert answer_files.prepare_data(
        made, "audio/wav", "audio/*", clean=lambda d, _t: d
    ) == PreparedFile(made, "audio/wav")


def test_a_recording_outlives_the_page_it_was_begun_on(
    talk: Talk, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
):
    widget = talk.at(SOUND)

    def record(_tools: Tools, _parent: QWidget) -> bytes:
        talk.bridge.go_to(PHOTO)
        settle(qapp)
        assert not isValid(widget)
        return recorder.wav_of(bytes(3200))

    monkeypatch.setattr(recorder, "record", record)
    widget.make()
    assert talk.flow.session.value(SOUND).endswith(".wav")


def test_a_lock_while_recording_keeps_what_was_heard(talk: Talk, monkeypatch: pytest.MonkeyPatch):
    class Dialog(QDialog):
        def wav(self) -> bytes:
            return recorder.wav_of(bytes(3200))

    def record(_tools: Tools, parent: QWidget) -> bytes | None:
        dialog = Dialog(parent)
        dialog.show()
        # what a lock does: every window goes, then what is entered is stored
        dialog.hide()
        talk.page.pausing.blank()
        return dialog.wav() if dialog.result() else None

    monkeypatch.setattr(recorder, "RecorderDialog", Dialog)
    monkeypatch.setattr(recorder, "record", record)
    talk.at(SOUND).make()
    name = talk.flow.session.value(SOUND)
    assert name.endswith(".wav")
    assert list(talk.files()) == [name]


def test_every_button_says_which_question_it_is_for(talk: Talk, tmp_path: Path):
    widget = talk.at(PHOTO)
    widget.take(photo_file(tmp_path))
    talk.wait_for(PHOTO)
    for button in (widget.choose_button, widget.look_button, widget.turn_button):
        assert button.accessibleName().endswith(": Foto van het diploma")
        assert min(button.width(), button.height()) >= 24


@pytest.mark.parametrize(("scale", "size"), [(1.0, (1366, 768)), (2.0, (1280, 800))])
def test_everybody_can_use_them(
    qtbot: QtBot,
    qapp: QApplication,
    vault: Vault,
    tmp_path: Path,
    scale: float,
    size: tuple[int, int],
):
    from support.qt import make_theme

    from intake_app.domain.sharing import SharingTable

    theme = make_theme(qapp, scale=scale)
    tools = Tools(theme, UiTexts("nl", None))
    talk = Talk(qtbot, tools, vault, SharingTable({}), UiTexts("ar", None))
    talk.window.resize(*size)

    def check() -> None:
        for _ in range(4):
            settle(qapp)
        assert a11y.check(talk.window) == ()

    widget = talk.at(PHOTO)
    check()
    widget.take(photo_file(tmp_path))
    talk.wait_for(PHOTO)
    check()
    widget.paste()
    check()
    signing = talk.sign()
    check()
    signing.cannot.setChecked(True)
    signing.write_down()
    check()
    talk.at(VIDEO)
    check()


@pytest.mark.parametrize("size", [(3, 900), (900, 3)])
def test_a_picture_much_longer_than_wide_can_be_seen_small(
    qapp: QApplication, size: tuple[int, int]
):
    small = small_picture(drawn(photo(*size), "image/jpeg"), "image/jpeg", QSize(20, 20))
    assert sorted((small.width(), small.height())) == [1, 20]


# the decoders say in many words what is wrong; that is theirs
@pytest.mark.qt_log_ignore(".", extend=True)
@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.sampled_from(["image/jpeg", "image/png"]),
    st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=4)), max_size=6),
    st.floats(0, 1),
)
def test_a_damaged_picture_is_refused_or_drawn_anew(
    qapp: QApplication, media_type: str, places: list[tuple[float, bytes]], cut: float
):
    whole = bytearray(drawn(photo(64, 48), media_type))
    for place, found in places:
        at = int(place * (len(whole) - len(found)))
        whole[at : at + len(found)] = found
    data = bytes(whole[: max(12, int(cut * len(whole)) if cut < 0.5 else len(whole))])
    try:
        file = answer_files.prepare_data(data, media_type, "image/*", clean=redrawn)
        small = small_picture(file.data, file.media_type, QSize(20, 20))
    except AttachmentRefused:
        return
    assert max(small.width(), small.height()) <= 20
    assert answer_files.prepare_data(file.data, media_type, "image/*", clean=redrawn)


@pytest.mark.qt_log_ignore("RHI", "multimedia", "pipewire", "PulseAudio", extend=True)
def test_the_camera_shows_what_it_sees_and_takes_it(qtbot: QtBot, tools: Tools):
    multimedia = pytest.importorskip("PySide6.QtMultimedia", reason="without the extra 'camera'")
    from intake_app.ui.interview.camera import CameraDialog

    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = CameraDialog(tools, parent)
    qtbot.addWidget(dialog)
    assert not dialog.take_button.isEnabled()
    frame = multimedia.QVideoFrame(photo().convertToFormat(QImage.Format.Format_RGBA8888))
    dialog._sink.setVideoFrame(frame)
    qtbot.waitUntil(dialog.take_button.isEnabled, timeout=5000)
    dialog.take()
    assert dialog.photo is not None
    assert dialog.photo.size() == photo().size()


def test_dialogs_close_with_escape(talk: Talk, qtbot: QtBot, tools: Tools):
    dialog = extra_parts.WordsDialog(tools, "Foto maken", "Woorden.", talk.window)
    qtbot.addWidget(dialog)
    dialog.show()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.result() == QDialog.DialogCode.Rejected
