"""What is answered about a received dossier whose term is over: the decision, and nothing else.

The dossier, its receipts and the names in them are gone. A sender that offers it again did not hear
the answer (a relay lost it); without one it would offer it until its time is over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from intake_app.domain.handover import InboxState
from intake_app.flows import queueing
from intake_app.sync import names, notices, sender

if TYPE_CHECKING:
    from intake_app.sync.commit import Commit, Signer
    from intake_app.sync.driver import Relay
    from intake_app.vault import Vault
    from intake_app.vault.stores.removals import RemovedDossier

NO_LONGER_KNOWN: Final = "De reden is gewist toen de bewaartermijn voorbij was."
MOST_BEFORE: Final = 4
"""At most so many receipts a decided dossier has: received, opened, too late, decided."""


def answer(vault: Vault, relay: Relay, commit: Commit, by: Signer, stub: RemovedDossier) -> None:
    """Put what was decided under every number that the sender may be waiting for.

    Which ones the sender has is not known any more. Nothing is stored. Nothing is put for a
    dossier that nobody decided on. Raises what a relay raises.
    """
    kinds = {
        InboxState.GEACCEPTEERD: notices.ReceiptKind.GEACCEPTEERD,
        InboxState.GEWEIGERD: notices.ReceiptKind.GEWEIGERD,
    }
    kind = kinds.get(stub.state)
    if kind is None:
        return
    env, keys = vault.env, queueing.keys_of(vault)
    accepted = kind is notices.ReceiptKind.GEACCEPTEERD
    chain = _chain(vault, commit, by, stub) if accepted else b""
    for seq in range(1, MOST_BEFORE + 1):
        receipt = notices.TransportReceipt(
            receipt_id=env.uuid(),
            zid=commit.zid,
            sha256=commit.sha256,
            kind=kind,
            seq=seq,
            at=stub.decided_at or stub.received_at,
            by=keys.organisation_id,
            reason="" if accepted else NO_LONGER_KNOWN,
            chain=chain,
        )
        file = notices.write_receipt(receipt, keys.signing, by.age_recipient, random=env.random)
        sender.put_notice(relay, names.receipt(commit.reply_box, commit.zid, seq), file)


def _chain(vault: Vault, commit: Commit, by: Signer, stub: RemovedDossier) -> bytes:
    """Return the signed acceptance once more, without who decided: that was removed."""
    from intake_app.handover.receipts import Receipt, ReceiptKind, receipt_file

    organisation = vault.info.organisation.name
    decided_at = max(stub.decided_at or stub.received_at, stub.received_at)
    steps = (
        (ReceiptKind.ONTVANGEN, stub.received_at),
        (ReceiptKind.GEOPEND, stub.received_at),
        (ReceiptKind.GEACCEPTEERD, decided_at),
    )
    chain = [
        Receipt(
            receipt_id=vault.env.uuid(),
            handover_id=commit.handover_id,
            dossier_digest=stub.file_sha256,
            kind=kind,
            at=at,
            by_organisation=organisation,
            by_user_name=organisation,
        )
        for kind, at in steps
    ]
    keys = queueing.keys_of(vault)
    return receipt_file(chain, keys.signing, by.age_recipient, random=vault.env.random)
