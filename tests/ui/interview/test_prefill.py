"""What COA knows is offered before the talk; what is ticked is in it, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from pages.interview import StartPanelObject
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from support.interviews import add_person
from support.qt import make_context, make_theme, settle
from support.vaults import actor_of

from intake_app.domain.interview import AnswerSource, AnswerState, Interpretation
from intake_app.flows.filling import fill
from intake_app.flows.interview import InterviewFlow
from intake_app.ui.a11y import check
from intake_app.ui.context import AppContext
from intake_app.ui.interview.host import InterviewHost
from intake_app.ui.interview.start_panel import EXPLANATIONS, INFORMATION
from intake_app.ui.kit.inputs import CheckInput
from intake_app.vault import Vault
from intake_app.vault.errors import DiskFull

KNOWN = {
    "bron_soort": "tvs",
    "bron_datum": "2026-01-12",
    "moedertaal": "tir",
    "school_gevolgd": "ja",
    "school_jaren": "9",
    "alfabetisering": "latijn",
    "lezen_moedertaal": "beetje",
}


@pytest.fixture(params=[1.0, 2.0], ids=["100", "200"])
def context(request: pytest.FixtureRequest, vault: Vault, qapp: QApplication) -> AppContext:
    return make_context(vault, make_theme(qapp, scale=request.param))


@pytest.fixture
def person_id(vault: Vault) -> UUID:
    return add_person(vault, language="nl").person_id


@pytest.fixture
def known(context: AppContext, vault: Vault, person_id: UUID) -> UUID:
    flow = InterviewFlow.start(
        vault,
        context.library,
        None,
        person_id,
        "klantprofiel",
        "nl",
        Interpretation(),
        actor_of(vault),
    )
    fill(flow, KNOWN, choose=False)
    flow.finish()
    return person_id


@pytest.fixture
def windows(qtbot: QtBot) -> Iterator[list[QWidget]]:
    shown: list[QWidget] = []
    yield shown
    for window in shown:
        window.close()


def begin(
    qtbot: QtBot, windows: list[QWidget], context: AppContext, person_id: UUID, form_id: str
) -> tuple[InterviewHost, StartPanelObject]:
    host = InterviewHost.begin(context, person_id, form_id)
    window = QWidget()
    column = QVBoxLayout(window)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(host)
    window.resize(1280, 800)
    windows.append(window)
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    return host, StartPanelObject(qtbot, window)


def boxes(start: StartPanelObject) -> dict[str, CheckInput]:
    return {box.text(): box for box in start.root.findChildren(CheckInput)}


def test_without_a_profile_nothing_is_offered(
    qtbot: QtBot, windows: list[QWidget], context: AppContext, person_id: UUID
) -> None:
    _, start = begin(qtbot, windows, context, person_id, "intake")
    assert not start.has("prefill")


def test_the_offer_opens_unticked_and_readable(
    qtbot: QtBot, windows: list[QWidget], context: AppContext, known: UUID, qapp: QApplication
) -> None:
    _, start = begin(qtbot, windows, context, known, "intake")
    start.click("prefill-open")
    settle(qapp)
    offered = boxes(start)
    assert "Wat is uw moedertaal? Tigrinya" in offered
    answers = [box for box in offered.values() if box.objectName().startswith("prefill-")]
    assert len(answers) == 5
    assert not any(box.isChecked() for box in answers)
    assert [box.text() for box in answers if box.height() < box.heightForWidth(box.width())] == []
    assert check(start.root) == ()


def test_what_is_ticked_is_in_the_talk_as_an_answer_of_coa(
    qtbot: QtBot, windows: list[QWidget], context: AppContext, known: UUID, vault: Vault
) -> None:
    host, start = begin(qtbot, windows, context, known, "intake")
    start.click("prefill-open")
    QApplication.processEvents()
    for text, box in boxes(start).items():
        if text.startswith(("Wat is uw moedertaal?", "Bent u naar school geweest?")):
            box.setChecked(True)
    shown = start.begin()
    assert host.page is not None
    flow = host.page.bridge.flow
    assert flow.position is not None
    assert flow.position.path == flow.session.pages()[0].keys[0].path
    with vault.read() as records:
        rows = records.answers.of_interview(flow.interview.interview_id)
    answered = {
        row.path.rpartition("/")[2]: row for row in rows if row.state is AnswerState.ANSWERED
    }
    taken = {n: row for n, row in answered.items() if row.source is AnswerSource.COA}
    assert {name: row.value for name, row in taken.items()} == {
        "moedertaal": "tir",
        "school_gevolgd": "ja",
    }
    assert not shown.has("save-error")


def test_all_of_them_at_once(
    qtbot: QtBot, windows: list[QWidget], context: AppContext, known: UUID
) -> None:
    host, start = begin(qtbot, windows, context, known, "intake")
    start.click("prefill-open")
    start.click("prefill-all")
    assert host.start is not None
    assert len(host.start.chosen()) == 5


def test_a_full_disk_leaves_the_talk_open_and_says_so(
    qtbot: QtBot,
    windows: list[QWidget],
    context: AppContext,
    known: UUID,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_args: object) -> None:
        raise DiskFull

    monkeypatch.setattr(InterviewFlow, "source", full)
    host, start = begin(qtbot, windows, context, known, "intake")
    start.click("prefill-open")
    start.click("prefill-all")
    start.begin()
    assert host.page is not None
    QApplication.processEvents()
    assert "De schijf van deze laptop is vol" in start.notice("save-error")


@pytest.mark.parametrize("form_id", ["intake", *EXPLANATIONS])
def test_each_form_says_first_what_it_is_for(
    qtbot: QtBot, windows: list[QWidget], context: AppContext, person_id: UUID, form_id: str
) -> None:
    from PySide6.QtWidgets import QLabel

    _, start = begin(qtbot, windows, context, person_id, form_id)
    said = [label.text() for label in start.root.findChildren(QLabel)]
    wanted = EXPLANATIONS.get(form_id, INFORMATION)
    assert any(wanted in text for text in said)
    if form_id != "intake":
        assert not any(INFORMATION in text for text in said)


def test_only_the_medical_form_promises_that_the_municipality_gets_nothing() -> None:
    promising = [
        form for form, text in EXPLANATIONS.items() if "De gemeente krijgt het nooit" in text
    ]
    assert promising == ["medische_overdracht"]
