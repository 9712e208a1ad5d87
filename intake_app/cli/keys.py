"""Key files of those who work without a vault: a care provider, an archive, a signer of books.

A key file is text with an age identity, as `age-keygen` makes it, so that `age -d -i` takes it
too. A line "# handtekening: <64 hexadecimal digits>" beside it holds the seed of the signing key;
to `age` that is a comment. The file may be encrypted with a passphrase, by `age -p` or by us.
"""

from __future__ import annotations

import getpass
import io
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from intake_app.crypto.age import Identity
    from intake_app.crypto.sshsig import SigningKey

_VARIABLE = "INTAKE_KEY_PASSPHRASE"
_SEED = re.compile(r"# handtekening: ([0-9a-f]{64})\Z")
_MOST = 64 * 1024
_AGE = b"age-encryption.org/v1"
_ARMOR = b"-----BEGIN AGE"


class KeyFileRefused(Exception):
    """A key file is of no use; str() is a Dutch sentence."""


@dataclass(frozen=True, slots=True)
class Keys:
    """What a key file holds."""

    identities: tuple[Identity, ...]
    signing: SigningKey | None


def passphrase(about: str) -> str:
    """Ask for a passphrase, or take it from the environment where nobody can be asked."""
    given = os.environ.get(_VARIABLE)
    return given if given is not None else getpass.getpass(f"Wachtwoordzin voor {about}: ")


def read_keys(path: Path) -> Keys:
    """Return the keys in a file; asks for the passphrase when it is encrypted.

    Raises KeyFileRefused, and OSError when it cannot be read.
    """
    from intake_app.crypto.age import AgeError, parse_identity
    from intake_app.crypto.sshsig import SigningKey

    with path.open("rb") as file:
        data = file.read(_MOST + 1)
    if len(data) > _MOST:
        raise KeyFileRefused("Dit bestand is te groot om een sleutelbestand te zijn.")
    if data.startswith((_AGE, _ARMOR)):
        data = _decrypted(data, path.name)
    identities: list[Identity] = []
    signing: SigningKey | None = None
    try:
        for line in data.decode().splitlines():
            if line.startswith("#"):
                found = _SEED.match(line.strip())
                signing = SigningKey(bytes.fromhex(found[1])) if found else signing
            elif line.strip():
                identities.append(parse_identity(line))
    except (AgeError, UnicodeDecodeError):
        raise KeyFileRefused(
            "In dit bestand staat geen sleutel die we kennen. Kies het bestand met de regel die "
            "begint met AGE-SECRET-KEY-."
        ) from None
    if not identities:
        raise KeyFileRefused("In dit sleutelbestand staat geen sleutel.")
    return Keys(tuple(identities), signing)


def _decrypted(data: bytes, about: str) -> bytes:
    from intake_app.crypto.age import AgeError, PassphraseIdentity, open_decrypted
    from intake_app.crypto.armor import dearmor

    try:
        raw = dearmor(data) if data.startswith(_ARMOR) else data
        return open_decrypted([PassphraseIdentity(passphrase(about))], io.BytesIO(raw)).read()
    except AgeError:
        raise KeyFileRefused("Deze wachtwoordzin opent dit sleutelbestand niet.") from None


def key_text(identity: Identity, signing: SigningKey, name: str) -> bytes:
    """Return the text of a key file, not encrypted yet."""
    lines = [
        f"# Geheime sleutels van {name}. Geef dit bestand aan niemand.",
        f"# handtekening: {signing.seed.hex()}",
        identity.encode(),
    ]
    return "".join(f"{line}\n" for line in lines).encode()
