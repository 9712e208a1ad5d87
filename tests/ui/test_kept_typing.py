"""A form with a button of its own: what is filled in outlives the form, until it is stored."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QElapsedTimer
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from support.qt import settle
from support.vaults import actor_of, prepared_vault

from intake_app import paths
from intake_app.flows.unsaved import keep_unsaved, unsaved
from intake_app.ui.kept_typing import LONGEST_MS, KeptTyping
from intake_app.ui.kit.inputs import CheckInput, ChoiceInput, TextArea, TextInput
from intake_app.ui.theme import Theme
from intake_app.vault import Vault
from intake_app.vault.errors import VaultError

PLACE = "proef:1"


class Form(QWidget):
    """One field of each kind, and one that only shows after a tick."""

    def __init__(self) -> None:
        super().__init__()
        theme = Theme.load(paths.resource("themes", "default.json"))
        self.line = TextInput(theme, name="line")
        self.area = TextArea(theme, name="area")
        self.tick = CheckInput(theme, "Meer", name="tick")
        self.few = ChoiceInput(theme, [("a", "A"), ("b", "B")], value="a", name="few")
        options = [(str(n), f"Keuze {n}") for n in range(9)]
        self.many = ChoiceInput(theme, options, value="0", name="many")
        self.later = TextInput(theme, name="later")
        column = QVBoxLayout(self)
        for part in (self.line, self.area, self.tick, self.few, self.many, self.later):
            column.addWidget(part)
        self.tick.toggled.connect(self.later.setVisible)
        self.later.hide()


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    opened = prepared_vault(tmp_path / "kluis")
    yield opened
    opened.close()


def shown(qtbot: QtBot, vault: Vault) -> tuple[Form, KeptTyping]:
    form = Form()
    qtbot.addWidget(form)
    with qtbot.waitActive(form):
        form.show()
        form.activateWindow()
    return form, KeptTyping(vault, PLACE, form)


def test_every_field_comes_back_in_another_form(qtbot: QtBot, vault: Vault) -> None:
    form, typing = shown(qtbot, vault)
    assert not typing.bring_back()
    form.line.setText("tolk 4821")
    form.area.setPlainText("eerste\ntweede")
    form.few.set_value("b")
    form.many.set_value("7")
    form.tick.setChecked(True)
    form.later.setText("pas na het vinkje")
    typing.flush()
    again, second = shown(qtbot, vault)
    assert second.bring_back()
    assert again.line.text() == "tolk 4821"
    assert again.area.toPlainText() == "eerste\ntweede"
    assert (again.few.value(), again.many.value()) == ("b", "7")
    assert again.tick.isChecked()
    assert again.later.text() == "pas na het vinkje"


def test_it_is_on_disk_when_the_field_is_left(
    qtbot: QtBot, vault: Vault, qapp: QApplication
) -> None:
    form, _typing = shown(qtbot, vault)
    form.line.setFocus()
    qtbot.keyClicks(form.line, "tolk")
    assert not unsaved(vault, PLACE)
    form.area.setFocus()
    settle(qapp)
    assert "tolk" in unsaved(vault, PLACE).values()


def test_a_choice_is_on_disk_in_the_next_turn(
    qtbot: QtBot, vault: Vault, qapp: QApplication
) -> None:
    form, _typing = shown(qtbot, vault)
    form.tick.click()
    settle(qapp)
    assert True in unsaved(vault, PLACE).values()


def test_who_types_on_without_a_rest_is_kept_within_two_seconds(qtbot: QtBot, vault: Vault) -> None:
    form, _typing = shown(qtbot, vault)
    form.line.setFocus()
    since = QElapsedTimer()
    since.start()

    def kept_after_one_more_key() -> bool:
        qtbot.keyClicks(form.line, "a")
        return bool(unsaved(vault, PLACE))

    qtbot.waitUntil(kept_after_one_more_key, timeout=2 * LONGEST_MS)
    assert since.elapsed() < LONGEST_MS + 500


def test_hiding_keeps_it_before_the_vault_is_closed(qtbot: QtBot, vault: Vault) -> None:
    form, _typing = shown(qtbot, vault)
    qtbot.keyClicks(form.line, "tolk")
    form.hide()
    assert "tolk" in unsaved(vault, PLACE).values()


def test_what_is_stored_or_put_aside_is_forgotten(
    qtbot: QtBot, vault: Vault, qapp: QApplication
) -> None:
    form, typing = shown(qtbot, vault)
    form.line.setText("tolk")
    typing.flush()
    assert unsaved(vault, PLACE)
    typing.forget()
    assert not unsaved(vault, PLACE)
    form.line.setText("nog iets")
    form.hide()
    settle(qapp)
    assert not unsaved(vault, PLACE)


def test_a_form_put_back_as_it_began_keeps_nothing(qtbot: QtBot, vault: Vault) -> None:
    form, typing = shown(qtbot, vault)
    form.line.setText("tolk")
    typing.flush()
    form.line.setText("")
    typing.flush()
    assert not unsaved(vault, PLACE)


def test_it_says_so_when_it_cannot_be_kept(
    qtbot: QtBot, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    form, typing = shown(qtbot, vault)
    told: list[str] = []
    typing.told.connect(told.append)

    @contextmanager
    def full(*_args: object) -> Iterator[None]:
        raise VaultError("De schijf is vol.")
        yield

    with monkeypatch.context() as patch:
        patch.setattr(vault, "transaction", full)
        form.line.setText("tolk")
        typing.flush()
    typing.flush()
    assert told == ["De schijf is vol.", ""]
    assert "tolk" in unsaved(vault, PLACE).values()


def test_a_vault_that_is_closed_already_is_no_error(qtbot: QtBot, vault: Vault) -> None:
    form, _typing = shown(qtbot, vault)
    form.line.setText("tolk")
    vault.close()
    form.hide()


def test_places_and_colleagues_do_not_see_each_other(vault: Vault) -> None:
    keep_unsaved(vault, "proef:2", {"line": "ander"})
    assert not unsaved(vault, PLACE)
    with vault.read() as records:
        name = f"ui.unsaved.{vault.user.user_id}:proef:2"
        assert "ander" in (records.settings.get(name) or "")


def test_what_cannot_be_read_counts_as_nothing(vault: Vault) -> None:
    for plain in ("geen json", "[1, 2]"):
        with vault.transaction(actor_of(vault), "proef") as tx:
            tx.settings.set(f"ui.unsaved.{vault.user.user_id}:{PLACE}", plain)
        assert not unsaved(vault, PLACE)


def test_a_secret_is_never_kept(qtbot: QtBot, vault: Vault) -> None:
    form, typing = shown(qtbot, vault)
    form.line.setEchoMode(QLineEdit.EchoMode.Password)
    form.line.setText("een geheim")
    form.area.setPlainText("geen geheim")
    typing.flush()
    assert unsaved(vault, PLACE).values()
    assert "een geheim" not in unsaved(vault, PLACE).values()
