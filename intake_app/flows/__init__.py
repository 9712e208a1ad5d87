"""One module per job, used by windows and command line alike."""

from __future__ import annotations
