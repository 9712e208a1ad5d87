"""Rules for the survey sheet: names, types, texts, nesting, references, sharing."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from intake_app.formio.lint_common import (
    BEGINS,
    LIST_TYPES,
    QUESTION_TYPES,
    SILENT_TYPES,
    error_at,
    has_label,
    is_dutch_label,
    type_of,
    warning_at,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from intake_app.formio.findings import Finding
    from intake_app.formio.sheets import Row, Sheet, Workbook

AUDIENCES = ("client", "staff")
SOURCES = ("client", "coa", "document", "assessor", "staff")

_REFERENCE = re.compile(r"\$\{\s*(?:last-saved#)?([^{}]*?)\s*\}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]*\Z")


def check_survey(book: Workbook) -> Iterator[Finding]:
    """Yield what is wrong with the survey sheet, apart from sharing."""
    sheet = book.sheet("survey")
    if not sheet.rows:
        yield error_at(
            "survey", 1, "type", "Er staan geen vragen in.", "Zet elke vraag op een rij."
        )
        return
    if "type" not in sheet.header or "name" not in sheet.header:
        yield error_at(
            "survey",
            1,
            "type" if "type" not in sheet.header else "name",
            "De kolommen ‘type’ en ‘name’ zijn er niet allebei.",
            "Zet op de eerste rij ten minste type, name en label.",
        )
        return
    dutch = any(is_dutch_label(column) for column in sheet.header)
    if not dutch:
        yield error_at(
            "survey",
            1,
            "label",
            "Er is geen kolom met Nederlandse teksten.",
            "Voeg de kolom label toe, of label::Nederlands (nl).",
        )
    lists = {row.get("list_name") for row in book.sheet("choices").rows}
    for row in sheet.rows:
        yield from _question(row, lists, dutch=dutch)
    yield from _names(sheet)
    yield from _nesting(sheet)
    yield from _references(sheet)


def _question(row: Row, lists: set[str], *, dutch: bool) -> Iterator[Finding]:
    kind, list_name = type_of(row)
    structure = kind in BEGINS or kind in BEGINS.values()
    if not kind:
        if row.get("name") or has_label(row):  # anything else is a remark of the author
            yield error_at(
                "survey", row, "type", "Deze rij heeft geen type.", "Vul een type in, zoals text."
            )
        return
    if not structure and kind not in QUESTION_TYPES and kind not in SILENT_TYPES:
        near = difflib.get_close_matches(kind, [*QUESTION_TYPES, *SILENT_TYPES, *BEGINS], n=1)
        yield error_at(
            "survey",
            row,
            "type",
            f"Het type ‘{row.get('type')}’ bestaat niet.",
            f"Bedoel je ‘{near[0]}’?" if near else "Kies een type, zoals text of select_one.",
        )
        return
    if kind in LIST_TYPES:
        if not list_name:
            yield error_at(
                "survey",
                row,
                "type",
                "Bij deze vraag staat geen keuzelijst.",
                f"Schrijf de naam van de lijst achter het type, zoals ‘{kind} ja_nee’.",
            )
        elif "${" not in list_name and list_name not in lists:
            yield error_at(
                "survey",
                row,
                "type",
                f"De keuzelijst ‘{list_name}’ staat niet in choices.",
                "Voeg de lijst toe of verbeter de naam." + _near(list_name, lists),
            )
    needs_label = dutch and (kind in QUESTION_TYPES or kind in BEGINS)
    if needs_label and not has_label(row) and not row.get("calculation"):
        yield error_at(
            "survey",
            row,
            "label",
            "De Nederlandse tekst ontbreekt.",
            "Vul de kolom label in; andere talen komen uit de vertalingen.",
        )
    for rule, message in (("constraint", "constraint_message"), ("required", "required_message")):
        active = row.get(rule).lower() not in ("", "no", "false()") and not structure
        if active and not any(column.split("::")[0] == message for column in row.cells):
            yield warning_at(
                "survey",
                row,
                message,
                "Er staat niet bij wat iemand moet doen als het antwoord niet goed is.",
                f"Vul {message} in: wat is er, en wat moet er gebeuren?",
            )


def _near(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, [k for k in known if k], n=1)
    return f" Bedoel je ‘{near[0]}’?" if near else ""


def _names(sheet: Sheet) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for row in sheet.rows:
        kind, _ = type_of(row)
        name = row.get("name")
        if kind in BEGINS.values() or not kind:
            continue
        if not name:
            if kind not in SILENT_TYPES or kind == "calculate":
                yield error_at(
                    "survey",
                    row,
                    "name",
                    "Deze rij heeft geen naam.",
                    "Geef een korte naam zonder spaties. De naam blijft voor altijd hetzelfde.",
                )
            continue
        if not _NAME.match(name):
            yield error_at(
                "survey",
                row,
                "name",
                f"‘{name}’ kan geen naam zijn.",
                "Begin met een letter; gebruik letters zonder accent, cijfers en _.",
            )
        if name in first:
            yield error_at(
                "survey",
                row,
                "name",
                f"De naam ‘{name}’ staat ook op rij {first[name]}.",
                "Geef elke vraag, groep en herhaling een eigen naam in het hele formulier.",
            )
        first.setdefault(name, row.number)


def _nesting(sheet: Sheet) -> Iterator[Finding]:
    open_rows: list[tuple[str, Row]] = []
    for row in sheet.rows:
        kind, _ = type_of(row)
        if kind in BEGINS:
            open_rows.append((kind, row))
        elif kind in BEGINS.values():
            if not open_rows or BEGINS[open_rows[-1][0]] != kind:
                yield error_at(
                    "survey",
                    row,
                    "type",
                    f"Bij deze ‘{kind}’ hoort geen begin.",
                    "Sluit groepen en herhalingen in de omgekeerde volgorde van hun begin.",
                )
                return
            open_rows.pop()
    for kind, row in open_rows:
        yield error_at(
            "survey",
            row,
            "type",
            f"Deze ‘{kind}’ wordt niet gesloten.",
            f"Zet een rij met ‘{BEGINS[kind]}’ na de laatste vraag ervan.",
        )


def _references(sheet: Sheet) -> Iterator[Finding]:
    names = {row.get("name") for row in sheet.rows if row.get("name")}
    for row in sheet.rows:
        for column, text in row.cells.items():
            if text.count("${") != len(_REFERENCE.findall(text)):
                yield error_at(
                    "survey",
                    row,
                    column,
                    "Een verwijzing ‘${’ is niet afgemaakt.",
                    "Schrijf een verwijzing als ${naam}.",
                )
            for name in dict.fromkeys(_REFERENCE.findall(text)):
                if name not in names:
                    yield error_at(
                        "survey",
                        row,
                        column,
                        f"Er is geen vraag met de naam ‘{name}’.",
                        "Verbeter de naam of voeg de vraag toe." + _near(name, names),
                    )


def check_sharing(book: Workbook, known: Collection[str]) -> Iterator[Finding]:
    """Yield what is wrong with who may know an answer; `known` are the sharing categories."""
    sheet = book.sheet("survey")
    column = "bind::dl:sharing"
    if not sheet.rows:
        return
    if column not in sheet.header:
        yield warning_at(
            "survey",
            1,
            column,
            "Er staat bij geen enkele vraag wie het antwoord mag weten. Dan gaat er niets mee.",
            f"Voeg de kolom {column} toe als dit formulier in een overdracht moet.",
        )
        return
    allowed = {
        "bind::dl:audience": AUDIENCES,
        "bind::dl:source": SOURCES,
        column: tuple(sorted(known)),
    }
    for row in sheet.rows:
        kind, _ = type_of(row)
        if kind in QUESTION_TYPES and kind != "note" and not row.get(column):
            yield error_at(
                "survey",
                row,
                column,
                "Bij deze vraag staat niet wie het antwoord mag weten.",
                "Kies een categorie uit de tabel ‘mag ik dit delen?’.",
            )
        for name, values in allowed.items():
            for value in row.get(name).split():
                if value not in values:
                    yield error_at(
                        "survey",
                        row,
                        name,
                        f"‘{value}’ is geen bekende waarde.",
                        f"Kies uit: {', '.join(values)}.",
                    )
