"""From a preview to a sealed file on disk: dossier, document, forms, signature."""

from __future__ import annotations

import io
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO, Final, cast
from uuid import UUID

from intake_app import VERSION
from intake_app.flows import dossier_document
from intake_app.flows.attachments import EXTENSIONS
from intake_app.flows.dossier import assemble
from intake_app.flows.medical_record import seed_of
from intake_app.flows.selection import ItemKey, ItemKind
from intake_app.handover.errors import SealError
from intake_app.vault.errors import VaultError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from intake_app.domain.attachment import Attachment as Kept
    from intake_app.domain.handover import Handover
    from intake_app.domain.interview import FormVersion
    from intake_app.flows.hand_over import HandoverPreview
    from intake_app.handover.dossier import Dossier
    from intake_app.handover.model import Attachment, Party, SealedFile, SealRequest
    from intake_app.vault import Vault

FORM_MEDIA_TYPE = "application/xml"
_FORM_TITLE: Final = "Formulier "


class AttachmentLost(SealError):
    """An attachment that was to go is gone or cannot be read."""

    sentence = (
        "Een bijlage die mee zou gaan is er niet meer of is niet te lezen. Er is geen bestand "
        "gemaakt. Kijk bij de persoon welke bijlage het is, en verzegel daarna opnieuw."
    )


def dossier_for(vault: Vault, view: HandoverPreview, handover: Handover) -> Dossier:
    """Return the dossier of this preview. Its id is the person's: equal over all versions."""
    assert view.selection is not None  # noqa: S101  (no problem means there is a role)
    assert view.choice.role is not None  # noqa: S101
    organisation = vault.info.organisation.name
    return assemble(
        view.case,
        view.selection.leaving_keys(),
        view.rows,
        dossier_id=view.case.person.person_id,
        version=handover.dossier_version,
        created=handover.created_at,
        role=view.choice.role,
        authors=[(vault.user.user_id, vault.user.name)],
        unknown_author=organisation,
        files=_file_names(view),
    )


def build(
    vault: Vault,
    view: HandoverPreview,
    handover: Handover,
    audit_head: tuple[int, str],
    supersedes: UUID | None,
) -> SealRequest:
    """Return everything that goes into the file; nothing is written yet.

    Raises `handover.dossier.DossierRefused` for a value of the record that the format does not
    take; its `place` names the field.
    """
    from intake_app import paths
    from intake_app.documents.dossier_pdf import render
    from intake_app.handover import medical
    from intake_app.handover.dossier import to_json
    from intake_app.handover.model import AuditHead, Kind, SealRequest

    dossier = dossier_for(vault, view, handover)
    sender, recipient = own_party(vault), _recipient(view)
    page = dossier_document.document(
        dossier,
        handover_number=short_number(handover.handover_id),
        sender=sender.name,
        recipient=recipient.name,
        audit_head=audit_head,
        practice=vault.info.practice,
    )
    return SealRequest(
        handover_id=handover.handover_id,
        dossier_id=dossier.dossier_id,
        version=dossier.dossier_version,
        supersedes=supersedes,
        created=dossier.created,
        sender=sender,
        recipient=recipient,
        dossier_json=to_json(dossier),
        dossier_pdf=render(page, paths.resource("fonts")),
        audit_head=AuditHead(*audit_head),
        app_version=VERSION,
        attachments=(*(_kept(vault, each) for each in _going(view)), *_forms(view, dossier)),
        kind=Kind.MEDICAL if dossier.receiver_role == medical.ROLE else Kind.DOSSIER,
    )


def write(
    vault: Vault,
    request: SealRequest,
    folder: Path,
    progress: Callable[[int, int], None] | None,
    cancelled: Callable[[], bool] | None = None,
) -> SealedFile:
    """Seal with the acting user's own key; return what was written.

    The organisation's list that vouches for the key goes along. Raises the errors of
    `handover.errors`.
    """
    from intake_app.flows import holders
    from intake_app.handover.seal import seal

    key, vouching = holders.signing(vault)
    request = replace(request, holders=vouching)
    random = vault.env.random
    return seal(request, key, folder, random=random, progress=progress, cancelled=cancelled)


def own_party(vault: Vault) -> Party:
    """Return this vault's organisation with its keys."""
    from intake_app.handover.model import Party

    keys, organisation = vault.organisation_keys(), vault.info.organisation
    return Party(
        name=organisation.name,
        organisation_id=organisation.organisation_id,
        sign_public=keys.sign_public,
        age_recipient=keys.age_recipient,
    )


def _recipient(view: HandoverPreview) -> Party:
    from intake_app.handover.model import Party

    entry = view.choice.entry
    assert entry is not None  # noqa: S101
    return Party(
        name=entry.name,
        organisation_id=entry.organisation_id,
        sign_public=entry.sign_public,
        age_recipient=entry.age_recipient,
    )


def _going(view: HandoverPreview) -> tuple[Kept, ...]:
    """Return the attachments that leave, in the order in which they lie in the file."""
    assert view.selection is not None  # noqa: S101
    leaving = view.selection.leaving_keys()
    return tuple(
        each
        for each in view.case.attachments
        if ItemKey(ItemKind.ATTACHMENT, each.attachment_id) in leaving
    )


def _file_names(view: HandoverPreview) -> dict[UUID, str]:
    """Return the name of each attachment beside the dossier; they come before the forms."""
    from intake_app.handover.manifest import attachment_name

    return {
        each.attachment_id: attachment_name(number, _extension(each))
        for number, each in enumerate(_going(view), 1)
    }


def _extension(kept: Kept) -> str:
    return EXTENSIONS.get(kept.media_type, "bin")


def _kept(vault: Vault, kept: Kept) -> Attachment:
    from intake_app.handover.model import Attachment

    return Attachment(
        title=kept.title,
        extension=_extension(kept),
        media_type=kept.media_type,
        source=lambda: cast("BinaryIO", _FromVault(vault, kept.attachment_id)),
    )


class _FromVault(io.RawIOBase):
    """An attachment as a file, verified while it is read; holds one piece of it at a time."""

    def __init__(self, vault: Vault, attachment_id: UUID) -> None:
        super().__init__()
        self._stack = ExitStack()
        records = self._stack.enter_context(vault.read())
        self._pieces: Iterator[bytes] = records.attachments.read(attachment_id, seed_of(vault))
        self._held = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self._held:
            try:
                self._held = memoryview(next(self._pieces, b""))
            except VaultError:
                raise AttachmentLost from None
        part = self._held[: len(buffer)]
        buffer[: len(part)] = part
        self._held = self._held[len(part) :]
        return len(part)

    def close(self) -> None:
        self._held = memoryview(b"")
        self._stack.close()
        super().close()


def _forms(view: HandoverPreview, dossier: Dossier) -> tuple[Attachment, ...]:
    """Return the forms of the interviews that go, so that the receiver can continue them."""
    needed = {interview.form_sha256 for interview in dossier.interviews}
    versions = {file.form.sha256: file.form for file in view.case.interviews}
    return tuple(_attachment(versions[sha256]) for sha256 in sorted(needed))


def _attachment(version: FormVersion) -> Attachment:
    from intake_app.handover.model import Attachment

    return Attachment(
        title=f"{_FORM_TITLE}{version.form_id}",
        extension="xml",
        media_type=FORM_MEDIA_TYPE,
        source=lambda: io.BytesIO(version.xml),
    )


def short_number(handover_id: UUID) -> str:
    """Return the eight digits that name a handover in its file name and on the telephone."""
    return handover_id.hex[:8]
