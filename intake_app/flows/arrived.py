"""What came in by sync: opened when somebody wants to, and answered in the same transaction.

Opening is the moment after which a sender can no longer take a zending back. It is decided by this
vault's own transaction, whatever order things had on the way.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from intake_app.domain.handover import InboxItem, InboxState
from intake_app.domain.transport import Arrival, ArrivalState
from intake_app.flows import queueing
from intake_app.flows.acting import actor_of
from intake_app.sentences import Sentence, Told

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from uuid import UUID

    from intake_app.handover.receipts import Receipt
    from intake_app.vault import Vault
    from intake_app.vault.transaction import Records, Transaction


class ReceiveRefused(Told):
    """Accepting, refusing or writing a receipt is not possible now; str() is a Dutch sentence."""


_GONE: Final = {
    ArrivalState.INGETROKKEN: Sentence(
        "De afzender heeft dit dossier ingetrokken voordat het open ging."
    ),
    ArrivalState.VERVANGEN: Sentence("Er is een nieuwere versie van dit dossier. Open die versie."),
    ArrivalState.NIET_VOOR_ONS: Sentence("Je hebt gemeld dat dit dossier niet voor jullie is."),
    ArrivalState.DOORGEGEVEN: Sentence("Dit dossier is doorgegeven aan een collega."),
    ArrivalState.VERLOPEN: Sentence(
        "Niemand heeft dit dossier op tijd geopend. Het is vernietigd."
    ),
}
_OPENED_STATES: Final = frozenset(
    {ArrivalState.GEOPEND, ArrivalState.GEACCEPTEERD, ArrivalState.GEWEIGERD}
)
_OPENED: Final = Sentence("Dit dossier is al geopend. Je vindt het bij Ontvangen dossiers.")
_MISSING: Final = Sentence(
    "Het verzegelde bestand staat niet meer op deze laptop. Het programma vraagt de afzender om "
    "het opnieuw te sturen. Is het er na een dag nog niet? Bel dan de afzender."
)


@contextmanager
def unwrapped(vault: Vault, zid: str) -> Iterator[tuple[Path, Arrival]]:
    """Give the sealed file of an arrival for as long as the block lasts, still sealed.

    Raises ReceiveRefused when it is not there to be opened, and SyncError for a file that is not
    the one that came, or for the disk.
    """
    from intake_app.sync.parts import thaw

    with vault.read() as records:
        arrival = records.arrivals.get(zid)
    arrival = _openable(arrival)
    folder = queueing.in_folder(vault)
    if not (folder / zid).exists():
        raise ReceiveRefused(_MISSING)
    path = folder / f"{zid}.{vault.env.random(4).hex()}.zip.deel"
    try:
        thaw(
            folder / zid,
            path,
            queueing.keys_of(vault).identities,
            content_size=arrival.content_size,
            content_sha256=arrival.content_sha256,
        )
        yield path, arrival
    finally:
        queueing.discard(path)


def _openable(arrival: Arrival | None) -> Arrival:
    if arrival is None:
        raise ReceiveRefused(_MISSING)
    if arrival.state is not ArrivalState.ONTVANGEN:
        raise ReceiveRefused(_GONE.get(arrival.state, _OPENED))
    return arrival


def discard(vault: Vault, zid: str) -> None:
    """Remove the ciphertext of an arrival that nobody needs any more."""
    queueing.discard(vault.folder / queueing.IN / zid)


def opened(vault: Vault, tx: Transaction, zid: str) -> None:
    """Record that an arrival is opened now. Raises ReceiveRefused when it ended meanwhile."""
    tell_opened(vault, tx, _openable(tx.arrivals.get(zid)))


def tell_opened(vault: Vault, tx: Transaction, arrival: Arrival) -> None:
    """Keep that an arrival is open, and queue the receipt that says so."""
    from intake_app.sync.notices import ReceiptKind

    at = max(vault.env.now(), arrival.received_at)
    answered = queueing.answer(vault, tx, arrival, ReceiptKind.GEOPEND, at=at)
    tx.arrivals.save(queueing.ended(answered, ArrivalState.GEOPEND))


def came_otherwise(vault: Vault, tx: Transaction, item: InboxItem) -> None:
    """Record that the same handover was opened from a stick: its arrival needs no opening."""
    for arrival in tx.arrivals.of_inbox(item.handover_id):
        same = arrival.sender_id == item.sender_id
        if same and arrival.state is ArrivalState.ONTVANGEN:
            opened(vault, tx, arrival.zid)


def of_handover(records: Records, handover_id: UUID) -> Arrival | None:
    """Return the newest opened arrival of a received handover, None when it came otherwise.

    Somebody else's zending may carry the same number: only that of who sent the dossier counts.
    """
    item = records.inbox.get(handover_id)
    found = [
        each
        for each in records.arrivals.of_inbox(handover_id)
        if each.state in _OPENED_STATES and item is not None and each.sender_id == item.sender_id
    ]
    return found[-1] if found else None


def lost(vault: Vault, arrival: Arrival) -> bool:
    """Tell whether an arrival that nobody opened has no file here: a disk, or a backup put back."""
    waits = arrival.state is ArrivalState.ONTVANGEN
    unfinished = arrival.state is ArrivalState.DOORGEGEVEN and bool(arrival.raw)
    return (waits or unfinished) and not (vault.folder / queueing.IN / arrival.zid).exists()


def decided(vault: Vault, tx: Transaction, item: InboxItem, chain: Sequence[Receipt]) -> None:
    """Queue the receipt of a decision for whoever sent it by sync; nothing for a stick."""
    arrival = of_handover(tx, item.handover_id)
    if arrival is not None:
        answer_decided(vault, tx, arrival, item, chain)


def answer_decided(
    vault: Vault, tx: Transaction, arrival: Arrival, item: InboxItem, chain: Sequence[Receipt]
) -> None:
    """Queue the receipt of the decision on `item` for an arrival of it; nothing when undecided."""
    from intake_app.handover.receipts import receipt_file
    from intake_app.sync.notices import ReceiptKind

    kinds = {
        InboxState.GEACCEPTEERD: (ReceiptKind.GEACCEPTEERD, ArrivalState.GEACCEPTEERD),
        InboxState.GEWEIGERD: (ReceiptKind.GEWEIGERD, ArrivalState.GEWEIGERD),
    }
    if item.state not in kinds:
        return
    kind, state = kinds[item.state]
    keys = queueing.keys_of(vault)
    file = receipt_file(chain, keys.signing, item.sender_age_recipient, random=vault.env.random)
    at = max(item.decided_at or vault.env.now(), arrival.received_at)
    answered = queueing.answer(vault, tx, arrival, kind, at=at, reason=item.reason, chain=file)
    tx.arrivals.save(queueing.ended(answered, state))


def not_for_us(vault: Vault, zid: str) -> None:
    """Say that an unopened zending is not for this organisation; it is destroyed and answered.

    Raises ReceiveRefused when it was opened or ended already.
    """
    from intake_app.sync.notices import ReceiptKind

    with vault.transaction(actor_of(vault), "zending is niet voor ons") as tx:
        arrival = _openable(tx.arrivals.get(zid))
        at = max(vault.env.now(), arrival.received_at)
        answered = queueing.answer(vault, tx, arrival, ReceiptKind.NIET_VOOR_ONS, at=at)
        tx.arrivals.save(queueing.ended(answered, ArrivalState.NIET_VOOR_ONS))
    discard(vault, zid)
