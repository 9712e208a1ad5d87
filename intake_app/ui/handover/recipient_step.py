"""Step 1, naar wie: who receives, or what is in the way; the control number is typed in here."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from intake_app.flows import address_book
from intake_app.flows.address_book import CheckRefused
from intake_app.flows.recipient import RecipientChoice, RecipientProblem
from intake_app.ui.kit import (
    Body,
    Field,
    Heading,
    Muted,
    Notice,
    QuietButton,
    TextInput,
    clear_layout,
)
from intake_app.ui.words import short_date
from intake_app.vault.errors import VaultError

if TYPE_CHECKING:
    from intake_app.ui.context import AppContext

_AT_THE_PERSON = frozenset({RecipientProblem.NO_KOPPELING, RecipientProblem.OURSELVES})


class RecipientStep(QWidget):
    """Shows a `RecipientChoice`; `checked` when the control number has just been confirmed."""

    checked = Signal()

    def __init__(self, ctx: AppContext, person_id: UUID) -> None:
        super().__init__()
        self._ctx, self._person_id = ctx, person_id
        self._choice = RecipientChoice()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, ctx.theme.gap(8), 0, 0)
        self._column.setSpacing(ctx.theme.gap(16))
        self.number: TextInput | None = None
        self._field: Field | None = None

    def show_choice(self, choice: RecipientChoice) -> None:
        """Show who receives, or what is in the way and how to mend it."""
        if choice == self._choice and self._column.count():
            return
        self._choice = choice
        clear_layout(self._column)
        self.number = self._field = None
        if choice.problem is None or choice.problem is RecipientProblem.NOT_CHECKED:
            self._show_recipient(choice)
        else:
            self._show_problem(choice)

    def summary(self) -> str:
        """Return who receives in one line."""
        tr, choice = self._ctx.tr, self._choice
        return tr.gettext("{name}, voor gemeente {municipality}").format(
            name=choice.name, municipality=choice.municipality
        )

    def note(self) -> str:
        """Return who checked the control number, and when."""
        tr, check = self._ctx.tr, self._choice.check
        if check is None:
            return ""
        today = self._ctx.env.now().astimezone().date()
        return tr.gettext("controlegetal gecontroleerd door {name}, {day}").format(
            name=check.checked_by_name,
            day=short_date(tr, check.checked_at.astimezone().date(), today),
        )

    def _show_problem(self, choice: RecipientChoice) -> None:
        tr, theme = self._ctx.tr, self._ctx.theme
        if choice.problem in _AT_THE_PERSON:
            fix = QuietButton(theme, tr.gettext("Naar de persoon"), name="recipient-fix")
            fix.clicked.connect(lambda: self._ctx.navigate.open_person(self._person_id))
        else:
            fix = QuietButton(theme, tr.gettext("Naar instellingen"), name="recipient-fix")
            fix.clicked.connect(self._ctx.navigate.open_settings)
        notice = Notice(theme, "warn", tr.said(choice.sentence), name="recipient-problem")
        self._column.addWidget(notice)
        self._column.addWidget(fix, 0, Qt.AlignmentFlag.AlignLeft)

    def _show_recipient(self, choice: RecipientChoice) -> None:
        tr, theme = self._ctx.tr, self._ctx.theme
        self._column.addWidget(Heading(theme, choice.name))
        line = tr.gettext(
            "Voert uit voor gemeente {municipality}, volgens de routering van vandaag."
        )
        self._column.addWidget(Muted(theme, line.format(municipality=choice.municipality)))
        if choice.problem is None:
            self._column.addWidget(Body(theme, self.note()))
            return
        words = tr.said(choice.sentence)
        self._column.addWidget(Notice(theme, "warn", words, name="recipient-problem"))
        self.number = TextInput(theme, name="recipient-number", width=420)
        self._field = Field(
            theme,
            tr.gettext("Controlegetal dat je hoort"),
            self.number,
            help_text=tr.gettext("Dertig cijfers. Spaties maken niet uit."),
        )
        self._column.addWidget(self._field)

    def check(self) -> None:
        """Compare what was typed with the keys in the address book."""
        if self.number is None or self._field is None or self._choice.entry is None:
            return
        try:
            address_book.check_number(
                self._ctx.vault, self._choice.entry.organisation_id, self.number.text()
            )
        except (CheckRefused, VaultError) as refused:
            self._field.set_problem(self._ctx.tr.said(refused))
            self.number.setFocus()
            return
        self.checked.emit()
