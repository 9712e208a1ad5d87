"""Nobody of the same user reads what is in memory, and a crash leaves nothing on disk."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from intake_app import hardening

NOBODY = "65534"
TRY = """
import os, subprocess, sys
hardened, source = sys.argv[1] == "yes", sys.stdin.read()
child = subprocess.Popen(
    [os.readlink("/proc/self/exe"), "-I", "-S", "-c", '''
import sys
if sys.argv[1] == "yes":
    names = {"__name__": "hardening"}
    sys.modules["hardening"] = type(sys)("hardening")
    exec(compile(sys.argv[2], "hardening", "exec"), names)
    print(names["harden"](), flush=True)
else:
    print("as it is", flush=True)
sys.stdin.read()
''', sys.argv[1], source],
    stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
)
print(child.stdout.readline().strip())
print(f"uid {os.getuid()}")
for name in ("mem", "environ"):
    try:
        os.close(os.open(f"/proc/{child.pid}/{name}", os.O_RDONLY))
        print(name, "opened")
    except OSError as error:
        print(name, error.__class__.__name__, error.errno)
with open(f"/proc/{child.pid}/limits") as limits:
    print(*next(line for line in limits if "core file" in line).split())
child.stdin.close()
child.wait()
"""


def readable_python(tmp_path: Path) -> list[str]:
    """Return how to start Python as somebody who is not root."""
    if sys.platform != "linux":
        pytest.skip("other programs' memory is read in another way here; try it by hand")
    if os.geteuid() != 0:
        return [sys.executable]
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        pytest.skip("root may read everything, and there is no setpriv to become somebody else")
    drop = [setpriv, "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups", "--no-new-privs"]
    # setpriv itself may still start what nobody else may; the shell it starts may not
    drop += ["/bin/sh", "-c", 'exec "$0" "$@"']
    for python in (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3"):
        command = [*drop, python]
        if Path(python).exists() and _starts(command):
            return command
    pytest.skip("root may read everything, and nobody else can start a Python here")


def _starts(command: list[str]) -> bool:
    script = "import dataclasses, resource, ctypes, sys; sys.exit(sys.version_info < (3, 11))"
    done = subprocess.run(
        [*command, "-I", "-S", "-c", script], check=False, capture_output=True, cwd="/"
    )
    return done.returncode == 0


def tried(command: list[str], *, hardened: bool) -> list[str]:
    source = Path(hardening.__file__).read_text(encoding="utf-8")
    done = subprocess.run(
        [*command, "-I", "-S", "-c", TRY, "yes" if hardened else "no"],
        input=source, capture_output=True, text=True, check=False, cwd="/",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_the_same_user_cannot_read_the_memory_of_the_program(tmp_path: Path):
    command = readable_python(tmp_path)
    plain = tried(command, hardened=False)
    if plain[2] != "mem opened":
        pytest.skip("this kernel keeps users from each other's programs already")
    said = tried(command, hardened=True)
    assert said[0] == "Hardened(no_core=True, not_readable=True, no_reports=False)"
    assert said[1] == plain[1] != "uid 0"
    assert said[2] == "mem PermissionError 13"
    assert said[3] == "environ PermissionError 13"
    assert said[4] == "Max core file size 0 0 bytes"


def test_a_measure_that_cannot_be_had_stops_nothing(monkeypatch: pytest.MonkeyPatch):
    def refuse() -> None:
        raise OSError

    monkeypatch.setattr(hardening, "_no_core_file", refuse)
    monkeypatch.setattr(hardening, "_not_dumpable", refuse)
    assert hardening.harden() == hardening.Hardened()


@pytest.mark.parametrize("arguments", [["--help"], ["--render-child"]])
def test_the_program_begins_with_it(arguments: list[str]):
    """Nothing of ours is loaded before: what reads a passphrase is protected from the start."""
    script = (
        "import sys\n"
        "from intake_app import hardening\n"
        "def stop():\n"
        "    print(sorted(n for n in sys.modules if n.startswith('intake_app')))\n"
        "    raise SystemExit(9)\n"
        "hardening.harden = stop\n"
        "from intake_app.__main__ import main\n"
        f"main({arguments!r})\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], check=False, capture_output=True, text=True
    )
    assert done.returncode == 9, done.stderr
    assert done.stdout.split() == [
        "['intake_app',",
        "'intake_app.__main__',",
        "'intake_app.hardening']",
    ]


def test_the_way_for_windows_is_whole():
    """It cannot run here; at least nothing of it is missing. Untested on Windows until tried."""
    source = Path(hardening.__file__).read_text(encoding="utf-8")
    names = ("SetErrorMode", "WerAddExcludedApplication", "WerSetFlags", "SetKernelObjectSecurity")
    assert all(name in source for name in names)
    compile(source, "hardening", "exec")
