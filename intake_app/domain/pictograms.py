"""Which picture stands beside which answer, so that a person who does not read can point."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass

MIRRORED = frozenset({"later", "komen", "kwijt", "vraag", "weet-niet", "weg-vragen"})
"""Drawings that turn round where people read from right to left: an arrow that points forward, and
a question mark, which such scripts write the other way round."""

COLUMNS = ("form", "list", "choice", "pictogram")
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")


class PictogramProblem(ValueError):
    """An index that cannot be used; str() names the row."""


@dataclass(frozen=True, slots=True)
class Pictograms:
    """The pictograms of choices: (form id or '', list, choice) to the name of a drawing."""

    rows: Mapping[tuple[str, str, str], str]

    def of_choice(self, form_id: str, ref: str) -> str:
        """Return the drawing of a choice, '' for none; `ref` is `<list>/<choice>`.

        A row for this very form goes before a row for every form.
        """
        list_name, _, choice = ref.partition("/")
        own = self.rows.get((form_id, list_name, choice))
        return own or self.rows.get(("", list_name, choice), "")


def read_index(text: str) -> Pictograms:
    """Read `index.csv`; raises `PictogramProblem` for a wrong header, name or double row."""
    reader = csv.DictReader(io.StringIO(text))
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise PictogramProblem(f"index.csv: the columns are {', '.join(COLUMNS)}")
    rows: dict[tuple[str, str, str], str] = {}
    for number, row in enumerate(reader, start=2):
        key = (row["form"] or "", row["list"] or "", row["choice"] or "")
        name = row["pictogram"] or ""
        if not key[1] or not key[2] or not _NAME.match(name):
            raise PictogramProblem(
                f"index.csv, row {number}: list, choice and pictogram are needed"
            )
        if key in rows:
            raise PictogramProblem(f"index.csv, row {number}: {key[1]}/{key[2]} stands there twice")
        rows[key] = name
    return Pictograms(rows)
