"""One dossier of 10 MB over a line that keeps dying: bytes and time against the ideal.

    python tests/benchmarks/sync.py [--rounds 3] [--megabytes 10] [--life 5] [--seed 1]

The line carries 4 Mbit/s with 60 ms each way, and every connection dies after an exponentially
spread time, 5 s on average. The relay is the Apache of packaging/relay, the sender the one of the
program with its own waiting between tries. Prints what went over the line and how long it took;
nothing is asserted. Budgets: at most 1.3 times the bytes, and 1.3 times the ideal time.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

RATE = 500_000.0
LATENCY = 0.06
BUDGET = 1.3
TOWN, AZC = "ontvanger1", "afzender1"


class Memory:
    """Remembers how far a zending came, as the vault does."""

    def __init__(self) -> None:
        """Nothing went yet."""
        self.done = 0
        self.tries = 0

    def part_there(self, number: int) -> None:
        """See `sync.sender.Journal`."""
        self.done = number + 1
        self.tries = 0

    def may_commit(self) -> bool:
        """See `sync.sender.Journal`."""
        return True


def one_round(
    size: int, life: float, seed: int, *, faster: float = 1.0
) -> tuple[float, float, int, int]:
    """Send one file and return bytes ratio, time ratio, connections and times waited.

    `faster` makes line and life that much quicker alike, so that more deaths fit in a test.
    """
    from support.chaos import Chaos, Faults
    from support.relays import apache

    from intake_app.sync import backoff, connecting, names, sender
    from intake_app.sync.errors import Later
    from intake_app.sync.parts import PART, Part
    from intake_app.sync.proxies import Direct

    chance = random.Random(seed)  # noqa: S311
    data = os.urandom(size)
    zid = names.new_zid(os.urandom)
    with tempfile.TemporaryDirectory() as folder, apache((TOWN, AZC)) as served:
        source = Path(folder) / zid
        source.write_bytes(data)
        parts = [_part_of(data[at : at + PART], Part) for at in range(0, size, PART)]
        journal, waited = Memory(), 0
        faults = Faults(rate=RATE * faster, latency=LATENCY / faster, life=life / faster or None)
        with Chaos(served.port, seed=seed, faults=faults) as link:
            place = served.through(served.laptop(AZC), link.port)
            relay = connecting.relay(place, proxy=Direct())
            started = time.monotonic()
            while True:
                try:
                    sender.offer(
                        relay,
                        box=TOWN,
                        zid=zid,
                        source=source,
                        parts=parts,
                        commit=b"c" * 1000,
                        done=journal.done,
                        journal=journal,
                        cancelled=lambda: False,
                    )
                except Later as error:
                    journal.tries += 1
                    waited += 1
                    pause = backoff.wait(journal.tries, chance.random(), error.retry_after)
                    time.sleep(pause.total_seconds() / faster)
                else:
                    break
            took = time.monotonic() - started
            relay.close()
            counts = link.counts
        box = connecting.box(served.owner(TOWN), proxy=Direct())
        got = b"".join(
            box.get(names.part(TOWN, zid, n), limit=PART) or b"" for n in range(len(parts))
        )
        box.close()
        if got != data:
            raise SystemExit("what arrived is not what was sent")
    return counts.up / size, took / (size / RATE / faster), counts.connections, waited


def _part_of(piece: bytes, kind: type) -> object:
    import hashlib

    return kind(len(piece), hashlib.sha256(piece).hexdigest())


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--megabytes", type=float, default=10)
    parser.add_argument("--life", type=float, default=5.0, help="mean seconds; 0 for ever")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    size = int(asked.megabytes * 1_000_000)
    print(f"{asked.megabytes:g} MB at 4 Mbit/s, connections live {asked.life:g} s on average")
    rounds = []
    for number in range(asked.rounds):
        sent, took, connections, waited = one_round(size, asked.life, asked.seed + number)
        rounds.append((sent, took))
        print(
            f"  round {number + 1}: {sent:.2f} x the bytes, {took:.2f} x the ideal time "
            f"({took * size / RATE:.1f} s), {connections} connections, waited {waited} times"
        )
    for name, at in (("bytes", 0), ("time", 1)):
        middle = statistics.median(each[at] for each in rounds)
        verdict = "within" if middle <= BUDGET else "OVER"
        print(f"  {name}: median {middle:.2f}, {verdict} the budget of {BUDGET}")


if __name__ == "__main__":
    main()
