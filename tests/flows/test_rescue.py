"""The daily check beside the work, and what Vandaag says of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from support.vaults import START, actor_of, environment, prepared_vault

from intake_app.flows import rescue
from intake_app.flows.rescue import LastCheck
from intake_app.vault import Vault
from intake_app.vault import folder as places


@pytest.fixture
def vault(tmp_path: Path):
    made = prepared_vault(tmp_path / "kluis", env=environment(3))
    yield made
    made.close()


def break_last_page(vault: Vault) -> None:
    with vault.transaction(actor_of(vault), "werk") as tx:
        tx.settings.set("werk", "x")
    rescue.check(vault)
    database = vault.folder / places.DATABASE
    content = bytearray(database.read_bytes())
    content[len(content) // 8192 * 4096 + 50] ^= 1
    database.write_bytes(content)


def test_once_a_day(vault):
    assert rescue.is_due(vault)
    found: list[LastCheck] = []
    thread = rescue.check_in_background(vault, found.append)
    assert thread is not None
    thread.join(60)
    assert [check.damage for check in found] == [()]
    assert rescue.notice(vault) is None
    assert rescue.check_in_background(vault) is None
    last = rescue.last_check(vault)
    assert last == found[0]
    assert last.at - START < timedelta(hours=1)


def test_damage_is_said(vault):
    break_last_page(vault)
    made = rescue.check(vault)
    assert made is not None
    assert made.damage
    assert "back-up" in str(rescue.notice(vault))


def test_a_vault_that_closes_meanwhile_ends_it_quietly(tmp_path):
    vault = prepared_vault(tmp_path / "dicht", env=environment(4))
    thread = rescue.check_in_background(vault)
    vault.close()
    assert thread is not None
    thread.join(60)
    assert not thread.is_alive()
