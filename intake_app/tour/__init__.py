"""The main job driven through the real windows without a display, leaving what came of it."""

from __future__ import annotations

from intake_app.tour.story import run

__all__ = ["run"]
