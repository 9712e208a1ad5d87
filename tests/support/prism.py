"""Prism in front of a server: holds every request and every answer against an OpenAPI file.

Two things in the published ZGW files stop it and are taken out of a copy: references to files on
the internet, and a Content-Type header that would allow application/json alone.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import yaml

PACKAGE = "@stoplight/prism-cli@5.16.0"
ROOT = Path(__file__).parents[2]
PLACE = ROOT / ".tools" / "prism"


class Absent(Exception):
    """Prism cannot run here; says why."""


def installed() -> Path:
    """The program, installed once beside the tree. Raises `Absent`."""
    program = PLACE / "node_modules" / ".bin" / "prism"
    if program.exists():
        return program
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        raise Absent("no node and npm on this machine")
    PLACE.mkdir(parents=True, exist_ok=True)
    (PLACE / "package.json").write_text('{"private": true}', encoding="utf-8")
    command = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", PACKAGE]
    try:
        done = subprocess.run(command, cwd=PLACE, capture_output=True, timeout=240, check=False)
    except subprocess.TimeoutExpired:
        raise Absent("npm took too long") from None
    if done.returncode or not program.exists():
        raise Absent("npm could not install it")
    return program


def localised(source: Path, target: Path) -> None:
    """Write a copy that Prism can serve without a network."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    document = yaml.load(source.read_bytes(), loader)  # noqa: S506  (a safe loader)

    def mend(part: Any) -> None:
        if isinstance(part, dict):
            if str(part.get("$ref", "")).startswith("http"):
                part.clear()
                part["type"] = "object"
            if isinstance(part.get("parameters"), list):
                part["parameters"] = [p for p in part["parameters"] if not _content_type(p)]
        for inner in (
            part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
        ):
            mend(inner)

    mend(document)
    target.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")


def _content_type(parameter: Any) -> bool:
    return (
        isinstance(parameter, dict)
        and parameter.get("in") == "header"
        and str(parameter.get("name", "")).lower() == "content-type"
    )


@contextmanager
def guarding(spec: Path, upstream: str, log: Path) -> Iterator[str]:
    """Prism between us and `upstream`; what breaks the specification is answered with an error."""
    program = installed()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        str(program),
        "proxy",
        "--errors",
        "-h",
        "127.0.0.1",
        "-p",
        str(port),
        str(spec),
        upstream,
    ]
    with log.open("wb") as out:
        running = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
    try:
        _wait(port, running)
        yield f"http://127.0.0.1:{port}"
    finally:
        running.terminate()
        try:
            running.wait(10)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


def _wait(port: int, running: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 90
    while time.monotonic() < until:
        if running.poll() is not None:
            raise Absent("it ended by itself")
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        with suppress(subprocess.TimeoutExpired):
            running.wait(0.1)
    raise Absent("it did not start in time")
