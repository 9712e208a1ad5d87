"""The files that the whole job makes are exactly these: no temporary copy of anybody's data.

The headless tour (registering, a conversation, plan, handover, receiving, the document, the
receipt) runs under strace; every file that any of its processes creates, writes or renames is
compared with a list, in both directions.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CREATING = (
    "open,openat,creat,mkdir,mkdirat,rename,renameat,renameat2,link,linkat,symlink,symlinkat,"
    "mknod,mknodat,memfd_create"
)
VAULT = (
    "kluis.db",
    "kluis.db-shm",
    "kluis.db-wal",
    "kluis.db.nieuw",
    "kluis.db.nieuw-journal",
    "kluis.db.nieuw-shm",
    "kluis.db.nieuw-wal",
    "kluis.json",
    "kluis.json.nieuw",
    "kluis.lock",
    "reserve.bin",
    "sleutels.bak.json",
    "sleutels.bak.json.nieuw",
    "sleutels.json",
    "sleutels.json.nieuw",
)
ALLOWED = frozenset(
    {
        # what the tour is asked to leave behind: pictures, and what a stick would carry
        "{out}",
        "{out}/<picture>.png",
        "{out}/.ontvangst-<hex>.age.<hex>.deel",
        "{out}/ontvangst-<hex>.age",
        "{out}/.overdracht-<hex>.zip.<hex>.deel",
        "{out}/overdracht-<hex>.zip",
        "{out}/.sleutelkaart-azc.json.<hex>.deel",
        "{out}/sleutelkaart-azc.json",
        "{out}/.sleutelkaart-gemeente.json.<hex>.deel",
        "{out}/sleutelkaart-gemeente.json",
        "{out}/adresboek.json",
        "{out}/dossier.pdf",
        # the two vaults, encrypted from the first byte
        "{tmp}/doorgaande-lijn-<random>",
        "{tmp}/doorgaande-lijn-<random>/azc",
        "{tmp}/doorgaande-lijn-<random>/ontvangst",
        *(f"{{tmp}}/doorgaande-lijn-<random>/azc/{name}" for name in VAULT),
        *(f"{{tmp}}/doorgaande-lijn-<random>/ontvangst/{name}" for name in VAULT),
        # Python tries whether it can write in the folder for temporary files, with the word "blat"
        "{tmp}/<random>",
        "/dev/null",
    }
)
MAY_BE = frozenset({"<code of a library>"})
"""What is made at the first run only."""

CALL = re.compile(r"(\d+) +(\w+)\((.*)\) += (-?\d+)")
UNFINISHED, RESUMED = " <unfinished ...>", re.compile(r"(\d+) +<\.\.\. \w+ resumed>(.*)")
QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
WRITING = re.compile(r"O_CREAT|O_WRONLY|O_RDWR|O_TMPFILE")


def calls(trace: str) -> list[tuple[str, str]]:
    """Return name and arguments of the calls that worked; those cut in two are put together."""
    begun: dict[str, str] = {}
    found = []
    for raw in trace.splitlines():
        line = raw
        if line.endswith(UNFINISHED):
            begun[line.split()[0]] = line.removesuffix(UNFINISHED)
            continue
        if resumed := RESUMED.match(line):
            line = begun.pop(resumed[1], "") + resumed[2]
        call = CALL.match(line)
        if call is not None and not call[4].startswith("-"):
            found.append((call[2], call[3]))
    return found


def made(trace: str, out: Path, tmp: Path) -> set[str]:
    """Return what was created or written, with what differs from run to run taken out."""
    found = set()
    for name, arguments in calls(trace):
        if name in {"open", "openat"} and not WRITING.search(arguments):
            continue
        paths = QUOTED.findall(arguments)
        found.add(shape(paths[-1] if paths else f"{name}({arguments})", out, tmp))
    return found


def shape(path: str, out: Path, tmp: Path) -> str:
    if "/__pycache__" in path:
        return "<code of a library>"
    path = path.replace(str(out), "{out}").replace(str(tmp), "{tmp}")
    path = re.sub(r"(?<=\{out\}/)\d\d-[a-z-]+\.png\Z", "<picture>.png", path)
    path = re.sub(r"(?<=[-.])[0-9a-f]{8,32}(?=[./]|\Z)", "<hex>", path)
    path = re.sub(r"\{tmp\}/doorgaande-lijn-[a-z0-9_]{8}", "{tmp}/doorgaande-lijn-<random>", path)
    return re.sub(r"\{tmp\}/[a-z0-9_]{8}\Z", "{tmp}/<random>", path)


def tracer() -> list[str]:
    strace = shutil.which("strace")
    if sys.platform != "linux" or strace is None:
        pytest.skip("strace is not here")
    for extra in (["--seccomp-bpf"], []):
        command = [strace, "-f", *extra, "-qq", "-s", "4096"]
        tried = subprocess.run(
            [*command, "-o", "/dev/null", "true"], check=False, capture_output=True
        )
        if tried.returncode == 0:
            return command
    pytest.skip("strace may not look at other processes here")


@pytest.mark.slow
def test_the_whole_job_makes_these_files_and_no_other(tmp_path: Path):
    command = tracer()
    home, temporary, out = (tmp_path / name for name in ("thuis", "tijdelijk", "uit"))
    home.mkdir()
    temporary.mkdir()
    keep = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "DISPLAY", "WAYLAND"))}
    places = {"HOME": home, "TMPDIR": temporary, "XDG_RUNTIME_DIR": temporary}
    done = subprocess.run(
        [*command, "-o", str(tmp_path / "spoor"), "-e", f"trace={CREATING}",
         sys.executable, "-m", "intake_app", "--headless-tour", str(out)],
        cwd=ROOT,
        env={**keep, **{k: str(v) for k, v in places.items()}, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True, text=True, timeout=400, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    found = made((tmp_path / "spoor").read_text(errors="replace"), out, temporary)
    assert found - MAY_BE == ALLOWED
    assert list(home.iterdir()) == []
    assert list(temporary.iterdir()) == []


def test_what_is_made_is_read_from_a_trace():
    trace = (
        '7  openat(AT_FDCWD, "/t/uit/01-welkom.png", O_WRONLY|O_CREAT, 0666) = 5\n'
        '7  openat(AT_FDCWD, "/etc/passwd", O_RDONLY) = 6\n'
        '7  openat(AT_FDCWD, "/t/weg", O_WRONLY|O_CREAT, 0666) = -1 EACCES (Permission denied)\n'
        '8  rename("/t/tmp/kladje.pdf", "/t/tmp/dossier van iemand.pdf" <unfinished ...>\n'
        '7  memfd_create("stil", MFD_CLOEXEC) = 9\n'
        "8  <... rename resumed>) = 0\n"
    )
    found = made(trace, Path("/t/uit"), Path("/t/tmp"))
    assert found == {"{out}/<picture>.png", "{tmp}/dossier van iemand.pdf", "stil"}
    assert found - ALLOWED
