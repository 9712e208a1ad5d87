"""Counting recorded cases: what passes, what deviates in favour of JavaRosa, what fails and why.

KNOWN.toml holds for the data it was made with, told by its digest. Other data of the same shape is
held to the thresholds alone.
"""

from __future__ import annotations

import hashlib
import importlib.util
import math
import shutil
import subprocess
import tempfile
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
THRESHOLDS = {"xpath": 98.0, "trace": 95.0}
MOST_NOT_APPLICABLE = 15.0

SOURCE = """
import java.util.*;
import java.util.regex.*;
import org.javarosa.core.util.GeoUtils;
import org.javarosa.core.model.condition.EvaluationContext;
import org.javarosa.xpath.XPathParseTool;
import org.javarosa.xpath.expr.XPathFuncExpr;
public class Evaluate {
  // Its area() only takes nodes of a form; what it calls can be called. Ours is to the centimetre.
  static final Pattern AREA = Pattern.compile("area.['\\"]([^'\\"]*)['\\"].");
  static double area(String shape) {
    List<GeoUtils.LatLong> points = new ArrayList<>();
    for (String point : shape.split(";")) {
      String[] parts = point.trim().split(" ");
      points.add(
          new GeoUtils.LatLong(Double.parseDouble(parts[0]), Double.parseDouble(parts[1])));
    }
    double found = GeoUtils.calculateAreaOfGPSPolygonOnEarthInSquareMeters(points);
    return Math.rint(found * 100) / 100;
  }
  public static void main(String[] arguments) {
    TimeZone.setDefault(TimeZone.getTimeZone(arguments[0]));
    Scanner lines = new Scanner(System.in, "UTF-8");
    while (lines.hasNextLine()) {
      String line = lines.nextLine();
      try {
        Matcher area = AREA.matcher(line);
        Object value = area.matches()
            ? (Object) area(area.group(1))
            : XPathParseTool.parseXPath(line).eval(null, new EvaluationContext(null));
        System.out.println("= " + XPathFuncExpr.toString(value));
      } catch (Throwable problem) {
        System.out.println("! " + problem.getClass().getSimpleName());
      }
    }
  }
}
"""


