from __future__ import annotations

import csv
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake_app import paths
from intake_app.formio.lint import lint

if TYPE_CHECKING:
    from intake_app.formio.findings import Finding

SURVEY = ["type", "name", "label", "relevant", "constraint", "constraint_message", "required"]
GOOD = [
    {"type": "begin_group", "name": "deel", "label": "Deel"},
    {"type": "select_one jn", "name": "a", "label": "Vraag a"},
    {"type": "integer", "name": "b", "label": "Vraag b", "relevant": "${a} = 'ja'"},
    {"type": "end_group"},
]
CHOICES = [
    {"list_name": "jn", "name": "ja", "label": "Ja"},
    {"list_name": "jn", "name": "nee", "label": "Nee"},
]


def write(
    folder: Path,
    survey: list[dict[str, str]],
    choices: list[dict[str, str]] | None = None,
    columns: list[str] = SURVEY,
) -> Path:
    extra = [c for row in survey for c in row if c not in columns]
    sheets = {
        "survey": ([*columns, *dict.fromkeys(extra)], survey),
        "choices": (["list_name", "name", "label"], CHOICES if choices is None else choices),
        "settings": (
            ["form_id", "form_title", "version"],
            [{"form_id": "proef", "form_title": "Proef", "version": "1"}],
        ),
    }
    for name, (header, rows) in sheets.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, header)
            writer.writeheader()
            writer.writerows(rows)
    return folder


def errors(folder: Path) -> list[Finding]:
    return [finding for finding in lint(folder) if finding.level == "error"]


def test_the_shipped_forms_are_clean() -> None:
    for survey in paths.forms_dir().glob("*/survey.csv"):
        assert lint(survey.parent) == ()


def test_a_clean_form_has_no_errors_and_one_warning_about_sharing(tmp_path: Path) -> None:
    found = lint(write(tmp_path, GOOD))
    assert [(f.level, f.column) for f in found] == [("warning", "bind::dl:sharing")]


def changed(index: int, **cells: str) -> list[dict[str, str]]:
    rows = [dict(row) for row in GOOD]
    rows[index].update(cells)
    return rows


@pytest.mark.parametrize(
    ("survey", "row", "column", "words"),
    [
        (changed(2, name="a"), 4, "name", "staat ook op rij 3"),
        (changed(2, name=""), 4, "name", "geen naam"),
        (changed(2, name="één woord"), 4, "name", "geen naam zijn"),
        (changed(2, relevant="${aa} = 'ja'"), 4, "relevant", "‘aa’"),
        (changed(2, label="Hallo ${wie}"), 4, "label", "‘wie’"),
        (changed(2, label="Hallo ${a"), 4, "label", "niet afgemaakt"),
        (changed(2, label=""), 4, "label", "ontbreekt"),
        (changed(2, type="intger"), 4, "type", "bestaat niet"),
        (changed(2, type=""), 4, "type", "geen type"),
        (changed(1, type="select_one"), 3, "type", "geen keuzelijst"),
        (changed(1, type="select_one jnn"), 3, "type", "staat niet in choices"),
        (changed(3, type="end_repeat"), 5, "type", "geen begin"),
        (GOOD[:3], 2, "type", "niet gesloten"),
        (changed(2, **{"bind::dl:sharing": "salaris"}), 4, "bind::dl:sharing", "‘salaris’"),
        (changed(1, **{"bind::dl:sharing": "werk"}), 4, "bind::dl:sharing", "wie het antwoord"),
        (
            changed(2, **{"bind::dl:sharing": "werk", "bind::dl:audience": "kind"}),
            4,
            "bind::dl:audience",
            "‘kind’",
        ),
    ],
)
def test_each_error_names_its_place(
    tmp_path: Path, survey: list[dict[str, str]], row: int, column: str, words: str
) -> None:
    found = errors(write(tmp_path, survey))
    places = [(f.sheet, f.row, f.column) for f in found if words in f.message]
    assert places == [("survey", row, column)]
    assert all(f.fix.endswith((".", "?")) for f in found)


@pytest.mark.parametrize(
    ("choices", "row", "column", "words"),
    [
        ([*CHOICES, {"list_name": "jn", "name": "ja", "label": "Jawel"}], 4, "name", "staat al"),
        ([*CHOICES, {"list_name": "jn", "name": "x y", "label": "X"}], 4, "name", "spatie"),
        ([*CHOICES, {"list_name": "jn", "name": "", "label": "X"}], 4, "name", "leeg"),
        ([*CHOICES, {"list_name": "jn", "name": "x", "label": ""}], 4, "label", "ontbreekt"),
        ([*CHOICES, {"list_name": "", "name": "x", "label": "X"}], 4, "list_name", "leeg"),
    ],
)
def test_choices_are_checked(
    tmp_path: Path, choices: list[dict[str, str]], row: int, column: str, words: str
) -> None:
    found = errors(write(tmp_path, GOOD, choices))
    assert ("choices", row, column) in [
        (f.sheet, f.row, f.column) for f in found if words in f.message
    ]


