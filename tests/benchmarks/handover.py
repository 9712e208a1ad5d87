"""200 MB sealed and opened, beside the age tool and raw ChaCha20-Poly1305, in the same run.

    python tests/benchmarks/handover.py [--mb 200] [--rounds 5] [--folder DIR]

Five interleaved rounds, each measurement in a process of its own, so that peaks of memory are its
own too; medians are printed with the budgets. Nothing is asserted: the exit code is always 0.
`--folder` is where the files are written (default: a RAM disk if there is one, so that the disk is
not what is measured); files are synced by ours and not by the age tool.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import resource
import secrets
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "handover")]

PART = 50_000_000
PIECE = 1_000_000


class Sink:
    """Takes everything and keeps nothing."""

    def write(self, data: bytes) -> int:
        return len(data)


def raw_stream(folder: Path, size: int) -> Callable[[], object]:
    """ChaCha20-Poly1305 over 64 KiB pieces in memory, and nothing else: the limit for age."""
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    data, cipher = memoryview(secrets.token_bytes(size)), ChaCha20Poly1305(bytes(32))
    out = memoryview(bytearray(65_552))

    def run() -> None:
        for number, at in enumerate(range(0, size, 65_536)):
            piece = data[at : at + 65_536]
            target = out[: len(piece) + 16]
            cipher.encrypt_into(number.to_bytes(12, "big"), piece, None, target)

    return run


def age_stream(folder: Path, size: int) -> Callable[[], object]:
    """Our age encryption alone, from memory to nowhere."""
    from intake_app.crypto import age

    data = io.BytesIO(secrets.token_bytes(size))
    identity = age.generate_identity(random=secrets.token_bytes)
    sink = cast("BinaryIO", Sink())

    def run() -> None:
        data.seek(0)
        age.encrypt([identity.recipient], data, sink, random=secrets.token_bytes)

    return run


def seal(folder: Path, size: int) -> Callable[[], object]:
    """The whole sealing: digests, padding, encryption, sync, reading back."""
    from handover_samples import AZC, CLASSIC, Case

    from intake_app.handover.model import Attachment
    from intake_app.handover.seal import seal as seal_file

    parts = sorted(folder.glob("deel-*"))
    found = tuple(
        Attachment(path.name, "bin", "application/octet-stream", lambda path=path: path.open("rb"))
        for path in parts
    )
    target = folder / "verzegeld.zip"
    target.unlink(missing_ok=True)
    request = Case(folder, recipient=CLASSIC, attachments=found).request()

    def run() -> None:
        seal_file(request, AZC.key, target, random=secrets.token_bytes)

    return run


def open_file(folder: Path, size: int) -> Callable[[], object]:
    """The whole opening: every signature and digest, twice over all bytes."""
    from handover_samples import CLASSIC, open_as

    return lambda: open_as(folder / "verzegeld.zip", CLASSIC)


def nothing(folder: Path, size: int) -> Callable[[], object]:
    """The same modules loaded and one small file sealed: what memory is counted from."""
    from handover_samples import CLASSIC, Case, open_as

    (folder / "klein").mkdir(exist_ok=True)
    shutil.rmtree(folder / "klein")
    (folder / "klein").mkdir()
    return lambda: open_as(Case(folder / "klein", recipient=CLASSIC).seal().path, CLASSIC)


MEASURED = {each.__name__: each for each in (raw_stream, age_stream, seal, open_file, nothing)}


def child(name: str, folder: Path, size: int) -> None:
    run = MEASURED[name](folder, size)
    if name.endswith("_stream"):
        # Loading and first use of the cipher are not what the two streams are compared by.
        run()
    used = resource.getrusage(resource.RUSAGE_SELF)
    before = used.ru_utime + used.ru_stime
    begin = time.perf_counter()
    run()
    spent = time.perf_counter() - begin
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps([spent, used.ru_utime + used.ru_stime - before, peak_of("self")]))


def peak_of(process: int | str) -> int:
    """Return the peak of resident memory in KiB so far; 0 where /proc does not tell."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    lines = (line.split() for line in status.splitlines())
    return next((int(words[1]) for words in lines if words[0] == "VmHWM:"), 0)


@dataclass(frozen=True)
class Run:
    """One measurement: wall and processor time in seconds, peak of memory in KiB."""

    wall: float
    cpu: float
    peak: int