def javarosa(expressions: list[str], zone: str) -> list[str] | None:
    """JavaRosa's value of every expression, "! Error" where it has none; None without Java."""
    java = shutil.which("java")
    found = importlib.util.find_spec("pyxform")
    if java is None or found is None or found.origin is None:
        return None
    jar = Path(found.origin).parent / "validators/odk_validate/bin/ODK_Validate.jar"
    if not jar.is_file():
        return None
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "Evaluate.java"
        program.write_text(SOURCE, encoding="utf-8")
        ran = subprocess.run(
            [java, "-cp", str(jar), str(program), zone],
            input="\n".join(" ".join(e.split()) for e in expressions),
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
    answers = [line for line in ran.stdout.splitlines() if line[:2] in ("= ", "! ")]
    if len(answers) != len(expressions):
        return None  # a runtime without a compiler cannot run a source file
    return [a.removeprefix("= ") for a in answers]


def same(one: str, other: str) -> bool:
    """Whether two results written as strings are the same, numbers to twelve places."""
    if one == other:
        return True
    try:
        a, b = float(one.replace("Infinity", "inf")), float(other.replace("Infinity", "inf"))
    except ValueError:
        return False
    return math.isclose(a, b, rel_tol=1e-12) or (math.isnan(a) and math.isnan(b))


@dataclass
class Counts:
    """What became of the cases of one kind; lists hold a line for each."""

    kind: str
    total: int
    passed: int = 0
    deviating: list[str] = field(default_factory=list)
    not_applicable: list[str] = field(default_factory=list)
    failing: dict[int, str] = field(default_factory=dict)

    @property
    def share(self) -> float:
        """The percentage that passes of what is applicable."""
        applicable = self.total - len(self.not_applicable)
        return 100.0 * (self.passed + len(self.deviating)) / max(applicable, 1)

    def line(self) -> str:
        """The one line of counts."""
        return (
            f"{self.kind}: {self.passed} pass and {len(self.deviating)} deviate as JavaRosa of "
            f"{self.total - len(self.not_applicable)} applicable = {self.share:.1f} % "
            f"({len(self.failing)} fail, {len(self.not_applicable)} not applicable)"
        )


def judge(
    kind: str,
    cases: list[dict[str, Any]],
    run: Callable[[dict[str, Any]], object],
    *,
    reason_not_to: Callable[[dict[str, Any]], str] = lambda _: "",
    ours: Callable[[dict[str, Any]], str | None] = lambda _: None,
) -> Counts:
    """Run every case. `ours` gives the value to hold against JavaRosa when a case fails."""
    counts = Counts(kind, len(cases))
    evidence = _evidence()
    for line, case in enumerate(cases, 1):
        reason = reason_not_to(case)
        if reason:
            counts.not_applicable.append(f"line {line} {_name(case)}: {reason}")
            continue
        try:
            outcome = run(case)
        except Exception as error:  # noqa: BLE001 - any error is an outcome to be listed
            outcome = f"{type(error).__name__}: {error}"
        if not outcome:
            counts.passed += 1
            continue
        value = ours(case)
        listed = evidence.get(str(case.get("expr")))
        if value is not None and listed is not None and same(value, listed):
            counts.deviating.append(f"line {line} {_name(case)}")
        else:
            counts.failing[line] = f"{_name(case)} | {outcome}"[:400]
    _ask_javarosa(counts, cases, ours)
    return counts


def _ask_javarosa(
    counts: Counts, cases: list[dict[str, Any]], ours: Callable[[dict[str, Any]], str | None]
) -> None:
    """What fails but is what JavaRosa gives deviates; only asked for data without a list."""
    if not counts.failing or counts.kind != "xpath" or is_listed(counts.kind, cases):
        return
    lines = list(counts.failing)
    answers = javarosa([cases[line - 1]["expr"] for line in lines], "America/Phoenix")
    for line, answer in zip(lines, answers or [], strict=False):
        value = ours(cases[line - 1])
        if value is not None and not answer.startswith("! ") and same(value, answer):
            counts.deviating.append(f"line {line} {_name(cases[line - 1])}")
            del counts.failing[line]


def _name(case: dict[str, Any]) -> str:
    return f"{case['file']} | {case['test'][-80:]}"


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))


def _evidence() -> dict[str, str]:
    return {d["expression"]: d["javarosa"] for d in _toml("DEVIATIONS.toml")["deviation"]}


def digest(cases: list[dict[str, Any]]) -> str:
    """Tells whether these are the cases KNOWN.toml lists."""
    names = "\n".join(f"{case['file']} {case['test']}" for case in cases)
    return hashlib.sha256(names.encode()).hexdigest()[:16]


def is_listed(kind: str, cases: list[dict[str, Any]]) -> bool:
    """Whether KNOWN.toml is about these cases."""
    return bool(_toml("KNOWN.toml")["data"][kind] == digest(cases))


def verdict(counts: Counts, cases: list[dict[str, Any]]) -> list[str]:
    """What is wrong: a share below the threshold, and for listed data any surprise."""
    wrong: list[str] = []
    if counts.share < THRESHOLDS[counts.kind]:
        wrong.append(f"{counts.share:.1f} % is below {THRESHOLDS[counts.kind]} %")
        wrong += [f"line {line} {text}" for line, text in counts.failing.items()]
    if len(counts.not_applicable) > MOST_NOT_APPLICABLE / 100 * counts.total:
        wrong.append("too many cases are not applicable")
    if not is_listed(counts.kind, cases):
        return wrong
    known: dict[int, str] = {}
    for group in _toml("KNOWN.toml").get(counts.kind, []):
        known.update(dict.fromkeys(group["lines"], group["file"]))
    for line, file in known.items():
        if cases[line - 1]["file"] != file:
            wrong.append(f"line {line} is of {cases[line - 1]['file']}, not {file}")
        elif line not in counts.failing:
            wrong.append(f"line {line} {file} does not fail now: take it out of KNOWN.toml")
    unlisted = [line for line in counts.failing if line not in known]
    return wrong + [f"line {line} {counts.failing[line]}" for line in unlisted]
