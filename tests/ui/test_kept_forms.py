"""Forms about a person: a lock, a crash or a look elsewhere takes nothing that was filled in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot
from support.interviews import add_person
from support.qt import ScriptedPicker, make_theme, settle
from support.vaults import PASSPHRASE, actor_of, prepared_vault

from intake_app import paths
from intake_app.flows import medical_record
from intake_app.flows.unsaved import unsaved
from intake_app.formio.library import Library
from intake_app.i18n.catalogues import Catalogues
from intake_app.ui.desk import Desk
from intake_app.ui.kit import Notice
from intake_app.vault import Vault

W = TypeVar("W", bound=QWidget)


class Desks:
    """One process after the other on the same vault."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.vault = prepared_vault(folder)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self.app = app
        self.made: list[Desk] = []
        self.person = add_person(self.vault)
        self.start()

    def start(self) -> None:
        catalogues = Catalogues(paths.compiled_dir())
        self.desk = Desk(
            self.vault,
            theme=make_theme(self.app),
            library=Library(paths.compiled_dir()),
            catalogues=catalogues,
            tr=catalogues.ui("nl"),
            env=self.vault.env,
            pick=ScriptedPicker(),
            end=lambda _code: None,
        )
        self.made.append(self.desk)
        self.desk.open()
        self.desk.shell.resize(1366, 768)
        settle(self.app)

    def next_process(self, *, lock: bool = True) -> None:
        if lock:
            self.desk.lock()
        self.vault.close()
        self.vault = Vault.open(self.folder, passphrase=PASSPHRASE, env=self.vault.env)
        self.start()

    def go(self, form: str) -> None:
        desk, person_id = self.desk, self.person.person_id
        if form == "register":
            desk.open_register()
        elif form == "person":
            desk.edit_person(person_id)
        else:
            desk._open_form(person_id, form)
        settle(self.app)

    def field(self, name: str) -> QLineEdit:
        return self.find(name, QLineEdit)

    def find(self, name: str, kind: type[W]) -> W:
        page = self.desk.shell.page
        assert page is not None
        found = page.findChild(kind, name)
        assert found is not None, name
        return found

    def says_so(self) -> bool:
        page = self.desk.shell.page
        assert page is not None
        return any(
            "nog niet bewaard" in each.text() and not each.isHidden()
            for each in page.findChildren(Notice)
        )


@pytest.fixture
def desks(qtbot: QtBot, tmp_path: Path) -> Iterator[Desks]:
    del qtbot
    made = Desks(tmp_path / "kluis")
    yield made
    for desk in made.made:
        desk.leave()
        desk.shell.deleteLater()
    settle(made.app)


FORMS = {
    "register": "register-family-name",
    "person": "register-phone",
    "stay": "stay-location",
    "notice": "notice-on-day",
    "attachment": "attachment-title",
}


@pytest.mark.parametrize("form", FORMS)
def test_after_a_lock_the_form_stands_there_as_it_was(desks: Desks, form: str) -> None:
    desks.go(form)
    desks.field(FORMS[form]).setText("12")
    desks.next_process()
    assert desks.field(FORMS[form]).text() == "12"
    assert desks.says_so()


def test_lines_that_were_added_come_back_too(desks: Desks) -> None:
    desks.go("household")
    desks.find("household-add", QAbstractButton).click()
    desks.find("household-add", QAbstractButton).click()
    settle(desks.app)
    desks.field("household-3-name").setText("Voorbeeld")
    desks.find("household-3-here", QAbstractButton).setChecked(False)
    desks.next_process()
    assert desks.field("household-3-name").text() == "Voorbeeld"
    assert not desks.find("household-3-here", QAbstractButton).isChecked()
    desks.go("register")
    desks.find("register-nationality-more", QAbstractButton).click()
    settle(desks.app)
    second = desks.find("register-nationality-2-list", QComboBox)
    second.setCurrentIndex(3)
    words = second.currentText()
    desks.next_process()
    again = desks.find("register-nationality-2-list", QComboBox)
    assert again.currentText() == words


def test_a_line_that_was_added_is_kept_while_somebody_types_in_it(
    desks: Desks, qtbot: QtBot
) -> None:
    desks.go("household")
    with qtbot.waitActive(desks.desk.shell):
        desks.desk.shell.activateWindow()
    desks.find("household-add", QAbstractButton).click()
    qtbot.keyClicks(desks.field("household-2-name"), "Voorbeeld")
    place = f"household:{desks.person.person_id}"
    qtbot.waitUntil(lambda: "Voorbeeld" in unsaved(desks.vault, place).values(), timeout=3000)


def test_closing_the_window_keeps_it_too(desks: Desks) -> None:
    desks.go("register")
    desks.field(FORMS["register"]).setText("Voorbeeld")
    desks.desk.leave()
    desks.next_process(lock=False)
    assert desks.field(FORMS["register"]).text() == "Voorbeeld"


def test_who_looked_elsewhere_finds_it_again(desks: Desks) -> None:
    desks.go("register")
    desks.field(FORMS["register"]).setText("Voorbeeld")
    desks.desk.open_settings()
    settle(desks.app)
    desks.next_process()
    # not by itself: somebody had gone elsewhere
    page = desks.desk.shell.page
    assert page is not None
    assert page.objectName() != "register-page"
    desks.go("register")
    assert desks.field(FORMS["register"]).text() == "Voorbeeld"


def test_what_was_put_aside_or_stored_does_not_come_back(desks: Desks) -> None:
    desks.go("register")
    desks.field(FORMS["register"]).setText("Voorbeeld")
    desks.find("register-cancel", QAbstractButton).click()
    settle(desks.app)
    desks.go("register")
    assert desks.field(FORMS["register"]).text() == ""
    assert not desks.says_so()
    desks.go("person")
    desks.field("register-phone").setText("0612345678")
    desks.find("register-save", QAbstractButton).click()
    settle(desks.app)
    desks.go("person")
    assert desks.field("register-phone").text() == "0612345678"
    assert not desks.says_so()


def test_only_what_was_changed_is_put_over_what_is_known(desks: Desks) -> None:
    """In between somebody else may have changed another field."""
    from dataclasses import replace

    desks.go("person")
    desks.field("register-phone").setText("0612345678")
    desks.desk.open_settings()
    settle(desks.app)
    with desks.vault.transaction(actor_of(desks.vault), "proef") as tx:
        tx.persons.save(replace(desks.person, given_names="Nieuwe"))
    desks.go("person")
    assert desks.field("register-phone").text() == "0612345678"
    assert desks.field("register-given-names").text() == "Nieuwe"


def test_a_medical_note_is_never_kept_where_it_can_be_read(
    desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(medical_record, "is_possible", lambda _vault: True)
    desks.go("medical-note")
    secret = "Zij heeft pijn in haar knie"
    field = desks.find("medical-note-text", QPlainTextEdit)
    field.setPlainText(secret)
    desks.next_process()
    user = desks.vault.user.user_id
    with desks.vault.read() as records:
        for place in (f"medical-note:{desks.person.person_id}", "medical-note:"):
            assert not records.settings.get(f"ui.unsaved.{user}:{place}")
