"""A laptop that dies while it seals leaves no file that looks whole, and never half of one."""

from __future__ import annotations

import io
import os
import random as stdlib_random
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from handover_samples import AZC, Case, counted_random, open_as

from intake_app.handover import safe_file
from intake_app.handover.errors import CannotWrite, SealCancelled
from intake_app.handover.model import Attachment
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
def step(done, total):
    print("step", flush=True)
for number in range(10_000):
    case = Case(folder, handover_id=uuid_of(str(number)), attachments=(large,))
    sealed = seal(case.request(), AZC.key, folder, random=os.urandom, progress=step)
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
        # It dies somewhere in the piece after this one: in the third file or before.
        said = [child.stdout.readline().strip() for _ in range(chance.randrange(120))]
        child.send_signal(signal.SIGKILL)
        said = [word for word in (*said, *child.stdout.read().split()) if word != "step"]
        child.stdout.close()
        child.wait()
        whole = {path.name for path in folder.glob("overdracht-*.zip")}
        assert set(said) <= whole
        for name in whole:
            assert inspect(folder / name).size == (folder / name).stat().st_size
        assert all(path.suffix in {".zip", ".deel"} for path in folder.iterdir())
        # The next time something is sealed here, what the dead one left is gone.
        Case(folder).seal()
        assert {path.name for path in folder.iterdir()} == whole | {"overdracht-0d0e0f10.zip"}
        acknowledged += len(said)
    assert acknowledged


STEP_BY_STEP = """
import io, os, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from handover_samples import Case
from intake_app.handover import safe_file

left = 0

def count():
    global left
    left -= 1
    if left == 0:
        os._exit(9)

def counted(real):
    def call(*arguments, **keywords):
        result = real(*arguments, **keywords)
        count()
        return result
    return call

class Killing(io.BufferedRandom):
    def write(self, data):
        if left == 1:
            # Half of this write reaches the disk.
            super().write(data[: len(data) // 2])
            self.flush()
            count()
        written = super().write(data)
        self.flush()
        count()
        return written

safe_file.os.fsync = counted(os.fsync)
safe_file.os.fdopen = lambda descriptor, mode: Killing(io.FileIO(descriptor, mode))
safe_file.Path.replace = counted(Path.replace)
for number in range(1, 1000):
    folder = Path(sys.argv[2]) / str(number)
    folder.mkdir()
    child = os.fork()
    if not child:
        left = number
        Case(folder).seal()
        os._exit(0)
    if os.waitpid(child, 0)[1] == 0:
        break
print(number)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_at_every_write_sync_and_rename(tmp_path: Path) -> None:
    command = [sys.executable, "-c", STEP_BY_STEP, str(Path(__file__).parent), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    last = int(done.stdout)
    assert last > 10
    name = "overdracht-0d0e0f10.zip"
    whole = []
    for number in range(1, last + 1):
        folder = tmp_path / str(number)
        found = {path.name for path in folder.iterdir()}
        if name in found:
            whole.append(number)
            assert open_as(folder / name).sender == AZC.entry()
        else:
            (left,) = found
            assert left.startswith(f".{name}.")
            seal(Case(folder).request(), AZC.key, folder, random=counted_random("again"))
            assert {path.name for path in folder.iterdir()} == {name}
    # Whole only from the rename on: the last steps are the rename itself and syncing the folder.
    assert whole == list(range(last - 2, last + 1))


def test_the_temporary_file_of_a_living_process_stays(case: Case) -> None:
    from intake_app.handover.safe_file import new_file

    other = case.folder / "overdracht-00000000.zip"
    with new_file(other, counted_random("living")) as out:
        out.write(b"halfway")
        case.seal()
        assert len(list(case.folder.glob(".*.deel"))) == 1
    assert other.read_bytes() == b"halfway"


def test_only_our_own_temporary_names_are_swept(case: Case) -> None:
    strange = [".foto.0123abcd.deel", "overdracht-1.zip.0123abcd.deel", ".overdracht-1.zip.deel"]
    for name in strange:
        (case.folder / name).write_bytes(b"x")
    (case.folder / ".overdracht-00000000.zip.0123abcd.deel").write_bytes(b"x")
    case.seal()
    left = {path.name for path in case.folder.iterdir()}
    assert left == {*strange, "overdracht-0d0e0f10.zip"}


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


def test_cancelled_at_any_moment(case: Case) -> None:
    data = bytes(1 << 20)
    case.attachments = (Attachment("x", "bin", "a/b", lambda: io.BytesIO(data)),)
    asked: list[int] = []

    def stopping_at(number: int) -> Callable[[], bool]:
        asked.clear()

        def cancelled() -> bool:
            asked.append(number)
            return len(asked) == number

        return cancelled

    def seal_as(name: str, number: int) -> None:
        request, random = case.request(), counted_random("stop")
        target = case.folder / name
        seal(request, AZC.key, target, random=random, cancelled=stopping_at(number))

    seal_as("heel.zip", 0)
    in_all = len(asked)
    assert in_all > 12
    for number in range(1, in_all + 1):
        with pytest.raises(SealCancelled, match="gestopt"):
            seal_as("gestopt.zip", number)
        assert [path.name for path in case.folder.iterdir()] == ["heel.zip"]
