"""The engine against what other engines were recorded to do.

The data is not part of the project: CONFORMANCE_DIR, by default ../shared/conformance. Where it is
absent these tests skip. KNOWN.toml lists every case that fails, with the reason; DEVIATIONS.toml
every expression on which we follow JavaRosa against the recording, with what JavaRosa says. Another
folder of the same shape is held to the thresholds (98 % of rows, 95 % of traces) only.
"""

from __future__ import annotations

import importlib.util
import json
import lzma
import os
import sys
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
    spec = importlib.util.spec_from_file_location(f"conformance_{name}", HERE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


Figure = Callable[[object], None]


def _report(figure: Figure, kind: str, cases: list[dict[str, Any]], **how: Any) -> None:
    judging = _helper("judging")
    counts = judging.judge(kind, cases, **how)
    figure(counts.line())
    wrong = judging.verdict(counts, cases)
    assert not wrong, "\n".join([counts.line(), *wrong])


def test_xpath_rows(figure: Figure) -> None:
    rows = _helper("xpath_rows")
    text = (DATA / "xpath-cases.jsonl").read_text(encoding="utf-8")
    cases = [json.loads(line) for line in text.splitlines() if line.strip()]
    _report(figure, "xpath", cases, run=rows.run_row, ours=rows.text_of_row)


@pytest.mark.skipif(
    not (DATA / "scenario-traces.jsonl.xz").is_file(), reason=f"no scenario traces in {DATA}"
)
def test_scenario_traces(figure: Figure) -> None:
    traces = _helper("traces")
    with lzma.open(DATA / "scenario-traces.jsonl.xz", "rt", encoding="utf-8") as file:
        cases = [json.loads(line) for line in file if line.strip()]
    _report(
        figure,
        "trace",
        cases,
        run=lambda case: traces.replay(case, DATA / "attachments"),
        reason_not_to=traces.not_applicable,
    )


@pytest.mark.slow
def test_the_evidence_for_deviations_is_what_javarosa_says() -> None:
    judging = _helper("judging")
    evidence = judging._evidence()
    answers = judging.javarosa(list(evidence), "America/Phoenix")
    if answers is None:
        pytest.skip("no Java that can run a source file, or no jar in pyxform")
    assert dict(zip(evidence, answers, strict=True)) == evidence


def test_forms_load_or_are_refused_with_a_place(
    fill: Callable[..., FormSession], figure: Figure
) -> None:
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
    figure(f"forms: {loaded} load, {refused} refused with a place")
    assert loaded >= 0.8 * (loaded + refused)


def _attachment(uri: str) -> bytes | None:
    path = DATA / "attachments" / uri.rpartition("/")[2]
    return path.read_bytes() if path.is_file() else None
