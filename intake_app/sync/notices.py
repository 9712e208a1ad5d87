"""Withdrawals and receipts: small signed files, encrypted to the other organisation.

Both have the shape of a commit: an age file with `{"body": …, "signature": …}`, SSHSIG over the
canonical JSON of `body`, in a namespace of their own. Both name the zending and the SHA-256 of its
ciphertext, so that neither says anything about another one.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from intake_app.crypto.age import Identity
from intake_app.crypto.sshsig import SigningKey
from intake_app.sync import fields, names
from intake_app.sync.commit import Signer, Signers
from intake_app.sync.errors import Refused

WITHDRAWAL: Final = "doorgaande-lijn-intrekking"
WITHDRAWAL_NAMESPACE: Final = "doorgaande-lijn-intrekking-v1"
RECEIPT: Final = "doorgaande-lijn-bewijs"
RECEIPT_NAMESPACE: Final = "doorgaande-lijn-bewijs-v1"
VERSION: Final = 1
WITHDRAWAL_LIMIT: Final = 64 * 1024
RECEIPT_LIMIT: Final = 512 * 1024
MAX_CHAIN: Final = 256 * 1024
MAX_REASON: Final = 2000


class ReceiptKind(StrEnum):
    """What a receiver says about a zending."""

    ONTVANGEN = "ontvangen"
    """Whole, verified and on disk here; a machine says so."""
    GEOPEND = "geopend"
    GEACCEPTEERD = "geaccepteerd"
    GEWEIGERD = "geweigerd"
    INGETROKKEN = "ingetrokken"
    """The withdrawal came before anybody opened it; the file was destroyed."""
    TE_LAAT = "te-laat"
    """The withdrawal came after it was opened; nothing was changed."""
    NIET_VOOR_ONS = "niet-voor-ons"
    VERVANGEN = "vervangen"
    """A newer version of the same dossier was here already, or came before this was opened."""
    OPNIEUW = "opnieuw"
    """What was received is lost here: all of it has to be offered anew. Always `names.AGAIN`."""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """The sender's request to destroy a zending that was not opened yet."""

    zid: str
    box: str
    sender: UUID
    recipient: UUID
    sha256: str
    handover_id: UUID
    dossier_id: UUID
    dossier_version: int
    reply_box: str
    at: datetime

    def plain(self) -> dict[str, Any]:
        """Return the withdrawal as it is signed."""
        return {
            "format": WITHDRAWAL,
            "version": VERSION,
            "zid": self.zid,
            "box": self.box,
            "sender": str(self.sender),
            "recipient": str(self.recipient),
            "sha256": self.sha256,
            "handover": str(self.handover_id),
            "dossier": {"id": str(self.dossier_id), "version": self.dossier_version},
            "reply_box": self.reply_box,
            "at": fields.time_text(self.at),
        }


@dataclass(frozen=True, slots=True)
class TransportReceipt:
    """What a receiver signs about one zending; `seq` counts from 1 and is in the file's name.

    `chain` is the receipt file of the handover itself, opaque here; `proof` the signed JSON, empty
    until read.
    """

    receipt_id: UUID
    zid: str
    sha256: str
    kind: ReceiptKind
    seq: int
    at: datetime
    by: UUID
    reason: str = ""
    chain: bytes = b""
    proof: bytes = field(default=b"", repr=False, compare=False)

    def plain(self) -> dict[str, Any]:
        """Return the receipt as it is signed."""
        return {
            "format": RECEIPT,
            "version": VERSION,
            "id": str(self.receipt_id),
            "zid": self.zid,
            "sha256": self.sha256,
            "kind": self.kind.value,
            "seq": self.seq,
            "at": fields.time_text(self.at),
            "by": str(self.by),
            "reason": self.reason,
            "chain": base64.b64encode(self.chain).decode("ascii"),
        }


def write_withdrawal(
    notice: Withdrawal, key: SigningKey, recipient: str, *, random: fields.Random
) -> bytes:
    """Return the file `<zid>.x`; raises Refused for what nobody would read."""
    _withdrawal(notice.plain())
    return fields.sealed(notice.plain(), WITHDRAWAL_NAMESPACE, key, recipient, random)


