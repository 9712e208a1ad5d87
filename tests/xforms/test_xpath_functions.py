"""Functions by the XPath 1.0 recommendation and the ODK XForms specification."""

from __future__ import annotations

import hashlib
import math
import time
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from intake_app.xforms.casting import cast
from intake_app.xforms.xmltree import parse_xml
from intake_app.xforms.xpath.compile import compile_expression
from intake_app.xforms.xpath.errors import XPathError
from intake_app.xforms.xpath.functions import ODK_FUNCTIONS
from intake_app.xforms.xpath.functions.patterns import safe_pattern
from intake_app.xforms.xpath.nodes import Node
from intake_app.xforms.xpath.scope import Frame, Scope
from intake_app.xforms.xpath.values import number_of, text_of

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


class Host:
    zone = AMSTERDAM
    root = parse_xml(b"<d><n>3</n><n>4</n><e/><t>een twee</t><w>x</w></d>")

    def __init__(self) -> None:
        self.indexes: dict[Any, dict[str, list[Node]]] = {}

    def now(self) -> datetime:
        return datetime(2026, 7, 5, 1, 30, tzinfo=AMSTERDAM)

    def uuid(self) -> str:
        return str(UUID(int=5))

    def random(self) -> float:
        return 0.75

    def instance(self, name: str) -> Node | None:
        return None

    def itext(self, text_id: str) -> str:
        return ""

    def choice_label(self, question: Node, value: str) -> str:
        return ""


def value(source: str) -> Any:
    host = Host()
    return compile_expression(source, Scope()).run(host.root, Frame(host, host.root))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("1 div 0", math.inf),
        ("-1 div 0", -math.inf),
        ("5 mod -2", 1.0),
        ("-5 mod 2", -1.0),
        ("sum(/d/n)", 7.0),
        ("sum(/d/niets)", 0.0),
        ("count(/d/*)", 5.0),
        ("min(/d/n, 1)", 1.0),
        ("max(/d/n)", 4.0),
        ("round(2.5)", 3.0),
        ("round(-2.5)", -2.0),
        ("round(2.345, 2)", 2.35),
        ("round(1250, -2)", 1300.0),
        ("int(-1.7)", -1.0),
        ("int('7')", 7.0),
        ("pow(2, 10)", 1024.0),
        ("sqrt(16)", 4.0),
        ("abs(-3)", 3.0),
        ("number('  12.5 ')", 12.5),
        ("count-selected(/d/t)", 2.0),
        ("string-length('ስም')", 2.0),
        ("random()", 0.75),
        ("'2026-03-29' - '2026-03-28'", 1.0),
        ("number('2026-01-02') - number('2026-01-01')", 1.0),
        ("decimal-date-time('1970-01-02T00:00:00Z')", 1.0),
        ("decimal-time('06:00:00')", 0.25),
        ("distance('0 0;0 1')", 111318.85),
        # a trapezium between two parallels
        ("area('0 0;0 1;1 1;1 0')", 12390941584.84),
        ("area('0 0;0 1')", 0.0),
        ("count-non-empty(/d/*)", 4.0),
    ],
)
def test_numbers(source: str, expected: float) -> None:
    assert value(source) == expected


