"""From the regular expressions of Java, in which ODK forms are written, to those of Python.

JavaRosa hands the pattern to ``java.util.regex``. What differs is put into Python's words here:
Unicode categories (``\\p{L}``), quoting (``\\Q…\\E``), named groups, a few escapes. Shorthands
(``\\w``, ``\\d``, ``\\s``) mean ASCII there, so patterns are to be compiled with re.ASCII.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from intake_app.xforms.xpath.errors import XPathError

_POSIX = {
    "Lower": "a-z",
    "Upper": "A-Z",
    "ASCII": "\\x00-\\x7f",
    "Alpha": "a-zA-Z",
    "Digit": "0-9",
    "Alnum": "a-zA-Z0-9",
    "Punct": "!-/:-@\\[-`{-~",
    "Graph": "!-~",
    "Print": " -~",
    "Blank": " \\t",
    "Cntrl": "\\x00-\\x1f\\x7f",
    "XDigit": "0-9a-fA-F",
    "Space": " \\t\\n\\x0b\\f\\r",
}
_CATEGORIES = frozenset(
    [
        "L",
        "Lu",
        "Ll",
        "Lt",
        "Lm",
        "Lo",
        "M",
        "Mn",
        "Mc",
        "Me",
        "N",
        "Nd",
        "Nl",
        "No",
        "P",
        "Pc",
        "Pd",
        "Ps",
        "Pe",
        "Pi",
        "Pf",
        "Po",
        "S",
        "Sm",
        "Sc",
        "Sk",
        "So",
        "Z",
        "Zs",
        "Zl",
        "Zp",
        "C",
        "Cc",
        "Cf",
        "Co",
        "Cn",
    ]
)
_OTHERS = {
    "IsAlphabetic": "L",
    "IsLetter": "L",
    "IsDigit": "Nd",
    "IsUppercase": "Lu",
    "IsLowercase": "Ll",
    "IsPunctuation": "P",
}
_ESCAPES = {
    "z": r"\Z",
    "Z": r"(?=\n?\Z)",
    "h": r"[ \t\xa0\u2000-\u200a\u202f\u205f\u3000]",
    "e": r"\x1b",
}
_PROPERTY = re.compile(r"\\([pP])(?:\{\^?([A-Za-z_=]+)\}|([A-Z]))")
_HEX = re.compile(r"\\x\{([0-9A-Fa-f]{1,6})\}")


def translated(pattern: str) -> str:
    """`pattern` as Python reads it. Raises XPathError for what has no counterpart."""
    out: list[str] = []
    inside = False
    index = 0
    while index < len(pattern):
        char = pattern[index]
        if char == "\\":
            text, index = _escape(pattern, index, inside=inside)
            out.append(text)
            continue
        if inside:
            if char == "[":
                raise XPathError("a regular expression with a class inside a class")
            if pattern.startswith("&&", index):
                raise XPathError("a regular expression with an intersection of classes (&&)")
            # Python means to give these pairs a meaning of their own one day, and warns.
            out.append("\\" + char if char in "~|&" or pattern.startswith("--", index) else char)
            inside = char != "]"
        elif char == "[":
            inside = True
            end = 2 if pattern.startswith("[^", index) else 1
            out.append(pattern[index : index + end])
            index += end
            if pattern.startswith("]", index):
                out.append("\\]")
                index += 1
            continue
        elif pattern.startswith("(?<", index) and pattern[index + 3 : index + 4] not in ("=", "!"):
            out.append("(?P<")
            index += 3
            continue
        else:
            out.append(char)
        index += 1
    return "".join(out)


def _escape(pattern: str, index: int, *, inside: bool) -> tuple[str, int]:
    """The escape at `index` in Python's words, and where it ends."""
    found = _PROPERTY.match(pattern, index)
    if found is not None:
        ranges = _property(found[2] or found[3], negated=found[1] == "P")
        return (ranges if inside else f"[{ranges}]"), found.end()
    found = _HEX.match(pattern, index)
    if found is not None:
        code = int(found[1], 16)
        if code > sys.maxunicode:
            raise XPathError("a regular expression with a character that does not exist")
        return re.escape(chr(code)), found.end()
    if pattern.startswith("\\Q", index):
        end = pattern.find("\\E", index)
        end = len(pattern) if end < 0 else end
        return re.escape(pattern[index + 2 : end]), min(end + 2, len(pattern))
    letter = pattern[index + 1 : index + 2]
    if not inside and letter in _ESCAPES:
        return _ESCAPES[letter], index + 2
    # Before letters and digits a backslash means something; before all else it may always stand.
    return pattern[index : index + 2], index + 2


def _property(name: str, *, negated: bool) -> str:
    name = name.partition("=")[2] or name
    posix = _POSIX.get(name)
    if posix is not None and not negated:
        return posix
    category = _OTHERS.get(name) or name.removeprefix("Is")
    if posix is not None:
        member = re.compile(f"[{posix}]").match
        return _ranges(lambda char: member(char) is None)
    if category not in _CATEGORIES:
        raise XPathError(f"a regular expression with an unknown class of characters ({name})")
    return _category(category, negated)


@lru_cache(maxsize=64)
def _category(category: str, negated: bool) -> str:
    return _ranges(lambda char: unicodedata.category(char).startswith(category) is not negated)


def _ranges(wanted: Callable[[str], bool]) -> str:
    """The characters that are wanted, as the inside of a class."""
    parts: list[str] = []
    start = -1
    for code in range(0x30000):
        if wanted(chr(code)):
            start = code if start < 0 else start
        elif start >= 0:
            parts.append(_range(start, code - 1))
            start = -1
    if start >= 0:
        parts.append(_range(start, sys.maxunicode))
    return "".join(parts)


def _range(first: int, last: int) -> str:
    if first == last:
        return f"\\U{first:08x}"
    return f"\\U{first:08x}-\\U{last:08x}"
