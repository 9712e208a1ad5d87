"""XLSForms of others: read, compiled by pyxform, loaded, exported, compiled again.

The data is not part of the project: CONFORMANCE_DIR, by default ../shared/conformance. Where it is
absent these tests skip. One line of counts says how many came round and how many were refused.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from support.fillings import session_of

from intake_app.formio.compile import compile_workbook
from intake_app.formio.export import merge, to_xlsx
from intake_app.formio.findings import FormSourceError
from intake_app.formio.lint import lint
from intake_app.formio.sheets import read_workbook
from intake_app.i18n.catalogues import Catalogues
from intake_app.xforms import FormError, parse_form

HERE = Path(__file__).parent
DATA = Path(os.environ.get("CONFORMANCE_DIR", HERE.parent.parent.parent / "shared" / "conformance"))
FORMS = sorted(p for p in (DATA / "xlsforms").rglob("*") if p.suffix in (".xlsx", ".xls", ".md"))

pytestmark = [
    pytest.mark.skipif(not FORMS, reason=f"no XLSForms in {DATA} (set CONFORMANCE_DIR)"),
]


def _attachment(uri: str) -> bytes | None:
    path = DATA / "attachments" / uri.rpartition("/")[2]
    return path.read_bytes() if path.is_file() else None


def _round(form: Path, folder: Path) -> str:
    """How far a form comes: "round", or why it is refused; fails where it may not end."""
    try:
        book = read_workbook(form)
        xml = compile_workbook(book).xml
    except FormSourceError as error:
        if not error.findings or not all(f.message and f.fix for f in error.findings):
            pytest.fail(f"{form.name}: refused without a reason")
        return f"refused by pyxform: {error}"
    try:
        first = parse_form(xml, name=form.name, resolver=_attachment, strict=False)
    except FormError as error:
        if not (error.place and error.problem):
            pytest.fail(f"{form.name}: refused without a place")
        return f"refused by the engine: {error}"
    session = session_of(first)
    for key in (key for page in session.pages() for key in page.keys):
        session.view(key)
    assert session.instance_xml().startswith(b"<?xml")
    exported = folder / "export.xlsx"
    exported.write_bytes(to_xlsx(merge(book, Catalogues(folder))))
    again = compile_workbook(read_workbook(exported)).xml
    second = parse_form(again, resolver=_attachment, strict=False)
    assert second.structure_hash == first.structure_hash, form.name
    assert second.text_hash == first.text_hash, form.name
    assert (second.form_id, second.version) == (first.form_id, first.version), form.name
    return "round"


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, str]:
    folder = tmp_path_factory.mktemp("xlsforms")
    return {form: _round(form, folder) for form in FORMS}


def test_forms_of_others_come_round_or_are_refused_with_a_reason(
    outcomes: dict[Path, str], figure: Callable[[object], None]
) -> None:
    came = sum(outcome == "round" for outcome in outcomes.values())
    engine = sum("by the engine" in outcome for outcome in outcomes.values())
    figure(
        f"xlsforms: {len(FORMS)} read, {came} came round (compiled, loaded, exported, compiled "
        f"again), {engine} refused by the engine, {len(FORMS) - came - engine} by pyxform"
    )
    assert came >= 0.6 * len(FORMS)


def test_what_the_engine_refuses_has_a_place_in_the_sheet(outcomes: dict[Path, str]) -> None:
    nowhere = []
    for form in (form for form, outcome in outcomes.items() if "by the engine" in outcome):
        errors = [f for f in lint(form) if f.level == "error"]
        if not any(f.sheet and f.row and f.column for f in errors):
            nowhere.append(f"{form.name}: {'; '.join(map(str, errors))}")
    assert not nowhere, "\n".join(nowhere)
