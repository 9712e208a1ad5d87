"""What a question answered with a file shows: a small picture with words, and a large one."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import (
    QAbstractButton,
    QDialog,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from intake_app.flows.answer_files import Wanted
from intake_app.flows.attachments import SHOWN, AttachmentContent
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.interview.questions.base import Tools
from intake_app.ui.kit.buttons import QuietButton
from intake_app.ui.kit.focus import ReadingOrder
from intake_app.ui.kit.icons import icon
from intake_app.ui.kit.surfaces import Notice
from intake_app.ui.kit.text import Body, Heading, Muted
from intake_app.ui.people import attachment_words as named
from intake_app.ui.theme import Theme


class FileWell(QAbstractButton):
    """What the answer is: a small picture or an icon, with words. Also where files are dropped.

    A button: Space opens what is there, or asks for a file; Enter goes on to the next question;
    `pasted` at Ctrl+V.
    """

    enter_goes_on = True
    PICTURE = 144
    """Design pixels of the largest side of the small picture."""

    pasted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("file-well")
        self._target = self._wrong = False
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        row = self._row = QHBoxLayout(self)
        row.setSpacing(theme.gap(16))
        self.picture = QLabel()
        self.picture.setObjectName("file-picture")
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row.addWidget(self.picture, 0)
        words = QVBoxLayout()
        row.addLayout(words, 1)
        words.setSpacing(theme.gap(4))
        self.title = Body(theme, "", strong=True)
        self.more = Muted(theme, "")
        words.addStretch(1)
        words.addWidget(self.title)
        words.addWidget(self.more)
        words.addStretch(1)
        for inner in (self.picture, self.title, self.more):
            inner.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.set_compact(False)

    @property
    def words(self) -> str:
        """Return what it says, as a screen reader hears it."""
        return f"{self.title.text()}. {self.more.text()}"

    def show_words(self, icon_name: str, title: str, more: str) -> None:
        """Show an icon and words."""
        color = "medical" if icon_name == "medical" else "muted"
        side = self._theme.px(32)
        self.picture.setPixmap(icon(self._theme, icon_name, color).pixmap(QSize(side, side)))
        self._say(title, more)

    def show_picture(self, image: QImage, title: str, more: str) -> None:
        """Show a small picture, sharp on this screen, and words."""
        ratio = self.devicePixelRatioF()
        side = round(self._theme.px(self.PICTURE) * ratio)
        shown = QPixmap.fromImage(image)
        if max(shown.width(), shown.height()) > side:
            shown = shown.scaled(
                side,
                side,
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
        shown.setDevicePixelRatio(ratio)
        self.picture.setPixmap(shown)
        self._say(title, more)

    def set_target(self, on: bool) -> None:
        """Show that what is dragged may be let go here."""
        self._target = on
        self.update()

    def set_problem(self, wrong: bool) -> None:
        """Show that something is wrong with the answer."""
        self._wrong = wrong
        self.update()

    def set_compact(self, compact: bool) -> None:
        """Take less room around the words."""
        gap = self._theme.gap(12 if compact else 20)
        self._row.setContentsMargins(gap, gap, gap, gap)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.matches(QKeySequence.StandardKey.Paste):
            self.pasted.emit()
            event.accept()
            return
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            event.ignore()
            return
        super().keyPressEvent(event)

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        return max(self._row.heightForWidth(width), self._theme.px(72))

    def sizeHint(self) -> QSize:  # noqa: N802
        hint = self._row.sizeHint()
        return QSize(hint.width(), max(hint.height(), self._theme.px(72)))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        hint = self._row.minimumSize()
        return QSize(hint.width(), max(hint.height(), self._theme.px(72)))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        color = "err" if self._wrong else "accent" if self._target else "border"
        pen = QPen(theme.color(color), 2 if self._target or self._wrong else 1.5)
        pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(theme.color("accent_soft" if self._target else "sunken"))
        box = self.rect().adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(box, theme.px(8), theme.px(8))

    def _say(self, title: str, more: str) -> None:
        self.title.set_text(title)
        self.more.set_text(more)
        self.more.setVisible(bool(more))
        self.updateGeometry()


class FileDialog(ReadingOrder, QDialog):
    """One answer that is a file, large, drawn from memory. Esc closes it."""

    def __init__(
        self, tools: Tools, content: AttachmentContent, title: str, parent: QWidget
    ) -> None:
        super().__init__(parent)
        from intake_app.ui.people.attachment_view import view_of

        theme, tr = tools.theme, tools.tr
        self.setObjectName("file-dialog")
        self.setWindowTitle(tr.gettext("Bestand bekijken"))
        column = QVBoxLayout(self)
        side = theme.gap(24)
        column.setContentsMargins(side, side, side, side)
        column.setSpacing(theme.gap(12))
        column.addWidget(Heading(theme, title, factor=1.15))
        attachment = content.attachment
        kind = named.type_and_size(tr, attachment.media_type, attachment.size)
        column.addWidget(Muted(theme, kind))
        inner: QWidget
        if attachment.media_type in SHOWN:
            inner = view_of(theme, tr, content)
        else:
            words = tr.gettext(
                "Een geluidsopname kan hier niet worden afgespeeld. Open haar bij de persoon, bij "
                "Bijlagen, en sla haar op buiten de kluis om haar te horen."
            )
            inner = Notice(theme, "info", words, name="file-sound")
        area = QScrollArea()
        area.setObjectName("file-dialog-scroll")
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inner)
        column.addWidget(area, 1)
        close = QuietButton(theme, tr.gettext("Sluiten"), name="file-dialog-close")
        close.clicked.connect(self.reject)
        column.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        room = parent.size()
        self.resize(min(theme.px(900), room.width()), min(theme.px(720), room.height()))
        close.setFocus()


def wanted_words(tr: UiTexts, wanted: Wanted) -> tuple[str, str, str]:
    """Return what is said without a file: the state, the verb ('' for none), and how else."""
    return {
        Wanted.PICTURE: (
            tr.gettext("Nog geen foto"),
            tr.gettext("Foto kiezen"),
            tr.gettext("Sleep een foto of scan hierheen (JPEG of PNG), of plak met Ctrl+V."),
        ),
        Wanted.SOUND: (
            tr.gettext("Nog geen opname"),
            tr.gettext("Opname kiezen"),
            tr.gettext("Sleep een geluidsopname hierheen (MP3 of WAV)."),
        ),
        Wanted.PDF: (
            tr.gettext("Nog geen PDF"),
            tr.gettext("PDF kiezen"),
            tr.gettext("Sleep een PDF hierheen, of plak met Ctrl+V."),
        ),
        Wanted.FILE: (
            tr.gettext("Nog geen bestand"),
            tr.gettext("Bestand kiezen"),
            tr.gettext("Sleep een PDF, foto of tekst hierheen, of plak met Ctrl+V."),
        ),
        Wanted.VIDEO: (
            tr.gettext("Een video kan hier niet"),
            "",
            tr.gettext(
                "Een video is te groot en laat te veel zien. Kies hieronder waarom er geen "
                "antwoord is."
            ),
        ),
    }[wanted]
