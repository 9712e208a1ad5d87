from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from intake_app import launcher, paths

ROOT = Path(__file__).parents[2]

# Starts itself again after 75, as the program does; each start adds a line with its process id.
CHILD = """
import os, sys
from pathlib import Path
from intake_app import launcher

log, plan = Path(sys.argv[1]), sys.argv[2:]

def run(argv):
    starts = log.read_text().splitlines() if log.exists() else []
    with log.open("a") as file:
        file.write(f"{os.getpid()} {' '.join(argv)}\\n")
    print("start", len(starts) + 1)
    return int(argv[1 + len(starts)])

def again(argv):
    return [sys.executable, __file__, *argv]

sys.exit(launcher.main(sys.argv[1:], run, again))
"""

# Holds a key the first time, and looks for it in its own memory both times. The key is known to
# the second process only with one added to every byte, so that looking does not make it. Turning
# every bit would not do: what the search turns holds the turned keys too, and would be plain again.
MEMORY = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from intake_app import launcher

folder, note = Path(sys.argv[1]), Path(sys.argv[2])
TURN = bytes((b + 1) % 256 for b in range(256))

def copies(turned):
    found = 0
    with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
        for line in maps:
            area, rights = line.split()[:2]
            start, end = (int(x, 16) for x in area.split("-"))
            if "r" not in rights or "[v" in line:
                continue
            try:
                memory.seek(start)
                found += memory.read(end - start).translate(TURN).count(turned)
            except (OSError, ValueError, OverflowError):
                continue
    return found

def run(argv):
    if note.exists():
        secrets = note.read_bytes().split(b"\\n--\\n")
        note.with_suffix(".after").write_text(" ".join(str(copies(s)) for s in secrets))
        return 0
    from support.vaults import PASSPHRASE, environment
    from intake_app.crypto.slots import KeyFile, subkey
    from intake_app.domain.actor import Actor
    from intake_app.vault import Vault
    vault = Vault.open(folder, passphrase=PASSPHRASE, env=environment(), reserve_bytes=4096)
    key_file = KeyFile.from_bytes((folder / "sleutels.json").read_bytes())
    slot = key_file.open(PASSPHRASE)
    key = subkey(slot.master, key_file.db, "sqlcipher").hex().encode()
    text = os.urandom(16).hex().encode()
    with vault.transaction(Actor(vault.user.user_id, "Noor"), "test") as t:
        t.settings.set("kanarie", text.decode())
    secrets = [s.translate(TURN) for s in (key, slot.master, text, PASSPHRASE.encode())]
    note.write_bytes(b"\\n--\\n".join(secrets))
    note.with_suffix(".before").write_text(" ".join(str(copies(s)) for s in secrets))
    vault.close()
    return launcher.LOCKED

def again(argv):
    return [sys.executable, __file__, *argv]

sys.exit(launcher.main(sys.argv[1:], run, again))
"""

# The program itself: unlocks, locks by its own locker; started again it shows the unlock window.
REAL = """
import os, sys
from pathlib import Path
from intake_app import launcher

folder, log = Path(sys.argv[1]), Path(sys.argv[2])
os.environ["QT_QPA_PLATFORM"] = "offscreen"

def say(line):
    with log.open("a") as file:
        file.write(f"{os.getpid()} {line}\\n")

def run(argv):
    from PySide6.QtCore import QTimer
    from intake_app import app as root

    second = log.exists()
    start = root.Program.start

    def begin(program):
        start(program)
        QTimer.singleShot(0, lambda: step(program))

    def step(program):
        say(type(program.front).__name__)
        if second:
            root.application().exit(0)
            return
        from support.vaults import PASSPHRASE
        from intake_app.flows.unlock import unlock
        program.open_with(unlock(folder, PASSPHRASE, program._env))
        say(type(program.desk).__name__)
        program.desk.locker.lock()

    root.Program.start = begin
    return root.Desktop().work(folder)

def again(argv):
    return [sys.executable, __file__, *argv]

