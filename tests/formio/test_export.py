from __future__ import annotations

import io
from pathlib import Path

import pytest
from openpyxl import load_workbook  # type: ignore[import-untyped]
from support import shipped
from support.fillings import session_of

from intake_app import paths
from intake_app.formio.compile import compile_form, compile_workbook
from intake_app.formio.export import MARKS_HEADER, MARKS_SHEET, merge, to_xlsx
from intake_app.formio.findings import FormSourceError
from intake_app.formio.sheets import Row, Sheet, Workbook, read_workbook
from intake_app.formio.texts import CatalogueTexts
from intake_app.i18n.catalogues import Catalogues, placeholders
from intake_app.xforms import FormDefinition, FormSession, ShownText, parse_form

FORMS = (
    "overdrachtsgesprek",
    *(pytest.param(form, marks=pytest.mark.slow) for form in ("intake", "noa_assessment")),
)


@pytest.fixture(scope="module")
def compiled() -> Path:
    return shipped.compiled()


@pytest.fixture(scope="module")
def catalogues(compiled: Path) -> Catalogues:
    return Catalogues(compiled)


@pytest.fixture(scope="module", params=FORMS)
def exported(
    request: pytest.FixtureRequest,
    catalogues: Catalogues,
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[FormDefinition, Path]:
    book = read_workbook(paths.forms_dir() / request.param)
    file = tmp_path_factory.mktemp("export") / "een andere naam.xlsx"
    file.write_bytes(to_xlsx(merge(book, catalogues)))
    return parse_form(compile_workbook(book).xml), file


def test_pyxform_makes_the_same_structure_of_the_export(
    exported: tuple[FormDefinition, Path],
) -> None:
    from pyxform.xls2xform import convert

    ours, file = exported
    for xml in (compile_form(file), convert(str(file)).xform.encode()):
        theirs = parse_form(xml)
        assert theirs.form_id == ours.form_id
        assert theirs.version == ours.version
        assert theirs.structure_hash == ours.structure_hash
        assert [q.attributes for q in theirs.questions.values()] == [
            q.attributes for q in ours.questions.values()
        ]
        assert len(theirs.languages) >= 2


def shown(session: FormSession, language: str) -> dict[tuple[str, ...], ShownText]:
    found: dict[tuple[str, ...], ShownText] = {}
    for key in (key for page in session.pages() for key in page.keys):
        view = session.view(key, language)
        for kind, text in (("l", view.label), ("h", view.hint), ("g", view.guidance)):
            if text is not None:
                found[key.path, kind] = text
        for choice in view.choices:
            found[key.path, "c", choice.value] = choice.label
    return found


def plain(text: ShownText) -> str:
    """Without the marks the program puts around what is filled in (Unicode UAX 9)."""
    return text.text.replace("\u2068", "").replace("\u2069", "")


def test_the_export_says_in_each_language_what_the_program_says(
    exported: tuple[FormDefinition, Path], catalogues: Catalogues
) -> None:
    ours, file = exported
    theirs = session_of(parse_form(compile_form(file)))
    here = session_of(ours, texts=CatalogueTexts(catalogues))
    for language in catalogues.languages(ours.form_id):
        told, expected = shown(theirs, language), shown(here, language)
        assert told.keys() == expected.keys()
        for place, text in expected.items():
            assert plain(told[place]) == plain(text), place


def test_every_text_is_there_in_every_language_and_what_is_not_checked_is_marked(
    exported: tuple[FormDefinition, Path], catalogues: Catalogues
) -> None:
    form, file = exported
    book = load_workbook(file)
    listed = {
        (sheet, int(row), column): (language, status)
        for sheet, row, column, language, status in list(
            book[MARKS_SHEET].iter_rows(values_only=True)
        )[1:]
    }
    assert next(book[MARKS_SHEET].iter_rows(values_only=True)) == MARKS_HEADER
    commented = set()
    codes = catalogues.languages(form.form_id)
    for name in ("survey", "choices"):
        sheet = book[name]
        header = [cell.value for cell in sheet[1]]
        for row in sheet.iter_rows(min_row=2):
            cells = dict(zip(header, row, strict=True))
            for column, cell in cells.items():
                if "::" not in column or column.startswith("bind::"):
                    continue
                base = column.partition("::")[0]
                dutch = cells[f"{base}::Nederlands (nl)"]
                assert bool(cell.value) == bool(dutch.value), (name, cell.coordinate)
                assert cell.value != "-"
                if not cell.value:
                    continue
                assert placeholders(cell.value) == placeholders(dutch.value)
                if "(ar)" in column:
                    assert cell.alignment.readingOrder == 2
                mark = listed.get((name, cell.row, column))
                assert (cell.comment is not None) == (mark is not None)
                if mark is not None:
                    commented.add((name, cell.row, column))
                    if mark[1] == "missing":
                        assert cell.value == dutch.value
    assert commented == listed.keys()
    assert {language for language, _ in listed.values()} <= set(codes) - {"nl"}


def test_a_translation_that_loses_a_placeholder_is_dutch_and_called_missing(
    tmp_path: Path,
) -> None:
    from babel.messages.catalog import Catalog
    from babel.messages.mofile import write_mo

    catalogue = Catalog(locale="ar")
    catalogue.add("Hoe oud is ${kind}?", "كم عمره؟", context="proef/label/leeftijd")
    catalogue.add("Wie?", "من؟", context="proef/label/kind")
    target = tmp_path / "catalogues" / "ar" / "forms_proef.mo"
    target.parent.mkdir(parents=True)
    with target.open("wb") as file:
        write_mo(file, catalogue)
    merged = merge(
        book_of(
            [
                {"type": "text", "name": "kind", "label": "Wie?", "image": "kind.png"},
                {"type": "integer", "name": "leeftijd", "label": "Hoe oud is ${kind}?"},
            ]
        ),
        Catalogues(tmp_path),
    )
    first, second = merged.book.sheet("survey").rows
    assert second.get("label::العربية (ar)") == "Hoe oud is ${kind}?"
    assert first.get("label::العربية (ar)") == "من؟"
    assert first.get("image::العربية (ar)") == first.get("image::Nederlands (nl)") == "kind.png"
    assert [(m.row, m.status) for m in merged.marks] == [(2, "unreviewed"), (3, "missing")]
    assert b">-<" not in compile_workbook(merged.book).xml


def book_of(rows: list[dict[str, str]], **settings: str) -> Workbook:
    header = tuple(dict.fromkeys(column for row in rows for column in row))
    sheets = {
        "survey": Sheet("survey", header, tuple(Row(n, r) for n, r in enumerate(rows, start=2)))
    }
    if settings:
        sheets["settings"] = Sheet("settings", tuple(settings), (Row(2, settings),))
    return Workbook("proef", sheets)


def test_a_form_without_catalogues_keeps_its_columns(tmp_path: Path) -> None:
    merged = merge(book_of([{"type": "text", "name": "a", "label": "What?"}]), Catalogues(tmp_path))
    assert merged.languages == ()
    assert merged.book.sheet("survey").header == ("type", "name", "label")
    assert merged.book.sheet("settings").rows[0].cells == {"form_id": "proef"}


def test_texts_that_look_like_formulas_stay_texts(tmp_path: Path) -> None:
    book = book_of([{"type": "note", "name": "a", "label": "=1+1"}, {"type": "note", "name": "b"}])
    sheet = load_workbook(io.BytesIO(to_xlsx(merge(book, Catalogues(tmp_path)))))["survey"]
    assert (sheet["C2"].value, sheet["C2"].data_type) == ("=1+1", "s")


def test_a_character_no_workbook_holds_is_refused_by_its_place(tmp_path: Path) -> None:
    book = book_of([{"type": "note", "name": "a", "label": "x\x01"}])
    with pytest.raises(FormSourceError) as caught:
        to_xlsx(merge(book, Catalogues(tmp_path)))
    (found,) = caught.value.findings
    assert (found.sheet, found.row, found.column) == ("survey", 2, "label")


def test_an_unknown_language_is_refused(catalogues: Catalogues) -> None:
    with pytest.raises(FormSourceError, match="xx"):
        merge(read_workbook(paths.forms_dir() / "intake"), catalogues, ["xx"])
