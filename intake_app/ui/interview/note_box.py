"""The colleague's own note with a question."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from intake_app.domain.interview import Answer
from intake_app.ui.free_text import FreeTextHint
from intake_app.ui.interview.questions.base import Tools
from intake_app.ui.kit.inputs import CheckInput, TextArea
from intake_app.ui.kit.text import Caption

NOTE_MS = 800
"""How long after the last key a note is stored."""

LONGEST_MS = 2000
"""Who writes on without a rest is stored all the same, after so long."""


class NoteBox(QWidget):
    """The colleague's own note with a question: stays here unless the switch says otherwise."""

    edited = Signal(str, bool)
    opened = Signal()

    def __init__(self, tools: Tools, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tools = tools
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(tools.theme.gap(4))
        self._parts: tuple[TextArea, CheckInput] | None = None
        self._stored = ("", False)
        self._showing = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(NOTE_MS)
        self._timer.timeout.connect(self.flush)
        self._since = QElapsedTimer()
        self.hide()

    @property
    def field(self) -> TextArea:
        """Return where the note is written."""
        return self._made()[0]

    @property
    def share(self) -> CheckInput:
        """Return the switch that lets the note go along."""
        return self._made()[1]

    def _made(self) -> tuple[TextArea, CheckInput]:
        """Make the parts when they are first needed: most questions never get a note."""
        if self._parts is None:
            theme, tr = self._tools.theme, self._tools.tr
            words = tr.gettext("Notitie, alleen voor collega’s")
            self._column.addWidget(Caption(theme, words))
            field = TextArea(theme, name="note-text", rows=2)
            field.setAccessibleName(words)
            field.textChanged.connect(self._typed)
            self._column.addWidget(field)
            self._column.addWidget(FreeTextHint(theme, tr, field))
            share = CheckInput(theme, tr.gettext("Mee in overdracht"), name="note-share")
            share.toggled.connect(self._say)
            self._column.addWidget(share)
            self._parts = (field, share)
        return self._parts

    def open(self) -> None:
        """Show the note and put the keyboard in it."""
        self.show_again()
        self.field.setFocus()
        self.opened.emit()

    def show_again(self) -> None:
        """Show the note, and leave the keyboard where it is."""
        # made before it shows: what a shown layout gets can take no keyboard yet
        self._made()
        self.show()

    def show_row(self, row: Answer | None) -> None:
        """Show the stored note; what is being typed is left alone."""
        stored = ("", False) if row is None else (row.note, row.note_in_handover)
        if stored == self._stored:
            return
        self._stored = stored
        self._showing = True
        if not self.field.hasFocus():
            self.field.setPlainText(stored[0])
        self.share.setChecked(stored[1])
        self._showing = False
        if stored[0]:
            self.show()

    def flush(self) -> None:
        """Say what was typed and not yet said."""
        if self._pending():
            self._say()

    def _typed(self) -> None:
        if self._showing:
            return
        if not self._timer.isActive():
            self._since.start()
        if not self._timer.isActive() or self._since.elapsed() < LONGEST_MS - NOTE_MS:
            self._timer.start()

    def _say(self) -> None:
        if not self._showing and self._pending():
            self.edited.emit(self.field.toPlainText().strip(), self.share.isChecked())

    def _pending(self) -> bool:
        if self._parts is None:
            return False
        field, share = self._parts
        return (field.toPlainText().strip(), share.isChecked()) != self._stored
