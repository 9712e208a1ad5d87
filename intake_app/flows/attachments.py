"""Attachments: take a file from disk into the vault, look at it, write it out, remove it.

A file is known by its content, never by its name, and its name is not kept: people put names of
clients in it. It is read twice, the first time whole and outside any transaction, so that a slow
stick keeps nobody waiting and a file that cannot be read changes nothing.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import UUID

from intake_app.domain.actor import ReceiverRole, UserRole
from intake_app.domain.attachment import LARGEST, MEDICAL, MEGABYTE, Attachment, AttachmentKind
from intake_app.domain.sharing import SharingRule, SharingTable, Verdict
from intake_app.flows import recordings
from intake_app.flows.acting import actor_of
from intake_app.flows.medical_record import seed_of
from intake_app.sentences import Sentence, Told

if TYPE_CHECKING:
    from typing import BinaryIO

    from intake_app.vault import Vault

Progress = Callable[[int, int], None]
"""Bytes done and bytes to do."""
Cancelled = Callable[[], bool]
Clean = Callable[[bytes, str], bytes]
"""Takes the bytes of a picture and its media type, and returns the same picture drawn anew: no
place, no camera, no earlier version in it. Raises ValueError for what is no picture."""

PDF: Final = "application/pdf"
JPEG: Final = "image/jpeg"
PNG: Final = "image/png"
TEXT: Final = "text/plain"
OTHER: Final = "application/octet-stream"
"""Kept as it came and never shown."""
PICTURES: Final = frozenset({JPEG, PNG})
SHOWN: Final = PICTURES | {PDF, TEXT}

EXTENSIONS: Final[dict[str, str]] = {
    PDF: "pdf",
    JPEG: "jpg",
    PNG: "png",
    TEXT: "txt",
    recordings.WAV: "wav",
    recordings.MP3: "mp3",
}
LONGEST_TITLE: Final = 120
HEAD: Final = 64
_PIECE: Final = 512 * 1024

KIND_TITLES: Final[dict[AttachmentKind, str]] = {
    AttachmentKind.DIPLOMA: "Diploma of certificaat",
    AttachmentKind.CV: "Cv",
    AttachmentKind.IDENTITEITSDOCUMENT: "Identiteitsdocument",
    AttachmentKind.BRIEF: "Brief",
    AttachmentKind.TOETSUITSLAG: "Uitslag van een toets",
    AttachmentKind.OVERIG: "Iets anders",
}
KIND_CATEGORIES: Final[dict[AttachmentKind, str]] = {
    AttachmentKind.DIPLOMA: "opleiding",
    AttachmentKind.CV: "werk",
    # there is nearly always a BSN on it, and then the strictest of the two counts
    AttachmentKind.IDENTITEITSDOCUMENT: "bsn",
    AttachmentKind.BRIEF: "",
    AttachmentKind.TOETSUITSLAG: "taal",
    AttachmentKind.OVERIG: "",
}
"""Kind → the category it usually belongs to; '' where only a person can tell."""

_SCRIPTS: Final = (b"<!doctype", b"<html", b"<svg", b"<script", b"#!", b"mz")
_HEIF: Final = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif")
_OFFICE: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf")


class AttachmentRefused(Told):
    """The file is not taken in, or not shown; str() is a Dutch sentence. Nothing has changed."""


class AttachmentCancelled(AttachmentRefused):
    """Somebody stopped it."""


@dataclass(frozen=True, slots=True)
class ChosenFile:
    """A file that was read whole and may be taken in."""

    path: Path
    media_type: str
    size: int
    sha256: str


class AnswerUse(Enum):
    """What a file that was given to a question is to it now."""

    STANDS = "stands"
    """It is the answer."""
    EARLIER = "earlier"
    """It was, and was replaced or taken away; it is kept here and never travels."""


@dataclass(frozen=True, slots=True)
class AttachmentRow:
    """One line of the list of a person. Of a sealed one only size, day and colleague are known."""

    attachment: Attachment
    added_by: str
    """Name of the colleague; '' where it is not known any more."""
    verdicts: tuple[SharingRule, ...]
    """What the sharing table says for each receiver, in the order of the receivers."""
    may_open: bool
    use: AnswerUse | None = None
    """What it is to the answers; None for what lies beside them."""


@dataclass(frozen=True, slots=True)
class AttachmentContent:
    """An attachment with its bytes, whole and verified, to be shown from memory."""

    attachment: Attachment
    data: bytes


def look_at(
    path: Path,
    *,
    sound: bool = False,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> ChosenFile:
    """Read the whole file and say what it is. Raises AttachmentRefused.

    Only with `sound` it may be a recording.
    """
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise AttachmentRefused(_NOT_A_FILE)
        if size > LARGEST:
            raise AttachmentRefused(
                "Dit bestand is {size} MB. Een bijlage mag hoogstens "
                "{most} MB zijn. Er is niets bewaard. Maak het kleiner, "
                "bijvoorbeeld door met minder kleur te scannen.",
                size=_megabytes(size),
                most=LARGEST // MEGABYTE,
            )
        if size == 0:
            raise AttachmentRefused(
                "Dit bestand is leeg. Er is niets bewaard. Kies een ander bestand."
            )
        digest, read = hashlib.sha256(), 0
        with path.open("rb") as source:
            media_type = _kind_of(source, sound=sound)
            for piece in _pieces(source, size, progress, cancelled):
                digest.update(piece)
                read += len(piece)
    except OSError:
        raise AttachmentRefused(_UNREADABLE) from None
    if read != size:
        raise AttachmentRefused(_CHANGED)
    return ChosenFile(path, media_type, size, digest.hexdigest())


def add(
    vault: Vault,
    person_id: UUID,
    chosen: ChosenFile,
    *,
    title: str,
    kind: AttachmentKind,
    category: str,
    clean: Clean,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Attachment:
    """Store the chosen file with the person; pictures are drawn anew by `clean` first.

    A medical one is sealed to the medical role, whoever adds it. Raises AttachmentRefused, and
    VaultError (a full disk, nobody with the medical role); nothing is stored then.
    """
    from intake_app.flows.dossier_words import CATEGORY_TITLES

    named = " ".join(title.split())
    if not named:
        raise AttachmentRefused("Schrijf eerst wat voor bijlage het is, bijvoorbeeld Diploma mbo.")
    if len(named) > LONGEST_TITLE:
        raise AttachmentRefused(
            "De naam is te lang. Gebruik hoogstens {most} tekens.", most=LONGEST_TITLE
        )
    if category not in CATEGORY_TITLES:
        raise AttachmentRefused("Kies eerst waarover de bijlage gaat. Dat bepaalt wie haar krijgt.")
    # before the transaction: drawing a large picture anew takes a moment
    pieces = pieces_of(chosen, clean, progress, cancelled)
    with vault.transaction(actor_of(vault), "bijlage toevoegen") as tx:
        return tx.attachments.add(
            person_id,
            pieces,
            named,
            chosen.media_type,
            category,
            role=UserRole.MEDISCH.value if category == MEDICAL else "",
            kind=kind,
            env=vault.env,
        )


def pieces_of(
    chosen: ChosenFile,
    clean: Clean,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Iterator[bytes]:
    """Give the bytes as they are kept; a picture is drawn anew and a recording stripped at once.

    The rest is read on the way. Raises AttachmentRefused, then or while it is read.
    """
    if chosen.media_type not in PICTURES | recordings.RECORDINGS:
        return _bytes_of(chosen, progress, cancelled)
    whole = b"".join(_bytes_of(chosen, progress, cancelled))
    data = cleaned(whole, chosen.media_type, clean)
    return (data[at : at + _PIECE] for at in range(0, len(data), _PIECE))


def cleaned(data: bytes, media_type: str, clean: Clean) -> bytes:
    """Return the bytes without what was written beside the picture or sound.

    Other kinds stay as they are. Raises AttachmentRefused for what is damaged or too large.
    """
    try:
        if media_type in PICTURES:
            data = clean(data, media_type)
        elif media_type in recordings.RECORDINGS:
            data = recordings.only_sound(data, media_type)
    except ValueError:
        sound = media_type in recordings.RECORDINGS
        raise AttachmentRefused(_NO_SOUND if sound else _NO_PICTURE) from None
    if len(data) > LARGEST:
        raise AttachmentRefused(_NO_PICTURE)
    return data


def listed(vault: Vault, person_id: UUID, table: SharingTable) -> tuple[AttachmentRow, ...]:
    """Return the attachments of a person, the newest first.

    It stands on the page of a person, whose opening is in the log already; what is medical and is
    opened for the list gets an entry of its own.
    """
    seed = seed_of(vault)
    with vault.read(None if seed is None else "medische bijlagen bekijken") as records:
        found = records.attachments.of_person(person_id, seed)
        names = records.attachments.names_of({each.added_by for each in found})
        answering = records.attachments.answering(person_id)
    return tuple(
        AttachmentRow(
            attachment=each,
            added_by=names.get(each.added_by, ""),
            verdicts=verdicts(table, each.category),
            may_open=not each.is_sealed,
            use=_use(each, answering),
        )
        for each in reversed(found)
    )


def _use(attachment: Attachment, answering: frozenset[UUID]) -> AnswerUse | None:
    if attachment.answer is None or attachment.answer.interview_id is None:
        return None
    stands = attachment.attachment_id in answering
    return AnswerUse.STANDS if stands else AnswerUse.EARLIER


def verdicts(table: SharingTable, category: str) -> tuple[SharingRule, ...]:
    """Answer "mag ik dit delen?" for every receiver."""
    return tuple(table.rule(category, role) for role in ReceiverRole)


def in_short(rules: tuple[SharingRule, ...]) -> Verdict:
    """Return what counts most here: what the table says for the gekoppelde gemeente."""
    return next(rule.verdict for rule in rules if rule.role is ReceiverRole.GEMEENTE)


def known(vault: Vault, attachment_id: UUID) -> Attachment | None:
    """Return what is known of an attachment, None when it is gone."""
    with vault.read() as records:
        return records.attachments.get(attachment_id, seed_of(vault))


def content(vault: Vault, attachment_id: UUID) -> AttachmentContent:
    """Return the attachment with its bytes, in memory only.

    Raises AttachmentRefused for a kind that is never shown, and VaultError when it is gone,
    damaged, or for the medical role.
    """
    seed = seed_of(vault)
    with vault.read("bijlage bekijken") as records:
        found = records.attachments.get(attachment_id, seed)
        # read first: without the role it is the missing key that has to be told
        data = b"".join(records.attachments.read(attachment_id, seed))
    if found is not None and found.media_type in recordings.RECORDINGS:
        raise AttachmentRefused(_NOT_HEARD)
    if found is None or found.media_type not in SHOWN or not is_still(found.media_type, data):
        raise AttachmentRefused(_NOT_SHOWN)
    return AttachmentContent(found, data)


def suggested_name(attachment: Attachment) -> str:
    """Return a file name without a name of a person: the kind, and when it was added."""
    day = attachment.added_at.astimezone().date().isoformat()
    extension = EXTENSIONS.get(attachment.media_type, "bin")
    return f"bijlage-{attachment.kind.value}-{day}.{extension}"


def save_outside(vault: Vault, attachment_id: UUID, target: Path) -> None:
    """Write the file outside the vault, where nothing protects it; the log says so first.

    Raises AttachmentRefused, leaving no half file behind, and VaultError. The caller has warned.
    """
    if target.parent.resolve().is_relative_to(vault.folder.resolve()):
        raise AttachmentRefused(
            "Deze map hoort bij de kluis zelf. Daar mag geen ander bestand komen. "
            "Kies een andere map."
        )
    seed = seed_of(vault)
    with vault.transaction(actor_of(vault), "bijlage buiten de kluis opslaan") as tx:
        tx.attachments.note_saved_outside(attachment_id)
    half = target.with_name(target.name + ".deel")
    try:
        with vault.read() as records, half.open("xb") as out:
            for piece in records.attachments.read(attachment_id, seed):
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())
        half.replace(target)
    except BaseException as problem:
        # a file of that name that was there before is not ours to remove
        if not isinstance(problem, FileExistsError):
            with suppress(OSError):
                half.unlink()
        if isinstance(problem, OSError):
            raise AttachmentRefused(_NOT_WRITTEN) from None
        raise


def remove(vault: Vault, attachment_id: UUID) -> None:
    """Delete the attachment; that there was one stays in the log.

    Raises AttachmentRefused for a medical one without that role, and for one that is the answer
    to a question: that is taken away there, and what is vastgesteld stands.
    """
    with vault.transaction(actor_of(vault), "bijlage verwijderen") as tx:
        found = tx.attachments.get(attachment_id)
        if found is not None and found.role and seed_of(vault) is None:
            raise AttachmentRefused(
                "Deze bijlage is medisch. Alleen iemand met de medische rol kan haar verwijderen."
            )
        if (
            found is not None
            and found.person_id is not None
            and attachment_id in tx.attachments.answering(found.person_id)
        ):
            raise AttachmentRefused(_IS_AN_ANSWER)
        tx.attachments.remove(attachment_id)


_IS_AN_ANSWER: Final = Sentence(
    "Dit bestand is het antwoord op een vraag in een gesprek. Het is niet verwijderd. "
    "Verwijder het in het gesprek, bij die vraag. In een vastgesteld gesprek staat het vast."
)
_NOT_A_FILE: Final = Sentence(
    "Dit is een map en geen bestand. Er is niets bewaard. Kies één bestand tegelijk."
)
_UNREADABLE: Final = Sentence(
    "Dit bestand kan niet worden gelezen. Misschien is de stick eruit gehaald of mag je er niet "
    "bij. Er is niets bewaard. Zet het bestand op deze laptop en probeer het opnieuw."
)
_CHANGED: Final = Sentence(
    "Dit bestand is net veranderd terwijl het werd gelezen. Er is niets bewaard. "
    "Sluit het in andere programma’s en probeer het opnieuw."
)
_NOT_WRITTEN: Final = Sentence(
    "Op deze plek kan het bestand niet worden opgeslagen. Misschien is de schijf vol of de stick "
    "eruit gehaald. Er staat daar niets. Kies een andere plek."
)
_NOT_SHOWN: Final = Sentence(
    "Deze bijlage kan hier niet veilig worden getoond. Zij is wel bewaard. "
    "Vraag de afzender om een PDF."
)
_NOT_HEARD: Final = Sentence(
    "Een geluidsopname kan hier niet worden afgespeeld. Zij is wel bewaard. "
    "Sla haar op buiten de kluis om haar te horen, en verwijder haar daar daarna weer."
)
_NO_PICTURE: Final = Sentence(
    "Deze foto is beschadigd of te groot om te openen. Er is niets bewaard. "
    "Maak de foto opnieuw of sla haar op als PDF."
)

_NO_SOUND: Final = Sentence(
    "Deze opname is beschadigd. Er is niets bewaard. Sla de opname opnieuw op als MP3 of WAV."
)


def _kind_of(source: BinaryIO, *, sound: bool) -> str:
    """Return the media type by the first bytes, or for text by all of it; raises."""
    head = source.read(HEAD)
    source.seek(0)
    found = _by_head(head) or (recordings.kind_of(head) if sound else "")
    if found:
        return found
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF:
        raise AttachmentRefused(
            "Dit is een foto in het formaat HEIC van een iPhone. Die kan de ontvanger vaak niet "
            "openen. Er is niets bewaard. Sla de foto op als JPEG, of zet op de iPhone bij "
            "Instellingen, Camera, Structuren de keuze op Meest compatibel."
        )
    if head.startswith(_OFFICE):
        raise AttachmentRefused(
            "Dit is een bestand van een kantoorprogramma of een zip. Er is niets bewaard. "
            "Open het, kies Opslaan als PDF, en voeg die PDF toe."
        )
    if _is_text(head) and _is_text_whole(source):
        return TEXT
    raise AttachmentRefused(
        "Dit soort bestand kan geen bijlage zijn. Er is niets bewaard. "
        "Een bijlage is een PDF, een foto (JPEG of PNG) of gewone tekst."
    )


def _by_head(head: bytes) -> str:
    if head.startswith((b"%PDF-1.", b"%PDF-2.")):
        return PDF
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    return ""


def is_still(media_type: str, data: bytes) -> bool:
    """Tell whether the bytes are of the type that is said; what came from outside may lie."""
    found = _by_head(data[:HEAD])
    if media_type in recordings.RECORDINGS:
        return recordings.kind_of(data[:HEAD]) == media_type
    return found == media_type if media_type != TEXT else not found and _is_text(data[:HEAD])


def _is_text(head: bytes) -> bool:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return not start.startswith(_SCRIPTS) and not any(
        byte < 9 or 13 < byte < 32 or byte == 127 for byte in head
    )


def _is_text_whole(source: BinaryIO) -> bool:
    """Tell whether all of it is UTF-8 without control characters; stands at 0 afterwards."""
    import codecs

    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while piece := source.read(_PIECE):
            decoder.decode(piece)
            if piece.translate(None, _CONTROLS) != piece:
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    finally:
        source.seek(0)
    return True


_CONTROLS: Final = bytes(byte for byte in range(32) if byte not in b"\t\n\x0b\x0c\r") + b"\x7f"


def _pieces(
    source: BinaryIO, size: int, progress: Progress | None, cancelled: Cancelled | None
) -> Iterator[bytes]:
    done = 0
    while piece := source.read(_PIECE):
        if cancelled is not None and cancelled():
            raise AttachmentCancelled("Je hebt gestopt. Er is niets bewaard.")
        done += len(piece)
        if progress is not None:
            progress(min(done, size), size)
        yield piece


def _bytes_of(
    chosen: ChosenFile, progress: Progress | None, cancelled: Cancelled | None
) -> Iterator[bytes]:
    """Give the bytes of the file; at the end it must be the one that was looked at."""
    digest = hashlib.sha256()
    try:
        with chosen.path.open("rb") as source:
            for piece in _pieces(source, chosen.size, progress, cancelled):
                digest.update(piece)
                yield piece
    except OSError:
        raise AttachmentRefused(_UNREADABLE) from None
    if digest.hexdigest() != chosen.sha256:
        raise AttachmentRefused(_CHANGED)


def _megabytes(size: int) -> int:
    return -(-size // MEGABYTE)
