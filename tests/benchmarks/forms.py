"""The form engine beside JavaRosa and ODK Web Forms, on the same forms, in the same run.

    python tests/benchmarks/forms.py [--rounds 5] [--minutes 5] [--forms DIR] [--only FORM…]
        [--no-java] [--no-node] [--no-browser]

Rounds are interleaved and each measurement has a process of its own; medians over the rounds are
printed with the budgets of the design, met or not. No round is begun that would not end within
`--minutes`; how many there were is printed. ODK Web Forms takes a minute for each of the larger
forms and fills those in once. "cascade" is one answer that reaches all of 200 sections, given 30
times. JavaRosa comes from the validator inside pyxform
("cold": the first pass of a fresh virtual machine, "warm": its sixth), ODK Web Forms from npm
(``@getodk/xforms-engine``, in Chromium where that is installed, else under Node with jsdom; the
report says which). Without Java, or Node and npm, their rows are skipped and it says so. At the end
the instances of all engines are compared leaf for leaf. Nothing is asserted: the exit code is 0
unless the instances differ.

`--forms` keeps what pyxform, javac and npm made for the next run (default: a folder among the
temporary files). The time of one answer is that of the call: relevance, calculations, constraints,
required, readonly, filtered choices and labels that show answers included for ours; JavaRosa makes
choices and labels only when asked ("show").
"""

from __future__ import annotations

import argparse
import gc
import itertools
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1]), str(HERE)]

from form_peers import Figures, java_tools, javarosa, run_child, web_forms, webforms  # noqa: E402

WARM = 6
FILLED = ("languages", "repeats", "large", "cascade")
ONCE = ("repeats", "large")
"""What ODK Web Forms fills in once only."""
TURNS = 30
NAMES = {
    "languages": "300 questions, 14 languages",
    "repeats": "200 × 20 repeats",
    "large": "3,000 questions",
    "cascade": "cascade over 200 sections",
    "small": "1,000 questions",
    "huge": "10,000 questions",
}


# -- ours, in a child process ----------------------------------------------------------------------


def child(form: Path, ops: Path, out: Path, *, fill: bool) -> None:
    """Load and fill the form with our engine; figures as JSON on standard output."""
    before = time.perf_counter()
    from intake_app import xforms
    from intake_app.xforms import compiled

    imported = time.perf_counter() - before
    xml = form.read_bytes()
    counter = itertools.count(1)

    def session(definition: Any) -> Any:
        return xforms.FormSession(
            definition,
            now=lambda: datetime(2026, 3, 5, 12, tzinfo=UTC),
            uuid=lambda: UUID(int=next(counter)),
            random=lambda: 0.5,
        )

    before = time.perf_counter()
    definition = xforms.parse_form(xml)
    opened = session(definition)
    load = time.perf_counter() - before
    extra = {"import": imported * 1e6}
    stored = compiled.dump(definition)
    before = time.perf_counter()
    again = session(compiled.load(xml, stored))
    extra["cached"] = (time.perf_counter() - before) * 1e6
    extra["cached KiB"] = len(stored) / 1024
    del again
    figures = Figures(load * 1e6, extra=extra)
    if fill:
        written = _turn(opened, figures) if "cascade" in form.name else _fill(opened, figures)
        ops.write_text("".join(f"{a}\t{b}\n" for a, b in written), encoding="utf-8")
        out.write_bytes(opened.instance_xml())
        extra["instance xml"] = _timed(opened.instance_xml)
        snapshot = opened.snapshot()
        extra["snapshot"] = _timed(opened.snapshot)
        extra["restore"] = _timed(
            lambda: xforms.FormSession(
                definition,
                now=lambda: datetime(2026, 3, 5, 12, tzinfo=UTC),
                uuid=lambda: UUID(int=next(counter)),
                random=lambda: 0.5,
                snapshot=snapshot,
            )
        )
        extra["pages"] = _timed(opened.pages)
    figures.peak = _peak()
    json.dump(figures.__dict__, sys.stdout)


def _peak() -> int:
    """The most memory this process had, in KiB; not that of the one it was forked from."""
    try:
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    except OSError:
        pass
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _timed(act: Callable[[], object]) -> float:
    before = time.perf_counter()
    act()
    return (time.perf_counter() - before) * 1e6


