"""Another look while the program runs: what is open is built anew, and nothing is lost."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest
from pages.base import PageObject
from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot
from support.desks import Team
from support.qt import ScriptedPicker, make_context, make_theme, settle
from support.vaults import prepared_vault

from intake_app import app, paths
from intake_app.flows import looks as wishes
from intake_app.flows import register
from intake_app.flows.looks import Look
from intake_app.flows.register import PersonDraft
from intake_app.ui.a11y import check
from intake_app.ui.kit import ConfirmDialog
from intake_app.ui.looks import Looks, Platform, QtPlatform
from intake_app.ui.settings.looks import LooksPage, save_example
from intake_app.ui.settings.parts import parts_for
from intake_app.ui.theme import Scheme, Theme
from intake_app.vault import Vault

ISOLATES = {chr(code) for code in (0x2066, 0x2068, 0x2069)}
HALF = "Ik wil graag weer als bloem"


class FakePlatform(Platform):
    """A desktop that changes its mind when a test says so."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.dark = self.contrast = False
        self.body = 15.0
        self.colors = QPalette()

    def scheme(self) -> Scheme:
        return "dark" if self.dark else "light"

    def wants_contrast(self) -> bool:
        return self.contrast

    def palette(self) -> QPalette:
        return self.colors

    def body_px(self) -> float:
        return self.body

    def say(self, **what: object) -> None:
        for name, value in what.items():
            setattr(self, name, value)
        self.changed.emit()


@pytest.fixture
def platform(qapp: QApplication) -> FakePlatform:
    return FakePlatform()


@pytest.fixture
def looks(qapp: QApplication, platform: FakePlatform) -> Iterator[Looks]:
    made = Looks(qapp, platform)
    yield made
    made.deleteLater()
    make_theme(qapp)


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return prepared_vault(tmp_path / "kluis", practice=True)


@pytest.fixture
def team(qtbot: QtBot, tmp_path: Path, looks: Looks, vault: Vault) -> Iterator[Team]:
    made = Team(qtbot, tmp_path / "kluis", looks.theme, looks=looks)
    made.open(vault)
    yield made
    made.close()


def page(team: Team) -> QWidget:
    assert team.program.desk is not None
    found = team.program.desk.shell.page
    assert found is not None
    return found


def theme_of(team: Team) -> Theme:
    shown: Theme = page(team).theme  # type: ignore[attr-defined]
    return shown


def sara(vault: Vault) -> UUID:
    person = register.register_person(
        vault, PersonDraft(family_name="Riet", given_names="Sara", contact_language="ar")
    )
    return person.person_id


# ---- the theme that holds ----------------------------------------------------------------------


def test_the_platform_decides_until_the_user_does(looks: Looks, platform: FakePlatform) -> None:
    told: list[Theme] = []
    looks.changed.connect(told.append)
    platform.say(dark=True)
    assert (looks.theme.scheme, len(told)) == ("dark", 1)
    looks.wish(wishes.Wishes(Look.LIGHT))
    assert looks.theme.scheme == "light"
    platform.say(dark=False)
    platform.say(dark=True)
    assert len(told) == 2, "what changes nothing is not told"
    looks.wish(wishes.Wishes(Look.CONTRAST, 150))
    assert looks.theme.is_high_contrast
    assert looks.theme.tokens["window"] == "#000000"
    assert looks.theme.text_px() == round(15 * 1.5)


def test_the_font_size_of_the_platform_is_followed(looks: Looks, platform: FakePlatform) -> None:
    platform.say(body=22.0)
    assert looks.theme.text_px() == 22


def test_high_contrast_of_the_platform_brings_its_palette(
    looks: Looks, platform: FakePlatform
) -> None:
    yellow = QPalette()
    yellow.setColor(QPalette.ColorRole.Window, QColor("#000000"))
    yellow.setColor(QPalette.ColorRole.WindowText, QColor("#FFFF00"))
    platform.say(contrast=True, colors=yellow)
    assert (looks.theme.tokens["ink"], looks.theme.tokens["surface"]) == ("#ffff00", "#000000")
    looks.wish(wishes.Wishes(Look.DARK))
    assert not looks.theme.is_high_contrast


