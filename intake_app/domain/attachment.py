"""What lies beside the answers: diplomas, letters, results, as files kept inside the vault."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

MEGABYTE: Final = 1024 * 1024
LARGEST: Final = 50 * MEGABYTE
"""In bytes; what may be added here. A received one may be as large as a sealed file allows."""

MEDICAL: Final = "medisch"
"""The category of everything that only the medical role may read."""


class AttachmentKind(StrEnum):
    """What kind of paper it is."""

    DIPLOMA = "diploma"
    CV = "cv"
    IDENTITEITSDOCUMENT = "identiteitsdocument"
    BRIEF = "brief"
    TOETSUITSLAG = "toetsuitslag"
    OVERIG = "overig"


@dataclass(frozen=True, slots=True)
class AnswerPlace:
    """Which question a file was given to, as its answer."""

    name: str
    """The value of the answer: a made-up file name, without anything of a person in it."""
    path: str = ""
    repeat: UUID | None = None
    interview_id: UUID | None = None
    """None while it waits in the inbox, or where the interview was not taken over."""
    came_as: str = ""
    """Where it lay in the handover it came with; '' when it was added here."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """An attachment without its bytes. Where `is_sealed`, only the medical role can learn more."""

    attachment_id: UUID
    person_id: UUID | None
    """None while it waits in the inbox with the dossier it came with."""
    title: str
    kind: AttachmentKind
    media_type: str
    size: int
    """In bytes, of the file itself."""
    sha256: str
    """Of the file itself, lower-case hexadecimal."""
    category: str
    """Category of the sharing table."""
    role: str
    """'' or the user role that it is sealed to."""
    source: str
    """The organisation it came from; '' when it was added here."""
    added_at: datetime
    added_by: UUID
    inbox_id: UUID | None = None
    """The handover it came with."""
    is_sealed: bool = False
    """True when title, kind, type and digest are empty here because the role's key is missing."""
    answer: AnswerPlace | None = None
    """Where it was given as the answer to a question; None for what lies beside the answers."""


@dataclass(frozen=True, slots=True)
class MedicalEntry:
    """A note in the medical compartment, opened."""

    entry_id: UUID
    person_id: UUID
    kind: str
    text: str
    written_at: datetime
    written_by: UUID
