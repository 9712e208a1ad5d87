"""From leaving a field to the next question on both screens, in the real intake.

    python tests/benchmarks/interview.py [--rounds 3]

Each step stores an answer, moves on, and paints the page and the client screen (offscreen, so that
the painting is done by the processor). Beside it stands a bare commit of SQLite with an fsync, on
the same disk. Prints medians and their ratio; nothing is asserted.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

BUDGET_MS = 16


def bare_commit(folder: Path, rounds: int = 200) -> float:
    """Return the median milliseconds of one fsynced commit of one row."""
    connection = sqlite3.connect(folder / "bare.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE answer (path TEXT PRIMARY KEY, value TEXT)")
    took = []
    for number in range(rounds):
        before = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT OR REPLACE INTO answer VALUES (?, ?)", ("/a", str(number)))
        connection.execute("COMMIT")
        took.append((time.perf_counter() - before) * 1000)
    connection.close()
    return statistics.median(took)


def main() -> None:
    """Go through the intake from the first page to the last, several times."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--profile", action="store_true", help="show where the time goes")
    chosen = parser.parse_args()
    from PySide6.QtWidgets import QApplication
    from support import filled
    from support.interviews import add_person
    from support.qt import RecordingNavigator, make_context, make_theme, settle
    from support.vaults import actor_of, prepared_vault

    from intake_app import paths
    from intake_app.domain.interview import AnswerState, Interpretation, InterpreterMode
    from intake_app.flows.interview import InterviewFlow
    from intake_app.formio.library import Library
    from intake_app.ui.interview.bridge import Place
    from intake_app.ui.interview.host import InterviewHost
    from intake_app.ui.shell import Crumb, Shell

    app = QApplication([])
    theme = make_theme(app)
    folder = Path(tempfile.mkdtemp(prefix="gesprek-"))
    steps: dict[str, list[float]] = {"clock": [], "processor": []}
    for number in range(chosen.rounds):
        vault = prepared_vault(folder / f"kluis-{number}")
        context = make_context(vault, theme, navigate=RecordingNavigator())
        flow = InterviewFlow.start(
            vault,
            Library(paths.compiled_dir()),
            filled.texts(),
            add_person(vault, language="ti").person_id,
            "intake",
            "ti",
            Interpretation(InterpreterMode.TELEFOON, "", "ti"),
            actor_of(vault),
        )
        shell = Shell(theme, context.tr)
        host = InterviewHost.reopen(context, flow.interview.interview_id)
        shell.show_page(host)
        host.attach(shell)
        host.heading_changed.connect(
            lambda text, s=shell: s.set_crumbs((Crumb("Sara V.", lambda: None), Crumb(text)))
        )
        shell.resize(1366, 768)
        shell.show()
        page = host.page
        assert page is not None
        page.client_screen.toggle()
        client = page.client_screen.window
        settle(app)
        profile = None
        if chosen.profile:
            import cProfile

            profile = cProfile.Profile()
        bridge = page.bridge
        while bridge.place is Place.PAGE:
            block = page.card.block()
            key = None if block is None else block.key
            clock, own = time.perf_counter(), time.process_time()
            if profile:
                profile.enable()
            if key is not None and bridge.flow.view(key).definition.kind.askable:
                bridge.set_state(key, AnswerState.UNKNOWN)
            page.go_next()
            shell.repaint()
            if client is not None:
                client.repaint()
            if profile:
                profile.disable()
            steps["clock"].append((time.perf_counter() - clock) * 1000)
            steps["processor"].append((time.process_time() - own) * 1000)
            settle(app)
        if profile:
            import pstats

            pstats.Stats(profile).sort_stats("cumtime").print_stats(45)
        page.leaving()
        shell.close()
        vault.close()
    bare = bare_commit(folder)
    clock = statistics.median(steps["clock"])
    print(f"{len(steps['clock'])} steps")
    print(f"answer, next question painted   {clock:6.2f} ms (budget {BUDGET_MS} ms)")
    print(f"  of which processor            {statistics.median(steps['processor']):6.2f} ms")
    print(f"  worst                         {max(steps['clock']):6.2f} ms")
    print(f"bare fsynced commit             {bare:6.2f} ms")
    print(f"ratio                           {clock / bare:6.1f}")


if __name__ == "__main__":
    main()
