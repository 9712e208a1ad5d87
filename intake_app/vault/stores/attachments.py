"""Attachments inside the database: their bytes go in with the transaction that names them.

One file, one transaction, no orphans, and constant memory whatever the size. What belongs to the
medical role is an age file to the role's key, cut in the same chunks; its title, kind, type and
digest are sealed too, so that an open database shows no more than that there is something.
"""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO, Final, cast
from uuid import UUID

from sqlalchemy import (
    Executable,
    bindparam,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    text,
    update,
)

from intake_app.crypto.age import AgeError, StreamWriter, open_decrypted, start_encryption
from intake_app.domain.actor import UserRole
from intake_app.domain.attachment import MEGABYTE, AnswerPlace, Attachment, AttachmentKind
from intake_app.domain.environment import Environment
from intake_app.vault.errors import VaultError
from intake_app.vault.rows import key, stamp
from intake_app.vault.schema import (
    answer,
    answer_file,
    attachment,
    attachment_chunk,
    inbox,
    repeat_instance,
    vault_user,
)
from intake_app.vault.scope import Store, at_most, upsert
from intake_app.vault.stores.attachment_chunks import (
    CHUNK,
    AttachmentDamaged,
    Chunks,
    Storing,
)
from intake_app.vault.stores.attachment_rows import attachment_of
from intake_app.vault.stores.medical import (
    closed_or_damaged,
    identity_of,
    recipient_of,
    seal_small,
)

LIMIT: Final = 60 * MEGABYTE
"""In bytes; also of one that is received."""

_ADD: Final = insert(attachment)
_ADD_CHUNK: Final = insert(attachment_chunk)
_TIE: Final = upsert(answer_file)
_STANDING: Final = (
    select(attachment, *(each for each in answer_file.c if not each.primary_key))
    .outerjoin(answer_file, answer_file.c.attachment_id == attachment.c.attachment_id)
    .where(attachment.c.removed_at.is_(None))
    .order_by(attachment.c.added_at, text("attachment.rowid"))
)
_OF_PERSON: Final = _STANDING.where(attachment.c.person_id == bindparam("person_id"))
_OF_INTERVIEW: Final = _STANDING.where(answer_file.c.interview_id == bindparam("interview_id"))
_IN_REMOVED_REPEAT: Final = exists().where(
    repeat_instance.c.interview_id == answer.c.interview_id,
    repeat_instance.c.instance == answer.c.repeat,
    repeat_instance.c.removed_at.is_not(None),
)
_ANSWERING: Final = (
    select(answer_file.c.attachment_id)
    .join(attachment, attachment.c.attachment_id == answer_file.c.attachment_id)
    .join(answer, answer.c.interview_id == answer_file.c.interview_id)
    .where(
        attachment.c.person_id == bindparam("person_id"),
        attachment.c.removed_at.is_(None),
        answer.c.value == answer_file.c.name,
        ~_IN_REMOVED_REPEAT,
    )
)
_OF_INBOX: Final = _STANDING.where(attachment.c.inbox_id == bindparam("inbox_id"))
_ONE: Final = _STANDING.where(attachment.c.attachment_id == bindparam("attachment_id"))
_SAME: Final = (
    select(attachment.c.attachment_id)
    .where(
        attachment.c.person_id == bindparam("person_id"),
        attachment.c.sha256 == bindparam("sha256"),
        attachment.c.role == "",
        attachment.c.removed_at.is_(None),
    )
    .limit(at_most(1))
)
_CHUNK: Final = select(attachment_chunk.c.content).where(
    attachment_chunk.c.attachment_id == bindparam("attachment_id"),
    attachment_chunk.c.position == bindparam("position"),
)
_STORED: Final = select(
    func.coalesce(func.sum(func.length(attachment_chunk.c.content)), 0).label("bytes")
).where(attachment_chunk.c.attachment_id == bindparam("attachment_id"))
_NAMES: Final = select(vault_user.c.user_id, vault_user.c.name).where(
    vault_user.c.user_id.in_(bindparam("keys", expanding=True))
)
_ADOPT: Final = (
    update(attachment)
    .where(attachment.c.attachment_id == bindparam("which"))
    .values(person_id=bindparam("whose"))
)
_MARK: Final = (
    update(attachment)
    .where(attachment.c.attachment_id == bindparam("which"))
    .values(title="", sha256="", removed_at=bindparam("at"), removed_by=bindparam("by"))
)
_DROP_CHUNKS: Final = delete(attachment_chunk).where(
    attachment_chunk.c.attachment_id == bindparam("which")
)
_DROP_TIE: Final = delete(answer_file).where(answer_file.c.attachment_id == bindparam("which"))
_DROP: Final = delete(attachment).where(attachment.c.attachment_id == bindparam("which"))
_ALL_OF_PERSON: Final = select(attachment.c.attachment_id).where(
    or_(
        attachment.c.person_id == bindparam("person_id"),
        attachment.c.inbox_id.in_(
            select(inbox.c.handover_id).where(inbox.c.person_id == bindparam("person_id"))
        ),
    )
)
_ALL_OF_INBOX: Final = select(attachment.c.attachment_id).where(
    attachment.c.inbox_id == bindparam("inbox_id")
)


