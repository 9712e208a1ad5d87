"""The data are not locked in: another engine, given the key, reads what the program wrote."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from support.vaults import actor_of, first_slot, prepared_vault

from intake_app.crypto.slots import subkey
from intake_app.domain.person import Person
from intake_app.vault import folder as places

apsw = pytest.importorskip("apsw")
if not hasattr(apsw, "mc_version"):
    pytest.skip("this apsw has no SQLite3 Multiple Ciphers", allow_module_level=True)


def opened(path: Path, key: bytes) -> Any:
    connection = apsw.Connection(str(path))
    for pragma in ("cipher='sqlcipher'", "legacy=4", f"key=\"x'{key.hex()}'\""):
        connection.execute(f"PRAGMA {pragma}").fetchall()
    return connection


@pytest.fixture
def database(tmp_path: Path) -> Path:
    vault = prepared_vault(tmp_path / "kluis")
    with vault.transaction(actor_of(vault), "registreren") as t:
        t.persons.save(Person(UUID(int=5), "0000012345", "Alkhatib", given_names="Mohammed"))
        t.persons.save(Person(UUID(int=6), "", "Tesfaye", name_in_own_script="ተስፋይ"))
    with vault.transaction(actor_of(vault), "wijzigen") as t:
        t.persons.save(Person(UUID(int=6), "", "Tesfay", name_in_own_script="ተስፋይ"))
    vault.close()
    return tmp_path / "kluis" / places.DATABASE


def test_sqlite3mc_opens_the_database_with_the_key(database: Path):
    slot, vault_id = first_slot()
    connection = opened(database, subkey(slot.master, vault_id, "sqlcipher"))
    rows = connection.execute("SELECT family_name, name_in_own_script FROM person ORDER BY 1")
    assert rows.fetchall() == [("Alkhatib", ""), ("Tesfay", "ተስፋይ")]
    history = connection.execute("SELECT family_name FROM person_history").fetchall()
    assert history == [("Tesfaye",)]
    found = connection.execute(
        "SELECT e.person_id FROM search_index "
        "JOIN search_entry e ON e.entry_id = search_index.rowid "
        "WHERE search_index MATCH ?",
        ('"nmoh" * AND "chtb"',),
    )
    assert found.fetchall() == [(str(UUID(int=5)),)]
    assert connection.execute("SELECT count(*) FROM audit").fetchall()[0][0] >= 3
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()


def test_and_not_with_another_key(database: Path):
    connection = opened(database, bytes(32))
    with pytest.raises(apsw.NotADBError):
        connection.execute("SELECT count(*) FROM person").fetchall()
    connection.close()
