from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.quick_kdf import quick_kdf
from support.team_vault import Made, make_team, reopen
from support.vaults import PASSPHRASE

from intake_app.vault import Vault


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    with quick_kdf():
        yield


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make_team(tmp_path_factory.mktemp("kluis") / "kluis")


@pytest.fixture
def folder(made: Made, tmp_path: Path) -> Path:
    shutil.copytree(made.folder, tmp_path / "kluis")
    return tmp_path / "kluis"


@pytest.fixture
def vault(folder: Path) -> Iterator[Vault]:
    opened = reopen(folder, PASSPHRASE)
    yield opened
    opened.close()
