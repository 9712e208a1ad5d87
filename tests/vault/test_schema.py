from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import create_engine
from sqlcipher3 import dbapi2

from intake_app.vault import VaultDamaged, VaultNewer, migrations, schema


def shape(connection: Any) -> dict[str, Any]:
    """Return what a database is made of, without the spelling of its CREATE statements."""
    tables = {}
    for row in connection.execute("PRAGMA table_list").fetchall():
        name, kind, without_rowid, strict = row[1], row[2], row[4], row[5]
        if name.startswith("sqlite_"):
            continue
        indexes = sorted(
            (index[1], index[2], index[3], index[4], _rows(connection, "index_xinfo", index[1]))
            for index in connection.execute(f"PRAGMA index_list({name})")
        )
        tables[name] = {
            "kind": (kind, without_rowid, strict),
            "columns": _rows(connection, "table_xinfo", name),
            "references": sorted(_rows(connection, "foreign_key_list", name)),
            "deferred": _sql(connection, name).count("deferrable initially deferred"),
            "checks": re.findall(r"check ?\(.*?\)", _sql(connection, name)),
            "indexes": indexes,
        }
    triggers = dict(
        connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    )
    return {"tables": tables, "triggers": {k: _plain(v) for k, v in triggers.items()}}


def _rows(connection: Any, pragma: str, name: str) -> list[Any]:
    return [tuple(row) for row in connection.execute(f"PRAGMA {pragma}({name})").fetchall()]


def _sql(connection: Any, name: str) -> str:
    query = "SELECT sql FROM sqlite_schema WHERE name = ?"
    return _plain(connection.execute(query, (name,)).fetchone()[0])


def _plain(sql: str) -> str:
    return re.sub(r"\s*([(),;])\s*", r"\1", re.sub(r"\s+", " ", sql)).lower()


@pytest.fixture
def migrated() -> Iterator[Any]:
    connection = dbapi2.connect(":memory:", isolation_level=None)
    migrations.migrate(connection, 0)
    yield connection
    connection.close()


def test_the_schema_and_the_migrations_say_the_same(migrated: Any):
    engine = create_engine("sqlite://", module=dbapi2)
    with engine.connect() as connection:
        schema.metadata.create_all(connection)
        declared = shape(connection.connection.driver_connection)
    engine.dispose()
    built = shape(migrated)
    assert built["tables"].keys() == declared["tables"].keys()
    for name, table in declared["tables"].items():
        assert built["tables"][name] == table, name
    assert built["triggers"] == declared["triggers"]


def test_every_table_is_strict(migrated: Any):
    for name, table in shape(migrated)["tables"].items():
        assert table["kind"][2] == 1 or name.startswith("search_index"), name


def test_every_table_with_an_author_keeps_its_history(migrated: Any):
    found = shape(migrated)
    for name, table in found["tables"].items():
        columns = {column[1] for column in table["columns"]}
        if {"changed_at", "changed_by"} <= columns and not name.endswith("_history"):
            assert f"{name}_kept" in found["triggers"]
            kept = {column[1] for column in found["tables"][f"{name}_history"]["columns"]}
            assert kept == columns | {"history_id", "replaced_at", "replaced_by"}


def test_the_version_is_in_the_file(migrated: Any):
    assert migrations.version_of(migrated) == migrations.LATEST == schema.VERSION
    assert migrations.APPLICATION_ID == schema.APPLICATION_ID


def test_a_newer_file_is_refused(migrated: Any):
    migrated.execute(f"PRAGMA user_version = {migrations.LATEST + 1}")
    with pytest.raises(VaultNewer):
        migrations.version_of(migrated)


def test_another_programs_file_is_refused(migrated: Any):
    migrated.execute("PRAGMA application_id = 1")
    with pytest.raises(VaultDamaged):
        migrations.version_of(migrated)


def test_a_failing_migration_changes_nothing(migrated: Any, monkeypatch: pytest.MonkeyPatch):
    before = shape(migrated)
    steps = (*migrations.STEPS, ("CREATE TABLE nieuw (a) ", "CREATE TABLE nieuw (a)"))
    monkeypatch.setattr(migrations, "STEPS", steps)
    monkeypatch.setattr(migrations, "LATEST", len(steps))
    with pytest.raises(dbapi2.OperationalError):
        migrations.migrate(migrated, len(steps) - 1)
    assert shape(migrated) == before
    assert migrated.execute("PRAGMA user_version").fetchone() == (len(steps) - 1,)


def test_the_log_can_only_grow(migrated: Any):
    migrated.execute("INSERT INTO audit VALUES (1, 'ts', 'body', x'00', x'00')")
    for statement in ("UPDATE audit SET body = ''", "DELETE FROM audit"):
        with pytest.raises(dbapi2.IntegrityError, match="append-only"):
            migrated.execute(statement)
