"""After accepting: into the case system with one button, or out as files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from pages.inbox import DossierPageObject
from pages.settings import CaseSystemPageObject
from PySide6.QtWidgets import QApplication
from support.case_system import (
    CASE_TYPE,
    CLIENT,
    DOCUMENT_TYPE,
    ORGANISATION,
    SECRET,
    CaseSystemDouble,
    serving,
)
from support.chain import PERSON, Chain, add_person, make_chain
from support.qt import ScriptedPicker, make_context, make_theme, settle

from intake_app.flows import case_system, hand_over, receive
from intake_app.sync.proxies import Direct
from intake_app.sync.zgw import CaseSystem
from intake_app.ui import a11y
from intake_app.ui.inbox import onward
from intake_app.ui.inbox.dossier import DossierPage
from intake_app.ui.settings.case_system import CaseSystemPage


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    made = make_chain(tmp_path)
    add_person(made.azc)
    yield made
    made.close()


@pytest.fixture
def received(chain: Chain) -> UUID:
    handover = hand_over.seal(chain.azc, PERSON.person_id, chain.stick)
    return receive.take_in(chain.town, chain.stick / handover.file_name).handover_id


@pytest.fixture
def accepted(chain: Chain, received: UUID) -> UUID:
    receive.accept(chain.town, received, first_talk=date(2026, 3, 20), receipt_folder=chain.stick)
    return received


@pytest.fixture
def double() -> CaseSystemDouble:
    return CaseSystemDouble()


@pytest.fixture
def system(double: CaseSystemDouble, monkeypatch: pytest.MonkeyPatch) -> Iterator[CaseSystem]:
    monkeypatch.setattr(onward, "_system_proxies", Direct)
    with serving(double) as base:
        yield CaseSystem(base, base, CLIENT, SECRET, ORGANISATION, DOCUMENT_TYPE, CASE_TYPE)


@pytest.fixture
def show(qtbot, qapp: QApplication, chain: Chain):
    def shown(page_class, made, *about, pick=(), scale=1.0):
        theme = make_theme(qapp, scale=scale)
        context = make_context(chain.town, theme, pick=ScriptedPicker(*pick))
        page = page_class(context, *about)
        qtbot.addWidget(page)
        page.resize(1200, 700)
        page.show()
        settle(qapp)
        return made(qtbot, page)

    return shown


def test_one_button_files_the_dossier(show, qtbot, chain, accepted, system, double) -> None:
    case_system.save(chain.town, system)
    page = show(DossierPage, DossierPageObject, accepted)
    assert "nog niet" in page.text("onward-card")
    page.click("onward-begin")
    qtbot.waitUntil(lambda: "2 documenten" in page.text("onward-card"), timeout=20_000)
    assert len(double.links) == 2
    assert not page.shows("onward-begin")
    assert not a11y.check(page.root)


def test_a_problem_is_said_and_it_goes_on_later(
    show, qtbot, chain, accepted, system, double
) -> None:
    case_system.save(chain.town, system)
    double.refuse = {"PUT": (503, {})}
    page = show(DossierPage, DossierPageObject, accepted)
    page.click("onward-begin")
    qtbot.waitUntil(lambda: page.shows("onward-said"), timeout=20_000)
    assert "Het zaaksysteem heeft het druk" in page.text("onward-said")
    assert "0 van 2" in page.text("onward-card")
    double.refuse = {}
    page.click("onward-begin")
    qtbot.waitUntil(lambda: "2 documenten" in page.text("onward-card"), timeout=20_000)
    assert len(double.cases) == 1
    assert not page.shows("onward-said")


def test_without_a_case_system_it_goes_out_as_files(show, chain, accepted) -> None:
    page = show(DossierPage, DossierPageObject, accepted, pick=(chain.stick,))
    assert not page.shows("onward-begin")
    page.click("onward-files")
    folder = chain.stick / f"dossier-{accepted.hex[:8]}"
    assert (folder / "inhoud.json").is_file()
    assert folder.name in page.text("onward-said")
    assert "niet versleuteld" in page.text("onward-said")


def test_before_the_decision_there_is_nothing_to_file(show, received) -> None:
    assert not show(DossierPage, DossierPageObject, received).has("onward-card")


def test_the_settings_name_what_is_wrong_and_keep_what_is_right(show, chain, system) -> None:
    page = show(CaseSystemPage, CaseSystemPageObject)
    page.fill(system)
    page.type("case-system-organisation", "123456789")
    page.click("case-system-save")
    assert "negen cijfers" in page.problem("case-system-organisation")
    assert case_system.settings(chain.town) is None
    page.type("case-system-organisation", ORGANISATION)
    page.click("case-system-save")
    assert case_system.settings(chain.town) == system
    assert "Bewaard" in page.text("case-system-said")
    page.click("case-system-forget")
    assert case_system.settings(chain.town) is None
