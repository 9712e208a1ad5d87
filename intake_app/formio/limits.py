"""How large a form may be, and workbooks that are made to exhaust a computer.

The largest forms in the field have some ten thousand rows and a few megabytes of text. Everything
here is checked before, or while, a file is read: what is over a limit is refused with its place.
"""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

from intake_app.formio.findings import Finding, FormSourceError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from intake_app.formio.sheets import Sheet

MAX_BYTES = 20_000_000
"""Of the file as it is stored."""
MAX_UNPACKED = 60_000_000
"""Of all parts of an .xlsx together, and of every other kind of file."""
MAX_PARTS = 2_000
MAX_ROWS = 30_000
MAX_COLUMNS = 400
MAX_CELL = 100_000
"""Characters in one cell; a spreadsheet program itself stops at 32,767."""
MAX_TEXT = 30_000_000
"""Characters in all cells of a form together."""

_BLOCK = 1 << 20


def refuse(message: str, fix: str, sheet: str = "", row: int = 0, column: str = "") -> None:
    """Raise FormSourceError with one finding."""
    raise FormSourceError(Finding(sheet, row, column, "error", message, fix))


def check_file(path: Path) -> None:
    """Refuse a file that is too large, or an .xlsx that would unpack to too much or has a DTD."""
    if path.stat().st_size > MAX_BYTES:
        refuse("Het bestand is groter dan 20 MB.", "Haal plaatjes uit het bestand.")
    if zipfile.is_zipfile(path):
        _check_archive(path)


def _check_archive(path: Path) -> None:
    fix = "Kopieer de bladen naar een nieuw, leeg rekenblad en sla dat op."
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            # The reader never takes more out of a part than its stated size, so stated sizes bound
            # what the whole file can become.
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
                refuse("Het bestand wordt bij het uitpakken veel te groot.", fix)
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels")) and _has_dtd(archive, part):
                    refuse(
                        f"Het deel ‘{part.filename[:80]}’ van het bestand heeft een DTD. "
                        "Een rekenblad heeft die nooit.",
                        fix,
                    )
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError):
        refuse(
            f"Het bestand ‘{path.name}’ is beschadigd of geen formulier.",
            "Open het in een rekenblad en sla het opnieuw op.",
        )


def _has_dtd(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Whether `<!DOCTYPE` stands anywhere, in any width of characters.

    In the text of a cell it cannot: `<` is escaped there.
    """
    tail = b""
    with archive.open(part) as file:
        while block := file.read(_BLOCK):
            text = tail + block.replace(b"\0", b"").lower()
            if b"<!doctype" in text:
                return True
            tail = text[-16:]
    return False


def check_size(sheets: Mapping[str, Sheet]) -> None:
    """Refuse sheets with too many rows or columns, or a cell that is too long, by its place."""
    total = 0
    for sheet in sheets.values():
        if len(sheet.header) > MAX_COLUMNS:
            refuse(
                f"Dit blad heeft meer dan {MAX_COLUMNS} kolommen.",
                "Haal kolommen weg die het formulier niet gebruikt.",
                sheet.name,
                1,
                sheet.header[MAX_COLUMNS][:80],
            )
        if len(sheet.rows) > MAX_ROWS:
            refuse(
                f"Dit blad heeft meer dan {MAX_ROWS} rijen.",
                "Zet lange keuzelijsten in een CSV-bestand naast het formulier, "
                "of maak er twee formulieren van.",
                sheet.name,
                sheet.rows[MAX_ROWS].number,
                next(iter(sheet.rows[MAX_ROWS].cells), "")[:80],
            )
        for row in sheet.rows:
            for column, text in row.cells.items():
                check_cell(sheet.name, row.number, column, text)
                total += len(text)
        if total > MAX_TEXT:
            refuse(
                f"In alle cellen samen staan meer dan {MAX_TEXT // 1_000_000} miljoen tekens.",
                "Maak er meer dan één formulier van.",
                sheet.name,
            )


def check_cell(sheet: str, row: int, column: str, text: str) -> None:
    """Refuse a cell that is too long."""
    if len(text) > MAX_CELL:
        refuse(
            f"In deze cel staan {len(text)} tekens; er passen er {MAX_CELL}.",
            "Maak de tekst korter.",
            sheet,
            row,
            column[:80],
        )
