"""Header and manifest as JSON: written in one way, read strictly."""

from __future__ import annotations

import re
from typing import Any, Final
from uuid import UUID

from intake_app.crypto.age import AgeError, parse_recipient
from intake_app.crypto.sshsig import SignatureError, check_public
from intake_app.crypto.strict_json import JsonRefusedError, readable_json, strict_json
from intake_app.handover import limits, model
from intake_app.handover.codec import parse_time, parse_uuid, time_text
from intake_app.handover.model import (
    AttachmentEntry,
    AuditHead,
    FileDigest,
    Header,
    Manifest,
    Party,
    SealRequest,
)

_SHA512: Final = re.compile(r"[0-9a-f]{128}\Z")
_SHA256: Final = re.compile(r"[0-9a-f]{64}\Z")
_FINGERPRINT: Final = re.compile(r"[0-9]{5}( [0-9]{5}){5}\Z")
_FILE: Final = re.compile(r"data/bijlagen/[0-9]{3}\.[a-z0-9]{1,8}\Z")
_MEDIA_TYPE: Final = re.compile(r"[a-z0-9]+/[a-z0-9.+-]{1,80}\Z")
_CONTROL: Final = re.compile("[\\x00-\\x1f\\x7f-\\x9f]")
MAX_NAME: Final = 200


class Unreadable(ValueError):
    """The JSON is not what it should be; `newer` tells that it is another version."""

    def __init__(self, *, newer: bool = False) -> None:
        """Keep `newer`."""
        super().__init__("newer" if newer else "unreadable")
        self.newer = newer


def take(plain: Any, names: str) -> list[Any]:
    """Return the values of a dict that has exactly `names` (separated by spaces), in that order.

    Raises Unreadable otherwise.
    """
    wanted = names.split()
    if not isinstance(plain, dict) or set(plain) != set(wanted):
        raise Unreadable
    return [plain[name] for name in wanted]


def whole(value: Any, least: int = 0) -> int:
    """Return `value` if it is an integer of at least `least`; raises Unreadable."""
    if type(value) is not int or value < least:
        raise Unreadable
    return value


def words(value: Any, longest: int = MAX_NAME) -> str:
    """Return `value` if it is one line of text; raises Unreadable."""
    if not isinstance(value, str) or len(value) > longest or _CONTROL.search(value):
        raise Unreadable
    return value


def shaped(value: Any, shape: re.Pattern[str]) -> str:
    """Return `value` if it is text of that shape; raises Unreadable."""
    if not isinstance(value, str) or shape.match(value) is None:
        raise Unreadable
    return value


def check_format(plain: Any, name: str, version: int) -> dict[str, Any]:
    """Return `plain` without its format and version; raises Unreadable (`newer` if so)."""
    if not isinstance(plain, dict) or plain.get("format") != name:
        raise Unreadable
    if whole(plain.get("version"), 1) != version:
        raise Unreadable(newer=True)
    return {key: value for key, value in plain.items() if key not in {"format", "version"}}


def parse(data: bytes, max_bytes: int, name: str, version: int) -> dict[str, Any]:
    """Return strict JSON of one format and version without those two fields."""
    try:
        return check_format(strict_json(data, max_bytes=max_bytes, max_depth=8), name, version)
    except JsonRefusedError:
        raise Unreadable from None


def write_header(header: Header) -> bytes:
    """Return the bytes of overdracht.json."""
    return readable_json(header.plain())


def read_header(data: bytes) -> Header:
    """Return the header in `data`; raises Unreadable."""
    plain = parse(data, limits.HEADER, model.FORMAT, model.VERSION)
    ident, sender, recipient, payload, readme = take(plain, "id sender recipient payload readme")
    return Header(
        handover_id=uuid(ident),
        sender=shaped(sender, _FINGERPRINT),
        recipient=shaped(recipient, _FINGERPRINT),
        payload=_digest(payload, model.PAYLOAD),
        readme=_digest(readme, model.README),
    )


def _digest(plain: Any, file: str) -> FileDigest:
    name, size, sha512 = take(plain, "file size sha512")
    if name != file:
        raise Unreadable
    return FileDigest(file, whole(size), shaped(sha512, _SHA512))


