"""Fixtures of the handover tests; the samples are a plain module beside this file."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from handover_samples import Case


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case(tmp_path)


@pytest.fixture(scope="session")
def sealed_bytes(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """One good sealed file from the AZC to the municipality."""
    return Case(tmp_path_factory.mktemp("sealed")).seal().path.read_bytes()
