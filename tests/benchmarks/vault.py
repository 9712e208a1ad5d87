"""The vault beside plain sqlite3: the same tables, rows and statements, in the same run.

    python tests/benchmarks/vault.py [--persons 50000] [--answers 500000] [--rounds 5] [--soak]

Opening, inserting, the commit of one answer, searching as you type, a copy for the back-up and a
change of key, in interleaved rounds: SQLCipher with memory security on, as the program uses it,
and the sqlite3 of Python without encryption. `--soak` takes 5,000,000 answers. Commits are counted
by the clock, searches by the processor too, because the machine may be shared. Prints medians and
the budgets of the design; nothing is asserted.

Plain sqlite3 has no key to change, so that stands beside a synced copy of as many bytes; where its
FTS5 is older than 3.42 it does without 'secure-delete'.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

PER_INTERVIEW = 100
SHOWN = 50
COMMITS = 120
INSERTED = 10_000
AT = "2026-03-02T09:00:00.000000+00:00"
SYLLABLES = (
    "ba be bi bu da de du fa fi ga ge ha he hi ja ka ke ki la le li lo ma me mi mo na ne ni ra re "
    "ri ro sa se si ta te ti wa ya za ze kha sha tse abd"
)
WORDS = (
    "werkte als bakker in de winkel van een oom en wil graag verder leren voor monteur zorg bouw "
    "taal les avond vader broer huis dorp stad rijbewijs computer naaien koken tuin"
)

Row = tuple[Any, ...]


@dataclass
class Side:
    """One of the two databases, with how it is opened."""

    name: str
    path: Path
    connect: Callable[[Path, bool], Any]
    took: dict[str, list[float]] = field(default_factory=dict)

    def note(self, step: str, milliseconds: float) -> None:
        self.took.setdefault(step, []).append(milliseconds)


class Content:
    """What is in the vault: the same for both sides, and in each run."""

    def __init__(self, persons: int, answers: int) -> None:
        from intake_app.domain.person import Person

        self.random = random.Random(4711)  # noqa: S311  (the same content each run)
        families = [self._name((2, 2, 3)) for _ in range(4_000)]
        given = [self._name((1, 2, 2, 3)) for _ in range(1_500)]
        weights = [1 / (n + 5) for n in range(1_500)]
        self.persons = [
            Person(
                UUID(int=number + 1),
                f"{number * 7919 % 10**10:010}",
                self.random.choice(families),
                given_names=" ".join(self.random.choices(given, weights, k=number % 3 // 2 + 1)),
                phone=f"06{number:08}",
            )
            for number in range(persons)
        ]
        self.interviews = max(1, answers // PER_INTERVIEW)
        self.answers = answers

    def _name(self, sizes: tuple[int, ...]) -> str:
        size = self.random.choice(sizes)
        end = self.random.choice(["", "n", "m", "r", "l", "s", "d", "t"])
        return "".join(self.random.choices(SYLLABLES.split(), k=size)).capitalize() + end

    def person_rows(self) -> Iterator[tuple[dict[str, object], dict[str, object]]]:
        """Yield for each person the row and what it is found by."""
        from intake_app.domain.finding import entry
        from intake_app.vault.stores.persons import _row

        for person in self.persons:
            row = _row(person)
            found = entry(
                (person.family_name, person.given_names),
                v_number=person.v_number,
                phone=person.phone,
            )
            yield (
                {**row, "changed_at": AT, "changed_by": "me"},
                {
                    "person_id": row["person_id"],
                    "sort_name": row["sort_name"],
                    "words": found.words,
                    "household": found.household,
                },
            )

    def interview_rows(self) -> Iterator[dict[str, object]]:
        for number in range(self.interviews):
            yield {
                "interview_id": f"i{number:08}",
                "person_id": str(self.persons[number % len(self.persons)].person_id),
                "form_id": "intake",
                "form_sha256": "0",
                "language": "ti",
                "state": "vastgesteld",
                "started_at": AT,
                "interpretation": '["geen","","",[],[]]',
                "position_path": "",
                "position_repeat": None,
                "finished_at": AT,
            }

    def answer_rows(self, start: int, count: int) -> Iterator[dict[str, object]]:
        """Yield answers: four in five a code, the others a sentence."""
        for number in range(start, start + count):
            words = number % 5 == 0
            yield {
                "interview_id": f"i{number // PER_INTERVIEW:08}",
                "path": f"/data/deel_{number % 14}/vraag_{number % PER_INTERVIEW:03}",
                "repeat": "",
                "value": self.sentence(number) if words else f"keuze_{number % 7}",
                "state": "ingevuld",
                "author_id": "me",
                "at": AT,
                "source": "client",
                "note": "",
                "note_in_handover": 0,
                "later": 0,
                "changed_at": AT,
                "changed_by": "me",
            }

    def sentence(self, number: int) -> str:
        words = WORDS.split()
        return " ".join(words[(number // 5 * step) % len(words)] for step in range(3, 12))

    def typed(self, searches: int = 40) -> list[str]:
        """Return what stands in the search field after each key, some names spelled otherwise."""
        keys = []
        for number in range(searches):
            person = self.random.choice(self.persons)
            first = person.given_names.split()[0]
            text = (person.family_name, first, f"{first} {person.family_name}")[number % 3]
            if number % 5 > 2:
                text = text.replace("kh", "ch").replace("sh", "sch").replace("y", "j")
            keys += [text[:end] for end in range(1, len(text) + 1)]
        return keys


def add(connection: Any, table: str, rows: Iterable[dict[str, object]]) -> None:
    """Insert the rows, in the transaction that runs."""
    made = iter(rows)
    first = next(made)
    columns = ", ".join(first)
    statement = f"INSERT INTO {table} ({columns}) VALUES ({', '.join('?' * len(first))})"  # noqa: S608
    connection.execute(statement, tuple(first.values()))
    connection.executemany(statement, (tuple(row.values()) for row in made))


def fill(side: Side, content: Content) -> None:
    """Make every table of the vault, and fill those that are measured."""
    from intake_app.vault import migrations

    connection = side.connect(side.path, False)
    for step in migrations.STEPS:
        for statement in step:
            if callable(statement):
                continue
            try:
                connection.execute(statement)
            except sqlite3.OperationalError:
                if "secure-delete" not in statement:
                    raise
    started = time.perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("PRAGMA defer_foreign_keys=ON")
    connection.execute("INSERT INTO form_version VALUES ('0', 'intake', '1', '0', x'00')")
    rows = list(content.person_rows())
    add(connection, "person", (row for row, _ in rows))
    # as the step to version 3 does it
    connection.execute("INSERT INTO search_index (search_index, rank) VALUES ('automerge', 0)")
    add(connection, "search_entry", (found for _, found in rows))
    connection.execute("INSERT INTO search_index (search_index) VALUES ('optimize')")
    connection.execute("INSERT INTO search_index (search_index, rank) VALUES ('automerge', 2)")
    persons = time.perf_counter() - started
    add(connection, "interview", content.interview_rows())
    add(connection, "answer", content.answer_rows(0, content.answers))
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    took, size = time.perf_counter() - started, side.path.stat().st_size / 1e6
    print(
        f"  {side.name:8} filled in {took:6.1f} s ({persons:.1f} s for the persons), {size:.0f} MB"
    )


def plain(path: Path, read_only: bool) -> Any:
    """Open as the vault does, without the key."""
    from intake_app.vault import engine

    connection = sqlite3.connect(path, isolation_level=None, cached_statements=24)
    for pragma in engine._PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    # an older FTS5 is not marked as safe in triggers
    connection.execute("PRAGMA trusted_schema=ON")
    cache = engine.READER_CACHE_KIB if read_only else engine.WRITER_CACHE_KIB
    connection.execute(f"PRAGMA cache_size=-{cache}")
    return connection


KEY = bytes(range(32))


def encrypted(path: Path, read_only: bool) -> Any:
    from intake_app.vault import engine

    cache = engine.READER_CACHE_KIB if read_only else engine.WRITER_CACHE_KIB
    return engine.connect(path, KEY, cache_kib=cache, read_only=read_only)


def timed(run: Callable[[], object]) -> float:
    before = time.perf_counter()
    run()
    return (time.perf_counter() - before) * 1000


def opening(side: Side) -> None:
    def run() -> None:
        connection = side.connect(side.path, True)
        connection.execute("SELECT * FROM person LIMIT 1").fetchall()
        connection.close()

    side.note("open, and the first row", timed(run))


def inserting(side: Side, content: Content, number: int) -> None:
    connection = side.connect(side.path, False)
    connection.execute("PRAGMA foreign_keys=OFF")
    rows = list(content.answer_rows(10**8 + number * INSERTED, INSERTED))

    def run() -> None:
        connection.execute("BEGIN IMMEDIATE")
        add(connection, "answer", rows)
        connection.execute("COMMIT")

    side.note(f"insert {INSERTED:,} answers, one transaction", timed(run))
    connection.execute("DELETE FROM answer WHERE interview_id >= 'i00999999'")
    connection.close()


ANSWERED = """
    UPDATE answer SET value = ?, changed_at = ? WHERE interview_id = ? AND path = ? AND repeat = ''
