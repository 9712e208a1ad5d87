from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

LOCKS = ("requirements.lock", "requirements-run.lock", "uv.lock.txt")


def pins(path: Path) -> dict[str, str]:
    """Return name to version, after checking that every entry is pinned and has a hash."""
    found = {}
    for entry in path.read_text("utf-8").replace("\\\n", " ").splitlines():
        match = re.match(r"([a-z0-9._-]+)==([^ ;]+)", entry)
        assert match is not None, entry[:60]
        assert "--hash=sha256:" in entry, match.group()
        found[match.group(1)] = match.group(2)
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_everything_is_pinned_by_hash(root: Path, lock: str) -> None:
    assert pins(root / "packaging" / lock)
    assert "://" not in (root / "packaging" / lock).read_text("utf-8")


def test_the_program_runs_on_the_versions_it_is_tested_with(root: Path) -> None:
    tested = pins(root / "packaging" / "requirements.lock")
    run = pins(root / "packaging" / "requirements-run.lock")
    assert run.items() <= tested.items()
    assert not {"pytest", "mypy", "ruff", "pyrage", "pyinstaller"} & run.keys()


def test_every_declared_dependency_is_locked(root: Path) -> None:
    declared = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    names = {
        re.match(r"[A-Za-z0-9._-]+", text).group().lower()  # type: ignore[union-attr]
        for text in declared["dependencies"]
    }
    assert names <= pins(root / "packaging" / "requirements-run.lock").keys()
