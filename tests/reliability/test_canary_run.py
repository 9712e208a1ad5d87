"""Canaries through every feature: no byte under home, temp, logs or /dev/shm holds one after.

The windows of the main job have their own canary run, in tests/acceptance.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support import canaries
from support.storm.canary_run import SCAN, TYPED

ROOT = Path(__file__).parents[2]
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108  (searched, not written)


@pytest.mark.slow
def test_every_feature_leaves_no_canary(tmp_path: Path, figure: Callable[[object], None]):
    home, outside = tmp_path / "thuis", tmp_path / "thuis" / "buiten"
    outside.mkdir(parents=True)
    folder = home / "werk"
    folder.mkdir()
    temporary = home / "tmp"
    temporary.mkdir()
    before = set(SHARED_MEMORY.iterdir()) if SHARED_MEMORY.is_dir() else set()
    ended = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-m", "support.storm.canary_run", str(folder)],
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "XDG_RUNTIME_DIR": str(temporary),
            **{name: str(temporary) for name in ("TMPDIR", "TEMP", "TMP", "SQLITE_TMPDIR")},
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")]),
            "PYTHONDONTWRITEBYTECODE": "1",
            "LANG": "C.UTF-8",
        },
        capture_output=True,
        text=True,
        cwd=home,
        check=False,
        timeout=240,
    )
    assert (ended.returncode, ended.stdout) == (0, "klaar\n"), ended.stderr
    (home / "uitvoer.log").write_text(ended.stdout + ended.stderr, encoding="utf-8")
    assert canaries.search([outside], TYPED), "the search must find what is there"
    new = [path for path in SHARED_MEMORY.iterdir() if path not in before] if before else []
    (outside / "scan.txt").unlink()
    files = [path for path in home.rglob("*") if path.is_file()]
    hits = canaries.search([home, *(path for path in new if path.is_dir())], TYPED)
    figure(
        f"canary run: {len(TYPED)} canaries, {len(files)} files, "
        f"{sum(path.stat().st_size for path in files):,} bytes, {len(hits)} hits"
    )
    assert hits == []
    assert list(temporary.iterdir()) == []


def test_the_canaries_are_in_what_is_typed():
    assert SCAN in TYPED
    assert len(set(TYPED)) == len(TYPED)
