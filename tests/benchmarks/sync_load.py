"""A day's crowd in half a minute: many virtual laptops against one Apache, until the receipt.

    python tests/benchmarks/sync_load.py [--laptops 1500] [--at-once 200] [--spread 30]
                                         [--receivers 16] [--processes 2]

Every laptop has an account of its own and makes its own TLS connection. It does what the program
does on a first try: look for the first part, put the parts of 512 KiB, look, put the commit, look;
then it asks for its receipt by name until that is there. A receiver lists its own box, fetches,
compares every SHA-256, puts the receipt, and drops the parts and then the commit. The relay is the
Apache of packaging/relay on this same machine, so clients and server share its cores. Contents are
random: what encrypting costs is measured elsewhere.

Prints how long an upload and a receipt took, and what was lost or failed. Exit code 1 when
something was lost or failed, or p95 of an upload is over the budget of 2 s.
"""

from __future__ import annotations

import argparse
import functools
import hashlib
import heapq
import json
import multiprocessing
import os
import random
import statistics
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.synchronize import Event
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from support.relays import Served, apache, needed  # noqa: E402

from intake_app.sync import connecting, names, trust  # noqa: E402
from intake_app.sync.connecting import RelayPlace  # noqa: E402
from intake_app.sync.driver import Box, Relay  # noqa: E402
from intake_app.sync.errors import SyncError  # noqa: E402
from intake_app.sync.parts import PART  # noqa: E402
from intake_app.sync.proxies import Direct  # noqa: E402
from intake_app.sync.sender import is_there, put_whole  # noqa: E402

BUDGET = 2.0
PATIENCE = 240.0
BLOCK = 8_000_000
AZC = "afzender1"


@dataclass(slots=True)
class Figures:
    """What one process saw: seconds, and how often things went wrong."""

    uploads: list[float] = field(default_factory=list)
    receipts: list[float] = field(default_factory=list)
    sent: int = 0
    parts: int = 0
    taken_at_once: int = 0
    polls: int = 0
    errors: list[str] = field(default_factory=list)
    taken: int = 0
    wrong: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """What every process needs to know; times are `time.time()`, the same for all."""

    place: RelayPlace
    owners: tuple[RelayPlace, ...]
    laptops: int
    at_once: int
    spread: float
    begin: float
    processes: int


def box_of(number: int) -> str:
    return f"ontvanger{number:02d}"


def size_of(chance: random.Random) -> int:
    """Most dossiers are small, some have scans: 0.95 MB on average."""
    return int(min(max(chance.lognormvariate(13.45, 0.75), 60_000), 6_000_000))


