"""Every form of ours says for whom, why and which concept; and each rule can be broken."""

from __future__ import annotations

import csv
import re
import shutil
from collections import defaultdict
from pathlib import Path

import pytest

from intake_app import paths
from intake_app.domain.sharing import read_table
from intake_app.formio.lint import lint
from intake_app.formio.lint_ours import CONCEPT, asked, lint_ours
from intake_app.formio.sheets import read_workbook

CONCEPTS = paths.forms_dir() / "CONCEPTS.md"
_ROW = re.compile(r"\| `([^`]+)` \| ([^|]+) \| ([^|]+) \| ([^|]*) \|\Z")


def categories() -> frozenset[str]:
    table = read_table(paths.resource("sharing", "table.csv").read_text(encoding="utf-8"))
    return frozenset(category for category, _ in table.rules)


def concepts() -> dict[str, tuple[str, str, str]]:
    """Concept → kind, meaning, forms, as the table of forms/CONCEPTS.md says."""
    rows = [_ROW.match(line) for line in CONCEPTS.read_text(encoding="utf-8").splitlines()]
    return {row[1]: (row[2].strip(), row[3].strip(), row[4].strip()) for row in rows if row}


def test_the_form_keeps_our_rules(form_folder: Path) -> None:
    found = lint_ours(form_folder, categories=categories(), concepts=concepts())
    assert [str(finding) for finding in found] == []


def test_the_form_is_clean(form_folder: Path) -> None:
    assert [str(finding) for finding in lint(form_folder)] == []


def test_every_concept_is_explained_once_and_means_one_thing() -> None:
    lines = [line for line in CONCEPTS.read_text(encoding="utf-8").splitlines() if "| `" in line]
    assert len(lines) == len(concepts()), "a concept is explained twice, or a row is broken"
    kinds: dict[str, set[str]] = defaultdict(set)
    forms: dict[str, set[str]] = defaultdict(set)
    for survey in sorted(paths.forms_dir().glob("*/survey.csv")):
        for row in asked(read_workbook(survey.parent)):
            kinds[row.get(CONCEPT)].add(row.get("type").split()[0])
            forms[row.get(CONCEPT)].add(survey.parent.name)
    assert set(kinds) == set(concepts())
    for concept, (kind, meaning, used) in concepts().items():
        assert kinds[concept] == {kind}, concept
        assert forms[concept] == set(used.split(", ")), concept
        assert len(meaning) >= 10, concept


BROKEN = [
    ("bind::dl:audience", "", "audience", "zegt hier niets"),
    ("bind::dl:audience", "iedereen", "audience", "zegt hier niets"),
    ("bind::dl:sharing", "overal", "sharing", "zegt hier niets"),
    ("bind::dl:source", "", "source", "zegt hier niets"),
    ("bind::dl:purpose", "zomaar", "purpose", "waarvoor"),
    ("bind::dl:concept", "", "concept", "geen begrip"),
    ("bind::dl:concept", "ERK", "concept", "geen begrip"),
    ("bind::dl:concept", "persoon.moedertaal", "concept", "meer dan één vraag"),
    ("bind::dl:concept", "ambitie.nieuw", "concept", "CONCEPTS.md"),
    ("guidance_hint", "", "guidance_hint", "zonder aanwijzing"),
    ("label", "Wat is uw geloof?", "label", "nooit gevraagd"),
    ("hint", "Welke medicijnen gebruikt u?", "hint", "nooit gevraagd"),
    ("label", "Wat wil je bereiken?", "label", "past niet"),
    ("label", "Wat wilt u? En waarom?", "label", "meer dan één ding"),
    ("label", "Wat wilt u doen en waarom?", "label", "meer dan één ding"),
    *(
        ("label", f"{question}?", "label", "nooit gevraagd")
        for question in (
            "Waarom bent u gevlucht",
            "Waarom vroeg u asiel aan",
            "Bent u lid van een politieke groep",
            "Bent u lesbisch",
            "Heeft u gevangen gezeten",
            "Heeft u een boete gekregen",
            "Bent u gemarteld",
            "Bent u zwanger",
            "Bij welke bevolkingsgroep hoort u",
            "Wat is uw etnische groep",
        )
    ),
]


@pytest.mark.parametrize(("column", "value", "where", "words"), BROKEN)
def test_each_rule_can_be_broken(
    tmp_path: Path, column: str, value: str, where: str, words: str
) -> None:
    folder = tmp_path / "intake"
    shutil.copytree(paths.forms_dir() / "intake", folder)
    with (folder / "survey.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows, columns = list(reader), list(reader.fieldnames or ())
    (row,) = [row for row in rows if row["name"] == "droom"]
    row[column] = value
    with (folder / "survey.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
    found = lint_ours(folder, categories=categories(), concepts=concepts())
    number = rows.index(row) + 2
    mine = [f for f in found if f.row == number]
    assert [f.column.rpartition(":")[2] for f in mine] == [where]
    assert words in mine[0].message
