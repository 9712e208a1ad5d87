from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlcipher3 import dbapi2

from intake_app.domain import finding
from intake_app.domain.actor import Actor
from intake_app.domain.person import Household, HouseholdMember, Person, Relation
from intake_app.vault import Vault, migrations
from intake_app.vault.migrations import m0003_keeping
from intake_app.vault.search import Nearness


@pytest.fixture
def filled(vault: Vault, actor: Actor) -> Vault:
    people = (
        Person(UUID(int=1), "0000012345", "Alkhatib", given_names="Mohammed Rami"),
        Person(UUID(int=2), "0012300821", "Tesfaye", given_names="Gebre Medhin"),
        Person(UUID(int=3), "", "Haddad", given_names="Lina", phone="+31 6 12 34 56 78"),
        Person(UUID(int=4), "", "الخطيب", given_names="محمد"),
        Person(UUID(int=5), "", "Rahimi", given_names="Abdul Qadir", aliases=("Qader Jan",)),
        Person(UUID(int=6), "", "Warsame", given_names="Cabdi", name_in_own_script=""),
        Person(UUID(int=7), "", "Kidane", given_names="Selam", name_in_own_script="ሰላም ኪዳነ"),
    )
    with vault.transaction(actor, "registreren") as t:
        for each in people:
            t.persons.save(each)
    return vault


def found(vault: Vault, text: str) -> dict[int, Nearness]:
    with vault.read() as r:
        return {hit.person_id.int: hit.nearness for hit in r.search.find(text, 50)}


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("alkhatib", 1), ("al-khatib", 1), ("el Khatib", 1), ("Chatib", 1), ("muhamad rami", 1),
        ("rami alk", 1), ("12345", 1), ("0000012345", 1), ("V-nr 12345", 1), ("2345", 1),
        ("0821", 2), ("gebremedhin", 2), ("Ghebre Medhin Tesfay", 2), ("ተስፋይ", 2), ("TESF", 2),
        ("06 12345678", 3), ("0612345678", 3), ("hadad", 3), ("محمد", 4), ("mohamed", 4),
        ("khatib mohammed", 4), ("abdelkader", 5), ("Abdoelkadir", 5), ("qader jan", 5),
        ("abdi", 6), ("selaam", 7), ("ኪዳነ", 7), ("chidane", 7), ("Kidanie Sälam", 7),
    ],
)  # fmt: skip
def test_somebody_is_found_however_the_name_was_heard(filled: Vault, text: str, who: int):
    assert who in found(filled, text)


def test_what_does_not_sound_like_it_is_not_found(filled: Vault):
    assert set(found(filled, "haddad")) == {3}
    assert found(filled, "bestaat niet") == {}
    assert found(filled, "") == {}
    assert found(filled, '" OR words:') == {}


def test_the_nearest_come_first(vault: Vault, actor: Actor):
    names = ("Tesfamariam", "Tesfay", "Tesfaye", "Tasfai", "Tosfe")
    with vault.transaction(actor, "registreren") as t:
        for number, name in enumerate(names):
            t.persons.save(Person(UUID(int=number), "", name))
    assert found(vault, "tesfay") == {
        1: Nearness.WHOLE,
        2: Nearness.BEGINS,
        0: Nearness.SOUNDS,
        3: Nearness.SOUNDS,
        4: Nearness.RESEMBLES,
    }
    assert list(found(vault, "tesfay"))[:2] == [1, 2]
    with vault.read() as r:
        assert len(r.search.find("t", 3)) == 3


def test_what_changes_is_found_at_once_and_the_old_no_longer(filled: Vault, actor: Actor):
    with filled.transaction(actor, "wijzigen") as t:
        person = t.persons.get(UUID(int=3))
        assert person is not None
        t.persons.save(replace(person, family_name="Nasser", phone=""))
        assert [hit.person_id.int for hit in t.search.find("nasser", 5)] == [3]
    assert found(filled, "nasser") == {3: Nearness.WHOLE}
    assert found(filled, "haddad") == {}
    assert found(filled, "0612345678") == {}


