from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.vaults import actor_of, prepared_vault

from intake_app.vault import AuditBroken, Vault


@pytest.fixture
def logged(tmp_path: Path) -> Iterator[Vault]:
    vault = prepared_vault(tmp_path / "kluis")
    for n in range(5):
        with vault.transaction(actor_of(vault), "instelling") as t:
            t.settings.set("n", str(n))
    yield vault
    vault.close()


def tamper(vault: Vault, *statements: str) -> None:
    """Do as somebody would who holds the key of the database."""
    assert vault._opened is not None
    with vault._opened.writer.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_no_update")
        connection.exec_driver_sql("DROP TRIGGER audit_no_delete")
        for statement in statements:
            connection.exec_driver_sql(statement)


def head(vault: Vault) -> tuple[int, str]:
    with vault.read() as r:
        return r.audit.head()


def verify(vault: Vault, anchor: tuple[int, str] | None = None) -> None:
    with vault.read() as r:
        r.audit.verify(anchor)


def test_a_whole_chain(logged: Vault):
    verify(logged)
    verify(logged, head(logged))
    assert head(logged)[0] == 6


def test_the_hash_is_as_documented(logged: Vault):
    with logged.read() as r:
        newest, before = r.audit.entries(2)
    ts = newest.at.isoformat(timespec="microseconds").encode()
    body = newest.body.encode()
    content = b"doorgaande-lijn/audit/v1\0" + newest.seq.to_bytes(8, "big")
    content += len(ts).to_bytes(2, "big") + ts + len(body).to_bytes(4, "big") + body
    assert newest.hash == hashlib.sha256(content + bytes.fromhex(before.hash)).hexdigest()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET body = replace(body, 'instelling', 'iets anders') WHERE seq = 3",
        "UPDATE audit SET ts = '2020' || substr(ts, 5) WHERE seq = 3",
        "UPDATE audit SET hash = zeroblob(32) WHERE seq = 6",
        "DELETE FROM audit WHERE seq = 3",
        "DELETE FROM audit WHERE seq = 1",
        "UPDATE audit SET seq = seq + 1 WHERE seq = 6",
        "INSERT INTO audit SELECT 7, ts, body, prev, hash FROM audit WHERE seq = 6",
    ],
)
def test_every_edit_is_found(logged: Vault, statement: str):
    tamper(logged, statement)
    with pytest.raises(AuditBroken):
        verify(logged)


def test_a_cut_off_end_is_found_with_a_head_from_outside(logged: Vault):
    seen = head(logged)
    tamper(logged, "DELETE FROM audit WHERE seq > 4")
    verify(logged)
    with pytest.raises(AuditBroken):
        verify(logged, seen)


def test_nothing_written_is_nothing_logged(logged: Vault):
    before = head(logged)
    with logged.transaction(actor_of(logged), "kijken") as t:
        t.settings.get("n")
    with logged.read("kijken") as r:
        r.settings.get("n")
    assert head(logged) == before


def test_an_entry_in_a_new_chain_does_not_fool_an_anchor(logged: Vault):
    """Whoever rebuilds the chain keeps the numbers, but cannot keep the hashes."""
    seen = head(logged)
    with logged.read() as r:
        entries: list[Any] = list(reversed(r.audit.entries(100)))
    before = bytes(32)
    statements = []
    from intake_app.vault.audit import chained
    from intake_app.vault.rows import stamp

    for entry in entries:
        body = entry.body.replace("instelling", "vals")
        after = chained(entry.seq, stamp(entry.at), body, before)
        row = f"body = '{body}', prev = x'{before.hex()}', hash = x'{after.hex()}'"
        statements.append(f"UPDATE audit SET {row} WHERE seq = {entry.seq}")  # noqa: S608
        before = after
    tamper(logged, *statements)
    verify(logged)
    with pytest.raises(AuditBroken):
        verify(logged, seen)
