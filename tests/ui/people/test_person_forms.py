"""From a person's page every form of this vault can be begun."""

from __future__ import annotations

from pathlib import Path

import pytest
from pages.person import PersonPageObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from support.people import add_people
from support.qt import make_context, make_theme, settle
from support.vaults import prepared_vault

from intake_app.domain.actor import Profile
from intake_app.flows.forms_offered import offered
from intake_app.flows.practice_people import Stage
from intake_app.ui.a11y import check
from intake_app.ui.people import PersonPage


@pytest.fixture(params=[Profile.AZC, Profile.ONTVANGST])
def profile(request: pytest.FixtureRequest) -> Profile:
    return Profile(request.param)


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_the_forms_are_listed_with_purpose_and_time(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, profile: Profile, scale: float
) -> None:
    vault = prepared_vault(tmp_path / "kluis", profile=profile)
    try:
        context = make_context(vault, make_theme(qapp, scale=scale))
        people = add_people(vault)
        coupled, running = people[Stage.COUPLED][0], people[Stage.INTAKE_OPEN][0]
        for person, verb in ((coupled, "Beginnen"), (running, "Verder")):
            page = PersonPage(context, person.person_id)
            qtbot.addWidget(page)
            page.resize(1280, 800)
            page.show()
            settle(qapp)
            shown = PersonPageObject(qtbot, page)
            assert not shown.has("person-form-intake")
            shown.click("person-forms")
            settle(qapp)
            assert [
                o.form_id for o in offered(profile) if not shown.has(f"person-form-{o.form_id}")
            ] == []
            assert shown.find("person-form-intake").text() == verb
            assert "minuten" in shown.text("person-form-list")
            assert check(page) == ()
            page.refresh()
            settle(qapp)
            assert shown.has("person-form-intake"), "a change elsewhere must not close the list"
        context.navigate.calls.clear()
        first = offered(profile)[0].form_id
        shown.click(f"person-form-{first}")
        assert context.navigate.calls == [("start_interview", running.person_id, first)]
    finally:
        vault.close()
