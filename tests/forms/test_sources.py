from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from intake_app import paths
from intake_app.formio.compile import NAMESPACE, compile_workbook
from intake_app.formio.extract import form_texts
from intake_app.formio.sheets import Row, Workbook, read_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator

LEEFGEBIEDEN = {
    "ambitie": "Ambitie en wensen",
    "onderwijs": "Onderwijs",
    "werk": "Werk",
    "taal": "Taal",
    "leren": "Leren",
    "digitaal": "Digitaal",
    "werkinteresse": "Werkinteresse",
    "ondernemen": "Ondernemen",
    "geld": "Geld",
    "gezondheid": "Gezondheid",
    "kinderen": "Kinderen",
    "wonen": "Wonen",
    "netwerk": "Netwerk en meedoen",
    "zelfredzaamheid": "Zelfredzaamheid",
}
THEMES = (
    "leervermogen",
    "redeneren",
    "taalgebruik",
    "digitale_vaardigheid",
    "interesse",
    "competentie",
    "motivatie",
    "samenwerken",
    "zelfredzaam",
    "belastbaarheid",
)
STRUCTURE = ("begin_group", "end_group", "begin_repeat", "end_repeat")


def rows(book: Workbook) -> Iterator[Row]:
    return (row for row in book.sheet("survey").rows if row.get("type") not in STRUCTURE)


def questions(book: Workbook) -> list[Row]:
    return [row for row in rows(book) if row.get("type") not in ("note", "calculate")]


def sections(book: Workbook) -> dict[str, tuple[str, list[Row]]]:
    found: dict[str, tuple[str, list[Row]]] = {}
    depth, current = 0, ""
    for row in book.sheet("survey").rows:
        kind = row.get("type")
        if kind.startswith("begin_"):
            if depth == 0:
                current = row.get("name")
                found[current] = (row.get("label"), [])
            depth += 1
        elif kind.startswith("end_"):
            depth -= 1
        else:
            assert depth > 0, f"{row.get('name')} is outside every section"
            found[current][1].append(row)
    return found


def test_compiles_without_a_warning(workbook: Workbook) -> None:
    compiled = compile_workbook(workbook)
    assert compiled.warnings == ()
    root = ET.fromstring(compiled.xml)  # noqa: S314 - our own output
    languages = root.findall(".//{http://www.w3.org/2002/xforms}translation")
    assert len(languages) <= 1, "a shipped form has Dutch texts only"


def test_extra_columns_arrive_as_bind_attributes(workbook: Workbook) -> None:
    root = ET.fromstring(compile_workbook(workbook).xml)  # noqa: S314
    binds = {
        str(bind.get("nodeset")).rsplit("/", 1)[-1]: bind
        for bind in root.iter("{http://www.w3.org/2002/xforms}bind")
    }
    for row in rows(workbook):
        bind = binds[row.get("name")]
        for column in ("audience", "sharing", "purpose", "source", "concept", "codes"):
            stated = row.get(f"bind::dl:{column}")
            assert bind.get(f"{{{NAMESPACE}}}{column}", "") == stated


def test_messages_reach_the_form_letter_by_letter(workbook: Workbook) -> None:
    """A message whose quotes the compiler rewrites would lose its translation."""
    root = ET.fromstring(compile_workbook(workbook).xml)  # noqa: S314
    jr = "{http://openrosa.org/javarosa}"
    for attribute, column in (
        ("constraintMsg", "constraint_message"),
        ("requiredMsg", "required_message"),
    ):
        shown = {str(e.get(jr + attribute)) for e in root.iter() if e.get(jr + attribute)}
        assert shown == {row.get(column) for row in rows(workbook) if row.get(column)}


def test_notes_and_calculations_too_say_who_they_are_for(workbook: Workbook) -> None:
    for row in rows(workbook):
        assert row.get("bind::dl:audience") in ("client", "staff"), row.get("name")
        assert row.get("bind::dl:sharing"), row.get("name")


def test_names_are_unique_in_the_whole_form(workbook: Workbook) -> None:
    names = Counter(row.get("name") for row in workbook.sheet("survey").rows if row.get("name"))
    assert [name for name, times in names.items() if times > 1] == []


def test_every_label_is_dutch_and_every_constraint_says_what_to_do(workbook: Workbook) -> None:
    for row in workbook.sheet("survey").rows:
        kind = row.get("type")
        if not kind.startswith("end_") and kind != "calculate":
            assert row.get("label"), row.get("name")
        assert bool(row.get("constraint")) == bool(row.get("constraint_message")), row.get("name")
        assert bool(row.get("required")) == bool(row.get("required_message")), row.get("name")
    columns = workbook.sheet("survey").header + workbook.sheet("choices").header
    assert not [c for c in columns if re.match(r"(label|hint|.*_message)::", c)]


def test_texts_are_short(workbook: Workbook) -> None:
    for row in rows(workbook):
        most = 160 if row.get("type") == "note" else 90
        assert len(row.get("label")) <= most, row.get("name")
        assert len(row.get("hint")) <= 130, row.get("name")


@pytest.mark.parametrize("name", LEEFGEBIEDEN)
def test_the_intake_covers_every_leefgebied(intake: Workbook, name: str) -> None:
    label, found = sections(intake)[name]
    assert label == LEEFGEBIEDEN[name]
    asked = [row for row in found if row in questions(intake)]
    assert len(asked) >= 5
    assert f"oordeel_{name}" in {row.get("name") for row in asked}
    assert any(row.get("bind::dl:audience") == "client" for row in asked)


