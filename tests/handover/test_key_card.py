"""Key cards: signed by the key they carry, and by nothing else."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from handover_samples import AZC, HOUTEN, NOW, ZEIST, counted_random

from intake_app.handover.errors import Refusal, RefusalReason
from intake_app.handover.key_card import KeyCard, read_key_card, sign_key_card, write_key_card

R = RefusalReason
CARD = KeyCard(
    organisation_id=ZEIST.party.organisation_id,
    name=ZEIST.name,
    kind="gemeente",
    municipality_codes=("0355",),
    age_recipient=ZEIST.party.age_recipient,
    sign_public=ZEIST.party.sign_public,
    box="box-1",
    issued=NOW,
)


def reason(data: bytes) -> RefusalReason:
    with pytest.raises(Refusal) as caught:
        read_key_card(data)
    return caught.value.reason


def test_round_trip(tmp_path: Path) -> None:
    path = write_key_card(CARD, ZEIST.key, tmp_path / "kaart.json", random=counted_random("k"))
    assert read_key_card(path.read_bytes()) == CARD
    assert CARD.fingerprint == ZEIST.party.fingerprint
    assert [each.name for each in tmp_path.iterdir()] == ["kaart.json"]


def test_only_its_own_key_signs_it() -> None:
    with pytest.raises(ValueError, match="not the key"):
        sign_key_card(CARD, AZC.key)


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Gemeente Vals"},
        {"age": HOUTEN.party.age_recipient},
        {"sign": HOUTEN.party.sign_public},
        {"box": "box-2"},
        {"kind": "azc"},
    ],
)
def test_a_changed_card_is_refused(change: dict[str, Any]) -> None:
    plain = json.loads(sign_key_card(CARD, ZEIST.key))
    plain["card"].update(change)
    assert reason(json.dumps(plain).encode()) is R.KEY_CARD_SIGNATURE_BROKEN


def test_other_shapes() -> None:
    plain = json.loads(sign_key_card(CARD, ZEIST.key))
    for change in ({"kind": "x"}, {"extra": 1}, {"age": "x"}, {"issued": "x"}, {"format": "x"}):
        other = {**plain, "card": {**plain["card"], **change}}
        assert reason(json.dumps(other).encode()) is R.NOT_A_KEY_CARD
    newer = {**plain, "card": {**plain["card"], "version": 2}}
    assert reason(json.dumps(newer).encode()) is R.KEY_CARD_VERSION
    for junk in (b"", b"[]", b"{}", b"\xff", b"[" * 9999, bytes(40_000)):
        assert reason(junk) is R.NOT_A_KEY_CARD
    other = {**plain, "signature": 5}
    assert reason(json.dumps(other).encode()) is R.KEY_CARD_SIGNATURE_BROKEN


def test_the_writer_refuses_what_no_reader_takes() -> None:
    with pytest.raises(Refusal):
        sign_key_card(dataclasses.replace(CARD, name="a\nb"), ZEIST.key)
