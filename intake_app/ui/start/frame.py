"""The plain window round the start: the name of the program, one page, nothing else."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.kit import Hairline, Heading, IconLabel, Tag
from intake_app.ui.kit.focus import ReadingOrder
from intake_app.ui.practice import EDGE, PracticeEdge
from intake_app.ui.theme import Theme


class StartFrame(ReadingOrder, QWidget):
    """Shows one page at a time under the name of the program."""

    def __init__(self, theme: Theme, tr: UiTexts, *, practice: bool = False) -> None:
        super().__init__()
        self.theme, self._tr = theme, tr
        self.setWindowTitle("Doorgaande Lijn")
        outer = QVBoxLayout(self)
        inset = EDGE if practice else 0
        outer.setContentsMargins(inset, inset, inset, inset)
        outer.setSpacing(0)
        top = _Bar(theme)
        row = QHBoxLayout(top)
        row.setContentsMargins(theme.gap(24), theme.gap(14), theme.gap(24), theme.gap(14))
        row.setSpacing(theme.gap(12))
        row.addWidget(IconLabel(theme, "brand", color="accent", size=28))
        row.addWidget(Heading(theme, "Doorgaande Lijn"), 1)
        if practice:
            row.addWidget(Tag(theme, tr.gettext("Oefenen: niemand is echt"), "warn"))
        outer.addWidget(top)
        outer.addWidget(Hairline(theme))
        self._pages = QStackedWidget()
        outer.addWidget(self._pages, 1)
        if practice:
            self._edge = PracticeEdge(theme, self)
        self.resize(960, 680)

    def show_page(self, page: QWidget) -> None:
        """Show a page; the one before is deleted. What the page gave the focus keeps it."""
        wanted = page.focusWidget()
        old = self._pages.currentWidget()
        self._pages.addWidget(page)
        self._pages.setCurrentWidget(page)
        if old is not None:
            self._pages.removeWidget(old)
            old.deleteLater()
        if wanted is not None:
            wanted.setFocus(Qt.FocusReason.OtherFocusReason)

    def page(self) -> QWidget | None:
        """Return the page that is shown."""
        return self._pages.currentWidget()


class _Bar(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        QPainter(self).fillRect(self.rect(), self._theme.color("surface"))
