"""Regular expressions of authors, kept from running for ever.

Python's matcher backtracks and cannot be interrupted, so patterns that can take exponential time
are refused when the form loads, and long inputs do not match.
"""

from __future__ import annotations

import re
from functools import lru_cache
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any

from intake_app.xforms.xpath.errors import XPathError

MAX_PATTERN = 1_000
MAX_INPUT = 2_000
_MANY = 16
_REPEATS = frozenset({_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT})


@lru_cache(maxsize=512)
def safe_pattern(pattern: str) -> re.Pattern[str]:
    """`pattern` compiled. Raises XPathError when it is invalid, too long or may run for ever."""
    if len(pattern) > MAX_PATTERN:
        raise XPathError(f"a regular expression of more than {MAX_PATTERN} characters")
    try:
        tree = _parser.parse(pattern)
        compiled = re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise XPathError(f"bad regular expression: {error}") from error
    if _nested(tree, inside=False):
        raise XPathError("a regular expression with a repeat inside a repeat may run for ever")
    return compiled


def _nested(tree: Any, *, inside: bool) -> bool:
    """Whether an open-ended repeat holds another repeat of varying length, or a back reference."""
    for operator, argument in tree:
        if operator in _REPEATS:
            least, most, body = argument
            varying = most != least
            if inside and varying and most > 1:
                return True
            if _nested(body, inside=inside or (varying and most > _MANY)):
                return True
        elif operator is _constants.BRANCH:
            if any(_nested(branch, inside=inside) for branch in argument[1]):
                return True
        elif operator is _constants.SUBPATTERN:
            if _nested(argument[-1], inside=inside):
                return True
        elif operator in (_constants.ASSERT, _constants.ASSERT_NOT):
            if _nested(argument[1], inside=inside):
                return True
        elif operator in (_constants.GROUPREF, _constants.GROUPREF_EXISTS) and inside:
            return True
    return False


def matches(text: str, pattern: str) -> bool:
    """Whether the whole of `text` matches (JavaRosa). Too long a text does not match."""
    if len(text) > MAX_INPUT:
        return False
    return safe_pattern(pattern).fullmatch(text) is not None
