"""What travels between organisations, as both sides keep it: outgoing items and arrivals."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class OutboxKind(StrEnum):
    """What an outgoing item is."""

    ZENDING = "zending"
    """A sealed dossier."""
    INTREKKING = "intrekking"
    """The request to destroy a zending that was not opened yet."""
    BEWIJS = "bewijs"
    """A receipt for who sent us a zending."""


class OutboxState(StrEnum):
    """How far an outgoing item is. Nothing here says that anybody received anything."""

    WACHT = "wacht"
    AANGEBODEN = "aangeboden"
    """Confirmed on the relay; for a zending the receipts are waited for."""
    KLAAR = "klaar"
    """The receiver's last word is in, or a small item is on the relay."""
    GESTOPT = "gestopt"
    """Ended here before anything could be taken, or its time is over."""


OPEN: frozenset[OutboxState] = frozenset({OutboxState.WACHT, OutboxState.AANGEBODEN})
"""States in which there is still something to do."""


class ArrivalState(StrEnum):
    """Where a zending stands that came in."""

    ONTVANGEN = "ontvangen"
    """Verified and on disk, still sealed."""
    GEOPEND = "geopend"
    """The dossier is in the inbox of this vault."""
    GEACCEPTEERD = "geaccepteerd"
    GEWEIGERD = "geweigerd"
    INGETROKKEN = "ingetrokken"
    """The sender took it back before anybody opened it; the file was destroyed."""
    VERVANGEN = "vervangen"
    """A newer version of the same dossier came before anybody opened it."""
    NIET_VOOR_ONS = "niet-voor-ons"
    DOORGEGEVEN = "doorgegeven"
    """The sealed file is for the vault of a colleague, who answers from there. Written before
    anything is copied; `Arrival.raw` is empty once all of it is there."""
    VERLOPEN = "verlopen"
    """Nobody opened it in time; the file was destroyed."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """Something that happened to an outgoing item; `what` is a reason or a state."""

    at: datetime
    what: str


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """Something that has to reach another organisation.

    Frozen when it was added: name, bytes and file never change, whatever is tried again. For a
    zending `file_name` is the ciphertext in the vault's `uitgaand`, `parts` the SHA-256 (hex) of
    each part in order, and `notice` the commit; the others are `notice` alone.
    """

    item_id: UUID
    kind: OutboxKind
    subject_id: UUID
    """The handover it is about."""
    recipient_id: UUID
    """The organisation it goes to."""
    added_at: datetime
    zid: str
    name: str
    """Under which `notice` is put on the relay; no two items have the same."""
    notice: bytes = field(repr=False)
    box: str = ""
    reply_box: str = ""
    state: OutboxState = OutboxState.WACHT
    file_name: str = ""
    file_size: int = 0
    file_sha256: str = ""
    parts: tuple[str, ...] = ()
    done: int = 0
    """How many parts are on the relay, as far as is known."""
    committing: bool = False
    """True as soon as the commit may be on the relay."""
    offers: int = 0
    """How often it was confirmed on the relay: more than once when the relay lost it."""
    tries: int = 0
    """Failures in a row without progress."""
    tried_at: datetime | None = None
    next_try: datetime | None = None
    reason: str = ""
    """Why the last try failed, '' when it did not."""
    history: tuple[Attempt, ...] = ()
    offered_at: datetime | None = None
    valid_until: datetime | None = None
    seen: int = 0
    """The number of the last receipt that was taken in."""
    receipt: str = ""
    """The kind of that receipt."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A zending that came in and was verified, opened or not; there is one row for each zid."""

    zid: str
    box: str
    sender_id: UUID
    sender_recipient: str
    """The age key that receipts are encrypted to."""
    reply_box: str
    inbox_id: UUID
    """The handover, as the sender numbers it."""
    dossier_id: UUID
    dossier_version: int
    received_at: datetime
    file_size: int
    file_sha256: str
    content_size: int
    content_sha256: str
    valid_until: datetime | None
    state: ArrivalState = ArrivalState.ONTVANGEN
    receipts: int = 0
    """The number of the last receipt that was made."""
    handed_to: str = ""
    """What the rule was called by which it goes to a colleague, '' when it does not."""
    handed_folder: str = ""
    """The folder of that colleague; answers come back from there, whatever becomes of the rule."""
    raw: bytes = field(default=b"", repr=False)
    """The signed commit as it came, as long as the zending may still have to be handed on."""


@dataclass(frozen=True, slots=True)
class RefusedArrival:
    """Something in our box that is not what it says it is; nothing of it was taken."""

    zid: str
    first_at: datetime
    last_at: datetime
    times: int
    reason: str
    next_try: datetime | None
