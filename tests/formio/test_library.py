from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from intake_app.formio.build import build
from intake_app.formio.library import Library

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("compiled")
    build(folder)
    return folder


def test_every_shipped_form_loads_once(compiled: Path) -> None:
    library = Library(compiled)
    assert library.form_ids() == ("intake", "noa_assessment")
    for form_id in library.form_ids():
        form = library.load(form_id)
        assert form.form_id == form_id
        assert library.load(form_id) is form
        assert library.xml(form_id).startswith(b"<?xml")
    assert Library(compiled).load("intake") is not library.load("intake")


@pytest.mark.parametrize("form_id", ["bestaat_niet", "../intake", ""])
def test_a_form_that_is_not_there(compiled: Path, form_id: str) -> None:
    with pytest.raises(KeyError):
        Library(compiled).load(form_id)


def test_an_empty_folder_has_no_forms(tmp_path: Path) -> None:
    assert Library(tmp_path).form_ids() == ()
