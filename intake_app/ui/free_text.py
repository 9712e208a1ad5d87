"""The gentle line under an open field: what had better not stand there, and what may."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from intake_app import paths
from intake_app.domain.free_text import Kind, Words, read_words, scan
from intake_app.i18n.bidi import isolate
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.kit.buttons import TextLink
from intake_app.ui.kit.icons import IconLabel
from intake_app.ui.kit.text import Text
from intake_app.ui.theme import CAPTION, Theme

REST_MS = 600
"""How long the keys rest before the text is looked at: nobody is interrupted in a word."""


class FreeTextHint(QWidget):
    """Watches one field and says so, once the keys rest, when something had better not be there.

    It never holds anything back and nothing about it is stored. "Laat staan" quiets it for that
    kind of thing until the field is made anew. Only one thing is said at a time.
    """

    changed = Signal(str)
    """The sentence that shows now, '' for none."""

    def __init__(
        self,
        theme: Theme,
        tr: UiTexts,
        field: QLineEdit | QPlainTextEdit,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("free-text-hint")
        self._theme, self._tr, self._field = theme, tr, field
        self._left: set[Kind] = set()
        self._said: set[Kind] = set()
        self._kind: Kind | None = None
        self._sentence = ""
        self._text: Text | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REST_MS)
        self._timer.timeout.connect(self.look)
        field.textChanged.connect(self.look_soon)
        self.hide()

    @property
    def sentence(self) -> str:
        """Return what is said now, '' for nothing."""
        return self._sentence

    def look_soon(self) -> None:
        """Look at the text when the keys have rested."""
        self._timer.start()

    def look(self) -> None:
        """Look at the text now."""
        self._timer.stop()
        field = self._field
        text = field.text() if isinstance(field, QLineEdit) else field.toPlainText()
        found = next((f for f in scan(text, _words()) if f.kind not in self._left), None)
        if found is None:
            self._say(None, "")
        else:
            self._say(found.kind, self._sentence_for(found.kind, text[found.start : found.end]))

    def leave(self) -> None:
        """Let the thing stand: say no more about its kind in this field."""
        if self._kind is not None:
            self._left.add(self._kind)
        self._field.setFocus()
        self.look()

    # ---- inside --------------------------------------------------------------------------------

    def _say(self, kind: Kind | None, sentence: str) -> None:
        if sentence == self._sentence:
            return
        self._kind, self._sentence = kind, sentence
        if sentence:
            self._made().set_text(sentence)
        self.setVisible(bool(sentence))
        self.changed.emit(sentence)
        if kind is not None and kind not in self._said:
            # heard once; a reader that repeats itself while somebody types is in the way
            self._said.add(kind)
            if QAccessible.isActive():
                QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, sentence))

    def _made(self) -> Text:
        """Make the parts when they are first needed: most fields never get a word said."""
        if self._text is None:
            theme = self._theme
            row = QHBoxLayout(self)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(theme.gap(8))
            icon = IconLabel(theme, "info", color="warn", size=18)
            row.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
            column = QVBoxLayout()
            row.addLayout(column, 1)
            column.setSpacing(0)
            self._text = Text(theme, "", color="warn")
            column.addWidget(self._text)
            link = TextLink(
                theme, self._tr.gettext("Laat staan"), factor=CAPTION, name="free-text-leave"
            )
            link.clicked.connect(self.leave)
            column.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        return self._text

    def _sentence_for(self, kind: Kind, word: str) -> str:
        tr = self._tr
        if kind is Kind.BSN:
            return tr.gettext("Is dit een BSN? Haal het weg. Een BSN hoort alleen bij Persoon.")
        if kind in {Kind.DIAGNOSE, Kind.MEDICIJN}:
            words = tr.gettext(
                "‘{word}’: schrijf hier geen ziekte of medicijn op. "
                "Schrijf op wat iemand nodig heeft."
            )
        elif kind is Kind.GELOOF:
            words = tr.gettext("‘{word}’: geloof hoort niet in dit dossier.")
        elif kind is Kind.POLITIEK:
            words = tr.gettext("‘{word}’: politiek hoort niet in dit dossier.")
        elif kind is Kind.GEAARDHEID:
            words = tr.gettext("‘{word}’: op wie iemand valt, hoort niet in dit dossier.")
        elif kind is Kind.STRAFBLAD:
            words = tr.gettext("‘{word}’: straf hoort niet in dit dossier.")
        else:
            words = tr.gettext("‘{word}’: het verhaal van de vlucht hoort niet in dit dossier.")
        return words.format(word=isolate(word, "ltr"))


@lru_cache(maxsize=1)
def _words() -> Words:
    return read_words(paths.resource("words", "free_text.csv").read_text(encoding="utf-8"))
