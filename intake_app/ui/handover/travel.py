"""How a handover travels by the relay, in the words of its own page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intake_app.domain.handover import Handover, HandoverState
from intake_app.flows import sync_now
from intake_app.flows.sync_now import SyncState, TransportRow
from intake_app.sync.errors import SENTENCES

if TYPE_CHECKING:
    from intake_app.ui.kit import Kind
    from intake_app.vault import Vault

WITHDRAWAL = (
    "Dit is een verzoek. Is het dossier nog niet geopend, dan vernietigt de ontvanger het. "
    "Is het al geopend, dan hoor je dat het te laat was: bel dan."
)


NOT_GONE = "Er is nog niets van dit dossier in de postbus. Het wordt niet meer verstuurd."


def travel_of(vault: Vault, handover: Handover | None) -> TransportRow | None:
    """Return how a handover goes by the relay, None for a file or no handover."""
    if handover is None:
        return None
    rows = sync_now.transport(vault)
    return next((row for row in rows if row.item.subject_id == handover.handover_id), None)


_TROUBLE = "Met het versturen gaat iets niet goed. Kijk bij Onderweg."
_WAITS = (
    "Het dossier is verzegeld en ligt klaar. Zodra er verbinding is, gaat het vanzelf naar {name}. "
    "Je kunt gewoon doorwerken."
)
_ASKED_BACK = "Je hebt {name} gevraagd om het dossier ongeopend te vernietigen. Je krijgt bericht."
_OFFERED = (
    "Het dossier staat klaar in de postbus. {name} heeft het nog niet opgehaald. Je krijgt bericht."
)


def travel_sentence(state: HandoverState, travel: TransportRow) -> tuple[Kind, str] | None:
    """Return what the page says instead, None where how it travels makes no difference."""
    if state is HandoverState.KLAAR and travel.state is SyncState.LET_OP:
        return "err", SENTENCES[travel.reason] if travel.reason is not None else _TROUBLE
    if state is HandoverState.KLAAR:
        return "info", _WAITS
    if state is HandoverState.AANGEBODEN:
        return "info", _ASKED_BACK if travel.withdrawal_asked else _OFFERED
    return None
