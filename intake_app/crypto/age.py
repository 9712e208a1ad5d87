"""age v1 files (c2sp.org/age): encrypt to recipients, open with identities.

What is written here opens with the `age` tool (1.3 or newer for hybrid keys, any version for
X25519 keys), and the reader gives the verdict of every CCTV test vector. A file has no sender:
whoever needs one signs what is inside.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import BinaryIO, Final, TypeAlias, cast

from intake_app.crypto.age_errors import (
    AgeError,
    ArmorError,
    HeaderError,
    KeyFormatError,
    NoMatchError,
    PayloadError,
)
from intake_app.crypto.age_header import (
    MAX_STANZAS,
    check_mac,
    covered,
    encode_b64,
    header_mac,
    parse_header,
)
from intake_app.crypto.age_keys import generate_identity, parse_identity, parse_recipient
from intake_app.crypto.age_passphrase import PassphraseIdentity, PassphraseRecipient
from intake_app.crypto.age_recipients import (
    HybridIdentity,
    HybridRecipient,
    Identity,
    Random,
    Recipient,
    X25519Identity,
    X25519Recipient,
)
from intake_app.crypto.age_stream import CHUNK, NONCE, StreamReader, StreamWriter

__all__ = [
    "AgeError",
    "ArmorError",
    "HeaderError",
    "HybridIdentity",
    "HybridRecipient",
    "Identity",
    "KeyFormatError",
    "NoMatchError",
    "PassphraseIdentity",
    "PassphraseRecipient",
    "PayloadError",
    "Recipient",
    "StreamReader",
    "StreamWriter",
    "X25519Identity",
    "X25519Recipient",
    "encrypt",
    "generate_identity",
    "open_decrypted",
    "parse_identity",
    "parse_recipient",
    "start_encryption",
]

_FILE_KEY: Final = 16
# Small enough to still be in the cache when it is encrypted.
_PIECE: Final = 4 * CHUNK
AnyRecipient: TypeAlias = X25519Recipient | HybridRecipient | PassphraseRecipient
AnyIdentity: TypeAlias = X25519Identity | HybridIdentity | PassphraseIdentity


def start_encryption(
    recipients: Sequence[AnyRecipient], target: BinaryIO, *, random: Random
) -> StreamWriter:
    """Write an age header to `target` and return the writer for the payload.

    Call `finish()` on it when all is written. Raises ValueError without recipients, when hybrid
    and classic keys are mixed (one weak key would undo the protection of the others), or when a
    passphrase is not alone.
    """
    if not 0 < len(recipients) <= MAX_STANZAS:
        raise ValueError("one to 64 recipients")
    if len({recipient.post_quantum for recipient in recipients}) > 1:
        raise ValueError("hybrid and classic recipients do not mix")
    if len(recipients) > 1 and any(isinstance(each, PassphraseRecipient) for each in recipients):
        raise ValueError("a passphrase must be the only recipient")
    file_key = random(_FILE_KEY)
    header = covered(tuple(recipient.wrap(file_key, random) for recipient in recipients))
    target.write(header + f" {encode_b64(header_mac(file_key, header))}\n".encode())
    return StreamWriter(file_key, random(NONCE), target)


def encrypt(
    recipients: Sequence[AnyRecipient], source: BinaryIO, target: BinaryIO, *, random: Random
) -> None:
    """Encrypt all of `source` into `target` with constant memory; raises as the streams do."""
    writer = start_encryption(recipients, target, random=random)
    while piece := source.read(_PIECE):
        writer.write(piece)
    writer.finish()


def open_decrypted(identities: Iterable[AnyIdentity], source: BinaryIO) -> BinaryIO:
    """Return a seekable reader of the plain bytes of the age file that starts at `source`.

    On return the header's MAC and the final chunk are verified; every chunk is verified before a
    byte of it is released. `source` must be seekable, end with the age file, and stay open.
    Raises HeaderError, NoMatchError or PayloadError.
    """
    header = parse_header(source)
    keys = list(identities)
    for stanza in header.stanzas:
        for identity in keys:
            file_key = identity.unwrap(stanza)
            if file_key is None:
                continue
            if len(file_key) != _FILE_KEY:
                raise HeaderError("file key")
            check_mac(file_key, header)
            nonce = source.read(NONCE)
            if len(nonce) != NONCE:
                raise HeaderError("nonce")
            return cast("BinaryIO", StreamReader(file_key, nonce, source))
    raise NoMatchError("no identity fits")
