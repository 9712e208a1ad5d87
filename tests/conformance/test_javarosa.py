"""The same expressions in JavaRosa, which comes with pyxform: where engines differ we follow it.

Needs Java (a JDK, for running one source file); skips where there is none.
"""

from __future__ import annotations

import importlib.util
import math
import shutil
import subprocess
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from intake_app.xforms.xpath.compile import compile_expression
from intake_app.xforms.xpath.nodes import Node
from intake_app.xforms.xpath.scope import Frame, Scope
from intake_app.xforms.xpath.values import text_of

JAVA = shutil.which("java")
ZONE = ZoneInfo("Europe/Amsterdam")

SOURCE = """
import java.util.*;
import org.javarosa.core.model.condition.EvaluationContext;
import org.javarosa.xpath.XPathParseTool;
import org.javarosa.xpath.expr.XPathFuncExpr;
public class Evaluate {
  public static void main(String[] arguments) {
    TimeZone.setDefault(TimeZone.getTimeZone("Europe/Amsterdam"));
    Scanner lines = new Scanner(System.in, "UTF-8");
    while (lines.hasNextLine()) {
      String line = lines.nextLine();
      try {
        Object value = XPathParseTool.parseXPath(line).eval(null, new EvaluationContext(null));
        System.out.println("= " + XPathFuncExpr.toString(value));
      } catch (Throwable problem) {
        System.out.println("! " + problem.getClass().getSimpleName());
      }
    }
  }
}
"""

EXPRESSIONS = (
    (Path(__file__).parent / "javarosa_expressions.txt").read_text(encoding="utf-8").splitlines()
)


# What differs on purpose, with the reason; a deviation that is none any more fails the test.
_AS_DATES = "texts in the form of dates compare as dates (Web Forms)"
_NAN = "NaN among the arguments gives NaN (XPath 3.0, to which ODK XForms refers; Web Forms)"
_TIME = "date-time() keeps the time of day (Web Forms; JavaRosa shows the date of it alone)"
_CENTIMETRES = "distances to the centimetre, as areas (Web Forms)"
_EMPTY = "no time is no number (XPath 1.0)"
DEVIATIONS = {
    "date('2001-12-26') > '2001-12-25'": _AS_DATES,
    "date('2020-01-01') > '2019-12-31'": _AS_DATES,
    "'2020-01-01' < '2020-01-02'": _AS_DATES,
    "min('', 3)": _NAN,
    "min(3, 7, '')": _NAN,
    "max('a', 3)": _NAN,
    "date-time('2020-02-29T10:00:00')": _TIME,
    "date-time(18000)": _TIME,
    "date-time(18000.5)": _TIME,
    "date-time('2020-02-29T10:00:00Z')": _TIME,
    "date-time('2020-02-29T10:00:00.000+02:00')": _TIME,
    "number(date-time('2021-03-28T12:00:00'))": _TIME,
    "decimal-date-time('')": _EMPTY,
    "decimal-time('')": _EMPTY,
    "format-date('2021-06-01', '%W')": "weeks are those of ISO 8601, as everywhere here",
    "distance('7.9377 -11.5845 0 0;7.9324 -11.5902 0 0')": _CENTIMETRES,
    "distance('38.25 21.75 0 0; 38.25 21.76 0 0; 38.26 21.76 0 0')": _CENTIMETRES,
    "sin(pi())": "a number is shown as it is, also when it is nearly whole (XPath 1.0)",
}


class _Host:
    zone = ZONE
    root = Node("root")

    def __init__(self) -> None:
        self.indexes: dict[Any, dict[str, list[Node]]] = {}

    def now(self) -> datetime:
        return datetime(2026, 3, 5, tzinfo=ZONE)

    def uuid(self) -> str:
        return ""

    def random(self) -> float:
        return 0.5

    def instance(self, name: str) -> Node | None:
        return None

    def itext(self, text_id: str) -> str:
        return ""

    def choice_label(self, question: Node, value: str) -> str:
        return ""


def _ours(source: str) -> str:
    host = _Host()
    return text_of(compile_expression(source, Scope()).run(host.root, Frame(host, host.root)))


def _same(one: str, other: str) -> bool:
    if one == other:
        return True
    try:
        a, b = float(one.replace("Infinity", "inf")), float(other.replace("Infinity", "inf"))
    except ValueError:
        return False
    return math.isclose(a, b, rel_tol=1e-12)


@pytest.mark.slow
@pytest.mark.skipif(JAVA is None, reason="no java on this machine")
def test_expressions_as_in_javarosa(tmp_path: Path, figure: Callable[[object], None]) -> None:
    found = importlib.util.find_spec("pyxform")
    assert found is not None
    assert found.origin is not None
    jar = Path(found.origin).parent / "validators/odk_validate/bin/ODK_Validate.jar"
    if not jar.is_file():
        pytest.skip("pyxform came without the validator")
    program = tmp_path / "Evaluate.java"
    program.write_text(SOURCE, encoding="utf-8")
    ran = subprocess.run(
        [str(JAVA), "-cp", str(jar), str(program)],
        input="\n".join(EXPRESSIONS),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    if "compiler" in ran.stderr and not ran.stdout:
        pytest.skip("this java cannot run a source file (no JDK)")
    answers = [line for line in ran.stdout.splitlines() if line[:2] in ("= ", "! ")]
    assert len(answers) == len(EXPRESSIONS), ran.stderr[-500:]
    figure(f"JavaRosa: {len(answers) - len(DEVIATIONS)} of {len(answers)} expressions the same")
    different = [
        f"{source}: {_ours(source)!r}, JavaRosa {answer[2:]!r}"
        for source, answer in zip(EXPRESSIONS, answers, strict=True)
        if answer.startswith("! ") or _same(_ours(source), answer[2:]) is (source in DEVIATIONS)
    ]
    assert not different, "\n".join(different)
