"""Handing a dossier over: four steps, then what became of it."""

from __future__ import annotations
