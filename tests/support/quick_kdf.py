"""A passphrase that costs nothing, for tests that are not about what it costs."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest.mock import patch

from intake_app.crypto import key_slots
from intake_app.crypto.key_slots import KdfCost

_REAL: Callable[[str, bytes, KdfCost], bytes] = key_slots.stretched


@contextmanager
def quick_kdf(*real_salts: bytes) -> Iterator[None]:
    """Replace Argon2id in this block; slots with one of `real_salts` still open as they are.

    What is made inside opens inside only. The real thing is done once for each passphrase.
    """
    done: dict[tuple[str, bytes], bytes] = {}

    def quick(passphrase: str, salt: bytes, kdf: KdfCost) -> bytes:
        key_slots.check_passphrase(passphrase)
        if salt not in real_salts:
            return hashlib.blake2b(passphrase.encode(), key=salt, digest_size=32).digest()
        if (passphrase, salt) not in done:
            done[passphrase, salt] = _REAL(passphrase, salt, kdf)
        return done[passphrase, salt]

    with patch("intake_app.crypto.key_slots.stretched", quick):
        yield
