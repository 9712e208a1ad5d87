"""Which language a text was most likely written in, by its script, to show it the right way."""

from __future__ import annotations

_SCRIPTS = (("\u0600", "\u06ff", "ar"), ("\u0750", "\u077f", "ar"), ("\u1200", "\u137f", "ti"))


def language_of(text: str, otherwise: str = "nl") -> str:
    """Return the language whose script the first letter of the text is in."""
    for letter in text:
        if letter.isalpha():
            found = (code for first, last, code in _SCRIPTS if first <= letter <= last)
            return next(found, otherwise)
    return otherwise
