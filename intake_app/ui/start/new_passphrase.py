"""Choosing a passphrase: five generated words, or a sentence of one's own; typed twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.kit import (
    Caption,
    Card,
    Field,
    LinkButton,
    Notice,
    PassphraseInput,
    TextInput,
)
from intake_app.ui.start.passphrase import hint, strength
from intake_app.ui.theme import Theme


def passphrase_input(
    theme: Theme, tr: UiTexts, name: str, *, keyboard: bool = True
) -> PassphraseInput:
    """Return the field for a passphrase; `keyboard` names the language of the keyboard below it."""
    return PassphraseInput(
        theme,
        show_text=tr.gettext("Tonen"),
        hide_text=tr.gettext("Verbergen"),
        caps_text=tr.gettext("Caps Lock staat aan."),
        layout_text=tr.gettext("Toetsenbord: {name}") if keyboard else "",
        name=name,
    )


class NewPassphrase(QWidget):
    """Offers `generate()`, takes another one too, and wants either typed twice.

    `about` are names that may not be in it. `name` is the beginning of the objects' names.
    """

    def __init__(
        self,
        theme: Theme,
        tr: UiTexts,
        *,
        generate: Callable[[], str],
        about: Callable[[], Iterable[str]] = tuple,
        name: str,
    ) -> None:
        super().__init__()
        self._theme, self._tr, self._generate, self._about = theme, tr, generate, about
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.gap(16))
        column.addWidget(self._offer(name))
        self.first = passphrase_input(theme, tr, f"{name}-passphrase")
        self.second = passphrase_input(theme, tr, f"{name}-repeat", keyboard=False)
        self._first_field = Field(theme, tr.gettext("Wachtwoordzin"), self.first)
        self._second_field = Field(theme, tr.gettext("Nog een keer"), self.second)
        self._meter = Notice(theme, "muted", "", name=f"{name}-strength")
        self.first.changed.connect(self._measure)
        for widget in (self._first_field, self._meter, self._second_field):
            column.addWidget(widget)
        self._measure("")

    def _offer(self, name: str) -> QWidget:
        tr, theme = self._tr, self._theme
        card = Card(theme, padding=(16, 12))
        card.body.addWidget(Caption(theme, tr.gettext("Deze woorden heeft niemand bedacht:")))
        self.offered = TextInput(theme, name=f"{name}-offered", text=self._generate())
        self.offered.setReadOnly(True)
        self.offered.setAccessibleName(tr.gettext("Voorgestelde wachtwoordzin"))
        card.body.addWidget(self.offered)
        other = LinkButton(theme, tr.gettext("Andere woorden"), name=f"{name}-offer-again")
        other.clicked.connect(lambda: self.offered.setText(self._generate()))
        card.body.addWidget(other, 0, Qt.AlignmentFlag.AlignLeft)
        card.body.addWidget(
            Caption(
                theme,
                tr.gettext(
                    "Schrijf ze op papier en typ ze hieronder over. Of bedenk zelf een zin."
                ),
            )
        )
        return card

    def setFocus(  # noqa: N802
        self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason
    ) -> None:
        """Put the keyboard in the first field; a proxy would take what is offered out of Tab."""
        self.first.setFocus(reason)

    def text(self) -> str:
        """Return what is typed in the first field."""
        return self.first.text()

    def check(self) -> bool:
        """Show what is wrong, put the keyboard there; True when it may be used."""
        words, again = self.first.text(), self.second.text()
        wrong = self._problem_of(words)
        self._first_field.set_problem(wrong)
        if wrong:
            self._second_field.set_problem("")
            self.first.setFocus()
            return False
        differs = "" if words == again else self._tr.gettext("De twee zinnen zijn anders.")
        self._second_field.set_problem(differs)
        if differs:
            self.second.clear()
            self.second.setFocus()
        return not differs

    def forget(self) -> None:
        """Empty both fields."""
        self.first.clear()
        self.second.clear()

    def _measure(self, words: str) -> None:
        kind, sentence = hint(self._tr, strength(words, accepted=not self._problem_of(words)))
        self._meter.set_notice(kind, sentence)

    def _problem_of(self, words: str) -> str:
        from intake_app.flows.set_up import check_passphrase

        if not words:
            return self._tr.gettext("Typ hier de wachtwoordzin.")
        return self._tr.said(check_passphrase(words, about=tuple(self._about())) or "")
