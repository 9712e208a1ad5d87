"""Keys of age v1: post-quantum hybrid (the default) and X25519.

Hybrid keys (mlkem768x25519, that is X-Wing) keep a file secret as long as either ML-KEM-768 or
X25519 holds. Identities never show their secret in `repr`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar, Final, TypeAlias

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from intake_app.crypto import bech32
from intake_app.crypto.age_errors import HeaderError
from intake_app.crypto.age_header import Stanza, decode_b64, encode_b64

Random: TypeAlias = Callable[[int], bytes]

ZERO_NONCE: Final = bytes(12)
_WRAPPED: Final = 32
_HYBRID_INFO: Final = b"age-encryption.org/mlkem768x25519"
_SUITE: Final = hpke.Suite(
    hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305
)
_ENCAPSULATED: Final = 1120
_MLKEM_SHARE: Final = 1088
MLKEM_PUBLIC: Final = 1184


def stanza_arguments(stanza: Stanza, sizes: tuple[int, ...]) -> list[bytes]:
    """Return the decoded arguments after the type; their sizes and the body's must be exact."""
    if len(stanza.args) != 1 + len(sizes) or len(stanza.body) != _WRAPPED:
        raise HeaderError("stanza shape")
    found = [decode_b64(text) for text in stanza.args[1:]]
    if tuple(map(len, found)) != sizes:
        raise HeaderError("stanza shape")
    return found


def open_wrapped(key: bytes, body: bytes) -> bytes | None:
    """Return the file key in `body`, or None if `key` does not open it."""
    try:
        return ChaCha20Poly1305(key).decrypt(ZERO_NONCE, body, None)
    except InvalidTag:
        return None


@dataclass(frozen=True, slots=True)
class X25519Recipient:
    """A classic public key, "age1…"; any age implementation can use it."""

    raw: bytes
    post_quantum: ClassVar[bool] = False

    def encode(self) -> str:
        """Return the key as text."""
        return bech32.encode("age", self.raw)

    def wrap(self, file_key: bytes, random: Random) -> Stanza:
        """Return a stanza that only the owner of this key can open."""
        ephemeral = X25519PrivateKey.from_private_bytes(random(32))
        share = ephemeral.public_key().public_bytes_raw()
        shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(self.raw))
        key = _x25519_key(shared, share, self.raw)
        return Stanza(
            ("X25519", encode_b64(share)),
            ChaCha20Poly1305(key).encrypt(ZERO_NONCE, file_key, None),
        )


def _exchange(private: X25519PrivateKey, share: bytes) -> bytes:
    """Return the shared secret; an all-zero one (a share of low order) raises HeaderError."""
    try:
        return private.exchange(X25519PublicKey.from_public_bytes(share))
    except ValueError:
        raise HeaderError("low order point") from None


def _x25519_key(shared: bytes, share: bytes, recipient: bytes) -> bytes:
    info = b"age-encryption.org/v1/X25519"
    return HKDF(SHA256(), 32, salt=share + recipient, info=info).derive(shared)


@dataclass(frozen=True, slots=True)
class X25519Identity:
    """A classic secret key, "AGE-SECRET-KEY-1…"."""

    secret: bytes = field(repr=False)

    def encode(self) -> str:
        """Return the secret key as text."""
        return bech32.encode("age-secret-key-", self.secret).upper()

    @property
    def recipient(self) -> X25519Recipient:
        """The public key that belongs to this identity."""
        private = X25519PrivateKey.from_private_bytes(self.secret)
        return X25519Recipient(private.public_key().public_bytes_raw())

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """Return the file key, None if the stanza is for another; HeaderError if malformed."""
        if stanza.args[0] != "X25519":
            return None
        (share,) = stanza_arguments(stanza, (32,))
        private = X25519PrivateKey.from_private_bytes(self.secret)
        shared = _exchange(private, share)
        key = _x25519_key(shared, share, private.public_key().public_bytes_raw())
        return open_wrapped(key, stanza.body)


@dataclass(frozen=True, slots=True)
class HybridRecipient:
    """A post-quantum hybrid public key, "age1pq1…"; needs age 1.3 or newer elsewhere."""

    raw: bytes
    post_quantum: ClassVar[bool] = True

    def encode(self) -> str:
        """Return the key as text of 1,959 characters."""
        return bech32.encode("age1pq", self.raw)

    def wrap(self, file_key: bytes, random: Random) -> Stanza:  # noqa: ARG002
        """Return a stanza for this key. HPKE draws from the operating system, not `random`."""
        key = hybrid_public(self.raw)
        sealed = _SUITE.encrypt(file_key, key, _HYBRID_INFO)
        share, body = sealed[:_ENCAPSULATED], sealed[_ENCAPSULATED:]
        return Stanza(("mlkem768x25519", encode_b64(share)), body)


def hybrid_public(raw: bytes) -> hpke.MLKEM768X25519PublicKey:
    """Return the key pair of primitives in `raw`; raises ValueError if it is not one."""
    return hpke.MLKEM768X25519PublicKey(
        MLKEM768PublicKey.from_public_bytes(raw[:MLKEM_PUBLIC]),
        X25519PublicKey.from_public_bytes(raw[MLKEM_PUBLIC:]),
    )


@dataclass(frozen=True, slots=True)
class HybridIdentity:
    """A post-quantum hybrid secret key, "AGE-SECRET-KEY-PQ-1…": a 32-byte X-Wing seed."""

    secret: bytes = field(repr=False)

    def encode(self) -> str:
        """Return the secret key as text."""
        return bech32.encode("age-secret-key-pq-", self.secret).upper()

    def _keys(self) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
        seed = hashlib.shake_256(self.secret).digest(96)
        classic = X25519PrivateKey.from_private_bytes(seed[64:])
        return MLKEM768PrivateKey.from_seed_bytes(seed[:64]), classic

    @property
    def recipient(self) -> HybridRecipient:
        """The public key that belongs to this identity."""
        quantum, classic = (key.public_key() for key in self._keys())
        return HybridRecipient(quantum.public_bytes_raw() + classic.public_bytes_raw())

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """Return the file key, None if the stanza is for another; HeaderError if malformed."""
        if stanza.args[0] != "mlkem768x25519":
            return None
        (share,) = stanza_arguments(stanza, (_ENCAPSULATED,))
        quantum, classic = self._keys()
        _exchange(classic, share[_MLKEM_SHARE:])
        try:
            key = hpke.MLKEM768X25519PrivateKey(quantum, classic)
            return _SUITE.decrypt(share + stanza.body, key, _HYBRID_INFO)
        except InvalidTag:
            return None


Recipient: TypeAlias = X25519Recipient | HybridRecipient
Identity: TypeAlias = X25519Identity | HybridIdentity
