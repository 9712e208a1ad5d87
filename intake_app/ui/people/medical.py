"""Medical notes on the page of a person: anybody adds one, the medical role reads them."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import Qt, Signal

from intake_app.flows import medical_record
from intake_app.flows.medical_record import NoteRefused, NoteRow
from intake_app.i18n.bidi import isolate
from intake_app.ui import words
from intake_app.ui.context import AppContext
from intake_app.ui.kit import (
    Body,
    Card,
    ChoiceInput,
    Field,
    LinkButton,
    Muted,
    Notice,
    Page,
    PrimaryButton,
    Row,
    RowList,
    Stack,
    Tag,
    TextArea,
    TextLink,
)
from intake_app.vault.errors import VaultError


class MedicalCard(Card):
    """How many medical notes there are, and for the medical role what is in them.

    Nothing medical is on the screen until somebody asks for it. `add_asked` asks for a new one.
    """

    add_asked = Signal()

    def __init__(self, context: AppContext, person_id: UUID) -> None:
        tr, theme = context.tr, context.theme
        super().__init__(theme, tr.gettext("Medisch"), medical=True, name="person-medical")
        self._context, self._person_id = context, person_id
        self.body.addWidget(Tag(theme, tr.gettext("alleen voor de medische rol"), "medical"))
        count = medical_record.count(context.vault, person_id)
        told = tr.ngettext("{n} medische notitie.", "{n} medische notities.", count)
        empty = tr.gettext("Er zijn geen medische notities.")
        self.body.addWidget(Muted(theme, told.format(n=count) if count else empty))
        self.read_link: TextLink | None = None
        if count and medical_record.seed_of(context.vault) is not None:
            self.read_link = TextLink(
                theme, tr.gettext("Notities lezen"), icon="eye", name="person-medical-read"
            )
            self.read_link.clicked.connect(self.show_notes)
            self.body.addWidget(self.read_link, 0, Qt.AlignmentFlag.AlignLeft)
        link = TextLink(
            theme,
            tr.gettext("Medische notitie toevoegen"),
            icon="plus",
            name="person-medical-add",
        )
        link.clicked.connect(self.add_asked)
        self.body.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)

    def show_notes(self) -> None:
        """Open the notes and show them; the log says who did."""
        tr, theme = self._context.tr, self.theme
        if self.read_link is not None:
            self.read_link.hide()
        place = self.body.count() - 1
        try:
            rows = medical_record.entries(self._context.vault, self._person_id)
        except VaultError as problem:
            notice = Notice(theme, "err", tr.said(problem), name="person-medical-problem")
            self.body.insertWidget(place, notice)
            return
        shown = RowList(theme, *(self._note(row) for row in rows))
        shown.setObjectName("person-medical-notes")
        self.body.insertWidget(place, shown)

    def _note(self, row: NoteRow) -> Stack:
        tr, theme, entry = self._context.tr, self.theme, row.entry
        day = words.long_date(tr, entry.written_at.astimezone().date())
        title = tr.gettext(medical_record.NOTE_KINDS.get(entry.kind, entry.kind))
        parts = [day, isolate(row.written_by)] if row.written_by else [day]
        head = Row(theme, title, " · ".join(parts), strong=True)
        made = Stack(theme, head, Body(theme, entry.text), spacing=0)
        made.body.setContentsMargins(0, 0, 0, theme.gap(8))
        return made


class MedicalNotePage(Page):
    """Write one medical note; after storing it only the medical role can read it."""

    def __init__(self, context: AppContext, person_id: UUID, *, done: Callable[[], None]) -> None:
        tr, theme = context.tr, context.theme
        super().__init__(theme, tr.gettext("Medische notitie"), name="medical-note-page")
        self._context, self._person_id, self._done = context, person_id, done
        self.notice = Notice(theme, "err", "", name="medical-note-problem")
        self.notice.hide()
        self.add(self.notice)
        if medical_record.seed_of(context.vault) is None:
            sealed = tr.gettext(
                "Deze notitie wordt verzegeld voor de medische rol. Wie die rol niet heeft, ook "
                "jij, kan haar daarna niet meer lezen. Zij gaat nooit naar de gemeente."
            )
        else:
            sealed = tr.gettext(
                "Deze notitie wordt verzegeld. Alleen wie de medische rol heeft, kan haar lezen. "
                "Zij gaat nooit naar de gemeente."
            )
        self.add(Notice(theme, "medical", sealed, name="medical-note-seal"))
        card = Card(theme, medical=True, name="medical-note-card")
        card.body.setSpacing(theme.gap(16))
        self.kind = ChoiceInput(
            theme,
            [(code, tr.gettext(title)) for code, title in medical_record.NOTE_KINDS.items()],
            as_radio=False,
            placeholder=tr.gettext("Kies waarover het gaat"),
            name="medical-note-kind",
        )
        self._kind_field = Field(theme, tr.gettext("Waar gaat het over?"), self.kind)
        card.body.addWidget(self._kind_field)
        self.text = TextArea(theme, name="medical-note-text", rows=8)
        help_text = tr.gettext(
            "Schrijf op wat iemand zegt of vraagt. Een diagnose stellen doet de zorgverlener."
        )
        self._text_field = Field(theme, tr.gettext("Notitie"), self.text, help_text=help_text)
        card.body.addWidget(self._text_field)
        self.add(card)
        back = LinkButton(theme, tr.gettext("Niet bewaren"), name="medical-note-cancel")
        back.clicked.connect(done)
        save = PrimaryButton(theme, tr.gettext("Verzegelen en bewaren"), name="medical-note-save")
        save.clicked.connect(self.save)
        self.set_footer((back,), save)

    def save(self) -> None:
        """Seal it and go back, or say what is missing."""
        tr = self._context.tr
        kind, text = self.kind.value(), self.text.toPlainText()
        self._kind_field.set_problem("" if kind else tr.gettext("Kies waarover het gaat."))
        self._text_field.set_problem("" if text.strip() else tr.gettext("Schrijf wat er is."))
        if not kind or not text.strip():
            (self._text_field if kind else self._kind_field).control.setFocus()
            return
        try:
            medical_record.note(self._context.vault, self._person_id, kind, text)
        except (NoteRefused, VaultError) as problem:
            self.notice.set_notice("err", tr.said(problem))
            self.scroll_to(self.notice)
            return
        self._done()
