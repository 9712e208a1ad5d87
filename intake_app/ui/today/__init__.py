"""Vandaag: what waits for you, and what waits for somebody else."""

from __future__ import annotations

from intake_app.ui.today.page import TodayPage

__all__ = ["TodayPage"]
