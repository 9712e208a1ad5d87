"""What is wrong with a form, where, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing an author should look at.

    `sheet` is survey, choices or settings (or "" for the file as a whole), `row` the row number as
    a spreadsheet shows it (the header is 1; 0 when no row is meant), `column` the heading.
    `message` and `fix` are Dutch sentences: what is wrong, and what to do.
    """

    sheet: str
    row: int
    column: str
    level: Level
    message: str
    fix: str

    def __str__(self) -> str:
        """Return one line: place, message, remedy."""
        row = f"rij {self.row}" if self.row else ""
        place = ", ".join(part for part in (self.sheet, row, self.column) if part)
        word = "fout" if self.level == "error" else "let op"
        return f"{place or 'formulier'}: {word}: {self.message} {self.fix}"


class FormSourceError(Exception):
    """The form cannot be read or compiled; `findings` says why, str() is the first of them."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__(str(findings[0]) if findings else "Het formulier is niet te lezen.")
        self.findings = findings