def test_a_platform_without_a_strong_palette_gets_ours(
    looks: Looks, platform: FakePlatform
) -> None:
    weak = QPalette()
    weak.setColor(QPalette.ColorRole.Window, QColor("#EFEFEF"))
    weak.setColor(QPalette.ColorRole.WindowText, QColor("#888888"))
    platform.say(contrast=True, colors=weak)
    assert (looks.theme.tokens["ink"], looks.theme.tokens["surface"]) == ("#000000", "#FFFFFF")


def test_what_qt_says_of_the_platform_is_heard_once(qtbot: QtBot, qapp: QApplication) -> None:
    platform = QtPlatform(qapp)
    with qtbot.waitSignal(platform.changed):
        pass
    font = qapp.font()
    with qtbot.waitSignal(platform.changed):
        bigger = qapp.font()
        bigger.setPixelSize(31)
        qapp.setFont(bigger)
    qapp.setFont(font)
    with qtbot.waitSignal(platform.changed):
        platform._hints.colorSchemeChanged.emit(platform._hints.colorScheme())
    with qtbot.waitSignal(platform.changed):
        platform._wishes.contrastPreferenceChanged.emit(platform._wishes.contrastPreference())
    ours = QPalette(qapp.palette())
    other = QPalette(ours)
    other.setColor(QPalette.ColorRole.Window, QColor("#123456"))
    with qtbot.waitSignal(platform.changed):
        qapp.setPalette(other)
    with qtbot.waitSignal(platform.changed):
        qapp.sendEvent(platform._ear, QEvent(QEvent.Type.ThemeChange))
    # asking what lies under our own palette must not be heard as a change: it would never end
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    with qtbot.assertNotEmitted(platform.changed, wait=20):
        platform.palette()
    assert qapp.palette() == other
    qapp.setPalette(ours)
    platform.deleteLater()


# ---- pages -------------------------------------------------------------------------------------


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


# ---- the page Uiterlijk ------------------------------------------------------------------------


def open_looks(team: Team) -> LooksPage:
    assert team.program.desk is not None
    team.program.desk.open_setting("looks")
    found = page(team)
    assert isinstance(found, LooksPage)
    return found


def test_a_choice_holds_at_once_and_for_this_user(team: Team, vault: Vault) -> None:
    first = open_looks(team)
    first.look.set_value("dark")
    team.until(lambda: theme_of(team).scheme == "dark")
    second = page(team)
    assert isinstance(second, LooksPage)
    assert second.look.value() == "dark"
    second.size_input.setFocus()
    second.size_input.set_value("150")
    team.until(lambda: theme_of(team).text_px() == round(15 * 1.5))
    third = page(team)
    assert isinstance(third, LooksPage)
    assert third.size_input.combo is not None
    assert third.size_input.combo.hasFocus()
    assert wishes.wishes(vault) == wishes.Wishes(Look.DARK, 150)


def own_file(folder: Path, change: Callable[[dict[str, dict[str, str]]], None]) -> Path:
    path = folder / "huisstijl.json"
    save_example(path)
    raw = json.loads(path.read_text("utf-8"))
    raw["name"] = "Voorbeeldstad"
    change(raw)
    path.write_text(json.dumps(raw), "utf-8")
    return path


def test_own_colours_come_in_hold_and_go(team: Team, vault: Vault, tmp_path: Path) -> None:
    path = own_file(tmp_path, lambda raw: raw["light"].update(accent="#7A1FA2"))
    shown = open_looks(team)
    team.pick.answers.append(path)
    team.shows("looks-page").click("looks-choose")
    team.until(lambda: theme_of(team).tokens["accent"] == "#7A1FA2")
    words = team.shows("looks-page").words()
    assert any("Voorbeeldstad" in text for text in words)
    team.shows("looks-page").click("looks-revert")
    team.until(lambda: theme_of(team).tokens["accent"] == "#0B5D57")
    assert wishes.wishes(vault).own_colours == ""
    assert page(team) is not shown


def read(words: list[str]) -> str:
    """Return what is on screen without the marks round names."""
    return "".join(c for c in " ".join(words) if c not in ISOLATES)