def uuid(value: Any) -> UUID:
    """Return a canonical UUID; raises Unreadable."""
    try:
        return parse_uuid(value)
    except ValueError:
        raise Unreadable from None


def attachment_name(number: int, extension: str) -> str:
    """Return where the attachment with this number (from 1) stands; raises ValueError."""
    name = f"data/bijlagen/{number:03d}.{extension}"
    if _FILE.match(name) is None:
        raise ValueError("extension or number")
    return name


def write_manifest(request: SealRequest) -> bytes:
    """Return the bytes of data/overdracht.json."""
    attachments = [
        {
            "file": attachment_name(number, each.extension),
            "title": each.title,
            "media_type": each.media_type,
        }
        for number, each in enumerate(request.attachments, 1)
    ]
    return readable_json(
        {
            "format": request.kind.value,
            "version": model.VERSION,
            "id": str(request.handover_id),
            "dossier": {
                "id": str(request.dossier_id),
                "version": request.version,
                "supersedes": str(request.supersedes) if request.supersedes else None,
            },
            "created": time_text(request.created),
            "sender": request.sender.plain(),
            "recipient": request.recipient.plain(),
            "attachments": attachments,
            "audit_head": {"seq": request.audit_head.seq, "sha256": request.audit_head.sha256},
            "app_version": request.app_version,
        }
    )


def read_manifest(data: bytes) -> Manifest:
    """Return the manifest of a dossier or medical envelope in `data`; raises Unreadable."""
    kind, plain = _kind(data)
    names = "id dossier created sender recipient attachments audit_head app_version"
    ident, dossier, created, sender, recipient, attachments, head, app = take(plain, names)
    dossier_id, version, supersedes = take(dossier, "id version supersedes")
    seq, sha256 = take(head, "seq sha256")
    if not isinstance(attachments, list) or len(attachments) > limits.ATTACHMENTS:
        raise Unreadable
    entries = tuple(_attachment(each, number) for number, each in enumerate(attachments, 1))
    try:
        at = parse_time(created)
    except ValueError:
        raise Unreadable from None
    return Manifest(
        kind=kind,
        handover_id=uuid(ident),
        dossier_id=uuid(dossier_id),
        version=whole(version, 1),
        supersedes=None if supersedes is None else uuid(supersedes),
        created=at,
        sender=_party(sender),
        recipient=_party(recipient),
        attachments=entries,
        audit_head=AuditHead(whole(seq), shaped(sha256, _SHA256)),
        app_version=words(app, 40),
    )


def _kind(data: bytes) -> tuple[model.Kind, dict[str, Any]]:
    try:
        plain = strict_json(data, max_bytes=limits.MANIFEST_JSON, max_depth=8)
    except JsonRefusedError:
        raise Unreadable from None
    said = plain.get("format") if isinstance(plain, dict) else None
    for kind in model.Kind:
        if said == kind.value:
            return kind, check_format(plain, kind.value, model.VERSION)
    raise Unreadable


def _attachment(plain: Any, number: int) -> AttachmentEntry:
    file, title, media_type = take(plain, "file title media_type")
    name = shaped(file, _FILE)
    if not name.startswith(f"data/bijlagen/{number:03d}."):
        raise Unreadable
    return AttachmentEntry(name, words(title), shaped(media_type, _MEDIA_TYPE))


def _party(plain: Any) -> Party:
    name, organisation, sign, age_key = take(plain, "name organisation sign age")
    return Party(words(name), uuid(organisation), sign_key(sign), age_key_of(age_key))


def sign_key(value: Any) -> str:
    """Return an Ed25519 public key in its one form; raises Unreadable."""
    try:
        if isinstance(value, str) and check_public(value) == value:
            return value
    except SignatureError:
        pass
    raise Unreadable


def age_key_of(value: Any) -> str:
    """Return an age recipient in its one form; raises Unreadable."""
    try:
        # Bech32 has one lower-case text for a key, so this is the only other thing to compare.
        if isinstance(value, str) and parse_recipient(value) and value == value.strip().lower():
            return value
    except AgeError:
        pass
    raise Unreadable