def test_a_near_miss_is_suggested(tmp_path: Path) -> None:
    (found,) = errors(write(tmp_path, changed(1, type="select_one jnn")))
    assert "‘jn’" in found.fix


def test_a_broken_formula_is_found_with_its_place(tmp_path: Path) -> None:
    (found,) = errors(write(tmp_path, changed(2, relevant="${a} = = 'ja'")))
    assert (found.sheet, found.row) == ("survey", 4)
    (found,) = errors(write(tmp_path, changed(2, relevant="bestaat-niet(${a})")))
    assert (found.sheet, found.row) == ("survey", 4)
    assert "bestaat-niet" in found.message


def test_calculations_may_not_depend_on_each_other(tmp_path: Path) -> None:
    rows = [
        *GOOD[:3],
        {"type": "calculate", "name": "c", "calculation": "${d} + 1"},
        {"type": "calculate", "name": "d", "calculation": "${c} + 1"},
        *GOOD[3:],
    ]
    (found,) = errors(write(tmp_path, rows))
    assert (found.sheet, found.row) == ("survey", 5)


def test_warnings_do_not_stop_a_form(tmp_path: Path) -> None:
    rows = changed(2, constraint=". > 1", required="yes")
    more = [*CHOICES, {"list_name": "over", "name": "x", "label": "X"}]
    found = lint(write(tmp_path, rows, more))
    assert {f.level for f in found} == {"warning"}
    assert {(f.sheet, f.column) for f in found} == {
        ("survey", "bind::dl:sharing"),
        ("survey", "constraint_message"),
        ("survey", "required_message"),
        ("choices", "list_name"),
    }


def test_a_form_in_another_language_only_is_refused(tmp_path: Path) -> None:
    rows = [{**row, "label::English (en)": row.get("label", "")} for row in GOOD]
    for row in rows:
        row.pop("label", None)
    found = errors(write(tmp_path, rows, columns=["type", "name", "relevant"]))
    assert ("survey", 1, "label") in [(f.sheet, f.row, f.column) for f in found]


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("vraag.docx", b"x", "geen formulier"),
        ("leeg.xlsx", b"", "niet te lezen|beschadigd"),
        ("kapot.xlsx", b"PK\x03\x04 kapot", "niet te lezen|beschadigd"),
        ("kapot.xls", b"\xd0\xcf\x11\xe0", "niet te lezen|beschadigd"),
        ("survey.csv", b"type,name,label\ntext,a,\xff\xfe\n", "UTF-8"),
        ("survey.csv", b'type,name,label\ntext,a,"open\n', "aanhalingstekens"),
        ("survey.csv", b"type,name,label\ntext,a,b,c,d\n", "meer cellen"),
        ("survey.csv", b"type,name,name\ntext,a,b\n", "twee keer"),
        ("survey.csv", b"", "geen vragen"),
        ("survey.csv", b"a,b\n1,2\n", "type"),
    ],
)
def test_unreadable_files_give_a_finding(
    tmp_path: Path, name: str, body: bytes, words: str
) -> None:
    file = tmp_path / name
    file.write_bytes(body)
    found = errors(file)
    assert found
    assert re.search(words, " ".join(str(f) for f in found))


def test_nothing_there(tmp_path: Path) -> None:
    assert "geen bestand of map" in errors(tmp_path / "niets")[0].message
    assert "geen survey.csv" in errors(tmp_path)[0].message


def test_markdown_and_workbooks_are_read_too(tmp_path: Path) -> None:
    from openpyxl import Workbook  # type: ignore[import-untyped]

    text = (
        "| survey |\n| | type | name | label |\n| | text | a | Vraag |\n| | text | a | Nog een |\n"
    )
    markdown = tmp_path / "proef.md"
    markdown.write_text(text, encoding="utf-8")
    assert any("staat ook op rij" in f.message for f in errors(markdown))
    book = Workbook()
    sheet = book.active
    sheet.title = "survey"
    for row in (
        ("type", "name", "label"),
        ("text", "a", "Vraag"),
        (None,),
        ("text", "a", "Nog een"),
    ):
        sheet.append(row)
    book.save(tmp_path / "proef.xlsx")
    (found,) = errors(tmp_path / "proef.xlsx")
    assert (found.row, found.message) == (4, "De naam ‘a’ staat ook op rij 2.")


CELL = st.sampled_from(
    [
        "",
        "text",
        "begin_group",
        "end_group",
        "begin_repeat",
        "end_repeat",
        "select_one jn",
        "a",
        "b",
        "${a}",
        "${",
        "}",
        "calculate",
        "range",
        ". >",
        "'",
        "rank",
        "note",
        "ja",
        "é",
        "🙂",
        "begin group",
        "select_one_from_file x.csv",
        "xml",
        "1",
        "yes",
        "/data/a",
        "${a} + ${b}",
    ]
)


