"""The plan van aanpak: paths, goals with actions, the talk about it."""

from __future__ import annotations
