"""The tour, as the README and the frozen program run it: in a process of its own, no display."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

ROOT = Path(__file__).parents[2]


MADE = {".png", ".zip", ".age", ".pdf", ".json", ".db", ".log", ".txt"}


def left_in_checkout() -> set[str]:
    """Return the files that git does not know and that are of a kind the program makes."""
    done = subprocess.run(
        ["git", "status", "--porcelain", "--untracked-files=all"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.skip("not in a git checkout")
    unknown = {line[3:] for line in done.stdout.splitlines() if line.startswith("??")}
    return {name for name in unknown if Path(name).suffix in MADE}


def colours(image: QImage) -> int:
    """Return how many different colours a grid over the picture meets."""
    seen = {
        image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)
    }
    return len(seen)


@pytest.mark.slow
def test_the_tour_leaves_pictures_file_pdf_and_receipt(tmp_path: Path) -> None:
    before = left_in_checkout()
    made = tmp_path / "rondleiding"
    environment = {k: v for k, v in os.environ.items() if k not in {"DISPLAY", "WAYLAND_DISPLAY"}}

    ended = subprocess.run(
        [sys.executable, "-m", "intake_app", "--headless-tour", str(made)],
        cwd=ROOT,
        env={**environment, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=250,
        check=False,
    )

    assert ended.returncode == 0, ended.stderr[-2000:]
    assert "Klaar" in ended.stdout
    names = {path.name for path in made.iterdir()}
    for pattern in ("overdracht-*.zip", "ontvangst-*.age", "adresboek.json", "sleutelkaart-*.json"):
        assert list(made.glob(pattern)), pattern
    assert (made / "dossier.pdf").read_bytes().startswith(b"%PDF-")
    pictures = sorted(made.glob("*.png"))
    assert len(pictures) >= 20
    steps = ("welkom", "registreren", "intake", "noa", "plan", "overdracht", "ontvangst", "mensen")
    assert not [s for s in steps if not any(s in name for name in names)]
    blank = [p.name for p in pictures if QImage(str(p)).isNull() or colours(QImage(str(p))) < 8]
    assert blank == []
    # the vaults of the tour are thrown away, and nothing is left in the checkout
    assert {path.name for path in tmp_path.iterdir()} == {"rondleiding"}
    assert left_in_checkout() == before
