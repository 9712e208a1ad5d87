"""Answers that are a file: a photo, a scan, a recording, a signature.

The value of such an answer is a made-up file name, as XForms has it: a random number and the kind,
nothing of a person. The bytes lie with the attachments of the person, tied to the interview and
the question, written in the transaction that writes the answer. So the two are never apart: a full
disk or a power cut leaves both as they were.

What was replaced by another file stays, as every overwritten answer does, until it is removed or
the person is wiped. It never travels. What is removed is gone: the bytes are deleted and the
history says only that there was a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import UUID

from intake_app.domain.actor import UserRole
from intake_app.domain.attachment import LARGEST, MEDICAL, AnswerPlace, Attachment
from intake_app.flows import attachments, record_text
from intake_app.flows.attachments import (
    JPEG,
    PDF,
    PNG,
    TEXT,
    AttachmentRefused,
    Cancelled,
    Clean,
    Progress,
)
from intake_app.flows.medical_record import seed_of
from intake_app.flows.recordings import MP3, WAV

if TYPE_CHECKING:
    from datetime import date

    from intake_app.domain.environment import Environment
    from intake_app.domain.interview import Interview
    from intake_app.vault import Vault
    from intake_app.vault.transaction import Transaction
    from intake_app.xforms import NodeKey, QuestionDefinition

TAKEN: Final = (JPEG, PNG, PDF, TEXT, WAV, MP3)
"""Every media type that can be an answer."""
EXTENSIONS: Final[Mapping[str, str]] = attachments.EXTENSIONS
SIGNATURES: Final = frozenset({"signature", "draw"})
"""Appearances of a question that is drawn by hand."""
_PIECE: Final = 512 * 1024
_NAME: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.[a-z0-9]{1,8}")

_WORDS: Final[Mapping[str, str]] = {
    "jpg": "Foto",
    "png": "Foto",
    "pdf": "Pdf",
    "txt": "Tekst",
    "wav": "Geluidsopname",
    "mp3": "Geluidsopname",
}
_SIGNED: Final[Mapping[str, str]] = {
    "png": "Handtekening",
    "txt": "Verklaring in plaats van een handtekening",
}
ANY_FILE: Final = "Bestand"


class Wanted(StrEnum):
    """What a question asks for, in broad lines."""

    PICTURE = "picture"
    SOUND = "sound"
    PDF = "pdf"
    FILE = "file"
    VIDEO = "video"
    """Asked for by some forms; never taken: too large, and it shows too much."""


@dataclass(frozen=True, slots=True)
class PreparedFile:
    """A file in memory that was looked at and may become an answer."""

    data: bytes
    media_type: str


class Instead(StrEnum):
    """What there is where nobody drew a signature here."""

    OP_PAPIER = "op_papier"
    MONDELING = "mondeling"


def wanted(mediatype: str) -> Wanted:
    """Return what a question with this `mediatype` of XForms asks for."""
    broad = mediatype.partition("/")[0].strip().lower()
    if mediatype.strip().lower() == PDF:
        return Wanted.PDF
    known = {"image": Wanted.PICTURE, "audio": Wanted.SOUND, "video": Wanted.VIDEO}
    return known.get(broad, Wanted.FILE)


def accepted(mediatype: str) -> frozenset[str]:
    """Return the media types that answer a question with this `mediatype`."""
    return {
        Wanted.PICTURE: frozenset({JPEG, PNG}),
        Wanted.SOUND: frozenset({WAV, MP3}),
        Wanted.PDF: frozenset({PDF}),
        Wanted.FILE: frozenset({JPEG, PNG, PDF, TEXT}),
        Wanted.VIDEO: frozenset[str](),
    }[wanted(mediatype)]


def prepare(
    path: Path,
    mediatype: str,
    *,
    clean: Clean,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> PreparedFile:
    """Read a file whole and make it ready to be an answer; it may run on any thread.

    A picture is drawn anew by `clean`, of a recording only the sound is kept. Raises
    AttachmentRefused, AttachmentCancelled.
    """
    chosen = attachments.look_at(path, sound=True, progress=progress, cancelled=cancelled)
    _check(chosen.media_type, mediatype)
    pieces = attachments.pieces_of(chosen, clean, cancelled=cancelled)
    return _whole(b"".join(pieces), chosen.media_type)


def prepare_data(data: bytes, media_type: str, mediatype: str, *, clean: Clean) -> PreparedFile:
    """Make ready what was pasted or taken by a camera or microphone. Raises AttachmentRefused."""
    _check(media_type, mediatype)
    return _whole(attachments.cleaned(data, media_type, clean), media_type)


def signature(png: bytes) -> PreparedFile:
    """Return a drawn signature, a PNG that was made here, as an answer."""
    return PreparedFile(png, PNG)


def statement(instead: Instead, witness: str, day: date) -> PreparedFile:
    """Return what is kept where there is no drawing: how it was signed, and who was there.

    Plain text, so that it can be read aloud and by anybody who receives it. Raises
    AttachmentRefused without a name.
    """
    named = " ".join(witness.split())
    if not named:
        raise AttachmentRefused("Schrijf eerst wie erbij was.")
    if len(named) > attachments.LONGEST_TITLE:
        raise AttachmentRefused(
            "De naam is te lang. Gebruik hoogstens {most} tekens.", most=attachments.LONGEST_TITLE
        )
    lines = {
        Instead.OP_PAPIER: (
            "Getekend op papier.",
            "De handtekening staat op het papier. Zij staat niet in dit bestand.",
        ),
        Instead.MONDELING: (
            "Niet getekend: de cliënt kan niet tekenen.",
            "De cliënt zei mondeling ja. Een handtekening is er niet.",
        ),
    }[instead]
    text = "\n".join((*lines, f"Hierbij was: {named}.", f"Datum: {record_text.day(day)}.", ""))
    return PreparedFile(text.encode(), TEXT)


def new_name(env: Environment, media_type: str) -> str:
    """Return the value of an answer: a random number and the kind of file."""
    return f"{env.uuid()}.{EXTENSIONS[media_type]}"


def is_name(value: str) -> bool:
    """Tell whether a value has the shape of `new_name`."""
    return _NAME.fullmatch(value) is not None


def in_words(value: str, *, signed: bool = False) -> str:
    """Return what a value says to a person, in Dutch: 'Foto', never the name of the file."""
    if not value:
        return ""
    extension = value.rpartition(".")[2].lower()
    own = _SIGNED.get(extension, "") if signed else ""
    return own or _WORDS.get(extension, ANY_FILE)


def is_signed(definition: QuestionDefinition) -> bool:
    """True for a question that is answered by drawing."""
    return not SIGNATURES.isdisjoint(definition.appearance)


def title_of(label: str, name: str) -> str:
    """Return the title of the file, made of the question: one line of a bounded length."""
    words = " ".join("".join(c if c.isprintable() else " " for c in label).split()) or name
    most = attachments.LONGEST_TITLE
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"


# ---- in the transaction of the answer ----------------------------------------------------------


def put(
    tx: Transaction,
    env: Environment,
    interview: Interview,
    key: NodeKey,
    definition: QuestionDefinition,
    label: str,
    file: PreparedFile,
    name: str,
) -> Attachment:
    """Write the bytes of an answer, tied to its question. What is medical is sealed to that role.

    Raises VaultError; the transaction of the caller ends then.
    """
    category = definition.attributes.get("sharing", "")
    data = file.data
    return tx.attachments.add(
        interview.person_id,
        (data[at : at + _PIECE] for at in range(0, len(data), _PIECE)),
        title_of(label, definition.name),
        file.media_type,
        category,
        role=UserRole.MEDISCH.value if category == MEDICAL else "",
        answer=AnswerPlace(name, key.path, key.repeat, interview.interview_id),
        env=env,
    )


def drop(tx: Transaction, interview_id: UUID, names: Iterable[str]) -> None:
    """Delete the bytes of the files with these names; that there were any stays in the log."""
    gone = frozenset(names)
    for each in tx.attachments.of_interview(interview_id):
        if each.answer is not None and each.answer.name in gone:
            tx.attachments.remove(each.attachment_id)


def of_question(
    found: Iterable[Attachment], path: str, repeat: UUID | None
) -> tuple[Attachment, ...]:
    """Return which of the files were ever given to one question, oldest first."""
    return tuple(
        each
        for each in found
        if each.answer is not None and (each.answer.path, each.answer.repeat) == (path, repeat)
    )


# ---- reading -----------------------------------------------------------------------------------


def kept(vault: Vault, interview_id: UUID) -> tuple[Attachment, ...]:
    """Return the files of an interview that is open on the screen, also replaced ones."""
    with vault.read() as records:
        return records.attachments.of_interview(interview_id, seed_of(vault))


def content(vault: Vault, attachment: Attachment) -> bytes:
    """Return the bytes of an answer of an open interview, whole and verified, in memory only.

    What is medical gets an entry of its own in the log. Raises AttachmentRefused for what is not
    what it says to be, and VaultError when it is gone, damaged, or for the medical role.
    """
    if attachment.role:
        return attachments.content(vault, attachment.attachment_id).data
    with vault.read() as records:
        data = b"".join(records.attachments.read(attachment.attachment_id))
    if not attachments.is_still(attachment.media_type, data):
        raise AttachmentRefused(_DAMAGED)
    return data


def _check(media_type: str, mediatype: str) -> None:
    if media_type in accepted(mediatype):
        return
    raise AttachmentRefused(_ASKED[wanted(mediatype)])


def _whole(data: bytes, media_type: str) -> PreparedFile:
    if not data or len(data) > LARGEST:
        raise AttachmentRefused(_DAMAGED)
    return PreparedFile(data, media_type)


_DAMAGED: Final = (
    "Dit bestand is beschadigd of te groot. Er is niets bewaard. Kies een ander bestand."
)
_ASKED: Final[Mapping[Wanted, str]] = {
    Wanted.PICTURE: (
        "Deze vraag vraagt om een foto (JPEG of PNG). Dit bestand is dat niet. "
        "Er is niets bewaard. Kies een foto, of maak een foto van het papier."
    ),
    Wanted.SOUND: (
        "Deze vraag vraagt om een geluidsopname (MP3 of WAV). Dit bestand is dat niet. "
        "Er is niets bewaard. Sla de opname op als MP3."
    ),
    Wanted.PDF: (
        "Deze vraag vraagt om een PDF. Dit bestand is dat niet. Er is niets bewaard. "
        "Sla het bestand op als PDF."
    ),
    Wanted.FILE: (
        "Dit soort bestand kan hier niet. Er is niets bewaard. "
        "Kies een PDF, een foto (JPEG of PNG) of gewone tekst."
    ),
    Wanted.VIDEO: (
        "Een video bewaart dit programma niet: een video is te groot en laat te veel zien. "
        "Er is niets bewaard. Kies hieronder waarom er geen antwoord is."
    ),
}
