"""The keys that sign an address book: one per person, on a stick of its own, under a passphrase.

The file is an age file with the 32 bytes of an Ed25519 seed; `.pub` beside it is for everybody.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from intake_app.sentences import Told

if TYPE_CHECKING:
    from intake_app.crypto.sshsig import SigningKey

_SEED: Final = 32
_MOST: Final = 64 * 1024


class RootRefused(Told):
    """A file is no key of a signer, or does not open; str() is a Dutch sentence."""


def public_file(path: Path) -> Path:
    """Return where the public half of a key file lies."""
    return path.with_name(f"{path.name}.pub")


def make_root(target: Path, passphrase: str, *, random: Callable[[int], bytes]) -> str:
    """Make a key in a new file with its public half beside it; return the public key.

    Takes about a second of key derivation. Raises `handover.errors.SealError`; nothing half is
    left then.
    """
    from intake_app.crypto import age
    from intake_app.crypto.sshsig import generate_signing_key
    from intake_app.handover.errors import TargetExists
    from intake_app.handover.safe_file import new_file

    if public_file(target).exists():
        raise TargetExists
    key = generate_signing_key(random)
    with new_file(target, random) as out:
        age.encrypt([age.PassphraseRecipient(passphrase)], io.BytesIO(key.seed), out, random=random)
    try:
        with new_file(public_file(target), random) as out:
            out.write(f"{key.public}\n".encode())
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return key.public


def open_root(path: Path, passphrase: str) -> SigningKey:
    """Return the key in a file; takes about a second. Raises RootRefused."""
    from intake_app.crypto import age
    from intake_app.crypto.sshsig import SigningKey

    secret = age.PassphraseIdentity(passphrase)
    try:
        seed = age.open_decrypted([secret], io.BytesIO(_bytes(path))).read()
    except age.NoMatchError:
        raise RootRefused("Deze wachtwoordzin opent de sleutel niet.") from None
    except age.AgeError:
        seed = b""
    if len(seed) != _SEED:
        raise RootRefused("{file} is geen sleutel van een ondertekenaar.", file=path.name)
    return SigningKey(seed)


def read_public(path: Path) -> str:
    """Return the public key in a `.pub` file. Raises RootRefused."""
    from intake_app.crypto.sshsig import SignatureError, check_public

    try:
        return check_public(_bytes(path).decode("ascii"))
    except (SignatureError, UnicodeDecodeError):
        raise RootRefused(
            "{file} is geen openbare sleutel van een ondertekenaar. Kies het bestand dat op "
            ".pub eindigt.",
            file=path.name,
        ) from None


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_MOST)
    except OSError:
        raise RootRefused(
            "{file} is niet te lezen. Misschien is de stick eruit gehaald.", file=path.name
        ) from None
