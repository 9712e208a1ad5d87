"""Receipts that came over a relay: each verified on its own, and the handover moved in one go."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from intake_app.domain.event import EventKind
from intake_app.domain.handover import FINAL, Handover, HandoverState, ReceiptRecord, step
from intake_app.domain.transport import OutboxItem, OutboxKind, OutboxState
from intake_app.flows import queueing
from intake_app.flows.acting import actor_of
from intake_app.flows.handing import HandOverRefused, confirmed, record_event
from intake_app.flows.receipts import (
    RECEIPT_EVENTS,
    heard_after_all,
    import_receipt,
    is_ahead,
)
from intake_app.flows.recipient import current_book
from intake_app.flows.versions import is_newest
from intake_app.handover.errors import Refusal, RefusalReason
from intake_app.sync import names, sender
from intake_app.sync.errors import Refused
from intake_app.sync.notices import ReceiptKind, TransportReceipt, read_receipt
from intake_app.vault.stores.outbox import with_attempt

if TYPE_CHECKING:
    from datetime import datetime

    from intake_app.sync.driver import Relay
    from intake_app.vault import Vault
    from intake_app.vault.transaction import Transaction

LAST: Final = frozenset(
    {
        ReceiptKind.GEACCEPTEERD,
        ReceiptKind.GEWEIGERD,
        ReceiptKind.INGETROKKEN,
        ReceiptKind.NIET_VOOR_ONS,
        ReceiptKind.VERVANGEN,
    }
)
"""After one of these no other comes."""
FORGED: Final = "vals bewijs"
AFTERWARDS: Final = "na afloop"
"""What the history says of a receipt that could not move a handover that had ended."""
PUT_BACK: Final = "teruggezet"
"""What it says when the receiver has a newer version than we ever made, as far as we know."""
NOT_FOR_THEM: Final = "De ontvanger meldt dat dit dossier niet voor hem is bestemd."
_STEPS: Final = {
    ReceiptKind.ONTVANGEN: HandoverState.ONTVANGEN,
    ReceiptKind.GEOPEND: HandoverState.GEOPEND,
    ReceiptKind.GEWEIGERD: HandoverState.GEWEIGERD,
    ReceiptKind.NIET_VOOR_ONS: HandoverState.GEWEIGERD,
    ReceiptKind.INGETROKKEN: HandoverState.INGETROKKEN,
    ReceiptKind.VERVANGEN: HandoverState.VERVANGEN,
}


_BY_RECEIVER: Final = frozenset(
    {
        ReceiptKind.ONTVANGEN,
        ReceiptKind.GEOPEND,
        ReceiptKind.GEACCEPTEERD,
        ReceiptKind.GEWEIGERD,
        ReceiptKind.NIET_VOOR_ONS,
    }
)
"""What a receiver did with it, whatever the sender thought meanwhile."""


def poll(vault: Vault, relay: Relay, item: OutboxItem) -> bool:
    """Take in what receipts there are of a zending; True when one of them counted.

    What lies there and is no receipt of this zending changes nothing. Raises what a relay and the
    vault raise.
    """
    moved = False
    for seq in range(item.seen + 1, names.MAX_RECEIPTS + 1):
        data = sender.receipt(relay, item.reply_box, item.zid, seq)
        if data is None:
            break
        receipt = _verified(vault, item, data, seq)
        if receipt is not None and receipt.kind is ReceiptKind.OPNIEUW:
            continue  # no step: `asked_again` looks at it
        if receipt is None or not _take(vault, item, receipt):
            _note_forged(vault, item)
            continue
        moved = True
        if receipt.kind in LAST:
            break
    return moved


def asked_again(vault: Vault, relay: Relay, item: OutboxItem) -> datetime | None:
    """Return when the receiver asked for all of a zending again, None when it did not.

    What was honoured before counts no more: a relay may show it for ever.
    """
    data = sender.receipt(relay, item.reply_box, item.zid, names.AGAIN)
    if data is None:
        return None
    asked = _verified(vault, item, data, names.AGAIN)
    if asked is None or asked.kind is not ReceiptKind.OPNIEUW:
        return None
    before = [each.at for each in item.history if each.what == ReceiptKind.OPNIEUW.value]
    return asked.at if asked.at > max(before, default=item.added_at) else None


def _verified(vault: Vault, item: OutboxItem, data: bytes, seq: int) -> TransportReceipt | None:
    keys = queueing.keys_of(vault)
    with vault.read() as records:
        book = current_book(records)
    try:
        return read_receipt(
            data,
            keys.identities,
            zid=item.zid,
            sha256=item.file_sha256,
            seq=seq,
            by=item.recipient_id,
            signers=queueing.signers_of(book),
        )
    except Refused:
        return None


def _note_forged(vault: Vault, item: OutboxItem) -> None:
    """Let the history tell it, once in a row: a relay may show us the same thing for ever."""
    with vault.transaction(actor_of(vault), "ontvangstbewijs geweigerd") as tx:
        held = tx.outbox.get(item.item_id)
        if held is None or (held.history and held.history[-1].what == FORGED):
            return
        history = with_attempt(held.history, vault.env.now(), FORGED)
        tx.outbox.note(replace(held, history=history))


def _take(vault: Vault, item: OutboxItem, receipt: TransportReceipt) -> bool:
    """Keep a verified receipt and what it means; False when it proves nothing after all."""
    from intake_app.handover.receipts import receipt_for

    afterwards = False
    keys = queueing.keys_of(vault).identities
    if receipt.chain:
        try:
            if receipt_for(receipt.chain, identities=keys) != item.subject_id:
                return False
            import_receipt(vault, receipt.chain)
        except HandOverRefused:
            afterwards = True
        except Refusal as refusal:
            if refusal.reason is not RefusalReason.RECEIPT_ALREADY_KNOWN:
                return False
    elif receipt.kind is ReceiptKind.GEACCEPTEERD:
        # Only the receipt that a person of the receiver signed for counts as accepted.
        return False
    try:
        with vault.transaction(actor_of(vault), "ontvangstbewijs verwerken") as tx:
            held = tx.outbox.get(item.item_id)
            if held is None or held.seen >= receipt.seq:
                return True
            handover = tx.handovers.get(held.subject_id)
            if handover is not None:
                afterwards |= not _move(vault, tx, handover, receipt)
            overtaken = receipt.kind is ReceiptKind.VERVANGEN and is_newest(tx, held.subject_id)
            _keep(vault, tx, held, receipt, afterwards=afterwards, overtaken=overtaken)
            _answered(vault, tx, held, receipt)
    except ValueError:  # the identifier of another receipt
        return False
    return True


def _move(vault: Vault, tx: Transaction, handover: Handover, receipt: TransportReceipt) -> bool:
    """Move the handover on; False when it had ended otherwise. A step that was passed is fine."""
    handover = confirmed(vault, tx, handover)
    if receipt.kind in _BY_RECEIVER:
        handover = heard_after_all(tx, handover)
    if receipt.kind is ReceiptKind.TE_LAAT:
        if handover.reason and handover.state not in FINAL:
            tx.handovers.save(replace(handover, reason=""))
        return True
    state = _STEPS.get(receipt.kind)
    if state is None or receipt.chain:
        return True
    if handover.state in FINAL:
        # Destroyed or overtaken after its time was over: that is what was asked for.
        was_over = handover.state is HandoverState.VERLOPEN
        return handover.state is state or (was_over and receipt.kind not in _BY_RECEIVER)
    if is_ahead(handover.state, state):
        reason = NOT_FOR_THEM if receipt.kind is ReceiptKind.NIET_VOOR_ONS else receipt.reason
        now = step(handover, state, vault.env.now(), reason)
        tx.handovers.save(now)
        by = _name_of(tx, handover)
        _record(tx, now, receipt, by, reason)
        kind = (
            EventKind.OVERDRACHT_INGETROKKEN
            if state is HandoverState.INGETROKKEN
            else RECEIPT_EVENTS.get(state)
        )
        if kind is not None:
            record_event(vault, tx, now, kind, receipt.at.astimezone().date(), by)
    return True


def _name_of(tx: Transaction, handover: Handover) -> str:
    known = queueing.signers_of(current_book(tx))(handover.recipient_id)
    return known[0].name if known else handover.recipient_name


def _record(
    tx: Transaction, handover: Handover, receipt: TransportReceipt, by: str, reason: str
) -> None:
    tx.receipts.add(
        ReceiptRecord(
            receipt_id=receipt.receipt_id,
            handover_id=handover.handover_id,
            kind=handover.state,
            at=receipt.at,
            by_organisation=by,
            by_user="",
            reason=reason,
            raw=receipt.proof,
        )
    )


def _keep(
    vault: Vault,
    tx: Transaction,
    held: OutboxItem,
    receipt: TransportReceipt,
    *,
    afterwards: bool,
    overtaken: bool,
) -> None:
    now = vault.env.now()
    history = with_attempt(held.history, now, receipt.kind.value)
    if afterwards:
        history = with_attempt(history, now, AFTERWARDS)
    over = receipt.kind in LAST
    if overtaken:
        history = with_attempt(history, now, PUT_BACK)
    open_again = held.state is OutboxState.GESTOPT and not afterwards
    if open_again and receipt.kind in _BY_RECEIVER:
        held = replace(held, state=OutboxState.AANGEBODEN, offered_at=now)
    tx.outbox.save(
        replace(
            held,
            committing=True,
            seen=receipt.seq,
            receipt=receipt.kind.value,
            history=history,
            state=OutboxState.KLAAR if over else held.state,
            tries=0,
            reason="",
            next_try=None if over else held.next_try,
        )
    )


def _answered(vault: Vault, tx: Transaction, held: OutboxItem, receipt: TransportReceipt) -> None:
    """Keep with the request to withdraw what came of it."""
    if receipt.kind not in {ReceiptKind.INGETROKKEN, ReceiptKind.TE_LAAT}:
        return
    asked = queueing.asked_back(tx, held.subject_id)
    if asked is None or asked.kind is not OutboxKind.INTREKKING:
        return
    now = vault.env.now()
    tx.outbox.save(
        replace(
            asked,
            state=OutboxState.KLAAR,
            receipt=receipt.kind.value,
            reason="",
            next_try=None,
            history=with_attempt(asked.history, now, receipt.kind.value),
        )
    )
