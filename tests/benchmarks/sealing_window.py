"""How long the window stands still while a dossier with attachments is sealed beside it.

    QT_QPA_PLATFORM=offscreen python tests/benchmarks/sealing_window.py [--mb 100] [--rounds 5]

The steps of the handover page seal for real; a timer beats every 2 ms on the window's thread, and
every gap between two beats is kept. The budget is 50 ms: what a hand notices. The same beats
without sealing are printed beside it: what the machine itself does. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import itertools
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

PART = 20_000_000
BUDGET = 0.050


def beating(app: object, until: object) -> list[float]:
    """Return the gaps between beats, in seconds, as long as `until()` is false."""
    from PySide6.QtCore import QTimer

    beats: list[float] = []
    timer = QTimer()
    timer.setInterval(2)
    timer.timeout.connect(lambda: beats.append(time.perf_counter()))
    timer.start()
    while not until():  # type: ignore[operator]
        app.processEvents()  # type: ignore[attr-defined]
        time.sleep(0.0005)
    timer.stop()
    return [after - before for before, after in itertools.pairwise(beats)]


def said(name: str, gaps: list[float]) -> None:
    worst, often = max(gaps) * 1000, statistics.quantiles(gaps, n=100)[98] * 1000
    met = "met" if max(gaps) <= BUDGET else "NOT MET"
    print(f"{name:28} worst {worst:7.1f} ms   99 % {often:6.1f} ms   budget 50 ms {met}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mb", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()

    from PySide6.QtWidgets import QApplication
    from support.chain import PERSON, add_person, make_chain
    from support.qt import ScriptedPicker, make_context, make_theme, settle
    from support.vaults import actor_of

    from intake_app.ui.handover.page import HandoverPage

    app = QApplication.instance() or QApplication([])
    with tempfile.TemporaryDirectory() as name:
        chain = make_chain(Path(name))
        add_person(chain.azc)
        for number in range(max(1, given.mb * 1_000_000 // PART)):
            data = b"%PDF-1.7\n" + os.urandom(PART - 9)
            with chain.azc.transaction(actor_of(chain.azc), "bijlage toevoegen") as tx:
                tx.attachments.add(
                    PERSON.person_id,
                    (data[at : at + 524_288] for at in range(0, len(data), 524_288)),
                    title=f"Deel {number}",
                    media_type="application/pdf",
                    category="opleiding",
                    env=chain.azc.env,
                )
        started = time.perf_counter()
        said("idle", beating(app, lambda: time.perf_counter() - started > 1))
        gaps: list[float] = []
        for _ in range(given.rounds):
            context = make_context(chain.azc, make_theme(app), pick=ScriptedPicker(chain.stick))
            page = HandoverPage(context, PERSON.person_id)
            page.resize(1200, 700)
            page.show()
            app.processEvents()
            if page.steps is None:
                page.show_steps()
            steps = page.steps
            assert steps is not None
            for _press in range(3):
                steps.go_on()
            began = time.perf_counter()
            steps.go_on()
            gaps += beating(app, lambda steps=steps: not steps.is_sealing)
            spent = time.perf_counter() - began
            size = max(path.stat().st_size for path in chain.stick.iterdir()) / 1e6
            print(f"sealed {size:.0f} MB in {spent:.2f} s")
            # what the page put away is deleted before the page itself
            settle(app)
            page.close()
        said("while it is sealed", gaps)
        chain.close()


if __name__ == "__main__":
    main()
