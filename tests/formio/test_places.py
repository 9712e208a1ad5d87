"""Every refusal of the engine or of pyxform comes back to the cell it is about."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from intake_app.formio.lint import lint

SURVEY = (
    *("type", "name", "label", "hint", "relevant", "required", "readonly", "constraint"),
    *("constraint_message", "calculation", "choice_filter", "repeat_count", "parameters"),
    *("default", "trigger"),
)
SETTINGS = {"form_id": "proef", "form_title": "Proef", "version": "1"}
CHOICES = [
    {"list_name": "jn", "name": "ja", "label": "Ja"},
    {"list_name": "jn", "name": "nee", "label": "Nee"},
]
BASE = [
    {"type": "begin_group", "name": "deel", "label": "Deel"},
    {"type": "select_one jn", "name": "a", "label": "Vraag a"},
    {"type": "end_group"},
]


def form(
    folder: Path,
    *rows: dict[str, str],
    choices: list[dict[str, str]] | None = None,
    settings: dict[str, str] | None = None,
) -> Path:
    survey = [*BASE, *rows]
    for name, lines in (
        ("survey", survey),
        ("choices", choices or CHOICES),
        ("settings", [settings or SETTINGS]),
    ):
        header = list(
            dict.fromkeys([*(SURVEY if name == "survey" else ()), *(c for r in lines for c in r)])
        )
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, header)
            writer.writeheader()
            writer.writerows(lines)
    return folder


def question(kind: str, **cells: str) -> dict[str, str]:
    return {"type": kind, "name": "x", "label": "Vraag x", **cells}


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        (question("text", relevant="doet-niets(.)"), "relevant", "unknown function"),
        (question("text", relevant="/data/weg = 1"), "relevant", "weg"),
        (question("text", required="1 +"), "required", ""),
        (question("text", readonly="foo()"), "readonly", "unknown function"),
        (question("text", constraint=". > ("), "constraint", ""),
        (question("text", constraint="regex(., '(')"), "constraint", ""),
        (question("calculate", calculation="${x} + 1"), "calculation", "own result"),
        (question("calculate", calculation="jr:choice-name(1)"), "calculation", ""),
        (question("calculate", calculation="instance('weg')/root/item"), "calculation", "weg"),
        (
            question("calculate", calculation="pulldata('landen', 'a', 'b', 'c')"),
            "calculation",
            "landen.csv",
        ),
        (question("select_one jn", choice_filter="name = bad("), "choice_filter", ""),
        (question("select_one_from_file landen.csv"), "type", "landen.csv"),
        (question("range", parameters="start=1 end=5 step=0"), "parameters", "step"),
        (question("integer", default="foo(1) + 2"), "default", "unknown function"),
        (question("calculate", calculation="foo()", trigger="${a}"), "calculation", ""),
        (question("start-geopoint"), "type", "not supported"),
        (question("background-audio"), "type", "not supported"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_each_refusal_names_its_cell(
    tmp_path: Path, row: dict[str, str], column: str, words: str
) -> None:
    errors = [f for f in lint(form(tmp_path, row)) if f.level == "error"]
    assert [(f.sheet, f.row, f.column) for f in errors] == [("survey", 5, column)], errors
    assert words in str(errors[0])
    assert errors[0].fix.endswith(".")


def test_two_questions_of_one_name_are_told_apart_by_their_group(tmp_path: Path) -> None:
    from intake_app.formio.compile import compile_workbook
    from intake_app.formio.places import engine_finding
    from intake_app.formio.sheets import read_workbook
    from intake_app.xforms import FormError, parse_form

    book = read_workbook(
        form(
            tmp_path,
            {"type": "begin_group", "name": "twee", "label": "Twee"},
            {"type": "text", "name": "a", "label": "Nog een a", "constraint": "foo(.)"},
            {"type": "end_group"},
        )
    )
    with pytest.raises(FormError) as caught:
        parse_form(compile_workbook(book).xml)
    found = engine_finding(book, caught.value)
    assert (found.row, found.column) == (6, "constraint")


def test_a_repeat_count_is_named(tmp_path: Path) -> None:
    rows = (
        {"type": "begin_repeat", "name": "r", "label": "R", "repeat_count": "foo(2)"},
        {"type": "text", "name": "x", "label": "X"},
        {"type": "end_repeat"},
    )
    errors = [f for f in lint(form(tmp_path, *rows)) if f.level == "error"]
    assert [(f.row, f.column) for f in errors] == [(5, "repeat_count")]


def test_formulas_in_a_ring_are_named(tmp_path: Path) -> None:
    rows = (
        {"type": "calculate", "name": "c", "calculation": "${d} + 1"},
        {"type": "calculate", "name": "d", "calculation": "${c} + 1"},
    )
    (found,) = [f for f in lint(form(tmp_path, *rows)) if f.level == "error"]
    assert (found.row, found.column) == (5, "calculation")
    assert "/data/d" in found.message
    assert "kring" in found.fix


def test_the_column_is_named_as_the_author_wrote_it(tmp_path: Path) -> None:
    folder = form(tmp_path, question("text", relevant="foo()"))
    survey = folder / "survey.csv"
    survey.write_text(
        survey.read_text(encoding="utf-8").replace("relevant", "relevance"), encoding="utf-8"
    )
    (found,) = [f for f in lint(folder) if f.level == "error"]
    assert (found.row, found.column) == (5, "relevance")


def test_an_instance_name_that_cannot_be_made_is_in_the_settings(tmp_path: Path) -> None:
    folder = form(tmp_path, question("text"), settings={**SETTINGS, "instance_name": "foo(1)"})
    (found,) = [f for f in lint(folder) if f.level == "error"]
    assert (found.sheet, found.row, found.column) == ("settings", 2, "instance_name")


@pytest.mark.parametrize(
    ("row", "place"),
    [
        (question("calculate"), ("survey", 5, "calculation")),
        (question("range", parameters="start=een"), ("survey", 5, "parameters")),
        (question("text", trigger="${deel}"), ("survey", 5, "trigger")),
    ],
)
def test_what_pyxform_refuses_has_a_place(
    tmp_path: Path, row: dict[str, str], place: tuple[str, int, str]
) -> None:
    errors = [f for f in lint(form(tmp_path, row)) if f.level == "error"]
    assert [(f.sheet, f.row, f.column) for f in errors] == [place], errors


def test_files_of_a_form_are_found_and_nothing_else(tmp_path: Path) -> None:
    from intake_app.formio.media import resolver

    folder = form(tmp_path, question("select_one_from_file landen.csv"))
    (tmp_path / "geheim.csv").write_text("name,label\nx,X\n", encoding="utf-8")
    (folder / "media").mkdir()
    (folder / "media" / "landen.csv").write_text("name,label\nnl,Nederland\n", encoding="utf-8")
    assert [f for f in lint(folder) if f.level == "error"] == []
    resolve = resolver(folder)
    assert resolve("jr://file-csv/landen.csv") == b"name,label\nnl,Nederland\n"
    (folder / "media" / "link.csv").symlink_to(tmp_path / "geheim.csv")
    (folder / "media" / "map.csv").mkdir()
    for uri in (
        "jr://file-csv/../geheim.csv",
        "jr://file-csv/..%2fgeheim.csv",
        "jr://file-csv/..\\geheim.csv",
        "jr://file-csv//etc/passwd",
        "jr://file-csv/..",
        "jr://file-csv/link.csv",
        "jr://file-csv/map.csv",
        "jr://file-csv/niet.csv",
        "jr://file-csv/lan\0den.csv",
        "file:///etc/passwd",
        "http://example.org/landen.csv",
        "/etc/passwd",
        "",
    ):
        assert resolve(uri) is None, uri
