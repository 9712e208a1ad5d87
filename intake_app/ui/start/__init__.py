"""The first start and the unlock window: all there is before a vault is open."""

from __future__ import annotations
