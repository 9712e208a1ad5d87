"""Whom to trust and who we are, on a TLS connection to a relay.

The authorities of the operating system count, so that a laptop behind TLS inspection follows the
choice of its own administrator. A place may add authorities of its own and a client certificate.
"""

from __future__ import annotations

import os
import re
import secrets
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from intake_app.sync.errors import Paused, Reason

if TYPE_CHECKING:
    import ssl

    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
    from cryptography.x509 import Certificate

_MARK = "-----BEGIN "


def context(certificate: str) -> ssl.SSLContext:
    """Return the TLS context for a place: TLS 1.2 or later, host name and chain verified.

    `certificate` is PEM text or the path of a PEM file, empty for the system's authorities alone.
    Raises `Paused` (ADDRESS) for what cannot be read or holds neither authority nor client.
    """
    import ssl

    import httpx2

    made = httpx2.create_ssl_context()
    if made.minimum_version < ssl.TLSVersion.TLSv1_2:
        # a Python that leaves this to the system's own settings has no lowest version of its own
        made.minimum_version = ssl.TLSVersion.TLSv1_2
    if not certificate.strip():
        return made
    try:
        _add(made, _pem(certificate))
    except (OSError, ValueError, TypeError) as error:
        raise Paused(Reason.ADDRESS) from error
    return made


def authorities(certificate: str) -> bytes:
    """Return the PEM of the authorities in a place's certificate, empty when it has none.

    Raises `Paused` (ADDRESS) for what cannot be read.
    """
    from cryptography.hazmat.primitives.serialization import Encoding

    if not certificate.strip():
        return b""
    try:
        found, _ = _sorted(_pem(certificate))
        return b"".join(one.public_bytes(Encoding.PEM) for one in found)
    except (OSError, ValueError, TypeError) as error:
        raise Paused(Reason.ADDRESS) from error


def _pem(certificate: str) -> bytes:
    if _MARK in certificate:
        return certificate.encode("ascii")
    return Path(certificate.strip()).read_bytes()


def _sorted(pem: bytes) -> tuple[list[Certificate], list[Certificate]]:
    """Return the authorities and the client's own chain, its own certificate first."""
    from cryptography import x509

    found = x509.load_pem_x509_certificates(pem)
    key = _key(pem)
    if key is None:
        return found, []
    mine = [one for one in found if one.public_key() == key.public_key()]
    if not mine:
        raise ValueError("a private key without its certificate")
    others = [one for one in found if one not in mine]
    roots = [one for one in others if one.subject == one.issuer]
    return roots, mine[:1] + [one for one in others if one not in roots]


def _key(pem: bytes) -> PrivateKeyTypes | None:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    blocks = re.findall(
        rb"-----BEGIN ([A-Z ]*PRIVATE KEY)-----\r?\n(.*?)-----END \1-----", pem, re.DOTALL
    )
    if not blocks:
        return None
    label, body = blocks[0]
    return load_pem_private_key(
        b"-----BEGIN " + label + b"-----\n" + body + b"-----END " + label + b"-----\n", None
    )


def _add(made: ssl.SSLContext, pem: bytes) -> None:
    from cryptography.hazmat.primitives.serialization import (
        BestAvailableEncryption,
        Encoding,
        PrivateFormat,
    )

    roots, chain = _sorted(pem)
    if roots:
        text = b"".join(one.public_bytes(Encoding.PEM) for one in roots)
        made.load_verify_locations(cadata=text.decode("ascii"))
    key = _key(pem)
    if key is None:
        return
    # The ssl module only reads a key from a file: it gets one that is of no use to anybody else.
    password = secrets.token_hex(32)
    secret = key.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(password.encode("ascii"))
    )
    handle, path = tempfile.mkstemp(prefix="dl-", suffix=".pem")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secret + b"".join(one.public_bytes(Encoding.PEM) for one in chain))
        made.load_cert_chain(path, password=password)
    finally:
        Path(path).unlink(missing_ok=True)
