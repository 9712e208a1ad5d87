"""Codes beside answers: those that are certain, and no other."""

from __future__ import annotations

import csv

import pytest
from support import filled
from support.chain import PERSON, add_person, make_chain

from intake_app import paths
from intake_app.crypto.age import parse_identity
from intake_app.flows import hand_over
from intake_app.flows.case_file import case_file
from intake_app.flows.coding import codes_of, scripts_of
from intake_app.handover.dossier import DossierCode, from_json, to_json
from intake_app.handover.open import open_alone


@pytest.mark.parametrize(
    ("text", "scripts"),
    [
        ("", ()),
        ("ኣማኑኤል ተስፋይ", ("Ethi",)),
        ("سارة", ("Arab",)),
        ("Юлія", ("Cyrl",)),
        ("Jörg-Peter 3", ("Latn",)),
        ("سارة (Sara)", ("Arab", "Latn")),
        ("12 – !", ()),
    ],
)
def test_the_script_of_a_name(text: str, scripts: tuple[str, ...]) -> None:
    assert scripts_of(text) == scripts


@pytest.mark.parametrize(
    ("concept", "value", "codes"),
    [
        ("ISCED 2011", "basis", ("1",)),
        ("ISCED 2011", "voortgezet_hoog basis", ("3", "1")),
        ("ISCED 2011", "beroep", ()),
        ("ISCED 2011", "hoger", ()),
        ("ISCED 2011", "", ()),
        ("ISCO-08", "kapper sinds 2012", ()),
        ("ISCO-08", "5141", ("5141",)),
        ("ISO 15924", "Latn Arab", ("Latn", "Arab")),
        ("ISO 15924", "Latijns", ()),
        ("ERK", "A2", ()),
        ("", "basis", ()),
    ],
)
def test_codes_of_an_answer(concept: str, value: str, codes: tuple[str, ...]) -> None:
    assert codes_of(concept, value) == tuple(DossierCode(concept, code) for code in codes)


def test_the_values_are_those_of_the_form() -> None:
    """A choice that is renamed would lose its code without a word."""
    with (paths.forms_dir() / "intake" / "choices.csv").open(encoding="utf-8") as file:
        names = [row["name"] for row in csv.DictReader(file) if row["list_name"] == "niveau"]
    assert {"basis", "voortgezet_laag", "voortgezet_hoog"} <= set(names)
    assert [bool(codes_of("ISCED 2011", name)) for name in names].count(True) == 3


def test_they_travel_with_the_dossier(tmp_path) -> None:
    chain = make_chain(tmp_path)
    add_person(chain.azc)
    filled.interview(chain.azc, PERSON.person_id)
    handover = hand_over.seal(chain.azc, PERSON.person_id, chain.stick)
    identities = [parse_identity(i) for i in chain.town.organisation_keys().age_identities]
    opened = open_alone(chain.stick / handover.file_name, identities=identities, directory=None)
    dossier = from_json(opened.dossier_json)
    assert dossier.person.scripts == ("Ethi",)
    with chain.azc.read() as records:
        case = case_file(records, PERSON.person_id, chain.azc.env)
    named = {question.code_list for file in case.interviews for question in file.questions}
    assert {"ERK", "ISO 639-3"} <= named
    assert to_json(dossier) == opened.dossier_json
    chain.close()
