"""Codes of the standards beside an answer: optional, so that older files still open."""

from __future__ import annotations

import dataclasses
import json

import pytest
from handover_samples import sample_dossier

from intake_app.handover.dossier import Dossier, DossierCode, DossierRefused, from_json, to_json


def with_codes(*codes: DossierCode) -> Dossier:
    plain = sample_dossier()
    talk = plain.interviews[0]
    answer = dataclasses.replace(talk.answers[0], codes=codes)
    return dataclasses.replace(plain, interviews=(dataclasses.replace(talk, answers=(answer,)),))


def test_written_and_read() -> None:
    coded = with_codes(DossierCode("ISCED 2011", "1"), DossierCode("ISCO-08", "5141"))
    assert from_json(to_json(coded)) == coded
    (answer,) = json.loads(to_json(coded))["interviews"][0]["answers"]
    assert answer["codes"][0] == {"code_list": "ISCED 2011", "code": "1"}


def test_without_a_code_nothing_is_written() -> None:
    plain = json.loads(to_json(with_codes()))
    assert "codes" not in plain["interviews"][0]["answers"][0]
    assert "scripts" not in plain["person"]


@pytest.mark.parametrize(
    "code", [DossierCode("ISCED 1997", "1"), DossierCode("ISCO-08", "kapper"), DossierCode("", "")]
)
def test_other_lists_and_codes_are_refused(code: DossierCode) -> None:
    with pytest.raises(DossierRefused, match="codes"):
        to_json(with_codes(code))


@pytest.mark.parametrize("script", ["latn", "Latin", ""])
def test_other_scripts_are_refused(script: str) -> None:
    plain = sample_dossier()
    person = dataclasses.replace(plain.person, scripts=(script,))
    with pytest.raises(DossierRefused, match="scripts"):
        to_json(dataclasses.replace(plain, person=person))
