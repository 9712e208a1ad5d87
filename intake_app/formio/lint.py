"""Check a form before it is compiled: every finding names sheet, row and column, and the remedy."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from intake_app.formio.findings import Finding, FormSourceError
from intake_app.formio.lint_choices import check_choices, check_settings
from intake_app.formio.lint_common import canonical
from intake_app.formio.lint_survey import check_sharing, check_survey
from intake_app.formio.sheets import Workbook, read_workbook

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

_PLACE = re.compile(r"(/[\w/.\-]+)(?:,\s*(\w+))?")
_ENGINE_COLUMNS = {"calculate": "calculation"}


def lint(path: Path, *, sharing_categories: Collection[str] | None = None) -> tuple[Finding, ...]:
    """Return everything wrong with a form, ordered by sheet and row; empty when it is clean.

    `path` is a folder of CSV files, .xlsx, .xls, .csv or .md. `sharing_categories` are the known
    ones (default: those of the sharing table). Never raises for what a form contains.
    """
    try:
        book = canonical(read_workbook(path))
    except FormSourceError as error:
        return error.findings
    known = _table_categories() if sharing_categories is None else sharing_categories
    found = [
        *check_survey(book),
        *check_sharing(book, known),
        *check_choices(book),
        *check_settings(book),
    ]
    if not any(finding.level == "error" for finding in found):
        found.extend(_compiled(book, path))
    order = {"survey": 1, "choices": 2, "settings": 3}
    found.sort(key=lambda f: (order.get(f.sheet, 0), f.row, f.column))
    return tuple(found)


def explain(path: Path, error: FormSourceError) -> tuple[Finding, ...]:
    """Return why a form did not compile: the errors lint finds, else those of the compiler."""
    found = tuple(finding for finding in lint(path) if finding.level == "error")
    return found or error.findings


def _table_categories() -> frozenset[str]:
    from intake_app import paths
    from intake_app.domain.sharing import read_table

    table = read_table(paths.resource("sharing", "table.csv").read_text(encoding="utf-8"))
    return frozenset(category for category, _ in table.rules)


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
