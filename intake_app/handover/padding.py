"""Padmé sizes for what is sealed; the rule itself is shared with what is sent."""

from __future__ import annotations

from intake_app.crypto.padding import padded_size

__all__ = ["padded_size"]
