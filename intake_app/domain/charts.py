"""What a chart says, before anybody draws it: numbers with their words, and the same as a table.

A chart carries its own words (`shown`), so that the drawing, the table under it and what a screen
reader hears can never differ. A value that is None was not measured, which is not zero.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Table:
    """The same as a chart, in words: headers and rows, each row as long as the headers."""

    title: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def spoken(self) -> str:
        """Return it as running text, each cell after its header; the first is the row's name."""
        lines = []
        for row in self.rows:
            said = [f"{head}: {cell}" for head, cell in zip(self.headers[1:], row[1:], strict=True)]
            lines.append(f"{row[0]}. {', '.join(said)}." if said else f"{row[0]}.")
        return " ".join(lines)


class Tabular(Protocol):
    """What can be told as a table."""

    def table(self) -> Table: ...


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a profile. `shown` is the value in words, also where it was not measured.

    `reference` is what the value is held against (an earlier measurement, what a course asks).
    """

    label: str
    value: float | None
    shown: str
    reference: float | None = None
    reference_shown: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """Bars on one scale from `low` to `high`. `steps` are places on the scale that have a name.

    `label_title`, `value_title` and `reference_title` head the columns of the table;
    `reference_title` also stands beside the mark in the drawing. Raises `ValueError` for a value
    outside the scale.
    """

    title: str
    bars: tuple[Bar, ...]
    label_title: str
    value_title: str
    reference_title: str = ""
    low: float = 0.0
    high: float = 1.0
    steps: tuple[tuple[float, str], ...] = ()

    def __post_init__(self) -> None:
        _scale(self.low, self.high)
        for bar in self.bars:
            _within(bar.value, self.low, self.high)
            _within(bar.reference, self.low, self.high)
        for place, _ in self.steps:
            _within(place, self.low, self.high)

    @property
    def has_reference(self) -> bool:
        """True if anything is held against something."""
        return any(bar.reference is not None for bar in self.bars)

    def share(self, value: float) -> float:
        """Return where a value stands on the scale, 0 to 1."""
        return (value - self.low) / (self.high - self.low)

    def table(self) -> Table:
        """Return the same in words."""
        headers = [self.label_title, self.value_title]
        if self.has_reference:
            headers.append(self.reference_title)
        width = len(headers)
        rows = ((bar.label, bar.shown, bar.reference_shown)[:width] for bar in self.bars)
        return Table(self.title, tuple(headers), tuple(rows))


@dataclass(frozen=True, slots=True)
class Point:
    """One moment of a course, such as a week; `shown` is its value in words."""

    label: str
    value: float | None
    shown: str


@dataclass(frozen=True, slots=True)
class Course:
    """Values over time, in order, from `low` to `high`, with at most one line to reach.

    Raises `ValueError` for a value outside the scale.
    """

    title: str
    points: tuple[Point, ...]
    label_title: str
    value_title: str
    low: float = 0.0
    high: float = 1.0
    target: float | None = None
    target_shown: str = ""

    def __post_init__(self) -> None:
        _scale(self.low, self.high)
        for point in self.points:
            _within(point.value, self.low, self.high)
        _within(self.target, self.low, self.high)

    def share(self, value: float) -> float:
        """Return where a value stands on the scale, 0 to 1."""
        return (value - self.low) / (self.high - self.low)

    def strokes(self) -> Iterator[tuple[int, int]]:
        """Yield which points a line joins: neighbours that were both measured."""
        for (first, before), (second, after) in pairwise(enumerate(self.points)):
            if before.value is not None and after.value is not None:
                yield first, second

    def table(self) -> Table:
        """Return the same in words; the target is said with the title of the values."""
        title = self.value_title
        if self.target_shown:
            title = f"{title} ({self.target_shown})"
        rows = tuple((point.label, point.shown) for point in self.points)
        return Table(self.title, (self.label_title, title), rows)


@dataclass(frozen=True, slots=True)
class Share:
    """A figure with a target: `count` of `total` (n/N). None means nobody counted it.

    `sentence` says it whole, `shown` is n/N in words, `target` a share of 0 to 1 with
    `target_shown` as its words, `counting` how it was counted. Raises `ValueError` for a count that
    cannot be.
    """

    sentence: str
    count: int | None
    total: int
    shown: str
    counting: str = ""
    target: float | None = None
    target_shown: str = ""

    def __post_init__(self) -> None:
        if self.total < 0 or (self.count is not None and not 0 <= self.count <= self.total):
            raise ValueError("a count lies between nought and its total")
        _within(self.target, 0.0, 1.0)

    @property
    def share(self) -> float | None:
        """Return n/N, None where there is no N or nobody counted."""
        return None if self.count is None or not self.total else self.count / self.total


@dataclass(frozen=True, slots=True)
class Shares:
    """Several figures as one table; the figures are drawn one by one."""

    title: str
    figures: tuple[Share, ...]
    headers: tuple[str, ...]
    """What a figure is, n/N, and the target where any has one."""

    def table(self) -> Table:
        """Return the figures in words."""
        width = len(self.headers)
        rows = ((f.sentence, f.shown, f.target_shown)[:width] for f in self.figures)
        return Table(self.title, self.headers, tuple(rows))


def _scale(low: float, high: float) -> None:
    if not (isfinite(low) and isfinite(high) and low < high):
        raise ValueError("a scale goes from a lower to a higher number")


def _within(value: float | None, low: float, high: float) -> None:
    if value is not None and not low <= value <= high:
        raise ValueError("a value lies on the scale of its chart")
