"""Receiving: the envelope that opens, the dossier beside what was known, the decision."""

from __future__ import annotations
