"""What a translator did in a workbook of `translator_book`, taken whole or not at all.

Every fault is told with its sheet, row, column and remedy; when there is one, nothing changes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from intake_app.formio.findings import Finding, FormSourceError
from intake_app.formio.limits import MAX_ROWS, check_cell, check_file
from intake_app.formio.translator_book import (
    CHECKED,
    COLUMNS,
    DUTCH,
    EXPLANATION,
    FORMAT,
    KEY,
    NEW,
    NOW,
    current,
    dutch_of,
    key_of,
)
from intake_app.i18n.checks import Rules, form_faults
from intake_app.i18n.pofiles import (
    LEDGER,
    brought_up_to_date,
    ids,
    messages,
    name_of,
    replace_file,
    review_hash,
    strings,
)
from intake_app.i18n.review import Review

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog, Message

    from intake_app.i18n.pofiles import SourceTree

_YES: Final = frozenset({"ja", "j", "x"})


@dataclass(frozen=True, slots=True)
class Changes:
    """What a workbook changes: the catalogues to write, and what was counted."""

    language: str
    catalogues: Mapping[str, Catalog]
    translated: int
    reviews: tuple[Review, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """One row of a sheet as it came back."""

    sheet: str
    row: int
    cells: Mapping[str, str]

    def finding(self, column: str, message: str, fix: str) -> Finding:
        return Finding(self.sheet, self.row, column, "error", message, fix)


def read_changes(tree: SourceTree, language: str, path: Path, reviewer: str, day: date) -> Changes:
    """Return what a translator changed in a workbook; nothing is written yet.

    `reviewer` is who checked the texts with `ja`; '' when nobody did. Raises FormSourceError with
    every fault there is, and OSError when the file cannot be read.
    """
    lines = tuple(_read(path, language))
    rules = Rules.read(tree.root, language)
    ledger = tree.ledger()
    catalogues: dict[str, Catalog] = {}
    domains = tuple(tree.domains())
    found = list(_lost(lines, domains))
    reviews: list[Review] = []
    translated = 0
    for domain in domains:
        of_domain = [line for line in lines if line.sheet == domain]
        if not of_domain:
            continue
        now = current(tree, language, domain, ledger)
        taken = _Taking(language, domain, rules, reviewer, day)
        taken.take(of_domain, messages(now))
        found += taken.findings
        reviews += taken.reviews
        translated += taken.translated
        if taken.translated:
            catalogues[domain] = now
    if found:
        raise FormSourceError(*found)
    return Changes(language, catalogues, translated, tuple(reviews))


def write_changes(tree: SourceTree, changes: Changes) -> None:
    """Write the catalogues and the ledger; a review that is there already is not repeated."""
    ledger = tree.ledger()
    ledger = ledger.with_reviews(
        review
        for review in changes.reviews
        if not ledger.knows(review.language, review.domain, review.context, review.hash)
    )
    touched = {*changes.catalogues, *(review.domain for review in changes.reviews)}
    for domain in sorted(touched):
        template = tree.template(domain)
        old = changes.catalogues.get(domain) or tree.catalogue(changes.language, domain)
        new = brought_up_to_date(template, old, changes.language, domain, ledger)
        tree.save_catalogue(changes.language, domain, new)
    if changes.reviews:
        replace_file(tree.root / LEDGER, ledger.to_toml().encode())


def _lost(lines: Sequence[_Line], domains: Sequence[str]) -> Iterator[Finding]:
    """A sheet that was renamed or copied holds work that belongs nowhere."""
    told: set[str] = set()
    for line in lines:
        filled = line.cells[NEW] or line.cells[CHECKED]
        if filled and line.sheet not in domains and line.sheet not in told:
            told.add(line.sheet)
            yield line.finding(
                NEW,
                f"Het blad ‘{line.sheet[:80]}’ hoort hier niet. Misschien kreeg het een andere "
                "naam.",
                "Geef het blad de naam terug die het had, of haal het weg.",
            )


def _read(path: Path, language: str) -> Iterator[_Line]:
    from openpyxl import load_workbook  # type: ignore[import-untyped]

    check_file(path)
    try:
        book = load_workbook(path)
    except Exception as error:  # noqa: BLE001 - whatever the reader stumbles over
        raise FormSourceError(
            Finding(
                "",
                0,
                "",
                "error",
                f"Het bestand is niet te lezen als .xlsx ({type(error).__name__}).",
                "Sla het in het rekenblad opnieuw op als .xlsx.",
            )
        ) from None
    try:
        _check_origin(book, language)
        names = [name for name in book.sheetnames if name != EXPLANATION]
        for name in names:
            yield from _lines(_page(book, name), name)
    finally:
        book.close()


def _check_origin(book: Any, language: str) -> None:
    told: dict[str, str] = {}
    if EXPLANATION in book.sheetnames:
        page = book[EXPLANATION]
        told = {str(page.cell(n, 1).value): str(page.cell(n, 2).value) for n in (2, 3)}
    if told.get("bestand") != FORMAT:
        raise FormSourceError(
            Finding(
                EXPLANATION,
                3,
                "B",
                "error",
                "Dit is geen vertaalbestand van dit programma.",
                "Maak er een met ‘intake translations export’.",
            )
        )
    if told.get("taal") != language:
        raise FormSourceError(
            Finding(
                EXPLANATION,
                2,
                "B",
                "error",
                f"Dit bestand is voor de taal {told.get('taal')}, niet voor {language}.",
                "Noem de taal die in het bestand staat.",
            )
        )


def _page(book: Any, name: str) -> Any:
    """Return a sheet of cells; refuse a chart, and one whose rows go on without end."""
    page = book[name]
    rows = getattr(page, "max_row", 0) or 0
    if not rows or rows > MAX_ROWS:
        raise FormSourceError(
            Finding(
                name,
                rows,
                "",
                "error",
                f"Dit is geen blad met teksten, of het heeft meer dan {MAX_ROWS} rijen.",
                "Haal het blad of de lege rijen onderaan weg.",
            )
        )
    return page


def _lines(page: Any, name: str) -> Iterator[_Line]:
    header = tuple(str(page.cell(1, n).value or "") for n in range(1, len(COLUMNS) + 1))
    if header != COLUMNS:
        wrong = next(a for a, b in zip(COLUMNS, header, strict=True) if a != b)
        raise FormSourceError(
            Finding(
                name,
                1,
                wrong,
                "error",
                "De kolommen zijn veranderd.",
                "Zet de kolommen terug, of haal een blad weg dat er niet bij hoort.",
            )
        )
    found: list[Finding] = []
    lines: list[_Line] = []
    for row in range(2, (page.max_row or 1) + 1):
        cells: dict[str, str] = {}
        for index, column in enumerate(COLUMNS, start=1):
            cell = page.cell(row, index)
            text = _text(cell)
            if text is None:
                found.append(
                    Finding(
                        name,
                        row,
                        column,
                        "error",
                        "In deze cel staat geen gewone tekst maar een formule, een datum of iets "
                        "anders.",
                        "Maak de cel leeg en typ de tekst.",
                    )
                )
            cells[column] = text or ""
            check_cell(name, row, column, cells[column])
        if any(cells.values()):
            lines.append(_Line(name, row, cells))
    if found:
        raise FormSourceError(*found)
    yield from lines


def _text(cell: Any) -> str | None:
    """Return the text of a cell as it is stored in a catalogue; None when it is no text."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool) or cell.data_type in {"f", "e", "d"}:
        return None
    if isinstance(value, int):
        return str(value)
    if not isinstance(value, str):
        return None
    lines = value.replace("\r\n", "\n").replace("\r", "\n").strip().split("\n")
    return unicodedata.normalize("NFC", "\n".join(line.strip() for line in lines))


