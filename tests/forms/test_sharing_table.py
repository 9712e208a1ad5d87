from __future__ import annotations

import csv
import re
from collections import Counter

import pytest

from intake_app import paths
from intake_app.domain.actor import ReceiverRole
from intake_app.domain.sharing import SharingRule, Verdict, read_table

CATEGORIES = {
    "identiteit", "bsn", "contact", "gezin", "koppeling", "ambitie", "opleiding", "werk", "taal",
    "leren", "digitaal", "werkinteresse", "ondernemen", "geld", "gezondheid_signaal", "kinderen",
    "wonen", "netwerk", "zelfredzaamheid", "noa", "plan", "activiteit", "begrip", "notitie",
    "intern", "medisch",
}  # fmt: skip
SEALED = {ReceiverRole.COA, ReceiverRole.GEMEENTE, ReceiverRole.UITVOERDER}


@pytest.fixture(scope="module")
def rules() -> dict[tuple[str, ReceiverRole], SharingRule]:
    text = paths.resource("sharing", "table.csv").read_text(encoding="utf-8")
    return dict(read_table(text).rules)


def test_every_category_meets_every_role_exactly_once(
    rules: dict[tuple[str, ReceiverRole], SharingRule],
) -> None:
    with paths.resource("sharing", "table.csv").open(encoding="utf-8", newline="") as file:
        pairs = Counter((row["category"], row["role"]) for row in csv.DictReader(file))
    assert set(pairs) == {(c, r.value) for c in CATEGORIES for r in ReceiverRole}
    assert set(pairs.values()) == {1}
    assert len(rules) == len(CATEGORIES) * len(ReceiverRole)


def test_what_never_leaves(rules: dict[tuple[str, ReceiverRole], SharingRule]) -> None:
    for role in ReceiverRole:
        assert rules["intern", role].verdict is Verdict.NEE
        medical = rules["medisch", role].verdict
        assert medical is (
            Verdict.NA_TOESTEMMING if role is ReceiverRole.ZORGVERLENER else Verdict.NEE
        )
        may_have_bsn = role in (ReceiverRole.GEMEENTE, ReceiverRole.UITVOERDER)
        assert rules["bsn", role].verdict is (Verdict.JA if may_have_bsn else Verdict.NEE)


def test_the_main_handover_rests_on_the_public_task(
    rules: dict[tuple[str, ReceiverRole], SharingRule],
) -> None:
    for (category, role), rule in rules.items():
        if role in SEALED and rule.verdict is Verdict.JA and category != "bsn":
            assert "AVG 6(1)(e)" in rule.basis, (category, role)
        if role in (ReceiverRole.GEMEENTE, ReceiverRole.UITVOERDER):
            assert rule.verdict is not Verdict.NA_TOESTEMMING, (category, role)
        if rule.verdict is Verdict.NA_TOESTEMMING:
            assert re.search(r"AVG (6\(1\)\(a\)|9\(2\)\(a\))", rule.basis), (category, role)


def test_outsiders_get_nothing_without_consent(
    rules: dict[tuple[str, ReceiverRole], SharingRule],
) -> None:
    outsiders = set(ReceiverRole) - SEALED - {ReceiverRole.NOA}
    for (category, role), rule in rules.items():
        if role in outsiders:
            assert rule.verdict is not Verdict.JA, (category, role)
    for role in set(ReceiverRole) - SEALED - {ReceiverRole.ZORGVERLENER}:
        assert rules["gezondheid_signaal", role].verdict is Verdict.NEE


def test_every_reason_is_a_short_sentence(
    rules: dict[tuple[str, ReceiverRole], SharingRule],
) -> None:
    for key, rule in rules.items():
        assert rule.reason.endswith("."), key
        assert rule.basis, key
        assert all(len(part.split()) <= 24 for part in rule.reason.split(". ")), key
