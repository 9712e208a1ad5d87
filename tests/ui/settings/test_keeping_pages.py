"""The pages Back-up and Bewaren en wissen, on real vaults."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from pages.base import PageObject
from support.clocks import Clock
from support.qt import ScriptedPicker, make_context, make_theme, settle
from support.vaults import START, actor_of, prepared_vault

from intake_app.domain.handover import Handover, HandoverState
from intake_app.domain.person import Person
from intake_app.flows import back_up, retention
from intake_app.ui.a11y import check
from intake_app.ui.kit import ConfirmDialog
from intake_app.ui.settings.backup import BackupPage
from intake_app.ui.settings.retention import RetentionPage
from intake_app.vault.stores.removals import Ground, RemovalState

PATIENCE = 20_000


@pytest.fixture
def clock() -> Clock:
    return Clock(START)


@pytest.fixture
def vault(tmp_path, clock):
    made = prepared_vault(tmp_path / "kluis", env=clock.env())
    with made.transaction(actor_of(made), "vullen") as tx:
        for number in range(1, 4):
            tx.persons.save(
                Person(UUID(int=number), f"287654321{number}", "Tesfaye", given_names=f"A{number}")
            )
        tx.moments.believe()
    yield made
    made.close()


@pytest.fixture
def stick(tmp_path) -> Path:
    (tmp_path / "stick").mkdir()
    return tmp_path / "stick"


def show(qtbot, qapp, kind, vault, *, pick=None, scale: float = 1.0):
    context = make_context(vault, make_theme(qapp, scale=scale))
    if pick is not None:
        from dataclasses import replace

        context = replace(context, pick=pick)
    widget = kind(context)
    qtbot.addWidget(widget)
    widget.resize(1100, 760)
    widget.show()
    settle(qapp)
    return widget, PageObject(qtbot, widget)


def sound(qapp, widget) -> None:
    settle(qapp)
    assert [str(finding) for finding in check(widget)] == []


def days_pass(vault, clock, days: float) -> None:
    end = clock.at + timedelta(days=days)
    while clock.at < end:
        clock.at = min(end, clock.at + timedelta(hours=16))
        with vault.transaction(actor_of(vault), "werk") as tx:
            tx.settings.set("werk", clock.at.isoformat())


def accept(vault, number: int) -> None:
    at = vault.env.now()
    with vault.transaction(actor_of(vault), "overdracht") as tx:
        tx.handovers.save(
            Handover(
                UUID(int=50 + number), UUID(int=number), 1, UUID(int=9), "Heuvelland", "0355",
                HandoverState.GEACCEPTEERD, at, actor_of(vault).user_id, changed_at=at,
            )
        )  # fmt: skip


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_a_backup_with_one_button(qtbot, qapp, vault, stick, scale):
    pick = ScriptedPicker(stick)
    widget, page = show(qtbot, qapp, BackupPage, vault, pick=pick, scale=scale)
    assert "nog geen back-up" in page.text("backup-reminder")
    sound(qapp, widget)
    page.click("backup-make")
    qtbot.waitUntil(lambda: page.has("backup-said"), timeout=PATIENCE)
    assert "heel teruggelezen" in page.text("backup-said")
    assert not page.has("backup-reminder")
    sound(qapp, widget)
    page.click("backup-make")  # the same place again, without asking
    qtbot.waitUntil(lambda: len(back_up.look(vault).rows) == 2, timeout=PATIENCE)
    qtbot.waitUntil(lambda: page.has("backup-said"), timeout=PATIENCE)
    assert len(pick.asked) == 1


def test_what_goes_wrong_is_said(qtbot, qapp, vault, stick):
    pick = ScriptedPicker(vault.folder)
    _, page = show(qtbot, qapp, BackupPage, vault, pick=pick)
    page.click("backup-make")
    qtbot.waitUntil(lambda: page.has("backup-said"), timeout=PATIENCE)
    assert "hoort bij de kluis zelf" in page.text("backup-said")


def test_a_backup_is_checked_and_gives_the_sheet(qtbot, qapp, vault, stick, tmp_path):
    made = back_up.back_up(vault, stick)
    pick = ScriptedPicker(made.path, made.path, tmp_path / "blad.pdf")
    widget, page = show(qtbot, qapp, BackupPage, vault, pick=pick)
    page.click("backup-check")
    qtbot.waitUntil(lambda: page.has("backup-said"), timeout=PATIENCE)
    assert "is heel" in page.text("backup-said")
    page.click("backup-sheet")
    settle(qapp)
    assert "blad.pdf" in page.text("backup-said")
    assert (tmp_path / "blad.pdf").read_bytes().startswith(b"%PDF")
    sound(qapp, widget)


def test_terms_are_kept(qtbot, qapp, vault):
    widget, page = show(qtbot, qapp, BackupPage, vault)
    widget._months.set_value("6")
    widget._days.set_value("14")
    view = back_up.look(vault)
    assert (view.months, view.remind_after) == (6, 14)
    assert page.has("backup-terms")


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_what_is_due_is_removed_after_a_question(qtbot, qapp, vault, clock, monkeypatch, scale):
    accept(vault, 1)
    accept(vault, 2)
    days_pass(vault, clock, 25)
    widget, page = show(qtbot, qapp, RetentionPage, vault, scale=scale)
    assert page.has("retention-coming")
    assert not page.has("retention-remove")
    sound(qapp, widget)
    days_pass(vault, clock, 9)
    widget.refresh()
    settle(qapp)
    page.click(f"retention-keep-{UUID(int=2)}")
    settle(qapp)
    asked: list[str] = []
    monkeypatch.setattr(
        ConfirmDialog, "ask", lambda _t, title, _x, **_o: asked.append(title) is None
    )
    page.click("retention-remove")
    qtbot.waitUntil(lambda: page.has("retention-said"), timeout=PATIENCE)
    assert "1 dossier is gewist" in page.text("retention-said")
    assert asked == ["1 dossier wissen?"]
    with vault.read() as records:
        assert records.persons.get(UUID(int=1)) is None
        assert records.persons.get(UUID(int=2)) is not None
    sound(qapp, widget)


def test_a_clock_that_jumped_asks_first(qtbot, qapp, vault, clock):
    accept(vault, 1)
    days_pass(vault, clock, 25)
    retention.look(vault)
    days_pass(vault, clock, 9)
    clock.at += timedelta(days=3)
    widget, page = show(qtbot, qapp, RetentionPage, vault)
    assert not page.find("retention-remove").isEnabled()
    sound(qapp, widget)
    page.click("retention-clock-right")
    settle(qapp)
    assert page.find("retention-remove").isEnabled()
    assert not page.has("retention-clock")


def test_a_proposal_for_two(qtbot, qapp, vault):
    widget, page = show(qtbot, qapp, RetentionPage, vault)
    page.type("retention-search", "2876543213")
    page.click("retention-find")
    settle(qapp)
    page.click("retention-propose")
    assert "Schrijf in" in page.text("retention-problem")
    widget._reason.setPlainText("Bericht van het COA van 2 maart.")
    widget._ground_choice.set_value(Ground.TERUGGEKEERD.value)
    page.click("retention-propose")
    settle(qapp)
    (proposal,) = retention.look(vault).proposals
    assert proposal.removal.state is RemovalState.VOORGESTELD
    assert proposal.mine
    sound(qapp, widget)
    page.click(f"retention-agree-{proposal.removal.removal_id}")
    settle(qapp)
    assert page.has("retention-said")
    page.click(f"retention-withdraw-{proposal.removal.removal_id}")
    settle(qapp)
    assert retention.look(vault).proposals == ()
