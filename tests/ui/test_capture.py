from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog, QWidget
from support.qt import make_context, make_theme, settle
from support.vaults import prepared_vault

from intake_app.ui import capture
from intake_app.ui.capture import CaptureGuard
from intake_app.ui.kit import CheckInput
from intake_app.ui.settings.screen import ScreenCard
from intake_app.vault import Vault


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    made = prepared_vault(tmp_path / "kluis")
    yield made
    made.close()


class Screen:
    """Stands for the platform: which windows are kept from capture now."""

    def __init__(self) -> None:
        self.kept: dict[int, bool] = {}
        self.calls = 0

    def __call__(self, handle: int, on: bool) -> bool:
        self.kept[handle] = on
        self.calls += 1
        return True


def test_every_window_is_kept_back_and_let_go_when_that_is_set(vault, qtbot, qapp):
    screen = Screen()
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    guard = CaptureGuard(vault, block=screen)
    assert screen.kept[int(window.winId())]
    dialog = QDialog(window)
    qtbot.addWidget(dialog)
    dialog.show()
    qapp.focusWindowChanged.emit(dialog.windowHandle())
    assert screen.kept[int(dialog.winId())]
    before = screen.calls
    guard.apply()
    assert screen.calls == before, "once is enough"
    capture.allow(vault, on=True)
    guard.refresh()
    assert not any(screen.kept.values())
    capture.allow(vault, on=False)
    guard.refresh()
    assert all(screen.kept[int(w.winId())] for w in (window, dialog))


def test_a_practice_vault_may_be_shown(tmp_path, qtbot):
    vault = prepared_vault(tmp_path / "oefenen", practice=True)
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    screen = Screen()
    CaptureGuard(vault, block=screen)
    assert screen.kept == {}
    vault.close()


@pytest.mark.skipif(sys.platform == "win32", reason="there it can")
def test_where_it_cannot_be_done_the_settings_say_so(vault, qtbot, qapp):
    assert capture.platform_block() is None
    card = ScreenCard(make_context(vault, make_theme(qapp)))
    qtbot.addWidget(card)
    assert card.findChild(CheckInput) is None


def test_the_setting_is_kept_and_is_in_the_log(vault, qtbot, qapp, monkeypatch):
    monkeypatch.setattr(capture, "platform_block", Screen)
    card = ScreenCard(make_context(vault, make_theme(qapp)))
    qtbot.addWidget(card)
    card.show()
    settle(qapp)
    box = card.findChild(CheckInput, "settings-capture")
    assert not box.isChecked(), "kept back until somebody says otherwise"
    box.click()
    assert capture.is_allowed(vault)
    with vault.read() as records:
        assert "schermopname instellen" in records.audit.entries(1)[0].body
