"""Gegevens voor DUO on the page of the plan."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from pages.plan import PlanPageObject
from support.chain import PERSON, add_person
from support.qt import ScriptedPicker, make_context, make_theme, settle
from support.vaults import actor_of, prepared_vault

from intake_app.flows import audit
from intake_app.ui import a11y
from intake_app.ui.kit import ConfirmDialog
from intake_app.ui.plan.page import PlanPage


@pytest.fixture
def vault(tmp_path: Path):
    opened = prepared_vault(tmp_path / "kluis")
    add_person(opened)
    with opened.transaction(actor_of(opened), "toets") as tx:
        tx.persons.save(replace(PERSON, residence_title="26"))
    yield opened
    opened.close()


@pytest.fixture
def picker() -> ScriptedPicker:
    return ScriptedPicker()


@pytest.fixture
def page(qtbot, qapp, vault, picker, monkeypatch):
    monkeypatch.setattr(ConfirmDialog, "ask", lambda *_a, **_k: True)
    shown = PlanPage(make_context(vault, make_theme(qapp), pick=picker), PERSON.person_id)
    qtbot.addWidget(shown)
    shown.resize(1200, 700)
    shown.show()
    settle(qapp)
    return PlanPageObject(qtbot, shown)


def fill_pip(page) -> None:
    page.date("duo-dated", "20", "2", "2026")
    page.choose("duo-route", "B")
    page.choose("duo-level", "B1")
    page.choose("duo-may-finish-education", "nee")


def lines(vault) -> list[str]:
    return [line.what for line in audit.page(vault, person_id=PERSON.person_id).lines]


def test_a_pip_for_duo(page, qapp, vault, picker, tmp_path) -> None:
    page.click("duo-pip")
    assert page.find("duo-literacy").value() == "AA"
    fill_pip(page)
    page.type("duo-intensity", "600")
    picker.answers.append(tmp_path / "pip.json")
    page.click("duo-save")
    settle(qapp)
    made = json.loads((tmp_path / "pip.json").read_text(encoding="utf-8"))
    assert made["pip"]["geschatteIntensiteitB1Route"] == 600
    assert "bsn" not in json.dumps(made)
    assert "pip.json" in page.text("duo-notice")
    assert "Bestand voor DUO maken: PIP" in lines(vault)
    assert page.has("duo-lbt")


def test_what_duo_would_refuse_stands_at_its_field(page, qapp, vault, picker) -> None:
    page.click("duo-pip")
    fill_pip(page)
    page.choose("duo-level", "A2")
    page.date("duo-dated", "20", "2", "2027")
    page.click("duo-save")
    settle(qapp)
    assert "eerste PIP" in page.problem("duo-level")
    assert "toekomst" in page.problem("duo-dated")
    assert "DUO zou 2 gegevens weigeren" in page.text("duo-notice")
    assert picker.asked == []
    page.choose("duo-level", "B1")
    page.date("duo-dated", "", "2", "2026")
    page.click("duo-save")
    settle(qapp)
    assert page.problem("duo-level") == ""
    assert "niet volledig" in page.problem("duo-dated")
    assert "Bestand voor DUO maken: PIP" not in lines(vault)


def test_half_a_date_is_shown_where_it_is(page, qapp) -> None:
    page.click("duo-pip")
    fill_pip(page)
    page.date("duo-pvt-on", "4", "", "2026")
    page.click("duo-save")
    settle(qapp)
    assert "dag zonder maand" in page.problem("duo-pvt-on")


def test_without_a_v_number_there_is_no_file(page, qapp, vault) -> None:
    with vault.transaction(actor_of(vault), "toets") as tx:
        tx.persons.save(replace(PERSON, v_number=""))
    page.click("duo-pip")
    fill_pip(page)
    page.click("duo-save")
    settle(qapp)
    assert "V-nummer" in page.text("duo-notice")


def test_the_learnability_test(page, qapp, picker, tmp_path) -> None:
    page.click("duo-lbt")
    page.choose("duo-result", "B1-route haalbaar")
    page.type("duo-achieved", "30")
    page.type("duo-needed", "28,5")
    page.date("duo-taken-on", "3", "2", "2026")
    picker.answers.append(tmp_path / "lbt.json")
    page.click("duo-save")
    settle(qapp)
    made = json.loads((tmp_path / "lbt.json").read_text(encoding="utf-8"))
    assert made["lbt"]["benodigdeScore"] == "028,50"


def test_it_can_be_closed_again(page) -> None:
    page.click("duo-lbt")
    page.click("duo-close")
    assert page.has("duo-pip")
    assert not page.has("duo-save")


@pytest.mark.parametrize("kind", ["pip", "lbt"])
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_everybody_can_use_it(qtbot, qapp, vault, kind: str, scale: float) -> None:
    shown = PlanPage(make_context(vault, make_theme(qapp, scale=scale)), PERSON.person_id)
    qtbot.addWidget(shown)
    shown.resize(1366, 768)
    shown.show()
    settle(qapp)
    page = PlanPageObject(qtbot, shown)
    page.click(f"duo-{kind}")
    for _ in range(4):
        settle(qapp)
    assert a11y.check(shown) == ()
