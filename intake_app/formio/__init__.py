"""Forms and catalogues from their sources: read, check, compile, build, load."""

from __future__ import annotations
