"""What the windows say about sync: one status, in the top line short and on the page in full."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from intake_app.flows import sync_now
from intake_app.flows.sync_now import SyncStatus, SyncSummary
from intake_app.flows.sync_turn import News, Phase
from intake_app.sync.errors import SENTENCES, Reason
from intake_app.ui.progress import size_text

if TYPE_CHECKING:
    from intake_app.i18n.catalogues import UiTexts
    from intake_app.ui.context import AppContext
    from intake_app.ui.kit import Kind
    from intake_app.ui.sync.bridge import SyncBridge


@dataclass(frozen=True, slots=True)
class TopLine:
    """What the top line says. With `leads` it is the way to the page; `alarm` asks for a look."""

    text: str
    leads: bool = False
    short: str = ""
    alarm: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """What the page says above its list: what happened, what it means, what to do."""

    kind: Kind
    text: str


def top_line(ctx: AppContext) -> TopLine:
    """Return what the top line says now."""
    tr, sync = ctx.tr, ctx.sync
    if sync is None or not sync.is_set_up:
        return TopLine(tr.gettext("Delen per bestand"))
    if sync.held:
        return TopLine(tr.gettext("Postbus: gestopt"), leads=True)
    if sync.news.phase is Phase.ASKING:
        text = tr.gettext("Postbus: wacht op jou")
        return TopLine(text, leads=True, short=tr.gettext("Wacht op jou"), alarm=True)
    if sync.news.phase is Phase.BUSY and sync.news.total:
        return TopLine(tr.gettext("Postbus: bezig"), leads=True)
    found = sync_now.summary(ctx.vault)
    status = _status(found, sync.news)
    quiet = status in {SyncStatus.NIETS_TE_DOEN, SyncStatus.ONTVANGEN}
    if quiet and found.unopened:
        text = tr.gettext("Postbus: {n} binnengekomen").format(n=found.unopened)
        return TopLine(text, leads=True)
    alarm = status is SyncStatus.LET_OP
    return TopLine(
        status_text(tr, status),
        leads=True,
        short=tr.gettext("Let op") if alarm else "",
        alarm=alarm,
    )


def _status(found: SyncSummary, news: News) -> SyncStatus:
    """Return the status, also after a relay that could not be used at all."""
    if _blocks(news):
        return SyncStatus.LET_OP
    return found.status


def _blocks(news: News) -> bool:
    """True when the relay waits for somebody to do something.

    A stick that is out or a share that is away is no alarm: that is how it travels.
    """
    return news.reason is not None and news.reason not in _PASSES


_PASSES: Final = frozenset(
    {Reason.FOLDER_GONE, Reason.NO_CONNECTION, Reason.SLOW, Reason.BUSY, Reason.SERVER}
)


def status_text(tr: UiTexts, status: SyncStatus) -> str:
    """Return the words of a status."""
    return {
        SyncStatus.NIETS_TE_DOEN: tr.gettext("Postbus: niets te doen"),
        SyncStatus.WACHT: tr.gettext("Postbus: wacht op verbinding"),
        SyncStatus.BEZIG: tr.gettext("Postbus: bezig"),
        SyncStatus.AANGEBODEN: tr.gettext("Postbus: aangeboden"),
        SyncStatus.ONTVANGEN: tr.gettext("Postbus: ontvangen"),
        SyncStatus.LET_OP: tr.gettext("Postbus: let op"),
    }[status]


def standing(tr: UiTexts, sync: SyncBridge | None, summary: SyncSummary) -> Standing:
    """Return what the page says above its list."""
    if sync is not None and sync.held:
        text = tr.gettext(
            "Je hebt het versturen gestopt. Wat al in de postbus staat, blijft daar; er is niets "
            "kwijt. Klik op Nu proberen om verder te gaan."
        )
        return Standing("info", text)
    if sync is not None and sync.news.phase is Phase.ASKING:
        text = tr.gettext(
            "Deze verbinding heeft een limiet of kost geld, en er wacht {size}. Wil je het nu "
            "versturen? Anders wacht het op een andere verbinding."
        ).format(size=size_text(sync.news.asks_for))
        return Standing("warn", text)
    news = sync.news if sync is not None else News()
    if _blocks(news) and news.reason is not None:
        return Standing("err", tr.gettext(SENTENCES[news.reason]))
    if summary.status is SyncStatus.LET_OP:
        return Standing("err", tr.gettext(_LOOK if summary.attention > summary.refused else _ODD))
    reason = news.reason or summary.reason
    if summary.status is SyncStatus.WACHT:
        if reason is not None:
            return Standing("info", tr.gettext(SENTENCES[reason]))
        text = tr.ngettext(
            "Er wacht {n} dossier. Het gaat vanzelf zodra er verbinding is; je kunt doorwerken.",
            "Er wachten {n} dossiers. Ze gaan vanzelf zodra er verbinding is; je kunt doorwerken.",
            summary.waiting,
        ).format(n=summary.waiting)
        return Standing("info", text)
    if summary.status is SyncStatus.BEZIG:
        return Standing("info", tr.gettext("Er wordt verstuurd. Je kunt gewoon doorwerken."))
    if summary.status is SyncStatus.AANGEBODEN:
        text = tr.ngettext(
            "{n} dossier staat klaar in de postbus. De ontvanger heeft het nog niet opgehaald.",
            "{n} dossiers staan klaar in de postbus. De ontvangers hebben ze nog niet opgehaald.",
            summary.offered,
        ).format(n=summary.offered)
        return Standing("info", text)
    if summary.status is SyncStatus.ONTVANGEN:
        text = tr.gettext("Alles wat je verstuurde, is ontvangen: de ontvangers tekenden ervoor.")
        return Standing("ok", text)
    return Standing("muted", "")


_ODD: Final = (
    "In jullie postbus ligt iets dat niet is wat het zegt te zijn. Er is niets van overgenomen. "
    "Meld het aan de beheerder van de postbus."
)
_LOOK: Final = (
    "Met een van de dossiers hieronder gaat iets niet goed. Er is niets kwijt. "
    "Kijk bij Let op wat je kunt doen."
)