@pytest.mark.parametrize(
    "source",
    ["0 div 0", "number('1e3')", "number('')", "max('')", "sqrt(-1)", "number('a')", "area('x')"],
)
def test_not_a_number(source: str) -> None:
    assert math.isnan(value(source))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("concat('a', 1, true())", "a1true"),
        ("concat(/d/n)", "34"),
        ("join(', ', /d/n, 'x')", "3, 4, x"),
        ("substring('12345', 2, 3)", "234"),
        ("substring('12345', 1.5, 2.6)", "234"),
        ("substr('hallo', 1, 3)", "al"),
        ("substr('hallo', -2)", "lo"),
        ("substring-before('2026-03', '-')", "2026"),
        ("substring-after('2026-03', '-')", "03"),
        ("substring-before('abc', '')", ""),
        ("translate('baard', 'ad', 'e')", "beer"),
        ("normalize-space('  a  b ')", "a b"),
        ("string(1 div 3)", "0.3333333333333333"),
        ("string(1000000000000000000000)", "1000000000000000000000"),
        ("string(0.0000001)", "0.0000001"),
        ("string(-0)", "0"),
        ("selected-at('a b c', 1)", "b"),
        ("selected-at('a b c', 9)", ""),
        ("if(/d/e = '', 'leeg', 'vol')", "leeg"),
        ("coalesce(/d/e, 'anders')", "anders"),
        ("date('2026-07-05T23:30:00Z')", "2026-07-06"),
        ("date(0)", "1970-01-01"),
        ("date('onzin')", ""),
        ("today()", "2026-07-05"),
        ("now()", "2026-07-05T01:30:00.000+02:00"),
        ("format-date('2026-07-05', '%d-%m-%Y %a %b %e %n')", "05-07-2026 Sun Jul 5 7"),
        ("format-date-time('2026-07-05T08:04:09', '%H:%M:%S %h')", "08:04:09 8"),
        ("format-date('', '%Y')", ""),
        ("uuid()", "00000000-0000-0000-0000-000000000005"),
        ("digest('abc', 'SHA-256', 'hex')", hashlib.sha256(b"abc").hexdigest()),
        ("base64-decode('RGFn')", "Dag"),
        ("base64-decode('***')", ""),
    ],
)
def test_strings(source: str, expected: str) -> None:
    assert value(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("selected('a b', 'a')", True),
        ("selected('ab', 'a')", False),
        ("selected('', '')", True),
        ("/d/n = 4", True),
        ("/d/n != 4", True),
        ("/d/n > 4", False),
        ("'2026-01-01' < today()", True),
        ("regex('1234', '[0-9]{4}')", True),
        ("regex('12345', '[0-9]{4}')", False),
        ("starts-with('abc', 'ab')", True),
        ("ends-with('abc', 'bc')", True),
        ("contains('abc', 'x')", False),
        ("not(/d/niets)", True),
        ("boolean-from-string('TRUE')", True),
        ("boolean-from-string('ja')", False),
        ("checklist(1, 2, true(), false())", True),
        ("weighted-checklist(3, 5, true(), 4)", True),
        ("true() and 'false'", True),
        ("geofence('0.5 0.5', '0 0;0 1;1 1;1 0;0 0')", True),
        ("geofence('0.5 1.5', '0 0;0 1;1 1;1 0;0 0')", False),
        ("geofence('0.5 0.5', '0 0;0 1;1 1;1 0')", False),
    ],
)
def test_booleans(source: str, expected: bool) -> None:
    assert value(source) is expected


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("onbekend(1)", r"unknown function onbekend\(\)"),
        ("not()", "cannot take 0 arguments"),
        ("count('a')", "needs a node-set"),
        ("regex(., '(')", "bad regular expression"),
        ("digest('a', 'SHA-3')", "knows no algorithm"),
        ("weighted-checklist(1, 1, 2)", "a weight for every value"),
        ("indexed-repeat(a, b)", "cannot take 2 arguments"),
    ],
)
def test_mistakes_are_found_when_compiling(source: str, message: str) -> None:
    with pytest.raises(XPathError, match=message):
        compile_expression(source, Scope())


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+",
        "(a*)*b",
        "((a|b)+c?)+",
        r"(\w+\s?)+",
        "(a{1,30})*",
        "(a|aa)+",
        "(a|a)*b",
        "(a?a?)*b",
        "(.*,)*x",
        "(a|b|ab)*c",
        r"(\d+|[0-9a-f]+)*x",
        "a*a*a*a*b",
        "((ab)*(ab)*)*c",
    ],
)
def test_patterns_that_could_run_for_ever_take_linear_time(pattern: str) -> None:
    safe = safe_pattern(pattern)
    before = time.process_time()
    assert not safe.matches("a" * 19_000 + "!")
    assert time.process_time() - before < 2


@pytest.mark.parametrize("pattern", [r"(a)(\1|a)*", "(a+)+(?=b)b", "(?i)(a+)+b"])
def test_patterns_no_automaton_can_follow_are_refused(pattern: str) -> None:
    with pytest.raises(XPathError, match="for ever on some texts"):
        safe_pattern(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        r"[0-9]{8}",
        r"[\w.+-]+@[\w-]+\.[\w.-]+",
        r"(\([0-9]{3}\)|[0-9]{3}-)[0-9]{3}-[0-9]{4}",
        r"([A-Z]{2}[0-9]{2} ?)?[0-9]{4}",
        r"([a-z]+,)*[a-z]+",
        r"([0-9]{2}[ -]?)+",
        r"([A-Z][a-z]+ ?)+",
        r"(ja|nee|weet niet)( (ja|nee))*",
        r"[^@ ]+(@[^@ ]+)*",
    ],
)
def test_ordinary_patterns_are_fine(pattern: str) -> None:
    assert safe_pattern(pattern).longest >= 2_000


def test_texts_too_long_for_a_pattern_do_not_match() -> None:
    for pattern, longest in (("a+", 20_000), (".*a", 2_000), (".*a.*a", 200)):
        safe = safe_pattern(pattern)
        assert safe.longest == longest
        assert safe.matches("a" * 20_000)
        assert not safe.matches("a" * 20_001)


_ODD = ["''", "'a'", "'2026-02-30'", "'9999-12-31T23:59:59-12:00'", "'0001-01-01'", "'12:00'"]
_ODD += ["1 div 0", "-1 div 0", "0 div 0", "1000000000", "-1", "1.5", "true()"]
_ODD += ["/d/n", "/d/niets", "/d"]


@pytest.mark.parametrize("name", sorted(ODK_FUNCTIONS))
def test_no_argument_makes_a_function_fail(name: str) -> None:
    function = ODK_FUNCTIONS[name]
    for count in range(function.least, min(function.most or 4, 4) + 1):
        for first in [*_ODD] if count else [""]:
            for others in _ODD:
                arguments = ", ".join([first, *[others] * (count - 1)][:count])
                try:
                    compiled = compile_expression(f"{name}({arguments})", Scope())
                except XPathError:
                    continue
                host = Host()
                result = compiled.run(host.root, Frame(host, host.root))
                text_of(result)
                number_of(result, AMSTERDAM)
                cast(result, "date", AMSTERDAM)
                cast(result, "int", AMSTERDAM)
                cast(result, "dateTime", AMSTERDAM)
