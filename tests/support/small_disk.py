"""A disk that is soon full."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def small_disk(point: Path, size: int) -> Iterator[Path]:
    """Mount a disk of `size` bytes at `point`, in memory; skips the test where that cannot be."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root on Linux can mount a small disk")
    point.mkdir()
    options = f"size={size},mode=700"
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(point)], check=False
    )
    if mounted.returncode:
        pytest.skip("mounting is not allowed here")
    yield point
    subprocess.run(["umount", "-l", str(point)], check=True)
