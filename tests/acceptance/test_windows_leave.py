"""Going away in the middle of something that cannot be stored: it is told before it is gone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from support.desks import Team
from support.interviews import MarkedTexts, OneForm, add_person
from support.made_forms import Ask, made_form
from support.vaults import PASSPHRASE, actor_of, make_vault

from intake_app.domain.interview import Interpretation
from intake_app.flows.interview import InterviewFlow
from intake_app.ui.interview.host import InterviewHost
from intake_app.xforms import NodeKey

AGE = NodeKey("/data/gesprek/leeftijd")


@pytest.mark.parametrize("by", ["key", "rail-today", "sync"])
def test_what_does_not_fit_keeps_somebody_once(
    make_team: Callable[..., Team], tmp_path: Path, by: str
) -> None:
    vault = make_vault(tmp_path / "kluis")
    flow = InterviewFlow.start(
        vault,
        OneForm(made_form([Ask("leeftijd", "int"), Ask("rest", "text")])),
        MarkedTexts(),
        add_person(vault).person_id,
        "gemaakt",
        "ar",
        Interpretation(),
        actor_of(vault),
    )
    interview_id = flow.interview.interview_id
    vault.close()
    team = make_team("kluis")
    team.start()
    team.unlock().unlock(PASSPHRASE)
    team.until(lambda: team.program.desk is not None)
    team.forward()
    desk = team.program.desk
    assert desk is not None
    desk.open_interview(interview_id)
    page = team.interview().page
    page.bridge.go_to(AGE)
    field = page.card.blocks[AGE].widget.findChild(QLineEdit)
    assert field is not None
    field.setFocus()
    team.qtbot.keyClicks(field, "zeven")

    def leave() -> None:
        if by == "key":
            team.qtbot.keyClick(desk.shell, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
        elif by == "sync":
            desk.shell.sync_requested.emit()
        else:
            desk.shell.place_chosen.emit("today")

    leave()
    assert isinstance(desk.shell.page, InterviewHost)
    assert field.text() == "zeven"
    assert "geen heel getal" in page.card.blocks[AGE].problem_text()
    assert field.hasFocus()
    leave()
    assert not isinstance(desk.shell.page, InterviewHost)
