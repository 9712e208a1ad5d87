"""Sync as everybody above uses it: a pass of sending, a pass of receiving, and where all stands.

Nothing here decides when: a worker, a button or a command calls a pass whenever it likes. A pass
ends by itself, may be cancelled between two parts, and may be killed at any moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final
from uuid import UUID

from intake_app.domain.handover import FINAL, Handover, HandoverState
from intake_app.domain.transport import (
    Arrival,
    ArrivalState,
    Attempt,
    OutboxItem,
    OutboxKind,
    OutboxState,
    RefusedArrival,
)
from intake_app.sync.errors import Reason

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from intake_app.flows.relays import RelayPlace, SyncSettings
    from intake_app.flows.sync_report import ReceiveReport, SyncReport
    from intake_app.sync.driver import Box, Relay
    from intake_app.vault import Vault
    from intake_app.vault.transaction import Records

__all__ = [
    "ArrivalRow",
    "SyncState",
    "SyncStatus",
    "SyncSummary",
    "TransportRow",
    "arrivals",
    "outgoing",
    "receive_once",
    "run_once",
    "send_by_sync",
    "summary",
    "transport",
]

MOST_SHOWN: Final = 300
MANY_REFUSALS: Final = 3
UNOPENED_AFTER: Final = timedelta(days=7)
"""So long after a receiver signed for it and nobody opened it, somebody should call them."""
LONG_REFUSED: Final = timedelta(hours=1)
"""So often and so long something in our box is refused before anybody is bothered with it."""
_STUCK: Final = frozenset({Reason.FILE_GONE, Reason.REFUSED, Reason.UNKNOWN, Reason.TOO_LARGE})
_FORGED: Final = "vals bewijs"
_AFTERWARDS: Final = "na afloop"
_PUT_BACK: Final = "teruggezet"


class SyncState(StrEnum):
    """How far one item is, in the words of the screen."""

    WACHT = "wacht"
    BEZIG = "bezig"
    """Part of it is on the relay."""
    AANGEBODEN = "aangeboden"
    ONTVANGEN = "ontvangen"
    KLAAR = "klaar"
    """Nothing more to do: answered for good, or ended here before anybody could take it."""
    LET_OP = "let_op"


class SyncStatus(StrEnum):
    """One word for everything together; whether a pass runs now is the worker's to say."""

    NIETS_TE_DOEN = "niets_te_doen"
    WACHT = "wacht"
    BEZIG = "bezig"
    AANGEBODEN = "aangeboden"
    ONTVANGEN = "ontvangen"
    LET_OP = "let_op"


@dataclass(frozen=True, slots=True)
class TransportRow:
    """One line of the list of what goes out."""

    item: OutboxItem
    handover: Handover | None
    state: SyncState
    size: int
    """In bytes, as it travels."""
    done: int
    """How many of them are on the relay."""
    tries: int
    next_try: datetime | None
    reason: Reason | None
    history: tuple[Attempt, ...]
    withdrawal_asked: bool = False
    """We asked to destroy it and the receiver has not answered yet."""
    too_late: bool = False
    """The receiver answered that it was opened already."""
    unopened_days: int = 0
    """So many days ago the receiver signed for it and nobody opened it; 0 while that is fine."""

    @property
    def handover_id(self) -> UUID:
        """The handover it is about."""
        return self.item.subject_id

    @property
    def person_id(self) -> UUID | None:
        """Whose dossier it is, None when that is no longer in this vault."""
        return None if self.handover is None else self.handover.person_id

    @property
    def recipient_name(self) -> str:
        """The organisation it goes to, '' when the handover is no longer in this vault."""
        return "" if self.handover is None else self.handover.recipient_name

    @property
    def zid(self) -> str:
        """What it is called on the relay."""
        return self.item.zid

    @property
    def changed_at(self) -> datetime:
        """When something last happened to it."""
        return self.history[-1].at if self.history else self.item.added_at


@dataclass(frozen=True, slots=True)
class ArrivalRow:
    """One line of what came in and is not taken in yet, or was ended before it could be."""

    arrival: Arrival
    sender: str
    """Name of the sender in the address book, '' when it is not there any more."""
    lost: bool = False
    """It came, and its file is no longer on this laptop; the sender was asked for it anew."""


@dataclass(frozen=True, slots=True)
class SyncSummary:
    """Where sync stands as a whole."""

    status: SyncStatus
    waiting: int
    """Zendingen and requests that still have to reach the relay."""
    waiting_bytes: int
    offered: int
    """Zendingen on the relay that nobody answered yet."""
    received: int
    """Zendingen that the receiver has, not decided on yet."""
    attention: int
    """Items, and things in our box, that need a person."""
    unopened: int
    """What came in and nobody opened yet."""
    refused: int
    """What lies in our box and is not what it says it is."""
    reason: Reason | None = None
    """The reason of the item that failed last, None when none did."""


