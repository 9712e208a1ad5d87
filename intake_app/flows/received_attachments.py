"""The attachments of a received file: kept with the handover until somebody decides about it.

What the sender says of a file is not believed: it is shown as what its name and first bytes make
it, and only when the format calls it plain. Everything else is kept as it came and never opened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from intake_app.domain.actor import UserRole
from intake_app.domain.attachment import MEDICAL, AnswerPlace, AttachmentKind
from intake_app.flows.attachments import JPEG, OTHER, PDF, PNG, TEXT
from intake_app.flows.recordings import MP3, WAV

if TYPE_CHECKING:
    from intake_app.handover.dossier import Dossier, DossierAttachment
    from intake_app.handover.open import OpenedHandover, ReceivedAttachment
    from intake_app.vault import Vault
    from intake_app.vault.transaction import Transaction

_SHOWN_AS: Final = {
    "pdf": PDF,
    "jpg": JPEG,
    "jpeg": JPEG,
    "png": PNG,
    "wav": WAV,
    "mp3": MP3,
} | dict.fromkeys(("txt", "csv", "json", "xml"), TEXT)


def came_along(
    opened: OpenedHandover,
) -> tuple[tuple[ReceivedAttachment, DossierAttachment | None], ...]:
    """Return the attachments but the forms, each with what the dossier says of it, if anything.

    Raises Refusal when the dossier names a file that is not there, or one file as two answers.
    """
    from intake_app.flows.sealing import FORM_MEDIA_TYPE
    from intake_app.handover.errors import Refusal, RefusalReason

    told = {entry.file: entry for entry in opened.dossier.attachments}
    files = {attachment.file for attachment in opened.attachments}
    if len(told) != len(opened.dossier.attachments) or not set(told) <= files:
        raise Refusal(RefusalReason.MANIFEST_MISMATCH)
    if not _answers(opened.dossier) <= set(told):
        raise Refusal(RefusalReason.MANIFEST_MISMATCH)
    return tuple(
        (each, told.get(each.file))
        for each in opened.attachments
        if each.file in told or each.media_type != FORM_MEDIA_TYPE
    )


def keep(vault: Vault, tx: Transaction, opened: OpenedHandover) -> None:
    """Store what came along under the handover; the receiver looks at it before deciding.

    Raises Refusal for bytes that are not those the dossier names, NoRoleKey for something medical
    in a vault where nobody ever had that role, and AttachmentTooLarge. All end the transaction.
    """
    from intake_app.handover.errors import Refusal, RefusalReason

    answers = _answers(opened.dossier)
    for came, told in came_along(opened):
        category = told.category if told else ""
        kept = tx.attachments.add_received(
            opened.manifest.handover_id,
            came.pieces(),
            " ".join((told.title if told else came.title).split()),
            _media_type(came),
            category,
            opened.manifest.sender.name,
            UserRole.MEDISCH.value if category == MEDICAL else "",
            kind=_kind(told),
            answer=AnswerPlace("", came_as=came.file) if came.file in answers else None,
            env=vault.env,
        )
        if told is not None and (kept.size, kept.sha256) != (told.size, told.sha256):
            raise Refusal(RefusalReason.MANIFEST_MISMATCH)


def _answers(dossier: Dossier) -> frozenset[str]:
    """Return the files that are answers; raises Refusal where one file would be two of them."""
    from intake_app.handover.errors import Refusal, RefusalReason

    named = [
        file
        for interview in dossier.interviews
        for answer in interview.answers
        for file in answer.files
    ]
    if len(named) != len(set(named)) or any(
        len(answer.files) > 1 or (answer.files and not answer.value)
        for interview in dossier.interviews
        for answer in interview.answers
    ):
        raise Refusal(RefusalReason.MANIFEST_MISMATCH)
    return frozenset(named)


def _media_type(came: ReceivedAttachment) -> str:
    """Return what it may be shown as, whatever the sender says it is."""
    if not came.is_plain:
        return OTHER
    return _SHOWN_AS.get(came.file.rpartition(".")[2], OTHER)


def _kind(told: DossierAttachment | None) -> AttachmentKind:
    known = {kind.value for kind in AttachmentKind}
    if told is None or told.kind not in known:
        return AttachmentKind.OVERIG
    return AttachmentKind(told.kind)
