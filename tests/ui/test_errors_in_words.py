"""An error is shown in the language of the windows, through `tr.said`, wherever it is caught."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot
from support.qt import make_context, make_theme
from support.vaults import prepared_vault

import intake_app
from intake_app import paths
from intake_app.domain import identifiers
from intake_app.flows.interview_parts import InterviewRefused
from intake_app.flows.set_up import check_passphrase
from intake_app.handover.errors import Refusal, RefusalReason
from intake_app.i18n.catalogues import Catalogues, UiTexts
from intake_app.ui.people.register import RegisterPage
from intake_app.vault.errors import WrongPassphrase

WINDOWS = Path(intake_app.__file__).parent / "ui"

TOLD_ON = {
    "kept_typing.py": "the form that listens says it",
    "interview/bridge.py": "the page that listens says it",
    "settings/job.py": "the page that listens says it",
    "inbox/onward.py": "said when the work has ended",
    "pdfview/loader.py": "the page that listens says it",
}
"""Where the text of an error is kept or sent on as it is, and who says it."""


def caught_texts() -> Iterator[tuple[str, int]]:
    """Yield file and line of each `str(…)` of an error that is caught there."""
    for path in sorted(WINDOWS.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for handler in (node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler)):
            for call in (node for node in ast.walk(handler) if isinstance(node, ast.Call)):
                if (
                    isinstance(call.func, ast.Name)
                    and call.func.id == "str"
                    and call.args
                    and isinstance(call.args[0], ast.Name)
                    and call.args[0].id == handler.name
                ):
                    yield path.relative_to(WINDOWS).as_posix(), call.lineno


def test_no_window_shows_an_error_without_translating_it() -> None:
    found = list(caught_texts())
    assert [each for each in found if each[0] not in TOLD_ON] == []
    assert {file for file, _line in found} == set(TOLD_ON)


@pytest.fixture(scope="module")
def english() -> UiTexts:
    return Catalogues(paths.compiled_dir()).ui("en")


def test_the_english_windows_say_it_in_english(english: UiTexts) -> None:
    assert english.said(WrongPassphrase()).startswith("This passphrase is not right.")
    assert "handover" in english.said(Refusal(RefusalReason.NOT_A_HANDOVER))
    with pytest.raises(identifiers.IdentifierProblem) as caught:
        identifiers.bsn("1234567")
    assert english.said(caught.value).startswith("A BSN has nine digits; here: 7 digits.")


def test_what_is_filled_in_comes_along(english: UiTexts) -> None:
    told = check_passphrase("kort")
    assert told is not None
    assert english.said(told).startswith(
        "This passphrase is too short. Use at least 14 characters."
    )
    told_on = InterviewRefused(str(told))
    assert english.said(told_on) == english.said(told)


def test_a_form_in_english_says_in_english_what_is_wrong(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, english: UiTexts
) -> None:
    vault = prepared_vault(tmp_path / "kluis")
    try:
        context = replace(make_context(vault, make_theme(qapp)), tr=english)
        page = RegisterPage(context, None, done=lambda _who: None, cancel=lambda: None)
        qtbot.addWidget(page)
        field = page.findChild(QLineEdit, "register-v-number")
        assert field is not None
        field.setText("28765432109")
        page.save()
        assert page.fields["v_number"].problem() == (
            "A V-number has ten digits; these are 11. Take away what is too much."
        )
    finally:
        vault.close()