def never() -> bool:
    """Never stop."""
    return False


def run_once(
    vault: Vault,
    relay_of: Callable[[RelayPlace], Relay],
    *,
    settings: SyncSettings,
    cancelled: Callable[[], bool] = never,
    progress: Callable[[int, int], None] | None = None,
    only: UUID | None = None,
    force: bool = False,
) -> SyncReport:
    """Send what is due and ask for receipts, once; nothing is connected to when nothing is due.

    One bad item never holds up the others, an error nobody foresaw never loses one, and a relay
    that cannot be used at all costs no item a try. `only` is one item or handover, and `force`
    everything; both go before their waiting time is over. `progress` hears bytes done and total.
    Raises only VaultLocked, when the vault is closed meanwhile.
    """
    from intake_app.flows import sync_sending

    return sync_sending.run(
        vault,
        relay_of,
        settings=settings,
        cancelled=cancelled,
        progress=progress,
        only=only,
        force=force,
    )


def receive_once(
    vault: Vault,
    box: Box,
    *,
    cancelled: Callable[[], bool] = never,
    progress: Callable[[int, int], None] | None = None,
    force: bool = False,
) -> ReceiveReport:
    """Empty our own box once: verify, keep, answer, and clear up last.

    Receipts that wait for other decisions go too. `box` is left open. Raises as `run_once`.
    """
    from intake_app.flows import sync_receiving

    return sync_receiving.run(vault, box, cancelled=cancelled, progress=progress, force=force)


def send_by_sync(vault: Vault, handover_id: UUID, sealed: Path) -> OutboxItem:
    """Queue a sealed file that was offered on a stick; twice gives the same item.

    A new dossier goes by `hand_over.seal(…, by_sync=True)`. Raises HandOverRefused, SealError and
    VaultError; nothing was queued then.
    """
    from intake_app.flows import freezing

    return freezing.send_file(vault, handover_id, sealed)


def outgoing(vault: Vault) -> Path:
    """Return the folder of frozen ciphertexts, made when it is not there. Raises OSError."""
    from intake_app.flows import queueing

    return queueing.out_folder(vault)


def transport(vault: Vault, limit: int = MOST_SHOWN) -> tuple[TransportRow, ...]:
    """Return what goes out: everything that is not over, and the newest of the rest; newest first.

    Requests to withdraw are in the row of their zending; receipts to others are not in the list.
    """
    with vault.read("onderweg bekijken") as records:
        return _rows(records, limit, vault.env.now())


def _rows(records: Records, limit: int, now: datetime) -> tuple[TransportRow, ...]:
    newest = records.outbox.newest((OutboxKind.ZENDING,), limit)
    older = [
        item
        for item in records.outbox.open()
        if item.kind is OutboxKind.ZENDING and item not in newest
    ]
    return tuple(_row(records, item, now) for item in (*newest, *reversed(older)))


def _row(records: Records, item: OutboxItem, now: datetime) -> TransportRow:
    about = records.outbox.of_subject(item.subject_id)
    asked = next((i for i in about if i.kind is OutboxKind.INTREKKING and i.zid == item.zid), None)
    handover = records.handovers.get(item.subject_id)
    sent = item.state is not OutboxState.WACHT
    from intake_app.sync.parts import PART

    done = item.file_size if sent else min(item.file_size, item.done * PART)
    tried = item if asked is None or asked.state is not OutboxState.WACHT else asked
    return TransportRow(
        item=item,
        handover=handover,
        state=_state(item, handover, now),
        size=item.file_size,
        done=done,
        tries=tried.tries,
        next_try=tried.next_try,
        reason=Reason(tried.reason) if tried.reason else None,
        history=item.history,
        withdrawal_asked=asked is not None and not asked.receipt,
        too_late=asked is not None and asked.receipt == "te-laat",
        unopened_days=_unopened_days(item, now) if _is_open(handover) else 0,
    )


def _state(item: OutboxItem, handover: Handover | None, now: datetime) -> SyncState:
    if item.state is OutboxState.GESTOPT:
        return SyncState.KLAAR
    if _needs_somebody(item, handover, now):
        return SyncState.LET_OP
    if item.state is OutboxState.KLAAR:
        return SyncState.KLAAR
    if item.state is OutboxState.AANGEBODEN:
        received = handover is not None and handover.state is not HandoverState.AANGEBODEN
        return SyncState.ONTVANGEN if item.seen and received else SyncState.AANGEBODEN
    return SyncState.BEZIG if item.done else SyncState.WACHT