"""


def committing(side: Side, content: Content, number: int, text_too: bool) -> None:
    connection = side.connect(side.path, False)
    step = "commit of one answer" + (", its words indexed" if text_too else "")
    for turn in range(COMMITS):
        row = next(content.answer_rows((number * COMMITS + turn) * 997 % content.answers, 1))

        def run(row: dict[str, object] = row, turn: int = turn) -> None:
            text = content.sentence(turn * 31 + number)
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(ANSWERED, (text, AT, row["interview_id"], row["path"]))
            if text_too:
                connection.execute(
                    "INSERT INTO said (place, words) VALUES (?, ?) "
                    "ON CONFLICT (place) DO UPDATE SET words = excluded.words",
                    (f"{row['interview_id']}{row['path']}", text),
                )
            connection.execute("COMMIT")

        side.note(step, timed(run))
    connection.close()


SAID = (
    "CREATE TABLE said (said_id INTEGER PRIMARY KEY, place TEXT UNIQUE, words TEXT) STRICT",
    """
    CREATE VIRTUAL TABLE said_index USING fts5(words, content = 'said', content_rowid = 'said_id',
        tokenize = 'unicode61 remove_diacritics 2')
    """,
    """
    CREATE TRIGGER said_added AFTER INSERT ON said BEGIN
        INSERT INTO said_index (rowid, words) VALUES (NEW.said_id, NEW.words);
    END
    """,
    """
    CREATE TRIGGER said_changed AFTER UPDATE ON said BEGIN
        INSERT INTO said_index (said_index, rowid, words)
        VALUES ('delete', OLD.said_id, OLD.words);
        INSERT INTO said_index (rowid, words) VALUES (NEW.said_id, NEW.words);
    END
    """,
)


def with_words_indexed(side: Side, content: Content) -> None:
    """Index the sentences among the answers, to know what that would cost each commit."""
    connection = side.connect(side.path, False)
    for statement in SAID:
        connection.execute(statement)
    connection.execute("BEGIN IMMEDIATE")
    sentences = range(0, min(content.answers, 100_000), 5)
    connection.executemany(
        "INSERT INTO said (place, words) VALUES (?, ?)",
        ((f"{n}", content.sentence(n)) for n in sentences),
    )
    connection.execute("COMMIT")
    if side.name != "plain":
        connection.execute("INSERT INTO said_index (said_index, rank) VALUES ('secure-delete', 1)")
    connection.close()


PREFIX = "SELECT rowid FROM search_index WHERE search_index MATCH ? LIMIT ?"
RANKED = "SELECT rowid FROM search_index WHERE search_index MATCH ? ORDER BY rank LIMIT ?"


def statements(side: Side, keys: list[str], name: str, sql: str) -> None:
    from intake_app.domain.finding import asked
    from intake_app.vault.search import Nearness, question

    connection = side.connect(side.path, True)
    questions = [question(w, Nearness.BEGINS) for key in keys if (w := asked(key))]
    for number in range(2):  # the first time fills the cache
        before = time.process_time()
        connection.execute("BEGIN")
        for each in questions:
            connection.execute(sql, (each, SHOWN)).fetchall()
        connection.execute("COMMIT")
        if number:
            side.note(name, (time.process_time() - before) * 1000 / len(questions))
    connection.close()


def finding(side: Side, keys: list[str]) -> list[tuple[float, float]]:
    """Return for each key the milliseconds of clock and processor of the program's own search."""
    from sqlalchemy import create_engine
    from sqlalchemy.pool import StaticPool

    from intake_app.vault.scope import Scope
    from intake_app.vault.stores.search import Search

    raw = side.connect(side.path, True)
    if side.name == "plain":
        engine = create_engine("sqlite://", creator=lambda: raw, poolclass=StaticPool)
    else:
        from sqlcipher3 import dbapi2

        engine = create_engine(
            "sqlite://", module=dbapi2, creator=lambda: raw, poolclass=StaticPool
        )
    took = []
    with engine.connect() as connection:
        for number in range(2):
            for key in keys:
                clock, own = time.perf_counter(), time.process_time()
                Search(Scope(connection, None)).find(key, SHOWN)
                if number:
                    took.append(
                        (
                            (time.perf_counter() - clock) * 1000,
                            (time.process_time() - own) * 1000,
                        )
                    )
    engine.dispose()
    raw.close()
    side.note("search, nearest first", statistics.mean(own for _, own in took))
    return took


