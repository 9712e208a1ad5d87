from __future__ import annotations

import ast
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlcipher3 import dbapi2

from intake_app.vault import VaultDamaged
from intake_app.vault.engine import connect, make_engine

KEY = bytes(range(32))


def made(path: Path) -> Path:
    connection = connect(path, KEY, cache_kib=2048, read_only=False)
    connection.execute("CREATE TABLE t (a TEXT) STRICT")
    connection.execute("INSERT INTO t VALUES ('KANARIE')")
    connection.close()
    return path


@given(st.integers(0, 100).filter(lambda size: size != 32))
def test_only_a_raw_key_of_32_bytes(size: int):
    with pytest.raises(ValueError, match="32 bytes"):
        connect(Path("/nergens"), bytes(size), cache_kib=2048, read_only=False)


def test_another_key_is_refused(tmp_path: Path):
    path = made(tmp_path / "a.db")
    with pytest.raises(VaultDamaged):
        connect(path, bytes(32), cache_kib=2048, read_only=False)


def test_a_plain_sqlite_cannot_read_it(tmp_path: Path):
    path = made(tmp_path / "a.db")
    assert b"KANARIE" not in path.read_bytes()
    plain = sqlite3.connect(path)
    with pytest.raises(sqlite3.DatabaseError):
        plain.execute("SELECT * FROM t")
    plain.close()


def test_a_driver_that_cannot_encrypt_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(dbapi2, "connect", sqlite3.connect)
    path = tmp_path / "a.db"
    with pytest.raises(RuntimeError, match="cannot encrypt"):
        connect(path, KEY, cache_kib=2048, read_only=False)
    assert not path.exists() or path.stat().st_size == 0


@pytest.mark.parametrize("read_only", [True, False])
def test_every_connection_is_safe(tmp_path: Path, read_only: bool):
    """In a process of its own: what the driver locks once in memory it locks ever after."""
    expected = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "temp_store": 2,
        "secure_delete": 1,
        "trusted_schema": 0,
        "cell_size_check": 1,
        "busy_timeout": 10000,
        "recursive_triggers": 1,
        "cache_size": -2048,
        "query_only": int(read_only),
        "cipher_memory_security": "1",
        "cipher_page_size": "4096",
    }
    code = (
        "import sys; from pathlib import Path; from intake_app.vault.engine import connect\n"
        "more = {'cache_kib': 2048, 'read_only': sys.argv[2] == 'True'}\n"
        "connection = connect(Path(sys.argv[1]), bytes(range(32)), **more)\n"
        "asked = (connection.execute(f'PRAGMA {name}').fetchone() for name in sys.argv[3:])\n"
        "print([each[0] for each in asked])\n"
    )
    told = [str(made(tmp_path / "a.db")), str(read_only), *expected]
    done = subprocess.run(
        [sys.executable, "-c", code, *told], capture_output=True, text=True, check=True
    )
    assert dict(zip(expected, ast.literal_eval(done.stdout), strict=True)) == expected


def test_readers_cannot_write_and_nothing_shows_the_key(tmp_path: Path):
    path = made(tmp_path / "a.db")
    engine = make_engine(path, KEY, read_only=True, cache_kib=2048, connections=1)
    assert KEY.hex() not in repr(engine) + str(engine.url)
    with engine.connect() as connection, pytest.raises(Exception, match="readonly") as refused:
        connection.exec_driver_sql("INSERT INTO t VALUES (?)", ("GEHEIM",))
    engine.dispose()
    assert "GEHEIM" not in str(refused.value)


def test_writers_lock_at_once(tmp_path: Path):
    path = made(tmp_path / "a.db")
    first = make_engine(path, KEY, read_only=False, cache_kib=2048, connections=1)
    second = connect(path, KEY, cache_kib=2048, read_only=False)
    second.execute("PRAGMA busy_timeout=0")
    with first.begin(), pytest.raises(dbapi2.OperationalError, match="locked"):
        second.execute("BEGIN IMMEDIATE")
    second.close()
    first.dispose()