def _unopened_days(item: OutboxItem, now: datetime) -> int:
    """Return how many days it lies unopened at the receiver, 0 when that is not long yet."""
    if item.state is not OutboxState.AANGEBODEN or item.receipt != "ontvangen":
        return 0
    since = next((each.at for each in item.history if each.what == "ontvangen"), None)
    if since is None or now - since < UNOPENED_AFTER:
        return 0
    return (now - since).days


def _needs_somebody(item: OutboxItem, handover: Handover | None, now: datetime) -> bool:
    """Tell whether a person has to look: it cannot go, or something came that does not fit.

    Or the receiver signed for it and is silent: perhaps it was lost there.
    """
    if _is_open(handover) and _unopened_days(item, now):
        return True
    last = item.history[-1].what if item.history else ""
    stuck = item.state is OutboxState.WACHT and item.reason in {r.value for r in _STUCK}
    return stuck or last in {_FORGED, _AFTERWARDS, _PUT_BACK}


def arrivals(vault: Vault) -> tuple[ArrivalRow, ...]:
    """Return what came in and was never opened, the newest first: still to be opened, or ended.

    What was taken back before any of it came is not in the list: nobody could ever open it.
    """
    from intake_app.flows import arrived, queueing
    from intake_app.flows.recipient import current_book

    shown = {
        ArrivalState.ONTVANGEN,
        ArrivalState.INGETROKKEN,
        ArrivalState.VERVANGEN,
        ArrivalState.NIET_VOOR_ONS,
        ArrivalState.DOORGEGEVEN,
        ArrivalState.VERLOPEN,
    }
    with vault.read("binnengekomen zendingen bekijken") as records:
        known = queueing.signers_of(current_book(records))
        found = [each for each in records.arrivals.all() if each.state in shown and each.file_size]
    rows = []
    for each in reversed(found):
        who = known(each.sender_id)
        rows.append(ArrivalRow(each, who[0].name if who else "", lost=arrived.lost(vault, each)))
    return tuple(rows)


def refused(vault: Vault) -> tuple[RefusedArrival, ...]:
    """Return what lies in our box and is not what it says it is, the newest first."""
    with vault.read() as records:
        return records.arrivals.refused()


def summary(vault: Vault) -> SyncSummary:
    """Return where sync stands as a whole; cheap enough for a status line."""
    from intake_app.flows import sync_upkeep

    with vault.read() as records:
        items = [i for i in records.outbox.open() if i.kind is not OutboxKind.BEWIJS]
        handovers = {
            item.item_id: records.handovers.get(item.subject_id)
            for item in items
            if item.kind is OutboxKind.ZENDING
        }
        unopened = len(records.arrivals.in_state(ArrivalState.ONTVANGEN))
        wrong = sum(_is_wrong(each) for each in records.arrivals.refused())
    lost = len(sync_upkeep.lost(vault))
    waiting = [item for item in items if item.state is OutboxState.WACHT]
    out = [item for item in items if item.state is OutboxState.AANGEBODEN]
    now = vault.env.now()
    stuck = sum(_needs_somebody(item, handovers.get(item.item_id), now) for item in items)
    received = sum(bool(item.seen) for item in out if _is_open(handovers.get(item.item_id)))
    offered = sum(not item.seen for item in out)
    failed = [item for item in waiting if item.reason and item.tried_at is not None]
    last = max(failed, key=lambda item: str(item.tried_at), default=None)
    return SyncSummary(
        status=_status(stuck + wrong + lost, len(waiting), offered, received),
        waiting=len(waiting),
        waiting_bytes=sum(_left(item) for item in waiting),
        offered=offered,
        received=received,
        attention=stuck + wrong + lost,
        unopened=unopened,
        refused=wrong,
        reason=Reason(last.reason) if last is not None else None,
    )


def _is_wrong(refusal: RefusedArrival) -> bool:
    """Tell whether a refusal has lasted; a folder that is still being copied comes right soon."""
    return refusal.times >= MANY_REFUSALS and refusal.last_at - refusal.first_at >= LONG_REFUSED


def _is_open(handover: Handover | None) -> bool:
    return handover is not None and handover.state not in FINAL


def _left(item: OutboxItem) -> int:
    from intake_app.sync.parts import PART

    return max(0, item.file_size - item.done * PART)


def _status(stuck: int, waiting: int, offered: int, received: int) -> SyncStatus:
    if stuck:
        return SyncStatus.LET_OP
    if waiting:
        return SyncStatus.WACHT
    if offered:
        return SyncStatus.AANGEBODEN
    return SyncStatus.ONTVANGEN if received else SyncStatus.NIETS_TE_DOEN
