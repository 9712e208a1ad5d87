from __future__ import annotations

from typing import TYPE_CHECKING

from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg

from intake_app import paths
from intake_app.formio.extract import KEEP_COMMENT, STAFF_COMMENT, form_texts
from intake_app.formio.sheets import read_workbook

if TYPE_CHECKING:
    from pathlib import Path

PGETTEXT = {"pgettext": ((1, "c"), 2)}


def extracted(folder: Path) -> dict[str, tuple[str, list[str]]]:
    with (paths.forms_dir().parent / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    found = {}
    for _, _, message, comments, context in extract_from_dir(
        str(folder), methods, options, keywords=PGETTEXT
    ):
        assert isinstance(message, str)
        found[str(context)] = (message, comments)
    return found


def test_babel_finds_every_text_of_a_form_under_its_context() -> None:
    folder = paths.forms_dir() / "intake"
    texts = form_texts(read_workbook(folder))
    found = extracted(folder)
    assert {context: text for context, (text, _) in found.items()} == {
        text.context("intake"): text.text for text in texts
    }
    assert len(found) == len(texts) >= 500


def test_translators_are_told_what_is_for_staff_and_what_must_stay() -> None:
    found = extracted(paths.forms_dir() / "intake")
    assert found["intake/label/moedertaal"] == ("Wat is uw moedertaal?", [])
    assert found["intake/label/stap_werk"][1] == [STAFF_COMMENT]
    assert found["intake/guidance/welkom"][1] == [STAFF_COMMENT]
    assert found["intake/label/aandacht_telling"][1] == [STAFF_COMMENT, KEEP_COMMENT]
    assert found["intake/choice/oordeel/zorg"][1] == [STAFF_COMMENT]
    assert found["intake/choice/ja_nee/ja"][1] == []
    assert found["intake/label/coa_lessen"][1] == [STAFF_COMMENT]
    assert found["intake/label/werk"][1] == []


def test_the_program_itself_is_extracted_with_its_keywords(tmp_path: Path) -> None:
    (tmp_path / "venster.py").write_text(
        "a = tr.gettext('Volgende')\nb = N_('Vorige')\nc = tr.pgettext('knop', 'Open')\n"
        "d = tr.ngettext('%(n)d dag', '%(n)d dagen', n)\n",
        encoding="utf-8",
    )
    keywords = {"gettext": None, "N_": None, "ngettext": (1, 2), **PGETTEXT}
    messages = {
        message
        for _, _, message, _, _ in extract_from_dir(
            str(tmp_path), [("**.py", "python")], keywords=keywords
        )
    }
    assert messages == {"Volgende", "Vorige", "Open", ("%(n)d dag", "%(n)d dagen")}
