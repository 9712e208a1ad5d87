"""The region's place: its address book."""

from __future__ import annotations
