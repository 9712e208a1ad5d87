"""Rules for the choices and settings sheets."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from intake_app.formio.lint_common import (
    LIST_TYPES,
    error_at,
    has_label,
    is_dutch_label,
    type_of,
    warning_at,
)
from intake_app.formio.sheets import Row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intake_app.formio.findings import Finding
    from intake_app.formio.sheets import Workbook


def check_choices(book: Workbook) -> Iterator[Finding]:
    """Yield what is wrong with the choices sheet."""
    sheet = book.sheet("choices")
    seen: Counter[tuple[str, str]] = Counter()
    used = {type_of(row)[1] for row in book.sheet("survey").rows if type_of(row)[0] in LIST_TYPES}
    texts = " ".join(v for row in book.sheet("survey").rows for v in row.cells.values())
    unused: dict[str, Row] = {}
    dutch = any(is_dutch_label(column) for column in sheet.header)
    settings = next(iter(book.sheet("settings").rows), Row(2, {}))
    doubles = settings.get("allow_choice_duplicates").lower() in ("yes", "true", "true()")
    for row in sheet.rows:
        list_name, name = row.get("list_name"), row.get("name")
        for column, value in (("list_name", list_name), ("name", name)):
            if not value:
                yield error_at(
                    "choices",
                    row,
                    column,
                    f"De kolom ‘{column}’ is leeg.",
                    "Vul bij elke keuze de lijst en een korte code in.",
                )
        if dutch and not has_label(row):
            yield error_at(
                "choices",
                row,
                "label",
                "De Nederlandse tekst van deze keuze ontbreekt.",
                "Vul de kolom label in.",
            )
        if len(name.split()) > 1:
            yield error_at(
                "choices",
                row,
                "name",
                f"De code ‘{name}’ heeft een spatie.",
                "Gebruik _ in plaats van een spatie.",
            )
        if list_name and name:
            seen[list_name, name] += 1
            if seen[list_name, name] == 2 and not doubles:
                yield error_at(
                    "choices",
                    row,
                    "name",
                    f"De code ‘{name}’ staat al in de lijst ‘{list_name}’.",
                    "Geef elke keuze in een lijst een eigen code.",
                )
        if list_name and list_name not in used and f"'{list_name}'" not in texts:
            unused.setdefault(list_name, row)
    for list_name, row in unused.items():
        yield warning_at(
            "choices",
            row,
            "list_name",
            f"Geen enkele vraag gebruikt de lijst ‘{list_name}’.",
            "Haal de lijst weg, of gebruik hem bij een vraag.",
        )


def check_settings(book: Workbook) -> Iterator[Finding]:
    """Yield what is missing on the settings sheet."""
    rows = book.sheet("settings").rows
    first = rows[0] if rows else Row(2, {})
    for column, alias, fix in (
        ("form_id", "id_string", "Geef een korte naam, zoals intake. Hij verandert nooit."),
        ("form_title", "title", "Geef de naam die een collega ziet."),
        ("version", "version", "Geef een versie, en verhoog hem bij elke verandering."),
    ):
        if not first.get(column) and not first.get(alias):
            yield warning_at("settings", 2, column, f"‘{column}’ is niet ingevuld.", fix)
