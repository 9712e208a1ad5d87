"""A compiled form shows its texts in every language it is translated into."""

from __future__ import annotations

from gettext import c2py
from typing import TYPE_CHECKING

import pytest

from intake_app import paths
from intake_app.formio.build import build
from intake_app.formio.extract import form_texts
from intake_app.formio.sheets import read_workbook
from intake_app.i18n.catalogues import Catalogues, tidy
from intake_app.i18n.plurals import plural_forms

if TYPE_CHECKING:
    from pathlib import Path

FORMS = tuple(sorted(path.parent.name for path in paths.forms_dir().glob("*/survey.csv")))
TRANSLATED = ("en", "ar", "ti", "fa")


@pytest.fixture(scope="module")
def catalogues(tmp_path_factory: pytest.TempPathFactory) -> Catalogues:
    folder: Path = tmp_path_factory.mktemp("compiled")
    build(folder, forms=folder / "none")
    return Catalogues(folder)


@pytest.mark.parametrize("form", FORMS)
def test_the_compiled_form_finds_its_texts(catalogues: Catalogues, form: str) -> None:
    texts = form_texts(read_workbook(paths.forms_dir() / form))
    assert len(texts) > 50
    spoken = any(not text.staff for text in texts)
    wanted = ("nl", "ar", "en", "fa", "ti") if spoken else ("nl", "en")
    assert catalogues.languages(form) == wanted
    for language in TRANSLATED:
        for text in texts:
            shown = catalogues.form_text(form, text.kind, text.name, language, tidy(text.text))
            if language == "en" or not text.staff:
                assert shown.language == language, text.name
                assert shown.status in {"unreviewed", "reviewed"}, text.name


@pytest.mark.parametrize(
    ("number", "form"), [(0, 0), (1, 1), (2, 2), (3, 3), (10, 3), (11, 4), (99, 4), (100, 5)]
)
def test_the_arabic_plural_forms(number: int, form: int) -> None:
    rule = plural_forms("ar").split("plural=", 1)[1].rstrip(";")
    assert c2py(rule)(number) == form
