"""SSHSIG signatures with Ed25519 keys (OpenSSH `PROTOCOL.sshsig`).

What is signed here verifies with `ssh-keygen -Y verify`, and the armored text is byte for byte
what `ssh-keygen -Y sign` makes. Only Ed25519 with SHA-512 is read: one kind, nothing to choose.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_MAGIC = b"SSHSIG"
_KEY_TYPE = b"ssh-ed25519"
_HASH = b"sha512"
_BEGIN = "-----BEGIN SSH SIGNATURE-----\n"
_END = "-----END SSH SIGNATURE-----\n"
_COLUMNS = 70
_MAX_ARMORED = 4096
_NAMESPACE = re.compile(r"[a-z0-9@.\-]{1,64}\Z")


class SignatureError(Exception):
    """The signature is malformed, by another key, for another namespace, or of other bytes."""

    def __str__(self) -> str:
        return (
            "De handtekening klopt niet. Het bestand is veranderd of komt niet van deze afzender. "
            "Gebruik het niet en vraag de afzender om een nieuw bestand."
        )


@dataclass(frozen=True, slots=True)
class SigningKey:
    """An Ed25519 signing key. `seed` is the 32-byte private seed of RFC 8032 and never printed."""

    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.seed) != 32:
            raise ValueError("a signing seed has 32 bytes")

    @property
    def public(self) -> str:
        """The public key as one OpenSSH line without comment: "ssh-ed25519 AAAA…"."""
        raw = Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()
        return _public_text(raw)


def generate_signing_key(random: Callable[[int], bytes]) -> SigningKey:
    """Return a new signing key from 32 bytes of `random`."""
    return SigningKey(random(32))


def _string(raw: bytes) -> bytes:
    return len(raw).to_bytes(4, "big") + raw


def _strings(blob: bytes, count: int) -> list[bytes]:
    """Split `blob` into exactly `count` SSH strings or raise SignatureError."""
    found, at = [], 0
    for _ in range(count):
        size = int.from_bytes(blob[at : at + 4], "big")
        if len(blob) < at + 4 + size or len(blob) < at + 4:
            raise SignatureError
        found.append(blob[at + 4 : at + 4 + size])
        at += 4 + size
    if at != len(blob):
        raise SignatureError
    return found


def _public_blob(raw: bytes) -> bytes:
    return _string(_KEY_TYPE) + _string(raw)


def _public_text(raw: bytes) -> str:
    return f"ssh-ed25519 {base64.b64encode(_public_blob(raw)).decode()}"


def _raw_of_blob(blob: bytes) -> bytes:
    kind, raw = _strings(blob, 2)
    if kind != _KEY_TYPE or len(raw) != 32:
        raise SignatureError
    return raw


def _raw_of_public(public: str) -> bytes:
    words = public.split()
    if len(words) < 2 or words[0] != "ssh-ed25519":
        raise SignatureError
    try:
        blob = base64.b64decode(words[1].encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise SignatureError from None
    raw = _raw_of_blob(blob)
    if _public_text(raw) != f"ssh-ed25519 {words[1]}":
        raise SignatureError
    return raw


def check_public(public: str) -> str:
    """Return an OpenSSH Ed25519 public key without its comment; raises SignatureError."""
    return _public_text(_raw_of_public(public))


def _to_be_signed(namespace: str, data: bytes) -> bytes:
    if _NAMESPACE.match(namespace) is None:
        raise ValueError("not a namespace")
    digest = hashlib.sha512(data).digest()
    fields = (namespace.encode(), b"", _HASH, digest)
    return _MAGIC + b"".join(_string(part) for part in fields)


def _armor(blob: bytes) -> str:
    text = base64.b64encode(blob).decode()
    lines = (text[at : at + _COLUMNS] for at in range(0, len(text), _COLUMNS))
    return _BEGIN + "".join(f"{line}\n" for line in lines) + _END


def _dearmor(armored: str) -> bytes:
    """Return the blob; only the canonical armor is read, with LF or CRLF line ends."""
    text = armored.replace("\r\n", "\n")
    if len(text) > _MAX_ARMORED or not (text.startswith(_BEGIN) and text.endswith(_END)):
        raise SignatureError
    try:
        body = text[len(_BEGIN) : -len(_END)].replace("\n", "").encode("ascii")
        blob = base64.b64decode(body, validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise SignatureError from None
    if _armor(blob) != text:
        raise SignatureError
    return blob


def _parse(armored: str) -> tuple[bytes, bytes, bytes]:
    """Return raw public key, namespace and raw signature of an armored signature."""
    blob = _dearmor(armored)
    head = _MAGIC + (1).to_bytes(4, "big")
    if not blob.startswith(head):
        raise SignatureError
    public, namespace, reserved, hash_name, signature = _strings(blob[len(head) :], 5)
    if reserved or hash_name != _HASH:
        raise SignatureError
    kind, raw_signature = _strings(signature, 2)
    if kind != _KEY_TYPE or len(raw_signature) != 64:
        raise SignatureError
    return _raw_of_blob(public), namespace, raw_signature


def sign(key: SigningKey, namespace: str, data: bytes) -> str:
    """Return the armored signature of `data` in `namespace`; deterministic (RFC 8032)."""
    private = Ed25519PrivateKey.from_private_bytes(key.seed)
    raw = private.public_key().public_bytes_raw()
    signature = private.sign(_to_be_signed(namespace, data))
    blob = _MAGIC + (1).to_bytes(4, "big")
    blob += _string(_public_blob(raw)) + _string(namespace.encode()) + _string(b"")
    blob += _string(_HASH) + _string(_string(_KEY_TYPE) + _string(signature))
    return _armor(blob)


def verify(public: str, namespace: str, data: bytes, armored: str) -> None:
    """Return None if `armored` signs exactly `data` in `namespace` by `public`.

    Raises SignatureError for every other case; never another exception for any text.
    """
    wanted = _raw_of_public(public)
    raw, signed_namespace, signature = _parse(armored)
    if raw != wanted or signed_namespace != namespace.encode():
        raise SignatureError
    try:
        Ed25519PublicKey.from_public_bytes(raw).verify(signature, _to_be_signed(namespace, data))
    except InvalidSignature:
        raise SignatureError from None


def signer_of(armored: str) -> str:
    """Return the public key a signature claims to be by; nothing is verified yet.

    Raises SignatureError if the text is no SSHSIG with Ed25519 and SHA-512.
    """
    return _public_text(_parse(armored)[0])
