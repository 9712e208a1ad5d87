"""From where an engine or compiler says something is wrong to the cell the author sees.

The engine speaks of binds, controls and texts of the XForm, pyxform of rows or only of names. Both
are brought back to sheet, row and column of the form as it was written, with a remedy.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from intake_app.formio.findings import Finding
from intake_app.formio.lint_common import BEGINS, type_of
from intake_app.formio.sheets import ALL_SHEETS, Row
from intake_app.i18n.catalogues import tidy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intake_app.formio.sheets import Workbook
    from intake_app.xforms import FormError

ROOT = "/data"
"""The root element of every XForm made here."""

_PATH = re.compile(r"/[^\s,:'\"()\[\]]+")
_ITEXT_CHOICE = re.compile(r"itext (.+)-(\d+)\Z")
_OF = re.compile(r"(label|hint|guidance|constraint|required|choice) of (.+)\Z")
_INSTANCE = re.compile(r"instance '([^']+)'")
_QUOTED = re.compile(r"'([^']+)'|‘([^’]+)’|\"([^\"]+)\"|`([^`]+)`|\$\{([^}]+)\}|: (\S+)\Z")

_EXPRESSIONS = {
    "relevant": ("relevant",),
    "required": ("required",),
    "readonly": ("read_only", "readonly", "bind::readonly"),
    "constraint": ("constraint",),
    "calculate": ("calculation", "default", "trigger"),
    "itemset": ("choice_filter", "type"),
    "jr:count": ("repeat_count",),
    "value": ("calculation", "default", "trigger"),
    "choices": ("choice_filter", "type"),
    "label": ("label", "hint"),
    "ref": ("trigger", "default", "calculation"),
}
_TEXTS = {
    "label": "label",
    "hint": "hint",
    "guidance": "guidance_hint",
    "constraint": "constraint_message",
    "required": "required_message",
    "constraintMsg": "constraint_message",
    "requiredMsg": "required_message",
}
_ACTIONS = {
    "setgeopoint": ("start-geopoint", "background-geopoint"),
    "recordaudio": ("background-audio",),
}
_FIXES = (
    ("regular expression", "Schrijf de regex zonder herhaling binnen een herhaling."),
    ("unknown function", "Verbeter de naam van de functie of gebruik een functie die er wel is."),
    ("external file", "Zet het bestand ‘{file}’ in de map media naast het formulier."),
    ("depend", "Haal een van de verwijzingen weg, zodat de formules niet in een kring lopen."),
    ("no such node", "Verbeter de verwijzing: schrijf ${naam} van een vraag die er is."),
    ("by query", "Gebruik select_one met een keuzelijst in choices en een choice_filter."),
    ("entities", "Haal de entiteiten weg; dit programma werkt er niet mee."),
    ("preload", "Gebruik een berekening in plaats van deze automatische waarde."),
    ("asked twice", "Geef elke vraag een eigen naam."),
    ("step", "Vul in parameters in: start=… end=… step=…, met step niet 0."),
    ("missing or not a number", "Vul in parameters in: start=… end=… step=…."),
    ("column", "Geef de kolom een naam zonder spaties of tekens, beginnend met een letter."),
    ("not supported", "Haal dit weg of gebruik iets anders; dit programma kan het niet."),
    ("CSV", "Sla het bestand opnieuw op als CSV in UTF-8."),
    ("larger than", "Maak het formulier kleiner."),
    ("nested deeper", "Gebruik minder groepen in elkaar."),
)
_DEFAULT_FIX = "Verbeter de formule of gebruik een functie die er wel is."

# What pyxform's messages are about, by their words: first match counts.
_PYXFORM_COLUMNS = (
    ("calculation", "calculation"),
    ("no name", "name"),
    ("xml tag", "name"),
    ("named", "name"),
    ("trigger", "trigger"),
    ("parameter", "parameters"),
    ("choice_filter", "choice_filter"),
    ("repeat_count", "repeat_count"),
    ("type", "type"),
    ("begin", "type"),
    ("end", "type"),
    ("list", "type"),
    ("include", "type"),
    ("label", "label"),
)


def rows_by_path(book: Workbook) -> dict[str, Row]:
    """The survey row of every node the form makes, by its path; the last of doubles counts."""
    found: dict[str, Row] = {}
    groups: list[str] = []
    for row in book.sheet("survey").rows:
        kind, _ = type_of(row)
        if kind in BEGINS.values():
            if groups:
                groups.pop()
            continue
        if not kind:
            continue
        path = "/".join((ROOT, *groups, row.get("name")))
        found[path] = row
        if kind in BEGINS:
            groups.append(row.get("name"))
    return found


def engine_finding(book: Workbook, error: FormError) -> Finding:
    """An error of the engine at the cell it comes from. `book` has canonical columns."""
    sheet, row, column = _place(book, error.place)
    return Finding(
        sheet,
        row,
        column,
        "error",
        f"Het formulier kan niet worden geladen: {error}.",
        _fix(error.problem),
    )


def _fix(problem: str) -> str:
    for word, fix in _FIXES:
        if word in problem:
            file = problem.partition("external file ")[2].split(" ")[0].rpartition("/")[2]
            return fix.replace("{file}", file)
    return _DEFAULT_FIX


def _place(book: Workbook, place: str) -> tuple[str, int, str]:
    action = next((types for word, types in _ACTIONS.items() if word in place), ())
    for row in book.sheet("survey").rows:
        if type_of(row)[0] in action:
            return "survey", row.number, "type"
    if match := _ITEXT_CHOICE.match(place):
        items = [r for r in book.sheet("choices").rows if r.get("list_name") == match[1]]
        if int(match[2]) < len(items):
            row = items[int(match[2])]
            return "choices", row.number, _first(row, "label")
    if match := _OF.match(place):
        return _text_place(book, match[1], match[2])
    if match := _INSTANCE.match(place):
        return _instance_place(book, match[1])
    if match := _PATH.search(place):
        return _path_place(book, match[0].rstrip("/"), place)
    return "survey", 1, "type"


def _text_place(book: Workbook, kind: str, name: str) -> tuple[str, int, str]:
    if kind == "choice":
        list_name, _, value = name.partition("/")
        for row in book.sheet("choices").rows:
            if row.get("list_name") == list_name and row.get("name") == value:
                return "choices", row.number, _first(row, "label")
        # Choices written in the control itself are named after the question.
        name = list_name
    rows = [r for r in book.sheet("survey").rows if r.get("name") == name]
    column = _TEXTS.get(kind, "label")
    for row in rows:
        if "${" in "".join(v for c, v in row.cells.items() if c.split("::")[0] == column):
            return "survey", row.number, _first(row, column)
    return ("survey", rows[0].number, _first(rows[0], column)) if rows else ("survey", 1, column)


def _instance_place(book: Workbook, name: str) -> tuple[str, int, str]:
    words = re.compile(rf"(?<![\w.\-]){re.escape(name)}(?![\w\-])")
    for row in book.sheet("survey").rows:
        for column, text in row.cells.items():
            if column not in ("name", "label", "hint") and words.search(text):
                return "survey", row.number, column
    for row in book.sheet("choices").rows:
        if row.get("list_name") == name:
            return "choices", row.number, "list_name"
    return "survey", 1, "type"


def _path_place(book: Workbook, path: str, place: str) -> tuple[str, int, str]:
    if path.startswith(f"{ROOT}/meta"):
        if "entity" in path:
            return "entities", 2, "list_name"
        if "instanceName" in path:
            return "settings", 2, "instance_name"
    rows = rows_by_path(book)
    row, made = rows.get(path), ""
    while row is None and path.count("/") > 1:
        # Nodes pyxform adds (other, counts, labels of tables) come from the row around them.
        path, _, name = path.rpartition("/")
        stem, _, made = name.rpartition("_")
        row = rows.get(f"{path}/{stem}") or rows.get(path)
    if row is None:
        row = next(iter(book.sheet("survey").rows), Row(1, {}))
        return "survey", row.number, "type"
    what = place.rpartition(" ")[2].strip("()")
    if made == "count":
        return "survey", row.number, "repeat_count"
    if " " in place and what in _EXPRESSIONS:
        for column in _EXPRESSIONS[what]:
            found = _first(row, column)
            if row.get(found):
                return "survey", row.number, found
        return "survey", row.number, _EXPRESSIONS[what][0]
    if place.startswith("itext "):
        text = place.rpartition(":")[2]
        return "survey", row.number, _first(row, _TEXTS.get(text, "label"))
    if place.startswith("setvalue"):
        return "survey", row.number, "default" if row.get("default") else "trigger"
    if place.startswith("range"):
        return "survey", row.number, "parameters"
    return "survey", row.number, "type"


def _first(row: Row, column: str) -> str:
    """The heading of this row that holds `column`, in whatever language or spelling."""
    if row.get(column):
        return column
    return next((c for c in row.cells if c.split("::")[0] == column), column)


def pyxform_finding(book: Workbook, message: str, found: Finding) -> Finding:
    """A finding of pyxform with the place its message only hints at. `book` as it was written."""
    sheet, row, column = found.sheet, found.row, found.column
    lower = message.lower()
    if not row:
        sheet, row, column = _mentioned(book, message, sheet) or (sheet, row, column)
    if not column:
        column = next((c for word, c in _PYXFORM_COLUMNS if word in lower), "")
    if not sheet:
        sheet = "choices" if "choice" in lower and "external" not in lower else "survey"
    return Finding(sheet, row or 1, column or "type", found.level, found.message, found.fix)


def _mentioned(book: Workbook, message: str, sheet: str) -> tuple[str, int, str] | None:
    """The first cell that is what the message quotes: a name, a type, a list, a heading."""
    words = [tidy(next(filter(None, match))) for match in _QUOTED.findall(message)]
    names = [sheet] if sheet else ALL_SHEETS
    if "external_choices" in message or "include" in message:
        for row in book.sheet("survey").rows:
            if "external" in row.get("type") or "include" in row.get("type"):
                return "survey", row.number, "type"
    for word in words:
        for name in names:
            for row, column, text in _cells(book, name):
                if text == word or (column == "type" and word in text.split()):
                    return name, row.number, column
    for word in words:
        for name in names:
            if word in book.sheet(name).header:
                return name, 1, word
            for row, column, text in _cells(book, name):
                if len(word) > 2 and word in text:
                    return name, row.number, column
    return None


def _cells(book: Workbook, name: str) -> Iterator[tuple[Row, str, str]]:
    for row in book.sheet(name).rows:
        for column, text in row.cells.items():
            yield row, column, text