def _turn(session: Any, figures: Figures) -> list[tuple[str, str]]:
    """Give the first number over and over; everything that is carried on follows."""
    from intake_app.xforms import NodeKey

    key, work = NodeKey("/data/deel_0/leeftijd_0"), NodeKey("/data/deel_0/werkt_0")
    # Without it the next section is not asked, and nothing is carried on.
    session.answer(work, "deels")
    gc.collect()
    for turn in range(TURNS):
        before = time.perf_counter()
        session.answer(key, ("30", "31")[turn % 2])
        figures.cascade.append((time.perf_counter() - before) * 1e6)
    return [
        (_reference(work.path, None, 1), "deels"),
        (f"~{_reference(key.path, None, 1)}", "30 31"),
    ]


def _fill(session: Any, figures: Figures) -> list[tuple[str, str]]:
    """Answer every relevant question in order; repeats get their full number of instances."""
    import form_samples

    from intake_app.xforms import NodeKey, QuestionKind

    written: list[tuple[str, str]] = []
    clock = time.perf_counter
    questions = list(session.form.questions.values())
    gc.collect()

    def ask(question: Any, key: Any, reference: str) -> None:
        before = clock()
        view = session.view(key)
        figures.show.append((clock() - before) * 1e6)
        if not view.relevant or view.readonly:
            figures.show.pop()
            return
        value = _value(question, view.choices, reference)
        before = clock()
        session.answer(key, value)
        figures.answer.append((clock() - before) * 1e6)
        written.append((reference, value))

    for repeat, group in itertools.groupby(questions, key=lambda q: q.repeat):
        asked = [q for q in group if q.kind.askable or q.kind is QuestionKind.NOTE]
        asked = [q for q in asked if q.kind.askable]
        if repeat is None:
            for question in asked:
                ask(question, NodeKey(question.path), _reference(question.path, None, 1))
            continue
        for number in range(1, form_samples.REPEATS + 1):
            if number > len(session.repeats(repeat)):
                before = clock()
                session.add_repeat(repeat)
                figures.add.append((clock() - before) * 1e6)
                written.append((f"+{_reference(repeat, repeat, number)}", "1"))
            instance = session.repeats(repeat)[-1]
            for question in asked:
                reference = _reference(question.path, repeat, number)
                ask(question, NodeKey(question.path, instance), reference)
    return written


def _reference(path: str, repeat: str | None, number: int) -> str:
    """The reference as JavaRosa writes it, with a position at every step but the root."""
    steps = path.strip("/").split("/")
    places = []
    for depth, step in enumerate(steps):
        here = "/" + "/".join(steps[: depth + 1])
        places.append(step if depth == 0 else f"{step}[{number if here == repeat else 1}]")
    return "/" + "/".join(places)


def _value(question: Any, choices: Any, reference: str) -> str:
    from intake_app.xforms import QuestionKind

    pick = zlib.crc32(reference.encode())
    match question.kind:
        case QuestionKind.SELECT_ONE:
            return str(choices[pick % len(choices)].value)
        case QuestionKind.SELECT_MULTIPLE:
            return " ".join(c.value for n, c in enumerate(choices) if pick >> n & 1) or "taal1"
        case QuestionKind.INTEGER:
            return str(pick % 90) if question.name.startswith("leeftijd") else str(pick % 10)
        case QuestionKind.DECIMAL:
            return f"{pick % 600 / 10 + 0.25}"
        case QuestionKind.DATE:
            return f"20{pick % 20:02d}-{pick % 12 + 1:02d}-{pick % 28 + 1:02d}"
        case _:
            return "Naam " + "abcdefghij"[pick % 10] * (pick % 7 + 1)


def ours(form: Path, ops: Path, out: Path, *, fill: bool) -> Figures:
    """One round of our engine in a fresh process."""
    command = [sys.executable, __file__, "--child", str(form), str(ops), str(out)]
    text, _ = run_child([*command, *(["--fill"] if fill else [])])
    return Figures(**json.loads(text))


# -- comparing -------------------------------------------------------------------------------------


def leaves(xml: bytes) -> list[tuple[str, str]]:
    """Path and text of every leaf in order, without what differs by nature."""
    from defusedxml import ElementTree

    found: list[tuple[str, str]] = []

    def walk(element: Any, path: str) -> None:
        name = element.tag.rpartition("}")[2]
        here = f"{path}/{name}"
        if name in ("instanceID", "meta"):
            return
        if any(key.endswith("}template") for key in element.attrib):
            return
        if len(element):
            for part in element:
                walk(part, here)
        elif (element.text or "").strip():
            found.append((here, _canonical((element.text or "").strip())))

    walk(ElementTree.fromstring(xml), "")
    return found


