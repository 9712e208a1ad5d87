"""`migrations.csv` of a form: where answers of one version go in the next.

Columns: from_version, to_version, from_path, to_path, value_map. `from_path` is a question, or a
group or repeat with all that is in it; an empty `to_path` says that it is gone on purpose (answers
are then kept aside). `value_map` is `old=new` pairs with spaces between them, for choices that got
another value. What has no row keeps its path.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from intake_app.formio.findings import Finding, FormSourceError
from intake_app.formio.limits import check_file

if TYPE_CHECKING:
    from pathlib import Path

FILE_NAME = "migrations.csv"
SHEET = "migrations"
COLUMNS = ("from_version", "to_version", "from_path", "to_path", "value_map")
_PATH = re.compile(r"/[^\s/]+(?:/[^\s/]+)+\Z")
_PAIR = re.compile(r"([^\s=]+)=([^\s=]*)\Z")


@dataclass(frozen=True, slots=True)
class Migration:
    """One row: answers at or below `from_path` go to `to_path` ("": kept aside)."""

    row: int
    from_version: str
    to_version: str
    from_path: str
    to_path: str
    value_map: Mapping[str, str]

    def covers(self, path: str) -> bool:
        """Whether `path` is the path of this row or lies below it."""
        return path == self.from_path or path.startswith(f"{self.from_path}/")

    def target(self, path: str) -> str:
        """Where a covered path goes; "" when nowhere."""
        return self.to_path + path[len(self.from_path) :] if self.to_path else ""

    def value(self, text: str) -> str:
        """The value under its new name; of several choices each by itself."""
        if not self.value_map:
            return text
        if text in self.value_map:
            return self.value_map[text]
        words = [self.value_map.get(word, word) for word in text.split()]
        changed = " ".join(dict.fromkeys(word for word in words if word))
        return changed if words != text.split() else text


def read_migrations(path: Path) -> tuple[Migration, ...]:
    """Read the rows; none when there is no such file. Raises FormSourceError for a wrong row."""
    if not path.is_file():
        return ()
    check_file(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        lines = list(enumerate(reader, start=2))
    except (UnicodeDecodeError, csv.Error):
        raise FormSourceError(
            _wrong(0, "", f"{path.name} is niet te lezen als CSV in UTF-8.")
        ) from None
    missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
    if missing:
        raise FormSourceError(_wrong(1, missing[0], f"De kolom ‘{missing[0]}’ ontbreekt."))
    found = [_read_row(number, line) for number, line in lines]
    seen: set[tuple[str, str, str]] = set()
    for one in found:
        key = (one.from_version, one.to_version, one.from_path)
        if key in seen:
            raise FormSourceError(_wrong(one.row, "from_path", "Dit pad staat er al."))
        seen.add(key)
    return tuple(found)


def _read_row(number: int, line: Mapping[str, str | None]) -> Migration:
    cells = {column: (line.get(column) or "").strip() for column in COLUMNS}
    for column in ("from_version", "to_version", "from_path"):
        if not cells[column]:
            raise FormSourceError(_wrong(number, column, f"De kolom ‘{column}’ is leeg."))
    if version_key(cells["from_version"]) >= version_key(cells["to_version"]):
        raise FormSourceError(
            _wrong(number, "to_version", "Deze versie komt niet na from_version.")
        )
    for column in ("from_path", "to_path"):
        if cells[column] and not _PATH.match(cells[column]):
            raise FormSourceError(_wrong(number, column, "Dit is geen pad, zoals /data/werk/baan."))
    pairs = {}
    for word in cells["value_map"].split():
        match = _PAIR.match(word)
        if match is None:
            raise FormSourceError(
                _wrong(number, "value_map", f"‘{word}’ is geen paar, zoals oud=nieuw.")
            )
        pairs[match[1]] = match[2]
    return Migration(
        number,
        cells["from_version"],
        cells["to_version"],
        cells["from_path"],
        cells["to_path"],
        MappingProxyType(pairs),
    )


def _wrong(row: int, column: str, message: str) -> Finding:
    return Finding(SHEET, row, column, "error", message, "Verbeter deze rij van migrations.csv.")


def version_key(version: str) -> tuple[tuple[int, int, str], ...]:
    """Sorts versions as people read them: 2 before 10, 2024091201 before 2024091202, 1.9 < 1.10."""
    parts = re.findall(r"[0-9]+|[^0-9.\-_\s]+", version)
    return tuple((0, int(p), "") if p.isdecimal() else (1, 0, p) for p in parts)


class Route:
    """The way of every path and value from one version to a later one, over all in between."""

    def __init__(self, rows: Sequence[Migration], from_version: str, to_version: str) -> None:
        self._steps: list[tuple[Migration, ...]] = []
        groups: dict[tuple[str, str], list[Migration]] = {}
        for row in rows:
            groups.setdefault((row.from_version, row.to_version), []).append(row)
        here, goal = version_key(from_version), version_key(to_version)
        while here < goal:
            # The longest step from here; versions without any row change no path.
            reachable = sorted(
                (version_key(a), version_key(b), (a, b))
                for a, b in groups
                if here <= version_key(a) and version_key(b) <= goal
            )
            if not reachable:
                return
            start = reachable[0][0]
            _, here, key = max(step for step in reachable if step[0] == start)
            self._steps.append(tuple(groups[key]))

    def follow(self, path: str, value: str = "") -> tuple[str, str]:
        """The path and value at the end of the way; the path is "" when it leads nowhere."""
        for rows in self._steps:
            covering = [row for row in rows if row.covers(path)]
            if not covering:
                continue
            row = max(covering, key=lambda row: len(row.from_path))
            if row.from_path == path:
                value = row.value(value)
            path = row.target(path)
            if not path:
                return "", value
        return path, value
