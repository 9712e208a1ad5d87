from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.vaults import CHEAP, PASSPHRASE, environment

from intake_app.domain.actor import Organisation, Profile
from intake_app.flows import set_up
from intake_app.vault import Vault

ORGANISATION = Organisation(UUID(int=1), "Team Zeezicht", Profile.AZC)


@pytest.mark.parametrize(
    "good",
    [
        PASSPHRASE,
        "gordijn tractor eland pepermunt brug",
        "Kwikstaart-7 dobbelt zelden",
        "7f#Kq2!vX9@mZ4w",
        "ባህሪ ሰማይ ንብ ድልድይ ቁልፍ ዛፍ",
    ],
)
def test_good_passphrases(good: str):
    assert set_up.check_passphrase(good) is None


@pytest.mark.parametrize(
    ("weak", "word"),
    [
        ("kort maar fijn", None),
        ("dertien teken", "te kort"),
        ("aaaaaaaaaaaaaaaa", "verschillende"),
        ("ababababababababab", "verschillende"),
        ("eland brug eland brug", "herhaalt"),
        ("Welkom01Welkom01", "herhaalt"),
        ("Wachtwoord123456!", "raden"),
        ("welkom in utrecht 2026", "raden"),
        ("qwertyuiopasdfghjkl", "raden"),
        ("12345678901234", "raden"),
        ("w\u0430\u0301" * 3, "te kort"),
    ],
)
def test_weak_passphrases(weak: str, word: str | None):
    problem = set_up.check_passphrase(weak)
    if word is None:
        assert problem is None
    else:
        assert problem is not None
        assert word in problem


def test_own_names_do_not_count():
    secret = "Noor van Zeezicht 2026"
    assert set_up.check_passphrase(secret) is None
    assert set_up.check_passphrase(secret, about=("Noor van Dijk", "Team Zeezicht")) is not None


@given(st.text(max_size=60))
def test_any_text_gets_a_verdict_and_is_never_quoted(text: str):
    problem = set_up.check_passphrase(text)
    assert problem is None or len(text) < 6 or text not in problem


def test_every_wrong_field_is_named_and_nothing_is_made(tmp_path: Path):
    folder = tmp_path / "kluis"
    nameless = Organisation(UUID(int=1), " ", Profile.AZC)
    with pytest.raises(set_up.SetUpRefused) as refused:
        set_up.create_vault(folder, "kort", "kort", " ", nameless, environment(), CHEAP)
    assert [p.field for p in refused.value.problems] == ["user_name", "organisation", "passphrase"]
    assert not folder.exists()


def test_the_repeat_must_be_the_same(tmp_path: Path):
    problems = set_up.check_set_up(PASSPHRASE, PASSPHRASE + "x", "Noor", ORGANISATION)
    assert [p.field for p in problems] == ["repeat"]


def test_composed_and_decomposed_are_one_passphrase(tmp_path: Path):
    folder = tmp_path / "kluis"
    composed, decomposed = "café terras lantaarn eland", "cafe\u0301 terras lantaarn eland"
    set_up.create_vault(
        folder, composed, decomposed, " Noor ", ORGANISATION, environment(), CHEAP
    ).close()
    vault = Vault.open(folder, passphrase=decomposed, env=environment())
    assert vault.user.name == "Noor"
    vault.close()
