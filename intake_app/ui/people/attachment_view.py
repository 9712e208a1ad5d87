"""One attachment on the screen, drawn from memory: never a file of its own on the disk."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QKeyEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from intake_app.flows import attachments
from intake_app.flows.attachments import AttachmentContent
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.kit import Notice, QuietButton, TextArea
from intake_app.ui.pdfview.view import PdfView
from intake_app.ui.people.pictures import read_picture
from intake_app.ui.plan.flow import FlowRow
from intake_app.ui.theme import Theme

_ZOOMS: Final = (0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0)
_FIRST_ZOOM: Final = 2
_LONGEST_TEXT: Final = 500_000
"""Characters; a longer text makes the window slow and nobody reads it here."""


def view_of(theme: Theme, tr: UiTexts, content: AttachmentContent) -> QWidget:
    """Return the widget that shows this attachment."""
    media_type = content.attachment.media_type
    if media_type == attachments.PDF:
        return PdfView(theme, tr, content.data)
    if media_type == attachments.TEXT:
        return _text(theme, tr, content.data)
    try:
        image = read_picture(content.data, media_type)
    except ValueError:
        words = tr.gettext(
            "Deze foto is beschadigd en kan niet worden getoond. Vraag om een nieuwe foto of PDF."
        )
        return Notice(theme, "err", words, name="attachment-broken")
    return PictureView(theme, tr, image)


def _text(theme: Theme, tr: UiTexts, data: bytes) -> TextArea:
    area = TextArea(theme, name="attachment-text", rows=18)
    area.setReadOnly(True)
    area.setAccessibleName(tr.gettext("Tekst van de bijlage"))
    text = data.decode("utf-8-sig", errors="replace")
    if len(text) > _LONGEST_TEXT:
        rest = tr.gettext("De rest wordt hier niet getoond. Sla de bijlage op om alles te lezen.")
        text = f"{text[:_LONGEST_TEXT]}\n\n[{rest}]"
    area.setPlainText(text)
    return area


class PictureView(QWidget):
    """A picture as wide as there is room for; + and − zoom, the rest scrolls."""

    def __init__(self, theme: Theme, tr: UiTexts, image: QImage) -> None:
        super().__init__()
        self.setObjectName("picture-view")
        self._theme, self._whole = theme, QPixmap.fromImage(image)
        self._zoom = _FIRST_ZOOM
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.gap(12))
        smaller = QuietButton(theme, "", icon="minus", name="picture-smaller")
        smaller.setAccessibleName(tr.gettext("Kleiner"))
        larger = QuietButton(theme, "", icon="plus", name="picture-larger")
        larger.setAccessibleName(tr.gettext("Groter"))
        smaller.clicked.connect(lambda: self.zoom(-1))
        larger.clicked.connect(lambda: self.zoom(1))
        column.addWidget(FlowRow(theme.gap(8), smaller, larger))
        self.picture = QLabel()
        self.picture.setObjectName("picture")
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.picture.setAccessibleName(tr.gettext("Foto van de bijlage"))
        self.picture.setProperty("innerFocusRing", "true")
        self.area = QScrollArea()
        self.area.setWidget(self.picture)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column.addWidget(self.area)
        self._draw()

    def zoom(self, step: int) -> None:
        """Show the picture larger or smaller."""
        self._zoom = min(max(self._zoom + step, 0), len(_ZOOMS) - 1)
        self._draw()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        steps = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Equal: 1, Qt.Key.Key_Minus: -1}
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        self.zoom(step)
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._draw()

    def _draw(self) -> None:
        """Fit the width of the view, and never make a small picture blurred by itself."""
        room = max(self.width(), self._theme.px(240))
        width = round(min(room, self._whole.width()) * _ZOOMS[self._zoom])
        shown = self._whole.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)
        self.picture.setPixmap(shown)
        self.picture.setMinimumSize(shown.size())
        bar = self.area.horizontalScrollBar().sizeHint().height() if width > room else 0
        # the page scrolls up and down, as with a PDF
        self.area.setFixedHeight(shown.height() + bar)
        self.updateGeometry()
