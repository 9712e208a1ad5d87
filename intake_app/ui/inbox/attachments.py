"""The attachments of a received dossier: what came along, and one of them on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from intake_app.domain.attachment import Attachment
from intake_app.flows import attachments
from intake_app.flows.attachments import AttachmentRefused
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.kit import Card, Heading, IconLabel, Muted, Notice, Row, RowList, Tag, TextLink
from intake_app.ui.people import attachment_words as named
from intake_app.ui.people.attachment_view import view_of
from intake_app.ui.theme import Theme
from intake_app.vault.errors import VaultError

if TYPE_CHECKING:
    from intake_app.ui.context import AppContext


class ReceivedAttachmentsCard(Card):
    """What came along with a dossier. `open_asked(UUID)` to look at one."""

    open_asked = Signal(object)

    def __init__(self, theme: Theme, tr: UiTexts, came: tuple[Attachment, ...]) -> None:
        super().__init__(theme, tr.gettext("Bijlagen"), name="dossier-attachments")
        self._tr = tr
        self.body.addWidget(RowList(theme, *(self._row(each) for each in came)))

    def _row(self, attachment: Attachment) -> Row:
        tr, theme = self._tr, self.theme
        name = f"dossier-attachment-{attachment.attachment_id}"
        title = named.title(tr, attachment)
        lead: QWidget | None = None
        trailing: tuple[QWidget, ...] = ()
        if attachment.role:
            lead = IconLabel(theme, "medical", color="medical", size=20)
            trailing = (Tag(theme, tr.gettext("medisch"), "medical"),)
        if not attachment.is_sealed and attachment.media_type in attachments.SHOWN:
            look = TextLink(theme, tr.gettext("Bekijken"), name=f"{name}-open")
            look.setAccessibleName(f"{tr.gettext('Bekijken')}: {title}")
            look.clicked.connect(lambda: self.open_asked.emit(attachment.attachment_id))
            trailing = (*trailing, look)
        elif not attachment.is_sealed:
            # said here, so that nobody looks for the button
            trailing = (*trailing, Tag(theme, tr.gettext("wordt niet getoond"), "warn"))
        return Row(
            theme, title, named.caption(tr, attachment), lead=lead, trailing=trailing, name=name
        )


class ReceivedAttachmentView(QWidget):
    """One attachment in the place of the dossier. `back` when the person has seen it."""

    back = Signal()

    def __init__(self, ctx: AppContext, attachment_id: UUID) -> None:
        super().__init__()
        theme, tr = ctx.theme, ctx.tr
        self.setObjectName("dossier-attachment-view")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.gap(12))
        close = TextLink(
            theme,
            tr.gettext("Terug naar het dossier"),
            icon="arrow-left",
            name="dossier-attachment-back",
        )
        close.clicked.connect(self.back)
        column.addWidget(close, 0, Qt.AlignmentFlag.AlignLeft)
        try:
            content = attachments.content(ctx.vault, attachment_id)
        except (AttachmentRefused, VaultError) as problem:
            notice = Notice(theme, "warn", tr.said(problem), name="dossier-attachment-no")
            column.addWidget(notice)
            return
        column.addWidget(Heading(theme, named.title(tr, content.attachment), factor=1.3))
        column.addWidget(Muted(theme, named.caption(tr, content.attachment)))
        column.addWidget(view_of(theme, tr, content))
