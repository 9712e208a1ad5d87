"""The first start of a vault whose organisation has one already."""

from __future__ import annotations

from pathlib import Path

import pytest
from pages.settings import JoiningPageObject
from pages.start import FirstStartPage
from support.desks import Team
from support.qt import make_theme, settle

from intake_app.domain.actor import Profile
from intake_app.flows import join
from intake_app.i18n.catalogues import UiTexts
from intake_app.ui.a11y import check
from intake_app.ui.start.first import FirstStart, SetUpAnswers

GOOD = "vijver stapel koffie lantaarn mosterd"


class Starts:
    def __init__(self, qtbot, qapp, scale: float = 1.0) -> None:
        self.made: list[SetUpAnswers] = []
        self.window = FirstStart(
            make_theme(qapp, scale=scale),
            UiTexts("nl", None),
            create=self.made.append,
            generate=lambda: GOOD,
            folder=Path("/kluis"),
        )
        qtbot.addWidget(self.window)
        self.window.show()
        self.page = FirstStartPage(qtbot, self.window)

    def to_the_name(self, profile: str = "ontvangst") -> None:
        self.page.begin()
        self.page.choose("start-profile", profile)
        self.page.next()

    def tick(self, qtbot, *, on: bool) -> None:
        self.page.click("start-joins")
        qtbot.waitUntil(lambda: self.window.answers.joins is on)


@pytest.fixture
def start(qtbot, qapp) -> Starts:
    return Starts(qtbot, qapp)


def test_no_municipalities_are_asked_and_the_summary_tells(start, qtbot, qapp):
    start.to_the_name()
    assert start.page.has("start-municipality-0355")
    start.tick(qtbot, on=True)
    settle(qapp)
    assert not start.page.has("start-municipality-0355")
    start.page.next()
    assert "naam voor deze kluis" in start.page.problem("start-organisation")
    start.page.type("start-organisation", "x" * 61)
    start.page.next()
    assert "60 tekens" in start.page.problem("start-organisation")
    start.page.type("start-organisation", "Laptop Samira")
    start.page.next()
    start.page.type("start-user-name", "Samira")
    start.page.next()
    start.page.type("start-passphrase-text", GOOD)
    start.page.type("start-repeat-text", GOOD)
    start.page.next()
    assert start.page.has("start-summary-joins")
    start.page.next()
    qtbot.waitUntil(lambda: bool(start.made))
    (made,) = start.made
    assert (made.joins, made.organisation_name) == (True, "Laptop Samira")


def test_changing_ones_mind_keeps_what_was_typed(start, qtbot, qapp):
    start.to_the_name()
    start.page.type("start-organisation", "Gemeente Proef")
    start.tick(qtbot, on=True)
    settle(qapp)
    start.tick(qtbot, on=False)
    settle(qapp)
    assert start.page.text("start-organisation") == "Gemeente Proef"
    assert start.page.has("start-municipality-0355")


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_everybody_can_use_it(qtbot, qapp, scale):
    start = Starts(qtbot, qapp, scale)
    start.window.answers = SetUpAnswers(Profile.ONTVANGST, "Laptop", user_name="S", joins=True)
    for step in (2, 5):
        start.window.go_to(step)
        settle(qapp)
        assert [str(finding) for finding in check(start.window)] == []


@pytest.fixture
def team(qtbot, qapp, tmp_path):
    made = Team(qtbot, tmp_path / "kluis", make_theme(qapp))
    yield made
    made.close()


def test_after_making_it_the_request_is_what_shows(team, qtbot) -> None:
    team.start()
    first = team.first()
    first.begin()
    first.choose("start-profile", "ontvangst")
    first.next()
    first.click("start-joins")
    qtbot.waitUntil(lambda: not first.has("start-municipality-0355"))
    first.type("start-organisation", "Laptop Samira")
    first.next()
    first.type("start-user-name", "Samira")
    first.next()
    first.type("start-passphrase-text", GOOD)
    first.type("start-repeat-text", GOOD)
    first.next()
    first.finish()
    team.until(lambda: team.program.desk is not None)
    team.forward()
    page = team.shows("joining-page", JoiningPageObject)
    assert page.text("joining-label") == "Laptop Samira"
    assert join.obstacle(team.vault) is None
    assert team.vault.info.organisation.municipality_codes == ()
