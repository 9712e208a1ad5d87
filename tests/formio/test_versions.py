"""A version of a form means one structure, for ever."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from intake_app import paths
from intake_app.cli import codes, commands
from intake_app.formio.build import build
from intake_app.formio.filling import load_form
from intake_app.formio.findings import FormSourceError
from intake_app.formio.lint import lint
from intake_app.formio.migrations import read_migrations
from intake_app.formio.versions import (
    LOCK_NAME,
    changed_texts,
    check_folder,
    locked,
    read_lock,
    write_lock,
)

SURVEY = "type,name,label\ntext,a,Vraag a\ninteger,b,Vraag b\ncalculate,c,\n"
HEAD = "from_version,to_version,from_path,to_path,value_map\n"


def write(folder: Path, version: str, survey: str, migrations: str = "") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    header = survey.replace("calculate,c,", "calculate,c,,1 + 1").replace(
        "type,name,label\n", "type,name,label,calculation\n"
    )
    (folder / "survey.csv").write_text(header, encoding="utf-8")
    (folder / "settings.csv").write_text(f"form_id,version\nproef,{version}\n", encoding="utf-8")
    (folder / "migrations.csv").write_text(HEAD + migrations, encoding="utf-8")
    return folder


@pytest.fixture
def form(tmp_path: Path) -> Path:
    """Version 1, locked."""
    folder = write(tmp_path / "forms" / "proef", "1", SURVEY)
    assert run("lock", folder) == codes.OK
    return folder


class Windows:
    def __getattr__(self, name: str) -> object:
        raise AssertionError(name)


def run(*arguments: object) -> int:
    return commands.run(["form", *map(str, arguments)], Windows())  # type: ignore[arg-type]


def findings(folder: Path) -> list[tuple[str, int, str]]:
    return [(f.sheet, f.row, f.column) for f in check_folder(load_form(folder), folder)]


def test_the_shipped_forms_are_what_their_version_says() -> None:
    for folder in sorted(p.parent for p in paths.forms_dir().glob("*/survey.csv")):
        form = load_form(folder)
        versions = read_lock(folder)
        assert (folder / "migrations.csv").is_file()
        assert versions, f"{folder.name} has no {LOCK_NAME}: run intake form lock"
        assert check_folder(form, folder) == ()
        assert versions[-1].version == form.version, f"run intake form lock forms/{folder.name}"
        assert changed_texts(form, folder) is None, f"run intake form lock forms/{folder.name}"


def test_the_lock_is_read_as_it_was_written(form: Path) -> None:
    (one,) = read_lock(form)
    assert one == locked(load_form(form))
    assert one.questions == {"/data/a": "text", "/data/b": "integer"}
    before = (form / LOCK_NAME).read_bytes()
    write_lock(form, read_lock(form))
    assert (form / LOCK_NAME).read_bytes() == before
    assert run("lock", form) == codes.OK
    assert (form / LOCK_NAME).read_bytes() == before


def test_other_texts_are_the_same_version(form: Path) -> None:
    before = read_lock(form)[0]
    write(form, "1", SURVEY.replace("Vraag a", "Een betere vraag"))
    assert findings(form) == []
    warned = changed_texts(load_form(form), form)
    assert warned is not None
    assert (warned.level, warned.sheet) == ("warning", LOCK_NAME)
    assert warned in lint(form)
    assert run("lock", form) == codes.OK
    (after,) = read_lock(form)
    assert (after.version, after.structure) == (before.version, before.structure)
    assert after.text != before.text
    assert changed_texts(load_form(form), form) is None


def test_a_changed_structure_needs_another_version(
    form: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(form, "1", SURVEY + "text,d,Vraag d\n")
    assert findings(form) == [("settings", 2, "version")]
    assert run("lock", form) == codes.REFUSED
    assert "nieuw: /data/d" in capsys.readouterr().err
    write(form, "2", SURVEY + "text,d,Vraag d\n")
    assert findings(form) == []
    assert run("lock", form) == codes.OK
    assert [one.version for one in read_lock(form)] == ["1", "2"]
    write(form, "1", SURVEY)
    assert findings(form) == []
    write(form, "0", SURVEY)
    assert findings(form) == [("settings", 2, "version")]


def test_only_a_constraint_more_is_another_structure(form: Path) -> None:
    survey = SURVEY.replace("label\n", "label,constraint\n").replace("Vraag b", "Vraag b,. > 1")
    (form / "survey.csv").write_text(survey.replace("calculate,c,\n", ""), encoding="utf-8")
    assert findings(form) == [("settings", 2, "version")]


@pytest.mark.parametrize(
    ("survey", "row"),
    [
        (SURVEY.replace("text,a,", "text,nieuw,"), "1,2,/data/a,/data/nieuw,\n"),
        (SURVEY.replace("text,a,Vraag a\n", ""), "1,2,/data/a,,\n"),
        (SURVEY.replace("integer,b", "text,b"), "1,2,/data/b,/data/b,\n"),
        (SURVEY.replace("integer,b,Vraag b", "calculate,b,"), "1,2,/data/b,,\n"),
    ],
    ids=["renamed", "removed", "another kind", "calculated"],
)
def test_what_is_gone_needs_a_row(form: Path, survey: str, row: str) -> None:
    survey = survey.replace("calculate,b,", "calculate,b,,2")
    write(form, "2", survey)
    assert findings(form) == [("migrations", 0, "from_path")]
    (found,) = check_folder(load_form(form), form)
    assert found.fix.count(",") >= 4
    write(form, "2", survey, row)
    assert findings(form) == []
    assert run("lock", form) == codes.OK
    write(form, "2", survey)
    assert findings(form) == [("migrations", 0, "from_path")], "the row must stay"


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        ("1,2,/data/a,/data/fout,\n", ("migrations", 2, "to_path")),
        ("1,2,/data/a,,\n1,2,/data/nooit,,\n", ("migrations", 3, "from_path")),
        ("1,2,a,,\n", ("migrations", 2, "from_path")),
        ("2,1,/data/a,,\n", ("migrations", 2, "to_version")),
        ("1,,/data/a,,\n", ("migrations", 2, "to_version")),
        ("1,2,/data/a,,x\n", ("migrations", 2, "value_map")),
        ("1,2,/data/a,,\n1,2,/data/a,,\n", ("migrations", 3, "from_path")),
    ],
)
def test_rows_that_cannot_be_are_named(form: Path, rows: str, place: tuple[str, int, str]) -> None:
    write(form, "2", SURVEY.replace("text,a,Vraag a\n", ""), rows)
    assert place in findings(form)


def test_rows_have_values(form: Path) -> None:
    write(form, "1", SURVEY, "1,2,/data/a,/data/a,ja=goed nee= misschien=goed\n")
    (row,) = read_migrations(form / "migrations.csv")
    assert [row.value(v) for v in ("ja", "nee", "x", "ja misschien", "ja x", "nee x", "a  b")] == [
        *("goed", "", "x", "goed", "goed x", "x", "a  b")
    ]
    assert read_migrations(form / "geen.csv") == ()


def test_the_build_and_lint_refuse_what_the_lock_refuses(form: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    forms, none = form.parent, tmp_path / "none"
    none.mkdir()
    assert build(out, forms=forms, translations=none) == 3  # XForm, prepared, migrations
    write(form, "1", SURVEY + "text,d,Vraag d\n")
    with pytest.raises(FormSourceError, match="de versie is nog 1"):
        build(out, forms=forms, translations=none)
    assert [f.column for f in lint(form) if f.level == "error"] == ["version"]
    write(form, "2", SURVEY + "text,d,Vraag d\n")
    assert build(out, forms=forms, translations=none) >= 2
    assert build(out, forms=forms, translations=none) == 0


@pytest.mark.parametrize("body", ["x", "version = 1", "[[version]]\nversion = 1\n", "\xff"])
def test_a_damaged_lock_is_named(form: Path, body: str) -> None:
    (form / LOCK_NAME).write_text(body, encoding="latin-1")
    assert findings(form) == [(LOCK_NAME, 0, "")]
    assert run("lock", form) == codes.REFUSED


def test_only_a_folder_can_be_locked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "x.xlsx"
    file.write_bytes(b"")
    assert run("lock", file) == codes.REFUSED
    assert "geen map" in capsys.readouterr().err


def test_the_shipped_intake_cannot_change_unseen(tmp_path: Path) -> None:
    folder = tmp_path / "intake"
    shutil.copytree(paths.forms_dir() / "intake", folder)
    survey = folder / "survey.csv"
    text = survey.read_text(encoding="utf-8")
    survey.write_text(text.replace(",moedertaal,", ",taal_van_thuis,", 1), encoding="utf-8")
    survey.write_text(
        survey.read_text(encoding="utf-8").replace("${moedertaal}", "${taal_van_thuis}"),
        encoding="utf-8",
    )
    (found,) = check_folder(load_form(folder), folder)
    assert (found.sheet, found.column) == ("settings", "version")
    assert "/data/opening/taal_van_thuis" in found.message
