"""Files of joining version 1, read for ever. Never change a golden file."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from uuid import UUID

import pytest

from intake_app import paths
from intake_app.domain.actor import Organisation, Profile
from intake_app.handover import joining
from intake_app.handover.joining import read_answer, read_request, write_request

FOLDER = Path(__file__).parents[1] / "vectors" / "golden"
DIGESTS = {
    "deelname-verzoek-v1.json": "df650fa9121a5d995fb1a386cc04ac2c9440f3623db5e0504d3b99ee0f9a44be",
    "deelname-antwoord-v1.age": "f6801432a8edefa7c7103994c9306559b60e4b177fa325e52ddbe16772f3b1f6",
    "deelname-sleutels.json": "52bc4446512e72d5b9173190a6dddf47563acfcf2ce5c8c15351f13da46e2dd3",
}


@pytest.mark.parametrize("name", DIGESTS)
def test_nobody_changed_a_golden_file(name: str) -> None:
    assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == DIGESTS[name]


def test_request_and_answer_v1() -> None:
    keys = json.loads((FOLDER / "deelname-sleutels.json").read_text())
    file = (FOLDER / "deelname-verzoek-v1.json").read_bytes()
    request = read_request(file)
    assert write_request(request) == file
    assert (request.label, request.number) == ("Laptop Samira", keys["number"])
    answer = (FOLDER / "deelname-antwoord-v1.age").read_bytes()
    found = read_answer(answer, request, keys["one_time"])
    assert found.organisation == Organisation(
        UUID("6e6e6e6e-1111-4222-8333-444455556666"),
        "Gemeente Voorbeeldstad",
        Profile.ONTVANGST,
        ("0344", "0355"),
    )
    assert list(found.age_identities) == keys["age"]
    assert found.signing_seed.hex() == keys["sign"]
    assert found.number == keys["organisation_number"]


def test_what_is_published_names_every_field() -> None:
    text = paths.resource("schema", "join-v1.md").read_text(encoding="utf-8")
    request = read_request((FOLDER / "deelname-verzoek-v1.json").read_bytes())
    body = ("nonce", "request", "from", "organisation", "keys")
    for name in (*request.plain(), *body, joining.REQUEST, joining.ANSWER, joining.NAMESPACE):
        assert f"`{name}`" in text
    for number in (joining.REQUEST_LIMIT, joining.ANSWER_LIMIT):
        assert f"{number:,}".replace(",", ".") in text
    assert all(name in text for name in DIGESTS)
