from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from intake_app import paths
from intake_app.formio.sheets import Workbook, read_workbook

if TYPE_CHECKING:
    from pathlib import Path

FORM_IDS = tuple(sorted(path.parent.name for path in paths.forms_dir().glob("*/survey.csv")))
"""Every form that is shipped: one that is added is held to all of this without being named."""


@pytest.fixture(params=FORM_IDS)
def form_folder(request: pytest.FixtureRequest) -> Path:
    return paths.forms_dir() / str(request.param)


@pytest.fixture
def workbook(form_folder: Path) -> Workbook:
    return read_workbook(form_folder)


@pytest.fixture(scope="session")
def intake() -> Workbook:
    return read_workbook(paths.forms_dir() / "intake")
