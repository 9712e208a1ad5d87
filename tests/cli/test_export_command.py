from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from support.interviews import add_person
from support.vaults import PASSPHRASE, actor_of, make_vault

from intake_app.cli import codes, commands
from intake_app.domain.person import Literacy

NO_WINDOWS = SimpleNamespace()
NUMBER = "1.234.567"
TYPED = (
    "--set=dagtekeningPip=2026-02-20",
    "--set=leerroute=Z",
    "--set=niveau=A2",
    "--set=indicatorMagOpleidingAfmaken=nee",
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("duo") / "kluis"
    vault = make_vault(folder)
    who = replace(add_person(vault), residence_title="26", literacy=Literacy.ANALFABEET)
    with vault.transaction(actor_of(vault), "toets") as tx:
        tx.persons.save(who)
    vault.close()
    return folder


@pytest.fixture
def given(made: Path, tmp_path: Path) -> list[str]:
    """Return what names a fresh copy of the vault, and the file with its passphrase."""
    shutil.copytree(made, tmp_path / "kluis")
    (tmp_path / "zin.txt").write_text(f"{PASSPHRASE}\n", encoding="utf-8")
    opened = ["--vault", str(tmp_path / "kluis")]
    return [*opened, "--passphrase-file", str(tmp_path / "zin.txt"), "--v-number", NUMBER]


def run(*arguments: str) -> int:
    return commands.run(["export", *arguments], NO_WINDOWS)  # type: ignore[arg-type]


def test_a_file_for_duo(given: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    target = tmp_path / "pip.json"
    assert run("pip", *given, *TYPED, "--out", str(target)) == codes.OK
    said = capsys.readouterr()
    assert "pip.json" in said.out
    content = json.loads(target.read_text(encoding="utf-8"))
    assert content["inburgeraar"] == {"vNummer": "0001234567"}
    assert content["pip"]["indicatorAlfabetiseringsonderwijs"] == "A"


def test_without_a_file_it_tells_what_is_missing(
    given: list[str], capsys: pytest.CaptureFixture[str]
):
    assert run("pip", *given) == codes.REFUSED
    said = capsys.readouterr()
    assert "indicatorAlfabetiseringsonderwijs = A  (gegevens van de persoon)" in said.out
    assert "Ontbreekt nog: Datum van het PIP, Leerroute, Niveau" in said.err
    assert run("pip", *given, *TYPED) == codes.OK


def test_what_duo_would_refuse_is_named(
    given: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    target = tmp_path / "pip.json"
    assert run("pip", *given, *TYPED, "--set=niveau=B1", "--out", str(target)) == codes.REFUSED
    said = capsys.readouterr()
    assert "- Niveau: B1 kan niet bij de Z-route. Kies A2." in said.err
    assert not target.exists()
    assert run("lbt", *given, "--out", str(target)) == codes.REFUSED
    assert "Datum van de toets: De datum ontbreekt." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (["--v-number", "7007007"], "niemand met dit V-nummer"),
        (["--v-number", "V12"], "tien cijfers"),
        (["--set", "leerroute"], "NAAM=WAARDE"),
        (["--set", "kleur=rood"], "geen veld"),
        (["--out", "{there}"], "is er al"),
        (["--passphrase-file", "{nowhere}"], "niet te lezen"),
    ],
)
def test_what_will_not_do_is_said(
    given: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    changed: list[str],
    said: str,
):
    places = {"there": str(tmp_path / "zin.txt"), "nowhere": str(tmp_path / "weg.txt")}
    assert run("pip", *given, *(each.format(**places) for each in changed)) == codes.REFUSED
    assert said in capsys.readouterr().err