def copying(side: Side, folder: Path) -> None:
    target_path = folder / f"{side.name}-kopie.db"
    source, target = side.connect(side.path, True), side.connect(target_path, False)
    side.note("copy for a back-up", timed(lambda: source.backup(target)))
    source.close()
    target.close()
    for path in folder.glob(f"{side.name}-kopie.db*"):
        path.unlink()


def changing_key(side: Side, folder: Path) -> None:
    name = "change the key (plain: a synced copy)"
    copy = folder / "sleutel.db"
    if side.name == "plain":

        def run() -> None:
            with copy.open("wb") as target, side.path.open("rb") as source:
                shutil.copyfileobj(source, target)
                os.fsync(target.fileno())

        side.note(name, timed(run))
    else:
        shutil.copyfile(side.path, copy)
        connection = side.connect(copy, False)
        other = bytes(reversed(KEY)).hex()
        side.note(name, timed(lambda: connection.execute(f"PRAGMA rekey=\"x'{other}'\"")))
        connection.close()
    for path in folder.glob("sleutel.db*"):
        path.unlink()


def service_layer(rounds: int) -> list[float]:
    """Return the milliseconds of storing an answer the whole way: history, audit entry, events."""
    from support.interviews import key, start_small
    from support.vaults import prepared_vault

    folder = Path(tempfile.mkdtemp(prefix="dienst-"))
    vault = prepared_vault(folder / "kluis")
    flow = start_small(vault)
    question = key("naam_tolk")
    took = [
        timed(lambda n=n: flow.answer(question, f"antwoord {n}")) for n in range(rounds * COMMITS)
    ]
    vault.close()
    shutil.rmtree(folder)
    return took


