"""What can be wrong with an age file or key. The messages hold no content of either."""

from __future__ import annotations


class AgeError(Exception):
    """Base of everything the age modules raise for bad input."""


class HeaderError(AgeError):
    """The header is not age v1, breaks a rule of the specification, or its MAC is wrong."""


class ArmorError(HeaderError):
    """The text around an age file is not canonical ASCII armor."""


class NoMatchError(AgeError):
    """The header is well formed, but none of the given identities can open it."""


class PayloadError(AgeError):
    """The payload was changed, reordered or cut off."""


class KeyFormatError(AgeError):
    """The text is not an age identity or recipient of a kind we know."""
