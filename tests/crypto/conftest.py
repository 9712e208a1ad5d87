"""Chance without chance: every test that wants the same bytes again gets them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest


def counted_random(label: str) -> Callable[[int], bytes]:
    """Return a source of bytes that is the same on every run for the same label."""
    count = 0

    def draw(size: int) -> bytes:
        nonlocal count
        count += 1
        return hashlib.shake_256(f"{label}/{count}".encode()).digest(size)

    return draw


@pytest.fixture
def random(request: pytest.FixtureRequest) -> Callable[[int], bytes]:
    return counted_random(request.node.nodeid)
