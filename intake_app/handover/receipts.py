"""Receipts: what the receiving organisation signs, so that the sender knows where a dossier is.

A receipt file is encrypted to the original sender and carries the whole chain up to now
(ontvangen, geopend, geaccepteerd or geweigerd), each signed apart over its canonical JSON. It is
bound to the handover and to the exact file by its SHA-256, so it proves nothing about another.
"""

from __future__ import annotations

import hmac
import io
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from intake_app.crypto import sshsig
from intake_app.crypto.age import (
    AgeError,
    Identity,
    NoMatchError,
    encrypt,
    open_decrypted,
    parse_recipient,
)
from intake_app.crypto.sshsig import SignatureError, SigningKey
from intake_app.crypto.strict_json import (
    JsonRefusedError,
    canonical_json,
    readable_json,
    strict_json,
)
from intake_app.handover import limits
from intake_app.handover.codec import parse_date, parse_time, time_text
from intake_app.handover.errors import Refusal, RefusalReason
from intake_app.handover.manifest import Unreadable, check_format, shaped, take, uuid, words
from intake_app.handover.padding import padded_size
from intake_app.handover.safe_file import new_file

FORMAT: Final = "doorgaande-lijn-ontvangst"
VERSION: Final = 1
NAMESPACE: Final = "doorgaande-lijn-ontvangst-v1"
MAX_REASON: Final = 2000
_LEAST_SIZE: Final = 4096
_SHA256: Final = re.compile(r"[0-9a-f]{64}\Z")


class ReceiptKind(StrEnum):
    """The steps a receiver confirms, in their order; the last two exclude each other."""

    ONTVANGEN = "ontvangen"
    GEOPEND = "geopend"
    GEACCEPTEERD = "geaccepteerd"
    GEWEIGERD = "geweigerd"


_ORDER: Final = {
    ReceiptKind.ONTVANGEN: 0,
    ReceiptKind.GEOPEND: 1,
    ReceiptKind.GEACCEPTEERD: 2,
    ReceiptKind.GEWEIGERD: 2,
}


