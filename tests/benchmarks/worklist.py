"""From an unlocked vault to the worklist on the screen, with 50,000 persons in the vault.

    python tests/benchmarks/worklist.py [--persons 50000] [--rounds 5]

Nine in ten persons are handed over and accepted, the others stand at every point of the line, as in
a vault after years of use. The key derivation is left out: it is meant to take its time, and is
the same for every size. Prints medians with the budgets; nothing is asserted.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

BUDGET_MS = 300


def fill(folder: Path, persons: int) -> None:
    """Make a vault with that many persons, written in one go."""
    from sqlalchemy import insert
    from support.vaults import START, actor_of, prepared_vault

    from intake_app.domain.finding import entry
    from intake_app.domain.person import Person
    from intake_app.vault import schema
    from intake_app.vault.rows import stamp
    from intake_app.vault.stores.persons import _row

    vault = prepared_vault(folder)
    at = stamp(START)
    me = str(vault.user.user_id)
    marks = {"changed_at": at, "changed_by": me}
    xml = b"<form/>"
    form = hashlib.sha256(xml).hexdigest()
    names = ("Tesfay", "Alkhatib", "Rahimi", "Warsame", "Yılmaz", "Habtom", "Karimi", "Haddad")
    rows: dict[str, list[dict[str, object]]] = {}

    def put(table: str, **row: object) -> None:
        rows.setdefault(table, []).append(row)

    def event(person_id: str, number: int, kind: str, days: int) -> None:
        when = START - timedelta(days=days)
        put(
            "case_event",
            event_id=str(UUID(int=number)),
            person_id=person_id,
            kind=kind,
            on_date=when.date().isoformat(),
            recorded_at=stamp(when),
            source="Team",
            detail="",
            changed_by=me,
        )

    put("form_version", sha256=form, form_id="intake", version="1", structure_hash="0", xml=xml)
    for n in range(persons):
        digest = hashlib.sha256(str(n).encode()).digest()
        identifier = UUID(bytes=digest[:16])
        person_id = str(identifier)
        family = names[digest[16] % len(names)]
        person = Person(
            identifier, f"{n:010}", f"{family} {digest[17]}", f"Naam {digest[18]}", phone="06"
        )
        row = _row(person)
        put("person", **row, **marks)
        found_by = entry(
            (person.family_name, person.given_names),
            v_number=person.v_number,
            phone=person.phone,
        )
        put(
            "search_entry",
            person_id=person_id,
            sort_name=row["sort_name"],
            words=found_by.words,
            household="",
        )
        done = n % 10
        stage = 9 if done else (n // 10) % 7
        days = 900 if done else 30
        if stage >= 1:
            put(
                "koppeling",
                koppeling_id=str(UUID(int=n)),
                person_id=person_id,
                municipality_code="0355",
                linked_on="2026-01-05",
                ended_on=None,
                end_reason=None,
                promising_reason="",
                **marks,
            )
            event(person_id, n * 10, "gekoppeld", days)
            event(person_id, n * 10 + 1, "duo_kennisgeving", days)
        if stage >= 2:
            put(
                "interview",
                interview_id=str(UUID(int=n)),
                person_id=person_id,
                form_id="intake",
                form_sha256=form,
                language="ti",
                state="open" if stage == 2 else "vastgesteld",
                started_at=at,
                interpretation='["geen","","",[],[]]',
                position_path="",
                position_repeat=None,
                finished_at=None,
            )
            event(person_id, n * 10 + 2, "intake_begonnen", days)
        if stage >= 3:
            event(person_id, n * 10 + 3, "intake_vastgesteld", days)
        if stage >= 4:
            put(
                "plan",
                plan_id=str(UUID(int=n)),
                version=1,
                person_id=person_id,
                state="concept" if stage == 4 else "vastgesteld",
                created_at=at,
                author_id=me,
                main_path=None,
                other_paths="[]",
                leerroute="nog_niet",
                goals="[]",
                client_view="",
                discussed_on=None,
                discussed_with_interpreter=0,
                **marks,
            )
        if stage >= 6:
            put(
                "handover",
                handover_id=str(UUID(int=n)),
                person_id=person_id,
                dossier_version=1,
                recipient_id=str(UUID(int=5)),
                recipient_name="Gemeente Voorbeeldstad",
                municipality_code="0355",
                state="aangeboden" if stage == 6 else "geaccepteerd",
                created_at=at,
                created_by=me,
                file_name="overdracht.zip",
                file_sha256="0" * 64,
                file_size=1,
                sent_count=60,
                kept_count=10,
                state_changed_at=at,
                reason="",
                first_talk=None,
                **marks,
            )
    with vault.transaction(actor_of(vault), "vullen") as tx:
        for table in schema.metadata.sorted_tables:
            if table.name in rows:
                tx.persons._run(insert(table), rows[table.name])
    vault.close()


def timed(run: Callable[[], object]) -> tuple[float, float]:
    """Return the milliseconds a step took by the clock and of this process."""
    clock, own = time.perf_counter(), time.process_time()
    run()
    return (time.perf_counter() - clock) * 1000, (time.process_time() - own) * 1000


def main() -> None:
    """Fill a vault, then measure what happens between unlocking and seeing who waits."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--persons", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--keep", type=Path, default=None, help="use or make the vault here")
    chosen = parser.parse_args()
    from PySide6.QtWidgets import QApplication
    from support.qt import make_context, make_theme
    from support.vaults import PASSPHRASE, open_without_passphrase
    from support.vaults import environment as made_up

    from intake_app.crypto.slots import KeyFile
    from intake_app.flows import case, find
    from intake_app.ui.people import PeoplePage
    from intake_app.ui.today import TodayPage
    from intake_app.vault import Vault
    from intake_app.vault import folder as places

    app = QApplication([])
    theme = make_theme(app)
    folder = (chosen.keep or Path(tempfile.mkdtemp(prefix="werklijst-"))) / "kluis"
    if not folder.exists():
        took = timed(lambda: fill(folder, chosen.persons))[0]
        print(f"vault with {chosen.persons:,} persons made in {took / 1000:.1f} s")
    key_file = KeyFile.from_bytes((folder / places.KEY_FILE).read_bytes())
    slot = key_file.open(PASSPHRASE)

    def opened() -> Vault:
        return open_without_passphrase(folder, slot, key_file.db, made_up())

    def shown(page: type[TodayPage | PeoplePage], vault: Vault) -> None:
        made = page(make_context(vault, theme))
        made.resize(1280, 700)
        made.grab()
        made.deleteLater()

    steps: dict[str, list[tuple[float, float]]] = {}
    for _ in range(chosen.rounds):
        held: list[Vault] = []

        def unlock_and_show(held: list[Vault] = held) -> None:
            held.append(opened())
            shown(TodayPage, held[0])

        steps.setdefault(f"unlock to worklist (budget {BUDGET_MS} ms)", []).append(
            timed(unlock_and_show)
        )
        vault = held[0]
        for name, run in {
            "worklist, read again": lambda v=vault: case.today(v),
            "list of people, read": lambda v=vault: find.people(v),
            "list of people, shown": lambda v=vault: shown(PeoplePage, v),
            "search for a name": lambda v=vault: find.people(v, "warsame 12", limit=50),
        }.items():
            steps.setdefault(name, []).append(timed(run))
        vault.close()
    print(f"{'':42} {'clock':>11} {'worst':>11} {'processor':>11}")
    for name, took in steps.items():
        clock, own = ([pair[n] for pair in took] for n in (0, 1))
        figures = (statistics.median(clock), max(clock), statistics.median(own))
        print(f"{name:42}" + "".join(f" {figure:8.1f} ms" for figure in figures))


if __name__ == "__main__":
    main()
