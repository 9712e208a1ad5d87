"""Doorgaande Lijn: intake on location, handover that arrives."""

from __future__ import annotations
