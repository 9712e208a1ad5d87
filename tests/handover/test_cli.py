"""`intake handover inspect`: says what the outside says, and refuses with a code."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest
from handover_samples import AZC, HANDOVER, ZEIST

from intake_app.cli import handover
from intake_app.crypto.fingerprint import fingerprint


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    handover.add_parser(parser.add_subparsers(dest="command"))
    return handover.run(parser.parse_args(["handover", *arguments]))


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
