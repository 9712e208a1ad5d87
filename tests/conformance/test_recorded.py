"""The engine against what other engines were recorded to do.

The data is not part of the project: CONFORMANCE_DIR, by default ../shared/conformance. Where it is
absent these tests skip. KNOWN.toml lists what is outside the present subset, with reasons.
"""

from __future__ import annotations

import importlib.util
import json
import lzma
import os
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from intake_app.xforms import FormError, FormSession, parse_form

HERE = Path(__file__).parent
DATA = Path(os.environ.get("CONFORMANCE_DIR", HERE.parent.parent.parent / "shared" / "conformance"))

pytestmark = pytest.mark.skipif(
    not (DATA / "xpath-cases.jsonl").is_file(),
    reason=f"no conformance data in {DATA} (set CONFORMANCE_DIR)",
)


def _helper(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _known(kind: str) -> dict[int, str]:
    listed = tomllib.loads((HERE / "KNOWN.toml").read_text(encoding="utf-8"))
    return {line: group["file"] for group in listed[kind] for line in group["lines"]}


def _judge(kind: str, cases: list[dict[str, Any]], run: Callable[[dict[str, Any]], object]) -> None:
    known = _known(kind)
    wrong: list[str] = []
    passed = 0
    for line, case in enumerate(cases, 1):
        try:
            outcome = run(case)
        except Exception as error:  # noqa: BLE001 - any error is an outcome to be listed
            outcome = f"{type(error).__name__}: {error}"
        passed += not outcome
        if line in known and known[line] != case["file"]:
            wrong.append(f"line {line} is of {case['file']}, not {known[line]}")
        if outcome and line not in known:
            wrong.append(f"line {line} {case['file']} | {case['test'][-80:]} | {outcome}"[:400])
        if not outcome and line in known:
            wrong.append(f"line {line} {case['file']} passes now: take it out of KNOWN.toml")
    print(f"\n{kind}: {passed} of {len(cases)} pass, {len(known)} known")
    assert not wrong, "\n".join(wrong)


def test_xpath_rows() -> None:
    rows = _helper("xpath_rows")
    text = (DATA / "xpath-cases.jsonl").read_text(encoding="utf-8")
    _judge("xpath", [json.loads(line) for line in text.splitlines()], rows.run_row)


def test_scenario_traces() -> None:
    traces = _helper("traces")
    with lzma.open(DATA / "scenario-traces.jsonl.xz", "rt", encoding="utf-8") as file:
        cases = [json.loads(line) for line in file]
    _judge("trace", cases, lambda case: traces.replay(case, DATA / "attachments"))


def test_forms_load_or_are_refused_with_a_place(fill: Callable[..., FormSession]) -> None:
    loaded, refused = 0, 0
    for path in sorted((DATA / "forms").glob("*/*.xml")):
        try:
            form = parse_form(path.read_bytes(), name=path.name, resolver=_attachment, strict=False)
        except FormError as error:
            if not (error.place and error.problem):
                pytest.fail(f"{path.name}: refused without a place")
            refused += 1
            continue
        session = fill(form)
        for page in session.pages():
            for key in page.keys:
                session.view(key)
        assert session.instance_xml().startswith(b"<?xml")
        loaded += 1
    print(f"\nforms: {loaded} load, {refused} refused with a place")
    assert loaded >= 230


def _attachment(uri: str) -> bytes | None:
    path = DATA / "attachments" / uri.rpartition("/")[2]
    return path.read_bytes() if path.is_file() else None
