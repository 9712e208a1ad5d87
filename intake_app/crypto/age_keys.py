"""age v1 keys as text: read, checked, and made."""

from __future__ import annotations

from typing import Literal

from intake_app.crypto import bech32
from intake_app.crypto.age_errors import KeyFormatError
from intake_app.crypto.age_recipients import (
    MLKEM_PUBLIC,
    HybridIdentity,
    HybridRecipient,
    Identity,
    Random,
    Recipient,
    X25519Identity,
    X25519Recipient,
    hybrid_public,
)


def parse_recipient(text: str) -> Recipient:
    """Return the public key in `text` ("age1…" or "age1pq1…"); raises KeyFormatError."""
    hrp, raw = bech32.decode(text.strip())
    if hrp == "age" and len(raw) == 32:
        return X25519Recipient(raw)
    if hrp == "age1pq" and len(raw) == MLKEM_PUBLIC + 32:
        try:
            hybrid_public(raw)
        except ValueError:
            raise KeyFormatError("not a key") from None
        return HybridRecipient(raw)
    raise KeyFormatError("kind of key")


def parse_identity(text: str) -> Identity:
    """Return the secret key in `text`; raises KeyFormatError."""
    hrp, raw = bech32.decode(text.strip())
    if len(raw) == 32 and hrp == "age-secret-key-":
        return X25519Identity(raw)
    if len(raw) == 32 and hrp == "age-secret-key-pq-":
        return HybridIdentity(raw)
    raise KeyFormatError("kind of key")


def generate_identity(kind: Literal["hybrid", "x25519"] = "hybrid", *, random: Random) -> Identity:
    """Return a new identity from 32 bytes of `random`."""
    return HybridIdentity(random(32)) if kind == "hybrid" else X25519Identity(random(32))