@pytest.fixture
def alone(
    qtbot: QtBot, qapp: QApplication, vault: Vault
) -> Iterator[tuple[PageObject, ScriptedPicker]]:
    """The page without a desk, and who answers which file."""
    pick = ScriptedPicker()
    shown = LooksPage(make_context(vault, make_theme(qapp), pick=pick))
    qtbot.addWidget(shown)
    shown.resize(900, 900)
    shown.show()
    yield PageObject(qtbot, shown), pick
    vault.close()


def test_a_file_with_faults_changes_nothing_and_is_told_why(
    alone: tuple[PageObject, ScriptedPicker], qapp: QApplication, vault: Vault, tmp_path: Path
) -> None:
    def spoil(raw: dict[str, dict[str, str]]) -> None:
        raw["light"]["muted"] = "#B0B8B4"
        del raw["dark"]["ok"]
        raw["dark"]["err"] = "rood"

    shown, pick = alone
    pick.answers.append(own_file(tmp_path, spoil))
    shown.click("looks-choose")
    settle(qapp)
    told = read(shown.words())
    assert re.search(r"Licht: muted op \w+ heeft te weinig verschil: 1,\d+ op 1\.", told)
    assert "Voor tekst is minstens 4,5 op 1 nodig. Neem voor muted bijvoorbeeld #" in told
    assert "Donker: de kleur ok ontbreekt." in told
    assert "Donker: bij err staat rood. Dat is geen kleur." in told
    assert wishes.wishes(vault).own_colours == ""
    assert [str(finding) for finding in check(shown.root)] == []


def test_a_file_that_is_none_is_refused_in_words(
    alone: tuple[PageObject, ScriptedPicker], tmp_path: Path
) -> None:
    shown, pick = alone
    for content, said in (
        (b"{", "geen JSON"), (b"[]", "geen kleuren"), (b" " * 70_000, "te groot"),
        (None, "gelezen"),
    ):  # fmt: skip
        path = tmp_path / "iets.json"
        path.unlink(missing_ok=True)
        if content is not None:
            path.write_bytes(content)
        pick.answers.append(path)
        shown.click("looks-choose")
        assert any(said in text for text in shown.words()), said


def test_the_example_can_be_used_as_it_is(
    alone: tuple[PageObject, ScriptedPicker], vault: Vault, tmp_path: Path
) -> None:
    target = tmp_path / "kleuren.json"
    shown, pick = alone
    pick.answers += [target, target]
    shown.click("looks-example")
    assert target.is_file()
    shown.click("looks-choose")
    assert json.loads(wishes.wishes(vault).own_colours)["name"] == "Doorgaande Lijn"


def test_colours_that_broke_since_fall_back_and_it_is_said(
    qtbot: QtBot, tmp_path: Path, looks: Looks, vault: Vault
) -> None:
    wishes.use_own_colours(vault, '{"name": "Oud", "light": {"ink": "#000000"}}')
    team = Team(qtbot, tmp_path / "kluis", looks.theme, looks=looks)
    team.open(vault)
    assert team.program.desk is not None
    shell = team.program.desk.shell
    assert "kloppen niet meer" in shell.notice_text()
    assert theme_of(team).tokens["accent"] == "#0B5D57"
    open_looks(team)
    shown = team.shows("looks-page")
    assert any("klopt niet" in text for text in shown.words())
    shown.click("shell-notice-close") if shown.has("shell-notice-close") else shell.set_notice("")
    shown.click("looks-revert")
    team.until(lambda: wishes.wishes(vault).own_colours == "")
    team.close()


def test_high_contrast_and_the_unlock_window_know_no_own_colours(
    looks: Looks, tmp_path: Path
) -> None:
    own = own_file(tmp_path, lambda raw: raw["light"].update(accent="#7A1FA2")).read_text("utf-8")
    assert looks.theme.tokens["accent"] == "#0B5D57"
    looks.wish(wishes.Wishes(Look.CONTRAST, 100, own))
    assert looks.theme.tokens["accent"] == "#003B36"
    looks.wish(wishes.Wishes(Look.LIGHT, 100, own))
    assert looks.theme.tokens["accent"] == "#7A1FA2"


def test_the_program_takes_its_theme_from_the_platform(qapp: QApplication) -> None:
    assert app.theme(qapp, scale=2.0).text_px() == 30
    assert Theme.load(paths.resource("themes", "default.json")).text_px() == 15
    make_theme(qapp)
