"""A PDF page by page: zoom, keyboard, and the text itself for who cannot see the picture."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QImage, QKeyEvent, QPixmap, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from intake_app.documents.pages import PageImage
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.kit import Muted, Notice, QuietButton, TextArea
from intake_app.ui.pdfview.loader import PageLoader
from intake_app.ui.plan.flow import FlowRow
from intake_app.ui.theme import Theme

_A4_INCHES = 210 / 25.4
_LEAST_WIDTH = 320
_ZOOMS = (0.6, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0)
_FIRST_ZOOM = 2
_STILL_MS = 200
"""So long a window keeps its width before its page is drawn anew."""


class PdfView(QWidget):
    """Shows `pdf`, drawn in a process of its own. Page Up and Page Down turn, + and − zoom."""

    def __init__(self, theme: Theme, tr: UiTexts, pdf: bytes) -> None:
        super().__init__()
        self._theme, self._tr = theme, tr
        self.setObjectName("pdf-view")
        self.number, self.pages = 0, 1
        self._zoom = _FIRST_ZOOM
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.gap(12))
        self._add_bar(column)
        self.notice = Notice(theme, "err", "", name="pdf-problem")
        self.notice.hide()
        column.addWidget(self.notice)
        self.picture = QLabel()
        self.picture.setObjectName("pdf-page")
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.picture.setAccessibleName(tr.gettext("Deze pagina"))
        # paper is white in every theme: the ring stands on the ground beside it
        self.picture.setMargin(theme.gap(8))
        # it fills its area, outside which there is no room for a ring
        self.picture.setProperty("innerFocusRing", "true")
        self.area = QScrollArea()
        self.area.setWidget(self.picture)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFixedHeight(theme.px(420))
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column.addWidget(self.area, 1)
        self.text = TextArea(theme, name="pdf-text", rows=18)
        self.text.setReadOnly(True)
        self.text.setAccessibleName(tr.gettext("Tekst van deze pagina"))
        self.text.hide()
        column.addWidget(self.text)
        self._loader = PageLoader(pdf, self)
        self._loader.drawn.connect(self._drawn)
        self._loader.failed.connect(self._failed)
        self.drawn, self.failed = self._loader.drawn, self._loader.failed
        self._asked = False
        self._wanted = 0.0
        self._page: tuple[QPixmap, float] | None = None
        self._still = QTimer(self, singleShot=True, interval=_STILL_MS)
        self._still.timeout.connect(self._ask)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        super().showEvent(event)
        if not self._asked:
            self._asked = True
            QTimer.singleShot(0, self, self._ask)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Show the page as wide as there is room at once, and sharp as soon as the window rests."""
        super().resizeEvent(event)
        if self._page is not None and event.size().width() != event.oldSize().width():
            QTimer.singleShot(0, self, self._fit)

    def turn(self, number: int) -> None:
        """Show another page; one that is not there changes nothing."""
        if 0 <= number < self.pages and number != self.number:
            self.number = number
            self._ask()

    def zoom(self, step: int) -> None:
        """Show the page larger or smaller."""
        wanted = min(max(self._zoom + step, 0), len(_ZOOMS) - 1)
        if wanted != self._zoom:
            self._zoom = wanted
            self._ask()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        key = event.key()
        if key == Qt.Key.Key_PageDown:
            self.turn(self.number + 1)
        elif key == Qt.Key.Key_PageUp:
            self.turn(self.number - 1)
        elif key in {Qt.Key.Key_Plus, Qt.Key.Key_Equal}:
            self.zoom(1)
        elif key == Qt.Key.Key_Minus:
            self.zoom(-1)
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def _add_bar(self, column: QVBoxLayout) -> None:
        theme, tr = self._theme, self._tr
        self.before = QuietButton(theme, tr.gettext("Vorige pagina"), name="pdf-previous")
        self.after = QuietButton(theme, tr.gettext("Volgende pagina"), name="pdf-next")
        smaller = QuietButton(theme, "", icon="minus", name="pdf-smaller")
        smaller.setAccessibleName(tr.gettext("Kleiner"))
        larger = QuietButton(theme, "", icon="plus", name="pdf-larger")
        larger.setAccessibleName(tr.gettext("Groter"))
        self.as_text = QuietButton(theme, tr.gettext("Als tekst"), name="pdf-as-text")
        self.as_text.setCheckable(True)
        self.before.clicked.connect(lambda: self.turn(self.number - 1))
        self.after.clicked.connect(lambda: self.turn(self.number + 1))
        smaller.clicked.connect(lambda: self.zoom(-1))
        larger.clicked.connect(lambda: self.zoom(1))
        self.as_text.toggled.connect(self._show_text)
        flow = FlowRow(theme.gap(8), self.before, self.after, smaller, larger, self.as_text)
        bar = QHBoxLayout()
        column.addLayout(bar)
        bar.setSpacing(theme.gap(12))
        bar.addWidget(flow, 1)
        self._place = Muted(theme, tr.gettext("De pagina wordt getekend."))
        self._place.setObjectName("pdf-place")
        bar.addWidget(self._place)

    def _ask(self) -> None:
        self.before.setEnabled(self.number > 0)
        self.after.setEnabled(self.number + 1 < self.pages)
        self._wanted = self._dots()
        self._loader.ask(self.number, self._wanted)

    def _dots(self) -> float:
        """Return how many dots to the inch the page has at this zoom in this room."""
        return self._room() / _A4_INCHES * _ZOOMS[self._zoom]

    def _fit(self) -> None:
        if self._page is None:
            return
        pixels, dots = self._page
        wanted = self._dots()
        if abs(wanted - dots) * _A4_INCHES < 1:
            return
        width = round(pixels.width() * wanted / dots)
        smooth = Qt.TransformationMode.SmoothTransformation
        self._show(pixels.scaledToWidth(max(width, 1), smooth))
        self._still.start()

    def _room(self) -> float:
        """Return how wide an A4 page is at zoom 1, so that nothing has to scroll sideways."""
        room = self.area.viewport().width() - 2 - 2 * self.picture.margin()
        around = self.parentWidget()
        while around is not None and not isinstance(around, QScrollArea):
            around = around.parentWidget()
        if isinstance(around, QScrollArea) and not around.verticalScrollBar().isVisible():
            # the page is higher than the window: its bar is going to take some of the width
            room -= around.verticalScrollBar().sizeHint().width()
        return max(room, _LEAST_WIDTH)

    def _show_text(self, on: bool) -> None:
        self.text.setVisible(on)
        self.area.setVisible(not on)

    def _drawn(self, page: PageImage) -> None:
        self.notice.hide()
        self.pages = page.of
        image = QImage(
            page.pixels, page.width, page.height, page.width * 4, QImage.Format.Format_RGBA8888
        ).copy()
        pixels = QPixmap.fromImage(image)
        self._page = pixels, self._wanted
        self._show(pixels)
        where = self._tr.gettext("pagina {n} van {of}").format(n=page.number + 1, of=page.of)
        self._place.set_text(where)
        self.picture.setAccessibleName(where)
        self.picture.setAccessibleDescription(page.text)
        self.text.setPlainText(page.text)
        self.before.setEnabled(self.number > 0)
        self.after.setEnabled(self.number + 1 < self.pages)

    def _show(self, pixels: QPixmap) -> None:
        around = 2 * self.picture.margin()
        self.picture.setPixmap(pixels)
        self.picture.setMinimumSize(pixels.size() + QSize(around, around))
        # the page as a whole scrolls up and down; only a wide picture scrolls by itself
        bar = self.area.horizontalScrollBar().sizeHint().height()
        self.area.setFixedHeight(self.picture.minimumHeight() + bar)

    def _failed(self, problem: str) -> None:
        self.notice.set_notice("err", self._tr.gettext(problem))
        self._place.set_text("")