def test_what_was_rolled_back_is_not_found(filled: Vault, actor: Actor):
    def write_and_fail() -> None:
        with filled.transaction(actor, "registreren") as t:
            t.persons.save(Person(uuid4(), "", "Verdwenen"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()
    assert found(filled, "verdwenen") == {}


def test_the_household_leads_to_its_members(filled: Vault, actor: Actor):
    members = (
        HouseholdMember("Lina Haddad", Relation.ZELF, person_id=UUID(int=3)),
        HouseholdMember("Yousef Sabbagh", Relation.PARTNER),
    )
    household = Household(uuid4(), members)
    with filled.transaction(actor, "huishouden") as t:
        t.households.save(household)
    assert found(filled, "sabbagh") == {3: Nearness.HOUSEHOLD}
    assert found(filled, "Joesoef Sabbagh") == {3: Nearness.HOUSEHOLD}
    with filled.transaction(actor, "wijzigen") as t:
        person = t.persons.get(UUID(int=3))
        assert person is not None
        t.persons.save(replace(person, call_name="Lien"))
    assert found(filled, "sabbagh") == {3: Nearness.HOUSEHOLD}
    with filled.transaction(actor, "huishouden") as t:
        t.households.save(replace(household, members=members[:1]))
    assert found(filled, "sabbagh") == {}


def test_a_search_is_in_the_log_with_a_number_and_without_its_words(filled: Vault):
    with filled.read("mensen zoeken") as r:
        assert r.search.find("alkhatib", 5)
    with filled.read("mensen zoeken") as r:
        assert not r.search.find("geheimwoord", 5)
    with filled.read() as r:
        nothing, something = r.audit.entries(2)
        assert all("khatib" not in e.body and "geheim" not in e.body for e in (nothing, something))
        assert '"count":0' in nothing.body
        assert '"count":2' in something.body
        r.audit.verify()


def raw_vault() -> Any:
    connection = dbapi2.connect(":memory:", isolation_level=None)
    connection.execute("PRAGMA secure_delete=ON")
    migrations.migrate(connection, 0)
    return connection


def index_bytes(connection: Any) -> bytes:
    rows = connection.execute("SELECT block FROM search_index_data").fetchall()
    return b"".join(row[0] for row in rows)


def put(connection: Any, number: int, word: str) -> None:
    connection.execute(
        "INSERT INTO search_entry (person_id, sort_name, words, household) VALUES (?, '', ?, '')",
        (str(number), f"n{word}"),
    )


@pytest.fixture
def raw() -> Iterator[Any]:
    connection = raw_vault()
    yield connection
    connection.close()


def gone_after_delete(connection: Any) -> bool:
    connection.execute("PRAGMA foreign_keys=OFF")
    for number in range(40):
        put(connection, number, f"naam{number}")
    put(connection, 99, "kanarievogel")
    assert b"anarievogel" in index_bytes(connection)
    connection.execute("DELETE FROM search_entry WHERE person_id = '99'")
    return b"narievogel" not in index_bytes(connection)


def test_a_deleted_word_leaves_the_index(raw: Any):
    assert gone_after_delete(raw)


def test_and_would_stay_without_secure_delete(raw: Any):
    raw.execute("INSERT INTO search_index (search_index, rank) VALUES ('secure-delete', 0)")
    assert not gone_after_delete(raw)


def test_a_deleted_person_is_no_longer_in_the_index(filled: Vault, actor: Actor):
    with filled.transaction(actor, "registreren") as t:
        t.persons.save(Person(UUID(int=77), "0000777777", "Kanarievogel", given_names="Xquj"))
    assert set(found(filled, "kanarievogel")) == {77}
    with filled.transaction(actor, "verwijderen") as t:
        t.persons._scope.connection.exec_driver_sql(
            "DELETE FROM person WHERE v_number = '0000777777'"
        )
    assert found(filled, "kanarievogel") == {}
    with filled.read() as r:
        connection = r.persons._scope.connection
        for table in ("search_index_data", "search_index_idx", "search_entry"):
            rows = connection.exec_driver_sql(f"SELECT * FROM {table}").all()  # noqa: S608
            content = repr(rows).lower()
            assert "narievogel" not in content
            assert "777777" not in content
        (checked,) = connection.exec_driver_sql("PRAGMA integrity_check").one()
        assert checked == "ok"


def entries(records: Any) -> list[tuple[Any, ...]]:
    rows = records.persons._scope.connection.exec_driver_sql(
        "SELECT person_id, sort_name, words, household FROM search_entry ORDER BY person_id"
    )
    return [tuple(row) for row in rows]


def test_the_step_to_version_3_makes_the_same_entries(filled: Vault, actor: Actor):
    members = (
        HouseholdMember("Lina Haddad", Relation.ZELF, person_id=UUID(int=3)),
        HouseholdMember("Yousef Sabbagh", Relation.PARTNER),
    )
    with filled.transaction(actor, "huishouden") as t:
        t.households.save(Household(uuid4(), members))
    with filled.transaction(actor, "opnieuw vullen") as t:
        before = entries(t)
        raw = t.persons._scope.connection.connection.driver_connection
        raw.execute("DELETE FROM search_entry")
        assert entries(t) == []
        m0003_keeping._fill_search(raw)
        assert entries(t) == before
        assert [hit.person_id.int for hit in t.search.find("sabbagh", 5)] == [3]
        raw.execute("INSERT INTO search_index (search_index, rank) VALUES ('integrity-check', 1)")


@given(
    st.lists(
        st.tuples(st.integers(1, 4), st.text("abkhsäç ስምع", min_size=1, max_size=8)), max_size=12
    )
)
@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_index_and_entries_never_part(vault: Vault, actor: Actor, saves: list[tuple[int, str]]):
    with vault.transaction(actor, "vullen") as t:
        for number, name in saves:
            t.persons.save(Person(UUID(int=1000 + number), "", name))
        raw = t.persons._scope.connection.connection.driver_connection
        raw.execute("INSERT INTO search_index (search_index, rank) VALUES ('integrity-check', 1)")
        for number, name in dict(saves).items():
            if name.strip():
                found = {hit.person_id.int for hit in t.search.find(name, 50)}
                assert not finding.asked(name) or 1000 + number in found
