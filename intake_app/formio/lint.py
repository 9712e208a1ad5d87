"""Check a form before it is compiled: every finding names sheet, row and column, and the remedy."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from intake_app.formio.findings import Finding, FormSourceError, Level
from intake_app.formio.sheets import Row, Sheet, Workbook, read_workbook

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

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
AUDIENCES = ("client", "staff")
SOURCES = ("client", "coa", "document", "assessor", "staff")

_REFERENCE = re.compile(r"\$\{\s*(?:last-saved#)?([^{}]*?)\s*\}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]*\Z")
_PLACE = re.compile(r"(/[\w/.\-]+)(?:,\s*(\w+))?")
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
_ENGINE_COLUMNS = {"calculate": "calculation"}


def lint(path: Path, *, sharing_categories: Collection[str] | None = None) -> tuple[Finding, ...]:
    """Return everything wrong with a form, ordered by sheet and row; empty when it is clean.

    `path` is a folder of CSV files, .xlsx, .xls, .csv or .md. `sharing_categories` are the known
    ones (default: those of the sharing table). Never raises for what a form contains.
    """
    try:
        book = _canonical(read_workbook(path))
    except FormSourceError as error:
        return error.findings
    known = _table_categories() if sharing_categories is None else sharing_categories
    found = [*_survey(book), *_sharing(book, known), *_choices(book), *_settings(book)]
    if not any(finding.level == "error" for finding in found):
        found.extend(_compiled(book, path))
    order = {"survey": 1, "choices": 2, "settings": 3}
    found.sort(key=lambda f: (order.get(f.sheet, 0), f.row, f.column))
    return tuple(found)


def explain(path: Path, error: FormSourceError) -> tuple[Finding, ...]:
    """Return why a form did not compile: the errors lint finds, else those of the compiler."""
    found = tuple(finding for finding in lint(path) if finding.level == "error")
    return found or error.findings


def _error(sheet: str, row: Row | int, column: str, message: str, fix: str) -> Finding:
    return _at("error", sheet, row, column, message, fix)


def _warning(sheet: str, row: Row | int, column: str, message: str, fix: str) -> Finding:
    return _at("warning", sheet, row, column, message, fix)


def _at(level: Level, sheet: str, row: Row | int, column: str, message: str, fix: str) -> Finding:
    return Finding(sheet, row if isinstance(row, int) else row.number, column, level, message, fix)


def _table_categories() -> frozenset[str]:
    from intake_app import paths
    from intake_app.domain.sharing import read_table

    table = read_table(paths.resource("sharing", "table.csv").read_text(encoding="utf-8"))
    return frozenset(category for category, _ in table.rules)


def _canonical(book: Workbook) -> Workbook:
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


def _type(row: Row) -> tuple[str, str]:
    """Return the type of a row in one spelling, and what follows it (a list name)."""
    words = row.get("type").split()
    if not words:
        return "", ""
    first, rest = words[0].lower(), words[1:]
    if first in ("begin", "end", "select") and rest:
        first, rest = f"{first}_{rest[0].lower()}", rest[1:]
    return first, rest[0] if rest else ""


def _has_label(row: Row) -> bool:
    return any(_is_dutch_label(column) for column in row.cells)


def _is_dutch_label(column: str) -> bool:
    head, _, language = column.partition("::")
    language = language.strip().lower()
    return head == "label" and (not language or language in ("nl", "nederlands", "dutch")
                                or language.endswith("(nl)"))  # fmt: skip


def _survey(book: Workbook) -> Iterator[Finding]:
    sheet = book.sheet("survey")
    if not sheet.rows:
        yield _error("survey", 0, "", "Er staan geen vragen in.", "Zet elke vraag op een rij.")
        return
    if "type" not in sheet.header or "name" not in sheet.header:
        yield _error(
            "survey",
            1,
            "",
            "De kolommen ‘type’ en ‘name’ zijn er niet allebei.",
            "Zet op de eerste rij ten minste type, name en label.",
        )
        return
    if not any(_is_dutch_label(column) for column in sheet.header):
        yield _error(
            "survey",
            1,
            "label",
            "Er is geen kolom met Nederlandse teksten.",
            "Voeg de kolom label toe, of label::Nederlands (nl).",
        )
    lists = {row.get("list_name") for row in book.sheet("choices").rows}
    for row in sheet.rows:
        yield from _question(row, lists)
    yield from _names(sheet)
    yield from _nesting(sheet)
    yield from _references(sheet)


def _question(row: Row, lists: set[str]) -> Iterator[Finding]:
    kind, list_name = _type(row)
    structure = kind in BEGINS or kind in BEGINS.values()
    if not kind:
        yield _error(
            "survey", row, "type", "Deze rij heeft geen type.", "Vul een type in, zoals text."
        )
        return
    if not structure and kind not in QUESTION_TYPES and kind not in SILENT_TYPES:
        near = difflib.get_close_matches(kind, [*QUESTION_TYPES, *SILENT_TYPES, *BEGINS], n=1)
        yield _error(
            "survey",
            row,
            "type",
            f"Het type ‘{row.get('type')}’ bestaat niet.",
            f"Bedoel je ‘{near[0]}’?" if near else "Kies een type, zoals text of select_one.",
        )
        return
    if kind in LIST_TYPES:
        if not list_name:
            yield _error(
                "survey",
                row,
                "type",
                "Bij deze vraag staat geen keuzelijst.",
                f"Schrijf de naam van de lijst achter het type, zoals ‘{kind} ja_nee’.",
            )
        elif "${" not in list_name and list_name not in lists:
            yield _error(
                "survey",
                row,
                "type",
                f"De keuzelijst ‘{list_name}’ staat niet in choices.",
                "Voeg de lijst toe of verbeter de naam." + _near(list_name, lists),
            )
    needs_label = kind in QUESTION_TYPES or kind in BEGINS
    if needs_label and not _has_label(row) and not row.get("calculation"):
        yield _error(
            "survey",
            row,
            "label",
            "De Nederlandse tekst ontbreekt.",
            "Vul de kolom label in; andere talen komen uit de vertalingen.",
        )
    for rule, message in (("constraint", "constraint_message"), ("required", "required_message")):
        active = row.get(rule).lower() not in ("", "no", "false()") and not structure
        if active and not any(column.split("::")[0] == message for column in row.cells):
            yield _warning(
                "survey",
                row,
                message,
                "Er staat niet bij wat iemand moet doen als het antwoord niet goed is.",
                f"Vul {message} in: wat is er, en wat moet er gebeuren?",
            )


def _near(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, [k for k in known if k], n=1)
    return f" Bedoel je ‘{near[0]}’?" if near else ""


def _names(sheet: Sheet) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for row in sheet.rows:
        kind, _ = _type(row)
        name = row.get("name")
        if kind in BEGINS.values() or not kind:
            continue
        if not name:
            if kind not in SILENT_TYPES or kind == "calculate":
                yield _error(
                    "survey",
                    row,
                    "name",
                    "Deze rij heeft geen naam.",
                    "Geef een korte naam zonder spaties. De naam blijft voor altijd hetzelfde.",
                )
            continue
        if not _NAME.match(name):
            yield _error(
                "survey",
                row,
                "name",
                f"‘{name}’ kan geen naam zijn.",
                "Begin met een letter; gebruik letters zonder accent, cijfers en _.",
            )
        if name in first:
            yield _error(
                "survey",
                row,
                "name",
                f"De naam ‘{name}’ staat ook op rij {first[name]}.",
                "Geef elke vraag, groep en herhaling een eigen naam in het hele formulier.",
            )
        first.setdefault(name, row.number)


def _nesting(sheet: Sheet) -> Iterator[Finding]:
    open_rows: list[tuple[str, Row]] = []
    for row in sheet.rows:
        kind, _ = _type(row)
        if kind in BEGINS:
            open_rows.append((kind, row))
        elif kind in BEGINS.values():
            if not open_rows or BEGINS[open_rows[-1][0]] != kind:
                yield _error(
                    "survey",
                    row,
                    "type",
                    f"Bij deze ‘{kind}’ hoort geen begin.",
                    "Sluit groepen en herhalingen in de omgekeerde volgorde van hun begin.",
                )
                return
            open_rows.pop()
    for kind, row in open_rows:
        yield _error(
            "survey",
            row,
            "type",
            f"Deze ‘{kind}’ wordt niet gesloten.",
            f"Zet een rij met ‘{BEGINS[kind]}’ na de laatste vraag ervan.",
        )


def _references(sheet: Sheet) -> Iterator[Finding]:
    names = {row.get("name") for row in sheet.rows if row.get("name")}
    for row in sheet.rows:
        for column, text in row.cells.items():
            if text.count("${") != len(_REFERENCE.findall(text)):
                yield _error(
                    "survey",
                    row,
                    column,
                    "Een verwijzing ‘${’ is niet afgemaakt.",
                    "Schrijf een verwijzing als ${naam}.",
                )
            for name in dict.fromkeys(_REFERENCE.findall(text)):
                if name not in names:
                    yield _error(
                        "survey",
                        row,
                        column,
                        f"Er is geen vraag met de naam ‘{name}’.",
                        "Verbeter de naam of voeg de vraag toe." + _near(name, names),
                    )


def _sharing(book: Workbook, known: Collection[str]) -> Iterator[Finding]:
    sheet = book.sheet("survey")
    column = "bind::dl:sharing"
    if not sheet.rows:
        return
    if column not in sheet.header:
        yield _warning(
            "survey",
            1,
            column,
            "Er staat bij geen enkele vraag wie het antwoord mag weten. Dan gaat er niets mee.",
            f"Voeg de kolom {column} toe als dit formulier in een overdracht moet.",
        )
        return
    allowed = {
        "bind::dl:audience": AUDIENCES,
        "bind::dl:source": SOURCES,
        column: tuple(sorted(known)),
    }
    for row in sheet.rows:
        kind, _ = _type(row)
        if kind in QUESTION_TYPES and kind != "note" and not row.get(column):
            yield _error(
                "survey",
                row,
                column,
                "Bij deze vraag staat niet wie het antwoord mag weten.",
                "Kies een categorie uit de tabel ‘mag ik dit delen?’.",
            )
        for name, values in allowed.items():
            for value in row.get(name).split():
                if value not in values:
                    yield _error(
                        "survey",
                        row,
                        name,
                        f"‘{value}’ is geen bekende waarde.",
                        f"Kies uit: {', '.join(values)}.",
                    )


def _choices(book: Workbook) -> Iterator[Finding]:
    sheet = book.sheet("choices")
    seen: Counter[tuple[str, str]] = Counter()
    used = {_type(row)[1] for row in book.sheet("survey").rows if _type(row)[0] in LIST_TYPES}
    texts = " ".join(v for row in book.sheet("survey").rows for v in row.cells.values())
    unused: dict[str, Row] = {}
    for row in sheet.rows:
        list_name, name = row.get("list_name"), row.get("name")
        for column, value in (("list_name", list_name), ("name", name)):
            if not value:
                yield _error(
                    "choices",
                    row,
                    column,
                    f"De kolom ‘{column}’ is leeg.",
                    "Vul bij elke keuze de lijst en een korte code in.",
                )
        if not _has_label(row):
            yield _error(
                "choices",
                row,
                "label",
                "De Nederlandse tekst van deze keuze ontbreekt.",
                "Vul de kolom label in.",
            )
        if len(name.split()) > 1:
            yield _error(
                "choices",
                row,
                "name",
                f"De code ‘{name}’ heeft een spatie.",
                "Gebruik _ in plaats van een spatie.",
            )
        if list_name and name:
            seen[list_name, name] += 1
            if seen[list_name, name] == 2:
                yield _error(
                    "choices",
                    row,
                    "name",
                    f"De code ‘{name}’ staat al in de lijst ‘{list_name}’.",
                    "Geef elke keuze in een lijst een eigen code.",
                )
        if list_name and list_name not in used and f"'{list_name}'" not in texts:
            unused.setdefault(list_name, row)
    for list_name, row in unused.items():
        yield _warning(
            "choices",
            row,
            "list_name",
            f"Geen enkele vraag gebruikt de lijst ‘{list_name}’.",
            "Haal de lijst weg, of gebruik hem bij een vraag.",
        )


def _settings(book: Workbook) -> Iterator[Finding]:
    rows = book.sheet("settings").rows
    first = rows[0] if rows else Row(2, {})
    for column, alias, fix in (
        ("form_id", "id_string", "Geef een korte naam, zoals intake. Hij verandert nooit."),
        ("form_title", "title", "Geef de naam die een collega ziet."),
        ("version", "version", "Geef een versie, en verhoog hem bij elke verandering."),
    ):
        if not first.get(column) and not first.get(alias):
            yield _warning("settings", 2, column, f"‘{column}’ is niet ingevuld.", fix)


def _compiled(book: Workbook, path: Path) -> Iterator[Finding]:
    """What only shows when the form is really compiled, and loaded by the engine."""
    from intake_app.formio.compile import compile_workbook
    from intake_app.xforms import FormError, parse_form

    try:
        compiled = compile_workbook(book)
    except FormSourceError as error:
        yield from error.findings
        return
    yield from compiled.warnings
    try:
        form = parse_form(compiled.xml, name=book.name)
    except FormError as error:
        yield _engine_finding(book, error)
        return
    scripts = (path.parent if path.name == "survey.csv" else path) / "tests.csv"
    if scripts.is_file():
        from intake_app.formio.scripts import check_scripts

        yield from check_scripts(form, scripts)


def _engine_finding(book: Workbook, error: Exception) -> Finding:
    place = _PLACE.search(str(error))
    name = place.group(1).rstrip("/").rsplit("/", 1)[-1] if place else ""
    column = (place.group(2) or "") if place else ""
    rows = [row for row in book.sheet("survey").rows if name and row.get("name") == name]
    return Finding(
        "survey" if rows else "",
        rows[0].number if rows else 0,
        _ENGINE_COLUMNS.get(column, column),
        "error",
        f"Het formulier kan niet worden geladen: {error}.",
        "Verbeter de formule of gebruik een functie die er wel is.",
    )
