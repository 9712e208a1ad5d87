"""What the client sees while there is no question: a picture, and a few words."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from intake_app.ui.clientscreen.words import AS_YOU_WISH, RESTING, WAIT, OwnWords
from intake_app.ui.kit.text import LangLabel
from intake_app.ui.pictograms import PictogramLabel
from intake_app.ui.theme import Theme


class WaitCard(QWidget):
    """Calm, and of nobody: it is shown to a pause, and to questions that are not the client's."""

    def __init__(self, theme: Theme, words: OwnWords) -> None:
        super().__init__()
        self.setObjectName("client-wait")
        self._words = words
        column = QVBoxLayout(self)
        column.setSpacing(theme.gap(12))
        column.addStretch(1)
        center = Qt.AlignmentFlag.AlignHCenter
        self._picture = PictogramLabel(theme, "klok", color="muted", size=120)
        column.addWidget(self._picture, 0, center)
        language = words.language
        self._said = LangLabel(theme, words.seen(WAIT), language, factor=2.0, wrap=False)
        self._wish = LangLabel(theme, "", language, factor=1.5, color="muted", wrap=False)
        for label in (self._said, self._wish):
            column.addWidget(label, 0, center)
        column.addStretch(2)

    def say(self, *, paused: bool) -> None:
        """Say that the talk rests, or that the colleague is busy for a moment."""
        self._picture.set_pictogram("pauze" if paused else "klok")
        said, wish = (RESTING, self._words.seen(AS_YOU_WISH)) if paused else (WAIT, "")
        for label, text in ((self._said, self._words.seen(said)), (self._wish, wish)):
            label.set_text(text)
            label.setVisible(bool(text))
