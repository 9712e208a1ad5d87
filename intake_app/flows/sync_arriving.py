"""What the vault keeps of what a sender signed: one transaction each, and nothing of a relay.

Whatever order things had on the way, it is decided here what became of a zending, and the receipt
that says so is queued in the same transaction.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from intake_app.domain.handover import InboxState
from intake_app.domain.transport import Arrival, ArrivalState, OutboxKind
from intake_app.flows import arrived, queueing, receive, sync_upkeep
from intake_app.flows.acting import actor_of
from intake_app.sync import names
from intake_app.sync.errors import Refused
from intake_app.sync.notices import ReceiptKind

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from intake_app.sync.commit import Commit, Signer
    from intake_app.sync.notices import Withdrawal
    from intake_app.vault import Vault
    from intake_app.vault.transaction import Records, Transaction

MOST_WITHDRAWN_UNSEEN: Final = 50
"""So many zendingen may one sender take back, in the time one may lie on a relay, that never came:
each costs a row and a receipt here."""
_STANDS: Final = {
    InboxState.GEOPEND: ArrivalState.GEOPEND,
    InboxState.GEACCEPTEERD: ArrivalState.GEACCEPTEERD,
    InboxState.GEWEIGERD: ArrivalState.GEWEIGERD,
}
_FIRST: Final = {
    ArrivalState.VERVANGEN: ReceiptKind.VERVANGEN,
    ArrivalState.VERLOPEN: ReceiptKind.GEWEIGERD,
}


def state_of(vault: Vault, records: Records, commit: Commit) -> ArrivalState:
    """Return what a zending will be: new, too late, overtaken, or here already by stick."""
    there = records.inbox.get(commit.handover_id)
    if there is not None and there.sender_id == commit.sender:
        return _STANDS[there.state]
    if sync_upkeep.is_over(vault, records, commit.valid_until):
        return ArrivalState.VERLOPEN
    newer = (
        other
        for other in records.arrivals.of_dossier(commit.sender, commit.dossier_id)
        if other.dossier_version > commit.dossier_version
        and other.state is not ArrivalState.INGETROKKEN
    )
    return ArrivalState.VERVANGEN if any(newer) else ArrivalState.ONTVANGEN


def arrive(
    vault: Vault,
    commit: Commit,
    by: Signer,
    state: ArrivalState,
    raw: bytes,
    *,
    answered: int = 0,
) -> bool:
    """Keep arrival and receipts in one go; False when it came in meanwhile.

    `answered` receipts are with the sender already.
    """
    stale: list[str] = []
    with vault.transaction(actor_of(vault), "zending ontvangen") as tx:
        there = tx.arrivals.get(commit.zid)
        if there is not None and not (is_phantom(there) and there.sender_id != commit.sender):
            return False
        now = vault.env.now()
        arrival = replace(
            arrival_of(commit, by, now),
            state=state,
            raw=raw if state is ArrivalState.ONTVANGEN else b"",
            # Receipts about somebody else's withdrawal went elsewhere and count for nothing.
            receipts=answered if there is None else _taken_names(tx, commit),
        )
        told = queueing.answer(
            vault,
            tx,
            arrival,
            _FIRST.get(state, ReceiptKind.ONTVANGEN),
            at=now,
            reason=sync_upkeep.OVER if state is ArrivalState.VERLOPEN else "",
        )
        if there is None:
            tx.arrivals.add(told)
        else:
            tx.arrivals.save(told)
        _answer_as_it_stands(vault, tx, told)
        queueing.stop_asking(vault, tx, told)
        if state is ArrivalState.ONTVANGEN:
            stale = _overtake(vault, tx, commit)
    for zid in stale:
        queueing.discard(vault.folder / queueing.IN / zid)
    return True


def _answer_as_it_stands(vault: Vault, tx: Transaction, answered: Arrival) -> None:
    """Tell what was done already with what came on a stick before."""
    item = tx.inbox.get(answered.inbox_id)
    if item is None or answered.state not in _STANDS.values():
        return
    if item.state is InboxState.GEOPEND:
        arrived.tell_opened(vault, tx, answered)
        return
    chain = receive.chain_of(vault, tx, item)
    if chain:
        arrived.answer_decided(vault, tx, answered, item, chain)


def _overtake(vault: Vault, tx: Transaction, commit: Commit) -> list[str]:
    """End older unopened versions of the same dossier; return their zids."""
    ended = []
    for other in tx.arrivals.of_dossier(commit.sender, commit.dossier_id):
        older = other.dossier_version < commit.dossier_version
        if other.state is ArrivalState.ONTVANGEN and (older or other.zid == commit.supersedes):
            now = vault.env.now()
            told = queueing.answer(vault, tx, other, ReceiptKind.VERVANGEN, at=now)
            tx.arrivals.save(queueing.ended(told, ArrivalState.VERVANGEN))
            ended.append(other.zid)
    return ended


def withdrawn(vault: Vault, zid: str) -> bool:
    """Destroy what was not opened yet, or say that it is too late, once; True when destroyed."""
    destroyed = False
    with vault.transaction(actor_of(vault), "zending ingetrokken") as tx:
        there = tx.arrivals.get(zid)
        settled = {ArrivalState.INGETROKKEN, ArrivalState.DOORGEGEVEN}
        if there is None or there.state in settled or _told(tx, there):
            return False
        now = vault.env.now()
        destroyed = there.state in {ArrivalState.ONTVANGEN, ArrivalState.VERLOPEN}
        kind = ReceiptKind.INGETROKKEN if destroyed else ReceiptKind.TE_LAAT
        told = queueing.answer(vault, tx, there, kind, at=now)
        if destroyed:
            told = queueing.ended(told, ArrivalState.INGETROKKEN)
        tx.arrivals.save(told)
    if destroyed:
        queueing.discard(vault.folder / queueing.IN / zid)
    return destroyed


def _told(tx: Transaction, there: Arrival) -> bool:
    """Tell whether this zending was said to be too late to withdraw: that is said once."""
    return any(
        item.zid == there.zid
        and item.kind is OutboxKind.BEWIJS
        and item.receipt == ReceiptKind.TE_LAAT.value
        for item in tx.outbox.of_subject(there.inbox_id)
    )


def withdrawn_unseen(vault: Vault, notice: Withdrawal, by: Signer, *, was_offered: bool) -> None:
    """Keep that a zending was withdrawn before it was taken: it never comes in any more.

    Raises Refused for one more than a sender may have of what was never offered.
    """
    with vault.transaction(actor_of(vault), "zending ingetrokken") as tx:
        if tx.arrivals.get(notice.zid) is None:
            now = vault.env.now()
            if not was_offered and _is_too_many(tx, notice.sender, now):
                raise Refused
            arrival = Arrival(
                zid=notice.zid,
                box=notice.box,
                sender_id=notice.sender,
                sender_recipient=by.age_recipient,
                reply_box=notice.reply_box,
                inbox_id=notice.handover_id,
                dossier_id=notice.dossier_id,
                dossier_version=notice.dossier_version,
                received_at=now,
                file_size=0,
                file_sha256=notice.sha256,
                content_size=0,
                content_sha256="",
                valid_until=None,
                state=ArrivalState.INGETROKKEN,
            )
            kind = ReceiptKind.INGETROKKEN
            tx.arrivals.add(queueing.answer(vault, tx, arrival, kind, at=now))


def arrival_of(commit: Commit, by: Signer, at: datetime) -> Arrival:
    """Return what a commit says, as it is kept; nothing is stored yet."""
    return Arrival(
        zid=commit.zid,
        box=commit.box,
        sender_id=commit.sender,
        sender_recipient=by.age_recipient,
        reply_box=commit.reply_box,
        inbox_id=commit.handover_id,
        dossier_id=commit.dossier_id,
        dossier_version=commit.dossier_version,
        received_at=at,
        file_size=commit.size,
        file_sha256=commit.sha256,
        content_size=commit.content_size,
        content_sha256=commit.content_sha256,
        valid_until=commit.valid_until,
    )


def _taken_names(records: Records, commit: Commit) -> int:
    """Return how many names of receipts are taken by answers to somebody else's withdrawal."""
    for number in range(1, names.AGAIN):
        if records.outbox.named(names.receipt(commit.reply_box, commit.zid, number)) is None:
            return number - 1
    return names.AGAIN - 1


def _is_too_many(records: Records, sender_id: UUID, now: datetime) -> bool:
    since = now - queueing.VALID
    unseen = [
        each
        for each in records.arrivals.in_state(ArrivalState.INGETROKKEN)
        if each.sender_id == sender_id and is_phantom(each) and each.received_at > since
    ]
    return len(unseen) >= MOST_WITHDRAWN_UNSEEN


def is_phantom(there: Arrival) -> bool:
    """Tell whether only a withdrawal was ever seen of this zending."""
    return there.state is ArrivalState.INGETROKKEN and there.file_size == 0
