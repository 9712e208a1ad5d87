"""A received dossier: read it, see what differs, look at the PDF, decide, sign for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QVBoxLayout, QWidget

from intake_app.domain.handover import InboxState
from intake_app.flows import receive
from intake_app.flows.attachments import SHOWN
from intake_app.flows.compare import ChoiceMissing
from intake_app.flows.receive import ReceivedDossier, ReceiveRefused
from intake_app.flows.record_text import day
from intake_app.handover.errors import SealError
from intake_app.ui.inbox.attachments import ReceivedAttachmentsCard, ReceivedAttachmentView
from intake_app.ui.inbox.decision import AcceptCard, RefuseCard
from intake_app.ui.inbox.differences import DifferencesCard
from intake_app.ui.inbox.envelope import EnvelopeCard
from intake_app.ui.inbox.onward import OnwardCard
from intake_app.ui.inbox.sections import answer_cards, fact_cards, left_out_card, plan_part
from intake_app.ui.kit import (
    Notice,
    Page,
    PrimaryButton,
    QuietButton,
    Stack,
    TextLink,
    clear_layout,
)
from intake_app.ui.pdfview.view import PdfView
from intake_app.vault.errors import VaultError

if TYPE_CHECKING:
    from intake_app.ui.context import AppContext


class DossierPage(Page):
    """Shows one received dossier and takes the decision about it."""

    def __init__(self, ctx: AppContext, handover_id: UUID, parent: QWidget | None = None) -> None:
        super().__init__(ctx.theme, name="dossier-page", parent=parent)
        self._ctx, self._handover_id = ctx, handover_id
        self._by_sync = receive.came_by_sync(ctx.vault, handover_id)
        self.notice = Notice(ctx.theme, "err", "", name="dossier-notice")
        self.notice.hide()
        self.body.addWidget(self.notice)
        self._reading = Stack(ctx.theme, spacing=20)
        self._content = self._reading.body
        self.body.addWidget(self._reading)
        self.pdf: PdfView | None = None
        self.attachment: ReceivedAttachmentView | None = None
        self._asked_by: QWidget | None = None
        self._decision_seen = False
        self.attachments_card: ReceivedAttachmentsCard | None = None
        self.differences: DifferencesCard | None = None
        self.accepting: AcceptCard | None = None
        self.refusing: RefuseCard | None = None
        self.onward: OnwardCard | None = None
        self.as_pdf = QuietButton(
            ctx.theme, ctx.tr.gettext("Als PDF"), icon="file", name="dossier-as-pdf"
        )
        self.as_pdf.setCheckable(True)
        self.as_pdf.toggled.connect(self._show_pdf)
        self.add_header_action(self.as_pdf)
        self._received: ReceivedDossier = receive.look(ctx.vault, handover_id)
        self._show()
        self.area.verticalScrollBar().valueChanged.connect(lambda _at: self._look_for_decision())

    def to_decision(self) -> None:
        """Bring the decision into view; only then can it be taken."""
        self.as_pdf.setChecked(False)
        self._close_attachment()
        self._decision_seen = True
        self._show_footer(self._received)
        if self.accepting is not None:
            self.scroll_to(self.accepting)
            self.area.verticalScrollBar().setValue(self.area.verticalScrollBar().maximum())
            self.accepting.talk.input.setFocus()

    def _look_for_decision(self) -> None:
        """Offer the decision itself once the question about it is in view."""
        card = self.accepting
        if self._decision_seen or card is None or not card.isVisible():
            return
        top = card.mapTo(self.area.viewport(), QPoint(0, 0)).y()
        if top < self.area.viewport().height() - self._ctx.theme.px(80):
            self._decision_seen = True
            self._show_footer(self._received)

    def accept(self) -> None:
        """Take the dossier over, after asking where the receipt goes."""
        if self.accepting is None or not self.accepting.talk.check():
            return
        if self.differences is not None and (first := self.differences.check()) is not None:
            self.scroll_to(first)
            return
        talk = self.accepting.first_talk()
        choices = self.differences.choices() if self.differences else {}
        self._decide(
            lambda folder: receive.accept(
                self._ctx.vault,
                self._handover_id,
                first_talk=talk,
                receipt_folder=folder,
                choices=choices,
            ),
            lambda: receive.accept(
                self._ctx.vault, self._handover_id, first_talk=talk, choices=choices
            ),
        )

    def refuse(self) -> None:
        """Refuse the dossier with the reason that was typed."""
        if self.refusing is None:
            return
        reason = self.refusing.reason.toPlainText()
        if not reason.strip():
            words = self._ctx.tr.gettext("Schrijf eerst waarom. De afzender leest deze reden.")
            self.refusing.field.set_problem(words)
            self.refusing.reason.setFocus()
            return
        self._decide(
            lambda folder: receive.refuse(self._ctx.vault, self._handover_id, reason, folder),
            lambda: receive.refuse(self._ctx.vault, self._handover_id, reason),
        )

    def save_receipt(self) -> None:
        """Write the same receipts again, to another place."""
        self._ask_and_write(
            lambda folder: receive.write_receipt(self._ctx.vault, self._handover_id, folder)
        )

    def _decide(self, step: Callable[[Path], Path], by_sync: Callable[[], None]) -> None:
        """Decide and answer: by the relay where it came by that, else as a file."""
        if self._by_sync:
            self._try(by_sync)
        else:
            self._ask_and_write(step)

    def _try(self, by_sync: Callable[[], None]) -> None:
        tr = self._ctx.tr
        try:
            by_sync()
        except (ReceiveRefused, ChoiceMissing, SealError, VaultError) as problem:
            self._reload()
            self._tell("err", tr.said(problem))
            return
        if self._ctx.sync is not None:
            self._ctx.sync.wake()
        self._reload()
        words = tr.gettext(
            "Je besluit is opgeslagen. Het bewijs gaat vanzelf naar {sender}, zodra er verbinding "
            "is."
        )
        self._tell("ok", words.format(sender=self._received.item.sender_name))

    def _ask_and_write(self, step: Callable[[Path], Path]) -> None:
        tr = self._ctx.tr
        folder = self._ctx.pick.choose_folder(
            tr.gettext("Waar komt het ontvangstbewijs?"), parent=self
        )
        if folder is None:
            return
        try:
            path = step(folder)
        except (ReceiveRefused, ChoiceMissing, SealError, VaultError) as problem:
            self._reload()
            self._tell("err", self._after_failure(tr.said(problem)))
            return
        self._reload()
        words = tr.gettext(
            "Het ontvangstbewijs is opgeslagen: {file}. Stuur dat bestand terug naar {sender}."
        )
        self._tell("ok", words.format(file=path.name, sender=self._received.item.sender_name))

    def _after_failure(self, problem: str) -> str:
        """Say also that the decision stands, when only writing the receipt failed."""
        tr, state = self._ctx.tr, self._received.item.state
        if state is InboxState.GEOPEND:
            return tr.gettext(problem)
        stands = tr.gettext("Je besluit is opgeslagen, maar het ontvangstbewijs nog niet.")
        return f"{stands} {tr.gettext(problem)}"

    def _tell(self, kind: str, words: str) -> None:
        self.notice.set_notice("ok" if kind == "ok" else "err", words)
        self.area.verticalScrollBar().setValue(0)

    def _reload(self) -> None:
        self._received = receive.look(self._ctx.vault, self._handover_id)
        self._show()

    def _show(self) -> None:
        tr, received = self._ctx.tr, self._received
        item = received.item
        clear_layout(self._content)
        self.differences = self.accepting = self.refusing = None
        self.set_title(
            tr.gettext("Dossier van {name}").format(name=received.theirs.short_name),
            tr.gettext("van {sender} · versie {version} · ontvangen op {day}").format(
                sender=item.sender_name,
                version=item.dossier_version,
                day=day(item.received_at.astimezone().date()),
            ),
        )
        self._show_dossier(received)
        self._show_footer(received)

    def _show_pdf(self, on: bool) -> None:
        """Put the pages in the place of the dossier and back; what was typed there stays."""
        if on and self.pdf is None:
            pdf = receive.document(self._ctx.vault, self._received.item.handover_id)
            self.pdf = PdfView(self._ctx.theme, self._ctx.tr, pdf)
            self.body.addWidget(self.pdf)
        if self.pdf is not None:
            self.pdf.setVisible(on)
        self._reading.setVisible(not on)
        # a page of paper is read by its picture, not by the length of its lines
        self.set_width("full" if on else "reading")
        self.area.verticalScrollBar().setValue(0)

    def _look_at(self, file: str) -> QWidget | None:
        """Return the link at an answer that is a file; it opens it in the place of the dossier."""
        came = next(
            (
                each
                for each in self._received.attachments
                if each.answer is not None and each.answer.came_as == file
            ),
            None,
        )
        tr = self._ctx.tr
        if came is None or came.is_sealed or came.media_type not in SHOWN:
            return None
        name = f"dossier-answer-{came.attachment_id}"
        link = TextLink(self._ctx.theme, tr.gettext("Bekijken"), icon="eye", name=name)
        link.clicked.connect(lambda: self._open_attachment(came.attachment_id, link))
        return link

    def _open_attachment(self, attachment_id: UUID, asked_by: QWidget | None = None) -> None:
        """Put one attachment in the place of the dossier; what was typed there stays."""
        self._asked_by = asked_by
        self.attachment = ReceivedAttachmentView(self._ctx, attachment_id)
        self.attachment.back.connect(self._close_attachment)
        self.body.addWidget(self.attachment)
        self._reading.hide()
        self.as_pdf.setEnabled(False)
        self.set_width("full")
        self.area.verticalScrollBar().setValue(0)

    def _close_attachment(self) -> None:
        if self.attachment is None:
            return
        self.attachment.hide()
        self.attachment.deleteLater()
        self.attachment = None
        self._reading.show()
        self.as_pdf.setEnabled(True)
        self.set_width("reading")
        back_to = self._asked_by or self.attachments_card
        if back_to is not None:
            self.scroll_to(back_to)
        if self._asked_by is not None:
            self._asked_by.setFocus()

    def _show_dossier(self, received: ReceivedDossier) -> None:
        theme, tr, dossier = self._ctx.theme, self._ctx.tr, received.dossier
        self._content.addWidget(self._state_card(received))
        self._offer_onward(received)
        open_still = received.item.state is InboxState.GEOPEND
        if open_still and received.known is not None and received.compared:
            self.differences = DifferencesCard(
                theme, tr, received.compared, received.known.short_name
            )
            self._content.addWidget(self.differences)
        for part in (
            *fact_cards(theme, tr, dossier),
            *plan_part(theme, tr, dossier),
            *answer_cards(theme, tr, dossier, self._look_at),
            *self._attachment_card(received),
            *left_out_card(theme, tr, dossier),
        ):
            self._content.addWidget(part)
        if open_still and received.newer is None:
            self._decision = QVBoxLayout()
            self._content.addLayout(self._decision)
            self._offer_accept()

    def _offer_onward(self, received: ReceivedDossier) -> None:
        """Once it was taken over it may go into the organisation's own case system."""
        if received.item.state is not InboxState.GEACCEPTEERD:
            return
        self.leaving()
        self.onward = OnwardCard(self._ctx, self._handover_id)
        self._content.addWidget(self.onward)

    def leaving(self) -> None:
        """Have a filing under way stop after its step."""
        if self.onward is not None:
            self.onward.leaving()

    def _attachment_card(self, received: ReceivedDossier) -> list[QWidget]:
        self.attachments_card = None
        if not received.attachments:
            return []
        card = ReceivedAttachmentsCard(self._ctx.theme, self._ctx.tr, received.attachments)
        card.open_asked.connect(self._open_attachment)
        self.attachments_card = card
        return [card]

    def _state_card(self, received: ReceivedDossier) -> QWidget:
        theme, tr, item = self._ctx.theme, self._ctx.tr, received.item
        name = received.theirs.short_name
        if item.state is InboxState.GEACCEPTEERD:
            rows = [(tr.gettext("Eerste gesprek"), day(item.first_talk))] if item.first_talk else []
            return EnvelopeCard(
                theme,
                "open",
                tr.gettext("geaccepteerd"),
                tr.gettext("Je gaat verder met {name}").format(name=name),
                tr.gettext("Gesprekken en plan staan bij de persoon. Je werkt daar verder."),
                rows,
            )
        if item.state is InboxState.GEWEIGERD:
            rows = [(tr.gettext("Reden"), item.reason)]
            text = tr.gettext("Er is niets overgenomen. De afzender kan een nieuwe versie maken.")
            return EnvelopeCard(
                theme, "closed", tr.gettext("geweigerd"), tr.gettext("Niet overgenomen"), text, rows
            )
        if received.newer is not None:
            words = tr.gettext(
                "Er is een nieuwere versie van dit dossier: versie {n}. Beoordeel die versie."
            )
            return Notice(
                theme, "warn", words.format(n=received.newer.dossier_version), name="dossier-newer"
            )
        return EnvelopeCard(
            theme,
            "open",
            tr.gettext("zegel heel"),
            tr.gettext("Lees het dossier en beslis"),
            tr.gettext("Er is nog niets overgenomen. Onderaan neem je het over of weiger je het."),
            [],
        )

    def _offer_accept(self) -> None:
        clear_layout(self._decision)
        self.refusing = None
        name = self._received.theirs.short_name
        self.accepting = AcceptCard(self._ctx, name, by_sync=self._by_sync)
        self.accepting.refuse.connect(self._offer_refuse)
        self.accepting.talk.changed.connect(self._look_for_decision)
        self._decision.addWidget(self.accepting)
        self._show_footer(self._received)

    def _offer_refuse(self) -> None:
        clear_layout(self._decision)
        self.accepting = None
        self.refusing = RefuseCard(self._ctx)
        self.refusing.back.connect(self._offer_accept)
        self._decision.addWidget(self.refusing)
        self._show_footer(self._received)
        self.refusing.reason.setFocus()

    def _show_footer(self, received: ReceivedDossier) -> None:
        theme, tr, item = self._ctx.theme, self._ctx.tr, received.item
        back = QuietButton(theme, tr.gettext("Terug"), name="dossier-back")
        back.clicked.connect(self._ctx.navigate.open_handovers)
        if self.refusing is not None:
            word = tr.gettext("Weigeren en bewijs opslaan")
            if self._by_sync:
                word = tr.gettext("Weigeren")
            no = PrimaryButton(theme, word, name="inbox-refuse-confirm")
            no.clicked.connect(self.refuse)
            self.set_footer((back,), no)
        elif self.accepting is not None:
            self.set_footer((back,), self._accept_button())
        elif received.newer is not None and item.state is InboxState.GEOPEND:
            newer = received.newer
            there = PrimaryButton(
                theme, tr.gettext("Naar de nieuwste versie"), name="dossier-to-newer"
            )
            there.clicked.connect(lambda: self._ctx.navigate.open_inbox(newer.handover_id))
            self.set_footer((back,), there)
        elif item.state is not InboxState.GEOPEND:
            self._decided_footer(received, back)

    def _accept_button(self) -> PrimaryButton:
        theme, tr = self._ctx.theme, self._ctx.tr
        if self._decision_seen:
            words = tr.gettext("Overnemen en bewijs opslaan")
            if self._by_sync:
                words = tr.gettext("Overnemen")
            yes = PrimaryButton(theme, words, name="inbox-accept")
            yes.clicked.connect(self.accept)
            return yes
        there = PrimaryButton(theme, tr.gettext("Naar het besluit"), name="inbox-decide")
        there.clicked.connect(self.to_decision)
        return there

    def _decided_footer(self, received: ReceivedDossier, back: QWidget) -> None:
        theme, tr, item = self._ctx.theme, self._ctx.tr, received.item
        if item.person_id is None:
            again = PrimaryButton(
                theme, tr.gettext("Bewijs opnieuw opslaan"), name="inbox-save-receipt"
            )
            again.clicked.connect(self.save_receipt)
            self.set_footer((back,), again)
            return
        person_id = item.person_id
        save = QuietButton(theme, tr.gettext("Bewijs opnieuw opslaan"), name="inbox-save-receipt")
        save.clicked.connect(self.save_receipt)
        go = PrimaryButton(theme, tr.gettext("Naar de persoon"), name="dossier-to-person")
        go.clicked.connect(lambda: self._ctx.navigate.open_person(person_id))
        self.set_footer((back, save), go)
