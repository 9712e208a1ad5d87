"""For commands that open no window."""

from __future__ import annotations

from pathlib import Path


class NoWindows:
    """The windows of a command line; a command that opens one fails its test."""

    def work(self, vault: Path | None) -> int:
        raise AssertionError

    def practice(self, folder: Path | None, profile: str, *, fresh: bool) -> int:
        raise AssertionError

    def tour(self, folder: Path) -> int:
        raise AssertionError
