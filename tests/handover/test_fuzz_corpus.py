"""Every input that coverage-guided fuzzing kept, run again; see fuzz_targets.py."""

from __future__ import annotations

import time
import zipfile

import pytest
from fuzz_targets import FOLDER, TARGETS


@pytest.mark.parametrize("name", TARGETS)
def test_only_declared_exceptions(name: str) -> None:
    with zipfile.ZipFile(FOLDER / "fuzz" / f"{name}.zip") as corpus:
        inputs = [corpus.read(each) for each in corpus.namelist()]
    assert inputs
    for data in inputs:
        began = time.process_time()
        TARGETS[name](data)
        assert time.process_time() - began < 2


def test_the_corpus_stays_small() -> None:
    files = list((FOLDER / "fuzz").iterdir())
    assert {path.stem for path in files} == set(TARGETS)
    assert sum(path.stat().st_size for path in files) < 400_000
