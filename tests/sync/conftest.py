"""Vaults and relays for the tests of sync."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.post import Pair, make_pair


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    """A team and a municipality with a folder between them."""
    made = make_pair(tmp_path)
    yield made
    made.close()
