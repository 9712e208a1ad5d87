"""What Python keeps for nothing is let go of when a vault or a talk opens."""

from __future__ import annotations

import linecache
import sys
from pathlib import Path

import pytest

from intake_app.ui.interview.garbage import Garbage
from intake_app.ui.memory import forget_sources


@pytest.fixture(autouse=True)
def looked_at() -> str:
    """Have the lines of a module kept, as looking at its source does."""
    path = str(Path(__file__))
    linecache.clearcache()
    assert linecache.getlines(path)
    assert path in linecache.cache
    return path


def test_source_lines_are_let_go_of_and_can_be_read_again(looked_at: str) -> None:
    forget_sources()
    assert not linecache.cache
    assert linecache.getline(looked_at, 1).startswith('"""')


class NothingToSearch:
    def collect(self, generation: int = 2) -> int:
        return generation

    def freeze(self) -> None: ...
    def unfreeze(self) -> None: ...


def test_they_go_when_an_interview_opens() -> None:
    Garbage(NothingToSearch()).opened()
    assert not linecache.cache


def test_pyside_is_still_the_one_who_reads_them() -> None:
    """When it no longer does, `forget_sources` has nothing left to do."""
    import subprocess

    code = (
        "import linecache, PySide6.QtCore\n"
        "linecache.clearcache()\n"
        "import colorsys\n"
        "print(any(name.endswith('colorsys.py') for name in linecache.cache))\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "True"
