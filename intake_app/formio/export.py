"""A form with the catalogues merged in, as an XLSForm in many languages.

Kobo, ODK and Enketo read the result as it is; pyxform makes the same structure of it as of the
Dutch sources (equal `structure_hash`). A text without a usable translation is there in Dutch, never
as "-", and every text no person has checked is marked, in its cell and on a sheet of its own.
"""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from intake_app.formio.compile import ALIASES, with_namespace
from intake_app.formio.extract import COLUMNS
from intake_app.formio.limits import refuse
from intake_app.formio.sheets import ALL_SHEETS, Row, Sheet, Workbook
from intake_app.i18n.languages import LANGUAGES, SOURCE_LANGUAGE, direction

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from intake_app.i18n.catalogues import Catalogues

MARKS_SHEET = "nagekeken"
MARKS_HEADER = ("sheet", "row", "column", "language", "status")
MAX_GAP = 50
"""Empty rows in a row; pyxform takes 60 for the end of a sheet."""
MEDIA_COLUMNS = ("image", "big-image", "audio", "video")

MarkStatus = Literal["unreviewed", "missing"]
_REMARKS: Mapping[str, str] = {
    "unreviewed": "Niet nagekeken: geen mens heeft deze vertaling bevestigd.",
    "missing": "Geen vertaling: dit is de Nederlandse tekst.",
}
_FILLS = {"unreviewed": "FFF2CC", "missing": "F8CBAD"}


@dataclass(frozen=True, slots=True)
class Mark:
    """One text no person has checked: where it stands in the exported workbook, and why.

    `row` counts as a spreadsheet does. "unreviewed" is a machine's translation, "missing" the Dutch
    text in the place of one.
    """

    sheet: str
    row: int
    column: str
    language: str
    status: MarkStatus


@dataclass(frozen=True, slots=True)
class Merged:
    """A form in many languages, and what no person has checked in it."""

    book: Workbook
    languages: tuple[str, ...]
    marks: tuple[Mark, ...]

    def counts(self) -> Mapping[tuple[str, str], int]:
        """How many marks there are by language and status."""
        return Counter((mark.language, mark.status) for mark in self.marks)


def language_column(column: str, code: str) -> str:
    """The heading of a text column in one language: ``label::Nederlands (nl)``."""
    known = LANGUAGES.get(code)
    return f"{column}::{known.own_name if known else code} ({code})"


def merge(book: Workbook, catalogues: Catalogues, languages: Sequence[str] | None = None) -> Merged:
    """Put the translations beside the Dutch texts.

    `languages` are codes without Dutch (default: all the form has a catalogue for). A form without
    other languages, or one that brings its own (`label::…`), keeps its texts as they are. Raises
    FormSourceError for a language this program does not know.
    """
    form_id = form_id_of(book)
    chosen = tuple(languages) if languages is not None else catalogues.languages(form_id)
    chosen = tuple(dict.fromkeys(code for code in chosen if code != SOURCE_LANGUAGE))
    for code in chosen:
        if code not in LANGUAGES:
            refuse(f"De taal ‘{code}’ is niet bekend.", f"Kies uit: {', '.join(LANGUAGES)}.")
    book = with_namespace(_compact(_named(book, form_id)))
    if not chosen or _multilingual(book):
        return Merged(book, (), ())
    marks: list[Mark] = []
    merger = _Merger(form_id, catalogues, chosen, marks)
    sheets = dict(book.sheets)
    sheets["survey"] = merger.sheet(book.sheet("survey"))
    sheets["choices"] = merger.sheet(book.sheet("choices"))
    sheets["settings"] = _settings(book.sheet("settings"))
    return Merged(replace(book, sheets=sheets), (SOURCE_LANGUAGE, *chosen), tuple(marks))


def form_id_of(book: Workbook) -> str:
    """The form's id: from its settings, else the name of its folder or file."""
    rows = book.sheet("settings").rows
    first = rows[0] if rows else Row(2, {})
    return _id_in(first) or book.name


def _id_in(row: Row) -> str:
    """The id in a row of settings; pyxform takes the heading in any case."""
    cells = {column.lower(): value for column, value in row.cells.items()}
    return cells.get("form_id") or cells.get("id_string") or ""


def _multilingual(book: Workbook) -> bool:
    return any(
        "::" in column and column.split("::")[0].strip() in (*COLUMNS, "label")
        for name in ("survey", "choices")
        for column in book.sheet(name).header
    )


def _named(book: Workbook, form_id: str) -> Workbook:
    """With the id written down: a file of another name must stay the same form."""
    settings = book.sheet("settings")
    first = settings.rows[0] if settings.rows else Row(2, {})
    if _id_in(first):
        return book
    row = Row(first.number, {**first.cells, "form_id": form_id})
    header = settings.header if "form_id" in settings.header else (*settings.header, "form_id")
    sheet = Sheet("settings", header, (row, *settings.rows[1:]))
    return replace(book, sheets={**book.sheets, "settings": sheet})


def _compact(book: Workbook) -> Workbook:
    """Columns by the names pyxform knows; no gap between rows so long that readers stop there.

    Rows keep their numbers otherwise: pyxform builds them into the names of table lists.
    """
    sheets = {}
    for sheet in book.sheets.values():
        rows: list[Row] = []
        before, shift = 1, 0
        for row in sheet.rows:
            shift += max(row.number - before - 1 - MAX_GAP, 0)
            before = row.number
            cells = {ALIASES.get(c, c): v for c, v in row.cells.items()}
            rows.append(Row(row.number - shift, cells))
        header = tuple(ALIASES.get(c, c) for c in sheet.header if c)
        sheets[sheet.name] = Sheet(sheet.name, header, tuple(rows))
    return replace(book, sheets=sheets)


