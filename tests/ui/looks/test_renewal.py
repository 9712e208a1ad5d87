"""An open page follows another theme, and loses nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot
from support.desks import Team
from support.looks import HALF, FakePlatform, page, sara, theme_of
from support.qt import settle

from intake_app.ui.kit import ConfirmDialog
from intake_app.ui.looks import Looks
from intake_app.ui.settings.parts import parts_for
from intake_app.vault import Vault


def test_a_half_filled_form_keeps_everything(
    team: Team, platform: FakePlatform, looks: Looks
) -> None:
    assert team.program.desk is not None
    team.program.desk.open_register()
    before = page(team)
    names = [field for field in before.findChildren(QLineEdit) if field.isVisible()]
    names[0].setText("0001234567")
    names[2].setText("Voorbeeld")
    names[2].setFocus()
    names[2].setSelection(2, 3)
    choice = next(box for box in before.findChildren(QComboBox) if box.isVisible())
    choice.setCurrentIndex(2)
    # the page of before is deleted as soon as the new one stands
    written, chosen = names[2].objectName(), choice.objectName()
    area = before.area.verticalScrollBar()  # type: ignore[attr-defined]
    area.setValue(60)
    kept = [field.text() for field in before.findChildren(QLineEdit)]

    platform.say(dark=True)

    team.until(lambda: theme_of(team).scheme == "dark")
    after = page(team)
    assert after is not before
    assert [field.text() for field in after.findChildren(QLineEdit)] == kept
    focused = team.window.focusWidget()
    assert isinstance(focused, QLineEdit)
    assert (focused.objectName(), focused.selectedText()) == (written, "orb")
    box = next(b for b in after.findChildren(QComboBox) if b.objectName() == chosen)
    assert box.currentIndex() == 2
    team.until(lambda: after.area.verticalScrollBar().value() == 60)  # type: ignore[attr-defined]
    assert QApplication.palette().color(QPalette.ColorRole.Window).name() == "#121816"
    assert team.program.desk.shell.theme.scheme == "dark"


PLACES = (
    "open_today", "open_people", "open_register", "open_handovers", "open_overview",
    "open_settings", "open_sync",
)  # fmt: skip


def test_a_form_is_not_sent_off_by_it(team: Team, vault: Vault, platform: FakePlatform) -> None:
    desk = team.program.desk
    assert desk is not None
    person = sara(vault)
    desk._open_form(person, "household")
    field = page(team).findChild(QLineEdit, "household-1-name")
    assert field is not None
    field.setText("Half een naam")
    platform.say(dark=True)
    team.until(lambda: theme_of(team).scheme == "dark")
    again = page(team).findChild(QLineEdit, "household-1-name")
    assert again is not None
    assert again.text() == "Half een naam"
    with vault.read() as records:
        assert records.households.of_person(person) is None


@pytest.mark.slow
def test_every_page_that_was_just_opened_follows_at_once(
    team: Team, vault: Vault, platform: FakePlatform, qapp: QApplication
) -> None:
    desk = team.program.desk
    assert desk is not None
    person = sara(vault)
    ways: list[tuple[str, Callable[[], None]]] = [(n, getattr(desk, n)) for n in PLACES]
    ways += [
        *(
            (part.value, partial(desk.open_setting, part.value))
            for part in parts_for(vault.info.organisation.profile)
        ),
        ("person", partial(desk.open_person, person)),
        ("edit", partial(desk.edit_person, person)),
        ("plan", partial(desk.open_plan, person)),
        ("handover", partial(desk.open_handover, person)),
        ("start", partial(desk.start_interview, person, "intake")),
        *(
            (form, partial(desk._open_form, person, form))
            for form in ("couple", "household", "stay", "notice", "attachment")
        ),
    ]
    late: list[str] = []
    for number, (name, go) in enumerate(ways):
        go()
        settle(qapp)
        before = page(team)
        platform.say(dark=number % 2 == 0)
        settle(qapp)
        if page(team) is before:
            late.append(name)
            team.until(lambda known=before: page(team) is not known)  # type: ignore[misc]
    assert late == []


def test_the_focus_on_the_window_round_the_page_stays(team: Team, platform: FakePlatform) -> None:
    button = team.window.findChild(QWidget, "rail-people")
    assert button is not None
    button.setFocus()
    platform.say(dark=True)
    team.until(lambda: theme_of(team).scheme == "dark")
    focused = team.window.focusWidget()
    assert focused is not None
    assert focused.objectName() == "rail-people"


@pytest.mark.parametrize("change", [{"dark": True}, {"body": 30.0}], ids=["dark", "200 percent"])
def test_a_talk_goes_on_in_the_same_word_on_both_screens(
    team: Team, vault: Vault, platform: FakePlatform, change: dict[str, object]
) -> None:
    assert team.program.desk is not None
    person = sara(vault)
    team.program.desk.start_interview(person, "intake")
    team.start_panel().begin()
    interview = team.interview()
    interview.click("client-screen-toggle")
    interview.go_to_section("ambitie")
    field = interview.block().widget.findChild(QPlainTextEdit)
    assert field is not None
    team.forward()
    field.setFocus()
    team.qtbot.keyClicks(field, HALF)
    cursor = field.textCursor()
    cursor.setPosition(10)
    field.setTextCursor(cursor)
    before = page(team)

    platform.say(**change)

    team.until(lambda: page(team) is not before)
    talk = team.interview()
    assert talk.page.tools.theme == team.program.desk.context.theme
    assert talk.questions() == ("droom",)
    again = talk.block().widget.findChild(QPlainTextEdit)
    assert again is not None
    assert again.toPlainText() == HALF
    team.until(again.hasFocus)
    assert again.textCursor().position() == 10
    client = talk.page.client_screen.window
    assert client is not None
    assert client.isVisible()
    windows = [w for w in QApplication.topLevelWidgets() if w.objectName() == "client-window"]
    assert [w for w in windows if w.isVisible()] == [client]
    with vault.read() as records:
        found = records.interviews.of_person(person)
    assert len(found) == 1
    # and it still works: typed on, stored, and finished by nobody twice
    team.qtbot.keyClicks(again, "X")
    talk.click("interview-next")
    assert talk.questions() != ("droom",)


def test_a_larger_size_waits_too_where_something_would_be_lost(
    team: Team, platform: FakePlatform
) -> None:
    """At another size a page looks otherwise, which must not hide that something is missing."""
    assert team.program.desk is not None
    team.program.desk.open_settings()
    before = page(team)
    extra = QLineEdit(before)
    extra.setObjectName("something-of-its-own")
    extra.show()
    platform.say(body=30.0)
    for _ in range(3):
        team.qtbot.wait(0)
    assert page(team) is before
    extra.deleteLater()
    team.until(lambda: theme_of(team).text_px() == 30)


def test_blank_screens_stay_as_they_are_until_the_talk_goes_on(
    team: Team, vault: Vault, platform: FakePlatform
) -> None:
    assert team.program.desk is not None
    team.program.desk.start_interview(sara(vault), "intake")
    team.start_panel().begin()
    interview = team.interview()
    interview.page.pausing.rest()
    before = page(team)
    platform.say(dark=True)
    for _ in range(3):
        team.qtbot.wait(0)
    assert page(team) is before
    assert QApplication.palette().color(QPalette.ColorRole.Window).name() == "#f6f7f5"
    interview.click("interview-resume")
    team.until(lambda: page(team) is not before)


def test_an_open_question_survives(team: Team, platform: FakePlatform) -> None:
    """What asked it waits for the answer, so the page may not go before."""
    assert team.program.desk is not None
    before = page(team)
    theme = theme_of(team)
    seen: list[bool] = []

    def change() -> None:
        platform.say(dark=True)
        QTimer.singleShot(0, answer)

    def answer() -> None:
        seen.append(page(team) is before)
        dialog = QApplication.activeModalWidget()
        assert dialog is not None
        button = dialog.findChild(QWidget, "confirm-yes")
        assert button is not None
        button.click()  # type: ignore[attr-defined]

    QTimer.singleShot(0, change)
    assert ConfirmDialog.ask(
        theme, "Weg?", "Dit kan niet terug.", confirm="Weg", cancel="Houden", parent=before
    )
    assert seen == [True]
    team.until(lambda: theme_of(team).scheme == "dark")


def test_a_page_halfway_through_something_keeps_it(team: Team, platform: FakePlatform) -> None:
    """A form that the same page would not show again by itself waits until it is left."""
    assert team.program.desk is not None
    team.program.desk.open_setting("sync")
    before = page(team)
    extra = QLineEdit(before)
    extra.setObjectName("something-of-its-own")
    extra.show()
    platform.say(dark=True)
    for _ in range(3):
        team.qtbot.wait(0)
    assert page(team) is before
    extra.deleteLater()
    team.until(lambda: page(team) is not before)
    assert theme_of(team).scheme == "dark"


def test_the_unlock_window_follows_too_and_keeps_what_is_typed(
    qtbot: QtBot, tmp_path: Path, looks: Looks, platform: FakePlatform, vault: Vault
) -> None:
    vault.close()
    team = Team(qtbot, tmp_path / "kluis", looks.theme, looks=looks)
    team.start()
    before = team.window
    before.passphrase.edit.setText("half een zin")  # type: ignore[attr-defined]
    platform.say(dark=True)
    team.until(lambda: team.window is not before)
    after = team.window
    assert after.passphrase.edit.text() == "half een zin"  # type: ignore[attr-defined]
    assert after.theme.scheme == "dark"  # type: ignore[attr-defined]
    team.close()
