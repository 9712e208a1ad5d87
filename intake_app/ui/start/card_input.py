"""Typing over or scanning one recovery card."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from intake_app.flows.recovery_cards import WORDS, read_card
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.kit import Caption, Field, TextArea
from intake_app.ui.theme import Theme


class CardInput(QWidget):
    """The words of one card; tells at once which word is no word of the list."""

    changed = Signal()

    def __init__(self, theme: Theme, tr: UiTexts, label: str, *, name: str) -> None:
        super().__init__()
        self._tr = tr
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.gap(4))
        self.edit = TextArea(theme, name=name, rows=4, language="en")
        self._field = Field(theme, label, self.edit)
        self._count = Caption(theme, "")
        column.addWidget(self._field)
        column.addWidget(self._count)
        self.edit.textChanged.connect(self._typed)
        self.setFocusProxy(self.edit)
        self._typed()

    def words(self) -> str:
        """Return the words as they are read, with a space between them."""
        return " ".join(read_card(self.edit.toPlainText()).words)

    def complete(self) -> bool:
        """True when there are 33 words, each one of the list."""
        return read_card(self.edit.toPlainText()).complete

    def check(self) -> bool:
        """Show what is missing; True when nothing is."""
        read = read_card(self.edit.toPlainText())
        problem = ""
        if read.unknown:
            problem = self._unknown(read.unknown)
        elif len(read.words) != WORDS:
            problem = self._tr.gettext(
                "Op een kaart staan {all} woorden. Hier staan er {n}."
            ).format(all=WORDS, n=len(read.words))
        self._field.set_problem(problem)
        if problem:
            self.edit.setFocus()
        return not problem

    def refuse(self, sentence: str) -> None:
        """Show why this card will not do."""
        self._field.set_problem(sentence)
        self.edit.setFocus()

    def forget(self) -> None:
        """Empty the field."""
        self.edit.clear()

    def _typed(self) -> None:
        read = read_card(self.edit.toPlainText())
        # the last word is still being typed
        finished = tuple(at for at in read.unknown if at < len(read.words) or at >= WORDS)
        self._field.set_problem(self._unknown(finished) if finished else "")
        text = self._tr.gettext("{n} van {all} woorden").format(n=len(read.words), all=WORDS)
        self._count.set_text(text)
        self.changed.emit()

    def _unknown(self, positions: tuple[int, ...]) -> str:
        numbers = ", ".join(map(str, positions))
        return self._tr.ngettext(
            "Woord {n} staat niet in de lijst. Kijk het na op de kaart.",
            "Deze woorden staan niet in de lijst: {n}. Kijk ze na op de kaart.",
            len(positions),
        ).format(n=numbers)
