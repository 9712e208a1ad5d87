"""What travels by the relay: its state in the top line, and the page with every transport."""

from __future__ import annotations
