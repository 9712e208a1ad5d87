"""Receipts that come in: verified, kept as proof, and moving the handover on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final
from uuid import UUID

from intake_app.domain.event import EventKind
from intake_app.domain.handover import FINAL, Handover, HandoverState, ReceiptRecord, step
from intake_app.flows import queueing
from intake_app.flows.acting import actor_of
from intake_app.flows.handing import HandOverRefused, confirmed, known, record_event
from intake_app.flows.recipient import current_book
from intake_app.flows.versions import is_newest
from intake_app.sentences import Sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from intake_app.crypto.age import Identity
    from intake_app.handover.receipts import Receipt
    from intake_app.vault import Vault
    from intake_app.vault.transaction import Transaction

RECEIPT_EVENTS: Final = {
    HandoverState.ONTVANGEN: EventKind.OVERDRACHT_ONTVANGEN,
    HandoverState.GEOPEND: EventKind.OVERDRACHT_GEOPEND,
    HandoverState.GEACCEPTEERD: EventKind.OVERDRACHT_GEACCEPTEERD,
    HandoverState.GEWEIGERD: EventKind.OVERDRACHT_GEWEIGERD,
}


def import_receipt(vault: Vault, path: Path | bytes) -> Handover:
    """Verify a receipt file and move its handover on; return the handover as it stands then.

    `path` may also be the bytes of the file.

    A key that was revoked proves nothing, of whatever day the receipt says it is: who has that key
    writes the day as well.

    Raises `handover.errors.Refusal` for a file that is no receipt, damaged, forged, for another
    handover or file, or known already, and `HandOverRefused` where the handover has ended
    otherwise. On any of them nothing changes.
    """
    from intake_app.crypto import age
    from intake_app.handover import receipts
    from intake_app.handover.address_book import REVOKED
    from intake_app.handover.errors import Refusal, RefusalReason

    identities = [age.parse_identity(text) for text in vault.organisation_keys().age_identities]
    claimed = receipts.receipt_for(path, identities=identities)
    with vault.read() as records:
        handover = records.handovers.get(claimed)
        known = {record.receipt_id for record in records.receipts.of_handover(claimed)}
        book = current_book(records)
    if handover is None or book is None:
        raise Refusal(RefusalReason.RECEIPT_OTHER_HANDOVER)
    signers = [
        e.sign_public
        for e in book.entries
        if e.organisation_id == handover.recipient_id and e.status != REVOKED
    ]
    chain = _verified(path, identities, signers, handover, known.__contains__)
    return _advance(vault, claimed, chain)


def _verified(
    path: Path | bytes,
    identities: Sequence[Identity],
    signers: list[str],
    handover: Handover,
    seen: Callable[[UUID], bool],
) -> tuple[Receipt, ...]:
    """Read the receipts as signed by one of `signers`."""
    from intake_app.handover.errors import Refusal, RefusalReason
    from intake_app.handover.receipts import read_receipt

    refused = Refusal(RefusalReason.RECEIPT_SIGNATURE_BROKEN)
    for signer in dict.fromkeys(signers):
        try:
            return read_receipt(
                path,
                identities=identities,
                expected_signer=signer,
                handover_id=handover.handover_id,
                dossier_digest=handover.file_sha256,
                seen=seen,
            )
        except Refusal as error:
            if error.reason is not RefusalReason.RECEIPT_SIGNATURE_BROKEN:
                raise
            refused = error
    raise refused


def _advance(vault: Vault, handover_id: UUID, chain: tuple[Receipt, ...]) -> Handover:
    with vault.transaction(actor_of(vault), "ontvangstbewijs verwerken") as tx:
        handover = known(tx, handover_id)
        handover = heard_after_all(tx, handover)
        if handover.state in FINAL:
            raise HandOverRefused(_ended(handover, chain))
        if queueing.standing_zending(tx, handover_id) is not None:
            handover = confirmed(vault, tx, handover)
        for receipt in chain:
            state = HandoverState(receipt.kind.value)
            if not is_ahead(handover.state, state):
                continue  # the transport brought this step already
            handover = replace(
                step(handover, state, vault.env.now(), receipt.reason),
                first_talk=receipt.first_talk or handover.first_talk,
            )
            tx.receipts.add(_record(receipt, state))
            record_event(
                vault,
                tx,
                handover,
                RECEIPT_EVENTS[state],
                receipt.at.astimezone().date(),
                receipt.by_organisation,
            )
        tx.handovers.save(handover)
    return handover


def heard_after_all(tx: Transaction, handover: Handover) -> Handover:
    """Return a handover whose time was over as open again: it was a guess, a receipt is proof.

    Not where a newer version went since; that one counts.
    """
    if handover.state is not HandoverState.VERLOPEN or not is_newest(tx, handover.handover_id):
        return handover
    return replace(handover, state=HandoverState.AANGEBODEN)


def is_ahead(now: HandoverState, to: HandoverState) -> bool:
    """Tell whether `to` comes after `now` in the one order of states."""
    order = list(HandoverState)
    return order.index(to) > order.index(now)


def _ended(handover: Handover, chain: tuple[Receipt, ...]) -> Sentence:
    decided = Sentence(chain[-1].kind.value)
    if handover.state is HandoverState.VERVANGEN:
        return Sentence(
            "De ontvanger heeft versie {version} {decided}, maar er is een "
            "nieuwere versie. Er is niets veranderd. Vraag de ontvanger die te openen.",
            version=handover.dossier_version,
            decided=decided,
        )
    if handover.state is HandoverState.INGETROKKEN:
        return Sentence(
            "De ontvanger heeft dit dossier {decided}, maar je hebt de overdracht ingetrokken. "
            "Er is niets veranderd. Bel de ontvanger.",
            decided=decided,
        )
    return Sentence(
        "Deze overdracht is al {state}. Er is niets veranderd. "
        "Bel de ontvanger als dit bewijs iets anders zegt.",
        state=Sentence(handover.state.value),
    )


def _record(receipt: Receipt, state: HandoverState) -> ReceiptRecord:
    return ReceiptRecord(
        receipt_id=receipt.receipt_id,
        handover_id=receipt.handover_id,
        kind=state,
        at=receipt.at,
        by_organisation=receipt.by_organisation,
        by_user=receipt.by_user_name,
        reason=receipt.reason,
        raw=receipt.signed,
    )
