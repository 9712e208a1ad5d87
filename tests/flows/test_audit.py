from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from support.people import add_people
from support.vaults import (
    PASSPHRASE,
    START,
    actor_of,
    environment,
    make_vault,
    prepared_vault,
)

from intake_app.domain.actor import UserRole
from intake_app.domain.person import Person
from intake_app.flows import audit, case
from intake_app.flows.unlock import RunningTime, unlock
from intake_app.vault import Vault, WrongPassphrase
from intake_app.vault.audit_check import FaultKind
from intake_app.vault.model import VaultUser


@pytest.fixture(scope="module")
def desk(tmp_path_factory) -> Iterator[tuple[Vault, list[Person]]]:
    vault = prepared_vault(tmp_path_factory.mktemp("log") / "kluis")
    yield vault, [p for group in add_people(vault).values() for p in group]
    vault.close()


def test_a_line_says_who_did_what_to_whom(desk):
    vault, people = desk
    case.overview(vault, people[0].person_id)
    line = audit.page(vault, limit=1).lines[0]
    assert (line.who, line.what) == (vault.user.name, "Persoon openen")
    assert (line.about, line.about_count) == ((people[0].short_name,), 1)
    assert not line.changed
    assert not line.failed
    with vault.transaction(actor_of(vault), "persoon wijzigen") as tx:
        tx.persons.save(people[1])
        tx.settings.set("n", "1")
    line = audit.page(vault, limit=2).lines[0]
    assert line.changed
    assert people[1].short_name in line.about


def test_a_search_says_how_many_names(desk):
    vault, _ = desk
    case.people(vault, "a")
    line = audit.page(vault, limit=1).lines[0]
    assert line.what == "Mensen zoeken"
    assert line.detail.endswith("namen in een lijst")


def test_the_pages_follow_each_other(desk):
    vault, _ = desk
    first = audit.page(vault, limit=5)
    assert first.older_below is not None
    second = audit.page(vault, limit=5, below=first.older_below)
    assert first.lines[-1].seq - 1 == second.lines[0].seq
    last = audit.page(vault, limit=10_000)
    assert last.older_below is None
    assert last.lines[-1].seq == 1


def test_only_of_one_person_and_by_one_user(desk):
    vault, people = desk
    somebody = people[2]
    case.overview(vault, somebody.person_id)
    lines = audit.page(vault, person_id=somebody.person_id, limit=1000).lines
    assert lines
    assert all(somebody.short_name in line.about for line in lines)
    assert audit.page(vault, user_id=UUID(int=404)).lines == ()
    mine = audit.page(vault, user_id=vault.user.user_id, limit=3)
    assert len(mine.lines) == 3
    assert [u.name for u in audit.users(vault)] == [vault.user.name]


def test_who_may_not_see_persons_is_told_no_name(desk, monkeypatch: pytest.MonkeyPatch):
    vault, people = desk
    case.overview(vault, people[0].person_id)
    manager = VaultUser(vault.user.user_id, vault.user.name, (UserRole.BEHEER,))
    monkeypatch.setattr(vault, "user", manager)
    line = audit.page(vault, limit=1).lines[0]
    assert (line.about, line.about_count) == ((), 1)
    with pytest.raises(PermissionError):
        audit.page(vault, person_id=people[0].person_id)


def test_checking_is_in_the_log_and_says_what_it_found(tmp_path: Path):
    vault = prepared_vault(tmp_path / "kluis")
    assert audit.check(vault).fault is None
    line = audit.page(vault, limit=1).lines[0]
    assert (line.what, line.failed) == ("Logboek controleren", False)
    assert audit.seal(vault)
    with vault.read() as r:
        seen = r.audit.head()
    fault = audit.check(vault, [(seen[0] + 100, "00" * 32)]).fault
    assert fault is not None
    assert fault.kind is FaultKind.CUT_OFF
    assert audit.page(vault, limit=1).lines[0].failed
    vault.close()


def test_failed_tries_and_the_pause_are_in_the_log_at_the_next_unlocking(tmp_path: Path):
    folder = tmp_path / "kluis"
    make_vault(folder).close()
    clock = [1000.0]
    running = RunningTime("boot", lambda: clock[0])
    for _ in range(3):
        with pytest.raises(WrongPassphrase):
            unlock(folder, "een heel andere zin", environment(), running)
    clock[0] += 1000
    vault = unlock(folder, PASSPHRASE, environment(5, START + timedelta(days=2)), running)
    lines = audit.page(vault, limit=3).lines
    assert [(line.what, line.detail, line.failed) for line in lines] == [
        ("Kluis openen", "", False),
        ("Wachttijd na mislukt ontgrendelen", "2 seconden", True),
        ("Mislukt ontgrendelen", "3 keer", True),
    ]
    assert {line.who for line in lines} == {vault.user.name}
    with vault.read() as r:
        assert r.audit.newest_seal_at().date() == (START + timedelta(days=2)).date()
        r.audit.verify()
    vault.close()


def test_an_entry_that_cannot_be_read_is_shown_as_one(tmp_path: Path):
    vault = prepared_vault(tmp_path / "kluis")
    assert vault._opened is not None
    with vault._opened.writer.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_no_update")
        connection.exec_driver_sql("UPDATE audit SET body = '{}' WHERE seq = 1")
    lines = audit.page(vault).lines
    assert (lines[-1].what, lines[-1].who, lines[-1].failed) == ("Onleesbare regel", "", True)
    vault.close()
