"""Who hands what to whom: the inputs of sealing, and header and manifest of a sealed file.

Outside (overdracht.json, signed) stand no names, places or dates: an id, the digests of what lies
beside it, and the control numbers of sender and recipient. Inside the encryption
(data/overdracht.json, signed through the bag) both are named in full, so a file that was
decrypted and sent on to another is recognised.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final
from uuid import UUID

from intake_app.crypto.fingerprint import fingerprint

if TYPE_CHECKING:
    from intake_app.handover.holders import SignedList

FORMAT: Final = "doorgaande-lijn-overdracht"
VERSION: Final = 1
NAMESPACE: Final = "doorgaande-lijn-overdracht-v1"


class Kind(StrEnum):
    """What lies inside: a dossier, or the medical envelope to a care provider.

    Both look the same from outside; only the receiver learns which of the two it is. The kind is
    the `format` of the manifest and decides the namespace of the signature over the content, so
    that neither can be passed off as the other.
    """

    DOSSIER = FORMAT
    MEDICAL = "doorgaande-lijn-medisch"

    @property
    def namespace(self) -> str:
        """The SSHSIG namespace of the signature over the content."""
        return f"{self.value}-v{VERSION}"


README: Final = "LEESMIJ.txt"
HEADER: Final = "overdracht.json"
HEADER_SIGNATURE: Final = "overdracht.json.sig"
PAYLOAD: Final = "dossier.age"

MANIFEST: Final = "data/overdracht.json"
DOSSIER: Final = "data/dossier.json"
PDF: Final = "data/dossier.pdf"
SCHEMA: Final = "data/schema/dossier-v1.schema.json"


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation with the keys it had at the moment of sealing."""

    name: str
    organisation_id: UUID
    sign_public: str
    age_recipient: str

    @property
    def fingerprint(self) -> str:
        """The control number (controlegetal) of both keys together."""
        return fingerprint(self.age_recipient, self.sign_public)

    def plain(self) -> dict[str, Any]:
        """Return the party as it stands in the manifest."""
        return {
            "name": self.name,
            "organisation": str(self.organisation_id),
            "sign": self.sign_public,
            "age": self.age_recipient,
        }


@dataclass(frozen=True, slots=True)
class AuditHead:
    """The head of the sender's log at the moment of sealing: entry number and SHA-256 (hex)."""

    seq: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes along. `source` opens it for reading; it is read twice, never at once.

    `extension` is lower-case ASCII letters and digits without a dot ("pdf").
    """

    title: str
    extension: str
    media_type: str
    source: Callable[[], BinaryIO]


@dataclass(frozen=True, slots=True)
class SealRequest:
    """Everything that goes into one sealed file for one recipient.

    `holders` is given when a user or laptop signs: the sender's list that vouches for its key.
    Without it the organisation signs with its own.
    """

    handover_id: UUID
    dossier_id: UUID
    version: int
    supersedes: UUID | None
    created: datetime
    sender: Party
    recipient: Party
    dossier_json: bytes
    dossier_pdf: bytes
    audit_head: AuditHead
    app_version: str
    attachments: tuple[Attachment, ...] = ()
    kind: Kind = Kind.DOSSIER
    holders: SignedList | None = None


@dataclass(frozen=True, slots=True)
class SealedFile:
    """A sealed file on disk, written and read back. Digests are lower-case hexadecimal."""

    path: Path
    size: int
    sha256: str
    sha512_payload: str
    handover_id: UUID


@dataclass(frozen=True, slots=True)
class FileDigest:
    """Name, size in bytes and SHA-512 (hex) of a file of the outer archive."""

    file: str
    size: int
    sha512: str

    def plain(self) -> dict[str, Any]:
        """Return it as it stands in the header."""
        return {"file": self.file, "size": self.size, "sha512": self.sha512}


@dataclass(frozen=True, slots=True)
class Header:
    """The signed outside of a sealed file; `sender` and `recipient` are control numbers."""

    handover_id: UUID
    sender: str
    recipient: str
    payload: FileDigest
    readme: FileDigest

    def plain(self) -> dict[str, Any]:
        """Return the header as it is signed."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "id": str(self.handover_id),
            "sender": self.sender,
            "recipient": self.recipient,
            "payload": self.payload.plain(),
            "readme": self.readme.plain(),
        }


@dataclass(frozen=True, slots=True)
class AttachmentEntry:
    """An attachment as the manifest names it."""

    file: str
    title: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The signed inside: what this is, from whom, for whom, and in place of what."""

    kind: Kind
    handover_id: UUID
    dossier_id: UUID
    version: int
    supersedes: UUID | None
    created: datetime
    sender: Party
    recipient: Party
    attachments: tuple[AttachmentEntry, ...]
    audit_head: AuditHead
    app_version: str
