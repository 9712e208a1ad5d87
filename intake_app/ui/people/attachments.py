"""Bijlagen: the list on the page of a person, and adding one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from intake_app.domain.attachment import MEDICAL, Attachment, AttachmentKind
from intake_app.flows import attachments
from intake_app.flows.attachments import AttachmentRefused, AttachmentRow, ChosenFile
from intake_app.flows.dossier_words import CATEGORY_TITLES
from intake_app.flows.hand_over import sharing_table
from intake_app.flows.medical_record import seed_of
from intake_app.ui.context import AppContext
from intake_app.ui.handover.sealing import Progress, Sealing
from intake_app.ui.kit import (
    Caption,
    Card,
    ChoiceInput,
    Field,
    IconLabel,
    LinkButton,
    Muted,
    Notice,
    Page,
    PrimaryButton,
    QuietButton,
    Row,
    RowList,
    Tag,
    TextInput,
    TextLink,
)
from intake_app.ui.people import attachment_words as named
from intake_app.ui.people.pictures import redrawn
from intake_app.ui.progress import StoppableProgress
from intake_app.vault.errors import VaultError

_NOT_OFFERED: Final = frozenset({"notitie"})
"""Categories that a file never is."""


def dropped_file(event: QDropEvent) -> Path | None:
    """Return the one local file that is dragged, or None."""
    urls = event.mimeData().urls()
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    return Path(urls[0].toLocalFile())


class AttachmentsCard(Card):
    """The attachments of a person; a file may be dropped on it.

    `add_asked`, `open_asked(UUID)` and `dropped(Path)` tell what the person wants.
    """

    add_asked = Signal()
    open_asked = Signal(object)
    dropped = Signal(object)

    def __init__(self, context: AppContext, person_id: UUID) -> None:
        tr, theme = context.tr, context.theme
        super().__init__(theme, tr.gettext("Bijlagen"), name="person-attachments")
        self._context = context
        self.setAcceptDrops(True)
        rows = attachments.listed(context.vault, person_id, sharing_table())
        if rows:
            self.body.addWidget(RowList(theme, *(self._row(row) for row in rows)))
        else:
            text = tr.gettext(
                "Nog geen bijlagen. Een diploma of cv dat hier ligt, hoeft niemand opnieuw te "
                "vragen."
            )
            self.body.addWidget(Muted(theme, text))
        link = TextLink(
            theme, tr.gettext("Bijlage toevoegen"), icon="plus", name="person-attachment-add"
        )
        link.clicked.connect(self.add_asked)
        self.body.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        if dropped_file(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        path = dropped_file(event)
        if path is not None:
            event.acceptProposedAction()
            self.dropped.emit(path)

    def _row(self, row: AttachmentRow) -> Row:
        tr, theme = self._context.tr, self.theme
        attachment = row.attachment
        name = f"attachment-{attachment.attachment_id}"
        title = named.title(tr, attachment)
        lead: QWidget | None = None
        if attachment.role:
            tag = Tag(theme, tr.gettext("medisch"), "medical")
            lead = IconLabel(theme, "medical", color="medical", size=20)
        else:
            tag = Tag(theme, *named.mark(tr, row.verdicts))
        trailing: tuple[QWidget, ...] = (tag,)
        if row.may_open:
            view = TextLink(theme, tr.gettext("Bekijken"), name=f"{name}-open")
            view.setAccessibleName(f"{tr.gettext('Bekijken')}: {title}")
            view.clicked.connect(lambda: self.open_asked.emit(attachment.attachment_id))
            trailing = (tag, view)
        made = Row(
            theme,
            title,
            " · ".join(
                part
                for part in (named.caption(tr, attachment, row.added_by), named.use(tr, row.use))
                if part
            ),
            lead=lead,
            trailing=trailing,
            name=name,
        )
        if attachment.role:
            made.title.set_color("medical")
        return made


class AddAttachmentPage(Page):
    """Choose a file, say what it is and what it is about, and keep it with the person."""

    def __init__(
        self,
        context: AppContext,
        person_id: UUID,
        *,
        done: Callable[[], None],
        path: Path | None = None,
    ) -> None:
        tr, theme = context.tr, context.theme
        super().__init__(
            theme,
            tr.gettext("Bijlage toevoegen"),
            subtitle=tr.gettext(
                "De bijlage komt in de kluis. Het bestand zelf blijft waar het is."
            ),
            name="attachment-page",
        )
        self._context, self._person_id, self._done = context, person_id, done
        self._chosen: ChosenFile | None = None
        self._work: Sealing | None = None
        self._table = sharing_table()
        self._own_title = False
        self.setAcceptDrops(True)
        self.notice = Notice(theme, "err", "", name="attachment-problem")
        self.notice.hide()
        self.add(self.notice)
        self.add(self._file_card())
        self.add(self._words_card())
        self._back = LinkButton(theme, tr.gettext("Niet bewaren"), name="attachment-cancel")
        self._back.clicked.connect(done)
        save = PrimaryButton(theme, tr.gettext("Bewaren"), name="attachment-save")
        save.clicked.connect(self.save)
        self.set_footer((self._back,), save)
        if path is not None:
            self.take(path)

    def _file_card(self) -> Card:
        tr, theme = self._context.tr, self.theme
        card = Card(theme, tr.gettext("Bestand"), name="attachment-file-card")
        hint = tr.gettext(
            "Een PDF, een foto (JPEG of PNG) of gewone tekst van hoogstens 50 MB. Kies een bestand "
            "of sleep het hierheen. De naam van het bestand wordt niet bewaard."
        )
        card.body.addWidget(Caption(theme, hint))
        row = QHBoxLayout()
        card.body.addLayout(row)
        row.setSpacing(theme.gap(16))
        self.choose = QuietButton(
            theme, tr.gettext("Bestand kiezen"), icon="folder", name="attachment-choose"
        )
        self.choose.clicked.connect(self.ask)
        row.addWidget(self.choose)
        self.told = Muted(theme, tr.gettext("Nog geen bestand gekozen"))
        self.told.setObjectName("attachment-file")
        row.addWidget(self.told, 1)
        self.progress = StoppableProgress(
            theme, tr, tr.gettext("Voortgang van het bewaren"), name="attachment"
        )
        self.progress.stopped.connect(self._stop)
        card.body.addWidget(self.progress)
        return card

    def _words_card(self) -> Card:
        tr, theme = self._context.tr, self.theme
        card = Card(theme, name="attachment-words-card")
        card.body.setSpacing(theme.gap(16))
        self.kind = ChoiceInput(
            theme,
            [(kind.value, tr.gettext(text)) for kind, text in attachments.KIND_TITLES.items()],
            as_radio=False,
            placeholder=tr.gettext("Kies wat het is"),
            name="attachment-kind",
        )
        self.kind.changed.connect(self._kind_changed)
        self._kind_field = Field(theme, tr.gettext("Wat is het?"), self.kind)
        card.body.addWidget(self._kind_field)
        self.name = TextInput(theme, name="attachment-title")
        self.name.setMaxLength(attachments.LONGEST_TITLE)
        self.name.textEdited.connect(self._typed)
        help_text = tr.gettext("Zo staat de bijlage in de lijst en bij de ontvanger.")
        self._name_field = Field(
            theme, tr.gettext("Naam van de bijlage"), self.name, help_text=help_text
        )
        card.body.addWidget(self._name_field)
        self.category = ChoiceInput(
            theme,
            [
                (code, tr.gettext(text))
                for code, text in CATEGORY_TITLES.items()
                if code not in _NOT_OFFERED
            ],
            as_radio=False,
            placeholder=tr.gettext("Kies waarover het gaat"),
            name="attachment-category",
        )
        self.category.changed.connect(self._show_sharing)
        self._category_field = Field(
            theme,
            tr.gettext("Waar gaat het over?"),
            self.category,
            help_text=tr.gettext("Dit bepaalt wie de bijlage mag krijgen."),
        )
        card.body.addWidget(self._category_field)
        self.sharing = Notice(theme, "info", "", name="attachment-sharing")
        self.sharing.hide()
        card.body.addWidget(self.sharing)
        return card

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        if self._work is None and dropped_file(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        path = dropped_file(event)
        if path is not None and self._work is None:
            event.acceptProposedAction()
            self.take(path)

    def leaving(self) -> None:
        """Stop what is under way; nothing of it is left then."""
        if self._work is not None:
            self._work.close()

    def ask(self) -> None:
        """Ask for a file; what was chosen before stays when the person decides not to."""
        tr = self._context.tr
        # every file may be chosen: what it is, its content decides
        path = self._context.pick.choose_file(tr.gettext("Bijlage kiezen"), parent=self)
        if path is not None:
            self.take(path)

    def take(self, path: Path) -> None:
        """Read the file beside the window and say what it is."""

        def look(progress: Progress, cancelled: Callable[[], bool]) -> object:
            return attachments.look_at(path, progress=progress, cancelled=cancelled)

        self._chosen = None
        self._begin(look, self._context.tr.gettext("Het bestand wordt gelezen."))

    def save(self) -> None:
        """Store it beside the window, or say what is missing."""
        if self._work is not None:
            return
        tr = self._context.tr
        kind, title = self.kind.value(), self.name.text()
        category, chosen = self.category.value(), self._chosen
        wrong = [
            (self._kind_field, "" if kind else tr.gettext("Kies wat het is.")),
            (self._name_field, "" if title.strip() else tr.gettext("Schrijf hoe de bijlage heet.")),
            (self._category_field, "" if category else tr.gettext("Kies waarover het gaat.")),
        ]
        for field, problem in wrong:
            field.set_problem(problem)
        if chosen is None:
            self._refuse(tr.gettext("Kies eerst een bestand."))
            self.choose.setFocus()
            return
        first = next((field for field, problem in wrong if problem), None)
        if first is not None:
            self.scroll_to(first)
            first.control.setFocus()
            return
        vault, person_id = self._context.vault, self._person_id

        def add(progress: Progress, cancelled: Callable[[], bool]) -> object:
            return attachments.add(
                vault,
                person_id,
                chosen,
                title=title,
                kind=AttachmentKind(kind),
                category=category,
                clean=redrawn,
                progress=progress,
                cancelled=cancelled,
            )

        self._begin(add, tr.gettext("De bijlage wordt bewaard."))

    def _begin(self, step: Callable[[Progress, Callable[[], bool]], object], text: str) -> None:
        self.notice.hide()
        self.progress.begin(text)
        self._show_busy(on=True)
        work = self._work = Sealing(step, self)
        work.progressed.connect(self.progress.show_bytes)
        work.ended.connect(self._ended)
        work.start()

    def _show_busy(self, *, on: bool) -> None:
        self.progress.setVisible(on)
        self.choose.setEnabled(not on)
        if self.primary is not None:
            self.primary.setEnabled(not on)

    def _stop(self) -> None:
        if self._work is not None:
            self._work.cancel()

    def _ended(self, outcome: object) -> None:
        self._work = None
        self._show_busy(on=False)
        if isinstance(outcome, ChosenFile):
            self._chosen = outcome
            self._tell_file()
        elif isinstance(outcome, Attachment):
            self._done()
        elif isinstance(outcome, AttachmentRefused | VaultError):
            self._tell_file()
            self._refuse(self._context.tr.said(outcome))
        elif isinstance(outcome, Exception):
            raise outcome

    def _tell_file(self) -> None:
        tr, chosen = self._context.tr, self._chosen
        if chosen is None:
            self.told.set_text(tr.gettext("Nog geen bestand gekozen"))
        else:
            self.told.set_text(named.type_and_size(tr, chosen.media_type, chosen.size))

    def _refuse(self, problem: str) -> None:
        self.notice.set_notice("err", problem)
        self.scroll_to(self.notice)

    def _typed(self, _text: str) -> None:
        self._own_title = True

    def _kind_changed(self, value: str) -> None:
        """Propose name and category; what somebody chose or typed is left alone."""
        if not value:
            return
        kind, tr = AttachmentKind(value), self._context.tr
        if not self._own_title or not self.name.text().strip():
            own = kind is AttachmentKind.OVERIG
            self.name.setText("" if own else tr.gettext(attachments.KIND_TITLES[kind]))
            self._own_title = False
        if attachments.KIND_CATEGORIES[kind]:
            self.category.set_value(attachments.KIND_CATEGORIES[kind])

    def _show_sharing(self, category: str) -> None:
        tr = self._context.tr
        if not category:
            self.sharing.hide()
            return
        rules = attachments.verdicts(self._table, category)
        line = f"{tr.gettext('Mag ik dit delen?')} {named.answer(tr, rules)}"
        if category == MEDICAL:
            more = tr.gettext(
                "De bijlage wordt verzegeld voor de medische rol. Wie die rol niet heeft, ook jij, "
                "kan haar daarna niet meer openen."
            )
            if seed_of(self._context.vault) is not None:
                more = tr.gettext(
                    "De bijlage wordt verzegeld. Alleen wie de medische rol heeft, kan haar openen."
                )
            self.sharing.set_notice("medical", f"{more}\n{line}")
        else:
            self.sharing.set_notice("info", line)
