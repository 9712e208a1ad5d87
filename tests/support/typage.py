"""typage (npm `age-encryption`), the only other age with hybrid identities: an oracle for tests."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

SOURCE = Path(__file__).parents[1] / "crypto" / "typage"


class TypageError(Exception):
    """typage refused what it was given."""


class Typage:
    """One node process that answers one request a line."""

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(
            ["node", "oracle.mjs"],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, action: str, **given: Any) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"action": action, **given}) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        if "error" in answer:
            raise TypageError(answer["error"])
        return answer

    def encrypt(self, recipients: list[str], data: bytes, *, armored: bool = False) -> bytes:
        text = base64.b64encode(data).decode()
        answer = self.ask("encrypt", recipients=recipients, data=text, armored=armored)
        return base64.b64decode(answer["data"])

    def decrypt(self, identity: str, data: bytes, *, armored: bool = False) -> bytes:
        text = base64.b64encode(data).decode()
        answer = self.ask("decrypt", identity=identity, data=text, armored=armored)
        return base64.b64decode(answer["data"])

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(timeout=30)
        self._process.stdout.close()


def start(folder: Path) -> Typage:
    """Install typage into `folder` as locked and start it; skips visibly where that cannot be."""
    missing = [tool for tool in ("node", "npm") if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
    for name in ("package.json", "package-lock.json", "oracle.mjs"):
        shutil.copy(SOURCE / name, folder / name)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, timeout=200
    )
    if done.returncode != 0:
        pytest.skip(f"npm could not install typage (exit {done.returncode})")
    return Typage(folder)
