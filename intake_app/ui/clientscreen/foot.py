"""The foot of the client's screen: where there is more, hearing the question, and a pause."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from intake_app.ui.clientscreen.hearing import HearButton, Reader
from intake_app.ui.clientscreen.words import BACK, HEAR, ON, PAUSE, OwnWords
from intake_app.ui.kit.buttons import QuietButton
from intake_app.ui.theme import Theme

TALL, LOW = 60.0, 48.0
"""Design pixels of the height of a button, and where there is little height."""


class Foot(QHBoxLayout):
    """`scrolled` and `turned` carry -1 for back and 1 for on: in a long question, and between the
    pages to point at."""

    scrolled = Signal(int)
    turned = Signal(int)

    def __init__(
        self, theme: Theme, words: OwnWords, reader: Reader | None, under: QVBoxLayout
    ) -> None:
        """Make the foot, last in the column it stands `under`."""
        super().__init__()
        # before anything is in it, see `decisions/045`
        under.addLayout(self)
        self._theme, self._words = theme, words
        self._least = 0
        self.setSpacing(theme.gap(16))
        self._pages = QWidget()
        pages = QHBoxLayout(self._pages)
        pages.setContentsMargins(0, 0, 0, 0)
        pages.setSpacing(theme.gap(16))
        self._previous = self._arrow("client-pages-back", "arrow-left", BACK)
        self._next = self._arrow("client-pages-next", "arrow-right", ON)
        pages.addWidget(self._previous)
        pages.addWidget(self._next)
        self._pages.hide()
        self.addWidget(self._pages)
        self.addStretch(1)
        self._up = self._arrow("client-scroll-up", "chevron-up", BACK)
        self._down = self._arrow("client-scroll-down", "chevron-down", ON)
        for button in (self._up, self._down):
            button.hide()
            self.addWidget(button)
        for button, signal, by in (
            (self._previous, self.turned, -1),
            (self._next, self.turned, 1),
            (self._up, self.scrolled, -1),
            (self._down, self.scrolled, 1),
        ):
            button.clicked.connect(lambda _=False, to=signal, step=by: to.emit(step))
        self._pager: QWidget | None = None
        self._pager_place = QWidget()
        QHBoxLayout(self._pager_place).setContentsMargins(0, 0, 0, 0)
        self._pager_place.hide()
        self.addWidget(self._pager_place, 8)
        self.addStretch(1)
        self.hear = HearButton(theme, words.heard(HEAR), reader)
        self.addWidget(self.hear)
        self.pause = QuietButton(
            theme, words.seen(PAUSE), icon="pause", name="client-pause", factor=1.4
        )
        self.pause.height_units = TALL
        self.pause.setAccessibleName(words.heard(PAUSE))
        self.pause.setFont(theme.font_for(words.language, 1.4))
        self.addWidget(self.pause)

    def set_low(self, *, low: bool) -> None:
        """Take little height, or as much as is comfortable."""
        for button in (self.hear, self.pause, self._up, self._down):
            button.height_units = LOW if low else TALL
            button.updateGeometry()

    def keep_height(self, height: int) -> None:
        """Be at least so high, whatever is in it: what stands above keeps its place then."""
        self._least = height
        self.level()

    def show_pages(self, page: int | None, count: int = 0) -> None:
        """Offer to turn the pages to point at; `page` counts from 0, None where there are none."""
        self._pages.setVisible(page is not None)
        if page is not None:
            self._previous.setEnabled(page > 0)
            self._next.setEnabled(page < count - 1)

    def show_cues(self, *, above: bool, below: bool) -> None:
        """Say at which side of what can be seen there is more."""
        for button, more in ((self._up, above), (self._down, below)):
            button.setVisible(above or below)
            button.setEnabled(more)

    def set_pager(self, pager: QWidget | None) -> None:
        """Put the keys that turn a long list in the middle; the ones before are deleted."""
        place = self._pager_place.layout()
        if self._pager is not None:
            self._pager.hide()
            self._pager.deleteLater()
        self._pager = pager
        if pager is not None and place is not None:
            place.addWidget(pager)
        self.show_pager(on=True)

    def show_pager(self, *, on: bool) -> None:
        """Show the keys that turn a long list, where there are, or put them away for a while."""
        self._pager_place.setVisible(on and self._pager is not None)
        self.level()

    def level(self) -> None:
        """Take as much height without the keys that turn a list as with them."""
        low = self._pager_place.isHidden() or self._pager is None or self._pager.isHidden()
        spare = max(0, self._least - self.pause.sizeHint().height()) if low else 0
        self.setContentsMargins(0, spare, 0, 0)

    def _arrow(self, name: str, icon: str, words: str) -> QuietButton:
        button = QuietButton(self._theme, "", icon=icon, name=name)
        button.height_units = TALL
        button.setAccessibleName(self._words.heard(words))
        return button
