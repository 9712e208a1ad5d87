from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the scripts in a checkout of their own, with nothing installed."""
    copy = tmp_path / "checkout met spatie"
    copy.mkdir()
    shutil.copytree(ROOT / "packaging", copy / "packaging")
    shutil.copytree(ROOT / ".ci", copy / ".ci")
    for folder in ("forms", "translations", "intake_app/formio", "intake_app/xforms", "resources"):
        (copy / folder).mkdir(parents=True)
    return copy


@pytest.fixture
def commands(tmp_path: Path) -> Callable[[str, str], Path]:
    """Put a made-up command in front of the real ones; returns the file its calls are noted in."""
    folder = tmp_path / "bin"
    folder.mkdir()

    def add(name: str, body: str) -> Path:
        calls = tmp_path / f"{name}.calls"
        calls.touch()
        script = folder / name
        script.write_text(f'#!/bin/bash\necho "$*" >>"{calls}"\n{body}\n')
        script.chmod(0o755)
        return calls

    return add


@pytest.fixture
def bash(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a command without a display, with the made-up commands found first."""

    def run(
        *command: str, cwd: Path | None = None, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        hidden = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "PYTHONPATH"}
        kept = {name: value for name, value in os.environ.items() if name not in hidden}
        kept["PATH"] = f"{tmp_path / 'bin'}{os.pathsep}{kept['PATH']}"
        return subprocess.run(
            command,
            cwd=cwd,
            env=kept | environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=280,
        )

    return run