def _canonical(text: str) -> str:
    try:
        return repr(float(text))
    except ValueError:
        return text


def compare(name: str, peer: str, mine: Path, theirs: Path) -> bool:
    """Print whether two instances have the same leaves."""
    if not theirs.is_file():
        return True
    a, b = leaves(mine.read_bytes()), leaves(theirs.read_bytes())
    different = [(x, y) for x, y in itertools.zip_longest(a, b) if x != y]
    print(f"instance of {NAMES[name]} against {peer}: {len(a)} leaves, {len(different)} differ")
    for x, y in different[:5]:
        print(f"    {x} | {y}")
    return not different


# -- the report ------------------------------------------------------------------------------------


Rounds = dict[tuple[str, str], list[Figures]]


def made(name: str, folder: Path) -> Path:
    """The XForm by name, made in a process of its own: what we fork from must stay small."""
    command = [sys.executable, __file__, "--make", name, "--forms", str(folder)]
    return Path(subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip())


def measure(given: argparse.Namespace, folder: Path) -> tuple[Rounds, bool]:
    began = time.monotonic()
    names = given.only or [*FILLED, "small", "huge"]
    forms = {name: made(name, folder) for name in names}
    java = None if given.no_java else java_tools(folder)
    web_engine = None if given.no_node else web_forms(folder, browser=not given.no_browser)
    rounds: Rounds = {}

    def note(name: str, engine: str, figures: Figures) -> None:
        rounds.setdefault((name, engine), []).append(figures)

    same = True
    longest = 0.0
    with tempfile.TemporaryDirectory() as scratch:
        for number in range(given.rounds):
            spent = time.monotonic() - began
            # The first round has what is only done once.
            if number and spent + longest > 60 * given.minutes:
                print(f"{number} rounds in {spent / 60:.1f} minutes; another would not fit")
                break
            started = time.monotonic()
            once = 0.0
            for name in names:
                place = Path(scratch) / name
                ops, mine = place.with_suffix(".ops"), place.with_suffix(".xml")
                theirs = place.with_suffix(".java.xml")
                web = place.with_suffix(".web.xml")
                fill = name in FILLED
                note(name, "ours", ours(forms[name], ops, mine, fill=fill))
                if not fill:
                    continue
                if java:
                    note(name, "JavaRosa cold", javarosa(java, forms[name], ops, theirs, 1))
                    note(name, "JavaRosa warm", javarosa(java, forms[name], ops, theirs, WARM))
                if web_engine and name != "cascade" and (number == 0 or name not in ONCE):
                    before = time.monotonic()
                    found = webforms(web_engine, forms[name], ops, web)
                    if found is not None:
                        note(name, web_engine.name, found)
                    once += time.monotonic() - before if name in ONCE else 0.0
                if number == 0:
                    same = compare(name, "JavaRosa", mine, theirs) and same
                    same = compare(name, "Web Forms", mine, web) and same
            longest = max(longest, time.monotonic() - started - once)
    return rounds, same


def _median(found: list[Figures], of: Callable[[Figures], float]) -> float:
    return statistics.median(of(figures) for figures in found)


def _p99(times: list[float]) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * 0.99))] if times else 0.0


def _mean(times: list[float]) -> float:
    return statistics.fmean(times) if times else 0.0


def report(rounds: Rounds) -> None:
    load1 = os.getloadavg()[0]
    print(f"\n{os.cpu_count()} cores, load {load1:.1f}, Python {sys.version.split()[0]}")
    header = f"{'form':28}{'engine':25}{'load ms':>9}{'mean µs':>9}{'p50':>8}{'p99':>10}{'max':>10}"
    print(header + f"{'show µs':>9}{'add µs':>9}{'peak MiB':>9}")
    for (name, engine), found in rounds.items():
        numbers = [
            _median(found, lambda f: f.load / 1000),
            _median(found, lambda f: _mean(f.cascade or f.answer)),
            _median(found, lambda f: statistics.median(f.cascade or f.answer or [0])),
            _median(found, lambda f: _p99(f.cascade or f.answer)),
            _median(found, lambda f: max(f.cascade or f.answer, default=0)),
            _median(found, lambda f: _mean(f.show)),
            _median(found, lambda f: _mean(f.add)),
            _median(found, lambda f: f.peak / 1024),
        ]
        widths = (9, 9, 8, 10, 10, 9, 9, 9)
        row = "".join(f"{n:{w}.1f}" for n, w in zip(numbers, widths, strict=True))
        print(f"{NAMES[name]:28}{engine:25}{row}")
    print("\nours besides (median):")
    for (name, engine), found in rounds.items():
        if engine == "ours":
            parts = [_extra(found, key) for key in found[0].extra]
            print(f"    {NAMES[name]}: " + ", ".join(parts))
    print()
    _budgets(rounds)


