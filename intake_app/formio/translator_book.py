"""One language as a workbook for a translator who has nothing but a spreadsheet.

A sheet per domain; a row per text, and per plural form of a text. All columns are protected but
two: `nieuwe vertaling`, and `nagekeken`, where a translator says `ja` to a text that is right.
`translator_back` takes it back.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from intake_app.i18n.languages import LANGUAGES, direction
from intake_app.i18n.plurals import numbers_of_forms
from intake_app.i18n.pofiles import (
    brought_up_to_date,
    ids,
    is_for_client,
    is_translated,
    messages,
    review_hash,
    strings,
)

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog, Message

    from intake_app.i18n.pofiles import SourceTree
    from intake_app.i18n.review import ReviewLedger

FORMAT: Final = "doorgaande-lijn-vertaling v1"
EXPLANATION: Final = "Uitleg"
KEY: Final = "sleutel"
WHERE: Final = "waar"
WHO: Final = "voor wie"
HINT: Final = "let op"
DUTCH: Final = "Nederlands"
PLURAL: Final = "bij deze getallen"
NOW: Final = "vertaling nu"
STATE: Final = "stand"
NEW: Final = "nieuwe vertaling"
CHECKED: Final = "nagekeken"
COLUMNS: Final = (KEY, WHERE, WHO, HINT, DUTCH, PLURAL, NOW, STATE, NEW, CHECKED)
_WIDTHS: Final = (10, 30, 10, 30, 55, 16, 55, 26, 55, 12)
_OPEN: Final = (NEW, CHECKED)
_WHO_READS: Final = {True: "cliënt", False: "collega"}
_LINES: Final = (
    "In dit bestand staan teksten van Doorgaande Lijn. Elk blad is een deel van het programma.",
    "Vul alleen de laatste twee kolommen in. De andere kolommen zijn beschermd.",
    "‘nieuwe vertaling’: typ hier een betere vertaling. Laat leeg wat goed is.",
    "‘nagekeken’: typ ja als je de vertaling hebt gelezen en zij goed is. Dat telt met jouw naam.",
    "Laat {…} en ${…} precies zo staan. Daar komt later een naam, een getal of een dag.",
    "De cliënt leest deze teksten. Schrijf kort, gewoon en beleefd.",
    "Een tekst met meer rijen heeft meer vormen. De kolom ‘bij deze getallen’ zegt welke.",
    "Mag een woord niet, of moet een woord juist wel? Dat staat in de woordenlijst.",
)


def to_workbook(tree: SourceTree, language: str, *, staff: bool = False) -> bytes:
    """Return the workbook (.xlsx) of a language; `staff` adds what only a colleague reads."""
    from openpyxl import Workbook  # type: ignore[import-untyped]

    book = Workbook()
    _explain(book.active, language)
    ledger = tree.ledger()
    for domain in tree.domains():
        now = current(tree, language, domain, ledger)
        chosen = [m for m in messages(now) if staff or is_for_client(domain, m)]
        if chosen:
            _fill(book.create_sheet(domain), chosen, language, domain, ledger)
    out = io.BytesIO()
    book.save(out)
    book.close()
    return out.getvalue()


def current(tree: SourceTree, language: str, domain: str, ledger: ReviewLedger) -> Catalog:
    """Return the catalogue of a domain with the Dutch texts of this moment."""
    old = tree.catalogue(language, domain)
    return brought_up_to_date(tree.template(domain), old, language, domain, ledger)


def key_of(domain: str, message: Message, form: int) -> str:
    """Name a form of a text; another Dutch text has another key."""
    whole = "\0".join((domain, message.context or "", *ids(message)))
    return f"{hashlib.sha256(whole.encode()).hexdigest()[:16]}.{form}"


def dutch_of(message: Message, form: int) -> str:
    """Return the Dutch text a plural form is a translation of."""
    return ids(message)[0 if form == 0 else -1]


def _explain(page: Any, language: str) -> None:
    from openpyxl.styles import Alignment, Font  # type: ignore[import-untyped]

    page.title = EXPLANATION
    page.column_dimensions["A"].width = 24
    page.column_dimensions["B"].width = 90
    known = LANGUAGES[language]
    page.append(("Vertalen", f"{known.dutch_name} · {known.own_name}"))
    page.append(("taal", language))
    page.append(("bestand", FORMAT))
    for number, line in enumerate(_LINES, start=1):
        page.append((str(number), line))
    for row in page.iter_rows():
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.data_type = "s"
    page["A1"].font = page["B1"].font = Font(bold=True)
    page.protection.sheet = True


def _fill(
    page: Any, chosen: Sequence[Message], language: str, domain: str, ledger: ReviewLedger
) -> None:
    from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]
    from openpyxl.worksheet.datavalidation import DataValidation  # type: ignore[import-untyped]

    for number, width in enumerate(_WIDTHS, start=1):
        page.column_dimensions[get_column_letter(number)].width = width
    page.column_dimensions["A"].hidden = True
    page.freeze_panes = "A2"
    _write_row(page, 1, COLUMNS, language)
    row = 1
    reviewers = {
        (r.context, r.hash): f"nagekeken door {r.reviewer} op {r.date.isoformat()}"
        for r in ledger.reviews
        if (r.language, r.domain) == (language, domain)
    }
    for message in chosen:
        state = "ontbreekt"
        if is_translated(message):
            told = (message.context or "", review_hash(message))
            state = reviewers.get(told, "machinevertaling, niet nagekeken")
        numbers = numbers_of_forms(language)
        for form, text in enumerate(strings(message)):
            row += 1
            where = message.context or ", ".join(place for place, _ in message.locations)
            plural = numbers[form] if len(ids(message)) > 1 else ""
            who = _WHO_READS[is_for_client(domain, message)]
            hint = " ".join((*message.auto_comments, *message.user_comments))
            cells = (key_of(domain, message, form), where, who, hint)
            _write_row(
                page,
                row,
                (*cells, dutch_of(message, form), plural, text, state, "", ""),
                language,
            )
    yes = DataValidation(type="list", formula1='"ja"', allow_blank=True)
    yes.add(f"{get_column_letter(COLUMNS.index(CHECKED) + 1)}2:J{max(row, 2)}")
    page.add_data_validation(yes)
    page.auto_filter.ref = f"A1:{get_column_letter(len(COLUMNS))}{row}"
    page.protection.sheet = True
    page.protection.autoFilter = False  # False allows it
    page.protection.formatColumns = False
    page.protection.formatRows = False


def _write_row(page: Any, row: int, texts: Sequence[str], language: str) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill, Protection

    for index, (column, text) in enumerate(zip(COLUMNS, texts, strict=True), start=1):
        cell = page.cell(row, index)
        cell.value = text or None
        if text:
            # Never a formula, a number or an error, whatever the text looks like.
            cell.data_type = "s"
        rtl = row > 1 and column in {NOW, NEW} and direction(language) == "rtl"
        cell.alignment = Alignment(wrap_text=True, vertical="top", readingOrder=2 if rtl else 1)
        if row == 1:
            cell.font = Font(bold=True)
        elif column in _OPEN:
            cell.number_format = "@"
            cell.protection = Protection(locked=False)
            cell.fill = PatternFill("solid", fgColor="FFFDF4D6")