sys.exit(launcher.main(sys.argv[1:], run, again))
"""


def start(script: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    return subprocess.run(
        [sys.executable, str(script), *arguments],
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def child(tmp_path: Path) -> Path:
    script = tmp_path / "kind.py"
    script.write_text(CHILD)
    return script


@pytest.mark.parametrize("code", [0, 1, 3, 70])
def test_other_codes_are_passed_on(child: Path, tmp_path: Path, code: int):
    log = tmp_path / "starts"
    assert start(child, str(log), str(code)).returncode == code
    assert len(log.read_text().splitlines()) == 1


def test_locked_starts_again_with_the_same_arguments(child: Path, tmp_path: Path):
    log = tmp_path / "starts"
    ended = start(child, str(log), "75", "75", "4")
    assert ended.returncode == 4
    assert ended.stdout.splitlines() == ["start 1", "start 2", "start 3"]
    lines = log.read_text().splitlines()
    assert len({line.split(" ", 1)[1] for line in lines}) == 1
    assert len(lines) == 3


@pytest.mark.skipif(os.name != "posix", reason="Windows has no exec")
def test_it_stays_the_same_process_for_whoever_started_it(child: Path, tmp_path: Path):
    log = tmp_path / "starts"
    start(child, str(log), "75", "0")
    assert len({line.split(" ", 1)[0] for line in log.read_text().splitlines()}) == 1


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such limit")
def test_a_crash_leaves_no_memory_on_disk(tmp_path: Path):
    script = tmp_path / "kern.py"
    script.write_text(
        "import resource, sys\n"
        "from intake_app import launcher\n"
        "resource.setrlimit(resource.RLIMIT_CORE, (4096, -1))\n"
        "limit = lambda _: resource.getrlimit(resource.RLIMIT_CORE)[0]\n"
        "sys.exit(launcher.main([], limit))\n"
    )
    ended = start(script)
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs /proc")
def test_after_a_lock_no_key_and_no_text_is_in_memory(tmp_path: Path):
    from support.vaults import make_vault

    folder, note = tmp_path / "kluis", tmp_path / "notitie"
    make_vault(folder).close()
    script = tmp_path / "geheugen.py"
    script.write_text(MEMORY)
    ended = start(script, str(folder), str(note))
    assert ended.returncode == 0, ended.stderr
    before = [int(n) for n in note.with_suffix(".before").read_text().split()]
    after = [int(n) for n in note.with_suffix(".after").read_text().split()]
    assert all(before), "the search must be able to find what is there"
    assert after == [0, 0, 0, 0]


def test_the_program_is_started_as_it_was_installed(monkeypatch: pytest.MonkeyPatch):
    assert launcher.program(["run"]) == [sys.executable, "-m", "intake_app", "run"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert launcher.program(["run"]) == [sys.executable, "run"]
    monkeypatch.setattr(sys, "executable", "")
    with pytest.raises(FileNotFoundError):
        launcher.program([])


def test_the_program_itself_locks_and_shows_the_unlock_window(tmp_path: Path):
    from support.vaults import make_vault

    if not (paths.compiled_dir() / "forms").is_dir():
        pytest.skip("the forms are not compiled: python -m intake_app.formio.build")
    folder, log = tmp_path / "kluis", tmp_path / "stappen"
    make_vault(folder).close()
    script = tmp_path / "programma.py"
    script.write_text(REAL)
    ended = start(script, str(folder), str(log))
    assert ended.returncode == 0, ended.stderr
    steps = [line.split(" ") for line in log.read_text().splitlines()]
    assert [step[1] for step in steps] == ["UnlockWindow", "Desk", "UnlockWindow"]
    if os.name == "posix":
        assert len({step[0] for step in steps}) == 1
    make_sure_it_opens(folder)


def make_sure_it_opens(folder: Path) -> None:
    from support.vaults import PASSPHRASE, environment

    from intake_app.vault import Vault

    Vault.open(folder, passphrase=PASSPHRASE, env=environment(), reserve_bytes=4096).close()


@pytest.mark.parametrize("module", ["intake_app.vault", "intake_app.flows.unlock"])
def test_asking_for_the_passphrase_does_not_wait_for_the_database(tmp_path: Path, module: str):
    script = tmp_path / "licht.py"
    script.write_text(
        f"import sys, {module}\n"
        "heavy = {'sqlalchemy', 'sqlcipher3', 'cryptography'} & set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else 0)\n"
    )
    ended = start(script)
    assert ended.returncode == 0, ended.stderr
