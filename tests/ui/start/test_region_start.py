"""The region starts like everybody else, and lands in its address book."""

from __future__ import annotations

import pytest
from pages.region import RegionPageObject
from support.desks import Team
from support.qt import make_theme

PASSPHRASE = "vijver stapel koffie lantaarn mosterd"


@pytest.fixture
def team(qtbot, qapp, tmp_path):
    made = Team(qtbot, tmp_path / "kluis", make_theme(qapp))
    yield made
    made.close()


def test_the_region_lands_in_its_address_book(team) -> None:
    team.start()
    team.first().answer_all(
        profile="regio",
        organisation="Regio Midden",
        user="Fatima",
        passphrase=PASSPHRASE,
        municipalities=(),
    )
    assert "Regio" in team.first().words()
    team.first().finish()
    team.until(lambda: team.program.desk is not None)
    team.forward()
    page = team.shows("region-page", RegionPageObject)
    assert "Er is nog geen adresboek" in page.text("region-book")
    team.go("settings")
    team.settings()
    team.go("today")
    assert team.shows("region-page", RegionPageObject).has("region-begin")
