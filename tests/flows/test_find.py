from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from support.people import add_people
from support.vaults import actor_of, prepared_vault

from intake_app.domain.event import CaseEvent, EventKind
from intake_app.flows import find
from intake_app.flows.find import Among, Only
from intake_app.flows.practice_people import Stage
from intake_app.vault import Vault


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    folder: Path = tmp_path_factory.mktemp("zoeken")
    opened = prepared_vault(folder / "kluis")
    add_people(opened)
    yield opened
    opened.close()


def names(vault: Vault, sought: str = "", among: Among = find.EVERYBODY) -> set[str]:
    return {f.row.person.display_name for f in find.people(vault, sought, among=among)}


def test_everybody_stands_by_family_name(vault: Vault):
    rows = find.people(vault)
    sorted_names = [found.row.person.family_name for found in rows]
    assert len(rows) == 12
    assert sorted_names == sorted(sorted_names, key=str.casefold)
    assert {found.nearness for found in rows} == {None}


def test_a_list_is_narrowed_and_searched_at_once(vault: Vault):
    uncoupled = Among(Only.ZONDER_KOPPELING)
    some = find.people(vault, among=uncoupled)
    assert some
    assert all(found.row.municipality == "" for found in some)
    wanted = some[0].row.person
    assert names(vault, wanted.family_name, uncoupled) >= {wanted.display_name}
    coupled = next(found for found in find.people(vault) if found.row.municipality)
    assert names(vault, coupled.row.person.family_name, uncoupled).isdisjoint(
        {coupled.row.person.display_name}
    )


def test_by_municipality(vault: Vault):
    places = find.municipalities(vault)
    assert [name for _, name in places] == sorted(name for _, name in places)
    for code, name in places:
        rows = find.people(vault, among=Among(municipality=code))
        assert {found.row.municipality for found in rows} == {name}


def test_by_conversation_and_handover(vault: Vault, tmp_path: Path):
    fresh = prepared_vault(tmp_path / "kluis")
    people = add_people(fresh)
    running = {p.display_name for p in people[Stage.INTAKE_OPEN]}
    assert names(fresh, among=Among(Only.GESPREK_LOOPT)) == running
    away = {p.display_name for s in (Stage.OFFERED, Stage.ACCEPTED) for p in people.get(s, [])}
    assert names(fresh, among=Among(Only.OVERGEDRAGEN)) == away
    fresh.close()


def test_by_who_did_not_come(tmp_path: Path):
    fresh = prepared_vault(tmp_path / "kluis")
    people = add_people(fresh)
    absent, busy = people[Stage.INTAKE_OPEN][0], people[Stage.ACCEPTED][0]
    with fresh.transaction(actor_of(fresh), "assessment") as t:
        for person, why in ((absent, "niet_verschenen"), (busy, "opleiding_of_werk")):
            kind, on = EventKind.NIET_IN_AANMERKING, date(2026, 3, 1)
            t.events.add(
                CaseEvent(
                    fresh.env.uuid(), person.person_id, kind, on, fresh.env.now(), "team", why
                )
            )
    assert names(fresh, among=Among(Only.NIET_VERSCHENEN)) == {absent.display_name}
    fresh.close()


def test_a_search_and_a_look_at_the_whole_list_are_logged(vault: Vault):
    everybody = len(find.people(vault))
    with vault.read() as r:
        before = r.audit.head()[0]
        (entry,) = r.audit.entries(1)
    assert "mensen bekijken" in entry.body
    assert f'"count":{everybody}' in entry.body
    shown = len(find.people(vault, "a"))
    with vault.read() as r:
        (entry,) = r.audit.entries(1)
    assert entry.seq == before + 1
    assert "mensen zoeken" in entry.body
    assert f'"count":{shown}' in entry.body
