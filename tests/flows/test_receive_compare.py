"""A received person beside the known one: every difference is named, none is decided silently."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from intake_app.domain.partial_date import PartialDate
from intake_app.domain.person import Household, HouseholdMember, Koppeling, Person, Relation
from intake_app.flows.compare import (
    HOUSEHOLD,
    KOPPELING,
    Choice,
    ChoiceMissing,
    Difference,
    compare,
    merge,
    takes_theirs,
)

OURS = Person(
    UUID(int=1),
    "0012345678",
    "Tesfay",
    given_names="Amanuel",
    phone="0611111111",
    email="aman@example.org",
    birth_date=PartialDate(1994, 3, 1),
)
THEIRS = replace(
    OURS,
    person_id=UUID(int=2),
    phone="0622222222",
    email="",
    birth_date=PartialDate(1994),
    name_in_own_script="ኣማኑኤል",
    sponsor_id=UUID(int=9),
)


def by_field(ours: Person = OURS, theirs: Person = THEIRS) -> dict[str, Difference]:
    return {field.field: field.difference for field in compare(ours, theirs)}


def test_each_kind_of_difference_is_named() -> None:
    found = by_field()
    assert found == {
        "v_number": Difference.SAME,
        "family_name": Difference.SAME,
        "given_names": Difference.SAME,
        "name_in_own_script": Difference.ONLY_THEIRS,
        "birth_date": Difference.DIFFERENT,
        "phone": Difference.DIFFERENT,
        "email": Difference.ONLY_OURS,
    }


def test_dates_are_shown_in_words() -> None:
    (born,) = [field for field in compare(OURS, THEIRS) if field.field == "birth_date"]
    assert (born.ours, born.theirs) == ("1 maart 1994", "1994")


def test_nothing_is_merged_without_a_choice() -> None:
    compared = compare(OURS, THEIRS)
    with pytest.raises(ChoiceMissing, match="Geboortedatum"):
        merge(OURS, THEIRS, compared, {})
    with pytest.raises(ChoiceMissing, match="Telefoon"):
        merge(OURS, THEIRS, compared, {"birth_date": Choice.OURS})


def test_the_chosen_side_stands_and_ours_keeps_its_identity() -> None:
    choices = {"birth_date": Choice.OURS, "phone": Choice.THEIRS}
    merged = merge(OURS, THEIRS, compare(OURS, THEIRS), choices)
    assert merged == replace(OURS, phone="0622222222", name_in_own_script="ኣማኑኤል")


def test_a_choice_never_reaches_a_field_that_did_not_differ() -> None:
    choices = {"birth_date": Choice.OURS, "phone": Choice.OURS, "email": Choice.THEIRS}
    assert merge(OURS, THEIRS, compare(OURS, THEIRS), choices).email == OURS.email


def test_household_and_koppeling_are_choices_too() -> None:
    ours = Household(UUID(int=3), (HouseholdMember("Sara", Relation.PARTNER),))
    theirs = Household(UUID(int=4), (HouseholdMember("Sara", Relation.KIND),))
    here = Koppeling(UUID(int=5), OURS.person_id, "0355", date(2026, 1, 5))
    there = Koppeling(UUID(int=6), OURS.person_id, "0344", date(2026, 2, 5))
    compared = compare(OURS, OURS, ours, theirs, here, there)
    fields = {field.field: field for field in compared}
    assert fields[HOUSEHOLD].needs_choice
    assert fields[KOPPELING].theirs == "Utrecht, vanaf 5 februari 2026"
    assert takes_theirs(fields[KOPPELING], {KOPPELING: Choice.THEIRS})
    assert not takes_theirs(fields[KOPPELING], {KOPPELING: Choice.OURS})
    with pytest.raises(ChoiceMissing):
        takes_theirs(fields[HOUSEHOLD], {})
