from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from support.people import add_people
from support.vaults import PASSPHRASE, make_vault

from intake_app.cli import codes, commands, with_vault
from intake_app.vault import folder as places

NO_WINDOWS = SimpleNamespace()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("log") / "kluis"
    vault = make_vault(folder)
    add_people(vault)
    vault.close()
    return folder


@pytest.fixture
def given(made: Path, tmp_path: Path) -> list[str]:
    """Return what names a fresh copy of the vault, and the file with its passphrase."""
    shutil.copytree(made, tmp_path / "kluis")
    (tmp_path / "zin.txt").write_text(f"{PASSPHRASE}\n", encoding="utf-8")
    return ["--vault", str(tmp_path / "kluis"), "--passphrase-file", str(tmp_path / "zin.txt")]


def run(*arguments: str) -> int:
    return commands.run(["audit", *arguments], NO_WINDOWS)  # type: ignore[arg-type]


def test_a_whole_log(given: list[str], capsys: pytest.CaptureFixture[str]):
    assert run("verify", *given) == codes.OK
    said = capsys.readouterr()
    assert said.out.endswith("Het logboek is heel.\n")
    assert said.err == ""


def test_seal_prints_a_head_that_verify_takes(given: list[str], capsys: pytest.CaptureFixture[str]):
    assert run("seal", *given) == codes.OK
    head = capsys.readouterr().out.split()[-1]
    assert run("verify", *given, "--head", head) == codes.OK
    number, _, digest = head.partition(":")
    capsys.readouterr()
    assert run("verify", *given, "--head", f"{int(number) + 500}:{digest}") == codes.REFUSED
    assert f"Regel {int(number) + 500} heeft er wel gestaan" in capsys.readouterr().err


def test_show_prints_who_did_what(given: list[str], capsys: pytest.CaptureFixture[str]):
    assert run("show", *given, "--limit", "5") == codes.OK
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 5
    assert "Noor de Vries | Kluis openen" in lines[0]


@pytest.mark.parametrize("head", ["", "12", "x:00", "1:zz", "-1:" + "00" * 32, "1:00"])
def test_a_head_that_is_none(given: list[str], capsys: pytest.CaptureFixture[str], head: str):
    assert run("verify", *given, f"--head={head}") == codes.REFUSED
    assert "NUMMER:HASH" in capsys.readouterr().err


def test_what_cannot_be_opened_is_said(
    given: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "zin.txt").write_text("een andere zin", encoding="utf-8")
    for arguments, said in (
        (given, "klopt niet"),
        ([*given[:3], str(tmp_path / "geen.txt")], "niet te lezen"),
        (["--vault", str(tmp_path), *given[2:]], "geen kluis"),
    ):
        assert run("verify", *arguments) == codes.REFUSED
        told = capsys.readouterr()
        assert said in told.err
        assert "Traceback" not in told.err
    assert run("verify", "--onbekend") == codes.USAGE


def test_a_prompt_that_ends_is_no_traceback(
    given: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def nobody(_prompt: str) -> str:
        raise EOFError

    monkeypatch.setattr(with_vault.getpass, "getpass", nobody)
    assert run("show", *given[:2]) == codes.REFUSED
    assert "geen wachtwoordzin" in capsys.readouterr().err


def test_a_broken_log_is_one(given: list[str], capsys: pytest.CaptureFixture[str]):
    from support.vaults import environment

    from intake_app.vault import Vault

    vault = Vault.open(Path(given[1]), passphrase=PASSPHRASE, env=environment())
    assert vault._opened is not None
    with vault._opened.writer.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_no_delete")
        connection.exec_driver_sql("DELETE FROM audit WHERE seq = 4")
    vault.close()
    assert (Path(given[1]) / places.DATABASE).exists()
    assert run("verify", *given) == codes.REFUSED
    told = capsys.readouterr()
    assert "ontbreekt regel 4" in told.err
    assert "heel." not in told.out
