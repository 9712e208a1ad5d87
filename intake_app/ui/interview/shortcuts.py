"""F1: the keys of the interview on one sheet."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from intake_app.ui.interview.questions.base import Tools
from intake_app.ui.kit.buttons import PrimaryButton
from intake_app.ui.kit.text import Body, Heading, Muted


class ShortcutSheet(QDialog):
    """Lists what each key does; closes with Enter or Esc."""

    def __init__(self, tools: Tools, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme, tr = tools.theme, tools.tr
        self.setObjectName("shortcut-sheet")
        self.setWindowTitle(tr.gettext("Toetsen in het gesprek"))
        side = theme.gap(24)
        column = QVBoxLayout(self)
        column.setContentsMargins(side, side, side, side)
        column.setSpacing(theme.gap(12))
        column.addWidget(Heading(theme, tr.gettext("Toetsen in het gesprek"), factor=1.3))
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.gap(32))
        grid.setVerticalSpacing(theme.gap(8))
        rows = (
            ("1 … 9", tr.gettext("Kies een antwoord")),
            ("Enter", tr.gettext("Volgende vraag")),
            ("Alt ←", tr.gettext("Vorige vraag")),
            ("W", tr.gettext("Weet niet")),
            ("G", tr.gettext("Wil niet zeggen")),
            ("N", tr.gettext("Niet gevraagd")),
            ("T", tr.gettext("N.v.t.")),
            ("P", tr.gettext("Pauze, en weer verder")),
            ("O", tr.gettext("Verder zonder antwoord")),
            ("V", tr.gettext("Naar het volgende onderdeel")),
            ("S", tr.gettext("Stoppen voor vandaag")),
            ("B", tr.gettext("Aanwijsbladen")),
            ("Ctrl J", tr.gettext("Onderdelen")),
            ("Ctrl Enter", tr.gettext("Volgende, ook uit een groot tekstvak")),
            ("Esc Esc", tr.gettext("Beide schermen leeg: pauze")),
            ("Ctrl L", tr.gettext("Vergrendelen")),
        )
        half = (len(rows) + 1) // 2
        for number, (key, words) in enumerate(rows):
            # two columns: a sheet at 200 % still fits a small laptop
            at, place = number % half, 2 * (number // half)
            grid.addWidget(Body(theme, key, strong=True, wrap=False), at, place)
            grid.addWidget(Body(theme, words, wrap=False), at, place + 1)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        column.addLayout(grid)
        column.addWidget(
            Muted(
                theme,
                tr.gettext(
                    "Losse letters en cijfers werken buiten de tekstvakken. "
                    "Met Alt erbij werken de letters ook in een tekstvak."
                ),
            )
        )
        bar = QHBoxLayout()
        bar.addStretch(1)
        close = PrimaryButton(theme, tr.gettext("Terug naar het gesprek"), name="shortcuts-close")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        bar.addWidget(close)
        column.addLayout(bar)
