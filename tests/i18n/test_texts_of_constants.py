"""Texts that only a constant holds, and that a window asks for by a variable, are translated."""

from __future__ import annotations

import pytest

from intake_app import paths
from intake_app.flows import answer_files
from intake_app.i18n.catalogues import UI_DOMAIN
from intake_app.i18n.pofiles import SourceTree, ids, is_translated, messages
from intake_app.ui.handover import travel
from intake_app.ui.sync import words as sync_words
from intake_app.xforms import session

HELD = {
    "answer files": (
        *answer_files._WORDS.values(),
        *answer_files._SIGNED.values(),
        *answer_files._ASKED.values(),
        answer_files.ANY_FILE,
        answer_files._DAMAGED,
    ),
    "problems": tuple(session._DEFAULT_PROBLEMS.values()),
    "travelling": (
        travel.WITHDRAWAL,
        travel.NOT_GONE,
        travel._TROUBLE,
        travel._WAITS,
        travel._ASKED_BACK,
        travel._OFFERED,
        sync_words._ODD,
        sync_words._LOOK,
    ),
}


@pytest.mark.parametrize("name", HELD)
def test_english_has_every_text_of_these_tables(name: str) -> None:
    catalogue = SourceTree(paths.translations_dir().parent).catalogue("en", UI_DOMAIN)
    assert catalogue is not None
    translated = {text for m in messages(catalogue) if is_translated(m) for text in ids(m)}
    assert [text for text in HELD[name] if text not in translated] == []
