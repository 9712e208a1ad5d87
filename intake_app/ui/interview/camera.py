"""Taking a photo with the camera of this laptop; needs the optional part 'camera'.

The picture goes from the camera into memory and from there into the vault: no file is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QCloseEvent, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from intake_app.ui.interview.extra_parts import is_there
from intake_app.ui.interview.questions.base import Tools
from intake_app.ui.kit.buttons import PrimaryButton, QuietButton
from intake_app.ui.kit.dialogs import run
from intake_app.ui.kit.text import Heading, Muted

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QVideoFrame


def photograph(tools: Tools, parent: QWidget) -> QImage | None:
    """Show the camera and return the photo somebody took; None when they decided not to.

    Says what is missing where the part, or a camera, is not there.
    """
    title = tools.tr.gettext("Foto maken")
    if not is_there(tools, title, parent, sound=False):
        return None
    dialog = CameraDialog(tools, parent)
    return dialog.photo if run(dialog) else None


class CameraDialog(QDialog):
    """What the camera sees, and one button. Enter takes the photo, Esc leaves it."""

    def __init__(self, tools: Tools, parent: QWidget) -> None:
        super().__init__(parent)
        from PySide6.QtMultimedia import QCamera, QMediaCaptureSession, QVideoSink

        theme, tr = tools.theme, tools.tr
        self.photo: QImage | None = None
        self.setObjectName("camera-dialog")
        self.setWindowTitle(tr.gettext("Foto maken"))
        column = QVBoxLayout(self)
        side = theme.gap(24)
        column.setContentsMargins(side, side, side, side)
        column.setSpacing(theme.gap(12))
        column.addWidget(Heading(theme, tr.gettext("Foto maken"), factor=1.3))
        column.addWidget(
            Muted(theme, tr.gettext("Leg het papier plat en zorg dat alles in beeld is."))
        )
        self.view = _Seen(theme.px(480))
        self.view.setAccessibleName(tr.gettext("Beeld van de camera"))
        column.addWidget(self.view, 1)
        row = QHBoxLayout()
        column.addLayout(row)
        cancel = QuietButton(theme, tr.gettext("Niet doen"), name="camera-cancel")
        cancel.clicked.connect(self.reject)
        row.addWidget(cancel)
        row.addStretch(1)
        self.take_button = PrimaryButton(theme, tr.gettext("Maak de foto"), name="camera-take")
        self.take_button.setEnabled(False)
        self.take_button.clicked.connect(self.take)
        row.addWidget(self.take_button)
        self._camera = QCamera(self)
        self._sink = QVideoSink(self)
        self._session = QMediaCaptureSession(self)
        self._session.setCamera(self._camera)
        self._session.setVideoSink(self._sink)
        self._sink.videoFrameChanged.connect(self._frame)
        self._camera.start()

    def take(self) -> None:
        """Keep what is seen now."""
        if self.view.image is not None:
            self.photo = self.view.image
            self.accept()

    def done(self, result: int) -> None:
        self._camera.stop()
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        self._camera.stop()
        super().closeEvent(event)

    def _frame(self, frame: QVideoFrame) -> None:
        image = frame.toImage()
        if image.isNull():
            return
        self.view.show_image(image)
        if not self.take_button.isEnabled():
            self.take_button.setEnabled(True)
            self.take_button.setFocus()


class _Seen(QWidget):
    """The latest picture, as large as there is room for."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.setObjectName("camera-view")
        self.image: QImage | None = None
        self._width = width
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_image(self, image: QImage) -> None:
        """Show another picture."""
        self.image = image
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(self._width, self._width * 3 // 4)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.black)
        if self.image is None:
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        size = self.image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        box = QRectF(0, 0, size.width(), size.height())
        box.moveCenter(QRectF(self.rect()).center())
        painter.drawImage(box, self.image)
