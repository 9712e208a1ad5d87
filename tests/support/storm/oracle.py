"""What must be true of a vault after whatever happened to it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.vaults import PASSPHRASE, SMALL_RESERVE, environment

from intake_app.vault import Vault

Tell = Callable[[bytes], None]


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that was said to be durable: the whole content of a vault at that moment."""

    state: str
    """Digest of every row of every table but the audit log, which reading adds to."""
    audit: tuple[int, str]
    what: str = ""

    def packed(self) -> bytes:
        return json.dumps([self.state, self.audit, self.what]).encode()


def told(packed: bytes) -> Told:
    """Return what was said."""
    state, (seq, head), what = json.loads(packed)
    return Told(state, (seq, head), what)


def now_in(vault: Vault, what: str = "") -> Told:
    """Return what an open vault holds now."""
    with vault.read() as records:
        head = records.audit.head()
    return Told(state_of(vault), head, what)


def tell_every_commit(vault: Vault, tell: Tell) -> None:
    """Say what the vault holds now, and again after each commit it tells its listeners of."""
    last = [now_in(vault)]
    tell(last[0].packed())

    def heard(_event: object) -> None:
        after = now_in(vault)
        if after != last[0]:
            last[0] = after
            tell(after.packed())

    vault.subscribe(heard)


def state_of(vault: Vault) -> str:
    """Return a digest of every row of every table but the audit log."""
    digest = hashlib.sha256()
    opened = vault._opened
    assert opened is not None
    with opened.readers.begin() as connection:
        tables = connection.exec_driver_sql(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
            " AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'audit%' ORDER BY name"
        ).scalars()
        for name in tables.all():
            rows = connection.exec_driver_sql(f'SELECT * FROM "{name}"').all()  # noqa: S608
            digest.update(repr((name, sorted(map(repr, rows)))).encode())
    return digest.hexdigest()


def check_told(
    vault: Vault, before: list[Told], coming: Told | None, *, step_unknown: bool = False
) -> None:
    """Raise AssertionError unless the vault holds all that was said, or that and the next step.

    `step_unknown`: what that next step holds is not known; then the log has to say that it is one.
    """
    with vault.read() as records:
        records.audit.verify(before[-1].audit)
        entries, _ = records.audit.head()
    allowed = [each.state for each in (*before[-1:], coming) if each is not None]
    a_step_later = step_unknown and entries > before[-1].audit[0]
    assert state_of(vault) in allowed or a_step_later, (
        f"another content than after step {len(before)}"
    )


def check_pages(vault: Vault) -> None:
    """Raise AssertionError unless every page and every index of the open vault is whole."""
    opened = vault._opened
    assert opened is not None
    raw = opened.writer.raw_connection()

    def ask(pragma: str) -> list[Any]:
        return list(raw.driver_connection.execute(f"PRAGMA {pragma}").fetchall())  # type: ignore[union-attr]

    try:
        assert ask("wal_checkpoint(TRUNCATE)")[0][0] == 0
        damage = ask("cipher_integrity_check")
        assert damage == [], damage
        damage = ask("integrity_check")
        assert damage == [("ok",)], damage
        damage = ask("foreign_key_check")
        assert damage == [], damage
    finally:
        raw.close()


def opened_again(folder: Path, passphrase: str = PASSPHRASE) -> Vault:
    """Return the vault in a folder, opened as a person does."""
    return Vault.open(
        folder, passphrase=passphrase, env=environment(9), reserve_bytes=SMALL_RESERVE
    )
