"""The practice vaults: twelve fictional people, each where the story says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from support.desks import Team

from intake_app import app
from intake_app.domain.environment import real_environment
from intake_app.domain.handover import InboxState
from intake_app.flows import case, practice
from intake_app.flows.case import NextStepKind
from intake_app.flows.practice_people import PEOPLE, Stage
from intake_app.flows.unlock import unlock
from intake_app.formio.texts import CatalogueTexts

NEXT = {
    Stage.REGISTERED: {NextStepKind.KOPPELEN},
    Stage.COUPLED: {NextStepKind.INTAKE_BEGINNEN},
    Stage.INTAKE_OPEN: {NextStepKind.INTAKE_VERDER},
    Stage.INTAKE_DONE: {NextStepKind.PLAN_MAKEN},
    Stage.ASSESSED: {NextStepKind.PLAN_MAKEN},
    Stage.PLAN_DRAFT: {NextStepKind.PLAN_BESPREKEN},
    Stage.PLAN_DONE: {NextStepKind.OVERDRAGEN},
    Stage.OFFERED: {NextStepKind.WACHTEN},
    Stage.ACCEPTED: {NextStepKind.KLAAR},
    Stage.REFUSED: {NextStepKind.GEWEIGERD},
}


@pytest.mark.slow
def test_practice_holds_twelve_people_at_their_stages(
    make_team: Callable[..., Team], tmp_path: Path
) -> None:
    told: list[str] = []
    places = practice.make(
        tmp_path / "oefenen",
        real_environment(),
        app.library(),
        CatalogueTexts(app.catalogues()),
        told.append,
    )
    assert len(told) == 1 + len(PEOPLE)
    team = make_team("oefenen/azc")
    team.start()
    team.unlock().unlock(practice.PASSPHRASE)
    team.until(lambda: team.program.desk is not None)
    team.forward()
    page = team.today()
    page.assert_on_page()
    team.shows("practice-tag")
    assert team.vault.info.practice
    rows = {row.person.v_number: row for row in case.people(team.vault)}
    assert len(rows) == len(PEOPLE) == 12
    wrong = {
        each.draft.given_names: rows[each.draft.v_number].next_step.kind
        for each in PEOPLE
        if rows[each.draft.v_number].next_step.kind not in NEXT[each.stage]
    }
    assert wrong == {}
    team.close()

    receiver = unlock(places.municipality, practice.PASSPHRASE, real_environment())
    try:
        accepted = [each for each in PEOPLE if each.stage is Stage.ACCEPTED]
        refused = [each for each in PEOPLE if each.stage is Stage.REFUSED]
        assert {row.person.v_number for row in case.people(receiver)} == {
            each.draft.v_number for each in accepted
        }
        with receiver.read() as records:
            states = [item.state for item in records.inbox.all()]
        assert states.count(InboxState.GEACCEPTEERD) == len(accepted)
        assert states.count(InboxState.GEWEIGERD) == len(refused)
    finally:
        receiver.close()

    again: list[str] = []
    practice.make(places.folder, real_environment(), app.library(), None, again.append)
    assert again == [], "what is there is kept"
