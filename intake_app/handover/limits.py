"""How large anything from outside may be. Beyond these it is refused before it is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MIB: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """Bounds of one ZIP: bytes of the whole, bytes of one member, number of members."""

    total: int
    member: int
    members: int


OUTER: Final = ArchiveLimits(total=640 * MIB, member=620 * MIB, members=4)
INNER: Final = ArchiveLimits(total=600 * MIB, member=60 * MIB, members=2000)

README: Final = 16 * 1024
HEADER: Final = 16 * 1024
SIGNATURE: Final = 4096
MANIFEST_JSON: Final = 1 * MIB
TAG_FILE: Final = 1 * MIB
DOSSIER_JSON: Final = 32 * MIB
DOSSIER_DEPTH: Final = 12
DOSSIER_TEXT: Final = 100_000
DOSSIER_ITEMS: Final = 20_000
ATTACHMENTS: Final = 500
RECEIPT_FILE: Final = 256 * 1024
RECEIPTS: Final = 8
ADDRESS_BOOK: Final = 8 * MIB
ENTRIES: Final = 2000
KEY_CARD: Final = 32 * 1024
