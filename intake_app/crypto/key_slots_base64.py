"""Base64 with one spelling for every value."""

from __future__ import annotations

import base64
import binascii


def b64(raw: bytes) -> str:
    """Return standard base64 with padding."""
    return base64.b64encode(raw).decode()


def unb64(text: object, size: int | None) -> bytes:
    """Return the bytes of canonical base64 of exactly `size` bytes (any number if None).

    Raises ValueError for anything else.
    """
    if not isinstance(text, str):
        raise ValueError("not text")  # noqa: TRY004  (one kind of error for one kind of fault)
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise ValueError("not base64") from None
    if b64(raw) != text or (size is not None and len(raw) != size):
        raise ValueError("not canonical, or another size")
    return raw
