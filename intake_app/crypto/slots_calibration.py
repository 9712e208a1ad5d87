"""Choosing the cost of Argon2id on the machine the vault is made on."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from intake_app.crypto.key_slots import KdfCost, stretched

_WANTED: Final = 262_144
_LEAST: Final = 65_536
_PASSES: Final = 3
_MOST_PASSES: Final = 16
_LANES: Final = 4
_SHARE: Final = 4
"""The derivation may take a quarter of the memory that is free."""


def calibrated(
    seconds: float = 0.7,
    *,
    measure: Callable[[KdfCost], float] | None = None,
    available_kib: Callable[[], int | None] | None = None,
) -> KdfCost:
    """Return the cost that takes about `seconds` here, never less than 256 MiB and 3 passes.

    Only where a quarter of the free memory is less than 256 MiB it takes less memory, 64 MiB at
    the least, and more passes instead. `measure` returns the seconds that a cost takes.
    """
    take = measure or _measured
    m_kib = _memory((available_kib or _available_kib)())
    while True:
        try:
            spent = take(KdfCost(m_kib, _PASSES, _LANES))
            break
        except MemoryError:
            if m_kib <= _LEAST:
                raise
            m_kib //= 2
    passes = round(_PASSES * seconds / max(spent, 1e-6))
    return KdfCost(m_kib, min(max(passes, _PASSES), _MOST_PASSES), _LANES)


def _memory(available_kib: int | None) -> int:
    m_kib = _WANTED
    while available_kib is not None and m_kib > _LEAST and m_kib * _SHARE > available_kib:
        m_kib //= 2
    return m_kib


def _measured(cost: KdfCost) -> float:
    start = time.perf_counter()
    stretched("meten hoe lang dit duurt", bytes(16), cost)
    return time.perf_counter() - start


def _available_kib() -> int | None:
    """Return the free memory in KiB, None where the system does not tell."""
    try:
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1])
    except (OSError, ValueError):
        pass
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 1024
    except (AttributeError, OSError, ValueError):
        return None
