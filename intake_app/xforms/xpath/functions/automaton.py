"""Matching a regular expression in time that only grows with text times pattern.

For patterns over which a backtracking matcher may take exponential time. The states the pattern can
be in are followed side by side (Thompson 1968), so that no text is gone over twice. What no finite
automaton can do (references back, looking around, atomic groups) is not taken.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from re import _constants  # type: ignore[attr-defined]
from typing import Any

MAX_STATES = 4_000
_STEPS = 4_000_000
_KEPT = 20_000
_ENDLESS = 100_000

Test = Callable[[str], bool]


class NotRegular(Exception):
    """The pattern is more than a regular one, or too large to follow."""


@dataclass(slots=True)
class _Builder:
    """States by number: a test and where it leads; or no test and several places to be at once."""

    category: Callable[[Any], Test]
    tests: list[Test | None] = field(default_factory=list)
    nexts: list[tuple[int, ...]] = field(default_factory=list)
    places: list[Any] = field(default_factory=list)

    def state(self, test: Test | None, nexts: tuple[int, ...], place: Any = None) -> int:
        if len(self.tests) >= MAX_STATES:
            raise NotRegular
        self.tests.append(test)
        self.nexts.append(nexts)
        self.places.append(place)
        return len(self.tests) - 1

    def build(self, items: Sequence[Any], after: int) -> int:
        """The state in which `items` begin, when `after` is where they end."""
        for operator, argument in reversed(items):
            after = self._one(operator, argument, after)
        return after

    def _one(self, operator: Any, argument: Any, after: int) -> int:
        if operator in (_constants.MAX_REPEAT, _constants.MIN_REPEAT):
            least, most, body = argument
            return self._repeat(least, most, body, after)
        if operator is _constants.BRANCH:
            starts = tuple(self.build(list(branch), after) for branch in argument[1])
            return self.state(None, starts)
        if operator is _constants.SUBPATTERN:
            _, on, off, body = argument
            if on or off:
                raise NotRegular
            return self.build(list(body), after)
        if operator is _constants.AT:
            return self.state(None, (after,), argument)
        return self.state(self._test(operator, argument), (after,))

    def _repeat(self, least: int, most: Any, body: Any, after: int) -> int:
        inner = list(body)
        endless = most is _constants.MAXREPEAT or int(most) >= _ENDLESS
        if endless:
            start = self.state(None, ())
            self.nexts[start] = (self.build(inner, start), after)
        else:
            start = after
            for _ in range(int(most) - least):
                start = self.state(None, (self.build(inner, start), after))
        for _ in range(least):
            start = self.build(inner, start)
        return start

    def _test(self, operator: Any, argument: Any) -> Test:
        if operator is _constants.LITERAL:
            wanted = chr(argument)
            return lambda char: char == wanted
        if operator is _constants.NOT_LITERAL:
            unwanted = chr(argument)
            return lambda char: char != unwanted
        if operator is _constants.ANY:
            return lambda char: char != "\n"
        if operator is _constants.IN:
            return self._members(argument)
        raise NotRegular

    def _members(self, items: Sequence[Any]) -> Test:
        negated = items[0][0] is _constants.NEGATE
        single: set[str] = set()
        ranges: list[tuple[int, int]] = []
        tests: list[Test] = []
        for operator, argument in items[1:] if negated else items:
            if operator is _constants.LITERAL:
                single.add(chr(argument))
            elif operator is _constants.RANGE:
                ranges.append(argument)
            elif operator is _constants.CATEGORY:
                tests.append(self.category(argument))
            else:
                raise NotRegular

        def inside(char: str) -> bool:
            code = ord(char)
            found = (
                char in single
                or any(low <= code <= high for low, high in ranges)
                or any(test(char) for test in tests)
            )
            return found is not negated

        return inside


class Automaton:
    """A pattern as states; `longest` is the longest text it is tried on."""

    def __init__(self, tree: Sequence[Any], category: Callable[[Any], Test]) -> None:
        """Build from the syntax tree of `re`. Raises NotRegular."""
        builder = _Builder(category)
        self._end = builder.state(None, ())
        self._start = builder.build(tree, self._end)
        self._tests, self._nexts, self._places = builder.tests, builder.nexts, builder.places
        self._anchored = any(place is not None for place in builder.places)
        self._kept: dict[tuple[frozenset[int], str], frozenset[int]] = {}
        self.longest = min(20_000, _STEPS // len(self._tests))

    def fullmatch(self, text: str) -> bool:
        """Whether the whole of `text` matches."""
        here = self._closure([self._start], text, 0)
        for index, char in enumerate(text, 1):
            known = None if self._anchored else self._kept.get((here, char))
            if known is None:
                known = self._closure(
                    [self._nexts[s][0] for s in here if self._passes(s, char)], text, index
                )
                if not self._anchored:
                    if len(self._kept) >= _KEPT:
                        self._kept.clear()
                    self._kept[here, char] = known
            here = known
            if not here:
                return False
        return self._end in here

    def _passes(self, state: int, char: str) -> bool:
        test = self._tests[state]
        return test is not None and test(char)

    def _closure(self, states: list[int], text: str, at: int) -> frozenset[int]:
        """Every state to be in without reading on; those that only lead on are left out."""
        seen: set[int] = set()
        found: set[int] = set()
        while states:
            state = states.pop()
            if state in seen:
                continue
            seen.add(state)
            if self._tests[state] is not None or state == self._end:
                found.add(state)
            elif self._places[state] is None or _stands(self._places[state], text, at):
                states.extend(self._nexts[state])
        return frozenset(found)


def _stands(place: Any, text: str, at: int) -> bool:
    if place in (_constants.AT_BEGINNING, _constants.AT_BEGINNING_STRING):
        return at == 0
    if place is _constants.AT_END_STRING:
        return at == len(text)
    if place is _constants.AT_END:
        return at == len(text) or (at == len(text) - 1 and text[-1] == "\n")
    before = at > 0 and _is_word(text[at - 1])
    after = at < len(text) and _is_word(text[at])
    return (before is not after) is (place is _constants.AT_BOUNDARY)


def _is_word(char: str) -> bool:
    return char == "_" or (char.isascii() and char.isalnum())
