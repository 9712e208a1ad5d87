"""The daily check beside the work, and taking out what a damaged vault still gives."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from support.vaults import PASSPHRASE, START, actor_of, environment, prepared_vault

from intake_app.domain.actor import UserRole
from intake_app.flows import rescue, vault_care
from intake_app.flows.rescue import ExportRefused, LastCheck
from intake_app.flows.unlock import unlock
from intake_app.flows.vault_care import Care
from intake_app.vault import Vault, recovery, users
from intake_app.vault import folder as places
from intake_app.vault.rescue import Rescue, Taken, leave_word
from intake_app.vault.restore import with_cards, with_passphrase

THEIRS = "kurk wolken fietspad rommel zeven"
OTHER = "een andere zin voor het bestand"


@pytest.fixture
def vault(tmp_path: Path):
    made = prepared_vault(tmp_path / "kluis", env=environment(3))
    yield made
    made.close()


@pytest.fixture(scope="module")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed vault of two users, of which a page of a table without content is damaged."""
    folder = tmp_path_factory.mktemp("gered") / "kluis"
    vault = prepared_vault(folder)
    users.add_user(
        vault, passphrase=PASSPHRASE, name="Wim", roles=(UserRole.INTAKE,), new_passphrase=THEIRS
    )
    cards = recovery.make_cards(vault, passphrase=PASSPHRASE)
    words = [" ".join(card.words) for card in cards]
    recovery.try_cards(vault, words[0], words[1])
    (folder.parent / "kaarten").write_text("\n".join(words))
    vault.close()
    shutil.copytree(folder, folder.parent / "heel")
    with Rescue(folder, with_passphrase(PASSPHRASE)) as found:
        question = "SELECT rootpage FROM sqlite_schema WHERE name = 'activity'"
        (page,) = found._source.connection.execute(question).fetchone()
    content = bytearray((folder / places.DATABASE).read_bytes())
    content[(page - 1) * 4096 + 100] ^= 1
    (folder / places.DATABASE).write_bytes(content)
    return folder


def test_nothing_to_rescue_from_a_whole_vault(damaged, tmp_path):
    out = tmp_path / "redding.age"
    with (
        Rescue(damaged.parent / "heel", with_passphrase(PASSPHRASE)) as found,
        pytest.raises(ExportRefused, match="Open de kluis zoals altijd"),
    ):
        rescue.export(found, out, environment(4), passphrase=OTHER)
    assert not out.exists()


def test_a_rescue_needs_a_manager_or_two_cards(damaged, tmp_path):
    folder = shutil.copytree(damaged, tmp_path / "kluis")
    out = tmp_path / "redding.age"
    with (
        Rescue(folder, with_passphrase(THEIRS)) as found,
        pytest.raises(ExportRefused, match="rol beheer"),
    ):
        rescue.export(found, out, environment(4), passphrase=OTHER)
    assert not out.exists()
    first, second, _ = (damaged.parent / "kaarten").read_text().splitlines()
    with Rescue(folder, with_cards(first, second)) as found:
        assert rescue.export(found, out, environment(4), passphrase=OTHER) > 10
    assert out.exists()


@pytest.mark.parametrize("how", ["passphrase", pytest.param("cards", marks=pytest.mark.slow)])
def test_the_next_unlock_tells_every_user_of_a_rescue(damaged, tmp_path, how):
    folder = shutil.copytree(damaged, tmp_path / "kluis")
    first, second, _ = (damaged.parent / "kaarten").read_text().splitlines()
    opener = with_passphrase(PASSPHRASE) if how == "passphrase" else with_cards(first, second)
    with Rescue(folder, opener) as found:
        count = rescue.export(found, tmp_path / "redding.age", environment(4), passphrase=OTHER)
    said = (folder / places.RESCUED).read_text()
    assert "Noor" not in said
    for number, phrase in enumerate((THEIRS, PASSPHRASE)):
        vault = unlock(folder, phrase, environment(20 + number))
        kind = Care.RESCUED if how == "passphrase" else Care.RESCUED_WITH_CARDS
        (told,) = (item for item in vault_care.items(vault) if item.kind is kind)
        if how == "passphrase":
            assert told.name == "Noor de Vries"
        with vault.read() as records:
            bodies = [entry.body for entry in records.audit.entries(50)]
        assert sum(rescue.TAKEN in body for body in bodies) == 1
        assert any(rescue.TAKEN in body and str(count) in body for body in bodies)
        vault_care.seen(vault)
        assert kind not in [item.kind for item in vault_care.items(vault)]
        vault.close()
        assert not (folder / places.RESCUED).exists()


@pytest.mark.parametrize(
    "said", ["", "{}", "[1, {}]", '[{"id": "x", "at": 1, "by": 2}]', "[" * 999]
)
def test_a_word_that_cannot_be_understood_keeps_nobody_out(vault, said):
    (vault.folder / places.RESCUED).write_text(said)
    rescue.tell_taken(vault)
    assert vault_care.items(vault) is not None
    assert not (vault.folder / places.RESCUED).exists()


def test_a_word_that_was_told_before_is_not_told_again(vault):
    taken = Taken(UUID(int=5), START, vault.user.user_id, 3)
    for _ in range(2):
        leave_word(vault.folder, taken)
        rescue.tell_taken(vault)
    assert len(recovery.unseen_uses(vault)) == 1


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
