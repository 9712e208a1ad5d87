"""A passphrase as the only key of an age v1 file (scrypt): the last resort without a key."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import ClassVar, Final

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from intake_app.crypto.age_errors import HeaderError
from intake_app.crypto.age_header import Stanza, encode_b64
from intake_app.crypto.age_recipients import ZERO_NONCE, Random, open_wrapped, stanza_arguments

_LOG_N: Final = re.compile(r"[1-9][0-9]?\Z")
# 2^20 takes 1 GiB and seconds; more would let a stranger's file stop the laptop.
MAX_LOG_N: Final = 20


@dataclass(frozen=True, slots=True)
class PassphraseRecipient:
    """A passphrase (scrypt); it must be the only recipient of a file. `log_n` sets the cost."""

    passphrase: str = field(repr=False)
    log_n: int = 18
    post_quantum: ClassVar[bool] = True

    def wrap(self, file_key: bytes, random: Random) -> Stanza:
        """Return the stanza that the passphrase opens."""
        salt = random(16)
        key = _scrypt(self.passphrase, salt, self.log_n)
        return Stanza(
            ("scrypt", encode_b64(salt), str(self.log_n)),
            ChaCha20Poly1305(key).encrypt(ZERO_NONCE, file_key, None),
        )


@dataclass(frozen=True, slots=True)
class PassphraseIdentity:
    """Opens a file that was encrypted to a passphrase; work factors above 20 are refused."""

    passphrase: str = field(repr=False)

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """Return the file key, None if the stanza is for another; HeaderError if malformed."""
        if stanza.args[0] != "scrypt":
            return None
        if len(stanza.args) != 3 or _LOG_N.match(stanza.args[2]) is None:
            raise HeaderError("stanza shape")
        (salt,) = stanza_arguments(Stanza(stanza.args[:2], stanza.body), (16,))
        log_n = int(stanza.args[2])
        if log_n > MAX_LOG_N:
            raise HeaderError("work factor")
        return open_wrapped(_scrypt(self.passphrase, salt, log_n), stanza.body)


def _scrypt(passphrase: str, salt: bytes, log_n: int) -> bytes:
    return hashlib.scrypt(
        passphrase.encode(),
        salt=b"age-encryption.org/v1/scrypt" + salt,
        n=1 << log_n,
        r=8,
        p=1,
        maxmem=(1 << log_n) * 1024 + (1 << 20),
        dklen=32,
    )
