"""An XLSForm as rows and cells, from a folder of CSV files, .xlsx, .xls, .csv or .md alike."""

from __future__ import annotations

import csv
import io
import re
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake_app.formio.findings import Finding, FormSourceError
from intake_app.formio.limits import check_cell, check_file, check_size
from intake_app.i18n.catalogues import tidy

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SHEETS = ("survey", "choices", "settings")
MORE_SHEETS = ("external_choices", "entities", "osm")
"""Sheets only some forms have; pyxform knows them."""
ALL_SHEETS = (*SHEETS, *MORE_SHEETS)
_DOUBLE = re.compile(r"Duplicate column header: (.+)")
FILE_TYPES = (".xlsx", ".xlsm", ".xls", ".csv", ".md")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as a spreadsheet shows it, and its cells that are not empty."""

    number: int
    cells: Mapping[str, str]

    def get(self, column: str) -> str:
        """Return a cell, '' when it is empty or the column does not exist."""
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet; rows without any cell are left out, their numbers are not reused."""

    name: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Workbook:
    """A form as its author wrote it. `name` is the folder's or file's name."""

    name: str
    sheets: Mapping[str, Sheet]

    def sheet(self, name: str) -> Sheet:
        """Return a sheet, an empty one when the form has none of that name."""
        return self.sheets.get(name) or Sheet(name, (), ())


def read_workbook(path: Path) -> Workbook:
    """Read a form; raises FormSourceError when there is none or it is not readable."""
    if path.name in {f"{name}.csv" for name in ALL_SHEETS}:
        path = path.parent
    if path.is_dir():
        return _read_folder(path)
    if not path.is_file():
        raise FormSourceError(
            _file_finding(f"Er is geen bestand of map ‘{path.name}’.", "Controleer de naam.")
        )
    if path.suffix.lower() not in FILE_TYPES:
        known = ", ".join(FILE_TYPES)
        raise FormSourceError(
            _file_finding(
                f"Het soort bestand ‘{path.suffix or path.name}’ is geen formulier.",
                f"Geef een map met CSV-bestanden, of een bestand van het soort {known}.",
            )
        )
    check_file(path)
    book = _read_file(path)
    check_size(book.sheets)
    return book


def _file_finding(message: str, fix: str) -> Finding:
    return Finding("", 0, "", "error", message, fix)


def _read_folder(folder: Path) -> Workbook:
    if not (folder / "survey.csv").is_file():
        raise FormSourceError(
            _file_finding(
                f"In de map ‘{folder.name}’ staat geen survey.csv.",
                "Zet survey.csv, choices.csv en settings.csv in deze map.",
            )
        )
    sheets = {}
    for name in ALL_SHEETS:
        file = folder / f"{name}.csv"
        if file.is_file():
            check_file(file)
            sheets[name] = _read_csv(name, file)
    check_size(sheets)
    return Workbook(folder.resolve().name, sheets)


def _read_csv(name: str, file: Path) -> Sheet:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise FormSourceError(
            Finding(
                name,
                0,
                "",
                "error",
                f"{file.name} is niet opgeslagen als UTF-8.",
                "Kies bij opslaan als CSV de tekenset UTF-8.",
            )
        ) from None
    rows: list[Row] = []
    header: tuple[str, ...] = ()
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for number, cells in enumerate(reader, start=1):
            if number == 1:
                header = tuple(cell.strip() for cell in cells)
                _check_header(name, header)
                continue
            if len(cells) > len(header) and any(cells[len(header) :]):
                raise FormSourceError(
                    Finding(
                        name,
                        number,
                        "",
                        "error",
                        "Deze rij heeft meer cellen dan er kolommen zijn.",
                        "Zet aanhalingstekens om een tekst met een komma.",
                    )
                )
            found = {h: tidy(c) for h, c in zip(header, cells, strict=False) if h and tidy(c)}
            if found:
                rows.append(Row(number, found))
    except csv.Error as error:
        if "field limit" in str(error):
            check_cell(name, reader.line_num, "", " " * (csv.field_size_limit() + 1))
        raise FormSourceError(
            Finding(
                name,
                reader.line_num,
                "",
                "error",
                "De aanhalingstekens op deze regel kloppen niet.",
                "Sluit elk aanhalingsteken; schrijf een aanhalingsteken in een tekst dubbel.",
            )
        ) from None
    return Sheet(name, header, tuple(rows))


def _check_header(name: str, header: tuple[str, ...]) -> None:
    for column in header:
        if column and header.count(column) > 1:
            raise FormSourceError(
                Finding(
                    name,
                    1,
                    column,
                    "error",
                    f"De kolom ‘{column}’ staat er twee keer.",
                    "Haal een van de twee weg.",
                )
            )


def _read_file(path: Path) -> Workbook:
    from pyxform.errors import PyXFormError
    from pyxform.xls2json_backends import get_xlsform

    try:
        with warnings.catch_warnings():
            # Workbook readers warn about decoration they skip; an author cannot act on that.
            warnings.simplefilter("ignore")
            data = get_xlsform(xlsform=path.read_bytes(), file_type=path.suffix.lower())
    except PyXFormError as error:
        double = _DOUBLE.search(str(error))
        if double:
            _check_header("", (double[1], double[1]))
        raise FormSourceError(
            _file_finding(
                f"Het bestand ‘{path.name}’ is niet te lezen als formulier.",
                f"Open het in een rekenblad en sla het opnieuw op. ({tidy(str(error))[:200]})",
            )
        ) from None
    except Exception as error:  # noqa: BLE001 - a damaged workbook fails in many ways
        raise FormSourceError(
            _file_finding(
                f"Het bestand ‘{path.name}’ is beschadigd of geen formulier.",
                f"Open het in een rekenblad en sla het opnieuw op. ({type(error).__name__})",
            )
        ) from None
    sheets = {}
    for name in ALL_SHEETS:
        rows = getattr(data, name) or ()
        header = tuple((getattr(data, f"{name}_header") or ({},))[0])
        if rows or header:
            kept = []
            for number, cells in enumerate(rows, start=2):
                found = {str(h): tidy(str(c)) for h, c in cells.items() if c is not None}
                found = {h: c for h, c in found.items() if c}
                if found:
                    kept.append(Row(number, found))
            sheets[name] = Sheet(name, header, tuple(kept))
    return Workbook(path.stem, sheets)
