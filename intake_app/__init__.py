"""Doorgaande Lijn: intake on location, handover that arrives."""

from __future__ import annotations

from typing import Final

VERSION: Final = "0.1.0"
"""The version of the program, as in `pyproject.toml`; it travels in every sealed file."""
