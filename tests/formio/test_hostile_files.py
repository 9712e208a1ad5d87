"""Files made to exhaust a computer: refused, or read in bounded time and memory."""

from __future__ import annotations

import io
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook  # type: ignore[import-untyped]

from intake_app.formio import limits
from intake_app.formio.lint import lint
from intake_app.formio.sheets import read_workbook

SECONDS = 20.0
"""Far above what any of them takes, below what a person would call hanging."""
MEGABYTES = 400
SLOW = pytest.mark.slow
Make = Callable[[Path], Path]


def xlsx(rows: list[tuple[str, ...]]) -> bytes:
    book = Workbook()
    book.active.title = "survey"
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


GOOD = [("type", "name", "label"), ("text", "a", "Vraag")]


def with_part(name: str, body: bytes, folder: Path) -> Path:
    """A workbook in which one part is another."""
    file = folder / "vijandig.xlsx"
    with (
        zipfile.ZipFile(io.BytesIO(xlsx(GOOD))) as good,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bad,
    ):
        for part in good.infolist():
            if part.filename != name:
                bad.writestr(part, good.read(part))
        bad.writestr(name, body)
    return file


def zip_bomb(folder: Path) -> Path:
    return with_part("xl/media/image1.png", b"\0" * (limits.MAX_UNPACKED + 1), folder)


def many_parts(folder: Path) -> Path:
    file = folder / "vijandig.xlsx"
    file.write_bytes(xlsx(GOOD))
    with zipfile.ZipFile(file, "a") as archive:
        for number in range(limits.MAX_PARTS):
            archive.writestr(f"x/{number}", b"")
    return file


def lying_size(folder: Path) -> Path:
    """The directory says a part is small; it is not."""
    sheet = b"<worksheet><sheetData>" + b"<row/>" * 2_000_000 + b"</sheetData></worksheet>"
    file = with_part("xl/worksheets/sheet1.xml", sheet, folder)
    body = file.read_bytes()
    true = len(sheet).to_bytes(4, "little")
    assert body.count(true) >= 2
    file.write_bytes(body.replace(true, (900).to_bytes(4, "little")))
    return file


BILLION = (
    b'<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(
        b'<!ENTITY %s "%s">' % (bytes([98 + n]), b"&%s;" % bytes([97 + n]) * 10) for n in range(9)
    )
    + b"]><sst><si><t>&j;</t></si></sst>"
)


def billion_laughs(folder: Path) -> Path:
    return with_part("xl/sharedStrings.xml", BILLION, folder)


def wide_dtd(folder: Path) -> Path:
    text = "<?xml version='1.0' encoding='UTF-16'?><!DOCTYPE sst SYSTEM 'file:///etc/passwd'><sst/>"
    return with_part("xl/sharedStrings.xml", text.encode("utf-16"), folder)


def late_dtd(folder: Path) -> Path:
    body = b"<!-- " + b"x" * 3_000_000 + b" -->" + BILLION.partition(b"?>")[2]
    return with_part("xl/sharedStrings.xml", body, folder)


def long_cell(folder: Path) -> Path:
    file = folder / "survey.csv"
    file.write_text(f"type,name,label\ntext,a,Vraag\ntext,b,{'x' * 10_000_000}\n", "utf-8")
    return file


def long_quoted_cell(folder: Path) -> Path:
    file = folder / "survey.csv"
    file.write_text(f'type,name,label\ntext,a,"{"x," * 60_000}"\n', "utf-8")
    return file


def long_cell_in_xlsx(folder: Path) -> Path:
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>type</t></is></c>'
        b'<c r="B1" t="inlineStr"><is><t>name</t></is></c></row>'
        b'<row r="2"><c r="A2" t="inlineStr"><is><t>text</t></is></c>'
        b'<c r="B2" t="inlineStr"><is><t>' + b"x" * 10_000_000 + b"</t></is></c></row>"
        b"</sheetData></worksheet>"
    )
    return with_part("xl/worksheets/sheet1.xml", sheet, folder)


def long_line_of_markdown(folder: Path) -> Path:
    file = folder / "vijandig.md"
    file.write_text(f"| survey |\n| | type | name | label |\n| | text | a | {'x ' * 5_000_000} |\n")
    return file


def too_many_rows(folder: Path) -> Path:
    file = folder / "survey.csv"
    rows = "".join(f"text,q{n},Vraag\n" for n in range(limits.MAX_ROWS + 1))
    file.write_text("type,name,label\n" + rows, "utf-8")
    return file


def too_many_columns(folder: Path) -> Path:
    file = folder / "survey.csv"
    columns = ",".join(f"c{n}" for n in range(limits.MAX_COLUMNS))
    file.write_text(f"type,name,label,{columns}\ntext,a,Vraag\n", "utf-8")
    return file


def too_large(folder: Path) -> Path:
    file = folder / "groot.xls"
    with file.open("wb") as target:
        target.truncate(limits.MAX_BYTES + 1)
    return file


@pytest.mark.parametrize(
    ("make", "words", "place"),
    [
        (zip_bomb, "veel te groot", ("", 0)),
        pytest.param(*(many_parts, "veel te groot", ("", 0)), marks=SLOW),
        (lying_size, "beschadigd", ("", 0)),
        (billion_laughs, "DTD", ("", 0)),
        (wide_dtd, "DTD", ("", 0)),
        pytest.param(*(late_dtd, "DTD", ("", 0)), marks=SLOW),
        (long_cell, "tekens", ("survey", 3)),
        (long_quoted_cell, "tekens", ("survey", 2)),
        (long_cell_in_xlsx, "tekens", ("survey", 2)),
        pytest.param(*(long_line_of_markdown, "tekens", ("survey", 2)), marks=SLOW),
        pytest.param(*(too_many_rows, "rijen", ("survey", limits.MAX_ROWS + 2)), marks=SLOW),
        (too_many_columns, "kolommen", ("survey", 1)),
        (too_large, "20 MB", ("", 0)),
    ],
    ids=lambda value: value.__name__ if callable(value) else None,
)
def test_it_is_refused_with_a_reason_in_bounded_time_and_memory(
    tmp_path: Path, make: Make, words: str, place: tuple[str, int]
) -> None:
    file = make(tmp_path)
    tracemalloc.start()
    started = time.perf_counter()
    found = lint(file)
    took = time.perf_counter() - started
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [(f.sheet, f.row) for f in found] == [place], found
    assert words in found[0].message
    assert found[0].fix
    assert took < SECONDS
    assert peak < MEGABYTES * 1_000_000


def test_a_row_far_away_costs_nothing(tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = "survey"
    for row in GOOD:
        book.active.append(row)
    book.active.cell(1_048_576, 16_384, "ver weg")
    file = tmp_path / "ver.xlsx"
    book.save(file)
    started = time.perf_counter()
    assert len(read_workbook(file).sheet("survey").rows) == 1
    assert time.perf_counter() - started < SECONDS


@pytest.mark.parametrize(
    "cell",
    ["(" * 30_000, "${" * 15_000, "'" * 30_001, "a" * 99_999, "1+" * 20_000 + "1", "-" * 30_000],
    ids=["open", "references", "quotes", "name", "sum", "minus"],
)
def test_a_long_formula_is_read_or_refused_in_time(tmp_path: Path, cell: str) -> None:
    (tmp_path / "survey.csv").write_text(
        f'type,name,label,relevant\ntext,a,Vraag,\ntext,b,Vraag,"{cell}"\n', "utf-8"
    )
    started = time.perf_counter()
    found = lint(tmp_path)
    assert time.perf_counter() - started < SECONDS
    assert all(f.message and f.fix for f in found)
