"""The textual header of an age v1 file: recipient stanzas and their MAC.

Parsing accepts exactly the grammar of c2sp.org/age; formatting what was parsed gives the same
bytes back. At most 64 stanzas and 16 KiB a line: an attacker cannot make it cost more.
"""

from __future__ import annotations

import base64
import hmac
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import BinaryIO, Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from intake_app.crypto.age_errors import HeaderError

MAX_STANZAS: Final = 64
_MAX_LINE: Final = 16_384
_MAX_BODY_LINES: Final = 64
_INTRO: Final = b"age-encryption.org/v1\n"
_B64: Final = re.compile(r"[A-Za-z0-9+/]*\Z")
_ARGUMENT: Final = re.compile(r"[!-~]+\Z")
_COLUMNS: Final = 64


@dataclass(frozen=True, slots=True)
class Stanza:
    """One recipient's wrapping of the file key: arguments (the first is the type) and body."""

    args: tuple[str, ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class Header:
    """A parsed header: its stanzas, its MAC, and the exact bytes the MAC covers."""

    stanzas: tuple[Stanza, ...]
    mac: bytes
    covered: bytes


def encode_b64(raw: bytes) -> str:
    """Return standard base64 without padding."""
    return base64.b64encode(raw).decode().rstrip("=")


def decode_b64(text: str) -> bytes:
    """Return the bytes of canonical unpadded base64; raises HeaderError for any other text."""
    if _B64.match(text) is None or len(text) % 4 == 1:
        raise HeaderError("base64")
    raw = base64.b64decode(text + "=" * (-len(text) % 4))
    if encode_b64(raw) != text:
        raise HeaderError("base64 is not canonical")
    return raw


def _line(source: BinaryIO) -> str:
    raw = source.readline(_MAX_LINE)
    if not raw.endswith(b"\n"):
        raise HeaderError("line")
    try:
        return raw[:-1].decode("ascii")
    except UnicodeDecodeError:
        raise HeaderError("not ASCII") from None


def _body(source: BinaryIO) -> bytes:
    lines: list[str] = []
    while len(lines) < _MAX_BODY_LINES:
        line = _line(source)
        lines.append(line)
        if len(line) > _COLUMNS:
            raise HeaderError("body line")
        if len(line) < _COLUMNS:
            # Each line is decoded apart: a full line never ends within a byte.
            return b"".join(decode_b64(each) for each in lines)
    raise HeaderError("body length")


def parse_header(source: BinaryIO) -> Header:
    """Read a header; `source` then stands at the first byte of the payload.

    Raises HeaderError for anything that is not an age v1 header. The MAC is not checked yet.
    """
    if source.readline(len(_INTRO)) != _INTRO:
        raise HeaderError("version line")
    stanzas: list[Stanza] = []
    while len(stanzas) <= MAX_STANZAS:
        line = _line(source)
        if line.startswith("--- "):
            mac = decode_b64(line[4:])
            if len(mac) != 32 or not stanzas:
                raise HeaderError("MAC line")
            kinds = [stanza.args[0] for stanza in stanzas]
            if "scrypt" in kinds and len(kinds) > 1:
                raise HeaderError("a passphrase stanza must be alone")
            return Header(tuple(stanzas), mac, covered(tuple(stanzas)))
        args = line.split(" ")
        if args[0] != "->" or len(args) < 2 or not all(map(_ARGUMENT.match, args[1:])):
            raise HeaderError("stanza")
        stanzas.append(Stanza(tuple(args[1:]), _body(source)))
    raise HeaderError("too many stanzas")


def covered(stanzas: tuple[Stanza, ...]) -> bytes:
    """Return the header up to and including the "---" mark: what the MAC covers."""
    parts = [_INTRO]
    for stanza in stanzas:
        parts.append(f"-> {' '.join(stanza.args)}\n".encode())
        text = encode_b64(stanza.body)
        rows = (text[at : at + _COLUMNS] for at in range(0, len(text) + 1, _COLUMNS))
        parts.extend(f"{row}\n".encode() for row in rows)
    return b"".join([*parts, b"---"])


def header_mac(file_key: bytes, header: bytes) -> bytes:
    """Return the MAC of the covered bytes under `file_key`."""
    key = HKDF(SHA256(), 32, salt=None, info=b"header").derive(file_key)
    return hmac.new(key, header, sha256).digest()


def check_mac(file_key: bytes, header: Header) -> None:
    """Return None if the MAC is right; raises HeaderError otherwise."""
    if not hmac.compare_digest(header_mac(file_key, header.covered), header.mac):
        raise HeaderError("MAC")
