"""A photo, a scan, a recording or another file as the answer to a question."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QMimeData, QSize
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
)
from PySide6.QtWidgets import (
    QApplication,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from intake_app.domain.attachment import Attachment
from intake_app.flows import answer_files
from intake_app.flows.answer_files import PreparedFile, Wanted
from intake_app.flows.attachments import (
    PICTURES,
    AttachmentCancelled,
    AttachmentContent,
    AttachmentRefused,
)
from intake_app.ui.interview.answer_files import picture_file
from intake_app.ui.interview.file_job import FileJob, Work
from intake_app.ui.interview.flow_layout import FlowLayout
from intake_app.ui.interview.questions.base import AnswerWidget, Tools
from intake_app.ui.interview.questions.file_well import FileDialog, FileWell, wanted_words
from intake_app.ui.kit.buttons import KitButton, QuietButton
from intake_app.ui.kit.dialogs import ConfirmDialog, run
from intake_app.ui.kit.surfaces import Notice
from intake_app.ui.people.pictures import redrawn, turned
from intake_app.ui.progress import StoppableProgress, size_text
from intake_app.vault.errors import VaultError
from intake_app.xforms import NodeKey, QuestionView

PATIENCE: Final = 2.0
"""Seconds that leaving the question waits for a file that is still being read."""


class FileAnswer(AnswerWidget):
    """Choose a file, drop or paste one; it is stored at once, with the answer that names it.

    What could not be stored is kept in memory and said again at the next `flush`. A file that is
    still being read when the question is left is waited for; when that takes too long it is said
    that it was not stored, so that nobody goes on believing it was.
    """

    def __init__(self, tools: Tools, parent: QWidget | None = None) -> None:
        super().__init__(tools, parent)
        self._key: NodeKey | None = None
        self._label = ""
        self._mediatype = ""
        self._signed = False
        self._value = ""
        self._readonly = False
        self._file: Attachment | None = None
        self._shown_name: str | None = None
        self._job: FileJob | None = None
        self._instead = False
        self._unsaved: tuple[PreparedFile, bool] | None = None
        self._recording = False
        self.setAcceptDrops(True)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self.theme.gap(12))
        self.well = FileWell(self.theme)
        self.well.clicked.connect(self._well_clicked)
        self.well.pasted.connect(self.paste)
        self.watch(self.well)
        column.addWidget(self.well)
        self.row = QWidget()
        self._flow = FlowLayout(self.theme.gap(8), self.row)
        tr = self.tr_
        self.choose_button = self._button("", "folder", "file-choose", self.ask)
        self.look_button = self._button(tr.gettext("Bekijken"), "eye", "file-look", self.look)
        self.turn_button = self._button(tr.gettext("Draaien"), "restart", "file-turn", self.turn)
        self.make_button = self._button("", "plus", "file-make", self.make)
        self.remove_button = self._button(
            tr.gettext("Verwijderen"), "trash", "file-remove", self.remove
        )
        column.addWidget(self.row)
        self.progress = StoppableProgress(
            self.theme, self.tr_, self.tr_.gettext("Voortgang van het lezen"), name="file"
        )
        self.progress.stopped.connect(self._stop)
        column.addWidget(self.progress)
        self.notice = Notice(self.theme, "err", "", name="file-problem")
        self.notice.hide()
        column.addWidget(self.notice)

    # ---- showing -------------------------------------------------------------------------------

    def set_question(self, view: QuestionView, other: QuestionView | None) -> None:
        del other
        definition = view.definition
        if view.key != self._key:
            self._key, self._unsaved = view.key, None
            self.notice.set_notice("err", "")
        self._label = view.label.text
        self._mediatype = definition.parameters.get("mediatype", "")
        self._signed = answer_files.is_signed(definition)
        self._readonly = view.readonly
        if view.value != self._value or self._shown_name is None:
            self._value = view.value
            self._unsaved = None
            self._show_file()
        self._show_actions()

    def focus_first(self) -> None:
        self.well.setFocus()

    def flush(self) -> None:
        self._end_recording()
        job = self._job
        if job is not None:
            if not job.wait(PATIENCE):
                job.cancel()
                self._forget_job()
                self._refuse_slow()
                return
            self._settle()
        if isValid(self) and self._unsaved is not None:
            file, instead = self._unsaved
            self._unsaved = None
            self._store(file, instead=instead)

    def discard(self) -> None:
        self._unsaved = None
        if self._job is not None:
            self._job.cancel()
            self._forget_job()
            self._show_actions()
        self.notice.set_notice("err", "")

    def set_problem(self, wrong: bool) -> None:
        self.well.set_problem(wrong)

    def set_compact(self, compact: bool) -> None:
        self.well.set_compact(compact)

    # ---- what a person does --------------------------------------------------------------------

    def ask(self) -> None:
        """Ask for a file; what is there stays when the person decides not to."""
        files = self.tools.files
        if files is None or not self._may_change():
            return
        # every file may be chosen: what it is, its content decides
        path = files.choose(self._words()[1], "", self)
        if path is not None:
            self.take(path)

    def take(self, path: Path) -> None:
        """Read a file beside the window and store it."""
        mediatype = self._mediatype

        def work(tell: Callable[[int, int], None], stop: Callable[[], bool]) -> PreparedFile:
            return answer_files.prepare(
                path, mediatype, clean=redrawn, progress=tell, cancelled=stop
            )

        self._begin(work)

    def take_picture(self, image: QImage) -> None:
        """Store a picture that was pasted or taken by a camera."""
        mediatype, copy = self._mediatype, QImage(image)

        def work(_tell: Callable[[int, int], None], _stop: Callable[[], bool]) -> PreparedFile:
            return picture_file(copy, mediatype)

        self._begin(work)

    def take_recording(self, wav: bytes) -> None:
        """Store a recording that was made here."""
        mediatype = self._mediatype

        def work(_tell: Callable[[int, int], None], _stop: Callable[[], bool]) -> PreparedFile:
            return answer_files.prepare_data(wav, "audio/wav", mediatype, clean=redrawn)

        self._begin(work)

    def paste(self) -> None:
        """Take what is on the clipboard, a file or a picture."""
        clipboard = QGuiApplication.clipboard()
        if not self._take_from(clipboard.mimeData()):
            words = self.tr_.gettext(
                "Op het klembord staat geen foto of bestand. Kopieer er eerst een, of kies een "
                "bestand."
            )
            self._tell("info", words)

    def turn(self) -> None:
        """Turn the picture a quarter to the right; nothing is left of the one before."""
        files, file = self.tools.files, self._file
        if files is None or file is None or not self._may_change():
            return
        try:
            data = files.content(file)
        except (AttachmentRefused, VaultError) as problem:
            self._tell("err", self.tr_.said(problem))
            return

        def work(_tell: Callable[[int, int], None], _stop: Callable[[], bool]) -> PreparedFile:
            return PreparedFile(turned(data, file.media_type), file.media_type)

        self._begin(work, instead=True)

    def look(self) -> None:
        """Show the file large, from memory."""
        files, file = self.tools.files, self._file
        if files is None or file is None:
            return
        try:
            content = AttachmentContent(file, files.content(file))
        except (AttachmentRefused, VaultError) as problem:
            self._tell("err", self.tr_.said(problem))
            return
        run(FileDialog(self.tools, content, self._label, self.window()))

    def make(self) -> None:
        """Take a photo or record, where the parts for that are installed; else say what to do."""
        if not self._may_change():
            return
        if answer_files.wanted(self._mediatype) is Wanted.SOUND:
            from intake_app.ui.interview.recorder import record

            self._recording = True
            wav = record(self.tools, self.window())
            ended, self._recording = not self._recording, False
            if wav is not None and not ended:
                self.take_recording(wav)
            return
        from intake_app.ui.interview.camera import photograph

        image = photograph(self.tools, self.window())
        if image is not None:
            self.take_picture(image)

    def remove(self) -> None:
        """Ask, and delete the file with the answer."""
        files, key, tr = self.tools.files, self._key, self.tr_
        if files is None or key is None or not self._may_change():
            return
        sure = ConfirmDialog.ask(
            self.theme,
            tr.gettext("Bestand verwijderen?"),
            tr.gettext(
                "Het bestand wordt uit de kluis gewist, ook wat eerder bij deze vraag stond. "
                "Dat kan niet ongedaan worden gemaakt. Wat al is overgedragen, blijft bij de "
                "ontvanger."
            ),
            confirm=tr.gettext("Verwijderen"),
            cancel=tr.gettext("Bewaren"),
            danger=True,
            parent=self.window(),
        )
        if sure and files.remove(key) and isValid(self):
            self.focus_first()

    # ---- dropping ------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        if self._may_change() and _can_take(event.mimeData()):
            event.acceptProposedAction()
            self.well.set_target(True)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:  # noqa: N802
        if self._may_change() and _can_take(event.mimeData()):
            event.acceptProposedAction()

    def dragLeaveEvent(self, _event: object) -> None:  # noqa: N802
        self.well.set_target(False)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        self.well.set_target(False)
        if self._may_change() and self._take_from(event.mimeData()):
            event.acceptProposedAction()

    # ---- inside --------------------------------------------------------------------------------

    def _words(self) -> tuple[str, str, str]:
        return wanted_words(self.tr_, answer_files.wanted(self._mediatype))

    def _show_file(self) -> None:
        """Show what is stored, or that nothing is."""
        files = self.tools.files
        name = self._shown_name = self._value
        self._file = files.stored(name) if files is not None and name else None
        none, _, how = self._words()
        if files is None:
            none, how = (
                self.tr_.gettext("Bij deze vraag hoort een bestand."),
                self.tr_.gettext("Een bestand toevoegen kan alleen in een gesprek."),
            )
        if not name:
            self.well.show_words("file", none, how)
        elif self._file is None:
            gone = self.tr_.gettext("Dit bestand is er niet meer")
            self.well.show_words("warning", gone, how)
        else:
            self._show_stored(self._file)
        self.well.setAccessibleName(f"{self._label}: {self.well.words}")

    def _show_stored(self, file: Attachment) -> None:
        tr, files = self.tr_, self.tools.files
        if file.is_sealed:
            self.well.show_words(
                "medical",
                tr.gettext("Verzegeld voor de medische rol"),
                tr.gettext("Alleen wie de medische rol heeft, kan het bestand bekijken."),
            )
            return
        size = file.size
        words = tr.gettext(answer_files.in_words(self._value, signed=self._signed))
        kind = f"{words}, {size_text(size)}"
        room = self.theme.px(2 * FileWell.PICTURE)
        image = None if files is None else files.small(file, QSize(room, room))
        if image is not None:
            self.well.show_picture(image, kind, tr.gettext("Opgeslagen in de kluis"))
        else:
            self.well.show_words("file", kind, tr.gettext("Opgeslagen in de kluis"))

    def _show_actions(self) -> None:
        busy, files = self._job is not None, self.tools.files
        change = self._may_change()
        there, file = bool(self._value), self._file
        readable = file is not None and not file.is_sealed
        wanted = answer_files.wanted(self._mediatype)
        _, verb, _ = self._words()
        other = self.tr_.gettext("Ander bestand kiezen")
        self.choose_button.setText(other if there else verb)
        self.choose_button.setVisible(change and bool(verb))
        self.look_button.setVisible(readable and not busy)
        is_picture = readable and file is not None and file.media_type in PICTURES
        self.turn_button.setVisible(change and is_picture and not self._signed)
        makes = {
            Wanted.PICTURE: self.tr_.gettext("Foto maken"),
            Wanted.SOUND: self.tr_.gettext("Opnemen"),
        }
        self.make_button.setText(makes.get(wanted, ""))
        self.make_button.setVisible(change and wanted in makes)
        self.remove_button.setVisible(change and there)
        for button in (self.choose_button, self.look_button, self.turn_button, self.make_button):
            button.setAccessibleName(f"{button.text()}: {self._label}")
        self.remove_button.setAccessibleName(f"{self.remove_button.text()}: {self._label}")
        shown = files is not None and (change or readable) and not busy
        self.row.setVisible(shown)
        self.progress.setVisible(busy)

    def _has_focus(self) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and self.isAncestorOf(focus)

    def _may_change(self) -> bool:
        return not self._readonly and self._job is None and self.tools.files is not None

    def _well_clicked(self) -> None:
        if self._file is not None and not self._file.is_sealed:
            self.look()
        else:
            self.ask()

    def _take_from(self, data: QMimeData | None) -> bool:
        # an empty clipboard has none
        if data is None or not self._may_change():
            return False
        urls = data.urls()
        if len(urls) == 1 and urls[0].isLocalFile():
            self.take(Path(urls[0].toLocalFile()))
            return True
        image = data.imageData() if data.hasImage() else None
        if isinstance(image, QImage) and not image.isNull():
            self.take_picture(image)
            return True
        return False

    def _end_recording(self) -> None:
        """Take what was heard so far: the window locks, or the question goes."""
        if not self._recording:
            return
        from intake_app.ui.interview import recorder

        dialog = self.window().findChild(recorder.RecorderDialog)
        if dialog is not None:
            self._recording = False
            dialog.done(0)
            self.take_recording(dialog.wav())

    def _store_now(self, work: Work) -> None:
        """Store what was made while the page was built anew under it: nothing shows it here."""
        files, key = self.tools.files, self._key
        if files is None or key is None:
            return
        try:
            file = work(lambda _done, _total: None, lambda: False)
        except (AttachmentRefused, AttachmentCancelled, ValueError) as problem:
            files.refuse(key, self.tr_.said(problem))
        else:
            files.keep(key, file)

    def _begin(self, work: Work, *, instead: bool = False) -> None:
        if not self._may_change():
            return
        if not isValid(self):
            self._store_now(work)
            return
        self.notice.set_notice("err", "")
        self._instead, self._unsaved = instead, None
        self.progress.begin(self.tr_.gettext("Het bestand wordt gelezen."))
        job = self._job = FileJob(work, self)
        job.progressed.connect(self.progress.show_bytes)
        job.ended.connect(self._settle)
        if self._has_focus():
            # the button that was used goes away
            self.focus_first()
        self._show_actions()
        job.start()

    def _settle(self) -> None:
        """Store what the job made, or say what went wrong; once, whoever comes first."""
        job = self._job
        outcome = None if job is None else job.take()
        if outcome is None:
            return
        self._forget_job()
        if isinstance(outcome, PreparedFile):
            self._store(outcome, instead=self._instead)
        elif isinstance(outcome, AttachmentCancelled):
            self._tell("info", self.tr_.said(outcome))
        elif isinstance(outcome, AttachmentRefused | VaultError):
            self._tell("err", self.tr_.said(outcome))
        elif isinstance(outcome, ValueError):
            words = self.tr_.gettext("Deze foto is beschadigd of te groot. Er is niets veranderd.")
            self._tell("err", words)
        else:
            raise outcome
        if isValid(self):
            self._show_actions()

    def _store(self, file: PreparedFile, *, instead: bool) -> None:
        files, key = self.tools.files, self._key
        if files is None or key is None:
            return
        self.touched.emit()
        # what was used to enter it may go away
        had = self._has_focus()
        stored = files.keep(key, file, instead=instead)
        if not isValid(self):
            # the answer brought other questions, and the page was built anew
            return
        if not stored:
            # the bridge has said why; it is tried again when the question is left
            self._unsaved = (file, instead)
        elif had:
            self.focus_first()
        self._show_actions()
        if stored:
            self.announce(self.well.words)

    def _forget_job(self) -> None:
        if self._job is not None:
            self._job.ended.disconnect(self._settle)
            self._job.deleteLater()
            self._job = None

    def _refuse_slow(self) -> None:
        files, key = self.tools.files, self._key
        self._show_actions()
        if files is not None and key is not None:
            files.refuse(
                key,
                self.tr_.gettext(
                    "Het bestand was nog niet gelezen. Het is niet bewaard. Zet het eerst op deze "
                    "laptop en voeg het opnieuw toe."
                ),
            )

    def _tell(self, kind: str, words: str) -> None:
        self.notice.set_notice("info" if kind == "info" else "err", words)
        self.announce(words)

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _button(self, words: str, icon_name: str, name: str, run: Callable[[], None]) -> KitButton:
        button = QuietButton(self.theme, words, icon=icon_name, name=name, parent=self.row)
        button.clicked.connect(lambda _checked=False: run())
        self.watch(button)
        self._flow.add(button)
        return button


def _can_take(data: QMimeData) -> bool:
    urls = data.urls()
    return (len(urls) == 1 and urls[0].isLocalFile()) or data.hasImage()
