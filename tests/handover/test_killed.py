"""A laptop that dies while it seals leaves no file that looks whole, and never half of one."""

from __future__ import annotations

import os
import random as stdlib_random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from handover_samples import AZC, Case, counted_random, open_as

from intake_app.handover import safe_file
from intake_app.handover.errors import CannotWrite
from intake_app.handover.open import inspect
from intake_app.handover.seal import seal

CHILD = """
import io, os, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from handover_samples import AZC, Case, uuid_of
from intake_app.handover.model import Attachment
from intake_app.handover.seal import seal
folder = Path(sys.argv[2])
data = os.urandom(8 << 20)
large = Attachment("x", "bin", "a/b", lambda: io.BytesIO(data))
print("ready", flush=True)
for number in range(10_000):
    case = Case(folder, handover_id=uuid_of(str(number)), attachments=(large,))
    sealed = seal(case.request(), AZC.key, folder, random=os.urandom)
    print(sealed.path.name, flush=True)
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
def test_killed_at_any_moment(tmp_path: Path) -> None:
    chance = stdlib_random.Random(9)  # noqa: S311
    acknowledged = 0
    for number in range(15):
        folder = tmp_path / str(number)
        folder.mkdir()
        command = [sys.executable, "-c", CHILD, str(Path(__file__).parent), str(folder)]
        child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        # The moment of death is the point of this test: there is nothing to wait for.
        time.sleep(chance.uniform(0.0, 0.6))
        child.send_signal(signal.SIGKILL)
        said = child.stdout.read().split()
        child.stdout.close()
        child.wait()
        whole = {path.name for path in folder.glob("overdracht-*.zip")}
        assert set(said) <= whole
        for name in whole:
            assert inspect(folder / name).size == (folder / name).stat().st_size
        assert all(path.suffix in {".zip", ".deel"} for path in folder.iterdir())
        acknowledged += len(said)
    assert acknowledged


@pytest.mark.parametrize("code", [1, 13, 5, 30])
def test_a_rename_that_fails_leaves_nothing(
    case: Case, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def fail(self: Path, target: Path) -> Path:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(safe_file.Path, "replace", fail)
    with pytest.raises(CannotWrite):
        case.seal()
    assert not list(case.folder.iterdir())


def test_cancelled_by_the_progress_callback(case: Case) -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        seal(case.request(), AZC.key, case.folder, random=counted_random("c"), progress=stop)
    assert not list(case.folder.iterdir())
    assert open_as(case.seal().path).sender == AZC.entry()
