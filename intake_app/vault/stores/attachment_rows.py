"""Rows of attachments, and what is sealed in them, as dataclasses of the domain."""

from __future__ import annotations

import base64
from uuid import UUID

from sqlalchemy import RowMapping

from intake_app.domain.attachment import AnswerPlace, Attachment, AttachmentKind
from intake_app.vault.rows import moment, uuid_or_none
from intake_app.vault.stores.attachment_chunks import AttachmentDamaged
from intake_app.vault.stores.medical import open_small


def attachment_of(row: RowMapping, seed: bytes | None) -> Attachment:
    """Return the attachment of a row that has the columns of `answer_file` beside its own.

    One of the medical role comes without what it is unless there is a `seed`. Raises
    CompartmentClosed when the seed is another's, CompartmentDamaged or AttachmentDamaged when
    what is sealed is not what was stored.
    """
    shown = {name: row[name] for name in ("kind", "title", "media_type", "sha256")}
    is_sealed = bool(row["role"]) and seed is None
    if row["role"]:
        shown = dict.fromkeys(shown, "")
        if seed is not None:
            shown = open_small(base64.b64decode(row["title"]), seed)
            if shown.pop("attachment") != row["attachment_id"]:
                raise AttachmentDamaged
    return Attachment(
        attachment_id=UUID(row["attachment_id"]),
        person_id=uuid_or_none(row["person_id"]),
        title=shown["title"],
        kind=AttachmentKind(shown["kind"] or AttachmentKind.OVERIG),
        media_type=shown["media_type"],
        size=row["size"],
        sha256=shown["sha256"],
        category=row["category"],
        role=row["role"],
        source=row["source"],
        added_at=moment(row["added_at"]),
        added_by=UUID(row["added_by"]),
        inbox_id=uuid_or_none(row["inbox_id"]),
        is_sealed=is_sealed,
        answer=_place(row),
    )


def _place(row: RowMapping) -> AnswerPlace | None:
    if row["name"] is None:
        return None
    return AnswerPlace(
        name=row["name"],
        path=row["path"],
        repeat=UUID(row["repeat"]) if row["repeat"] else None,
        interview_id=uuid_or_none(row["interview_id"]),
        came_as=row["came_as"],
    )
