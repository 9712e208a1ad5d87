"""The commit: what the sender signs about a zending, and the only thing a receiver believes.

On the relay it is an age file to the receiving organisation under `<zid>.ok`, put after all parts.
Inside is JSON `{"body": …, "signature": …}`; the signature (SSHSIG, namespace
`doorgaande-lijn-zending-v1`, key of the sending organisation) is over the canonical JSON of `body`:

    format, version      "doorgaande-lijn-zending", 1
    zid, box             which zending, in which box: another box or name makes it void
    sender, recipient    organisations, by UUID
    size, sha256         the ciphertext as a whole
    parts                [length, sha256] of each part; every one but the last has 524,288 bytes
    content              size and sha256 of the sealed file inside the ciphertext
    handover             UUID of the handover
    dossier              UUID of the dossier and its version: the highest version counts
    supersedes           zid of the zending this one takes the place of, or null
    created, valid_until times in UTC
    reply_box            where receipts go: v1/uit/<reply_box>/<zid>.r1 …
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from intake_app.crypto.age import Identity
from intake_app.crypto.sshsig import SigningKey
from intake_app.sync import fields, names
from intake_app.sync.errors import Refused
from intake_app.sync.parts import MAX_PARTS, MAX_SIZE, PART, Part

FORMAT: Final = "doorgaande-lijn-zending"
VERSION: Final = 1
NAMESPACE: Final = "doorgaande-lijn-zending-v1"
LIMIT: Final = 512 * 1024
"""In bytes, on the relay and inside: more parts than fit are not allowed anyway."""
_NAMES: Final = (
    "zid box sender recipient size sha256 parts content handover dossier supersedes created "
    "valid_until reply_box"
)


@dataclass(frozen=True, slots=True)
class Signer:
    """A key pair that an organisation has or had, as the address book certifies it."""

    organisation_id: UUID
    name: str
    sign_public: str
    age_recipient: str


Signers = Callable[[UUID], Sequence[Signer]]
"""Gives what is known of an organisation; nothing for an unknown or revoked one."""


@dataclass(frozen=True, slots=True)
class Commit:
    """What is signed about one zending; see the module."""

    zid: str
    box: str
    sender: UUID
    recipient: UUID
    size: int
    sha256: str
    parts: tuple[Part, ...]
    content_size: int
    content_sha256: str
    handover_id: UUID
    dossier_id: UUID
    dossier_version: int
    supersedes: str | None
    created: datetime
    valid_until: datetime
    reply_box: str

    def plain(self) -> dict[str, Any]:
        """Return the commit as it is signed."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "zid": self.zid,
            "box": self.box,
            "sender": str(self.sender),
            "recipient": str(self.recipient),
            "size": self.size,
            "sha256": self.sha256,
            "parts": [[part.size, part.sha256] for part in self.parts],
            "content": {"size": self.content_size, "sha256": self.content_sha256},
            "handover": str(self.handover_id),
            "dossier": {"id": str(self.dossier_id), "version": self.dossier_version},
            "supersedes": self.supersedes,
            "created": fields.time_text(self.created),
            "valid_until": fields.time_text(self.valid_until),
            "reply_box": self.reply_box,
        }


def write_commit(
    commit: Commit, key: SigningKey, recipient: str, *, random: fields.Random
) -> bytes:
    """Return the file; raises Refused for a commit that nobody would read."""
    _parse(commit.plain())
    return fields.sealed(commit.plain(), NAMESPACE, key, recipient, random)


def read_commit(
    data: bytes,
    identities: Sequence[Identity],
    *,
    zid: str,
    box: str,
    own: UUID,
    signers: Signers,
) -> tuple[Commit, Signer]:
    """Return the commit found under `zid` in `box` and who signed it, all of it verified.

    Raises Refused for anything else: not for us, of another zending or box, by somebody unknown,
    malformed, or larger than may be.
    """
    body, signature, _ = fields.opened(data, identities, limit=2 * LIMIT)
    commit = _parse(body)
    if (commit.zid, commit.box, commit.recipient) != (zid, box, own):
        raise Refused
    known = signers(commit.sender)
    public = fields.signed_by(body, signature, NAMESPACE, [each.sign_public for each in known])
    if public is None:
        raise Refused
    return commit, next(each for each in known if each.sign_public == public)


def _parse(body: dict[str, Any]) -> Commit:
    (
        zid, box, sender, recipient, size, sha256, parts, content, handover, dossier, supersedes,
        created, valid_until, reply_box,
    ) = fields.take(fields.of_format(body, FORMAT, VERSION), _NAMES)  # fmt: skip
    if not isinstance(parts, list) or not 0 < len(parts) <= MAX_PARTS:
        raise Refused
    cut = tuple(_part(each, last=number == len(parts)) for number, each in enumerate(parts, 1))
    content_size, content_sha256 = fields.take(content, "size sha256")
    dossier_id, version = fields.take(dossier, "id version")
    commit = Commit(
        zid=_zid(zid),
        box=_box(box),
        sender=fields.uuid(sender),
        recipient=fields.uuid(recipient),
        size=fields.whole(size, 1, MAX_SIZE),
        sha256=fields.sha256(sha256),
        parts=cut,
        content_size=fields.whole(content_size, 1, MAX_SIZE),
        content_sha256=fields.sha256(content_sha256),
        handover_id=fields.uuid(handover),
        dossier_id=fields.uuid(dossier_id),
        dossier_version=fields.whole(version, 1, 1_000_000),
        supersedes=None if supersedes is None else _zid(supersedes),
        created=fields.time_of(created),
        valid_until=fields.time_of(valid_until),
        reply_box=_box(reply_box),
    )
    if sum(part.size for part in cut) != commit.size or commit.content_size >= commit.size:
        raise Refused
    return commit


def _part(plain: Any, *, last: bool) -> Part:
    if not isinstance(plain, list) or len(plain) != 2:
        raise Refused
    return Part(fields.whole(plain[0], 1 if last else PART, PART), fields.sha256(plain[1]))


def _zid(value: Any) -> str:
    if not isinstance(value, str) or not names.is_zid(value):
        raise Refused
    return value


def _box(value: Any) -> str:
    if not isinstance(value, str) or not names.is_box(value):
        raise Refused
    return value