@dataclass(frozen=True, slots=True)
class Receipt:
    """One confirmed step. `dossier_digest` is the SHA-256 (hex) of the sealed file.

    `signed` is empty until read: then it holds the signed JSON with its signature, as proof.
    """

    receipt_id: UUID
    handover_id: UUID
    dossier_digest: str
    kind: ReceiptKind
    at: datetime
    by_organisation: str
    by_user_name: str
    reason: str = ""
    first_talk: date | None = None
    signed: bytes = field(default=b"", repr=False, compare=False)

    def plain(self) -> dict[str, Any]:
        """Return the receipt as it is signed."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "id": str(self.receipt_id),
            "handover": str(self.handover_id),
            "file_sha256": self.dossier_digest,
            "kind": self.kind.value,
            "at": time_text(self.at),
            "organisation": self.by_organisation,
            "user": self.by_user_name,
            "reason": self.reason,
            "first_talk": self.first_talk.isoformat() if self.first_talk else None,
        }


def receipt_file_name(handover_id: UUID) -> str:
    """Return what a receipt file is called: no name or place, eight digits of the handover id."""
    return f"ontvangst-{handover_id.hex[:8]}.age"


def write_receipt(
    receipts: Sequence[Receipt],
    signing_key: SigningKey,
    sender_recipient: str,
    target: Path,
    *,
    random: Callable[[int], bytes],
) -> Path:
    """Write the chain of receipts of one handover to a new file and return its path.

    `target` is a file name, or an existing folder in which the file gets its own name;
    `sender_recipient` is the age key of the handover's sender. Raises ValueError for a chain that
    contradicts itself, SealError for the disk.
    """
    data = receipt_file(receipts, signing_key, sender_recipient, random=random)
    path = target / receipt_file_name(receipts[0].handover_id) if target.is_dir() else target
    with new_file(path, random) as out:
        out.write(data)
    return path


def receipt_file(
    receipts: Sequence[Receipt],
    signing_key: SigningKey,
    sender_recipient: str,
    *,
    random: Callable[[int], bytes],
) -> bytes:
    """Return what `write_receipt` writes, to travel otherwise than as a file. Raises ValueError."""
    if not receipts:
        raise ValueError("no receipts")
    first = receipts[0]
    if not _is_chain(receipts, first.handover_id, first.dossier_digest):
        raise ValueError("the receipts contradict each other")
    signed = [_signed(receipt, signing_key) for receipt in receipts]
    body = readable_json({"format": FORMAT, "version": VERSION, "receipts": signed})
    # White space after the JSON hides which steps the file carries.
    body += b" " * (padded_size(max(len(body), _LEAST_SIZE)) - len(body))
    _parse(body)
    out = io.BytesIO()
    encrypt([parse_recipient(sender_recipient)], io.BytesIO(body), out, random=random)
    return out.getvalue()


def _signed(receipt: Receipt, key: SigningKey) -> dict[str, Any]:
    plain = receipt.plain()
    return {"receipt": plain, "signature": sshsig.sign(key, NAMESPACE, canonical_json(plain))}


def read_receipt(
    path: Path | bytes,
    *,
    identities: Iterable[Identity],
    expected_signer: str,
    handover_id: UUID,
    dossier_digest: str,
    seen: Callable[[UUID], bool],
) -> tuple[Receipt, ...]:
    """Return the receipts in a file that are new, in order, all verified.

    `path` may also be the bytes of the file. `expected_signer` is the signing key of the
    organisation the handover was sealed for, `dossier_digest` the SHA-256 of the file that was
    sealed, `seen` tells which receipt ids were taken in before. Every receipt in the file must be
    right, also those seen before. Raises Refusal, and nothing else for any content of the file.
    """
    pairs = _parse(_decrypted(path, tuple(identities)))
    for receipt, signature in pairs:
        try:
            data = canonical_json(receipt.plain())
            sshsig.verify(expected_signer, NAMESPACE, data, signature)
        except SignatureError:
            raise Refusal(RefusalReason.RECEIPT_SIGNATURE_BROKEN) from None
    found = [receipt for receipt, _ in pairs]
    if any(receipt.handover_id != handover_id for receipt in found):
        raise Refusal(RefusalReason.RECEIPT_OTHER_HANDOVER)
    if any(not hmac.compare_digest(r.dossier_digest, dossier_digest) for r in found):
        raise Refusal(RefusalReason.RECEIPT_OTHER_FILE)
    if not _is_chain(found, handover_id, dossier_digest):
        raise Refusal(RefusalReason.RECEIPT_CONTRADICTS)
    new = tuple(receipt for receipt in found if not seen(receipt.receipt_id))
    if not new:
        raise Refusal(RefusalReason.RECEIPT_ALREADY_KNOWN)
    return new


def receipt_for(path: Path | bytes, *, identities: Iterable[Identity]) -> UUID:
    """Return the handover a receipt file says it is about; raises Refusal.

    Nothing is verified: use it only to find the handover to give to `read_receipt`.
    """
    return _parse(_decrypted(path, tuple(identities)))[0][0].handover_id


def _is_chain(receipts: Sequence[Receipt], handover_id: UUID, dossier_digest: str) -> bool:
    """Tell whether the steps are about one file, in order, each at most once, with own ids."""
    steps = [_ORDER[receipt.kind] for receipt in receipts]
    times = [receipt.at for receipt in receipts]
    about = {(receipt.handover_id, receipt.dossier_digest) for receipt in receipts}
    return (
        steps == sorted(set(steps))
        and times == sorted(times)
        and about == {(handover_id, dossier_digest)}
        and len({receipt.receipt_id for receipt in receipts}) == len(receipts)
    )


def _decrypted(path: Path | bytes, keys: Sequence[Identity]) -> bytes:
    try:
        size = len(path) if isinstance(path, bytes) else path.stat().st_size
        if size > limits.RECEIPT_FILE:
            raise Refusal(RefusalReason.NOT_A_RECEIPT)
        data = path if isinstance(path, bytes) else path.read_bytes()
    except OSError:
        raise Refusal(RefusalReason.UNREADABLE_FILE) from None
    if not data.startswith(b"age-encryption.org/"):
        raise Refusal(RefusalReason.NOT_A_RECEIPT)
    try:
        return open_decrypted(keys, io.BytesIO(data)).read()
    except NoMatchError:
        raise Refusal(RefusalReason.RECEIPT_FOR_OTHER) from None
    except AgeError:
        raise Refusal(RefusalReason.RECEIPT_DAMAGED) from None


def _parse(body: bytes) -> list[tuple[Receipt, str]]:
    """Return the receipts with their signatures; nothing is verified yet. Raises Refusal."""
    try:
        plain = strict_json(body, max_bytes=limits.RECEIPT_FILE, max_depth=6)
        (items,) = take(check_format(plain, FORMAT, VERSION), "receipts")
        if not isinstance(items, list) or not 0 < len(items) <= limits.RECEIPTS:
            raise Unreadable
        return [_item(item) for item in items]
    except Unreadable as error:
        newer = RefusalReason.RECEIPT_VERSION
        raise Refusal(newer if error.newer else RefusalReason.NOT_A_RECEIPT) from None
    except (JsonRefusedError, ValueError):
        raise Refusal(RefusalReason.NOT_A_RECEIPT) from None


def _item(item: Any) -> tuple[Receipt, str]:
    plain, signature = take(item, "receipt signature")
    body = check_format(plain, FORMAT, VERSION)
    names = "id handover file_sha256 kind at organisation user reason first_talk"
    ident, handover, digest, kind, at, organisation, user, reason, talk = take(body, names)
    if not isinstance(reason, str) or len(reason) > MAX_REASON or not isinstance(signature, str):
        raise Unreadable
    receipt = Receipt(
        receipt_id=uuid(ident),
        handover_id=uuid(handover),
        dossier_digest=shaped(digest, _SHA256),
        kind=ReceiptKind(kind),
        at=parse_time(at),
        by_organisation=words(organisation),
        by_user_name=words(user),
        reason=reason,
        first_talk=None if talk is None else parse_date(talk),
    )
    return replace(receipt, signed=canonical_json(item)), signature
