"""ASCII armor around small age files: strict PEM (RFC 7468) as c2sp.org/age asks for.

Works in memory: it is meant for keys and notes that are pasted or printed, not for dossiers.
"""

from __future__ import annotations

import base64
import binascii
from typing import Final

from intake_app.crypto.age_errors import ArmorError

_BEGIN: Final = "-----BEGIN AGE ENCRYPTED FILE-----"
_END: Final = "-----END AGE ENCRYPTED FILE-----"
_COLUMNS: Final = 64
MAX_BYTES: Final = 16 << 20


def armor(data: bytes) -> str:
    """Return `data` in armor with LF line ends."""
    text = base64.b64encode(data).decode()
    rows = [text[at : at + _COLUMNS] for at in range(0, len(text), _COLUMNS)]
    return "\n".join([_BEGIN, *rows, _END, ""])


def dearmor(text: bytes) -> bytes:
    """Return the bytes inside armor.

    White space before and after the block and CRLF line ends are read; anything else that is not
    canonical raises ArmorError.
    """
    if len(text) > MAX_BYTES:
        raise ArmorError("size")
    try:
        block = text.decode("ascii").strip(" \t\r\n")
    except UnicodeDecodeError:
        raise ArmorError("not ASCII") from None
    # One kind of line end in the whole block; a lone CR stays and fails below.
    lines = block.split("\r\n" if "\r\n" in block else "\n")
    if len(lines) < 3 or lines[0] != _BEGIN or lines[-1] != _END:
        raise ArmorError("first or last line")
    try:
        data = base64.b64decode("".join(lines[1:-1]).encode("ascii"), validate=True)
    except binascii.Error:
        raise ArmorError("base64") from None
    if armor(data) != "\n".join([*lines, ""]):
        raise ArmorError("not canonical")
    return data
