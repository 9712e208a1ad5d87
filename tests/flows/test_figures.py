from __future__ import annotations

from datetime import date
from pathlib import Path

from support.vaults import prepared_vault

from intake_app.domain.event import CaseEvent, EventKind, Station
from intake_app.flows import register
from intake_app.flows.acting import actor_of
from intake_app.flows.figures import Figure, figures
from intake_app.flows.register import PersonDraft


def test_not_eligible_leaves_the_denominator(tmp_path: Path) -> None:
    vault = prepared_vault(tmp_path / "kluis")
    people = [register.register_person(vault, PersonDraft(family_name=n)) for n in ("A", "B", "C")]
    register.couple(vault, people[0].person_id, "0355", date(2026, 2, 1))
    with vault.transaction(actor_of(vault), "test") as tx:
        for person, kind in (
            (people[0], EventKind.ASSESSMENT_AFGENOMEN),
            (people[1], EventKind.NIET_IN_AANMERKING),
        ):
            now = vault.env.now()
            event = CaseEvent(vault.env.uuid(), person.person_id, kind, now.date(), now)
            tx.events.add(event)
    found = figures(vault)
    by_station = dict(found.stations)
    assert found.people == 3
    assert by_station[Station.GEKOPPELD] == Figure(1, 3)
    assert by_station[Station.NOA] == Figure(1, 2, 1)
    assert (found.waiting, found.accepted, found.refused) == (0, 0, 0)
