from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from support.desks import Team
from support.looks import FakePlatform
from support.qt import make_theme
from support.vaults import prepared_vault

from intake_app.ui.looks import Looks
from intake_app.vault import Vault


@pytest.fixture
def platform(qapp: QApplication) -> FakePlatform:
    return FakePlatform()


@pytest.fixture
def looks(qapp: QApplication, platform: FakePlatform) -> Iterator[Looks]:
    made = Looks(qapp, platform)
    yield made
    made.deleteLater()
    make_theme(qapp)


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return prepared_vault(tmp_path / "kluis", practice=True)


@pytest.fixture
def team(qtbot: QtBot, tmp_path: Path, looks: Looks, vault: Vault) -> Iterator[Team]:
    made = Team(qtbot, tmp_path / "kluis", looks.theme, looks=looks)
    made.open(vault)
    yield made
    made.close()
