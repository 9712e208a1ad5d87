"""The place Overzicht: what this vault can count of itself."""

from __future__ import annotations
