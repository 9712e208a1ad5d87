from __future__ import annotations

import json
from pathlib import Path

import pytest

from intake_app.cli import codes, commands, doctor


class Windows:
    """Stands for the composition root; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[object, ...]] = []

    def work(self, vault: Path | None) -> int:
        self.asked.append(("work", vault))
        return codes.OK

    def practice(self, folder: Path | None, profile: str, *, fresh: bool) -> int:
        self.asked.append(("practice", folder, profile, fresh))
        return codes.OK

    def tour(self, folder: Path) -> int:
        self.asked.append(("tour", folder))
        return codes.OK


@pytest.fixture
def windows() -> Windows:
    return Windows()


@pytest.mark.parametrize(
    ("arguments", "asked"),
    [
        ([], ("work", None)),
        (["run"], ("work", None)),
        (["run", "--vault", "k"], ("work", Path("k"))),
        (["--practice"], ("practice", None, "azc", False)),
        (["practice", "--profile", "ontvangst"], ("practice", None, "ontvangst", False)),
        (["practice", "--folder", "o", "--fresh"], ("practice", Path("o"), "azc", True)),
        (["--headless-tour", "uit"], ("tour", Path("uit"))),
    ],
)
def test_each_way_to_open_a_window(
    windows: Windows, arguments: list[str], asked: tuple[object, ...]
) -> None:
    assert commands.run(arguments, windows) == codes.OK
    assert windows.asked == [asked]


def test_help_names_every_command_and_exit_code(
    windows: Windows, capsys: pytest.CaptureFixture[str]
) -> None:
    assert commands.run(["--help"], windows) == codes.OK
    text = capsys.readouterr().out
    for word in (
        *("run", "practice", "form", "handover", "addressbook", "vault", "audit", "doctor"),
        "--headless-tour",
    ):
        assert word in text
    for code in (0, 1, 2, 3, 70, 75):
        assert f"\n  {code} " in text


@pytest.mark.parametrize("arguments", [["onbekend"], ["practice", "--profile", "zorg"], ["form"]])
def test_a_wrong_command_line_is_two(windows: Windows, arguments: list[str]) -> None:
    assert commands.run(arguments, windows) == codes.USAGE


def test_an_unforeseen_error_says_nothing_about_anybody(
    windows: Windows, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_vault: Path | None) -> int:
        raise RuntimeError("Zonnebloem Kanariegeel")

    monkeypatch.setattr(windows, "work", broken)
    assert commands.run([], windows) == codes.UNEXPECTED
    said = capsys.readouterr()
    assert "Kanarie" not in said.out + said.err
    assert "Traceback" not in said.err


def test_doctor_says_what_is_missing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("intake_app.paths.compiled_dir", lambda: tmp_path)
    assert commands.run(["doctor"], Windows()) == codes.REFUSED
    assert "MISSING form intake" in capsys.readouterr().out


def test_doctor_finds_this_installation_whole() -> None:
    found = dict(doctor.checks())
    for name in ("encrypted database", "key derivation", "library PySide6.QtWidgets", "fonts"):
        assert found[name] == ""


def test_two_people_make_an_address_book(
    windows: Windows,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("INTAKE_ROOT_PASSPHRASE", "twee zinnen op twee sticks")
    first, second, book = (tmp_path / name for name in ("a.sleutel", "b.sleutel", "boek.json"))
    assert commands.run(["addressbook", "new-root", str(first)], windows) == codes.OK
    assert commands.run(["addressbook", "new-root", str(first)], windows) == codes.REFUSED
    assert commands.run(["addressbook", "new-root", str(second)], windows) == codes.OK
    make = ["addressbook", "make", str(book), "--root", str(first)]
    assert commands.run(make, windows) == codes.REFUSED
    assert not book.exists()
    assert commands.run([*make, "--root", str(second)], windows) == codes.OK
    assert json.loads(book.read_text())["book"]["serial"] == 1
    capsys.readouterr()
    assert commands.run(["addressbook", "show", str(book)], windows) == codes.OK
    assert "ondertekenaars: 2, nodig: 2" in capsys.readouterr().out
    monkeypatch.setenv("INTAKE_ROOT_PASSPHRASE", "een andere zin")
    other = [
        "addressbook",
        "make",
        str(tmp_path / "c"),
        "--root",
        str(first),
        "--root",
        str(second),
    ]
    assert commands.run(other, windows) == codes.REFUSED
    assert commands.run(["addressbook", "show", str(first)], windows) == codes.REFUSED
