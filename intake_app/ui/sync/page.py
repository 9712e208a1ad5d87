"""Onderweg: what travels by the relay, how far it is, and what happened to it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from intake_app.flows import hand_over, sync_now
from intake_app.flows.sync_turn import Phase
from intake_app.ui.kit import (
    Caption,
    Card,
    EmptyState,
    LinkButton,
    Notice,
    Page,
    PrimaryButton,
    QuietButton,
    RowList,
    clear_layout,
)
from intake_app.ui.progress import Bar, size_text
from intake_app.ui.refresh import Refresh
from intake_app.ui.settings.parts import Part
from intake_app.ui.sync.bridge import KINDS
from intake_app.ui.sync.row import TransportLine
from intake_app.ui.sync.words import standing

if TYPE_CHECKING:
    from intake_app.flows.hand_over import HandoverRow
    from intake_app.flows.sync_now import TransportRow
    from intake_app.ui.context import AppContext

_WHOLE = 100


class TransportPage(Page):
    """The status in full, progress while something is sent, and a list with a history each."""

    def __init__(self, ctx: AppContext, parent: QWidget | None = None) -> None:
        tr = ctx.tr
        super().__init__(
            ctx.theme,
            tr.gettext("Onderweg"),
            subtitle=tr.gettext(
                "Wat via de postbus reist. Een dossier is pas aangekomen als de ontvanger ervoor "
                "tekent."
            ),
            name="transport-page",
            parent=parent,
        )
        self._ctx = ctx
        self._open: set[UUID] = set()
        self._shown: tuple[object, ...] = ()
        self._head = QVBoxLayout()
        self.body.addLayout(self._head)
        self._head.setSpacing(ctx.theme.gap(12))
        self._lists = QVBoxLayout()
        self.body.addLayout(self._lists)
        self._lists.setSpacing(ctx.theme.gap(20))
        self._make_head()
        Refresh(self, ctx.events, self.refresh, KINDS)
        if ctx.sync is not None:
            ctx.sync.changed.connect(self._news)
        self.refresh()

    def refresh(self) -> None:
        """Read the vault again and show what it says; what was folded out stays so."""
        self._show_head()
        rows = sync_now.transport(self._ctx.vault)
        now = (self._is_set_up(), *rows)
        if now == self._shown:
            return
        if any(line.is_asking for line in self.findChildren(TransportLine)):
            # somebody writes why it is withdrawn; the list waits for that
            return
        self._shown = now
        clear_layout(self._lists)
        if not rows:
            self._lists.addWidget(self._nothing())
            return
        known = {row.handover.handover_id: row for row in hand_over.overview(self._ctx.vault)}
        for title, name, held in self._groups(rows):
            if held:
                card = Card(self.theme, title, name=name)
                card.body.addWidget(RowList(self.theme, *(self._line(row, known) for row in held)))
                self._lists.addWidget(card)

    # ---- the status -----------------------------------------------------------------------------

    def _make_head(self) -> None:
        theme, tr = self.theme, self._ctx.tr
        self.state = Notice(theme, "muted", "", name="transport-state")
        self._head.addWidget(self.state)
        self.running = Card(theme, name="transport-running")
        self.bar = Bar(theme, "transport-bar")
        self.bar.setAccessibleName(tr.gettext("Voortgang van het versturen"))
        self.running.body.addWidget(self.bar)
        row = QHBoxLayout()
        self.running.body.addLayout(row)
        row.setSpacing(theme.gap(16))
        self.how_far = Caption(theme, "")
        self.how_far.setObjectName("transport-how-far")
        row.addWidget(self.how_far, 1)
        self.stop = QuietButton(theme, tr.gettext("Stoppen"), name="transport-stop")
        self.stop.clicked.connect(self._stop)
        row.addWidget(self.stop)
        self._head.addWidget(self.running)
        self._settings = LinkButton(theme, tr.gettext("Postbus instellen"), name="transport-set-up")
        self._settings.clicked.connect(self._set_up)
        self._try = PrimaryButton(
            theme, tr.gettext("Nu proberen"), icon="restart", name="transport-try"
        )
        self._try.clicked.connect(self._try_now)
        self.set_footer((self._settings,), self._try)

    def _show_head(self) -> None:
        sync, tr = self._ctx.sync, self._ctx.tr
        free = sync is not None and not sync.held
        busy = free and sync is not None and sync.news.phase is Phase.BUSY and sync.news.total > 0
        asks = free and sync is not None and sync.news.phase is Phase.ASKING
        set_up = self._is_set_up()
        self.running.setVisible(busy)
        word = tr.gettext("Nu toch versturen") if asks else tr.gettext("Nu proberen")
        if word != self._try.text():
            self._try.setText(word)
            self._try.updateGeometry()
        self._try.setEnabled(set_up)
        why = "" if set_up else tr.gettext("Er is nog geen postbus. Stel die eerst in.")
        self._try.setAccessibleDescription(why)
        said = standing(tr, sync, sync_now.summary(self._ctx.vault))
        self.state.set_notice(said.kind, said.text if set_up and not busy else "")
        if busy and sync is not None:
            news = sync.news
            self.bar.setValue(news.done * _WHOLE // news.total)
            self.how_far.set_text(
                tr.gettext("{done} van {total}. Je kunt gewoon doorwerken.").format(
                    done=size_text(news.done), total=size_text(news.total)
                )
            )

    def _news(self) -> None:
        sync = self._ctx.sync
        if self._is_set_up() != self._shown[0] or (sync is not None and sync.news.tried):
            self.refresh()
        else:
            self._show_head()

    def _is_set_up(self) -> bool:
        return self._ctx.sync is not None and self._ctx.sync.is_set_up

    def _set_up(self) -> None:
        self._ctx.navigate.open_setting(Part.SYNC.value)

    def _try_now(self) -> None:
        """Do what the primary button says: try again, or send on this metered connection."""
        sync = self._ctx.sync
        if sync is None:
            return
        if sync.news.phase is Phase.ASKING and not sync.held:
            sync.allow_metered()
        else:
            sync.try_now()

    def _stop(self) -> None:
        if self._ctx.sync is not None:
            self._ctx.sync.cancel()

    # ---- the list -------------------------------------------------------------------------------

    def _nothing(self) -> QWidget:
        theme, tr = self.theme, self._ctx.tr
        if not self._is_set_up():
            return EmptyState(
                theme,
                "handover",
                tr.gettext("Er is nog geen postbus"),
                tr.gettext(
                    "Nu geef je een verzegeld bestand zelf aan de ontvanger. Met een postbus reist "
                    "het vanzelf, zodra er verbinding is."
                ),
                name="transport-none",
            )
        return EmptyState(
            theme,
            "handover",
            tr.gettext("Er is niets onderweg"),
            tr.gettext(
                "Kies bij het verzegelen van een dossier voor versturen. Dan zie je hier hoe ver "
                "het is."
            ),
            name="transport-empty",
        )

    def _groups(
        self, rows: tuple[TransportRow, ...]
    ) -> tuple[tuple[str, str, list[TransportRow]], ...]:
        tr, state = self._ctx.tr, sync_now.SyncState
        return (
            (
                tr.gettext("Let op"),
                "transport-attention",
                [row for row in rows if row.state is state.LET_OP],
            ),
            (
                tr.gettext("Nog te versturen"),
                "transport-waiting",
                [row for row in rows if row.state in {state.WACHT, state.BEZIG}],
            ),
            (
                tr.gettext("Aangeboden, nog niet ontvangen"),
                "transport-offered",
                [row for row in rows if row.state is state.AANGEBODEN],
            ),
            (
                tr.gettext("Ontvangen of afgerond"),
                "transport-done",
                [row for row in rows if row.state in {state.ONTVANGEN, state.KLAAR}],
            ),
        )

    def _line(self, row: TransportRow, known: dict[UUID, HandoverRow]) -> QWidget:
        line = TransportLine(
            self._ctx,
            row,
            known.get(row.handover_id),
            unfolded=row.handover_id in self._open,
        )
        line.folded.connect(lambda on, key=row.handover_id: self._fold(key, on=on))
        line.asked.connect(self.refresh)
        return line

    def _fold(self, key: UUID, *, on: bool) -> None:
        (self._open.add if on else self._open.discard)(key)
