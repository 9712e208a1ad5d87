"""Instellingen: our organisation, whom we can send to, and the program itself."""

from __future__ import annotations

from intake_app.ui.settings.page import SettingsPage

__all__ = ["SettingsPage"]