def read_withdrawal(
    data: bytes,
    identities: Sequence[Identity],
    *,
    zid: str,
    box: str,
    own: UUID,
    signers: Signers,
) -> tuple[Withdrawal, Signer]:
    """Return a verified withdrawal found under `zid` in `box`, and who signed it.

    Raises Refused for anything else.
    """
    body, signature, _ = fields.opened(data, identities, limit=WITHDRAWAL_LIMIT)
    notice = _withdrawal(body)
    if (notice.zid, notice.box, notice.recipient) != (zid, box, own):
        raise Refused
    known = signers(notice.sender)
    keys = [each.sign_public for each in known]
    public = fields.signed_by(body, signature, WITHDRAWAL_NAMESPACE, keys)
    if public is None:
        raise Refused
    return notice, next(each for each in known if each.sign_public == public)


def write_receipt(
    receipt: TransportReceipt, key: SigningKey, recipient: str, *, random: fields.Random
) -> bytes:
    """Return the file `<zid>.r<seq>`; raises Refused for what nobody would read."""
    _receipt(receipt.plain())
    return fields.sealed(receipt.plain(), RECEIPT_NAMESPACE, key, recipient, random)


def read_receipt(
    data: bytes,
    identities: Sequence[Identity],
    *,
    zid: str,
    sha256: str,
    seq: int,
    by: UUID,
    signers: Signers,
) -> TransportReceipt:
    """Return the verified receipt number `seq` of a zending, signed by organisation `by`.

    Raises Refused for anything else: of another zending, file, number or organisation.
    """
    body, signature, proof = fields.opened(data, identities, limit=RECEIPT_LIMIT)
    receipt = _receipt(body, proof)
    if (receipt.zid, receipt.sha256, receipt.seq, receipt.by) != (zid, sha256, seq, by):
        raise Refused
    keys = [each.sign_public for each in signers(by)]
    if fields.signed_by(body, signature, RECEIPT_NAMESPACE, keys) is None:
        raise Refused
    return receipt


def _withdrawal(body: dict[str, Any]) -> Withdrawal:
    wanted = "zid box sender recipient sha256 handover dossier reply_box at"
    zid, box, sender, recipient, sha256, handover, dossier, reply_box, at = fields.take(
        fields.of_format(body, WITHDRAWAL, VERSION), wanted
    )
    dossier_id, version = fields.take(dossier, "id version")
    for value, has_shape in ((zid, names.is_zid), (box, names.is_box), (reply_box, names.is_box)):
        if not isinstance(value, str) or not has_shape(value):
            raise Refused
    return Withdrawal(
        zid=zid,
        box=box,
        sender=fields.uuid(sender),
        recipient=fields.uuid(recipient),
        sha256=fields.sha256(sha256),
        handover_id=fields.uuid(handover),
        dossier_id=fields.uuid(dossier_id),
        dossier_version=fields.whole(version, 1, 1_000_000),
        reply_box=reply_box,
        at=fields.time_of(at),
    )


def _receipt(body: dict[str, Any], proof: bytes = b"") -> TransportReceipt:
    wanted = "id zid sha256 kind seq at by reason chain"
    ident, zid, sha256, kind, seq, at, by, reason, chain = fields.take(
        fields.of_format(body, RECEIPT, VERSION), wanted
    )
    if not isinstance(zid, str) or not names.is_zid(zid) or not isinstance(chain, str):
        raise Refused
    try:
        opaque = base64.b64decode(chain, validate=True)
        said = ReceiptKind(kind)
    except (binascii.Error, ValueError):
        raise Refused from None
    if len(opaque) > MAX_CHAIN:
        raise Refused
    return TransportReceipt(
        receipt_id=fields.uuid(ident),
        zid=zid,
        sha256=fields.sha256(sha256),
        kind=said,
        seq=fields.whole(seq, 1, names.MAX_RECEIPTS),
        at=fields.time_of(at),
        by=fields.uuid(by),
        reason=fields.words(reason, MAX_REASON),
        chain=opaque,
        proof=proof,
    )
