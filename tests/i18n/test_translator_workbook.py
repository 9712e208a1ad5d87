"""One language goes to a translator as a workbook and comes back, whole or not at all."""

from __future__ import annotations

import argparse
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from intake_app import paths
from intake_app.cli import codes, translations
from intake_app.formio.findings import FormSourceError
from intake_app.formio.translator_back import read_changes, write_changes
from intake_app.formio.translator_book import (
    CHECKED,
    COLUMNS,
    DUTCH,
    EXPLANATION,
    NEW,
    NOW,
    STATE,
    to_workbook,
)
from intake_app.i18n.pofiles import SourceTree, messages, name_of, strings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DAY = date(2026, 3, 1)
WORDS = {
    "Wilt u dit?": "هل تريد هذا؟",
    "Ja": "نعم",
    "Nee": "لا",
    "Een ogenblik": "لحظة",
    "Uw {aantal} papieren": "أوراقك {aantal}",
    "Dit is uw blad.": "هذه ورقتك.",
}


class Book:
    """The workbook as a translator has it open."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.book: Any = load_workbook(path)

    def cell(self, sheet: str, dutch: str, column: str, form: int = 0) -> Any:
        page = self.book[sheet]
        rows = [n for n in range(2, page.max_row + 1) if self._at(page, n, DUTCH).value == dutch]
        return self._at(page, rows[form], column)

    def row(self, sheet: str, number: int) -> dict[str, Any]:
        return {name: self._at(self.book[sheet], number, name).value for name in COLUMNS}

    @staticmethod
    def _at(page: Any, row: int, column: str) -> Any:
        return page.cell(row, COLUMNS.index(column) + 1)

    def save(self) -> Path:
        self.book.save(self.path)
        return self.path


@pytest.fixture
def send(tree: SourceTree, tmp_path: Path) -> Callable[..., Book]:
    def make(*, staff: bool = False, language: str = "ar") -> Book:
        path = tmp_path / "vertaling.xlsx"
        path.write_bytes(to_workbook(tree, language, staff=staff))
        return Book(path)

    return make


def taken(tree: SourceTree, book: Book, reviewer: str = "") -> tuple[int, int]:
    changes = read_changes(tree, "ar", book.save(), reviewer, DAY)
    write_changes(tree, changes)
    return changes.translated, len(changes.reviews)


def refused(tree: SourceTree, book: Book, reviewer: str = "") -> list[tuple[str, int, str]]:
    before = {p: p.read_bytes() for p in sorted((tree.root / "translations").rglob("*.*"))}
    with pytest.raises(FormSourceError) as error:
        read_changes(tree, "ar", book.save(), reviewer, DAY)
    after = {p: p.read_bytes() for p in sorted((tree.root / "translations").rglob("*.*"))}
    assert before == after
    assert all(finding.message and finding.fix for finding in error.value.findings)
    return [(f.sheet, f.row, f.column) for f in error.value.findings]


def shown(tree: SourceTree, domain: str) -> dict[str, tuple[str, ...]]:
    catalogue = tree.catalogue("ar", domain)
    assert catalogue is not None
    return {name_of(message): strings(message) for message in messages(catalogue)}


def fill_in(book: Book) -> None:
    for sheet in ("forms_klein", "documents", "ui"):
        for dutch, text in WORDS.items():
            page = book.book[sheet]
            if any(page.cell(n, 5).value == dutch for n in range(2, page.max_row + 1)):
                book.cell(sheet, dutch, NEW).value = text


def test_there_and_back(tree: SourceTree, send: Callable[..., Book]) -> None:
    book = send()
    assert book.book.sheetnames == [EXPLANATION, "forms_klein", "documents", "ui"]
    first = book.row("forms_klein", 2)
    assert (first["waar"], first["voor wie"], first[DUTCH], first[NOW], first[STATE]) == (
        "klein/label/wil_u",
        "cliënt",
        "Wilt u dit?",
        None,
        "ontbreekt",
    )
    fill_in(book)
    assert taken(tree, book) == (6, 0)
    assert shown(tree, "forms_klein")["klein/label/wil_u"] == ("هل تريد هذا؟",)
    assert shown(tree, "ui")["Een ogenblik"] == ("لحظة",)
    again = send()
    assert again.cell("ui", "Een ogenblik", NOW).value == "لحظة"
    assert again.cell("ui", "Een ogenblik", STATE).value == "machinevertaling, niet nagekeken"
    files = {p: p.read_bytes() for p in (tree.root / "translations").rglob("*.po")}
    assert taken(tree, again) == (0, 0)
    assert {p: p.read_bytes() for p in files} == files


def test_what_is_checked_goes_to_the_ledger_on_a_name(
    tree: SourceTree, send: Callable[..., Book]
) -> None:
    book = send()
    fill_in(book)
    book.cell("ui", "Een ogenblik", CHECKED).value = "Ja"
    assert taken(tree, book, " N. Vertaler ") == (6, 1)
    (review,) = tree.ledger().reviews
    assert (review.language, review.domain, review.reviewer) == ("ar", "ui", "N. Vertaler")
    again = send()
    told = again.cell("ui", "Een ogenblik", STATE).value
    assert told == "nagekeken door N. Vertaler op 2026-03-01"
    catalogue = tree.catalogue("ar", "ui")
    assert catalogue is not None
    assert {name_of(m): m.fuzzy for m in messages(catalogue)}["Een ogenblik"] is False
    # A better translation of a checked text is nobody's review.
    again.cell("ui", "Een ogenblik", NEW).value = "لحظة واحدة"
    assert taken(tree, again) == (1, 0)
    assert send().cell("ui", "Een ogenblik", STATE).value == "machinevertaling, niet nagekeken"


def test_every_plural_form_has_a_row(tree: SourceTree, send: Callable[..., Book]) -> None:
    book = send(staff=True)
    rows = [book.row("ui", n) for n in range(2, book.book["ui"].max_row + 1)]
    days = [row for row in rows if row[DUTCH] in {"{n} dag", "{n} dagen"}]
    assert [row["bij deze getallen"] for row in days] == [
        "0",
        "1",
        "2",
        "3 tot 10",
        "11 tot 99",
        "100, 101, 102",
    ]
    assert [row["voor wie"] for row in days] == ["collega"] * 6
    numbers = {name: f"{name} {{n}}" for name in ("يوم", "يومان", "أيام", "يوما", "يوم واحد", "ي")}
    for form, text in enumerate(numbers.values()):
        dutch = "{n} dag" if form == 0 else "{n} dagen"
        book.cell("ui", dutch, NEW, max(form - 1, 0)).value = text
    assert taken(tree, book) == (1, 0)
    assert shown(tree, "ui")["{n} dag"] == tuple(numbers.values())


def test_half_a_plural_is_refused(tree: SourceTree, send: Callable[..., Book]) -> None:
    book = send(staff=True)
    book.cell("ui", "{n} dag", NEW).value = "{n} يوم"
    row = book.cell("ui", "{n} dagen", NEW).row
    assert refused(tree, book) == [("ui", row, NEW)]


@pytest.mark.parametrize(
    ("sheet", "dutch", "text"),
    [
        ("documents", "Uw {aantal} papieren", "أوراقك"),
        ("forms_klein", "Wilt u dit?", "هل تريد هذا?"),
        ("forms_klein", "Wilt u dit?", "هل تريد هذا"),
        ("forms_klein", "Ja", "yes"),
        ("forms_klein", "Ja", "\u200fنعم"),
        ("forms_klein", "Ja", "=1+1"),
        ("forms_klein", "Ja", 3.5),
        ("forms_klein", "Ja", True),
        ("forms_klein", "Ja", DAY),
    ],
)
def test_a_fault_is_told_with_its_place_and_nothing_changes(
    tree: SourceTree, send: Callable[..., Book], sheet: str, dutch: str, text: object
) -> None:
    book = send()
    fill_in(book)
    cell = book.cell(sheet, dutch, NEW)
    cell.value = text
    assert set(refused(tree, book)) == {(sheet, cell.row, NEW)}


def test_several_faults_come_together(tree: SourceTree, send: Callable[..., Book]) -> None:
    book = send()
    fill_in(book)
    places = []
    for sheet, dutch in (("forms_klein", "Ja"), ("documents", "Uw {aantal} papieren")):
        cell = book.cell(sheet, dutch, NEW)
        cell.value = "?"
        places.append((sheet, cell.row, NEW))
    assert set(refused(tree, book)) == set(places)


def test_a_text_that_changed_meanwhile_is_refused(
    tree: SourceTree, send: Callable[..., Book]
) -> None:
    book = send()
    row = book.cell("forms_klein", "Wilt u dit?", NEW).row
    survey = tree.root / "forms" / "klein" / "survey.csv"
    survey.write_text(
        survey.read_text(encoding="utf-8").replace("Wilt u dit?", "Wilt u dat?"), encoding="utf-8"
    )
    book.cell("forms_klein", "Ja", NEW).value = "نعم"
    assert taken(tree, book) == (1, 0)  # a row nobody touched is no reason to refuse
    book.cell("forms_klein", "Wilt u dit?", NEW).value = "هل تريد هذا؟"
    assert ("forms_klein", row, DUTCH) in refused(tree, book)


def test_a_translation_that_changed_meanwhile_is_refused(
    tree: SourceTree, send: Callable[..., Book]
) -> None:
    book, other = send(), send()
    other.cell("forms_klein", "Ja", NEW).value = "نعم"
    assert taken(tree, other) == (1, 0)
    book = Book(other.path)
    book.cell("forms_klein", "Ja", NEW).value = "أجل"
    book.cell("forms_klein", "Nee", NEW).value = "لا"
    row = book.cell("forms_klein", "Ja", NEW).row
    assert refused(tree, book) == [("forms_klein", row, NOW)]


def test_protected_columns_must_stay(tree: SourceTree, send: Callable[..., Book]) -> None:
    book = send()
    page = book.book["forms_klein"]
    assert page.protection.sheet
    assert page.column_dimensions["A"].hidden
    locked = {name: book.cell("forms_klein", "Ja", name).protection.locked for name in COLUMNS}
    assert {name for name, closed in locked.items() if not closed} == {NEW, CHECKED}
    assert book.cell("forms_klein", "Ja", NEW).alignment.readingOrder == 2
    cell = book.cell("forms_klein", "Ja", NEW)
    cell.value = "نعم"
    book.cell("forms_klein", "Ja", DUTCH).value = "Jazeker"
    assert refused(tree, book) == [("forms_klein", cell.row, DUTCH)]


def test_a_review_needs_a_name_a_yes_and_a_translation(
    tree: SourceTree, send: Callable[..., Book]
) -> None:
    book = send()
    cell = book.cell("forms_klein", "Ja", CHECKED)
    cell.value = "ja"
    assert ("forms_klein", cell.row, NEW) in refused(tree, book, "N")
    book.cell("forms_klein", "Ja", NEW).value = "نعم"
    assert refused(tree, book) == [("forms_klein", cell.row, CHECKED)]
    cell.value = "misschien"
    assert refused(tree, book, "N") == [("forms_klein", cell.row, CHECKED)]


def test_moved_columns_doubled_rows_and_other_files(
    tree: SourceTree, send: Callable[..., Book]
) -> None:
    book = send()
    page = book.book["forms_klein"]
    for index in range(1, len(COLUMNS) + 1):
        page.cell(9, index).value = page.cell(2, index).value
    page.cell(2, COLUMNS.index(NEW) + 1).value = "هل تريد هذا؟"
    assert refused(tree, book) == [("forms_klein", 9, "sleutel")]
    book = send()
    book.book["ui"].cell(1, 3).value = "wie"
    assert refused(tree, book) == [("ui", 1, "voor wie")]
    with pytest.raises(FormSourceError, match="niet voor fa"):
        read_changes(tree, "fa", send().path, "", DAY)
    for body in (b"geen rekenblad", b"PK\x03\x04"):
        book.path.write_bytes(body)
        with pytest.raises(FormSourceError, match="niet te lezen"):
            read_changes(tree, "ar", book.path, "", DAY)


@pytest.mark.parametrize("name", ["forms_proef (2)", "blad1"])
def test_a_sheet_with_another_name_is_not_passed_over(
    tree: SourceTree, send: Callable[..., Book], name: str
) -> None:
    book = send()
    fill_in(book)
    sheets = [each for each in book.book.sheetnames if each != EXPLANATION]
    book.book[sheets[0]].title = name
    assert [(sheet, column) for sheet, _, column in refused(tree, book)] == [(name, NEW)]


def test_a_chart_and_a_bottomless_sheet_are_refused(
    tree: SourceTree, send: Callable[..., Book]
) -> None:
    from openpyxl.chart import BarChart

    book = send()
    book.book.create_chartsheet("grafiek").add_chart(BarChart())
    assert [sheet for sheet, _, _ in refused(tree, book)] == ["grafiek"]
    book = send()
    sheet = next(each for each in book.book.sheetnames if each != EXPLANATION)
    book.book[sheet].cell(1_048_576, 1).value = "x"
    assert [(where, row) for where, row, _ in refused(tree, book)] == [(sheet, 1_048_576)]


@pytest.mark.parametrize(
    "content", [b"", b"PK", b"PK\x03\x04" + b"\0" * 99, b"<html>", b"\xff" * 999]
)
def test_what_is_no_workbook_is_refused(tree: SourceTree, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "terug.xlsx"
    path.write_bytes(content)
    with pytest.raises(FormSourceError):
        read_changes(tree, "ar", path, "", DAY)


def test_the_command(tree: SourceTree, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def intake(*arguments: str) -> int:
        parser = argparse.ArgumentParser()
        translations.add_parser(parser.add_subparsers())
        root = ("--root", str(tree.root))
        return translations.run(parser.parse_args(["translations", *root, *arguments]))

    file = tmp_path / "ar.xlsx"
    assert intake("export", "ar", str(file)) == codes.OK
    assert intake("export", "ar", str(tmp_path / "ar.csv")) == codes.USAGE
    assert intake("export", "xx", str(file)) == codes.USAGE
    book = Book(file)
    fill_in(book)
    book.cell("ui", "Een ogenblik", CHECKED).value = "ja"
    book.save()
    assert intake("import", "ar", str(file)) == codes.REFUSED
    told = capsys.readouterr().err
    assert "ui, rij 2, nagekeken: fout:" in told
    assert told.endswith("Er is niets veranderd.\n")
    assert intake("import", "ar", str(file), "--reviewer", "N") == codes.OK
    assert capsys.readouterr().out == "6 vertalingen veranderd, 1 nagekeken\n"
    assert intake("import", "ar", str(tmp_path / "weg.xlsx")) == codes.REFUSED


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "ar", "ti", "fa"])
def test_the_shipped_languages_come_back_as_they_went(tmp_path: Path, language: str) -> None:
    tree = SourceTree(paths.translations_dir().parent)
    path = tmp_path / f"{language}.xlsx"
    path.write_bytes(to_workbook(tree, language, staff=language == "en"))
    changes = read_changes(tree, language, path, "", DAY)
    assert (changes.translated, changes.reviews, dict(changes.catalogues)) == (0, (), {})
