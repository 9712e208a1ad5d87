"""The command line without a vault: make keys, seal, look, verify, open; refuse with a code."""

from __future__ import annotations

import argparse
import hashlib
from dataclasses import dataclass
from pathlib import Path

import pytest
from handover_samples import AZC, BOOK, HANDOVER, PDF, ROOTS, ZEIST, open_as, sample_dossier
from test_medical import medical_dossier

from intake_app.cli import handover
from intake_app.cli import open as open_command
from intake_app.crypto.age import PassphraseRecipient
from intake_app.crypto.fingerprint import fingerprint
from intake_app.handover.address_book import sign_book
from intake_app.handover.dossier import to_json
from intake_app.handover.key_card import read_key_card


def run(*arguments: str | Path, command: str = "handover") -> int:
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(dest="command")
    handover.add_parser(commands)
    open_command.add_parser(commands)
    given = parser.parse_args([command, *map(str, arguments)])
    return open_command.run(given) if command == "open" else handover.run(given)


def test_shows_the_outside(
    sealed_bytes: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(sealed_bytes)
    assert run("inspect", str(path)) == 0
    out = capsys.readouterr().out
    for text in (
        "doorgaande-lijn-overdracht",
        str(HANDOVER),
        f"{len(sealed_bytes)} bytes",
        "whole",
        AZC.key.public,
        fingerprint(AZC.key.public),
        AZC.party.fingerprint,
        ZEIST.party.fingerprint,
    ):
        assert text in out


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"hallo", "not_a_handover: Dit bestand is geen overdracht."),
        (b"PK\3\4" + bytes(50), "truncated: Dit bestand is niet compleet"),
        (None, "unreadable_file: Dit bestand kan niet worden gelezen."),
    ],
)
def test_refuses_with_the_reason(
    data: bytes | None, word: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.zip"
    if data is not None:
        path.write_bytes(data)
    assert run("inspect", str(path)) == 1
    shown = capsys.readouterr()
    assert shown.err.startswith(word)
    assert not shown.out


@pytest.mark.parametrize("arguments", [(), ("inspect",), ("wat", "a.zip"), ("inspect", "a", "b")])
def test_usage(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        run(*arguments)
    assert caught.value.code == 2
    assert "usage" in capsys.readouterr().err


@dataclass
class Post:
    """A folder with the keys of two organisations, made on the command line, and a dossier."""

    folder: Path

    def path(self, name: str) -> Path:
        return self.folder / name

    def number(self, name: str) -> str:
        return read_key_card(self.path(f"{name}.kaart").read_bytes()).fingerprint

    def make_keys(self, name: str, kind: str) -> None:
        names = [
            "--name",
            f"Verzonnen {name}",
            "--kind",
            kind,
            "--card",
            self.path(f"{name}.kaart"),
        ]
        assert run("new-keys", self.path(name), *names) == 0

    def build(self, recipient: str, *more: str | Path) -> int:
        return run(
            *("build", self.path("uit"), "--dossier", self.path("dossier.json")),
            *("--pdf", self.path("dossier.pdf"), "--key", self.path("azc")),
            *("--sender", self.path("azc.kaart"), "--to", self.path(f"{recipient}.kaart")),
            *("--number", self.number(recipient), *more),
        )

    @property
    def sealed(self) -> Path:
        (found,) = self.path("uit").iterdir()
        return found


@pytest.fixture
def post(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Post:
    monkeypatch.setenv("INTAKE_KEY_PASSPHRASE", "een lange verzonnen zin")
    # The work factor as it is costs a second each time; here it only costs time.
    monkeypatch.setattr(PassphraseRecipient.__init__, "__defaults__", (10,))
    post = Post(tmp_path)
    post.make_keys("azc", "azc")
    post.make_keys("zorg", "zorg")
    post.path("dossier.json").write_bytes(to_json(sample_dossier()))
    post.path("dossier.pdf").write_bytes(PDF)
    post.path("Diploma.PDF").write_bytes(b"%PDF-1.7 verzonnen")
    post.path("Rekening.exe").write_bytes(b"MZ verzonnen")
    post.path("uit").mkdir()
    return post


def test_build_verify_and_open(post: Post, capsys: pytest.CaptureFixture[str]) -> None:
    files = ["--attach", post.path("Diploma.PDF"), "--attach", post.path("Rekening.exe")]
    assert post.build("zorg", *files) == 0
    sha256 = hashlib.sha256(post.sealed.read_bytes()).hexdigest()
    assert sha256 in capsys.readouterr().out
    key = ("--key", post.path("zorg"))
    for who in (["--from", post.path("azc.kaart")], ["--number", post.number("azc")]):
        assert run("verify", post.sealed, *key, *who) == 0
        shown = capsys.readouterr()
        assert "Verzonnen azc\n" in shown.out
        assert post.number("azc") in shown.out
        assert sha256 in shown.out
        assert "Amanuel" not in shown.out + shown.err
    assert run(post.sealed, *key, "--unknown-sender", "--out", post.path("in"), command="open") == 0
    assert "niet gecontroleerd" in capsys.readouterr().err
    found = {path.name: path.read_bytes() for path in post.path("in").iterdir() if path.is_file()}
    about = {path.name for path in (post.path("in") / "mdto").iterdir()}
    assert about == {f"{name}.mdto.xml" for name in (*found, "dossier")}
    assert found == {
        "dossier.json": to_json(sample_dossier()),
        "dossier.pdf": PDF,
        "bijlage-001.pdf": b"%PDF-1.7 verzonnen",
        "bijlage-002.exe.niet-openen": b"MZ verzonnen",
    }


def test_the_medical_envelope(post: Post, capsys: pytest.CaptureFixture[str]) -> None:
    post.path("dossier.json").write_bytes(to_json(medical_dossier()))
    assert post.build("zorg") == 1
    assert "medical" in capsys.readouterr().err
    assert post.build("azc", "--medical") == 1
    assert "zorgverlener" in capsys.readouterr().err
    assert post.build("zorg", "--medical") == 0
    capsys.readouterr()
    assert run("verify", post.sealed, "--key", post.path("zorg"), "--unknown-sender") == 0
    assert "doorgaande-lijn-medisch" in capsys.readouterr().out


def test_a_key_card_to_print(post: Post, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("card", post.path("zorg.kaart"), post.path("zorg.pdf")) == 0
    assert post.path("zorg.pdf").read_bytes().startswith(b"%PDF-")
    assert run("card", post.path("zorg.kaart"), post.path("zorg.pdf")) == 1
    assert run("card", post.path("dossier.json"), post.path("ander.pdf")) == 1
    assert "not_a_key_card" in capsys.readouterr().err


def test_building_is_refused(post: Post, capsys: pytest.CaptureFixture[str]) -> None:
    refused = [
        (["--number", "1" * 30], "controlegetal"),
        (["--key", post.path("zorg")], "hoort niet bij"),
        (["--key", post.path("dossier.pdf")], "geen sleutel"),
        (["--sender", post.path("dossier.json")], "sleutelkaart"),
        (["--dossier", post.path("dossier.pdf")], "geen dossier"),
        (["--dossier", post.path("weg")], "lukt niet"),
        (["--attach", post.path("weg")], "is er niet"),
    ]
    for more, word in refused:
        assert post.build("zorg", *more) == 1
        assert word in capsys.readouterr().err
    assert not list(post.path("uit").iterdir())
    again = ["new-keys", post.path("zorg"), "--name", "x", "--kind", "zorg", "--card"]
    before = post.path("zorg").read_bytes()
    assert run(*again, post.path("nieuw.kaart")) == 1
    assert run(*again[:1], post.path("nieuw"), *again[2:], post.path("zorg.kaart")) == 1
    assert not post.path("nieuw").exists()
    assert post.path("zorg").read_bytes() == before


def test_opening_is_refused(
    post: Post, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert post.build("zorg") == 0
    zorg, azc = ("--key", post.path("zorg")), ("--key", post.path("azc"))
    for who, word in [
        ([*azc, "--unknown-sender"], "no_key_fits"),
        ([*zorg, "--number", post.number("zorg")], "unknown_sender"),
        ([*zorg, "--from", post.path("zorg.kaart")], "unknown_sender"),
        ([*zorg, "--from", post.path("dossier.pdf")], "geen adresboek"),
        (["--key", post.path("weg"), "--unknown-sender"], "lukt niet"),
        ([*zorg, "--unknown-sender", "--out", post.path("uit")], "lukt niet"),
    ]:
        assert run("open", post.sealed, *who) == 1
        assert word in capsys.readouterr().err
    data = bytearray(post.sealed.read_bytes())
    data[len(data) // 2] ^= 1
    post.sealed.write_bytes(data)
    assert run("open", post.sealed, *zorg, "--unknown-sender", "--out", post.path("in")) == 1
    assert capsys.readouterr().err.startswith("payload_damaged")
    assert not post.path("in").exists()
    monkeypatch.setenv("INTAKE_KEY_PASSPHRASE", "een andere zin")
    assert run("verify", post.sealed, *zorg, "--unknown-sender") == 1
    assert "opent dit sleutelbestand niet" in capsys.readouterr().err


def test_a_plain_key_file_and_an_address_book(
    sealed_bytes: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.zip").write_bytes(sealed_bytes)
    (tmp_path / "sleutel").write_text(f"# created\n\n{ZEIST.identity.encode()}\n")
    (tmp_path / "boek").write_bytes(sign_book(BOOK, ROOTS[:2]))
    given = (tmp_path / "a.zip", "--key", tmp_path / "sleutel", "--from", tmp_path / "boek")
    assert run("verify", *given) == 0
    assert f"{AZC.name}\n" in capsys.readouterr().out
    assert open_as(tmp_path / "a.zip").sender.name == AZC.name
    for text in ("", "# niets\n", "x" * 70_000, "\xff"):
        (tmp_path / "sleutel").write_text(text, "latin-1")
        assert run("verify", *given) == 1
