"""The page Uiterlijk: choices of the user, and colours of the organisation."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pages.base import PageObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from support.desks import Team
from support.looks import ISOLATES, page, theme_of
from support.qt import ScriptedPicker, make_context, make_theme, settle

from intake_app import app, paths
from intake_app.flows import looks as wishes
from intake_app.flows.looks import Look
from intake_app.ui.a11y import check
from intake_app.ui.looks import Looks
from intake_app.ui.settings.looks import LooksPage, save_example
from intake_app.ui.theme import Theme
from intake_app.vault import Vault


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