def _extra(found: list[Figures], key: str) -> str:
    value = statistics.median(figures.extra[key] for figures in found)
    return f"{key} {value:.1f}" if "KiB" in key else f"{key} {value / 1000:.1f} ms"


def _budgets(rounds: Rounds) -> None:
    def line(what: str, value: float, budget: float, *, at_least: bool = False) -> None:
        met = value >= budget if at_least else value <= budget
        sign = ">=" if at_least else "<="
        print(f"{what:72}{value:9.4f}  budget {sign} {budget:<7.4g} {'met' if met else 'NOT MET'}")

    def ratio(name: str, peer: str, of: Callable[[Figures], float]) -> float | None:
        mine, theirs = rounds.get((name, "ours")), rounds.get((name, peer))
        if not mine or not theirs:
            return None
        return _median(mine, of) / _median(theirs, of)

    def against(what: str, name: str, peer: str, of: Any, budget: float) -> None:
        value = ratio(name, peer, of)
        if value is None:
            print(f"{what:72}  not measured")
        else:
            line(what, value, budget)

    for peer, load, answer, add in (
        ("JavaRosa cold", 1 / 10, 1 / 50, 1 / 5),
        ("JavaRosa warm", 1 / 2, 1 / 25, 1 / 2),
    ):
        against(f"load, 300 × 14 languages / {peer}", "languages", peer, lambda f: f.load, load)
        mean, tail = (lambda f: _mean(f.answer)), (lambda f: _p99(f.answer))
        against(f"one answer at 3,000, mean / {peer}", "large", peer, mean, answer)
        against(f"one answer at 3,000, p99 / {peer}", "large", peer, tail, answer)
        against(f"add a repeat, 200 × 20 / {peer}", "repeats", peer, lambda f: _mean(f.add), add)
        # two thousand nodes follow from one answer here: the design has no budget for it
        value = ratio("cascade", peer, lambda f: _mean(f.cascade))
        if value is not None:
            print(f"cascade over 200 sections, mean, times faster than {peer}: {1 / value:.1f}")
    called = next((peer for _, peer in rounds if peer.startswith("Web Forms")), "")
    for name in ("languages", "repeats", "large"):
        web = ratio(name, called, lambda f: f.load)
        if web is None:
            print(f"load of {NAMES[name]} / ODK Web Forms: not measured")
        else:
            what = f"load of {NAMES[name]}, times faster than {called}"
            line(what, 1 / web, 20, at_least=True)
    for name in FILLED:
        web = ratio(name, called, lambda f: _mean(f.answer))
        if web:
            print(f"one answer, {NAMES[name]}, times faster than {called}: {1 / web:.0f}")
    found = rounds.get(("large", "ours"))
    if found:
        line("memory, 3,000 questions filled in, MiB", _median(found, lambda f: f.peak) / 1024, 200)
    found = rounds.get(("large", "ours"))
    if found:
        line("one answer at 3,000, mean, ms", _median(found, lambda f: _mean(f.answer)) / 1000, 0.2)
    found = rounds.get(("languages", "ours"))
    if found:
        cached = _median(found, lambda f: f.extra["cached"])
        line("cached load / raw load", cached / _median(found, lambda f: f.load), 1)
    small, huge = rounds.get(("small", "ours")), rounds.get(("huge", "ours"))
    if small and huge:
        grown = _median(huge, lambda f: f.load) / _median(small, lambda f: f.load)
        line("load of 10,000 questions / of 1,000", grown, 13)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--forms", type=Path, default=Path(tempfile.gettempdir()) / "form-bench")
    parser.add_argument("--only", nargs="*", choices=list(NAMES))
    parser.add_argument("--no-java", action="store_true")
    parser.add_argument("--no-node", action="store_true")
    parser.add_argument("--no-browser", action="store_true")
    parser.add_argument("--child", nargs=3, type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--fill", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--make", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        child(*given.child, fill=given.fill)
        return 0
    given.forms.mkdir(parents=True, exist_ok=True)
    if given.make:
        import form_samples

        print(form_samples.compiled(given.make, given.forms))
        return 0
    rounds, same = measure(given, given.forms)
    report(rounds)
    return 0 if same else 1


if __name__ == "__main__":
    raise SystemExit(main())
