"""What the rules of the form check share: one spelling of columns and types, and findings."""

from __future__ import annotations

from dataclasses import replace

from intake_app.formio.findings import Finding, Level
from intake_app.formio.sheets import Row, Sheet, Workbook

QUESTION_TYPES = frozenset(
    {
        "text",
        "integer",
        "decimal",
        "date",
        "time",
        "datetime",
        "select_one",
        "select_multiple",
        "rank",
        "range",
        "note",
        "acknowledge",
        "trigger",
        "image",
        "audio",
        "video",
        "file",
        "barcode",
        "geopoint",
        "geotrace",
        "geoshape",
        "select_one_from_file",
        "select_multiple_from_file",
    }
)
SILENT_TYPES = frozenset(
    {
        "calculate",
        "hidden",
        "start",
        "end",
        "today",
        "deviceid",
        "username",
        "phonenumber",
        "email",
        "audit",
        "start-geopoint",
        "background-audio",
    }
)
LIST_TYPES = frozenset({"select_one", "select_multiple", "rank"})
BEGINS = {"begin_group": "end_group", "begin_repeat": "end_repeat"}

_COLUMN_ALIASES = {
    "list name": "list_name",
    "value": "name",
    "relevance": "relevant",
    "bind::relevant": "relevant",
    "bind::constraint": "constraint",
    "bind::calculate": "calculation",
    "calculate": "calculation",
    "constraint message": "constraint_message",
    "required message": "required_message",
    "caption": "label",
}
_OLD_TYPES = (
    ("select all that apply from ", "select_multiple"),
    ("select all that apply ", "select_multiple"),
    ("select multiple from ", "select_multiple"),
    ("select multiple ", "select_multiple"),
    ("select one from ", "select_one"),
    ("select one ", "select_one"),
    ("begin group", "begin_group"),
    ("end group", "end_group"),
    ("begin repeat", "begin_repeat"),
    ("end repeat", "end_repeat"),
)
"""Spellings with spaces, which authors still use; longer ones first."""


def error_at(sheet: str, row: Row | int, column: str, message: str, fix: str) -> Finding:
    """Return an error at a place."""
    return at("error", sheet, row, column, message, fix)


def warning_at(sheet: str, row: Row | int, column: str, message: str, fix: str) -> Finding:
    """Return a warning at a place."""
    return at("warning", sheet, row, column, message, fix)


def at(level: Level, sheet: str, row: Row | int, column: str, message: str, fix: str) -> Finding:
    return Finding(sheet, row if isinstance(row, int) else row.number, column, level, message, fix)


def canonical(book: Workbook) -> Workbook:
    """Return the same form under the column and type names this module checks."""
    return replace(book, sheets={name: _renamed(sheet) for name, sheet in book.sheets.items()})


def _renamed(sheet: Sheet) -> Sheet:
    aliases = {c: _COLUMN_ALIASES.get(c.lower(), c) for c in sheet.header}
    if sheet.name != "choices":
        aliases = {c: new if new != "name" else c for c, new in aliases.items()}
    rows = tuple(
        Row(row.number, {aliases.get(c, c): v for c, v in row.cells.items()}) for row in sheet.rows
    )
    return Sheet(sheet.name, tuple(aliases.values()), rows)


def type_of(row: Row) -> tuple[str, str]:
    """Return the type of a row in one spelling, and what follows it (a list name)."""
    words = row.get("type").split()
    if not words:
        return "", ""
    text = " ".join(words)
    for old, new in _OLD_TYPES:
        if text.lower().startswith(old):
            words = [new, *text[len(old) :].split()]
            break
    return words[0].lower(), words[1] if len(words) > 1 else ""


def has_label(row: Row) -> bool:
    """Return whether a row has a Dutch text."""
    return any(is_dutch_label(column) for column in row.cells)


def is_dutch_label(column: str) -> bool:
    """Return whether a column holds Dutch labels: `label`, or `label::` with nl."""
    head, _, language = column.partition("::")
    language = language.strip().lower()
    return head == "label" and (not language or language in ("nl", "nederlands", "dutch")
                                or language.endswith("(nl)"))  # fmt: skip
