"""`intake keys`: a request, an answer, and the organisation's keys in a second vault."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from support.no_windows import NoWindows
from support.vaults import PASSPHRASE, environment, prepared_vault

from intake_app.cli import codes, commands
from intake_app.domain.actor import Profile
from intake_app.flows import join
from intake_app.flows.address_book import own_card
from intake_app.handover.joining import SENTENCES, JoinRefusal
from intake_app.vault import Vault


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for number, name in ((1, "gemeente"), (2, "samira")):
        prepared_vault(tmp_path / name, profile=Profile.ONTVANGST, number=number).close()
    (tmp_path / "zin.txt").write_text(f"{PASSPHRASE}\n", encoding="utf-8")
    return tmp_path


def intake(site: Path, verb: str, name: str, *more: object) -> int:
    secret = ["--vault", site / name, "--passphrase-file", site / "zin.txt"]
    words = [str(each) for each in ("keys", verb, *secret, *more)]
    return commands.run(words, NoWindows())


def number_of(site: Path, name: str) -> str:
    vault = Vault.open(site / name, passphrase=PASSPHRASE, env=environment(80))
    try:
        return own_card(vault).fingerprint
    finally:
        vault.close()


def test_from_the_request_to_the_keys(site, capsys, monkeypatch):
    asked = ("--label", "Laptop Samira", "--to", site / "v.json")
    assert intake(site, "join-request", "samira", *asked) == codes.OK
    heard = capsys.readouterr().out.removeprefix("controlegetal: ").strip()
    answered = (site / "v.json", "--to", site / "a.age")
    wrong = ("--number", "1" * 30)
    assert intake(site, "join-answer", "gemeente", *answered, *wrong) == codes.REFUSED
    said = capsys.readouterr()
    assert said.err.strip() == SENTENCES[JoinRefusal.WRONG_NUMBER]
    assert heard not in said.out
    monkeypatch.setattr("builtins.input", lambda _question: heard)
    assert intake(site, "join-answer", "gemeente", *answered) == codes.OK
    assert capsys.readouterr().out == "verzoek van: Laptop Samira\n"
    assert intake(site, "join-take", "samira", site / "a.age") == codes.REFUSED
    assert capsys.readouterr().err.strip() == SENTENCES[JoinRefusal.NUMBER_NEEDED]
    own = ("--number", number_of(site, "gemeente"))
    assert intake(site, "join-take", "samira", site / "a.age", *own) == codes.OK
    assert capsys.readouterr().out == "organisatie: Gemeente Voorbeeldstad (controlegetal)\n"
    assert number_of(site, "samira") == number_of(site, "gemeente")
    assert intake(site, "join-take", "samira", site / "a.age", *own) == codes.REFUSED


def test_what_cannot_be_is_refused_in_words(site, capsys):
    shutil.copy(site / "zin.txt", site / "v.json")
    for words in (
        ("join-request", "samira", "--label", "", "--to", site / "nieuw.json"),
        ("join-request", "samira", "--label", "x", "--to", site / "v.json"),
        ("join-answer", "gemeente", site / "v.json", "--to", site / "a.age"),
        ("join-take", "samira", site / "nergens.age"),
    ):
        assert intake(site, *words) == codes.REFUSED
        said = capsys.readouterr()
        assert said.err.strip()
        assert "Traceback" not in said.err
    assert intake(site, "join-request", "samira") == codes.USAGE


def test_nothing_secret_is_printed(site, capsys):
    asked = ("--label", "Laptop Samira", "--to", site / "v.json")
    assert intake(site, "join-request", "samira", *asked) == codes.OK
    vault = Vault.open(site / "samira", passphrase=PASSPHRASE, env=environment(81))
    with vault.read() as records:
        secret = records.organisation.one_time()
    assert join.waiting(vault) is not None
    vault.close()
    assert secret is not None
    said = capsys.readouterr()
    assert secret not in said.out + said.err
    assert "AGE-SECRET-KEY" not in said.out + said.err
