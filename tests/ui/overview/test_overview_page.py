from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from support.qt import make_context, make_theme, settle
from support.vaults import prepared_vault

from intake_app.flows import register
from intake_app.flows.register import PersonDraft
from intake_app.ui import a11y
from intake_app.ui.kit import TextLink
from intake_app.ui.kit.charts import FigureWithTarget, WithTable
from intake_app.ui.overview.page import OverviewPage


@pytest.fixture
def vault(tmp_path: Path):
    vault = prepared_vault(tmp_path / "kluis")
    yield vault
    vault.close()


def test_an_empty_vault_says_what_to_do_first(qapp, qtbot, vault) -> None:
    page = OverviewPage(make_context(vault, make_theme(qapp)))
    qtbot.addWidget(page)
    assert page.findChild(object, "overview-empty") is not None
    assert page.findChildren(FigureWithTarget) == []


def test_each_figure_is_a_sentence_that_follows_the_vault(qapp, qtbot, vault) -> None:
    person = register.register_person(vault, PersonDraft(family_name="Riet"))
    register.register_person(vault, PersonDraft(family_name="Biezen"))
    page = OverviewPage(make_context(vault, make_theme(qapp)))
    qtbot.addWidget(page)
    assert spoken(page, "gekoppeld") == "0 van 2 gekoppeld aan een gemeente"
    register.couple(vault, person.person_id, "0355", date(2026, 2, 1))
    qtbot.waitUntil(lambda: spoken(page, "gekoppeld").startswith("1 van 2"))


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_nameless_small_or_clipped(qapp, qtbot, vault, scheme, scale) -> None:
    register.register_person(vault, PersonDraft(family_name="Riet"))
    page = OverviewPage(make_context(vault, make_theme(qapp, scheme, scale)))
    qtbot.addWidget(page)
    page.resize(1200, 640)
    page.show()
    settle(qapp)
    assert a11y.check(page) == ()


def test_how_it_is_counted_opens_and_the_table_says_the_same(qapp, qtbot, vault) -> None:
    register.register_person(vault, PersonDraft(family_name="Riet"))
    page = OverviewPage(make_context(vault, make_theme(qapp)))
    qtbot.addWidget(page)
    page.resize(1200, 640)
    page.show()
    settle(qapp)
    figure = page.findChild(FigureWithTarget, "figure-noa")
    assert figure.counting.isHidden()
    page.findChild(TextLink, "figure-noa-how").click()
    assert "telt één keer" in figure.counting.text()
    assert not figure.counting.isHidden()
    box = page.findChild(WithTable, "overview-figures")
    page.findChild(TextLink, "overview-figures-table-link").click()
    assert not box.table.isHidden()
    figures = page.findChildren(FigureWithTarget)
    assert box.table.words() == tuple((f.sentence.text(), f.numbers.text()) for f in figures)
    settle(qapp)
    assert a11y.check(page) == ()


def spoken(page: OverviewPage, station: str) -> str:
    figure = page.findChild(FigureWithTarget, f"figure-{station}")
    return figure.bar.accessibleName() if figure is not None else ""