def _settings(sheet: Sheet) -> Sheet:
    first = sheet.rows[0] if sheet.rows else Row(2, {})
    own = language_column("", SOURCE_LANGUAGE)[2:]
    row = Row(first.number, {**first.cells, "default_language": own})
    header = tuple(dict.fromkeys((*sheet.header, "default_language")))
    return Sheet(sheet.name, header, (row, *sheet.rows[1:]))


class _Merger:
    def __init__(
        self, form_id: str, catalogues: Catalogues, languages: tuple[str, ...], marks: list[Mark]
    ) -> None:
        self._form_id = form_id
        self._catalogues = catalogues
        self._languages = languages
        self._marks = marks

    def sheet(self, sheet: Sheet) -> Sheet:
        """The sheet with each text column once per language, Dutch first."""
        kinds = self._kinds(sheet)
        header = tuple(new for column in sheet.header for new in self._columns(column, kinds))
        rows = tuple(Row(r.number, dict(self._cells(sheet.name, r, kinds))) for r in sheet.rows)
        return Sheet(sheet.name, header, rows)

    @staticmethod
    def _kinds(sheet: Sheet) -> dict[str, str]:
        """Text and media columns of the sheet → kind of text ("" for media)."""
        texts = {"label": "choice"} if sheet.name == "choices" else COLUMNS
        media = dict.fromkeys((*MEDIA_COLUMNS, *(f"media::{m}" for m in MEDIA_COLUMNS)), "")
        return {c: k for c, k in {**texts, **media}.items() if c in sheet.header}

    def _columns(self, column: str, kinds: Mapping[str, str]) -> Iterator[str]:
        if column not in kinds:
            yield column
            return
        for code in (SOURCE_LANGUAGE, *self._languages):
            yield language_column(column, code)

    def _cells(self, sheet: str, row: Row, kinds: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        for column, text in row.cells.items():
            kind = kinds.get(column)
            if kind is None:
                yield column, text
                continue
            yield language_column(column, SOURCE_LANGUAGE), text
            for code in self._languages:
                heading = language_column(column, code)
                if not kind:
                    # One file for all: a medium in some languages only makes "-" of the others.
                    yield heading, text
                    continue
                name = row.get("name")
                if kind == "choice":
                    name = f"{row.get('list_name') or row.get('list name')}/{name}"
                shown = self._catalogues.form_text(self._form_id, kind, name, code, text)
                if shown.status in ("unreviewed", "missing"):
                    status: MarkStatus = "missing" if shown.status == "missing" else "unreviewed"
                    self._marks.append(Mark(sheet, row.number, heading, code, status))
                yield heading, shown.text


def to_xlsx(merged: Merged) -> bytes:
    """The workbook as an .xlsx: all cells text, right-to-left languages read from the right.

    Raises FormSourceError for a character no workbook can hold, with its place.
    """
    from openpyxl import Workbook as Xlsx  # type: ignore[import-untyped]

    target = Xlsx()
    target.remove(target.active)
    marks = {(mark.sheet, mark.row, mark.column): mark for mark in merged.marks}
    for name in ALL_SHEETS:
        sheet = merged.book.sheets.get(name)
        if sheet is None:
            continue
        page = target.create_sheet(name)
        page.freeze_panes = "A2"
        _write_row(page, name, 1, dict.fromkeys(sheet.header), sheet.header)
        codes = {
            language_column(column, code): code
            for code in merged.languages
            for column in (*COLUMNS, "label")
        }
        for row in sheet.rows:
            _write_row(page, name, row.number, row.cells, sheet.header, marks, codes)
    if merged.languages:
        _write_marks(target.create_sheet(MARKS_SHEET), merged)
    out = io.BytesIO()
    target.save(out)
    target.close()
    return out.getvalue()


def _write_row(
    page: object,
    sheet: str,
    number: int,
    cells: Mapping[str, str | None],
    header: Sequence[str],
    marks: Mapping[tuple[str, int, str], Mark] | None = None,
    codes: Mapping[str, str] | None = None,
) -> None:
    from openpyxl.comments import Comment  # type: ignore[import-untyped]
    from openpyxl.styles import Alignment, PatternFill  # type: ignore[import-untyped]
    from openpyxl.utils.exceptions import IllegalCharacterError  # type: ignore[import-untyped]

    for index, column in enumerate(header, start=1):
        text = column if number == 1 else cells.get(column)
        if not text:
            continue
        cell = page.cell(number, index)  # type: ignore[attr-defined]
        try:
            cell.value = text
        except IllegalCharacterError:
            refuse(
                "In deze cel staat een teken dat een rekenblad niet kan bewaren.",
                "Typ de tekst opnieuw.",
                sheet,
                number,
                column,
            )
        # Never a formula, a number or an error, whatever the text looks like.
        cell.data_type = "s"
        code = (codes or {}).get(column, "")
        if code:
            rtl = direction(code) == "rtl"
            cell.alignment = Alignment(wrap_text=True, vertical="top", readingOrder=2 if rtl else 1)
        mark = (marks or {}).get((sheet, number, column))
        if mark is not None:
            cell.fill = PatternFill("solid", fgColor=_FILLS[mark.status])
            cell.comment = Comment(_REMARKS[mark.status], "Doorgaande Lijn")


def _write_marks(page: object, merged: Merged) -> None:
    lines: list[tuple[str, ...]] = [MARKS_HEADER]
    lines += [(m.sheet, str(m.row), m.column, m.language, m.status) for m in merged.marks]
    for number, line in enumerate(lines, start=1):
        for index, text in enumerate(line, start=1):
            cell = page.cell(number, index, text)  # type: ignore[attr-defined]
            cell.data_type = "s"