class _Taking:
    """Takes the rows of one sheet into the texts of one domain, and tells what is wrong."""

    def __init__(self, language: str, domain: str, rules: Rules, reviewer: str, day: date) -> None:
        self.findings: list[Finding] = []
        self.reviews: list[Review] = []
        self.translated = 0
        self._place = (language, domain)
        self._rules = rules
        self._reviewer = reviewer.strip()
        self._day = day

    def take(self, lines: Sequence[_Line], texts: Sequence[Message]) -> None:
        """Change the translations in `texts` to those of `lines`, as far as they are right."""
        known = {
            key_of(self._place[1], message, form): (number, form)
            for number, message in enumerate(texts)
            for form in range(len(strings(message)))
        }
        of_text: dict[int, dict[int, _Line]] = {}
        for line in lines:
            number, form = known.get(line.cells[KEY], (-1, 0))
            if number < 0:
                if line.cells[NEW] or line.cells[CHECKED]:
                    self._stale(line)
                continue
            if form in of_text.setdefault(number, {}):
                self.findings.append(
                    line.finding(KEY, "Deze tekst staat er twee keer.", "Haal één rij weg.")
                )
                continue
            of_text[number][form] = line
        for number, rows in of_text.items():
            self._text(texts[number], rows)

    def _stale(self, line: _Line) -> None:
        self.findings.append(
            line.finding(
                DUTCH,
                "De Nederlandse tekst is veranderd nadat dit bestand is gemaakt, of bestaat niet "
                "meer.",
                "Maak een nieuw bestand met ‘intake translations export’ en vertaal de tekst daar.",
            )
        )

    def _text(self, message: Message, rows: Mapping[int, _Line]) -> None:
        held = strings(message)
        new = [rows[n].cells[NEW] if n in rows else "" for n in range(len(held))]
        checked = [line for line in rows.values() if line.cells[CHECKED]]
        if not any(new) and not checked:
            return
        before = len(self.findings)
        for form, line in rows.items():
            self._untouched(line, dutch_of(message, form), held[form])
            if line.cells[CHECKED] and line.cells[CHECKED].casefold() not in _YES:
                self.findings.append(
                    line.finding(CHECKED, "Hier hoort ja te staan, of niets.", "Typ ja of niets.")
                )
        shown = [text or kept for text, kept in zip(new, held, strict=True)]
        some = rows[min(rows)]
        if not all(shown):
            empty = rows.get(shown.index(""), some)
            self.findings.append(
                empty.finding(NEW, "Deze tekst is nog niet vertaald.", "Vul elke vorm in.")
            )
        for line in checked:
            self._may_check(line, len(checked) == len(held))
        if len(self.findings) == before:
            self._faults(message, shown, rows, some)
        if len(self.findings) > before:
            return
        if tuple(shown) != held:
            message.string = shown[0] if len(shown) == 1 else tuple(shown)
            self.translated += 1
        if checked:
            language, domain = self._place
            self.reviews.append(
                Review(
                    language,
                    domain,
                    message.context or "",
                    review_hash(message),
                    self._reviewer,
                    self._day,
                )
            )

    def _untouched(self, line: _Line, dutch: str, held: str) -> None:
        if line.cells[DUTCH] != dutch:
            self.findings.append(
                line.finding(
                    DUTCH,
                    "Deze kolom is veranderd.",
                    "Zet de Nederlandse tekst terug, of maak een nieuw bestand.",
                )
            )
        if line.cells[NOW] != held:
            self.findings.append(
                line.finding(
                    NOW,
                    "De vertaling is veranderd nadat dit bestand is gemaakt.",
                    "Maak een nieuw bestand en vergelijk de twee.",
                )
            )

    def _may_check(self, line: _Line, whole: bool) -> None:
        if not self._reviewer:
            self.findings.append(
                line.finding(
                    CHECKED,
                    "Niet gezegd is wie dit heeft nagekeken.",
                    "Geef de naam met --reviewer, of maak de kolom leeg.",
                )
            )
        if not whole:
            self.findings.append(
                line.finding(
                    CHECKED,
                    "Van deze tekst is maar een deel van de vormen nagekeken.",
                    "Typ ja bij elke vorm, of bij geen.",
                )
            )

    def _faults(
        self, message: Message, shown: Sequence[str], rows: Mapping[int, _Line], some: _Line
    ) -> None:
        for form, text in enumerate(shown):
            line = rows.get(form, some)
            told = {finding.fix for finding in self.findings if finding.row == line.row}
            for fault in form_faults(ids(message), form, text, self._rules):
                if fault.what not in told:
                    about = f"‘{name_of(message)}’ kan zo niet worden getoond ({fault.rule})."
                    self.findings.append(line.finding(NEW, about, fault.what))
