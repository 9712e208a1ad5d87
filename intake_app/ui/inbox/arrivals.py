"""What came in by the relay: still sealed and to be opened, or ended before anybody could."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from intake_app.domain.transport import ArrivalState
from intake_app.flows.record_text import day
from intake_app.i18n.bidi import isolate
from intake_app.ui.kit import Card, Kind, QuietButton, Row, RowList, Tag
from intake_app.ui.progress import size_text

if TYPE_CHECKING:
    from intake_app.flows.sync_now import ArrivalRow
    from intake_app.i18n.catalogues import UiTexts
    from intake_app.ui.context import AppContext

_ENDED_SHOWN = 10


def arrival_cards(
    ctx: AppContext, rows: tuple[ArrivalRow, ...], open_: Callable[[str], None]
) -> list[Card]:
    """Return the lists; `open_` gets the number of the one to open."""
    theme, tr = ctx.theme, ctx.tr
    sealed = [row for row in rows if row.arrival.state is ArrivalState.ONTVANGEN]
    ended = [row for row in rows if row.arrival.state is not ArrivalState.ONTVANGEN]
    cards = []
    if sealed:
        card = Card(theme, tr.gettext("Binnengekomen, nog dicht"), name="inbox-arrived")
        card.body.addWidget(RowList(theme, *(_sealed(ctx, row, open_) for row in sealed)))
        cards.append(card)
    if ended:
        card = Card(theme, tr.gettext("Niet geopend"), name="inbox-ended")
        card.body.addWidget(RowList(theme, *(_ended(ctx, row) for row in ended[:_ENDED_SHOWN])))
        cards.append(card)
    return cards


def _sealed(ctx: AppContext, row: ArrivalRow, open_: Callable[[str], None]) -> Row:
    theme, tr, zid = ctx.theme, ctx.tr, row.arrival.zid
    look = QuietButton(theme, tr.gettext("Bekijken"), name=f"inbox-arrival-{zid[:8]}")
    title = _from(tr, row)
    look.setAccessibleName(f"{tr.gettext('Bekijken')}: {title}")
    look.clicked.connect(partial(open_, zid))
    return Row(theme, title, _caption(tr, row), trailing=(look,))


def _ended(ctx: AppContext, row: ArrivalRow) -> Row:
    words: dict[ArrivalState, tuple[str, Kind]] = {
        ArrivalState.INGETROKKEN: (ctx.tr.gettext("ingetrokken"), "muted"),
        ArrivalState.VERVANGEN: (ctx.tr.gettext("vervangen"), "muted"),
        ArrivalState.NIET_VOOR_ONS: (ctx.tr.gettext("niet voor ons"), "muted"),
        ArrivalState.DOORGEGEVEN: (ctx.tr.gettext("doorgegeven"), "info"),
        ArrivalState.VERLOPEN: (ctx.tr.gettext("verlopen"), "muted"),
    }
    word, kind = words[row.arrival.state]
    return Row(
        ctx.theme, _from(ctx.tr, row), _caption(ctx.tr, row), trailing=(Tag(ctx.theme, word, kind),)
    )


def _from(tr: UiTexts, row: ArrivalRow) -> str:
    if not row.sender:
        return tr.gettext("Van een organisatie die niet meer in het adresboek staat")
    return tr.gettext("Van {sender}").format(sender=isolate(row.sender))


def _caption(tr: UiTexts, row: ArrivalRow) -> str:
    arrival = row.arrival
    came = tr.gettext("binnengekomen op {day} · versie {version}").format(
        day=day(arrival.received_at.astimezone().date()), version=arrival.dossier_version
    )
    parts = [came]
    if arrival.content_size:
        parts.append(size_text(arrival.content_size))
    if arrival.state is ArrivalState.DOORGEGEVEN and arrival.handed_to:
        parts.append(tr.gettext("naar {name}").format(name=isolate(arrival.handed_to)))
    if row.lost:
        parts.append(tr.gettext("bestand kwijt, opnieuw gevraagd"))
    return " · ".join(parts)
