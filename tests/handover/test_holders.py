"""Users and laptops: vouched for by their organisation, revoked by its next list."""

from __future__ import annotations

import dataclasses
import json
from datetime import date, timedelta
from typing import Any

import pytest
from handover_samples import AZC, NOW, ROOTS, TODAY, ZEIST, uuid_of

from intake_app.handover.address_book import ACTIVE, REVOKED
from intake_app.handover.holders import (
    SENTENCES,
    Holder,
    HolderList,
    ListRefusal,
    ListRefused,
    accept_list,
    declare,
    made_by,
    sign_list,
)

R = ListRefusal
USER, LAPTOP = ROOTS[3], ROOTS[4]
LIST = HolderList(
    AZC.party.organisation_id,
    3,
    NOW,
    NOW + timedelta(days=90),
    (
        Holder(uuid_of("samira"), "gebruiker", USER.public, ACTIVE, date(2026, 1, 1)),
        Holder(uuid_of("laptop 7"), "laptop", LAPTOP.public, ACTIVE, date(2026, 1, 1)),
    ),
)
FILE = b"een verzegeld bestand"


def with_status(number: int, **changes: Any) -> HolderList:
    holders = list(LIST.holders)
    holders[number] = dataclasses.replace(holders[number], **changes)
    return dataclasses.replace(LIST, serial=4, holders=tuple(holders))


def refused(data: bytes, current: HolderList | None = None, **changes: Any) -> ListRefusal:
    given = {"organisation": AZC.entry(), "now": NOW, **changes}
    with pytest.raises(ListRefused) as caught:
        accept_list(current, data, given["organisation"], given["now"])
    assert str(caught.value) == SENTENCES[caught.value.reason]
    return caught.value.reason


def test_every_reason_has_its_own_sentence() -> None:
    assert set(SENTENCES) == set(ListRefusal)
    assert len(set(SENTENCES.values())) == len(ListRefusal)


def test_accepted_and_what_counts() -> None:
    data = sign_list(LIST, AZC.key)
    assert accept_list(None, data, AZC.entry(), NOW) == LIST
    assert accept_list(LIST, data, AZC.entry(), NOW) == LIST
    both = [declare(USER, FILE), declare(LAPTOP, FILE)]
    assert made_by(LIST, FILE, both, TODAY) == LIST.holders
    assert made_by(LIST, FILE, both[:1] * 2, TODAY) == LIST.holders[:1]
    assert made_by(LIST, FILE + b"x", both, TODAY) == ()
    assert made_by(LIST, FILE, [declare(AZC.key, FILE), "x"], TODAY) == ()
    assert made_by(LIST, FILE, both, date(2025, 12, 31)) == ()


def test_a_lost_laptop_is_revoked() -> None:
    later = accept_list(LIST, sign_list(with_status(1, status=REVOKED), AZC.key), AZC.entry(), NOW)
    both = [declare(USER, FILE), declare(LAPTOP, FILE)]
    assert made_by(later, FILE, both, TODAY) == LIST.holders[:1]
    assert refused(sign_list(LIST, AZC.key), later) is R.ROLLBACK
    same = dataclasses.replace(LIST, serial=4)
    assert refused(sign_list(same, AZC.key), later) is R.ROLLBACK


def test_who_left_no_longer_signs_but_did() -> None:
    left = with_status(0, until_date=TODAY)
    declared = [declare(USER, FILE)]
    assert made_by(left, FILE, declared, TODAY) == ()
    assert made_by(left, FILE, declared, TODAY - timedelta(days=1)) == left.holders[:1]


def test_refused() -> None:
    data = sign_list(LIST, AZC.key)
    assert refused(data, organisation=ZEIST.entry()) is R.OTHER_ORGANISATION
    assert refused(sign_list(LIST, ZEIST.key)) is R.SIGNATURE_BROKEN
    assert refused(data, organisation=AZC.entry(status=REVOKED)) is R.SIGNATURE_BROKEN
    assert refused(data, now=LIST.expires) is R.EXPIRED
    assert refused(data, now=NOW - timedelta(days=3)) is R.FROM_THE_FUTURE
    assert refused(data.replace(b'"serial": 3', b'"serial": 9')) is R.SIGNATURE_BROKEN
    assert refused(data.replace(b'"version": 1', b'"version": 2')) is R.UNKNOWN_VERSION


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "telefoon"},
        {"status": "retired"},
        {"sign": "x"},
        {"from": "2026"},
        {"extra": 1},
        {"sign": LAPTOP.public},
        {"id": "x"},
    ],
)
def test_other_shapes(change: dict[str, Any]) -> None:
    plain = json.loads(sign_list(LIST, AZC.key))
    plain["list"]["holders"][0].update(change)
    assert refused(json.dumps(plain).encode()) is R.UNREADABLE


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"list":1,"signature":""}', b"\xff"])
def test_junk(data: bytes) -> None:
    assert refused(data) is R.UNREADABLE
