"""Check a form before it is compiled: every finding names sheet, row and column, and the remedy."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from intake_app.formio.findings import Finding, FormSourceError
from intake_app.formio.lint_choices import check_choices, check_settings
from intake_app.formio.lint_common import canonical
from intake_app.formio.lint_survey import check_sharing, check_survey
from intake_app.formio.media import resolver, with_external_choices
from intake_app.formio.places import engine_finding
from intake_app.formio.sheets import SHEETS, Workbook, read_workbook

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

_ORDER = {"survey": 1, "choices": 2, "settings": 3}


def lint(path: Path, *, sharing_categories: Collection[str] | None = None) -> tuple[Finding, ...]:
    """Return everything wrong with a form, ordered by sheet and row; empty when it is clean.

    `path` is a folder of CSV files, .xlsx, .xls, .csv or .md. `sharing_categories` are the known
    ones (default: those of the sharing table). A form that is not in CSV sheets comes from
    elsewhere: where it only breaks rules of ours (Dutch texts, types, names) it gets warnings.
    Never raises for what a form contains.
    """
    try:
        written = read_workbook(path)
    except FormSourceError as error:
        return error.findings
    book = canonical(written)
    known = _table_categories() if sharing_categories is None else sharing_categories
    found = [
        *check_survey(book),
        *check_sharing(book, known),
        *check_choices(book),
        *check_settings(book),
    ]
    ours = _is_ours(path)
    if not any(finding.level == "error" for finding in found):
        found.extend(_compiled(book, path))
    elif not ours:
        # What a form made elsewhere lacks by our rules is no error as long as it works.
        compiled = list(_compiled(book, path))
        if not any(finding.level == "error" for finding in compiled):
            found = [*(replace(finding, level="warning") for finding in found), *compiled]
    found.sort(key=lambda f: (_ORDER.get(f.sheet, 0), f.row, f.column))
    return tuple(_as_written(finding, book, written) for finding in found)


def _as_written(finding: Finding, book: Workbook, written: Workbook) -> Finding:
    """The finding under the heading the author gave the column."""
    headings = zip(
        book.sheet(finding.sheet).header, written.sheet(finding.sheet).header, strict=True
    )
    return replace(finding, column=dict(headings).get(finding.column, finding.column))


def explain(path: Path, error: FormSourceError) -> tuple[Finding, ...]:
    """Return why a form did not compile: the errors lint finds, else those of the compiler."""
    found = tuple(finding for finding in lint(path) if finding.level == "error")
    return found or error.findings


def _table_categories() -> frozenset[str]:
    from intake_app import paths
    from intake_app.domain.sharing import read_table

    table = read_table(paths.resource("sharing", "table.csv").read_text(encoding="utf-8"))
    return frozenset(category for category, _ in table.rules)


def _is_ours(path: Path) -> bool:
    """Whether a form is kept as ours are: sheets of CSV, Dutch only."""
    return path.is_dir() or path.stem in SHEETS


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
        # Our own forms may not refer to nothing; of forms made elsewhere it is said and left.
        form = parse_form(
            compiled.xml,
            name=book.name,
            resolver=with_external_choices(resolver(path), book),
            strict=_is_ours(path),
        )
    except FormError as error:
        yield engine_finding(book, error)
        return
    for remark in form.remarks:
        place, _, problem = remark.partition(": ")
        yield replace(engine_finding(book, FormError(place, problem)), level="warning")
    if _is_ours(path):
        from intake_app.formio.recordings import check_recordings
        from intake_app.formio.scripts import check_scripts
        from intake_app.formio.versions import changed_texts, check_folder

        folder = path if path.is_dir() else path.parent
        yield from check_recordings(book, folder)
        wrong = check_folder(form, folder)
        yield from wrong
        texts = None if wrong else changed_texts(form, folder)
        if texts is not None:
            yield texts
        if (folder / "tests.csv").is_file():
            yield from check_scripts(form, folder / "tests.csv")
