"""The real scripts on the real checkout: set up already, so that they change nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("git") is None, reason="git is absent"),
    pytest.mark.skipif(sys.platform == "win32", reason="needs bash"),
]

Bash = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def set_up(root: Path) -> Path:
    """The checkout these tests run from; skips when test.sh has not set it up."""
    if not (root / ".venv" / "all.stamp").exists() or not (root / ".git").exists():
        pytest.skip("not a checkout that packaging/test.sh has set up")
    return root


def best_of_three(run: Callable[[], object]) -> float:
    taken = []
    for _ in range(3):
        start = time.perf_counter()
        run()
        taken.append(time.perf_counter() - start)
    return min(taken)


def test_a_second_start_is_quick_and_leaves_the_checkout_clean(set_up: Path, bash: Bash) -> None:
    status = ("git", "-C", str(set_up), "status", "--porcelain", "--untracked-files=all")
    before = bash(*status).stdout
    program = (str(set_up / ".venv" / "bin" / "python"), "-P", "-m", "intake_app", "--help")
    script = (str(set_up / "packaging" / "run.sh"), "--help")
    first = bash(*script, cwd=Path(os.sep))
    assert first.returncode == 0, first.stderr
    assert "--headless-tour" in first.stdout
    again = bash(*script, cwd=Path(os.sep))
    assert again.stderr == ""
    assert again.stdout == first.stdout
    overhead = best_of_three(lambda: bash(*script)) - best_of_three(lambda: bash(*program))
    assert overhead < 0.3
    assert bash(*status).stdout == before


def test_arguments_are_passed_on_and_paths_stay_the_callers(
    set_up: Path, bash: Bash, tmp_path: Path
) -> None:
    shutil.copytree(set_up / "forms" / "intake", tmp_path / "een formulier")
    told = bash(str(set_up / "packaging" / "run.sh"), "form", "lint", "een formulier", cwd=tmp_path)
    assert told.returncode == 0, told.stdout + told.stderr
