"""How fast the interview is: to the next question, while typing, and how much memory it takes.

    python tests/benchmarks/interview.py [--rounds 1] [--language ar ti] [--part PART ...]
    QT_QPA_PLATFORM=xcb xvfb-run -a -s "-screen 0 1366x768x24" \
        python tests/benchmarks/interview.py

The window is 1366 by 768 with the client's screen open. Each kind of step is measured in every
round, beside what it is compared with: a bare commit of SQLite with an fsync on the same disk, and
a bare QLineEdit or QPlainTextEdit. A step begins when a key would be handled and ends when both
screens have been painted, so that nothing is left of that turn of the event loop but deletions.
Prints median, 99th percentile and worst; nothing is asserted. Without a platform it paints into
memory, on two monitors that are not there.
"""

from __future__ import annotations

import argparse
import os
import resource
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "benchmarks")]

if TYPE_CHECKING:
    from interview_talks import Talk
    from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit

    from intake_app.ui.theme import Theme

BUDGET_MS = 16.0
MEMORY_MIB = 200
KEYS = "de buurvrouw past op de kinderen en haalt ze uit school "


class Figures:
    """What was measured, in milliseconds, by what it is about."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.took: dict[str, list[float]] = {}
        self.clock = clock

    def add(self, name: str, run: Callable[[], object]) -> float:
        """Run and note how long it took."""
        began = self.clock()
        run()
        spent = (self.clock() - began) * 1000
        self.took.setdefault(name, []).append(spent)
        return spent

    def line(self, name: str, *, against: str = "", note: str = "") -> None:
        """Print median, p99 and worst, and the ratio of the medians and of the p99s."""
        if name not in self.took:
            return
        own = self.took[name]
        text = f"{name:40} {_middle(own):8.2f} {_p99(own):8.2f} {max(own):8.2f} {len(own):5}"
        if against in self.took:
            other = self.took[against]
            text += f"   {_middle(own) / _middle(other):6.2f} {_p99(own) / _p99(other):6.2f}"
        print(f"{text}   {note}".rstrip())


def _middle(values: Sequence[float]) -> float:
    return statistics.median(values)


def _p99(values: Sequence[float]) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * 0.99))]


def bare_commits(folder: Path, figures: Figures, rounds: int = 60) -> None:
    """Commit one row at a time with an fsync, without encryption."""
    connection = sqlite3.connect(folder / f"bare-{time.time_ns()}.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE answer (path TEXT PRIMARY KEY, value TEXT)")

    def commit(number: int) -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT OR REPLACE INTO answer VALUES (?, ?)", ("/a", str(number)))
        connection.execute("COMMIT")

    for number in range(rounds):
        figures.add("bare fsynced commit", lambda n=number: commit(n))
    connection.close()


# ---- from question to question -------------------------------------------------------------------


def walk(talk: Talk, figures: Figures, folder: Path) -> None:
    """Go through the whole interview; every answer is left at once."""
    from interview_talks import fill_in, leave, painted

    from intake_app.ui.interview.bridge import Place

    flow = talk.flow
    real = flow._step

    def step(*args: object) -> object:
        kept: list[object] = []
        figures.add("  of which the vault", lambda: kept.append(real(*args)))  # type: ignore[arg-type]
        return kept[0]

    flow._step = step  # type: ignore[method-assign,assignment]
    moved: list[float] = []
    number = 0
    while talk.bridge.place is Place.PAGE:
        talk.read()
        for key, block in tuple(talk.page.card.blocks.items()):
            fill_in(block, flow.view(key).definition.kind)
        talk.read()
        last = flow.session.next_page(talk.bridge.page.key) is None if talk.bridge.page else True
        name = "last question -> look back" if last else "leave a field -> next question"

        def both() -> None:
            began = figures.clock()
            leave(talk)
            moved.append((figures.clock() - began) * 1000)
            painted(talk.app)

        spent = figures.add(name, both)
        if not last:
            figures.took.setdefault("  of which painting", []).append(spent - moved[-1])
        number += 1
        if number % 8 == 0:
            bare_commits(folder, figures, 20)
    flow._step = real  # type: ignore[method-assign]


def around(talk: Talk, figures: Figures) -> None:
    """Go back, jump by the list of sections, add to a repeat, change the language."""
    from interview_talks import painted

    bridge, app = talk.bridge, talk.app

    def speak(language: str) -> None:
        talk.bridge.change_language(language)

    def step(name: str, run: Callable[[], object]) -> None:
        talk.read()

        def both() -> None:
            run()
            painted(app)

        figures.add(name, both)

    for _ in range(12):
        step("go back", talk.page.go_back)
    sections = [s for s in bridge.flow.outline() if s.first_page is not None]
    for section in sections:
        item = talk.page.sections.items[section.path]
        step("jump by the list of sections", item.click)
    repeats = [page for page in bridge.flow.session.pages() if page.kind == "repeat"]
    for page in repeats[:1]:
        for _ in range(4):
            bridge.go_to(page.key)
            step("add to a repeat", lambda p=page: bridge.add_repeat(p.key.path, p.key.repeat))
    for language in ("fr", "ar", "ti", "uk"):
        step("change the language", lambda to=language: speak(to))


def measure_next(
    app: QApplication, theme: Theme, folder: Path, figures: Figures, chosen: argparse.Namespace
) -> None:
    from interview_talks import intake

    for number in range(chosen.rounds):
        for language in chosen.language:
            with intake(app, theme, folder / f"{language}-{number}", language) as talk:
                where = talk.client_stands()
                figures.took.setdefault("open an interview", []).append(talk.opened_ms)
                walk(talk, figures, folder)
                around(talk, figures)
    print(f"\nthe intake in {' and '.join(chosen.language)}; {where}")
    head()
    floor = "bare fsynced commit"
    figures.line(floor)
    own, bare = figures.took["leave a field -> next question"], figures.took[floor]
    budget = BUDGET_MS + _p99(bare)
    said = "within" if _p99(own) <= budget else "OVER"
    figures.line(
        "leave a field -> next question",
        against=floor,
        note=f"p99 {said} {BUDGET_MS:.0f} ms + fsync ({budget:.1f})",
    )
    for name in ("  of which the vault", "  of which painting", "last question -> look back"):
        figures.line(name, against=floor)
    for name in ("go back", "jump by the list of sections", "open an interview"):
        figures.line(name, against=floor)
    for name in ("add to a repeat", "change the language"):
        figures.line(name, against=floor)


# ---- typing --------------------------------------------------------------------------------------


def measure_typing(
    app: QApplication, theme: Theme, folder: Path, figures: Figures, chosen: argparse.Namespace
) -> None:
    """Type into a bare field, a form of ten questions and one of three thousand, by turns."""
    from interview_talks import long_talk, rest, text_key
    from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

    del chosen
    bare: dict[bool, QLineEdit | QPlainTextEdit] = {False: QLineEdit(), True: QPlainTextEdit()}
    for field in bare.values():
        field.resize(700, 120)
        field.show()
    with (
        long_talk(app, theme, folder / "ten", 10) as small,
        long_talk(app, theme, folder / "many", 3000) as large,
    ):
        for turn in range(2):
            for long in (False, True):
                kind = "paragraph" if long else "line"
                _type(app, bare[long], figures, f"bare {kind}", None)
                for name, talk in (("10 questions", small), ("3,000 questions", large)):
                    talk.bridge.go_to(text_key(long=long))
                    talk.shell.activateWindow()
                    rest(app, 0.3)
                    block = next(iter(talk.page.card.blocks.values()))
                    field = block.widget.field  # type: ignore[attr-defined]
                    _type(app, field, figures, f"{kind}, {name}", talk)
            del turn
        memory = resident_mib()
    print("\ntyping: from the key to the painted letter")
    head()
    for kind in ("line", "paragraph"):
        figures.line(f"bare {kind}")
        figures.line(f"{kind}, 10 questions", against=f"bare {kind}")
        figures.line(
            f"{kind}, 3,000 questions",
            against=f"{kind}, 10 questions",
            note="against the form of ten",
        )
    bare_commits(folder, figures)
    figures.line("bare fsynced commit")
    for name in ("10 questions", "3,000 questions"):
        figures.line(f"save while typing, {name}", against="bare fsynced commit")
    say_memory("two interviews open, one of 3,000 questions, client's screens", memory)


def _type(
    app: QApplication,
    field: QLineEdit | QPlainTextEdit,
    figures: Figures,
    name: str,
    talk: Talk | None,
) -> None:
    from interview_talks import painted, rest
    from PySide6.QtCore import QEvent, Qt
    from PySide6.QtGui import QKeyEvent

    field.clear()
    field.setFocus()
    rest(app, 0.05)
    for number, letter in enumerate(KEYS):
        event = QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, letter, count=1)

        def press(typed: QKeyEvent = event) -> None:
            app.sendEvent(field, typed)
            painted(app)

        figures.add(name, press)
        if talk is not None and number % 5 == 4:

            def save(shown: Talk = talk) -> None:
                shown.bridge.store_typing()
                painted(app)

            figures.add(f"save while typing, {name.split(', ', 1)[1]}", save)
        rest(app, 0.004)


# ---- memory --------------------------------------------------------------------------------------


def measure_memory(
    app: QApplication, theme: Theme, folder: Path, figures: Figures, chosen: argparse.Namespace
) -> None:
    """Open the largest interview alone, in a process of its own."""
    from interview_talks import long_talk

    del figures, chosen
    with long_talk(app, theme, folder / "largest", 3000) as talk:
        for _ in range(20):
            talk.read()
            talk.page.go_next()
        print(f"\nmemory: {talk.client_stands()}")
        say_memory("3,000 questions, twenty pages on, client's screen open", resident_mib())
    say_peak()


def measure_memory_of_the_intake(
    app: QApplication, theme: Theme, folder: Path, figures: Figures, chosen: argparse.Namespace
) -> None:
    """Hold the longest talk that ships, sixty questions answered, in a process of its own."""
    from interview_talks import intake, leave

    del figures
    with intake(app, theme, folder / "intake", chosen.language[-1]) as talk:
        for _ in range(60):
            talk.read()
            leave(talk)
        print(f"\nmemory: {talk.client_stands()}")
        what = f"the intake in {chosen.language[-1]}, sixty questions on, client's screen open"
        say_memory(what, resident_mib())
    say_peak()


def say_peak() -> None:
    """Print the most memory this process had in use."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'most at any time':60} {peak:8.1f} MiB")