class AttachmentTooLarge(VaultError):
    """More than the vault takes as one attachment."""

    sentence = (
        "Dit bestand is te groot om als bijlage te bewaren. Er is niets opgeslagen. "
        "Maak het kleiner of knip het in delen."
    )


class AttachmentGone(VaultError):
    """There is no such attachment, or it was removed meanwhile."""

    sentence = (
        "Deze bijlage is er niet meer. Misschien is zij net verwijderd. Open de pagina opnieuw."
    )


@dataclass(frozen=True, slots=True)
class _Label:
    """What is said of an attachment when it is added."""

    title: str
    kind: AttachmentKind
    media_type: str
    category: str
    source: str


class Attachments(Store):
    """The attachments of persons, and those that wait in the inbox."""

    __slots__ = ()

    def add(
        self,
        person_id: UUID,
        chunks: Iterable[bytes],
        title: str,
        media_type: str,
        category: str,
        source: str = "",
        role: str = "",
        *,
        kind: AttachmentKind = AttachmentKind.OVERIG,
        answer: AnswerPlace | None = None,
        env: Environment,
    ) -> Attachment:
        """Store a file whose bytes come in pieces of any size; nothing is kept in memory.

        `answer` says to which question it is the answer. With `role` "medisch" it is sealed to that
        role's key. Raises AttachmentTooLarge beyond `LIMIT`, NoRoleKey when nobody ever had the
        role, ReadOnlyError outside a transaction; what `chunks` raises goes through. Any of them
        must end the transaction.
        """
        label = _Label(title, kind, media_type, category, source)
        return self._tied(self._add(person_id, None, chunks, label, role, env), answer)

    def add_received(
        self,
        inbox_id: UUID,
        chunks: Iterable[bytes],
        title: str,
        media_type: str,
        category: str,
        source: str,
        role: str = "",
        *,
        kind: AttachmentKind = AttachmentKind.OVERIG,
        answer: AnswerPlace | None = None,
        env: Environment,
    ) -> Attachment:
        """Store a file that came with the handover `inbox_id`; it has no person yet. As `add`."""
        label = _Label(title, kind, media_type, category, source)
        return self._tied(self._add(None, inbox_id, chunks, label, role, env), answer)

    def of_person(self, person_id: UUID, seed: bytes | None = None) -> tuple[Attachment, ...]:
        """Return the attachments of the person, oldest first; removed ones are not there.

        Without the medical `seed`, those of the medical role come without what they are.
        """
        self._saw(person_id)
        rows = self._all(_OF_PERSON, {"person_id": str(person_id)})
        return tuple(attachment_of(row, seed) for row in rows)

    def of_inbox(self, inbox_id: UUID, seed: bytes | None = None) -> tuple[Attachment, ...]:
        """Return what came with a handover, in its order, taken over or not."""
        self._saw_object("inbox", inbox_id)
        rows = self._all(_OF_INBOX, {"inbox_id": str(inbox_id)})
        return tuple(attachment_of(row, seed) for row in rows)

    def of_interview(self, interview_id: UUID, seed: bytes | None = None) -> tuple[Attachment, ...]:
        """Return the files that were given as answers in an interview, also replaced ones."""
        rows = self._all(_OF_INTERVIEW, {"interview_id": str(interview_id)})
        found = tuple(attachment_of(row, seed) for row in rows)
        for person_id in {each.person_id for each in found}:
            if person_id is not None:
                self._saw(person_id)
        return found

    def answering(self, person_id: UUID) -> frozenset[UUID]:
        """Return which attachments of the person are the answer that stands to a question.

        Not those of an answer that was replaced, taken away, or lies in a removed repeat.
        """
        self._saw(person_id)
        rows = self._all(_ANSWERING, {"person_id": str(person_id)})
        return frozenset(UUID(row["attachment_id"]) for row in rows)

    def tie(self, attachment_id: UUID, place: AnswerPlace) -> None:
        """Say to which question the attachment is the answer; the last word counts.

        Raises ReadOnlyError outside a transaction.
        """
        self._scope.writer()
        self._tie(attachment_id, place)
        self._changed("attachment", attachment_id, None)

    def get(self, attachment_id: UUID, seed: bytes | None = None) -> Attachment | None:
        """Return the attachment, None when there is none or it was removed."""
        row = self._one(_ONE, {"attachment_id": str(attachment_id)})
        if row is None:
            return None
        found = attachment_of(row, seed)
        self._saw_object("attachment", attachment_id)
        if found.person_id is not None:
            self._saw(found.person_id)
        elif found.inbox_id is not None:
            self._saw_object("inbox", found.inbox_id)
        return found

    def read(self, attachment_id: UUID, seed: bytes | None = None) -> Iterator[bytes]:
        """Give the bytes in pieces of at most `CHUNK`; size and digest are checked on the way.

        A wrong end raises after the last piece: whoever keeps what was read waits for that. Raises
        AttachmentGone, CompartmentClosed without the right `seed`, AttachmentDamaged.
        """
        found = self._known(attachment_id, seed)
        digest, size = hashlib.sha256(), 0
        with self.open(attachment_id, seed) as source:
            while piece := _some(source):
                digest.update(piece)
                size += len(piece)
                yield piece
        if (size, digest.hexdigest()) != (found.size, found.sha256):
            raise AttachmentDamaged

    def open(self, attachment_id: UUID, seed: bytes | None = None) -> BinaryIO:
        """Return a seekable reader of the bytes, good for as long as this snapshot is open.

        Only `read` of this store compares the digest. Raises as `read`; reading from it raises
        AttachmentDamaged.
        """
        found = self._known(attachment_id, seed)
        row = self._one(_STORED, {"attachment_id": str(attachment_id)})
        stored = Chunks(
            lambda position: self._chunk(attachment_id, position),
            0 if row is None else row["bytes"],
        )
        if not found.role:
            return io.BufferedReader(stored)
        try:
            buffered = cast("BinaryIO", io.BufferedReader(stored))
            return open_decrypted([identity_of(seed)], buffered)
        except AgeError as error:
            raise closed_or_damaged(error) from None

    def names_of(self, users: Iterable[UUID]) -> dict[UUID, str]:
        """Return the names of those colleagues who are known here, also of who has left."""
        keys = [str(each) for each in users]
        rows = self._all(_NAMES, {"keys": keys}) if keys else ()
        return {UUID(row["user_id"]): row["name"] for row in rows}

    def adopt(
        self, inbox_id: UUID, person_id: UUID, leave: frozenset[UUID] = frozenset()
    ) -> tuple[Attachment, ...]:
        """Give the person what came with the handover, without copying a byte; return those.

        What is in `leave` stays in the inbox, and what the person has already, byte for byte,
        unless it is the answer to a question. Raises ReadOnlyError outside a transaction.
        """
        self._scope.writer()
        taken = []
        for row in self._all(_OF_INBOX, {"inbox_id": str(inbox_id)}):
            there = {"person_id": str(person_id), "sha256": row["sha256"]}
            known = row["role"] == "" and self._one(_SAME, there) is not None
            known = known and row["interview_id"] is None
            left = UUID(row["attachment_id"]) in leave
            if row["person_id"] is not None or known or left:
                continue
            self._run(_ADOPT, {"which": row["attachment_id"], "whose": str(person_id)})
            self._changed("attachment", UUID(row["attachment_id"]), person_id)
            taken.append(replace(attachment_of(row, None), person_id=person_id))
        return tuple(taken)

    def remove(self, attachment_id: UUID) -> None:
        """Delete the bytes, the title and the digest; that there was something is kept.

        A second time does nothing. Raises ReadOnlyError outside a transaction.
        """
        writing = self._scope.writer()
        found = self.get(attachment_id)
        if found is None:
            return
        which = str(attachment_id)
        self._run(_DROP_CHUNKS, {"which": which})
        self._run(_MARK, {"which": which, "at": stamp(writing.at), "by": str(writing.actor_id)})
        self._changed("attachment", attachment_id, found.person_id)

    def remove_all(self, person_id: UUID) -> int:
        """Delete every trace of the person's attachments, also of those in the inbox; the number.

        For the end of the term. Raises ReadOnlyError outside a transaction.
        """
        return self._drop(_ALL_OF_PERSON, {"person_id": str(person_id)}, person_id)

    def remove_of_inbox(self, inbox_id: UUID) -> int:
        """Delete every trace of what came with a handover, taken over or not; the number."""
        return self._drop(_ALL_OF_INBOX, {"inbox_id": str(inbox_id)}, None)

    def note_saved_outside(self, attachment_id: UUID) -> None:
        """Have the log say that the file was written outside the vault. As `remove`."""
        self._scope.writer()
        found = self._known(attachment_id, None)
        self._changed("attachment", attachment_id, found.person_id)

    def _tied(self, made: Attachment, place: AnswerPlace | None) -> Attachment:
        if place is None:
            return made
        self._tie(made.attachment_id, place)
        return replace(made, answer=place)

    def _tie(self, attachment_id: UUID, place: AnswerPlace) -> None:
        row = {
            "attachment_id": str(attachment_id),
            "interview_id": key(place.interview_id),
            "path": place.path,
            "repeat": key(place.repeat) or "",
            "name": place.name,
            "came_as": place.came_as,
        }
        self._run(_TIE, row)

    def _drop(self, which: Executable, values: dict[str, str], person_id: UUID | None) -> int:
        self._scope.writer()
        keys = [row["attachment_id"] for row in self._all(which, values)]
        for each in keys:
            self._run(_DROP_CHUNKS, {"which": each})
            self._run(_DROP_TIE, {"which": each})
            self._run(_DROP, {"which": each})
            self._changed("attachment", UUID(each), person_id)
        return len(keys)

    def _known(self, attachment_id: UUID, seed: bytes | None) -> Attachment:
        found = self.get(attachment_id, seed)
        if found is None:
            raise AttachmentGone
        return found

    def _add(
        self,
        person_id: UUID | None,
        inbox_id: UUID | None,
        chunks: Iterable[bytes],
        label: _Label,
        role: str,
        env: Environment,
    ) -> Attachment:
        writing = self._scope.writer()
        attachment_id = env.uuid()
        stored = Storing(lambda position, content: self._put(attachment_id, position, content))
        recipient = recipient_of(self._scope, UserRole(role)) if role else None
        target: Storing | StreamWriter = stored
        if recipient is not None:
            sink = cast("BinaryIO", stored)
            target = start_encryption([recipient], sink, random=env.random)
        digest, size = hashlib.sha256(), 0
        for piece in chunks:
            size += len(piece)
            if size > LIMIT:
                raise AttachmentTooLarge
            digest.update(piece)
            target.write(piece)
        if isinstance(target, StreamWriter):
            target.finish()
        stored.finish()
        made = Attachment(
            attachment_id=attachment_id,
            person_id=person_id,
            title=label.title,
            kind=label.kind,
            media_type=label.media_type,
            size=size,
            sha256=digest.hexdigest(),
            category=label.category,
            role=role,
            source=label.source,
            added_at=writing.at,
            added_by=writing.actor_id,
            inbox_id=inbox_id,
        )
        shown = {
            "kind": made.kind.value,
            "title": made.title,
            "media_type": made.media_type,
            "sha256": made.sha256,
        }
        if recipient is not None:
            sealed = seal_small({**shown, "attachment": str(attachment_id)}, recipient, env)
            shown = dict.fromkeys(shown, "") | {"title": base64.b64encode(sealed).decode()}
        row = {
            "attachment_id": str(attachment_id),
            "person_id": key(person_id),
            "inbox_id": key(inbox_id),
            **shown,
            "size": size,
            "category": made.category,
            "role": role,
            "source": made.source,
            "added_at": stamp(made.added_at),
            "added_by": str(made.added_by),
            "removed_at": None,
            "removed_by": None,
        }
        self._run(_ADD, row)
        self._changed("attachment", attachment_id, person_id)
        return made

    def _put(self, attachment_id: UUID, position: int, content: bytes) -> None:
        row = {"attachment_id": str(attachment_id), "position": position, "content": content}
        self._run(_ADD_CHUNK, row)

    def _chunk(self, attachment_id: UUID, position: int) -> bytes | None:
        row = self._one(_CHUNK, {"attachment_id": str(attachment_id), "position": position})
        return None if row is None else row["content"]


def _some(source: BinaryIO) -> bytes:
    try:
        return source.read(CHUNK)
    except AgeError as error:
        raise closed_or_damaged(error) from None
