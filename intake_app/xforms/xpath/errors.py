"""Errors in an expression, found while parsing or compiling, never while evaluating."""

from __future__ import annotations


class XPathError(Exception):
    """The expression cannot be used. `offset` is the character (from 0) where it was noticed."""

    def __init__(self, message: str, offset: int | None = None) -> None:
        super().__init__(message if offset is None else f"{message} (at character {offset + 1})")
        self.offset = offset