class Senders:
    """The laptops of one process."""

    def __init__(self, plan: Plan, share: int) -> None:
        self._plan, self._share = plan, share
        self._chance = random.Random(share)  # noqa: S311
        self._block = self._chance.randbytes(BLOCK)
        self._waiting: list[tuple[float, str, float, RelayPlace]] = []
        self._lock = threading.Lock()
        self._uploading = 0
        self.figures = Figures()

    def run(self) -> Figures:
        plan = self._plan
        mine = range(self._share, plan.laptops, plan.processes)
        work = [
            (plan.begin + plan.spread * n / plan.laptops, n, size_of(self._chance)) for n in mine
        ]
        self._uploading = len(work)
        pollers = [threading.Thread(target=self._poll) for _ in range(4)]
        for poller in pollers:
            poller.start()
        with ThreadPoolExecutor(max(1, plan.at_once // plan.processes)) as pool:
            for when, number, size in work:
                time.sleep(max(0.0, when - time.time()))
                pool.submit(self._laptop, number, size)
        for poller in pollers:
            poller.join()
        return self.figures

    def _laptop(self, number: int, size: int) -> None:
        account = RelayPlace(
            "webdav",
            self._plan.place.address,
            f"laptop-{number:05d}",
            self._plan.place.password,
            self._plan.place.certificate,
        )
        started = time.time()
        zid = names.new_zid(os.urandom)
        start = number * 7919 % (BLOCK - size)
        data = memoryview(self._block)[start : start + size]
        try:
            while time.time() - started < PATIENCE:
                relay = connecting.relay(account, proxy=Direct())
                try:
                    self._upload(relay, box_of(number % len(self._plan.owners)), zid, data)
                except SyncError as error:
                    self._note_error(f"upload {error.reason}")
                    time.sleep(self._chance.uniform(0, 5))
                    continue
                finally:
                    relay.close()
                with self._lock:
                    self.figures.uploads.append(time.time() - started)
                    self.figures.sent += size
                    heapq.heappush(self._waiting, (time.time() + 1, zid, started, account))
                return
        except Exception as error:  # noqa: BLE001
            self._note_error(f"laptop {error!r}")
        finally:
            with self._lock:
                self._uploading -= 1

    def _upload(self, relay: Relay, box: str, zid: str, data: memoryview) -> None:
        parts = [bytes(data[at : at + PART]) for at in range(0, len(data), PART)]
        for number, part in enumerate(parts):
            put_whole(relay, names.part(box, zid, number), part, look_first=number == 0)
        commit = json.dumps([hashlib.sha256(part).hexdigest() for part in parts]).encode()
        put_whole(relay, names.commit(box, zid), commit, look_first=True)
        # A quick receiver may have taken it already; then the program puts the commit once more.
        gone = not is_there(relay, names.commit(box, zid), len(commit))
        with self._lock:
            self.figures.parts += len(parts)
            self.figures.taken_at_once += gone

    def _poll(self) -> None:
        relay = connecting.relay(self._plan.place, proxy=Direct())
        until = self._plan.begin + self._plan.spread + PATIENCE
        while time.time() < until:
            with self._lock:
                if not self._waiting and self._uploading == 0:
                    break
                due = self._waiting and self._waiting[0][0] <= time.time()
                item = heapq.heappop(self._waiting) if due else None
            if item is None:
                time.sleep(0.02)
                continue
            _, zid, started, account = item
            there = False
            try:
                there = relay.get(names.receipt(AZC, zid, 1), limit=1000) is not None
            except SyncError as error:
                self._note_error(f"poll {error.reason}")
            with self._lock:
                self.figures.polls += 1
                if there:
                    self.figures.receipts.append(time.time() - started)
                else:
                    # The program itself asks every few minutes; here half the age is often enough.
                    again = time.time() + max(1.0, (time.time() - started) / 2)
                    heapq.heappush(self._waiting, (again, zid, started, account))
        relay.close()

    def _note_error(self, words: str) -> None:
        with self._lock:
            self.figures.errors.append(words)


class Receivers:
    """The owners of the boxes, each in a thread."""

    def __init__(self, plan: Plan, finished: Event) -> None:
        self._plan, self._finished = plan, finished
        self._lock = threading.Lock()
        self.figures = Figures()

    def run(self) -> Figures:
        with ThreadPoolExecutor(len(self._plan.owners)) as pool:
            list(pool.map(self._owner, range(len(self._plan.owners))))
        return self.figures

    def _owner(self, number: int) -> None:
        box = connecting.box(self._plan.owners[number], proxy=Direct())
        own = box_of(number)
        while not self._finished.is_set():
            try:
                found = box.names(names.inbox(own))
                for name in found:
                    if name.endswith(".ok"):
                        self._take(box, own, name)
            except SyncError as error:
                with self._lock:
                    self.figures.errors.append(f"receiver {error.reason}")
            self._finished.wait(1.0)
        box.close()

    def _take(self, box: Box, own: str, name: str) -> None:
        zid = name.rpartition("/")[2].removesuffix(".ok")
        hashes = json.loads(box.get(name, limit=100_000) or b"[]")
        for number, wanted in enumerate(hashes):
            part = box.get(names.part(own, zid, number), limit=PART)
            if part is None or hashlib.sha256(part).hexdigest() != wanted:
                with self._lock:
                    self.figures.wrong += 1
                return
        put_whole(box, names.receipt(AZC, zid, 1), b"ontvangen")
        for number in range(len(hashes)):
            box.drop(names.part(own, zid, number))
        box.drop(name)
        with self._lock:
            self.figures.taken += 1


def _child(kind: str, plan: Plan, share: int, finished: Event, results: object) -> None:
    # Reading the system's authorities for each of the laptops would measure this machine only.
    trust.context = functools.cache(trust.context)
    work = Senders(plan, share) if kind == "senders" else Receivers(plan, finished)
    results.put((kind, work.run()))  # type: ignore[attr-defined]


def _give_accounts(served: Served, laptops: int) -> None:
    """Let every laptop in, all with the password of the one that the script made."""
    access = served.post.parent / "access"
    accounts = (access / "accounts").read_text(encoding="ascii").splitlines()
    known = next(line for line in accounts if line.startswith(f"laptop-{AZC}:"))
    new = [f"laptop-{n:05d}" for n in range(laptops)]
    with (access / "accounts").open("a", encoding="ascii") as file:
        file.writelines(f"{name}:{known.partition(':')[2]}\n" for name in new)
    groups = [
        f"{line} {' '.join(new)}" if line.startswith(("everyone:", f"{AZC}-laptop:")) else line
        for line in (access / "groups").read_text(encoding="ascii").splitlines()
    ]
    (access / "groups").write_text("\n".join(groups) + "\n", encoding="ascii")


def _at(values: list[float], share: float) -> float:
    return statistics.quantiles(values, n=100)[round(share * 100) - 1] if len(values) > 1 else 0.0


def run(asked: argparse.Namespace) -> int:
    """Run everything, print, and return the exit code."""
    boxes = (*(box_of(n) for n in range(asked.receivers)), AZC)
    with apache(boxes) as served:
        _give_accounts(served, asked.laptops)
        plan = Plan(
            place=served.laptop(AZC),
            owners=tuple(served.owner(box) for box in boxes[:-1]),
            laptops=asked.laptops,
            at_once=asked.at_once,
            spread=asked.spread,
            begin=time.time() + 3,
            processes=asked.processes,
        )
        context = multiprocessing.get_context("spawn")
        finished, results = context.Event(), context.Queue()
        children = [
            context.Process(target=_child, args=("senders", plan, share, finished, results))
            for share in range(asked.processes)
        ]
        receiver = context.Process(target=_child, args=("receivers", plan, 0, finished, results))
        for child in (*children, receiver):
            child.start()
        seen: list[tuple[str, Figures]] = [results.get() for _ in children]
        took = time.time() - plan.begin
        finished.set()
        seen.append(results.get())
        for child in (*children, receiver):
            child.join()
        left = sum(1 for path in (served.post / "v1" / "in").rglob("*") if path.is_file())
        log = (served.post.parent / "log" / "access.log").read_text(encoding="ascii").splitlines()
    return _print(asked, seen, took, left, log)


def _print(
    asked: argparse.Namespace,
    seen: list[tuple[str, Figures]],
    took: float,
    left: int,
    log: list[str],
) -> int:
    uploads = [value for _, figures in seen for value in figures.uploads]
    receipts = [value for _, figures in seen for value in figures.receipts]
    errors = [words for _, figures in seen for words in figures.errors]
    wrong = sum(figures.wrong for _, figures in seen)
    taken = sum(figures.taken for _, figures in seen)
    sent = sum(figures.sent for _, figures in seen)
    served_errors = sum(1 for line in log if line.split()[2].startswith("5"))
    lost = asked.laptops - len(receipts)
    p95 = _at(uploads, 0.95)
    print(f"{asked.laptops} laptops in {asked.spread:g} s, at most {asked.at_once} at once")
    print(
        f"  {sent / 1e6:.0f} MB in {sum(f.parts for _, f in seen)} parts, {len(log)} requests, "
        f"{took:.1f} s, {len(receipts) / took:.1f} dossiers a second"
    )
    print(f"  upload      p50 {_at(uploads, 0.5):.2f} s, p95 {p95:.2f} s")
    print(f"  to receipt  p50 {_at(receipts, 0.5):.2f} s, p95 {_at(receipts, 0.95):.2f} s")
    quick = sum(figures.taken_at_once for _, figures in seen)
    print(f"  taken by the receiver before the sender looked again: {quick}")
    print(
        f"  lost {lost}, received {taken}, wrong {wrong}, left on the relay {left}, "
        f"errors {len(errors)}, answers in the 500s {served_errors}"
    )
    for words in sorted(set(errors)):
        print(f"    {errors.count(words)} x {words}")
    with suppress(OSError):
        print(f"  load of this machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    return 1 if lost or wrong or errors or served_errors or p95 > BUDGET else 0


def main() -> int:
    """Read the arguments."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--laptops", type=int, default=1500)
    parser.add_argument("--at-once", type=int, default=200)
    parser.add_argument("--spread", type=float, default=30.0)
    parser.add_argument("--receivers", type=int, default=16)
    parser.add_argument("--processes", type=int, default=2)
    needed("apache2")
    return run(parser.parse_args())


if __name__ == "__main__":
    sys.exit(main())
