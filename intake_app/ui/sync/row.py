"""One transport: to whom, how far, why it waits, its history, and the request to withdraw it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from intake_app.domain.handover import FINAL, HandoverState
from intake_app.domain.transport import Attempt
from intake_app.flows import hand_over
from intake_app.flows.hand_over import HandOverRefused
from intake_app.flows.sync_now import SyncState, TransportRow
from intake_app.i18n.bidi import isolate
from intake_app.sync.errors import SENTENCES, Reason
from intake_app.ui.handover.travel import NOT_GONE, WITHDRAWAL
from intake_app.ui.kit import (
    Body,
    Caption,
    Field,
    Kind,
    LinkButton,
    Muted,
    QuietButton,
    Row,
    Tag,
    TextArea,
    clear_layout,
)
from intake_app.ui.plan.flow import FlowRow
from intake_app.ui.progress import size_text
from intake_app.ui.words import handover_tag, short_date
from intake_app.vault.errors import VaultError

if TYPE_CHECKING:
    from intake_app.flows.hand_over import HandoverRow
    from intake_app.i18n.catalogues import UiTexts
    from intake_app.ui.context import AppContext

_SHOWN = 12
"""How much of a history shows: the newest."""


class TransportLine(QWidget):
    """A row that folds out.

    `folded(bool)` tells when it is folded out or in, `asked` when the question why it is withdrawn
    is over.
    """

    folded = Signal(bool)
    asked = Signal()

    def __init__(
        self, ctx: AppContext, row: TransportRow, known: HandoverRow | None, *, unfolded: bool
    ) -> None:
        super().__init__()
        self._ctx, self._row, self._known = ctx, row, known
        theme, tr = ctx.theme, ctx.tr
        self._id = row.handover_id
        self._slug = self._id.hex[:8]
        self.setObjectName(f"transport-{self._slug}")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.gap(8))
        word, kind = state_tag(tr, row)
        title = tr.gettext("Naar {recipient}").format(recipient=isolate(row.recipient_name))
        if known is not None:
            title = tr.gettext("{name} naar {recipient}").format(
                name=known.person.short_name, recipient=isolate(row.recipient_name)
            )
        self._details = QWidget()
        self._inside = QVBoxLayout(self._details)
        self._asking = QVBoxLayout()
        self._toggle = LinkButton(theme, "", name=f"transport-more-{self._slug}")
        self._toggle.clicked.connect(lambda: self._fold(on=not self._details.isVisibleTo(self)))
        self._title = title
        line = Row(theme, title, self._caption(), trailing=(Tag(theme, word, kind), self._toggle))
        column.addWidget(line)
        self._inside.setContentsMargins(0, 0, 0, theme.gap(12))
        self._inside.setSpacing(theme.gap(8))
        column.addWidget(self._details)
        self.reason: TextArea | None = None
        self._fill()
        self._details.setVisible(unfolded)
        self._show_toggle(on=unfolded)

    @property
    def is_asking(self) -> bool:
        """True while it is asked why it is withdrawn."""
        return self._asking.count() > 0

    def ask_withdraw(self) -> None:
        """Ask why, in the row itself."""
        theme, tr = self._ctx.theme, self._ctx.tr
        clear_layout(self._asking)
        request = self._row.item.committing
        self._asking.addWidget(Muted(theme, tr.gettext(WITHDRAWAL if request else NOT_GONE)))
        self.reason = TextArea(theme, name=f"transport-reason-{self._slug}", rows=2)
        self._field = Field(theme, tr.gettext("Waarom trek je het in?"), self.reason)
        self._asking.addWidget(self._field)
        do = QuietButton(
            theme,
            tr.gettext("Verzoek versturen") if request else tr.gettext("Intrekken"),
            name=f"transport-withdraw-{self._slug}",
        )
        do.clicked.connect(self._withdraw)
        keep = LinkButton(theme, tr.gettext("Toch niet"), name=f"transport-keep-{self._slug}")
        keep.clicked.connect(self._end_asking)
        self._asking.addWidget(FlowRow(theme.gap(8), do, keep))
        self.reason.setFocus()

    def _withdraw(self) -> None:
        if self.reason is None:
            return
        try:
            hand_over.withdraw(self._ctx.vault, self._id, self.reason.toPlainText())
        except (HandOverRefused, VaultError) as problem:
            self._field.set_problem(self._ctx.tr.said(problem))
            return
        if self._ctx.sync is not None:
            self._ctx.sync.wake()
        self._end_asking()

    def _end_asking(self) -> None:
        clear_layout(self._asking)
        self.asked.emit()

    def _fill(self) -> None:
        theme, tr, row = self._ctx.theme, self._ctx.tr, self._row
        if row.reason is not None:
            self._inside.addWidget(Body(theme, tr.gettext(SENTENCES[row.reason])))
        if row.unopened_days:
            told = tr.gettext(
                "De ontvanger tekende {n} dagen geleden voor ontvangst en heeft het dossier nog "
                "niet geopend. Misschien is het daar zoekgeraakt. Bel de ontvanger."
            ).format(n=row.unopened_days)
            self._inside.addWidget(Body(theme, told))
        history = QWidget()
        lines = QVBoxLayout(history)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(theme.gap(4))
        history.setObjectName(f"transport-history-{self._slug}")
        sealed = Attempt(row.item.added_at, "verzegeld")
        for attempt in reversed((sealed, *row.history)[-_SHOWN:]):
            text = f"{self._moment(attempt.at)}  {history_text(tr, attempt.what)}"
            lines.addWidget(Caption(theme, text))
        self._inside.addWidget(history)
        actions: list[QWidget] = []
        if self._known is not None:
            person_id = self._known.person.person_id
            go = QuietButton(
                theme, tr.gettext("Naar de overdracht"), name=f"transport-open-{self._slug}"
            )
            go.setAccessibleName(f"{tr.gettext('Naar de overdracht')}: {self._title}")
            go.clicked.connect(lambda: self._ctx.navigate.open_handover(person_id))
            actions.append(go)
            if self._known.handover.state not in FINAL and not row.withdrawal_asked:
                word = withdraw_word(tr, row)
                back = LinkButton(theme, word, name=f"transport-back-{self._slug}")
                back.setAccessibleName(f"{word}: {self._title}")
                back.clicked.connect(self.ask_withdraw)
                actions.append(back)
        if actions:
            self._inside.addWidget(FlowRow(theme.gap(8), *actions))
        self._asking.setSpacing(theme.gap(8))
        self._inside.addLayout(self._asking)

    def _fold(self, *, on: bool) -> None:
        self._details.setVisible(on)
        self._show_toggle(on=on)
        self.folded.emit(on)

    def _show_toggle(self, *, on: bool) -> None:
        tr = self._ctx.tr
        word = tr.gettext("Inklappen") if on else tr.gettext("Verloop")
        self._toggle.setText(word)
        self._toggle.setAccessibleName(f"{word}: {self._title}")
        self._toggle.updateGeometry()

    def _caption(self) -> str:
        tr, row = self._ctx.tr, self._row
        parts = [size_text(row.size)]
        if row.state is SyncState.BEZIG:
            parts = [
                tr.gettext("{done} van {total}").format(
                    done=size_text(row.done), total=size_text(row.size)
                )
            ]
        if row.tries:
            parts.append(
                tr.ngettext("{n} keer geprobeerd", "{n} keer geprobeerd", row.tries).format(
                    n=row.tries
                )
            )
        if row.tries and row.next_try is not None:
            parts.append(
                tr.gettext("volgende keer om {hour}").format(
                    hour=f"{row.next_try.astimezone():%H:%M}"
                )
            )
        if row.history and row.state not in {SyncState.WACHT, SyncState.BEZIG}:
            parts.append(self._moment(row.history[-1].at))
        if row.unopened_days:
            parts.append(tr.gettext("{n} dagen niet geopend").format(n=row.unopened_days))
        if row.withdrawal_asked:
            parts.append(tr.gettext("je vroeg om in te trekken"))
        if row.too_late:
            parts.append(tr.gettext("intrekken kwam te laat"))
        return " · ".join(parts)

    def _moment(self, at: datetime) -> str:
        local, tr = at.astimezone(), self._ctx.tr
        day = short_date(tr, local.date(), self._ctx.env.now().astimezone().date())
        return tr.gettext("{day}, {hour}").format(day=day, hour=f"{local:%H:%M}")


def state_tag(tr: UiTexts, row: TransportRow) -> tuple[str, Kind]:
    """Return the word and colour of a transport; what the receiver signed for says it itself."""
    if row.handover is not None and row.state in {SyncState.ONTVANGEN, SyncState.KLAAR}:
        return handover_tag(tr, row.handover.state)
    words: dict[SyncState, tuple[str, Kind]] = {
        SyncState.WACHT: (tr.gettext("wacht"), "muted"),
        SyncState.BEZIG: (tr.gettext("bezig"), "info"),
        SyncState.AANGEBODEN: (tr.gettext("aangeboden"), "info"),
        SyncState.ONTVANGEN: (tr.gettext("ontvangen"), "info"),
        SyncState.KLAAR: (tr.gettext("afgerond"), "muted"),
        SyncState.LET_OP: (tr.gettext("let op"), "warn"),
    }
    return words[row.state]


def withdraw_word(tr: UiTexts, row: TransportRow) -> str:
    """Return what withdrawing is: a request, unless nothing of it can have been taken yet."""
    if row.item.committing:
        return tr.gettext("Verzoek tot intrekken")
    return tr.gettext("Intrekken")


def history_text(tr: UiTexts, what: str) -> str:
    """Return one line of a history: a reason by its first sentence, a state by its word."""
    if what in {reason.value for reason in Reason}:
        return tr.gettext(SENTENCES[Reason(what)]).split(". ", maxsplit=1)[0].rstrip(".") + "."
    return {
        "verzegeld": tr.gettext("Verzegeld en klaargezet."),
        "gestopt": tr.gettext("Gestopt voordat iemand er iets van kon ophalen."),
        "kwijt": tr.gettext("De postbus was het kwijt. Het gaat opnieuw."),
        "vals bewijs": tr.gettext("Er lag een ontvangstbewijs dat niet klopt. Bel de ontvanger."),
        "na afloop": tr.gettext("Er kwam een bewijs toen de overdracht al voorbij was."),
        "opnieuw": tr.gettext("De ontvanger is het kwijt en vroeg om alles. Het gaat opnieuw."),
        "teruggezet": tr.gettext(
            "De ontvanger heeft al een nieuwere versie dan deze laptop kent. Verzegel opnieuw."
        ),
        HandoverState.AANGEBODEN.value: tr.gettext("In de postbus: aangeboden."),
        HandoverState.ONTVANGEN.value: tr.gettext("De ontvanger tekende voor ontvangst."),
        HandoverState.GEOPEND.value: tr.gettext("De ontvanger heeft het geopend."),
        HandoverState.GEACCEPTEERD.value: tr.gettext("De ontvanger heeft het geaccepteerd."),
        HandoverState.GEWEIGERD.value: tr.gettext("De ontvanger heeft het geweigerd."),
        HandoverState.INGETROKKEN.value: tr.gettext("Ingetrokken."),
        HandoverState.VERVANGEN.value: tr.gettext("Vervangen door een nieuwere versie."),
        HandoverState.VERLOPEN.value: tr.gettext("De termijn is voorbij."),
        "te-laat": tr.gettext("Het verzoek om in te trekken kwam te laat: het was al geopend."),
        "niet-voor-ons": tr.gettext("De ontvanger zegt: dit dossier is niet voor ons."),
    }.get(what, what)
