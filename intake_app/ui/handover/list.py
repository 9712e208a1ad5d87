"""The place Overdracht: what was offered, and where it is now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from intake_app.domain.handover import FINAL, HandoverState
from intake_app.flows import case, hand_over
from intake_app.flows.case import NextStepKind
from intake_app.flows.hand_over import HandoverRow
from intake_app.ui.handover.history import import_receipt
from intake_app.ui.kit import (
    Card,
    EmptyState,
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
from intake_app.ui.words import handover_tag, handover_text, masked_v_number

if TYPE_CHECKING:
    from intake_app.ui.context import AppContext

_HIDDEN = frozenset({HandoverState.VERVANGEN})


class HandoversPage(Page):
    """Lists who can be handed over, what waits for the receiver, and what is done."""

    def __init__(self, ctx: AppContext, parent: QWidget | None = None) -> None:
        tr = ctx.tr
        super().__init__(
            ctx.theme,
            tr.gettext("Overdracht"),
            width="reading",
            name="handovers-page",
            parent=parent,
        )
        self._ctx = ctx
        self.notice = Notice(ctx.theme, "err", "", name="handovers-notice")
        self.notice.hide()
        self.body.addWidget(self.notice)
        self.body.addWidget(SyncLine(ctx))
        self._content = QVBoxLayout()
        self.body.addLayout(self._content)
        self._content.setSpacing(ctx.theme.gap(20))
        Refresh(self, ctx.events, self._show, frozenset({"handover", "receipt", "plan", "person"}))
        self._show()
        take = PrimaryButton(
            ctx.theme,
            tr.gettext("Ontvangstbewijs inlezen"),
            icon="import",
            name="handovers-import-receipt",
        )
        take.clicked.connect(self.import_receipt)
        self.set_footer((), take)

    def import_receipt(self) -> None:
        """Take in a receipt; it says itself which handover it is about."""
        import_receipt(self._ctx, self, self.notice, self._taken)

    def _taken(self) -> None:
        self.notice.set_notice(
            "ok", self._ctx.tr.gettext("Het ontvangstbewijs klopt. De overdracht is bijgewerkt.")
        )
        self._show()

    def _show(self) -> None:
        clear_layout(self._content)
        fill(self._ctx, self._content)


def fill(ctx: AppContext, column: QVBoxLayout) -> None:
    """Put the lists into a column; what to do first where there is nothing yet."""
    theme, tr = ctx.theme, ctx.tr
    rows = [row for row in hand_over.overview(ctx.vault) if row.handover.state not in _HIDDEN]
    ready = [
        row
        for row in case.to_do(ctx.vault)
        if row.next_step.kind in {NextStepKind.OVERDRAGEN, NextStepKind.GEWEIGERD}
    ]
    waiting = [row for row in rows if row.handover.state not in FINAL]
    ended = [row for row in rows if row.handover.state in FINAL]
    if not rows and not ready:
        column.addWidget(
            EmptyState(
                theme,
                "handover",
                tr.gettext("Nog niets over te dragen"),
                tr.gettext("Als een plan is vastgesteld, bied je het dossier hier aan."),
                name="handovers-empty",
            )
        )
        return
    if ready:
        card = Card(theme, tr.gettext("Klaar om over te dragen"), name="handovers-ready")
        made = []
        for number, person in enumerate(ready, start=1):
            go = QuietButton(theme, tr.gettext("Voorbereiden"), name=f"handover-start-{number}")
            name = person.person.short_name
            go.setAccessibleName(tr.gettext("Voorbereiden: {name}").format(name=name))
            go.clicked.connect(
                lambda _on=False, p=person: ctx.navigate.open_handover(p.person.person_id)
            )
            where = tr.gettext("gekoppeld aan {place}").format(place=person.municipality)
            number_text = masked_v_number(tr, person.person)
            made.append(Row(theme, name, f"{number_text} · {where}", trailing=(go,)))
        card.body.addWidget(RowList(theme, *made))
        column.addWidget(card)
    for title, name, held in (
        (tr.gettext("Wacht op de ontvanger"), "handovers-waiting", waiting),
        (tr.gettext("Afgerond"), "handovers-ended", ended),
    ):
        if held:
            card = Card(theme, title, name=name)
            card.body.addWidget(RowList(theme, *(_row(ctx, row) for row in held)))
            column.addWidget(card)


def _row(ctx: AppContext, row: HandoverRow) -> Row:
    theme, tr = ctx.theme, ctx.tr
    word, kind = handover_tag(tr, row.handover.state)
    number = row.handover.handover_id.hex[:8]
    look = QuietButton(theme, tr.gettext("Bekijken"), name=f"handover-open-{number}")
    name = row.person.short_name
    look.setAccessibleName(tr.gettext("Bekijken: {name}").format(name=name))
    look.clicked.connect(lambda: ctx.navigate.open_handover(row.person.person_id))
    title = tr.gettext("{name} naar {recipient}").format(
        name=name, recipient=row.handover.recipient_name
    )
    return Row(
        theme, title, handover_text(tr, row.handover), trailing=(Tag(theme, word, kind), look)
    )
