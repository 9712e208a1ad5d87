"""The key card: an organisation's public keys, signed by itself, on their way to the address book.

A card proves only that its maker has the signing key. Who that is, is checked by the control
number over a telephone number one already had, or by the signatures of the address book.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from intake_app.crypto import sshsig
from intake_app.crypto.fingerprint import fingerprint
from intake_app.crypto.sshsig import SignatureError, SigningKey
from intake_app.crypto.strict_json import (
    JsonRefusedError,
    canonical_json,
    readable_json,
    strict_json,
)
from intake_app.handover import limits
from intake_app.handover.address_book import ACTIVE, Entry, certified_part
from intake_app.handover.codec import parse_time, time_text
from intake_app.handover.errors import Refusal, RefusalReason
from intake_app.handover.manifest import Unreadable, check_format, take
from intake_app.handover.safe_file import new_file

FORMAT: Final = "doorgaande-lijn-sleutelkaart"
VERSION: Final = 1
NAMESPACE: Final = "doorgaande-lijn-sleutelkaart-v1"


@dataclass(frozen=True, slots=True)
class KeyCard:
    """What an organisation says about itself; the fields are those of an address book entry."""

    organisation_id: UUID
    name: str
    kind: str
    municipality_codes: tuple[str, ...]
    age_recipient: str
    sign_public: str
    box: str
    issued: datetime

    @property
    def fingerprint(self) -> str:
        """The control number (controlegetal) of both keys together."""
        return fingerprint(self.age_recipient, self.sign_public)

    def entry(self, since: date) -> Entry:
        """Return what an address book says of these keys when it certifies them from that day."""
        return Entry(
            organisation_id=self.organisation_id,
            name=self.name,
            kind=self.kind,
            municipality_codes=self.municipality_codes,
            age_recipient=self.age_recipient,
            sign_public=self.sign_public,
            box=self.box,
            status=ACTIVE,
            from_date=since,
        )

    def plain(self) -> dict[str, Any]:
        """Return the card as it is signed."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "organisation": str(self.organisation_id),
            "name": self.name,
            "kind": self.kind,
            "municipality_codes": list(self.municipality_codes),
            "age": self.age_recipient,
            "sign": self.sign_public,
            "box": self.box,
            "issued": time_text(self.issued),
        }


def sign_key_card(card: KeyCard, signing_key: SigningKey) -> bytes:
    """Return the file of a card. Raises ValueError if the key is not the one on the card."""
    if signing_key.public != card.sign_public:
        raise ValueError("not the key on the card")
    signature = sshsig.sign(signing_key, NAMESPACE, canonical_json(card.plain()))
    data = readable_json({"card": card.plain(), "signature": signature})
    read_key_card(data)
    return data


def write_key_card(
    card: KeyCard, signing_key: SigningKey, target: Path, *, random: Callable[[int], bytes]
) -> Path:
    """Write the card to a new file and return its path; raises SealError."""
    data = sign_key_card(card, signing_key)
    with new_file(target, random) as out:
        out.write(data)
    return target


def read_key_card(data: bytes) -> KeyCard:
    """Return the card in a file; its signature by its own key is verified. Raises Refusal."""
    try:
        plain = strict_json(data, max_bytes=limits.KEY_CARD, max_depth=6)
        inner, signature = take(plain, "card signature")
        card = _card(inner)
    except Unreadable as error:
        newer = RefusalReason.KEY_CARD_VERSION
        raise Refusal(newer if error.newer else RefusalReason.NOT_A_KEY_CARD) from None
    except (JsonRefusedError, ValueError):
        raise Refusal(RefusalReason.NOT_A_KEY_CARD) from None
    try:
        sshsig.verify(card.sign_public, NAMESPACE, canonical_json(card.plain()), str(signature))
    except SignatureError:
        raise Refusal(RefusalReason.KEY_CARD_SIGNATURE_BROKEN) from None
    return card


def _card(plain: Any) -> KeyCard:
    body, rest = certified_part(check_format(plain, FORMAT, VERSION))
    (issued,) = take(rest, "issued")
    return KeyCard(**body, issued=parse_time(issued))
