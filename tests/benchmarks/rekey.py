"""What changing keys costs: unlocking, another passphrase, a new master key, recovery.

    python tests/benchmarks/rekey.py [--mb 50]

The key derivation is the real one, at the cost a new vault gets. Beside a new master key stands
what plain sqlite3 needs to write every page of a database of the same size once (VACUUM). Prints
figures; nothing is asserted.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

PHRASES = ("bliksem anker tulp orkest kiwi", "sandaal oester duinpan lawine", "komeet haring molen")
PIECE = 200_000

T = TypeVar("T")


def timed(what: str, act: Callable[[], T]) -> T:
    start = time.perf_counter()
    made = act()
    print(f"{what:<52} {1000 * (time.perf_counter() - start):9.0f} ms")
    return made


def plain_rewrite(path: Path, pieces: int, text: str) -> None:
    """Write a plain database of the same content, then every page of it once more."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT)")
    connection.execute("BEGIN")
    for number in range(pieces):
        connection.execute("INSERT INTO setting VALUES (?, ?)", (f"stuk {number}", text))
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

    def rewrite() -> None:
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

    timed("plain sqlite3: every page once (VACUUM)", rewrite)
    connection.close()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--mb", type=int, default=50, help="size of the database (50)")
    mb = parser.parse_args().mb
    from support.vaults import actor_of, environment

    from intake_app.crypto.slots_calibration import calibrated
    from intake_app.domain.actor import Organisation, Profile, UserRole
    from intake_app.vault import Vault, recovery, users

    env = environment(5)
    cost = timed("measuring the cost of Argon2id", calibrated)
    print(f"  cost: {cost.m_kib // 1024} MiB, {cost.t} passes, {cost.p} lanes")
    with tempfile.TemporaryDirectory(prefix="sleutels-") as temporary:
        folder = Path(temporary) / "kluis"
        organisation = Organisation(env.uuid(), "Meting", Profile.AZC)
        vault = timed(
            "making a vault",
            lambda: Vault.create(
                folder,
                passphrase=PHRASES[0],
                user_name="Een",
                organisation=organisation,
                env=env,
                kdf=cost,
            ),
        )
        text, pieces = "x" * PIECE, mb * 1_000_000 // PIECE
        with vault.transaction(actor_of(vault), "vullen") as t:
            for number in range(pieces):
                t.settings.set(f"stuk {number}", text)
        other = timed(
            "a colleague joins",
            lambda: users.add_user(
                vault,
                passphrase=PHRASES[0],
                name="Twee",
                roles=(UserRole.INTAKE,),
                new_passphrase=PHRASES[1],
            ),
        )
        made = timed("making cards", lambda: recovery.make_cards(vault, passphrase=PHRASES[0]))
        cards = [" ".join(card.words) for card in made]
        timed("trying two cards", lambda: recovery.try_cards(vault, cards[0], cards[1]))
        timed(
            "another passphrase",
            lambda: users.change_passphrase(vault, old=PHRASES[0], new=PHRASES[2]),
        )
        size = (folder / "kluis.db").stat().st_size / 1e6
        timed(
            f"a new master key, database of {size:.0f} MB",
            lambda: users.renew_master_key(vault, passphrase=PHRASES[2]),
        )
        vault.close()

        def unlock(phrase: str, hint: bool) -> None:
            who = other.user_id if hint else None
            Vault.open(folder, passphrase=phrase, env=env, user_id=who).close()

        timed("unlocking, a renewal waits", lambda: unlock(PHRASES[1], hint=True))
        timed("unlocking, known who", lambda: unlock(PHRASES[1], hint=True))
        timed("unlocking, the second of two", lambda: unlock(PHRASES[1], hint=False))
        timed(
            "recovering with two cards",
            lambda: recovery.recover(
                folder, *cards[1:], user_id=other.user_id, new_passphrase=PHRASES[0], env=env
            ),
        ).close()
        plain_rewrite(Path(temporary) / "plain.db", pieces, text)


if __name__ == "__main__":
    main()
