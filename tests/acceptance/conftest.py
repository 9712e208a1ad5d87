"""What the tests through whole windows share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from support.desks import Team
from support.qt import make_theme
from support.vaults import START

MakeTeam = Callable[..., Team]


@pytest.fixture
def make_team(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[MakeTeam]:
    """Return what makes a team with a program of its own; all are closed afterwards."""
    teams: list[Team] = []
    theme = make_theme(qapp)

    def make(name: str, *, seed: int = 1, start: datetime = START) -> Team:
        team = Team(qtbot, tmp_path / name, theme, seed=seed, start=start)
        teams.append(team)
        return team

    yield make
    for team in teams:
        team.close()
