from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from support import shipped
from support.fillings import session_of

from intake_app import paths
from intake_app.formio.library import Library
from intake_app.xforms import compiled as prepared
from intake_app.xforms import parse_form

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def compiled() -> Path:
    return shipped.compiled()


def test_every_shipped_form_loads_once(compiled: Path) -> None:
    library = Library(compiled)
    sources = paths.forms_dir().glob("*/survey.csv")
    assert library.form_ids() == tuple(sorted(path.parent.name for path in sources))
    assert {"intake", "noa_assessment"} <= set(library.form_ids())
    for form_id in library.form_ids():
        form = library.load(form_id)
        assert form.form_id == form_id
        assert library.load(form_id) is form
        assert library.xml(form_id).startswith(b"<?xml")
    assert Library(compiled).load("intake") is not library.load("intake")


def test_a_shipped_form_is_prepared_and_the_same(
    compiled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[bool] = []
    real = prepared._read
    monkeypatch.setattr(
        prepared, "_read", lambda xml, data: read.append(prepared.is_current(xml, data))
        or real(xml, data)
    )  # fmt: skip
    for form_id in Library(compiled).form_ids():
        form = Library(compiled).load(form_id)
        again = parse_form(form.xml, name=form_id)
        assert (form.structure_hash, form.text_hash) == (again.structure_hash, again.text_hash)
        assert form.questions == again.questions
        assert session_of(form).instance_xml() == session_of(again).instance_xml()
    assert read == [True] * len(Library(compiled).form_ids())


@pytest.mark.parametrize("spoil", ["gone", "empty", "cut", "other form", "other engine", "noise"])
def test_a_prepared_form_that_does_not_fit_is_put_aside(
    compiled: Path, tmp_path: Path, spoil: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    forms = tmp_path / "forms"
    forms.mkdir()
    source = compiled / "forms" / "noa_assessment.xml"
    (forms / source.name).write_bytes(source.read_bytes())
    good = source.with_suffix(".prepared").read_bytes()
    bad = {
        "empty": b"",
        "cut": good[:-1],
        "other form": (compiled / "forms" / "intake.prepared").read_bytes(),
        "other engine": good,
        "noise": b"\xff" * 5_000,
    }
    if spoil in bad:
        (forms / "noa_assessment.prepared").write_bytes(bad[spoil])
    if spoil == "other engine":
        monkeypatch.setattr(prepared, "engine_digest", lambda: bytes(range(32)))
    monkeypatch.setattr(
        prepared.marshal, "loads", lambda _: pytest.fail("read what it should not trust")
    )
    form = Library(tmp_path).load("noa_assessment")
    assert form.questions == parse_form(source.read_bytes()).questions


@pytest.mark.parametrize("form_id", ["bestaat_niet", "../intake", ""])
def test_a_form_that_is_not_there(compiled: Path, form_id: str) -> None:
    with pytest.raises(KeyError):
        Library(compiled).load(form_id)


def test_an_empty_folder_has_no_forms(tmp_path: Path) -> None:
    assert Library(tmp_path).form_ids() == ()


def test_opening_an_interview_never_imports_pyxform(compiled: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "import intake_app.app, intake_app.ui.interview.host\n"
        "from intake_app.formio.library import Library\n"
        f"library = Library(Path({str(compiled)!r}))\n"
        "library.load('intake'), library.migrations('intake')\n"
        "heavy = {'pyxform', 'openpyxl', 'xlrd', 'lxml', 'defusedxml'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
