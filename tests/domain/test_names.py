"""Names by the rules of the register: one name, no name, and what only looks like one."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake_app.domain.names import NameProblem, family_name, is_same_name, other_name


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Mahmood", "Mahmood"),
        ("  Tesfay \t Gebre ", "Tesfay Gebre"),
        ("van der Meer-O’Neill", "van der Meer-O’Neill"),
        ("محمد رامي", "محمد رامي"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("ኣማኑኤል", "ኣማኑኤል"),
        ("\u202bمحمد\u202c", "محمد"),
        ("Jose\u0301", "José"),
        ("X Æ", "X Æ"),
    ],
)
def test_one_name_is_enough(text: str, kept: str) -> None:
    assert family_name(text, has_other_name=False) == kept
    assert other_name(text) == kept


def test_a_point_is_an_unknown_family_name_beside_another_name() -> None:
    assert family_name(".", has_other_name=True) == "."
    with pytest.raises(NameProblem, match="voornaam of roepnaam"):
        family_name(".", has_other_name=False)


@pytest.mark.parametrize("text", ["-", "onbekend", "Onbekend", "?", "FNU", "n.v.t.", "xxx", "..."])
def test_words_for_nothing_are_no_names(text: str) -> None:
    with pytest.raises(NameProblem, match="Zet dan een punt"):
        family_name(text, has_other_name=True)
    with pytest.raises(NameProblem, match="Laat het dan leeg"):
        other_name(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Vul de achternaam in"),
        (" \n", "Vul de achternaam in"),
        ("0070007007", "geen cijfers"),
        ("Haddad ٢", "geen cijfers"),
        ("***", "letters"),
        ("a" * 201, "hoogstens 200"),
    ],
)
def test_what_cannot_be_a_name(text: str, said: str) -> None:
    with pytest.raises(NameProblem, match=said):
        family_name(text, has_other_name=False)


def test_no_first_name_is_no_problem() -> None:
    assert other_name("") == ""
    with pytest.raises(NameProblem, match="leeg"):
        other_name(".")


@given(text=st.text(max_size=60), other=st.booleans())
def test_what_is_kept_stays_as_it_is(text: str, *, other: bool) -> None:
    with suppress(NameProblem):
        kept = family_name(text, has_other_name=other)
        assert family_name(kept, has_other_name=other) == kept
        assert "\n" not in kept


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Praktijk De Linde", "praktijk de  linde.", True),
        ("Huisarts Zoë", "HUISARTS ZOE", True),
        ("Post ٣", "Post 3", True),
        ("Praktijk De Linde", "Praktijk De Linde Zuid", False),
        ("Praktijk De Linde", "", False),
        ("", "", False),
        (".", "-", False),
    ],
)
def test_names_of_organisations_are_compared_without_case_accents_and_stops(
    one: str, other: str, same: bool
) -> None:
    assert is_same_name(one, other) is same
    assert is_same_name(other, one) is same
