"""Regular expressions of authors, kept from running for ever.

Python's matcher backtracks and cannot be interrupted. It takes exponential time only when one text
can be divided over the rounds of an open-ended repeat in many ways. Patterns where that can happen
are followed as an automaton instead, which takes linear time; those that no automaton can follow
are refused when the form loads. Texts too long for a pattern do not match.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any

from intake_app.xforms.xpath.errors import XPathError
from intake_app.xforms.xpath.functions.automaton import Automaton, NotRegular
from intake_app.xforms.xpath.functions.dialect import translated

MAX_PATTERN = 1_000
# Steps grow with the length to the power of one more than the choices: keep it to a few million.
_LONGEST = {0: 20_000, 1: 2_000, 2: 200}
# A repeat of at most this many rounds cannot grow out of hand.
_FEW = 4
# More rounds than this are as good as open-ended, which is looked at elsewhere.
_ROUNDS = 10_000
_OTHER = 128  # stands for every character outside ASCII
_ALL = frozenset(range(_OTHER + 1))
_REPEATS = frozenset({_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT})
_CATEGORIES = {
    _constants.CATEGORY_DIGIT: r"\d",
    _constants.CATEGORY_NOT_DIGIT: r"\D",
    _constants.CATEGORY_SPACE: r"\s",
    _constants.CATEGORY_NOT_SPACE: r"\S",
    _constants.CATEGORY_WORD: r"\w",
    _constants.CATEGORY_NOT_WORD: r"\W",
}

_Chars = frozenset[int]


@dataclass(frozen=True, slots=True)
class SafePattern:
    """A pattern whose matching time is bounded: texts over `longest` do not match."""

    fullmatch: Callable[[str], object]
    longest: int
    otherwise: SafePattern | None = None
    """Another way to match, slower but for longer texts."""

    def matches(self, text: str) -> bool:
        """Whether the whole of `text` matches, as in JavaRosa."""
        if len(text) <= self.longest:
            return bool(self.fullmatch(text))
        return self.otherwise is not None and self.otherwise.matches(text)


@lru_cache(maxsize=512)
def safe_pattern(pattern: str) -> SafePattern:
    """`pattern` compiled. Raises XPathError when it is invalid, too long or may run for ever."""
    if len(pattern) > MAX_PATTERN:
        raise XPathError(f"a regular expression of more than {MAX_PATTERN} characters")
    source = translated(pattern)
    try:
        parsed = _parser.parse(source, re.ASCII)
        tree = list(parsed)
        compiled = re.compile(source, re.ASCII)
        safe = _safe(tree, frozenset(), inside=False)
        choices = _choices(tree, frozenset())
    except (re.error, OverflowError, RecursionError) as error:
        raise XPathError(f"bad regular expression: {error}") from error
    followed = _followed(tree, parsed.state.flags) if choices or not safe else None
    if safe and choices in _LONGEST:
        return SafePattern(compiled.fullmatch, _LONGEST[choices], followed)
    if followed is None:
        raise XPathError("a regular expression that may run for ever on some texts")
    return followed


def _followed(tree: list[Any], flags: int) -> SafePattern | None:
    """The pattern as an automaton; None when it cannot be one."""
    if flags & ~(re.ASCII | re.UNICODE):
        return None
    try:
        automaton = Automaton(tree, _test)
    except (NotRegular, RecursionError):
        return None
    return SafePattern(automaton.fullmatch, automaton.longest)


def _test(category: Any) -> Callable[[str], bool]:
    match = re.compile(_CATEGORIES[category], re.ASCII).match
    return lambda char: match(char) is not None


def _choices(items: Sequence[Any], after: _Chars) -> int:
    """How many open-ended repeats may stop at several places; each makes it a power slower."""
    count = 0
    for index, (operator, argument) in enumerate(items):
        following = _following(items[index + 1 :], after)
        if operator in _REPEATS:
            least, most, body = argument
            inner = list(body)
            if most > max(_FEW, least) and _first(inner)[0] & following:
                count += 1
            # Each of a fixed number of rounds has the choices of the body anew.
            rounds = int(most) if 1 < most <= _ROUNDS else 1
            around = following | _first(inner)[0] if most > 1 else following
            count += _choices(inner, around) * rounds
        elif operator is _constants.BRANCH:
            count += max(_choices(list(branch), following) for branch in argument[1])
        elif operator is _constants.SUBPATTERN:
            count += _choices(list(argument[-1]), following)
    return count


def _safe(items: Sequence[Any], after: _Chars, *, inside: bool) -> bool:
    """Whether `items` leave the matcher no choice inside open-ended repeats.

    `after` are the characters that can follow the whole, `inside` whether we are in such a repeat.
    """
    for index, (operator, argument) in enumerate(items):
        following = _following(items[index + 1 :], after)
        if operator in _REPEATS:
            least, most, body = argument
            varying = least != most
            inner = list(body)
            first, _ = _first(inner)
            # In a repeat, going round again must differ from going on.
            if inside and varying and first & following:
                return False
            opens = varying and most > _FEW
            around = following | first if most > 1 else following
            if not _safe(inner, around, inside=inside or opens):
                return False
            if (inside or opens) and most > 1 and _first(inner)[1]:
                return False
        elif operator is _constants.BRANCH:
            branches = [list(branch) for branch in argument[1]]
            if inside and not _apart(branches, following):
                return False
            if not all(_safe(branch, following, inside=inside) for branch in branches):
                return False
        elif operator in (_constants.SUBPATTERN, _constants.ATOMIC_GROUP):
            inner = list(argument[-1] if operator is _constants.SUBPATTERN else argument)
            if not _safe(inner, following, inside=inside):
                return False
        elif operator in (_constants.ASSERT, _constants.ASSERT_NOT):
            if not _safe(list(argument[1]), _ALL, inside=inside):
                return False
        elif operator in (_constants.GROUPREF, _constants.GROUPREF_EXISTS) and inside:
            return False
    return True


def _apart(branches: list[list[Any]], following: _Chars) -> bool:
    """Whether the first character decides between the branches."""
    seen: set[int] = set()
    for branch in branches:
        first, empty = _first(branch)
        chars = first | following if empty else first
        if seen & chars:
            return False
        seen |= chars
    return True


def _following(items: Sequence[Any], after: _Chars) -> _Chars:
    first, empty = _first(items)
    return first | after if empty else first


def _first(items: Sequence[Any]) -> tuple[_Chars, bool]:
    """The characters `items` can begin with, and whether they can match nothing."""
    chars: _Chars = frozenset()
    for operator, argument in items:
        found, empty = _first_of(operator, argument)
        chars |= found
        if not empty:
            return chars, False
    return chars, True


def _first_of(operator: Any, argument: Any) -> tuple[_Chars, bool]:
    if operator is _constants.LITERAL:
        return frozenset({min(argument, _OTHER)}), False
    if operator is _constants.NOT_LITERAL:
        return (_ALL - {argument}) | {_OTHER}, False
    if operator is _constants.ANY:
        return _ALL, False
    if operator is _constants.IN:
        return _members(argument), False
    if operator in _REPEATS:
        least, _, body = argument
        found, empty = _first(list(body))
        return found, empty or least == 0
    if operator is _constants.BRANCH:
        firsts = [_first(list(branch)) for branch in argument[1]]
        return frozenset().union(*(f for f, _ in firsts)), any(e for _, e in firsts)
    if operator is _constants.SUBPATTERN:
        return _first(list(argument[-1]))
    if operator is _constants.ATOMIC_GROUP:
        return _first(list(argument))
    if operator in (_constants.AT, _constants.ASSERT, _constants.ASSERT_NOT):
        return frozenset(), True
    return _ALL, True


def _members(items: Sequence[Any]) -> _Chars:
    chars: set[int] = set()
    negated = False
    for operator, argument in items:
        if operator is _constants.NEGATE:
            negated = True
        elif operator is _constants.LITERAL:
            chars.add(min(argument, _OTHER))
        elif operator is _constants.RANGE:
            chars.update(range(min(argument[0], _OTHER), min(argument[1], _OTHER) + 1))
        elif operator is _constants.CATEGORY:
            chars |= _category(argument)
    if negated:
        return (_ALL - chars) | {_OTHER}
    return frozenset(chars)


def _category(category: Any) -> _Chars:
    pattern = re.compile(_CATEGORIES[category], re.ASCII)
    ascii_ = frozenset(c for c in range(_OTHER) if pattern.match(chr(c)))
    return ascii_ | {_OTHER} if pattern.match("\u0660") else ascii_
