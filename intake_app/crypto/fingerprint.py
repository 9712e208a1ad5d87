"""Controlegetal: thirty digits that stand for public keys and are read out over the telephone."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from functools import lru_cache

DIGITS = 30
GROUP = 5
_LABEL = b"doorgaande-lijn/controlegetal/v1"
# A fixed cost per key makes searching for a look-alike key dearer; a few milliseconds for us.
_ROUNDS = 5200


def _plain(key: str) -> str:
    """Return a key without comment or letter case that carries no meaning."""
    words = key.split()
    if not words:
        raise ValueError("empty key")
    if words[0].lower().startswith("age1"):
        return words[0].lower()
    return " ".join(words[:2])


def fingerprint(*public_keys: str) -> str:
    """Return the controlegetal of a set of public keys: six groups of five digits.

    Keys are age recipients ("age1…") or OpenSSH public keys ("ssh-ed25519 AAAA…", a comment is
    ignored). The order of the keys does not matter. 30 digits carry 99.7 bits. Raises ValueError
    without keys or for an empty key.
    """
    keys = sorted({_plain(key) for key in public_keys})
    if not keys:
        raise ValueError("no keys")
    return _number(tuple(keys))


@lru_cache(maxsize=1024)
def _number(keys: tuple[str, ...]) -> str:
    body = b"".join(len(raw).to_bytes(4, "big") + raw for raw in (key.encode() for key in keys))
    first = digest = hashlib.sha512(_LABEL + body).digest()
    for _ in range(_ROUNDS):
        digest = hashlib.sha512(digest + first).digest()
    digits = str(int.from_bytes(digest, "big") % 10**DIGITS).zfill(DIGITS)
    return " ".join(digits[at : at + GROUP] for at in range(0, DIGITS, GROUP))


def _digits(typed: str) -> str | None:
    """Return the ASCII digits of what was typed, or None if anything else was typed."""
    found = []
    for char in typed:
        value = unicodedata.decimal(char, None)
        if value is not None:
            found.append(str(value))
        elif unicodedata.category(char) not in {"Zs", "Zl", "Zp", "Pd", "Cf", "Cc"}:
            return None
    return "".join(found)


def same_fingerprint(a: str, b: str) -> bool:
    """Tell whether two typed or computed controlegetallen are the same thirty digits.

    Spaces, line ends, dashes and invisible direction marks are ignored; digits of any script
    count. Anything shorter, longer or with other characters is never the same.
    """
    left, right = _digits(a), _digits(b)
    if left is None or right is None or len(left) != DIGITS:
        return False
    return hmac.compare_digest(left, right)
