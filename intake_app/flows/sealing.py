"""From a preview to a sealed file on disk: dossier, document, forms, signature."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from intake_app import VERSION
from intake_app.flows import dossier_document
from intake_app.flows.dossier import assemble

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from intake_app.domain.handover import Handover
    from intake_app.domain.interview import FormVersion
    from intake_app.flows.hand_over import HandoverPreview
    from intake_app.handover.dossier import Dossier
    from intake_app.handover.model import Attachment, Party, SealedFile, SealRequest
    from intake_app.vault import Vault

FORM_MEDIA_TYPE = "application/xml"
_FORM_TITLE = "Formulier "


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
        attachments=_forms(view, dossier),
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
