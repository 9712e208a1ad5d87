"""Imports point down the house plan only, and nothing below `ui` needs Qt."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import intake_app

PACKAGE = Path(__file__).resolve().parent.parent / "intake_app"
FLOORS: tuple[frozenset[str], ...] = (
    frozenset({"domain", "xforms", "crypto", "i18n"}),
    frozenset({"speech"}),
    frozenset({"vault"}),
    frozenset({"handover", "documents", "sync", "formio"}),
    frozenset({"flows"}),
    frozenset({"ui"}),
    frozenset({"cli"}),
    frozenset({"app", "launcher", "tour", "__main__"}),
)
ANYWHERE = frozenset({"hardening", "paths", "sentences", "VERSION"})
QT_ALLOWED = frozenset({"ui", "app", "tour", "cli"})


def floor_of(part: str) -> int:
    return next((n for n, names in enumerate(FLOORS) if part in names), -1)


def modules() -> list[Path]:
    return sorted(p for p in PACKAGE.rglob("*.py") if "_data" not in p.parts)


@cache
def imports_of(path: Path) -> set[str]:
    """Return the dotted names that a module imports, wherever in the file it does."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def part_of(path: Path) -> str:
    relative = path.relative_to(PACKAGE)
    return relative.parts[0] if len(relative.parts) > 1 else relative.stem


def upward(path: Path) -> Iterator[str]:
    """Yield what a module imports and may not."""
    own, where = part_of(path), path.relative_to(PACKAGE)
    if own in ANYWHERE or own == "__init__":
        return
    if floor_of(own) < 0:
        yield f"{where}: {own} has no floor in the house plan"
    for name in sorted(imports_of(path)):
        parts = name.split(".")
        if parts[0] != "intake_app" or len(parts) < 2 or parts[1] in ANYWHERE | {own}:
            continue
        target = floor_of(parts[1])
        if own in {"__main__", "app", "tour", "launcher"} and target >= 0:
            continue  # the composition root may wire everything
        if not 0 <= target < floor_of(own):
            yield f"{where}: {own} may not import {name}"


def test_imports_point_down() -> None:
    assert [wrong for path in modules() for wrong in upward(path)] == []


def test_the_house_plan_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(modules()) > 600
    assert sum(len(imports_of(path)) for path in modules()) > 5_000
    monkeypatch.setitem(globals(), "FLOORS", FLOORS[:0:-1])
    wrong = [each for path in modules() for each in upward(path)]
    assert any("flows may not import intake_app.vault" in each for each in wrong)
    assert any("crypto has no floor in the house plan" in each for each in wrong)


def test_qt_only_above_the_flows() -> None:
    needs_qt = {
        part_of(path)
        for path in modules()
        if any(name.split(".")[0] == "PySide6" for name in imports_of(path))
    }
    assert {"ui", "app"} <= needs_qt <= QT_ALLOWED


def test_core_imports_with_qt_blocked() -> None:
    script = (
        "import sys, importlib, pkgutil\n"
        "class Block:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] == 'PySide6':\n"
        "            raise ImportError('blocked')\n"
        "sys.meta_path.insert(0, Block())\n"
        "try:\n"
        "    import PySide6\n"
        "except ImportError:\n"
        "    pass\n"
        "else:\n"
        "    sys.exit('the block does not block')\n"
        "import intake_app\n"
        "count = 0\n"
        "for part in ('domain','xforms','crypto','i18n','vault','handover','documents','formio',"
        "'flows'):\n"
        "    package = importlib.import_module('intake_app.' + part)\n"
        "    for m in pkgutil.walk_packages(package.__path__, package.__name__ + '.'):\n"
        "        if not m.name.endswith('render_child'):\n"
        "            importlib.import_module(m.name)\n"
        "        count += 1\n"
        "print(count)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 30


def test_the_version_is_written_twice_and_the_same() -> None:
    project = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["version"] == intake_app.VERSION
