"""The place Overdracht of a receiver: open a file, and what came in before."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from intake_app.domain.handover import InboxItem, InboxState
from intake_app.flows import arrived, receive, sync_now
from intake_app.flows.hand_over import overview
from intake_app.flows.receive import ReceivedPreview, ReceiveRefused
from intake_app.flows.record_text import day
from intake_app.handover.errors import Refusal, RefusalReason
from intake_app.sync.errors import SyncError
from intake_app.ui.handover.history import import_receipt
from intake_app.ui.handover.list import fill
from intake_app.ui.inbox.arrivals import arrival_cards
from intake_app.ui.inbox.envelope import EnvelopeCard
from intake_app.ui.kit import (
    Card,
    ConfirmDialog,
    EmptyState,
    Heading,
    Kind,
    LinkButton,
    Notice,
    Page,
    PrimaryButton,
    QuietButton,
    Row,
    RowList,
    Tag,
    clear_layout,
)
from intake_app.ui.refresh import Refresh
from intake_app.ui.sync.line import SyncLine
from intake_app.vault.errors import VaultError

if TYPE_CHECKING:
    from intake_app.ui.context import AppContext

_NOT_BROKEN = frozenset(
    {
        RefusalReason.ALREADY_RECEIVED,
        RefusalReason.FOR_OTHER_RECIPIENT,
        RefusalReason.NOT_A_HANDOVER,
        RefusalReason.UNKNOWN_VERSION,
        RefusalReason.DOSSIER_VERSION,
        RefusalReason.UNREADABLE_FILE,
        RefusalReason.NO_KEY_FITS,
        RefusalReason.UNKNOWN_SENDER,
    }
)
"""Refusals that say nothing against the seal itself."""


class InboxPage(Page):
    """Opens sealed files and what came in by the relay, and lists what was received."""

    def __init__(self, ctx: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(ctx.theme, ctx.tr.gettext("Overdracht"), name="inbox-page", parent=parent)
        self._ctx = ctx
        self.path: Path | None = None
        self.zid = ""
        self.envelope: EnvelopeCard | None = None
        self.notice = Notice(ctx.theme, "err", "", name="inbox-notice")
        self.notice.hide()
        self.body.addWidget(self.notice)
        self.body.addWidget(SyncLine(ctx))
        self._file = QVBoxLayout()
        self.body.addLayout(self._file)
        self._lists = QVBoxLayout()
        self.body.addLayout(self._lists)
        self._lists.setSpacing(ctx.theme.gap(20))
        Refresh(
            self, ctx.events, self._show, frozenset({"inbox", "handover", "receipt", "arrival"})
        )
        self._show()
        self._offer_open()

    def open_file(self) -> None:
        """Ask for a file, verify it whole, and show the envelope: whole, or what is wrong."""
        tr = self._ctx.tr
        path = self._ctx.pick.choose_file(
            tr.gettext("Verzegeld dossier kiezen"), tr.gettext("Overdracht (*.zip)"), parent=self
        )
        if path is None:
            return
        self.notice.hide()
        try:
            found = receive.inspect(self._ctx.vault, path)
        except Refusal as refused:
            self.path, self.zid = None, ""
            self._show_refused(refused)
            return
        except VaultError as problem:
            self.notice.set_notice("err", tr.said(problem))
            return
        self.path, self.zid = path, ""
        self._show_whole(found)

    def open_arrival(self, zid: str) -> None:
        """Verify what came in by the relay whole, and show the envelope as of a file."""
        self.notice.hide()
        try:
            found = receive.open_arrival(self._ctx.vault, zid)
        except Refusal as refused:
            self.path, self.zid = None, zid
            self._show_refused(refused)
            return
        except (ReceiveRefused, SyncError, VaultError) as problem:
            self._end_envelope()
            self.notice.set_notice("err", self._ctx.tr.said(problem))
            return
        self.path, self.zid = None, zid
        self._show_whole(found)

    def take_in(self) -> None:
        """Keep the dossier in the vault and go there."""
        if self.path is None and not self.zid:
            return
        vault = self._ctx.vault
        try:
            if self.path is not None:
                item = receive.take_in(vault, self.path)
            else:
                item = receive.take_in_arrival(vault, self.zid)
        except (Refusal, ReceiveRefused, SyncError, VaultError) as problem:
            self.notice.set_notice("err", self._ctx.tr.said(problem))
            return
        self._wake()
        self._ctx.navigate.open_inbox(item.handover_id)

    def not_for_us(self) -> None:
        """Say to the sender that this is not for this organisation, after asking once."""
        tr = self._ctx.tr
        sure = ConfirmDialog.ask(
            self.theme,
            tr.gettext("Is dit dossier niet voor jullie?"),
            tr.gettext(
                "Dan wordt het hier vernietigd zonder dat iemand het leest. De afzender krijgt "
                "bericht en stuurt het naar de juiste organisatie."
            ),
            confirm=tr.gettext("Vernietigen en melden"),
            cancel=tr.gettext("Toch houden"),
            danger=True,
            parent=self,
        )
        if not sure:
            return
        try:
            arrived.not_for_us(self._ctx.vault, self.zid)
        except (ReceiveRefused, SyncError, VaultError) as problem:
            self.notice.set_notice("err", tr.said(problem))
            return
        self._end_envelope()
        self._wake()
        words = tr.gettext("Het dossier is ongelezen vernietigd. De afzender krijgt bericht.")
        self.notice.set_notice("ok", words)

    def _wake(self) -> None:
        if self._ctx.sync is not None:
            self._ctx.sync.wake()

    def _end_envelope(self) -> None:
        self.path, self.zid, self.envelope = None, "", None
        clear_layout(self._file)
        self._show()
        self._offer_open()

    def _not_for_us_button(self) -> LinkButton:
        button = LinkButton(
            self.theme, self._ctx.tr.gettext("Niet voor ons"), name="inbox-not-for-us"
        )
        button.clicked.connect(self.not_for_us)
        return button

    def _offer_open(self) -> None:
        theme, tr = self._ctx.theme, self._ctx.tr
        opened = PrimaryButton(
            theme, tr.gettext("Dossier openen"), icon="import", name="inbox-open-file"
        )
        opened.clicked.connect(self.open_file)
        receipt = QuietButton(
            theme, tr.gettext("Ontvangstbewijs inlezen"), name="inbox-import-receipt"
        )
        receipt.clicked.connect(
            lambda: import_receipt(self._ctx, self, self.notice, self._receipt_taken)
        )
        sends = bool(overview(self._ctx.vault))
        secondary: list[QWidget] = [receipt] if sends else []
        if self.zid:
            secondary.append(self._not_for_us_button())
        self.set_footer(secondary, opened)
        if not sends:
            receipt.deleteLater()

    def _receipt_taken(self) -> None:
        words = self._ctx.tr.gettext("Het ontvangstbewijs klopt. De overdracht is bijgewerkt.")
        self.notice.set_notice("ok", words)

    def _show_whole(self, found: ReceivedPreview) -> None:
        theme, tr = self._ctx.theme, self._ctx.tr
        clear_layout(self._file)
        contents = [tr.ngettext("{n} antwoord", "{n} antwoorden", found.answers)]
        contents[0] = contents[0].format(n=found.answers)
        if found.attachments:
            came = tr.ngettext("{n} bijlage", "{n} bijlagen", found.attachments)
            contents.append(came.format(n=found.attachments))
        self.envelope = EnvelopeCard(
            theme,
            "whole",
            tr.gettext("zegel heel"),
            tr.gettext("Dossier van {name}").format(name=found.subject),
            tr.gettext("Alles is gecontroleerd: de afzender, de ontvanger en de inhoud."),
            [
                (tr.gettext("Van"), found.sender),
                (tr.gettext("Voor"), found.recipient),
                (tr.gettext("Verzegeld op"), day(found.created.astimezone().date())),
                (tr.gettext("Versie"), str(found.version)),
                (tr.gettext("Inhoud"), " · ".join(contents)),
            ],
        )
        self._file.addWidget(self.envelope)
        self._show()
        other = QuietButton(theme, tr.gettext("Ander bestand"), name="inbox-other-file")
        other.clicked.connect(self.open_file)
        take = PrimaryButton(theme, tr.gettext("Ontvangen en openen"), name="inbox-take-in")
        take.clicked.connect(self.take_in)
        self.set_footer((other, self._not_for_us_button()) if self.zid else (other,), take)
        take.setFocus()
        self.area.verticalScrollBar().setValue(0)

    def _show_refused(self, refused: Refusal) -> None:
        theme, tr = self._ctx.theme, self._ctx.tr
        clear_layout(self._file)
        broken = refused.reason not in _NOT_BROKEN
        word = tr.gettext("zegel niet goed") if broken else tr.gettext("niet geopend")
        self.envelope = EnvelopeCard(
            theme,
            "broken" if broken else "closed",
            word,
            tr.gettext("Dit bestand gaat niet open"),
            tr.said(refused),
            [],
        )
        self._file.addWidget(self.envelope)
        self._show()
        self._offer_open()

    def _show(self) -> None:
        theme, tr = self._ctx.theme, self._ctx.tr
        clear_layout(self._lists)
        came = sync_now.arrivals(self._ctx.vault)
        for card in arrival_cards(self._ctx, came, self.open_arrival):
            self._lists.addWidget(card)
        items = receive.inbox(self._ctx.vault)
        waiting = [item for item in items if item.state is InboxState.GEOPEND]
        decided = [item for item in items if item.state is not InboxState.GEOPEND]
        for title, name, held in (
            (tr.gettext("Te beoordelen"), "inbox-waiting", waiting),
            (tr.gettext("Beoordeeld"), "inbox-decided", decided),
        ):
            if held:
                card = Card(theme, title, name=name)
                card.body.addWidget(RowList(theme, *(self._row(item) for item in held)))
                self._lists.addWidget(card)
        if not items and not came and self.envelope is None:
            self._lists.addWidget(
                EmptyState(
                    theme,
                    "handover",
                    tr.gettext("Nog geen dossiers ontvangen"),
                    tr.gettext(
                        "Heb je een bestand gekregen dat begint met “overdracht-”? "
                        "Open het hier. Je ziet eerst van wie het komt en of het zegel heel is."
                    ),
                    name="inbox-empty",
                )
            )
        if overview(self._ctx.vault):
            self._lists.addWidget(Heading(theme, tr.gettext("Zelf aangeboden"), factor=1.3))
            fill(self._ctx, self._lists)

    def _row(self, item: InboxItem) -> Row:
        theme, tr = self._ctx.theme, self._ctx.tr
        words: dict[InboxState, tuple[str, Kind]] = {
            InboxState.GEOPEND: (tr.gettext("geopend"), "info"),
            InboxState.GEACCEPTEERD: (tr.gettext("geaccepteerd"), "ok"),
            InboxState.GEWEIGERD: (tr.gettext("geweigerd"), "err"),
        }
        word, kind = words[item.state]
        number = item.handover_id.hex[:8]
        look = QuietButton(theme, tr.gettext("Bekijken"), name=f"inbox-open-{number}")
        name = receive.subject(item)
        look.setAccessibleName(tr.gettext("Bekijken: {name}").format(name=name))
        look.clicked.connect(lambda: self._ctx.navigate.open_inbox(item.handover_id))
        came = tr.gettext("van {sender} · ontvangen op {day} · versie {version}").format(
            sender=item.sender_name,
            day=day(item.received_at.astimezone().date()),
            version=item.dossier_version,
        )
        return Row(theme, name, came, trailing=(Tag(theme, word, kind), look))
