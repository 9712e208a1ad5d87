"""The BagIt 1.0 bag (RFC 8493) inside the encryption: lists of digests that can be checked by hand.

`manifest-sha512.txt` names every file below data/, `tagmanifest-sha512.txt` names the other tag
files, and the signature stands over the latter: through it everything is signed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Final
from uuid import UUID

DECLARATION: Final = "bagit.txt"
INFO: Final = "bag-info.txt"
MANIFEST: Final = "manifest-sha512.txt"
TAG_MANIFEST: Final = "tagmanifest-sha512.txt"
TAG_SIGNATURE: Final = "tagmanifest-sha512.txt.sig"
PADDING: Final = "opvulling.bin"
TAG_FILES: Final = (DECLARATION, INFO, MANIFEST, PADDING)
HOLDERS: Final = "houders.json"
HOLDERS_SIGNATURE: Final = "houders.json.sig"
HOLDER_FILES: Final = (HOLDERS, HOLDERS_SIGNATURE)
"""Also tag files, where a user or laptop signed and not the organisation itself."""

DECLARATION_TEXT: Final = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_LINE: Final = re.compile(r"([0-9a-f]{128})  ([A-Za-z0-9._/-]{1,160})\Z")


class BagError(ValueError):
    """A digest list is not in the one form we write."""


def info_text(handover_id: UUID, on: date, payload: Mapping[str, int], app_version: str) -> bytes:
    """Return bag-info.txt for the files below data/, given by name and size."""
    oxum = f"{sum(payload.values())}.{len(payload)}"
    lines = {
        "Bag-Software-Agent": f"Doorgaande Lijn {app_version}",
        "Bagging-Date": on.isoformat(),
        "External-Identifier": str(handover_id),
        "Payload-Oxum": oxum,
    }
    return "".join(f"{name}: {value}\n" for name, value in lines.items()).encode()


def write_digests(digests: Mapping[str, str]) -> bytes:
    """Return a digest list as `sha512sum -c` reads it, sorted by name."""
    return "".join(f"{digests[name]}  {name}\n" for name in sorted(digests)).encode()


def read_digests(data: bytes) -> dict[str, str]:
    """Return name → SHA-512 of a digest list; raises BagError unless we could have written it."""
    try:
        lines = data.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise BagError("not ASCII") from None
    found: dict[str, str] = {}
    for line in lines[:-1]:
        matched = _LINE.match(line)
        if matched is None:
            raise BagError("line")
        found[matched[2]] = matched[1]
    if write_digests(found) != data:
        raise BagError("form")
    return found
