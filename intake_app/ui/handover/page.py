"""The page of handing over one person: four steps, and afterwards its history."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from intake_app.domain.handover import Handover, HandoverState
from intake_app.flows import hand_over
from intake_app.ui.handover.history import HandoverHistoryView
from intake_app.ui.handover.steps import HandoverSteps
from intake_app.ui.handover.travel import travel_of
from intake_app.ui.kit import (
    Card,
    Columns,
    LinkButton,
    Notice,
    Page,
    PrimaryButton,
    QuietButton,
    Row,
    RowList,
    Stack,
    TextLink,
    clear_layout,
)
from intake_app.ui.refresh import Refresh

if TYPE_CHECKING:
    from intake_app.flows.sync_now import TransportRow
    from intake_app.ui.context import AppContext

_OVER = frozenset(
    {HandoverState.INGETROKKEN, HandoverState.VERVANGEN, HandoverState.VERLOPEN,
     HandoverState.KLAAR}
)  # fmt: skip
_WAITING = frozenset({HandoverState.AANGEBODEN, HandoverState.ONTVANGEN, HandoverState.GEOPEND})
_TRAVELLING = _WAITING | {HandoverState.KLAAR}


class HandoverPage(Page):
    """Shows the steps while nothing is under way, else the history of the newest handover."""

    def __init__(self, ctx: AppContext, person_id: UUID, parent: QWidget | None = None) -> None:
        super().__init__(ctx.theme, width="full", name="handover-page", parent=parent)
        self._ctx, self._person_id = ctx, person_id
        with ctx.vault.read() as records:
            person = records.persons.get(person_id)
        if person is None:
            raise KeyError(person_id)
        self._name = person.short_name
        self.steps: HandoverSteps | None = None
        self.history: HandoverHistoryView | None = None
        self._content = QVBoxLayout()
        self.body.addLayout(self._content)
        self._content.setSpacing(ctx.theme.gap(16))
        kinds = frozenset(
            {"handover", "receipt", "outbox", "address_book", "routing", "koppeling", "attachment"}
        )
        Refresh(self, ctx.events, self._refresh, kinds)
        self._show(hand_over.latest(ctx.vault, person_id))

    def leaving(self) -> None:
        """Stop a sealing that is under way; nothing of it is left then."""
        if self.steps is not None:
            self.steps.close_sealing()

    def _show(self, handover: Handover | None) -> None:
        self._shown, self._travel = handover, travel_of(self._ctx.vault, handover)
        clear_layout(self._content)
        self.steps = self.history = None
        travels = self._travel is not None
        left = handover is None or handover.state in _OVER
        if handover is None or (left and not (travels and handover.state is HandoverState.KLAAR)):
            self.show_steps(handover)
        else:
            self._show_history(handover)
        self.area.verticalScrollBar().setValue(0)

    def show_steps(self, before: Handover | None = None) -> None:
        """Show the four steps; `before` is an earlier handover that ended without a receipt."""
        theme, tr = self._ctx.theme, self._ctx.tr
        clear_layout(self._content)
        self.set_width("full")
        self.history = None
        if before is not None and before.state is HandoverState.KLAAR:
            text = tr.gettext(
                "Het vorige verzegelen is niet afgemaakt, bijvoorbeeld doordat de laptop uitviel. "
                "Er is niets aangeboden. Verzegel opnieuw; een bestand dat er nog ligt, telt niet."
            )
            end = TextLink(theme, tr.gettext("Intrekken"), name="handover-unfinished-withdraw")
            end.clicked.connect(lambda: self._end_unfinished(before))
            notice = Notice(theme, "warn", text, action=end, name="handover-unfinished")
            self._content.addWidget(notice)
        self.steps = HandoverSteps(self._ctx, self._person_id)
        self.steps.sealed.connect(self._show)
        # what was just shown gets its place in the next turn of the event loop
        self.steps.began.connect(lambda: QTimer.singleShot(0, self, self._to_progress))
        columns = Columns(
            theme, self.steps, Stack(theme, self._after()), weights=(1.55, 1), stack_below=860
        )
        self._content.addWidget(columns)
        view = self.steps.view
        place = view.choice.municipality
        title = tr.gettext("Dossier van {name} naar {place}").format(name=self._name, place=place)
        if not place:
            title = tr.gettext("Dossier van {name} overdragen").format(name=self._name)
        self.set_title(title, tr.gettext("versie {n}").format(n=view.version))
        back = QuietButton(theme, tr.gettext("Terug"), name="handover-back")
        back.clicked.connect(lambda: self._ctx.navigate.open_person(self._person_id))
        self.set_footer((back,), self.steps.primary)

    def _to_progress(self) -> None:
        if self.steps is not None:
            self.scroll_to(self.steps.seal.progress)

    def _anew(self) -> None:
        self.show_steps()

    def _after(self) -> QWidget:
        theme, tr = self._ctx.theme, self._ctx.tr
        card = Card(theme, tr.gettext("Wat er daarna gebeurt"), name="handover-after")
        lines = (
            tr.gettext(
                "De ontvanger opent het dossier en tekent voor ontvangst. Jij ziet dat hier."
            ),
            tr.gettext("Pas als het is geaccepteerd, wordt het groen."),
            tr.gettext("Plan samen het overdrachtsgesprek."),
        )
        card.body.addWidget(RowList(theme, *(Row(theme, line) for line in lines)))
        return card

    def _show_history(self, handover: Handover) -> None:
        theme, tr = self._ctx.theme, self._ctx.tr
        told = hand_over.history(self._ctx.vault, handover.handover_id)
        travel = self._travel
        view = self.history = HandoverHistoryView(self._ctx, told, travel)
        view.changed.connect(self._changed)
        # not a greatest width of the view: its height would be that of a wider one
        self.set_width("reading")
        self._content.addWidget(view)
        title = tr.gettext("Dossier van {name} naar {recipient}").format(
            name=self._name, recipient=handover.recipient_name
        )
        self.set_title(title, tr.gettext("versie {n}").format(n=handover.dossier_version))
        again = QuietButton(theme, tr.gettext("Nieuwe versie"), name="handover-again")
        again.clicked.connect(self._anew)
        if travel is not None and handover.state in _TRAVELLING:
            self._travel_footer(again, travel)
        elif handover.state in _WAITING:
            back = LinkButton(theme, tr.gettext("Intrekken"), name="handover-withdraw")
            back.clicked.connect(self._ask_withdraw)
            take = PrimaryButton(
                theme, tr.gettext("Ontvangstbewijs inlezen"), name="handover-import-receipt"
            )
            take.clicked.connect(view.import_receipt)
            self.set_footer((again, back), take)
        elif handover.state is HandoverState.GEWEIGERD:
            anew = PrimaryButton(theme, tr.gettext("Nieuwe versie maken"), name="handover-again")
            anew.clicked.connect(self._anew)
            self.set_footer((), anew)
        else:
            to_person = PrimaryButton(
                theme, tr.gettext("Naar de persoon"), name="handover-to-person"
            )
            to_person.clicked.connect(lambda: self._ctx.navigate.open_person(self._person_id))
            self.set_footer((again,), to_person)

    def _travel_footer(self, again: QuietButton, travel: TransportRow) -> None:
        """Offer the way to Onderweg; receipts come by themselves."""
        theme, tr = self._ctx.theme, self._ctx.tr
        secondary: list[QWidget] = [again]
        if not travel.withdrawal_asked:
            word = tr.gettext("Verzoek tot intrekken")
            if not travel.item.committing:
                word = tr.gettext("Intrekken")
            back = LinkButton(theme, word, name="handover-withdraw")
            back.clicked.connect(self._ask_withdraw)
            secondary.append(back)
        go = PrimaryButton(theme, tr.gettext("Onderweg bekijken"), name="handover-travel")
        go.clicked.connect(self._ctx.navigate.open_sync)
        self.set_footer(secondary, go)

    def _end_unfinished(self, left: Handover) -> None:
        """Withdraw what a crash left; nobody has it, so no reason has to be thought up."""
        reason = self._ctx.tr.gettext("Het verzegelen was niet afgemaakt.")
        hand_over.withdraw(self._ctx.vault, left.handover_id, reason)
        self._changed()

    def _ask_withdraw(self) -> None:
        if self.history is not None:
            self.history.ask_withdraw()
            # what was just added gets its place in the next turn of the event loop
            QTimer.singleShot(0, self, self._to_withdraw)

    def _to_withdraw(self) -> None:
        if self.history is not None and self.history.reason is not None:
            self.scroll_to(self.history.reason)

    def _changed(self) -> None:
        self._show(hand_over.latest(self._ctx.vault, self._person_id))

    def _refresh(self) -> None:
        """Follow what changed elsewhere; steps that are under way stay where they are."""
        if self.steps is not None:
            self.steps.refresh()
            return
        latest = hand_over.latest(self._ctx.vault, self._person_id)
        travel = travel_of(self._ctx.vault, latest)
        if (latest, travel) != (self._shown, self._travel) and not self._is_asking():
            self._show(latest)

    def _is_asking(self) -> bool:
        """True while somebody writes why it is withdrawn; what changed elsewhere waits for that."""
        return self.history is not None and self.history.is_asking
