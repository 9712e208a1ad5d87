"""One attachment on a page of its own: the thing itself, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from PySide6.QtWidgets import QHBoxLayout

from intake_app.domain.attachment import Attachment
from intake_app.flows import attachments
from intake_app.flows.attachments import AttachmentRefused
from intake_app.flows.hand_over import sharing_table
from intake_app.ui.context import AppContext
from intake_app.ui.kit import ConfirmDialog, DangerButton, Muted, Notice, Page, QuietButton, Tag
from intake_app.ui.people import attachment_words as named
from intake_app.ui.people.attachment_view import view_of
from intake_app.vault.errors import VaultError


class AttachmentPage(Page):
    """One attachment: the thing itself, what is known of it, and what can be done with it."""

    def __init__(
        self,
        context: AppContext,
        attachment_id: UUID,
        *,
        done: Callable[[], None],
    ) -> None:
        super().__init__(context.theme, width="full", name="attachment-view-page")
        self._context, self._attachment_id, self._done = context, attachment_id, done
        self.attachment: Attachment | None = None
        tr, theme = context.tr, context.theme
        self.notice = Notice(theme, "err", "", name="attachment-notice")
        self.notice.hide()
        self.add(self.notice)
        self.set_footer((self._back(),))
        self.set_title(tr.gettext("Bijlage"))
        self._show()

    def _show(self) -> None:
        tr, theme, vault = self._context.tr, self.theme, self._context.vault
        self.attachment = attachments.known(vault, self._attachment_id)
        if self.attachment is not None:
            title = named.title(tr, self.attachment)
            self.set_title(title, named.caption(tr, self.attachment))
        try:
            content = attachments.content(vault, self._attachment_id)
        except (AttachmentRefused, VaultError) as problem:
            self.notice.set_notice("warn", tr.said(problem))
        else:
            if content.attachment.role:
                self.add(Tag(theme, tr.gettext("medisch"), "medical"))
            rules = attachments.verdicts(sharing_table(), content.attachment.category)
            line = f"{tr.gettext('Mag ik dit delen?')} {named.answer(tr, rules)}"
            self.add(Muted(theme, line))
            self.add(view_of(theme, tr, content))
        if self.attachment is not None and not self.attachment.is_sealed:
            self._offer_actions()

    def _offer_actions(self) -> None:
        tr, theme = self._context.tr, self.theme
        save = QuietButton(
            theme,
            tr.gettext("Buiten de kluis opslaan"),
            icon="save",
            name="attachment-save-outside",
        )
        save.clicked.connect(self.save_outside)
        self.set_footer((self._back(), save))
        remove = DangerButton(theme, tr.gettext("Bijlage verwijderen"), name="attachment-remove")
        remove.clicked.connect(self.remove)
        row = QHBoxLayout()
        self.body.addLayout(row)
        row.addWidget(remove)
        row.addStretch(1)

    def _back(self) -> QuietButton:
        back = QuietButton(self.theme, self._context.tr.gettext("Terug"), name="attachment-back")
        back.clicked.connect(self._done)
        return back

    def save_outside(self) -> None:
        """Warn, ask where, and write it there; the log says so."""
        tr, attachment = self._context.tr, self.attachment
        if attachment is None:
            return
        sure = ConfirmDialog.ask(
            self.theme,
            tr.gettext("Buiten de kluis opslaan?"),
            tr.gettext(
                "Buiten de kluis is de bijlage niet beschermd: wie bij de map kan, kan haar lezen. "
                "Het komt in het logboek. Verwijder het bestand weer als je het niet meer nodig "
                "hebt."
            ),
            confirm=tr.gettext("Toch opslaan"),
            cancel=tr.gettext("Niet opslaan"),
            danger=True,
            parent=self,
        )
        if not sure:
            return
        target = self._context.pick.choose_save(
            tr.gettext("Waar komt de bijlage?"),
            attachments.suggested_name(attachment),
            parent=self,
        )
        if target is None:
            return
        self._try(
            lambda: attachments.save_outside(self._context.vault, self._attachment_id, target),
            tr.gettext("De bijlage is opgeslagen als {file}.").format(file=target.name),
        )

    def remove(self) -> None:
        """Ask, remove, and go back."""
        tr = self._context.tr
        sure = ConfirmDialog.ask(
            self.theme,
            tr.gettext("Bijlage verwijderen?"),
            tr.gettext(
                "De bijlage wordt uit de kluis gewist. Dat kan niet ongedaan worden gemaakt. "
                "Wat al is overgedragen, blijft bij de ontvanger."
            ),
            confirm=tr.gettext("Verwijderen"),
            cancel=tr.gettext("Bewaren"),
            danger=True,
            parent=self,
        )
        if sure and self._try(
            lambda: attachments.remove(self._context.vault, self._attachment_id), ""
        ):
            self._done()

    def _try(self, step: Callable[[], None], told: str) -> bool:
        try:
            step()
        except (AttachmentRefused, VaultError) as problem:
            self.notice.set_notice("err", self._context.tr.said(problem))
            self.scroll_to(self.notice)
            return False
        self.notice.set_notice("ok", told)
        self.scroll_to(self.notice)
        return True
