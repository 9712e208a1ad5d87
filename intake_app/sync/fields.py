"""Reading fields of JSON that came from outside: exactly what we write, or `Refused`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, Final
from uuid import UUID

from intake_app.crypto import sshsig
from intake_app.crypto.age import AgeError, Identity, encrypt, open_decrypted, parse_recipient
from intake_app.crypto.padding import padded_size
from intake_app.crypto.sshsig import SignatureError, SigningKey
from intake_app.crypto.strict_json import JsonRefusedError, canonical_json, strict_json
from intake_app.sync.errors import Refused

Random = Callable[[int], bytes]
_SHA256: Final = re.compile(r"[0-9a-f]{64}\Z")
_TIME: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z\Z")
_LEAST: Final = 4096
_DEPTH: Final = 6


def sealed(
    body: dict[str, Any], namespace: str, key: SigningKey, recipient: str, random: Random
) -> bytes:
    """Return `body`, signed over its canonical JSON, in an age file to `recipient`.

    White space behind the JSON hides how long it is: at least 4 KiB, then a Padmé size.
    """
    signature = sshsig.sign(key, namespace, canonical_json(body))
    plain = canonical_json({"body": body, "signature": signature})
    plain += b" " * (padded_size(max(len(plain), _LEAST)) - len(plain))
    out = BytesIO()
    encrypt([parse_recipient(recipient)], BytesIO(plain), out, random=random)
    return out.getvalue()


def opened(
    data: bytes, identities: Sequence[Identity], *, limit: int
) -> tuple[dict[str, Any], str, bytes]:
    """Return body and signature of what `sealed` made, and the JSON as signed proof.

    Nothing is verified yet but that it was encrypted to one of `identities`. Raises Refused.
    """
    try:
        plain = open_decrypted(identities, BytesIO(data)).read()
        found = strict_json(plain, max_bytes=limit, max_depth=_DEPTH)
    except (AgeError, JsonRefusedError):
        raise Refused from None
    body, signature = take(found, "body signature")
    if not isinstance(body, dict) or not isinstance(signature, str):
        raise Refused
    return body, signature, canonical_json(found)


def signed_by(
    body: dict[str, Any], signature: str, namespace: str, publics: Sequence[str]
) -> str | None:
    """Return which of these public keys signed exactly this body in this namespace, or None."""
    data = canonical_json(body)
    for public in publics:
        try:
            sshsig.verify(public, namespace, data, signature)
        except SignatureError:
            continue
        return public
    return None


def take(plain: Any, names: str) -> list[Any]:
    """Return the values of a dict with exactly these names, in their order; raises Refused."""
    wanted = names.split()
    if not isinstance(plain, dict) or set(plain) != set(wanted):
        raise Refused
    return [plain[name] for name in wanted]


def of_format(plain: dict[str, Any], name: str, version: int) -> dict[str, Any]:
    """Return `plain` without format and version; raises Refused for another one."""
    if plain.get("format") != name or whole(plain.get("version"), 1, 999) != version:
        raise Refused
    return {key: value for key, value in plain.items() if key not in {"format", "version"}}


def whole(value: Any, least: int, most: int) -> int:
    """Return an integer between `least` and `most`; raises Refused."""
    if type(value) is not int or not least <= value <= most:
        raise Refused
    return value


def sha256(value: Any) -> str:
    """Return a SHA-256 in lower-case hex; raises Refused."""
    if not isinstance(value, str) or _SHA256.match(value) is None:
        raise Refused
    return value


def uuid(value: Any) -> UUID:
    """Return a UUID in its one form; raises Refused."""
    try:
        found = UUID(value) if isinstance(value, str) else None
    except ValueError:
        found = None
    if found is None or str(found) != value:
        raise Refused
    return found


def words(value: Any, longest: int) -> str:
    """Return text of at most `longest` characters; raises Refused."""
    if not isinstance(value, str) or len(value) > longest:
        raise Refused
    return value


def time_text(at: datetime) -> str:
    """Return an aware time in UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def time_of(value: Any) -> datetime:
    """Read what `time_text` wrote; raises Refused."""
    if not isinstance(value, str) or _TIME.match(value) is None:
        raise Refused
    try:
        return datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise Refused from None
