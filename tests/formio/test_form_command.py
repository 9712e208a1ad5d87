from __future__ import annotations

import argparse
from pathlib import Path

import pytest
from support import shipped

from intake_app import paths
from intake_app.cli import codes, form

INTAKE = str(paths.forms_dir() / "intake")
SMALL = str(paths.forms_dir() / "nareiziger")


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser(prog="intake")
    form.add_parser(parser.add_subparsers(dest="command", required=True))
    try:
        given = parser.parse_args(["form", *arguments])
    except SystemExit as stop:
        return int(stop.code or 0)
    return form.run(given)


def test_a_good_form(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("lint", INTAKE) == codes.OK
    assert capsys.readouterr().out == "0 fout(en), 0 waarschuwing(en)\n"


def test_a_bad_form_says_where_and_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "survey.csv").write_text("type,name,label\ntekst,a,Vraag\n", encoding="utf-8")
    assert run("lint", str(tmp_path), INTAKE) == codes.REFUSED
    out = capsys.readouterr().out
    assert "survey, rij 2, type: fout: Het type ‘tekst’ bestaat niet. Bedoel je ‘text’?" in out
    assert run("compile", str(tmp_path)) == codes.REFUSED


def test_compile_to_a_file_and_to_the_screen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "intake.xml"
    assert run("compile", INTAKE, "--out", str(target)) == codes.OK
    assert target.read_bytes().startswith(b"<?xml")
    capsys.readouterr()
    assert run("compile", INTAKE) == codes.OK
    assert capsys.readouterr().out.encode() == target.read_bytes()


def test_a_target_that_cannot_be_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("compile", SMALL, "--out", str(tmp_path / "geen" / "map.xml")) == codes.REFUSED
    assert "Kies een andere plaats" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["lint"], ["maak", INTAKE], ["compile", INTAKE, "-x"]])
def test_usage_errors(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*arguments) == codes.USAGE


def test_help_documents_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("lint", "--help") == codes.OK
    assert "exit codes:" in capsys.readouterr().out


@pytest.mark.parametrize(
    "form", [SMALL, pytest.param(INTAKE, marks=pytest.mark.slow)], ids=lambda form: Path(form).name
)
def test_export_is_a_form_again_in_more_languages(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    book = f"{Path(form).name}.xlsx"
    monkeypatch.setattr(paths, "compiled_dir", shipped.compiled)
    monkeypatch.chdir(tmp_path)
    assert run("export", form) == codes.OK
    out = capsys.readouterr().out
    assert out.startswith(f"{book}: ")
    assert "talen: nl ar en fa ti" in out
    assert "niet nagekeken" in out
    assert run("compile", str(tmp_path / book), "--out", "weer.xml") == codes.OK
    assert '<translation lang="العربية (ar)">' in Path("weer.xml").read_text(encoding="utf-8")
    assert run("compile", form, "--language", "ti", "--out", "twee.xml") == codes.OK
    assert '<translation lang="ትግርኛ (ti)">' in Path("twee.xml").read_text(encoding="utf-8")
    before = Path(book).read_bytes()
    assert run("export", form) == codes.REFUSED
    assert run("export", book, "--out", book) == codes.REFUSED
    assert Path(book).read_bytes() == before
    assert "niet overschreven" in capsys.readouterr().err


@pytest.mark.parametrize(
    "more", [["--language", "xx"], ["--out", "geen/map/x.xlsx"]], ids=["language", "place"]
)
def test_export_refuses_with_a_reason(
    more: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("export", SMALL, *more) == codes.REFUSED
    assert capsys.readouterr().err.strip()
    assert not list(tmp_path.iterdir())
