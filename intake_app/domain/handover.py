"""The handover of one dossier version to one organisation, and the states it passes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from intake_app.sentences import Sentence, Told


class HandoverState(StrEnum):
    """One vocabulary everywhere; 'verzonden' is no state. Only `GEACCEPTEERD` is green."""

    KLAAR = "klaar"
    AANGEBODEN = "aangeboden"
    ONTVANGEN = "ontvangen"
    GEOPEND = "geopend"
    GEACCEPTEERD = "geaccepteerd"
    GEWEIGERD = "geweigerd"
    INGETROKKEN = "ingetrokken"
    VERLOPEN = "verlopen"
    VERVANGEN = "vervangen"


_ORDER = (
    HandoverState.KLAAR,
    HandoverState.AANGEBODEN,
    HandoverState.ONTVANGEN,
    HandoverState.GEOPEND,
)
FINAL = frozenset(
    {
        HandoverState.GEACCEPTEERD,
        HandoverState.GEWEIGERD,
        HandoverState.INGETROKKEN,
        HandoverState.VERLOPEN,
        HandoverState.VERVANGEN,
    }
)
BY_RECEIPT = frozenset(
    {
        HandoverState.ONTVANGEN,
        HandoverState.GEOPEND,
        HandoverState.GEACCEPTEERD,
        HandoverState.GEWEIGERD,
    }
)
"""States that only a verified signed receipt can bring about."""


class HandoverStep(Told, ValueError):
    """A step that a handover cannot take."""


@dataclass(frozen=True, slots=True)
class Handover:
    """What the sender keeps. The file itself is where the sender put it; here is its digest."""

    handover_id: UUID
    person_id: UUID
    dossier_version: int
    recipient_id: UUID
    recipient_name: str
    municipality_code: str
    state: HandoverState
    created_at: datetime
    created_by: UUID
    file_name: str = ""
    file_sha256: str = ""
    file_size: int = 0
    sent_count: int = 0
    kept_count: int = 0
    changed_at: datetime | None = None
    reason: str = ""
    """Why it was refused or withdrawn, in words."""
    first_talk: date | None = None
    """The date the receiver planned for the overdrachtsgesprek."""


def step(handover: Handover, to: HandoverState, at: datetime, reason: str = "") -> Handover:
    """Return the handover in state `to`; a later receipt may skip earlier ones.

    Raises `HandoverStep` for a step back, a step out of a final state, or no step at all.
    """
    now = handover.state
    if now in FINAL:
        raise HandoverStep("Deze overdracht is al {now}.", now=Sentence(now.value))
    forward = to in FINAL or (to in _ORDER and _ORDER.index(to) > _ORDER.index(now))
    needs_offer = to in BY_RECEIPT and now is HandoverState.KLAAR
    if not forward or needs_offer:
        raise HandoverStep(
            "Van {now} naar {to} kan niet.", now=Sentence(now.value), to=Sentence(to.value)
        )
    return replace(handover, state=to, changed_at=at, reason=reason or handover.reason)


class InboxState(StrEnum):
    """Where a received dossier stands at the receiver."""

    GEOPEND = "geopend"
    GEACCEPTEERD = "geaccepteerd"
    GEWEIGERD = "geweigerd"


@dataclass(frozen=True, slots=True)
class InboxItem:
    """A received and fully verified dossier, as the receiver keeps it."""

    handover_id: UUID
    sender_id: UUID
    sender_name: str
    sender_age_recipient: str
    received_at: datetime
    file_sha256: str
    dossier_version: int
    dossier_json: bytes
    dossier_pdf: bytes
    state: InboxState = InboxState.GEOPEND
    person_id: UUID | None = None
    """The person in this vault, once accepted."""
    decided_at: datetime | None = None
    reason: str = ""
    first_talk: date | None = None


@dataclass(frozen=True, slots=True)
class ReceiptRecord:
    """One verified receipt, kept with the handover it belongs to."""

    receipt_id: UUID
    handover_id: UUID
    kind: HandoverState
    at: datetime
    by_organisation: str
    by_user: str
    reason: str
    raw: bytes
    """The decrypted, signed bytes as they came, so that they can be shown as proof."""


@dataclass(frozen=True, slots=True)
class FingerprintCheck:
    """Who read back which organisation's control number, and when."""

    organisation_id: UUID
    fingerprint: str
    checked_by: UUID
    checked_by_name: str
    checked_at: datetime
