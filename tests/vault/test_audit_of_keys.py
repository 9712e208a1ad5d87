"""What is done to the vault itself is in its log: keys, users, cards, back-ups."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from support.vaults import PASSPHRASE, make_vault

from intake_app.domain.actor import UserRole
from intake_app.flows import back_up
from intake_app.vault import Vault, recovery, users

NEW = "kruimel ladder oceaan pannenkoek fluit"
COLLEAGUE = "trommel gieter wolk appeltaart draad"


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    made = make_vault(tmp_path_factory.mktemp("sleutels") / "kluis")
    yield made
    made.close()


def since(vault: Vault, seq: int) -> list[dict[str, Any]]:
    with vault.read() as records:
        return [json.loads(e.body) for e in records.audit.entries(50) if e.seq > seq]


def head(vault: Vault) -> int:
    with vault.read() as records:
        return records.audit.head()[0]


def is_security(entry: dict[str, Any]) -> bool:
    return (entry["EventID"], entry.get("EventTypeCode")) == ("110113", "110137")


def test_what_is_done_with_keys_and_users(vault: Vault):
    before = head(vault)
    users.change_passphrase(vault, old=PASSPHRASE, new=NEW)
    assert any(is_security(e) for e in since(vault, before))

    before = head(vault)
    colleague = users.add_user(
        vault, passphrase=NEW, name="Sam", roles=(UserRole.INTAKE,), new_passphrase=COLLEAGUE
    )
    added = [e for e in since(vault, before) if is_security(e)]
    told = {p.get("ParticipantObjectID") for e in added for p in e["participants"]}
    assert str(colleague.user_id) in told

    before = head(vault)
    users.remove_user(vault, passphrase=NEW, user_id=colleague.user_id)
    assert any(is_security(e) for e in since(vault, before))

    before = head(vault)
    first, second, _ = recovery.make_cards(vault, passphrase=NEW)
    recovery.try_cards(vault, " ".join(first.words), " ".join(second.words))
    purposes = {e["users"][0]["purposeOfUse"] for e in since(vault, before)}
    assert purposes >= {"herstelkaarten maken", "herstelkaarten uitproberen"}
    with vault.read() as records:
        records.audit.verify()


def test_no_passphrase_and_no_word_of_a_card_is_in_the_log(vault: Vault):
    with vault.read() as records:
        said = " ".join(entry.body for entry in records.audit.entries(1000))
    for secret in (PASSPHRASE, NEW, COLLEAGUE, "Sam", *NEW.split(), *COLLEAGUE.split()):
        assert secret not in said


def test_a_back_up_is_told_sealed_and_an_anchor(vault: Vault, tmp_path_factory):
    folder = tmp_path_factory.mktemp("back-up")
    before = head(vault)
    back_up.back_up(vault, folder)
    assert "back-up maken" in {e["users"][0]["purposeOfUse"] for e in since(vault, before)}
    with vault.read() as records:
        report = records.audit.check()
    assert report.fault is None
    assert report.sealed_until > before
