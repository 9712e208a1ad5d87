"""A line that keeps dying costs little more than one that does not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from benchmarks.sync import BUDGET, one_round
from support import relays


@pytest.mark.slow
def test_connections_of_five_seconds_cost_at_most_three_tenths_more(
    figure: Callable[[object], None],
) -> None:
    try:
        sent, took, connections, waited = one_round(40_000_000, 5.0, seed=7, faster=10.0)
    except relays.Absent as missing:
        pytest.skip(f"{missing} is not installed")
    figure(f"40 MB, a line ten times as fast: {sent:.2f} x the bytes, {took:.2f} x the ideal time")
    assert connections > 10, "the line did not die often enough to mean anything"
    assert sent <= BUDGET
    assert waited <= connections