def quantile(figures: list[float], part: float) -> float:
    return sorted(figures)[min(len(figures) - 1, int(len(figures) * part))]


def report(sides: tuple[Side, Side]) -> dict[str, float]:
    """Print a line for each step; return the ratios."""
    ratios = {}
    print(f"\n{'median, ms':46}{'plain':>10}{'vault':>10}{'ratio':>8}{'p99 plain':>11}{'p99':>9}")
    for step in sides[0].took:
        one, two = (side.took[step] for side in sides)
        ratios[step] = statistics.median(two) / statistics.median(one)
        ends = "".join(
            f"{quantile(f, 0.99):{w}.3f}" if len(f) > 50 else " " * w
            for f, w in ((one, 11), (two, 9))
        )
        print(
            f"{step:46}{statistics.median(one):10.3f}{statistics.median(two):10.3f}"
            f"{ratios[step]:8.2f}{ends}"
        )
    return ratios


def budget(what: str, figure: float, most: float, unit: str) -> None:
    state = "met" if figure <= most else "NOT MET"
    print(f"  {what:58}{figure:8.2f} {unit} (budget {most:g}): {state}")


def main() -> None:
    """Fill both, then measure in interleaved rounds."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--persons", type=int, default=50_000)
    parser.add_argument("--answers", type=int, default=500_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--soak", action="store_true", help="5,000,000 answers")
    parser.add_argument("--folder", type=Path, default=None, help="where the files are written")
    chosen = parser.parse_args()
    started = time.perf_counter()
    from sqlcipher3 import dbapi2

    folder = Path(tempfile.mkdtemp(prefix="kluismeting-", dir=chosen.folder))
    content = Content(chosen.persons, 5_000_000 if chosen.soak else chosen.answers)
    print(f"{chosen.persons:,} persons, {content.answers:,} answers; {os.cpu_count()} cores,")
    print(
        f"load {os.getloadavg()[0]:.1f}; sqlite3 {sqlite3.sqlite_version} beside SQLCipher on",
        end=" ",
    )
    print(f"{dbapi2.sqlite_version}, memory security on")
    sides = (
        Side("plain", folder / "gewoon.db", plain),
        Side("vault", folder / "kluis.db", encrypted),
    )
    keys = content.typed()
    found: list[tuple[float, float]] = []
    try:
        for side in sides:
            fill(side, content)
        for number in range(chosen.rounds):
            for side in sides:
                opening(side)
                inserting(side, content, number)
                committing(side, content, number, text_too=False)
                statements(side, keys, "search, prefix, one statement", PREFIX)
                some = finding(side, keys)
                found += some if side.name == "vault" else []
                if number < 3:
                    copying(side, folder)
                    changing_key(side, folder)
                    statements(side, keys[:60], "search, FTS5's own rank, one statement", RANKED)
        for side in sides:
            with_words_indexed(side, content)
        for number in range(chosen.rounds):
            for side in sides:
                committing(side, content, number, text_too=True)
        ratios = report(sides)
        answered = service_layer(chosen.rounds)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    clock, own = ([pair[n] for pair in found] for n in (0, 1))
    print(
        f"\nsearch as you type, {len(keys)} keys: p50 {quantile(clock, 0.5):.2f}, "
        f"p99 {quantile(clock, 0.99):.2f} ms by the clock; p99 {quantile(own, 0.99):.2f} ms of "
        "the processor"
    )
    print(
        f"an answer stored the whole way: p50 {quantile(answered, 0.5):.2f}, "
        f"p99 {quantile(answered, 0.99):.2f} ms"
    )
    bare = statistics.median(sides[0].took["commit of one answer"])
    ours = statistics.mean(sides[1].took["search, nearest first"])
    rank = statistics.mean(sides[0].took["search, FTS5's own rank, one statement"])
    print("\nbudgets")
    budget("search as you type, p99", quantile(clock, 0.99), 20, "ms")
    budget("prefix beside plain FTS5", ratios["search, prefix, one statement"], 2.5, "x")
    budget("nearest first beside plain FTS5 ranked", ours / rank, 4.5, "x")
    budget("an answer durable, p99 less a bare commit", quantile(answered, 0.99) - bare, 16, "ms")
    print(f"\n{time.perf_counter() - started:.0f} s in all, load now {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