def ours(name: str, folder: Path, size: int) -> Run:
    command = [sys.executable, __file__, "--child", name, "--bytes", str(size)]
    done = subprocess.run(
        [*command, "--folder", str(folder)], capture_output=True, text=True, check=True
    )
    return Run(*json.loads(done.stdout))


def tool(*command: str) -> Run:
    """Time a program from start to end; memory is looked at while it runs."""
    begin, peak = time.perf_counter(), 0
    process = subprocess.Popen(command)
    while True:
        ended, status, usage = os.wait4(process.pid, os.WNOHANG)
        if ended:
            break
        peak = max(peak, peak_of(process.pid))
        time.sleep(0.005)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return Run(time.perf_counter() - begin, usage.ru_utime + usage.ru_stime, peak)


def prepare(folder: Path, size: int) -> None:
    with (folder / "alles").open("wb") as whole:
        for at in range(0, size, PIECE):
            data = secrets.token_bytes(min(PIECE, size - at))
            whole.write(data)
            with (folder / f"deel-{at // PART}").open("ab") as part:
                part.write(data)


def rounds_of(folder: Path, size: int, count: int) -> dict[str, list[Run]]:
    from handover_samples import CLASSIC

    found: dict[str, list[Run]] = {}
    (folder / "sleutel").write_text(CLASSIC.identity.encode() + "\n")
    key = CLASSIC.identity.recipient.encode()
    whole, locked = str(folder / "alles"), str(folder / "alles.age")
    has_age = shutil.which("age") is not None
    for number in range(count):
        for name in MEASURED:
            found.setdefault(name, []).append(ours(name, folder, size))
        if has_age:
            made = tool("age", "-r", key, "-o", locked, whole)
            found.setdefault("age -e", []).append(made)
            made = tool("age", "-d", "-i", str(folder / "sleutel"), "-o", f"{whole}.uit", locked)
            found.setdefault("age -d", []).append(made)
        print(f"round {number + 1} of {count}", file=sys.stderr)
    return found


def report(found: dict[str, list[Run]], size: int) -> None:
    spent = {name: statistics.median(run.wall for run in runs) for name, runs in found.items()}
    peak = {name: max(run.peak for run in runs) for name, runs in found.items()}
    speed = {name: size / 1e6 / each for name, each in spent.items()}
    print(f"{size / 1e6:.0f} MB, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(f"{'':12} {'seconds':>8} {'MB/s':>7} {'processor s':>12} {'peak MiB':>9}")
    for name, runs in found.items():
        cpu = statistics.median(run.cpu for run in runs)
        memory = peak[name] / 1024
        print(f"{name:12} {spent[name]:8.3f} {speed[name]:7.0f} {cpu:12.3f} {memory:9.1f}")

    def line(what: str, value: float, budget: str, *, met: bool) -> None:
        print(f"{what:58} {value:6.2f}  budget {budget:8} {'met' if met else 'NOT MET'}")

    share = speed["age_stream"] / speed["raw_stream"]
    line("crypto stage / raw ChaCha20-Poly1305", share, ">= 0.80", met=share >= 0.8)
    for name in ("seal", "open_file"):
        above = (peak[name] - peak["nothing"]) / 1024
        line(f"peak of {name} above idle, MiB", above, "<= 40", met=above <= 40)
    if "age -e" not in spent:
        print("the age tool is not installed: its two budgets were not measured")
        return
    faster = speed["age_stream"] / speed["age -e"]
    line("crypto stage / age tool, speed", faster, "> 1", met=faster > 1)
    times = spent["seal"] / spent["age -e"]
    line("whole build / age tool, time", times, "<= 1.5", met=times <= 1.5)
    times = spent["open_file"] / spent["age -d"]
    print(f"{'whole open / age -d, time (no budget)':58} {times:6.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mb", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    shm = Path("/dev/shm")  # noqa: S108
    parser.add_argument("--folder", type=Path, default=shm if shm.is_dir() else None)
    parser.add_argument("--child", choices=MEASURED, help=argparse.SUPPRESS)
    parser.add_argument("--bytes", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        child(given.child, given.folder, given.bytes)
        return
    size = given.mb * 1_000_000
    with tempfile.TemporaryDirectory(dir=given.folder) as name:
        folder = Path(name)
        prepare(folder, size)
        report(rounds_of(folder, size, given.rounds), size)


if __name__ == "__main__":
    main()
