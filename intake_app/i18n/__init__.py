"""Languages, catalogues, direction, formats and the review ledger; imports nothing of ours."""

from __future__ import annotations
