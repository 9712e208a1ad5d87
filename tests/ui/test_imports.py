"""Every module of the windows can be the first that is imported: no two need each other first."""

from __future__ import annotations

import pkgutil
import subprocess
import sys

import pytest

from intake_app import ui

_EACH = """
import importlib, sys
failed = []
for name in sys.argv[1:]:
    before = set(sys.modules)
    try:
        importlib.import_module(name)
    except ModuleNotFoundError as missing:
        if not str(missing.name).startswith("PySide6."):
            failed.append(f"{name}: {missing}")
    except ImportError as error:
        failed.append(f"{name}: {error}")
    for made in set(sys.modules) - before:
        if made.startswith("intake_app.ui"):
            del sys.modules[made]
print("\\n".join(failed))
"""


@pytest.mark.slow
def test_each_module_of_the_windows_can_be_imported_first() -> None:
    names = [module.name for module in pkgutil.walk_packages(ui.__path__, ui.__name__ + ".")]
    assert len(names) > 100
    done = subprocess.run(
        [sys.executable, "-c", _EACH, *names], check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == "", done.stdout


@pytest.mark.parametrize(
    "first", ["desk", "interview.host", "people.person", "clientscreen.window"]
)
def test_what_the_program_begins_with_can_be_imported_first(first: str) -> None:
    """As the program does: the window before the vault is open imports none of these."""
    done = subprocess.run(
        [sys.executable, "-c", f"import intake_app.ui.{first}"],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