def test_the_intake_is_a_true_intake(intake: Workbook) -> None:
    assert list(sections(intake)) == ["opening", *LEEFGEBIEDEN, "samenvatting"]
    in_leefgebieden = [
        row
        for name, (_, found) in sections(intake).items()
        if name in LEEFGEBIEDEN
        for row in found
        if row in questions(intake) and row.get("bind::dl:audience") == "client"
    ]
    assert len(in_leefgebieden) >= 60
    assert len(questions(intake)) >= 90
    repeats = [
        r.get("name") for r in intake.sheet("survey").rows if r.get("type") == "begin_repeat"
    ]
    assert repeats == ["opleiding", "baan", "andere_taal", "kind"]
    assert sum(bool(row.get("relevant")) for row in rows(intake)) >= 40


def test_health_is_signals_only(intake: Workbook) -> None:
    _, found = sections(intake)["gezondheid"]
    assert {r.get("bind::dl:sharing") for r in found} == {"gezondheid_signaal", "intern"}
    free_text = [r for r in found if r.get("type") == "text"]
    assert [r.get("name") for r in free_text] == [
        "rekening_houden", "wens_gezondheid", "stap_gezondheid", "notitie_gezondheid",
    ]  # fmt: skip
    for row in free_text:
        assert re.search("geen (diagnose|ziekte)", row.get("guidance_hint"), re.IGNORECASE)


def test_names_the_mappers_rely_on() -> None:
    intake = read_workbook(paths.forms_dir() / "intake")
    noa = read_workbook(paths.forms_dir() / "noa_assessment")
    names = {row.get("name") for row in questions(intake)}
    assert {"tolk_nodig", "moedertaal", "nederlands_spreken", "digid", "coa_lesuren"} <= names
    names = {row.get("name") for row in questions(noa)}
    assert {"in_aanmerking", "reden_niet", "afname_datum", "advies_leerroute"} <= names


def test_noa_knows_eleven_reasons_and_ten_themes() -> None:
    noa = read_workbook(paths.forms_dir() / "noa_assessment")
    choices = noa.sheet("choices").rows
    assert sum(row.get("list_name") == "reden_niet" for row in choices) == 11
    pages = [r for r in noa.sheet("survey").rows if r.get("name").startswith("thema_")]
    assert len(pages) == 10
    assert {row.get("appearance") for row in pages} == {"field-list"}
    first = next(iter(questions(noa)))
    assert first.get("name") == "in_aanmerking"


def test_noa_asks_the_person_ten_open_questions_and_for_the_report() -> None:
    noa = read_workbook(paths.forms_dir() / "noa_assessment")
    found = [row for row in questions(noa) if row.get("bind::dl:audience") == "client"]
    assert [row.get("name") for row in found] == [
        *(f"{theme}_eigen_beeld" for theme in THEMES), "reactie_kandidaat", "rapport_vrijgegeven",
    ]  # fmt: skip
    assert {row.get("type") for row in found[:10]} == {"text"}


@pytest.mark.parametrize("theme", THEMES)
def test_noa_has_the_same_measures_for_every_theme(theme: str) -> None:
    noa = read_workbook(paths.forms_dir() / "noa_assessment")
    names = {row.get("name") for row in questions(noa)}
    for measure in (
        "afgenomen", "waarom_niet", "eigen_beeld", "observatie", "schaal", "ruw", "norm",
        "normgroep", "betrouwbaar", "duiding", "advies", "vervolg",
    ):  # fmt: skip
        assert f"{theme}_{measure}" in names


def test_noa_names_no_test_of_others() -> None:
    """No item, key, norm or brand: what was taken is written down from the report."""
    noa = read_workbook(paths.forms_dir() / "noa_assessment")
    texts = [text.text for text in form_texts(noa)]
    assert [t for t in texts if re.search(r"MCT|MPT|WVL|BKT|Op weg", t)] == []


def test_each_form_explains_itself(form_folder: Path) -> None:
    text = (form_folder / "README.md").read_text(encoding="utf-8")
    for word in ("Doel", "Grondslag", "Wie vult in", "Tijd"):
        assert f"## {word}" in text
    assert (form_folder / "tests.csv").is_file()


def test_an_answer_that_hints_at_health_has_the_strictest_category(workbook: Workbook) -> None:
    hint = re.compile(r"gezond|zorgsignaal|zintuig|traplopen|slaap(?!kamer)", re.IGNORECASE)
    lists: dict[str, str] = {}
    for choice in workbook.sheet("choices").rows:
        text = choice.get("name") + " " + choice.get("label")
        lists[choice.get("list_name")] = lists.get(choice.get("list_name"), "") + text
    for row in questions(workbook):
        words = row.get("type").split()
        own = row.get("name") + " " + row.get("label")
        shown = own + (lists[words[1]] if len(words) > 1 else "")
        if hint.search(shown) and not row.get("name").startswith("advies_vervolgpad"):
            assert row.get("bind::dl:sharing") in ("gezondheid_signaal", "intern"), row.get("name")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("java") is None, reason="the reference validator needs Java")
def test_the_reference_validator_accepts_the_form(workbook: Workbook, tmp_path: Path) -> None:
    import pyxform

    place = Path(pyxform.__file__).parent / "validators/odk_validate/bin/ODK_Validate.jar"
    form = tmp_path / "form.xml"
    form.write_bytes(compile_workbook(workbook).xml)
    done = subprocess.run(
        ["java", "-jar", str(place), str(form)],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert "Xform is valid" in done.stdout + done.stderr
