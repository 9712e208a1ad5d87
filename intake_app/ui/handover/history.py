"""After sealing: where the dossier is, by verified receipts, and what can be done now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from intake_app.domain.handover import Handover, HandoverState
from intake_app.flows import hand_over
from intake_app.flows.hand_over import HandoverHistory, HandOverRefused
from intake_app.flows.record_text import day
from intake_app.handover.errors import Refusal
from intake_app.ui.handover.travel import NOT_GONE, WITHDRAWAL, travel_sentence
from intake_app.ui.kit import (
    Body,
    Card,
    Field,
    Kind,
    LinkButton,
    Muted,
    Notice,
    QuietButton,
    Row,
    RowList,
    StationMark,
    StationsLine,
    TextArea,
    clear_layout,
)
from intake_app.ui.kit.charts.stations import State
from intake_app.ui.plan.facts import Facts
from intake_app.ui.words import short_date
from intake_app.vault.errors import VaultError

if TYPE_CHECKING:
    from intake_app.flows.sync_now import TransportRow
    from intake_app.ui.context import AppContext

_LINE = (
    (HandoverState.AANGEBODEN, "Aangeboden"),
    (HandoverState.ONTVANGEN, "Ontvangen"),
    (HandoverState.GEOPEND, "Geopend"),
    (HandoverState.GEACCEPTEERD, "Geaccepteerd"),
)
_SENTENCES: dict[HandoverState, tuple[Kind, str]] = {
    HandoverState.AANGEBODEN: (
        "info",
        "Het dossier is aangeboden. {name} heeft het nog niet geopend. Je krijgt bericht.",
    ),
    HandoverState.ONTVANGEN: (
        "info",
        "{name} heeft het dossier ontvangen, maar nog niet geopend. Je krijgt bericht.",
    ),
    HandoverState.GEOPEND: (
        "info",
        "{name} heeft het dossier geopend, maar nog niet geaccepteerd. Je krijgt bericht.",
    ),
    HandoverState.GEACCEPTEERD: (
        "ok",
        "{name} heeft het dossier geaccepteerd en gaat ermee verder. Jij hoeft niets meer te doen.",
    ),
    HandoverState.GEWEIGERD: (
        "err",
        "{name} heeft het dossier geweigerd. Lees de reden, vul aan en maak een nieuwe versie.",
    ),
    HandoverState.INGETROKKEN: ("muted", "Je hebt deze overdracht ingetrokken."),
    HandoverState.VERVANGEN: ("muted", "Deze versie is vervangen door een nieuwere."),
    HandoverState.VERLOPEN: ("muted", "De termijn van deze overdracht is voorbij."),
    HandoverState.KLAAR: (
        "warn",
        "Het verzegelen is niet afgemaakt. Er is niets aangeboden. Verzegel opnieuw.",
    ),
}


class HandoverHistoryView(QWidget):
    """Shows one handover. `again` asks for a new version; `changed` after any step."""

    again = Signal()
    changed = Signal()

    def __init__(
        self, ctx: AppContext, told: HandoverHistory, travel: TransportRow | None = None
    ) -> None:
        """Show what is known; `travel` is how it goes by the relay, None for a file."""
        super().__init__()
        self._ctx, self._told, self._travel = ctx, told, travel
        theme, tr = ctx.theme, ctx.tr
        handover = told.handover
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.gap(16))
        self.notice = Notice(theme, "err", "", name="history-notice")
        self.notice.hide()
        column.addWidget(self.notice)
        kind, sentence = _SENTENCES[handover.state]
        if travel is not None:
            kind, sentence = travel_sentence(handover.state, travel) or (kind, sentence)
        words = tr.gettext(sentence).format(name=handover.recipient_name)
        column.addWidget(Notice(theme, kind, words, name="history-state"))
        line_card = Card(theme, name="history-line")
        line_card.body.addWidget(StationsLine(theme, self._marks()))
        column.addWidget(line_card)
        if handover.state is HandoverState.AANGEBODEN and travel is None:
            column.addWidget(self._what_now())
        if handover.reason:
            reason = Card(theme, tr.gettext("Reden"), name="history-reason")
            reason.body.addWidget(Body(theme, handover.reason))
            column.addWidget(reason)
        klaar = handover.state is HandoverState.KLAAR
        title = tr.gettext("Dit is verzegeld") if klaar else tr.gettext("Dit is aangeboden")
        facts = Card(theme, title, name="history-facts")
        facts.body.addWidget(Facts(theme, self._facts(handover)))
        column.addWidget(facts)
        self._withdraw_place = QVBoxLayout()
        column.addLayout(self._withdraw_place)
        self.reason: TextArea | None = None

    @property
    def is_asking(self) -> bool:
        """True while it is asked why it is withdrawn."""
        return self._withdraw_place.count() > 0

    def _what_now(self) -> Card:
        tr, theme = self._ctx.tr, self._ctx.theme
        card = Card(theme, tr.gettext("Wat je nu doet"), name="history-what-now")
        lines = (
            tr.gettext("Geef het bestand {file} aan de ontvanger.").format(
                file=self._told.handover.file_name
            ),
            tr.gettext("Je krijgt een ontvangstbewijs terug: een bestand dat eindigt op “.age”."),
            tr.gettext("Lees dat bewijs hier in. Dan zie je hoe ver het is."),
        )
        card.body.addWidget(RowList(theme, *(Row(theme, line) for line in lines)))
        return card

    def ask_withdraw(self) -> None:
        """Ask why, in the page itself; withdrawing needs a reason."""
        theme, tr = self._ctx.theme, self._ctx.tr
        clear_layout(self._withdraw_place)
        card = Card(theme, tr.gettext("Overdracht intrekken"), accent=True, name="withdraw-card")
        card.body.setSpacing(theme.gap(12))
        warning = tr.gettext(
            "Het bestand zelf haal je hiermee niet terug. "
            "Vertel de ontvanger dat het niet meer geldt."
        )
        if self._travel is not None:
            warning = tr.gettext(WITHDRAWAL if self._travel.item.committing else NOT_GONE)
        card.body.addWidget(Muted(theme, warning))
        self.reason = TextArea(theme, name="withdraw-reason", rows=2)
        self._reason_field = Field(theme, tr.gettext("Waarom trek je het in?"), self.reason)
        card.body.addWidget(self._reason_field)
        do = QuietButton(theme, tr.gettext("Intrekken"), name="withdraw-confirm")
        do.clicked.connect(self._withdraw)
        keep = LinkButton(theme, tr.gettext("Toch niet"), name="withdraw-cancel")
        keep.clicked.connect(self._keep)
        card.body.addWidget(do)
        card.body.addWidget(keep)
        self._withdraw_place.addWidget(card)
        self.reason.setFocus()

    def _keep(self) -> None:
        clear_layout(self._withdraw_place)
        self.changed.emit()

    def import_receipt(self) -> None:
        """Ask for a receipt file and verify it; say exactly what is wrong with it otherwise."""
        import_receipt(self._ctx, self, self.notice, self.changed.emit)

    def _withdraw(self) -> None:
        if self.reason is None:
            return
        handover_id = self._told.handover.handover_id
        try:
            hand_over.withdraw(self._ctx.vault, handover_id, self.reason.toPlainText())
        except (HandOverRefused, VaultError) as problem:
            self._reason_field.set_problem(self._ctx.tr.said(problem))
            return
        if self._ctx.sync is not None:
            self._ctx.sync.wake()
        self.changed.emit()

    def _marks(self) -> tuple[StationMark, ...]:
        handover = self._told.handover
        reached: dict[HandoverState, datetime] = {
            receipt.kind: receipt.at for receipt in self._told.receipts
        }
        if handover.state is not HandoverState.KLAAR:
            reached[HandoverState.AANGEBODEN] = handover.created_at
        marks = []
        current_taken = handover.state in {
            HandoverState.GEWEIGERD,
            HandoverState.INGETROKKEN,
            HandoverState.VERVANGEN,
        }
        for state, label in _LINE:
            look: State = "open"
            if state in reached:
                look = "done"
            elif not current_taken:
                look, current_taken = "current", True
            if state is HandoverState.GEACCEPTEERD and handover.state is HandoverState.GEWEIGERD:
                look, label = "failed", "Geweigerd"  # noqa: PLW2901
                reached[state] = reached.get(HandoverState.GEWEIGERD, handover.created_at)
            marks.append(self._mark(state, label, look, reached.get(state)))
        return tuple(marks)

    def _mark(
        self, state: HandoverState, label: str, look: State, at: datetime | None
    ) -> StationMark:
        tr = self._ctx.tr
        today = self._ctx.env.now().astimezone().date()
        note = short_date(tr, at.astimezone().date(), today) if at else ""
        if look == "current":
            note = tr.gettext("wachten")
        word = tr.gettext(label)
        spoken = f"{word}: {note}" if note else tr.gettext("{word}: nog niet").format(word=word)
        return StationMark(state.value, word, look, note, spoken)

    def _facts(self, handover: Handover) -> list[tuple[str, str]]:
        tr = self._ctx.tr
        rows = [
            (tr.gettext("Aan"), handover.recipient_name),
            (tr.gettext("Bestand"), "" if self._travel is not None else handover.file_name),
            (tr.gettext("Reist"), tr.gettext("via de postbus") if self._travel is not None else ""),
            (
                tr.gettext("Inhoud"),
                tr.gettext("{sent} gegevens mee, {kept} hier gebleven").format(
                    sent=handover.sent_count, kept=handover.kept_count
                ),
            ),
            (tr.gettext("Overdrachtsgesprek"), day(handover.first_talk)),
        ]
        rows += [
            (tr.gettext("Getekend door"), f"{receipt.by_user}, {receipt.by_organisation}")
            for receipt in self._told.receipts[-1:]
        ]
        return [(label, value) for label, value in rows if value]


def import_receipt(
    ctx: AppContext, parent: QWidget, notice: Notice, done: Callable[[], None]
) -> None:
    """Ask for a receipt file and take it in; a refusal is shown in `notice`."""
    tr = ctx.tr
    title = tr.gettext("Ontvangstbewijs kiezen")
    pattern = tr.gettext("Ontvangstbewijs (*.age)")
    path = ctx.pick.choose_file(title, pattern, parent=parent)
    if path is None:
        return
    try:
        hand_over.import_receipt(ctx.vault, path)
    except (Refusal, HandOverRefused, VaultError) as problem:
        notice.set_notice("err", tr.said(problem))
        return
    notice.hide()
    done()
