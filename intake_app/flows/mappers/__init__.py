"""One module per form: what its answers mean for the typed tables."""

from __future__ import annotations