@given(rows=st.lists(st.lists(CELL, min_size=9, max_size=9), max_size=6))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_form_whatsoever_gives_a_traceback(tmp_path: Path, rows: list[list[str]]) -> None:
    columns = [*SURVEY, "calculation", "parameters"]
    survey = [dict(zip(columns, row, strict=True)) for row in rows]
    for finding in lint(write(tmp_path, survey, columns=columns)):
        assert finding.message
        assert finding.fix
        assert finding.sheet in ("survey", "choices", "settings")
        assert finding.row >= 1, finding
        assert finding.column, finding


EXPRESSIONS = st.sampled_from(
    [
        *("${a}", "${b} + 1", "${r}", "foo()", "1 +", "'", "count(${r})", "position(..)", "."),
        *("/data/weg", "../x", "instance('jn')/root/item", "instance('weg')", "pulldata('x')"),
        *("jr:choice-name(${a}, '${a}')", "once(1)", "now()", "indexed-repeat(${c}, ${r}, 1)"),
        *("regex(., '(')", "-1", "true()", "random()", "$weg", "a b", "${c}", "yes", "[", "@x"),
    ]
)
TYPES = st.sampled_from(
    [
        *("text", "integer", "select_one jn", "select_multiple jn", "rank jn", "range", "note"),
        *("calculate", "date", "image", "acknowledge", "select_one ${c}", "start", "geopoint"),
        *("select_one_from_file x.csv", "select_one_external jn", "start-geopoint", "audit"),
        *("background-audio", "hidden", "csv-external", "xml-external", "barcode", "username"),
    ]
)
RULES = ("relevant", "constraint", "required", "readonly", "calculation", "choice_filter")
MORE = (*RULES, "default", "trigger", "parameters", "label", "hint", "appearance", "repeat_count")


@given(
    rows=st.lists(
        st.tuples(TYPES, st.dictionaries(st.sampled_from(MORE), EXPRESSIONS, max_size=3)),
        min_size=1,
        max_size=4,
    ),
    count=st.one_of(st.just(""), EXPRESSIONS),
)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_every_refusal_whatever_the_form_names_a_cell(
    tmp_path: Path, rows: list[tuple[str, dict[str, str]]], count: str
) -> None:
    survey = [
        *GOOD,
        {"type": "begin_repeat", "name": "r", "label": "R", "repeat_count": count},
        {"type": "text", "name": "c", "label": "C"},
        {"type": "end_repeat"},
        *(
            {"type": kind, "name": f"x{n}", "label": f"Vraag {n}", **cells}
            for n, (kind, cells) in enumerate(rows)
        ),
    ]
    columns = [*dict.fromkeys([*SURVEY, *MORE])]
    for finding in errors(write(tmp_path, survey, columns=columns)):
        assert finding.sheet in ("survey", "choices", "settings"), finding
        assert 1 <= finding.row <= len(survey) + 1, finding
        assert finding.column, finding
        assert finding.fix, finding
        cell = survey[finding.row - 2].get(finding.column) if finding.row > 1 else "x"
        if finding.sheet == "survey" and finding.column not in ("label", "type", "name"):
            assert cell or "Vul" in finding.fix or "pyxform" in finding.fix, finding


CONFORMANCE = Path(
    os.environ.get("CONFORMANCE_DIR", str(paths.forms_dir().parent.parent / "shared/conformance"))
)
REAL = sorted(
    p for p in (CONFORMANCE / "xlsforms").rglob("*") if p.suffix in (".xlsx", ".xls", ".csv", ".md")
)


@pytest.mark.skipif(not REAL, reason="conformance data (CONFORMANCE_DIR) is not there")
def test_forms_of_others_give_findings_and_no_traceback() -> None:
    assert len(REAL) >= 30
    without_error = 0
    for form in REAL:
        found = lint(form)
        assert all(finding.message and finding.fix for finding in found), form.name
        without_error += not any(finding.level == "error" for finding in found)
    assert without_error >= 5


def test_old_spellings_of_types_are_understood(tmp_path: Path) -> None:
    rows = [
        {"type": "begin group", "name": "deel", "label": "Deel"},
        {"type": "select one from jn", "name": "a", "label": "Vraag a"},
        {"type": "select all that apply from jn", "name": "b", "label": "Vraag b"},
        {"type": "", "name": "", "disabled": "een opmerking van de auteur"},
        {"type": "end group"},
    ]
    assert errors(write(tmp_path, rows)) == []


def test_doubles_are_allowed_where_the_form_says_so(tmp_path: Path) -> None:
    folder = write(tmp_path, GOOD, [*CHOICES, {"list_name": "jn", "name": "ja", "label": "Jawel"}])
    (folder / "settings.csv").write_text(
        "form_id,form_title,version,allow_choice_duplicates\nproef,Proef,1,yes\n", encoding="utf-8"
    )
    assert errors(folder) == []


def test_scripts_beside_the_form_are_played(tmp_path: Path) -> None:
    folder = write(tmp_path, GOOD)
    (folder / "tests.csv").write_text(
        "person,instance,name,value,expect\nx,,a,ja,\nx,,b,twaalf,\n", encoding="utf-8"
    )
    assert [(f.sheet, f.row) for f in errors(folder)] == [("tests", 0), ("tests", 3)]
