"""One relay of each kind, started once for a file of tests; skipped visibly where it is absent."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support import relays, rgw

BOXES = ("ontvanger1", "afzender1")


@pytest.fixture(
    scope="module",
    params=[*sorted(relays.RELAYS), pytest.param("rgw", marks=pytest.mark.soak)],
)
def served(request: pytest.FixtureRequest) -> Iterator[relays.Served]:
    """Every relay in turn."""
    yield from running(request.param)


@pytest.fixture(scope="module")
def apache() -> Iterator[relays.Served]:
    """The reference: Apache as packaging/relay sets it up, with TLS and passwords."""
    yield from running("apache")


def running(name: str) -> Iterator[relays.Served]:
    """Start one relay, or skip."""
    try:
        start = rgw.rgw if name == "rgw" else relays.RELAYS[name]
        with start(BOXES) as server:
            yield server
    except relays.Absent as missing:
        pytest.skip(f"{missing} is not installed")
