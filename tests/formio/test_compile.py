from __future__ import annotations

import csv
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from intake_app import paths
from intake_app.formio.compile import NAMESPACE, compile_form, compile_workbook
from intake_app.formio.findings import FormSourceError
from intake_app.formio.sheets import read_workbook

if TYPE_CHECKING:
    from pathlib import Path

BIND = "{http://www.w3.org/2002/xforms}bind"


def survey(folder: Path, body: str, settings: str = "form_id,version\nproef,1\n") -> Path:
    (folder / "survey.csv").write_text(body, encoding="utf-8")
    (folder / "settings.csv").write_text(settings, encoding="utf-8")
    return folder


def test_our_namespace_is_declared_when_the_author_forgot(tmp_path: Path) -> None:
    folder = survey(tmp_path, "type,name,label,bind::dl:sharing\ntext,a,Vraag,werk\n")
    root = ET.fromstring(compile_form(folder))  # noqa: S314 - our own output
    assert next(bind.get(f"{{{NAMESPACE}}}sharing") for bind in root.iter(BIND)) == "werk"


def test_another_namespace_stays(tmp_path: Path) -> None:
    folder = survey(
        tmp_path,
        "type,name,label,bind::dl:sharing,bind::x:y\ntext,a,Vraag,werk,z\n",
        'form_id,version,namespaces\nproef,1,"x=""urn:x"""\n',
    )
    xml = compile_form(folder).decode()
    assert 'xmlns:x="urn:x"' in xml
    assert f'xmlns:dl="{NAMESPACE}"' in xml


def test_staff_hint_is_another_name_for_guidance(tmp_path: Path) -> None:
    folder = survey(tmp_path, "type,name,label,staff_hint\ntext,a,Vraag,Let op\n")
    assert '<value form="guidance">Let op</value>' in compile_form(folder).decode()


def test_quotes_stay_in_texts_and_are_made_straight_in_formulas(tmp_path: Path) -> None:
    folder = survey(
        tmp_path,
        "type,name,label,hint,constraint,constraint_message\n"
        "text,a,Kies ‘ja’,“goed”,. != ‘nee’,Kies ‘ja’ of “goed”\n",
    )
    xml = compile_form(folder).decode()
    assert "Kies ‘ja’ of “goed”" in xml
    assert "<label>Kies ‘ja’</label>" in xml
    assert "constraint=\". != 'nee'\"" in xml


def test_the_same_form_from_a_folder_and_from_a_workbook(tmp_path: Path) -> None:
    from openpyxl import Workbook  # type: ignore[import-untyped]

    folder = paths.forms_dir() / "intake"
    book = Workbook()
    book.remove(book.active)
    for name in ("survey", "choices", "settings"):
        sheet = book.create_sheet(name)
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.reader(file):
                sheet.append(row)
    book.save(tmp_path / "intake.xlsx")
    assert compile_form(tmp_path / "intake.xlsx") == compile_form(folder)


def test_the_form_keeps_the_dutch_and_nothing_else(tmp_path: Path) -> None:
    assert compile_workbook(read_workbook(paths.forms_dir() / "intake")).xml.isascii() is False
    assert b'lang="default"' in compile_form(paths.forms_dir() / "intake")


@pytest.mark.parametrize(
    ("body", "row"),
    [
        ("type,name,label\ntext,a,Vraag\nonzin,b,Vraag\n", 3),
        ("type,name,label\ntext,één twee,Vraag\n", 2),
    ],
)
def test_what_the_compiler_refuses_is_a_finding(tmp_path: Path, body: str, row: int) -> None:
    with pytest.raises(FormSourceError) as caught:
        compile_form(survey(tmp_path, body))
    (found,) = caught.value.findings
    assert found.level == "error"
    assert found.row == row
    assert "pyxform zegt" in found.fix