def resident_mib() -> float:
    """Return how much memory this process has in use now."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def say_memory(what: str, mib: float) -> None:
    """Print it beside the budget."""
    said = "within" if mib <= MEMORY_MIB else "OVER"
    print(f"{what:60} {mib:8.1f} MiB ({said} {MEMORY_MIB})")


def head() -> None:
    """Print what the columns are."""
    print(f"{'ms':40} {'median':>8} {'p99':>8} {'worst':>8} {'times':>5}   ratio  of p99s")


PARTS = {
    "next": measure_next,
    "typing": measure_typing,
    "memory": measure_memory,
    "intake-memory": measure_memory_of_the_intake,
}


def main() -> None:
    """Measure the parts that are asked for; each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--language", nargs="+", default=["ar", "ti"])
    parser.add_argument("--part", nargs="+", choices=tuple(PARTS), default=list(PARTS))
    parser.add_argument(
        "--clock",
        choices=("wall", "processor"),
        default="wall",
        help="the processor's own time says more where others work too, and nothing of the disk",
    )
    chosen = parser.parse_args()
    if len(chosen.part) > 1:
        import subprocess

        asked = ["--rounds", str(chosen.rounds), "--language", *chosen.language]
        asked += ["--clock", chosen.clock]
        for part in chosen.part:
            subprocess.run([sys.executable, __file__, *asked, "--part", part], check=True)
        return
    folder = Path(tempfile.mkdtemp(prefix="gesprek-"))
    from interview_talks import two_screens

    os.environ.setdefault("QT_QPA_PLATFORM", two_screens(folder))
    from PySide6.QtCore import qInstallMessageHandler
    from PySide6.QtWidgets import QApplication
    from support.qt import make_theme

    qInstallMessageHandler(lambda *_: None)
    app = QApplication([])
    print(f"{chosen.part[0]}: painted by the platform {app.platformName()}, {chosen.clock} clock")
    clock = time.perf_counter if chosen.clock == "wall" else time.process_time
    PARTS[chosen.part[0]](app, make_theme(app), folder, Figures(clock), chosen)


if __name__ == "__main__":
    main()
