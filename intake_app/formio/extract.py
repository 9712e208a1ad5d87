"""Texts of forms for translators: a Babel extractor, and the list of texts itself.

`babel.cfg` maps `forms/**/survey.csv` and `forms/**/choices.csv` to `extract_texts`. The msgctxt of
a text is `<form_id>/<kind>/<name>`; kinds and names are those of the form engine's `TextRef`.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from intake_app.i18n.catalogues import form_context, tidy
from intake_app.i18n.words import STAFF_COMMENT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from intake_app.formio.sheets import Workbook

COLUMNS = {
    "label": "label",
    "hint": "hint",
    "guidance_hint": "guidance",
    "staff_hint": "guidance",
    "constraint_message": "constraint",
    "required_message": "required",
}
"""Column of the survey sheet → kind of text."""

KEEP_COMMENT = "Laat ${…} staan zoals het is."
_REFERENCE = re.compile(r"\$\{")


@dataclass(frozen=True, slots=True)
class SourceText:
    """One Dutch text of a form. `staff`: only a colleague ever sees it."""

    row: int
    kind: str
    name: str
    text: str
    staff: bool

    def context(self, form_id: str) -> str:
        """Return the msgctxt of this text."""
        return form_context(form_id, self.kind, self.name)


def form_texts(book: Workbook) -> tuple[SourceText, ...]:
    """Return all texts of a form, survey before choices, in the order of the sheets."""
    survey = [(row.number, row.cells) for row in book.sheet("survey").rows]
    choices = [(row.number, row.cells) for row in book.sheet("choices").rows]
    shown = client_lists(cells for _, cells in survey)
    return (*_survey_texts(survey), *_choice_texts(choices, shown))


def client_lists(rows: Iterator[Mapping[str, str]]) -> frozenset[str]:
    """Return the names of the choice lists that some question for the client uses."""
    return frozenset(
        words[1]
        for row in rows
        for words in [row.get("type", "").split()]
        if len(words) > 1 and words[0].startswith(("select", "rank")) and not _is_staff(row)
    )


def _is_staff(row: Mapping[str, str]) -> bool:
    return row.get("bind::dl:audience") == "staff"


def _survey_texts(rows: list[tuple[int, Mapping[str, str]]]) -> Iterator[SourceText]:
    staff_groups = _groups_for_staff(row for _, row in rows)
    for number, row in rows:
        name = row.get("name", "")
        if not name or row.get("type", "").startswith(("end_", "end ")):
            continue
        staff = _is_staff(row) or name in staff_groups
        for column, kind in COLUMNS.items():
            text = row.get(column, "")
            if text:
                yield SourceText(number, kind, name, text, staff or kind == "guidance")


def _groups_for_staff(rows: Iterator[Mapping[str, str]]) -> frozenset[str]:
    """Return the groups without any question for the client: their titles are staff texts."""
    open_groups: list[str] = []
    seen: set[str] = set()
    for_client: set[str] = set()
    for row in rows:
        kind = row.get("type", "").replace(" ", "_")
        if kind.startswith("begin_"):
            open_groups.append(row.get("name", ""))
            seen.add(open_groups[-1])
        elif kind.startswith("end_") and open_groups:
            open_groups.pop()
        elif kind and kind != "calculate" and not _is_staff(row):
            for_client.update(open_groups)
    return frozenset(seen - for_client)


def _choice_texts(
    rows: list[tuple[int, Mapping[str, str]]], shown: Collection[str]
) -> Iterator[SourceText]:
    for number, row in rows:
        list_name = row.get("list_name", "") or row.get("list name", "")
        text = row.get("label", "")
        if list_name and text:
            name = f"{list_name}/{row.get('name', '')}"
            yield SourceText(number, "choice", name, text, list_name not in shown)


Message = tuple[int, str, tuple[str, str], list[str]]


def extract_texts(
    fileobj: IO[bytes],
    keywords: object,  # noqa: ARG001 - part of Babel's extractor interface
    comment_tags: object,  # noqa: ARG001
    options: Mapping[str, str],  # noqa: ARG001
) -> Iterator[Message]:
    """Yield (row, "pgettext", (context, text), comments) for one CSV file of a form.

    The form's id is the name of the folder; for choices the survey beside it says which lists a
    client sees.
    """
    place = Path(str(getattr(fileobj, "name", "")))
    rows = _read(fileobj.read())
    if place.stem == "choices":
        survey = _read(place.with_name("survey.csv").read_bytes())
        texts = _choice_texts(rows, client_lists(row for _, row in survey))
    else:
        texts = _survey_texts(rows)
    for text in texts:
        comments = [STAFF_COMMENT] if text.staff else []
        if _REFERENCE.search(text.text):
            comments.append(KEEP_COMMENT)
        yield text.row, "pgettext", (text.context(place.parent.name), text.text), comments


def _read(body: bytes) -> list[tuple[int, Mapping[str, str]]]:
    reader = csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline=""))
    return [
        (number, {str(k): tidy(v or "") for k, v in row.items() if k})
        for number, row in enumerate(reader, start=2)
    ]
