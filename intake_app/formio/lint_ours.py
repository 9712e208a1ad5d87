"""Rules for the forms this project ships, on top of those for any form (see `lint`).

Every question says for whom it is, who may know the answer, why it is asked, where the answer may
come from and which concept it is; open questions warn the colleague; what may never be asked is
not asked (AVG art. 5 and 9, UAVG art. 22-33).
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from intake_app.formio.lint_common import (
    BEGINS,
    LIST_TYPES,
    QUESTION_TYPES,
    canonical,
    error_at,
    type_of,
)
from intake_app.formio.lint_survey import AUDIENCES, SOURCES
from intake_app.formio.sheets import read_workbook

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from intake_app.formio.findings import Finding
    from intake_app.formio.sheets import Row, Workbook

AUDIENCE, SHARING = "bind::dl:audience", "bind::dl:sharing"
PURPOSE, SOURCE, CONCEPT = "bind::dl:purpose", "bind::dl:source", "bind::dl:concept"
_CONCEPT = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+\Z")
_SHORTEST_PURPOSE = 16
FORBIDDEN: Final = re.compile(
    r"asiel(?!zoekerscentrum)|vluchtverhaal|gevlucht|vluchtreden|godsdienst|religie|religieu|geloof"
    r"|kerk\b|moskee|bidden|geaard|homo|lesbi|biseks|transgender|seksue|strafblad|veroordeel"
    r"|gevangen|gearresteerd|strafbaar|misdrijf|boete|politiek|partij\b|diagnose|medicijn|medicatie"
    r"|ziekte|aandoening|stoornis|trauma|gemarteld|marteling|verkracht|mishandel|zwanger"
    r"|bevolkingsgroep|etni[sc]",
    re.IGNORECASE,
)
"""Words of what is never asked: faith, politics, orientation, crime, descent, the account of the
flight, medicine."""
_TWICE = re.compile(
    r"[,;] en (?=(?:wat|wie|waar\w*|hoe\w*|welke?|wanneer)\b)|\ben (?:wat|waarom|wanneer|hoe)\b",
    re.IGNORECASE,
)
"""A second question in the words of the first: ‘wat wilt u doen en waarom?’"""

MEDICAL: Final = "medisch"
"""The category no municipality gets: its ticks may name a kind of care."""

_INFORMAL = re.compile(r"\b(je|jij|jou|jouw|jullie)\b", re.IGNORECASE)
_FORMAL = re.compile(r"\b(u|uw)\b")
_QUOTED = re.compile(r"‘[^’]*’")


def lint_ours(
    path: Path, *, categories: Collection[str], concepts: Collection[str] | None = None
) -> tuple[Finding, ...]:
    """What a form of ours lacks; `categories` are those of the sharing table.

    With `concepts` every concept must be one of them. Raises FormSourceError when the form cannot
    be read.
    """
    book = canonical(read_workbook(path))
    return (
        *_metadata(book, categories),
        *_concepts(book, concepts),
        *_staff_hints(book),
        *_forbidden(book),
        *_address(book),
    )


def asked(book: Workbook) -> Iterator[Row]:
    """The rows a person answers: neither structure, notes nor calculations."""
    for row in book.sheet("survey").rows:
        kind, _ = type_of(row)
        if kind in QUESTION_TYPES and kind != "note" and not row.get("calculation"):
            yield row


def _metadata(book: Workbook, categories: Collection[str]) -> Iterator[Finding]:
    for row in asked(book):
        for column, allowed in (
            (AUDIENCE, AUDIENCES),
            (SHARING, categories),
            (SOURCE, SOURCES),
        ):
            values = row.get(column).split()
            if not values or not set(values) <= set(allowed):
                yield error_at(
                    "survey",
                    row,
                    column,
                    f"‘{row.get('name')}’ zegt hier niets, of iets onbekends.",
                    f"Kies uit: {', '.join(sorted(allowed))}.",
                )
        if len(row.get(PURPOSE)) < _SHORTEST_PURPOSE:
            yield error_at(
                "survey",
                row,
                PURPOSE,
                f"Bij ‘{row.get('name')}’ staat niet waarvoor het antwoord nodig is.",
                "Schrijf het doel op in een paar woorden.",
            )


def _concepts(book: Workbook, concepts: Collection[str] | None) -> Iterator[Finding]:
    times = Counter(row.get(CONCEPT) for row in asked(book))
    for row in asked(book):
        concept = row.get(CONCEPT)
        message = ""
        if not _CONCEPT.match(concept):
            message = f"‘{row.get('name')}’ heeft geen begrip, of een dat zo niet kan heten."
        elif times[concept] > 1:
            message = f"Het begrip ‘{concept}’ staat bij meer dan één vraag."
        elif concepts is not None and concept not in concepts:
            message = f"Het begrip ‘{concept}’ staat niet in forms/CONCEPTS.md."
        if message:
            fix = "Geef een eigen sleutel, zoals werk.baan.functie, en leg hem uit in CONCEPTS.md."
            yield error_at("survey", row, CONCEPT, message, fix)


def _staff_hints(book: Workbook) -> Iterator[Finding]:
    """An open answer is where a diagnosis or an account gets written down."""
    for row in asked(book):
        open_answer = type_of(row)[0] == "text" and "multiline" in row.get("appearance").split()
        health = row.get(SHARING) in ("gezondheid_signaal", MEDICAL) and type_of(row)[0] == "text"
        if (open_answer or health) and not row.get("guidance_hint"):
            yield error_at(
                "survey",
                row,
                "guidance_hint",
                f"‘{row.get('name')}’ is een open vraag zonder aanwijzing voor de collega.",
                "Schrijf op wat hier niet hoort, zoals: hier geen diagnose.",
            )


def _forbidden(book: Workbook) -> Iterator[Finding]:
    choices: dict[str, list[str]] = {}
    for row in book.sheet("choices").rows:
        choices.setdefault(row.get("list_name"), []).append(row.get("label"))
    for row in asked(book):
        kind, list_name = type_of(row)
        if row.get(SHARING) == MEDICAL and kind in LIST_TYPES:
            continue
        for column, text in _shown(row, choices.get(list_name, [])).items():
            found = FORBIDDEN.search(text)
            if found is not None:
                yield error_at(
                    "survey",
                    row,
                    column,
                    f"‘{row.get('name')}’ vraagt naar iets wat nooit gevraagd wordt: ‘{found[0]}’.",
                    "Haal de vraag weg, of vraag alleen wat het plan nodig heeft.",
                )


def _shown(row: Row, labels: list[str]) -> Mapping[str, str]:
    return {"label": row.get("label"), "hint": row.get("hint"), "type": "\n".join(labels)}


def _address(book: Workbook) -> Iterator[Finding]:
    """‘u’ to the person, ‘je’ to the colleague, one thing at a time."""
    for row in book.sheet("survey").rows:
        kind, _ = type_of(row)
        if kind in BEGINS.values() or kind in BEGINS or not kind:
            continue
        if row.get(AUDIENCE) not in AUDIENCES:
            continue  # said by another rule
        client = row.get(AUDIENCE) == "client"
        wrong = _INFORMAL if client else _FORMAL
        # The hint of a staff question may quote what to say to the person.
        for column in ("label", "hint") if client else ("label",):
            found = wrong.search(_QUOTED.sub("", row.get(column)))
            if found is not None:
                yield error_at(
                    "survey",
                    row,
                    column,
                    f"‘{found[0]}’ past niet bij wie ‘{row.get('name')}’ leest.",
                    "Schrijf u tegen de persoon en je tegen de collega.",
                )
        label = row.get("label")
        if (
            client
            and kind != "note"
            and (label.count("?") > 1 or "." in label or _TWICE.search(label))
        ):
            yield error_at(
                "survey",
                row,
                "label",
                f"‘{row.get('name')}’ vraagt meer dan één ding tegelijk.",
                "Stel één vraag; zet de uitleg in de kolom hint.",
            )
