"""The key of the medical role: who has it, who gives it, when it is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.team_vault import (
    BEHEER,
    BRAM_PHRASE,
    CARLA_PHRASE,
    INTAKE,
    MEDISCH,
    NEW,
    Made,
    key_file,
    reopen,
)
from support.vaults import PASSPHRASE, SMALL_RESERVE, environment

from intake_app.crypto.age import HybridIdentity
from intake_app.crypto.slots import KeyFile, subkey
from intake_app.domain.actor import Actor
from intake_app.vault import (
    Vault,
    recovery,
    users,
)
from intake_app.vault.errors import (
    NoMedicalKey,
    RolesWouldBeLost,
)

# --- the medical key -----------------------------------------------------------------------------


def test_only_the_medical_role_has_the_medical_key(folder: Path):
    seeds = {}
    for phrase in (PASSPHRASE, BRAM_PHRASE, CARLA_PHRASE):
        vault = reopen(folder, phrase)
        seeds[phrase] = vault.role_seed(MEDISCH)
        with vault.read() as records:
            recipient = records.role_keys.recipient(MEDISCH)
        vault.close()
    assert seeds[PASSPHRASE] is None
    assert seeds[BRAM_PHRASE] is None
    assert recipient == HybridIdentity(seeds[CARLA_PHRASE]).recipient.encode()


@pytest.mark.parametrize("phrase", [PASSPHRASE, BRAM_PHRASE])
def test_with_the_database_open_medical_bytes_do_not_decrypt(folder: Path, phrase: str):
    """Every key of the ring, and every key made from the master key, is tried on them."""
    from intake_app.crypto import age
    from intake_app.crypto.key_slots import seal, unseal

    vault = reopen(folder, phrase)
    with vault.read() as records:
        sealed = seal(records.role_keys.recipient(MEDISCH) or "", b"insuline", vault.env.random)
    opened = vault.unlocked()
    master = opened.master
    derived = [
        subkey(master, vault.info.vault_id, purpose)
        for purpose in ("sqlcipher", "backup", "slots-mac", "renewal", "former", "medisch")
    ]
    for key in [master, *opened.keyring.values(), *derived]:
        assert unseal(key, sealed) is None
    identities = [age.parse_identity(text) for text in vault.organisation_keys().age_identities]
    assert all(unseal(each.secret, sealed) is None for each in identities)
    vault.close()
    medical = reopen(folder, CARLA_PHRASE)
    assert unseal(medical.role_seed(MEDISCH) or b"", sealed) == b"insuline"
    medical.close()


def test_only_the_medical_role_gives_the_medical_role(vault: Vault, made: Made):
    before = key_file(vault.folder)
    with pytest.raises(NoMedicalKey, match="zelf de medische rol"):
        users.set_roles(vault, passphrase=PASSPHRASE, user_id=made.bram, roles=(INTAKE, MEDISCH))
    with pytest.raises(NoMedicalKey):
        users.set_roles(
            vault, passphrase=PASSPHRASE, user_id=vault.user.user_id, roles=(BEHEER, MEDISCH)
        )
    with pytest.raises(NoMedicalKey):
        users.add_user(
            vault, passphrase=PASSPHRASE, name="Daan", roles=(MEDISCH,), new_passphrase=NEW
        )
    assert key_file(vault.folder) == before
    assert len(users.access(vault)) == 3


def test_cards_made_without_the_medical_role_get_the_key_later(folder: Path, made: Made):
    vault = reopen(folder, PASSPHRASE)
    cards = recovery.make_cards(vault, passphrase=PASSPHRASE)
    words = [" ".join(card.words) for card in cards]
    recovery.try_cards(vault, words[0], words[1])
    assert not recovery.card_state(vault).complete
    vault.close()
    old, new = key_file(folder).escrows
    assert (old.names, new.names) == ({"medisch"}, {"mk"})
    with pytest.raises(recovery.CardsRefused, match="niet bij deze kluis"):
        recovery.open_with_cards(folder, *made.cards[:2], env=environment(3))
    reopen(folder, CARLA_PHRASE).close()
    (only,) = key_file(folder).escrows
    assert only.names == {"mk", "medisch"}
    vault = reopen(folder, PASSPHRASE)
    assert recovery.card_state(vault).complete
    vault.close()
    again = recovery.recover(
        folder, words[1], words[2], user_id=made.carla, new_passphrase=NEW, env=environment(5)
    )
    assert again.role_seed(MEDISCH) is not None
    again.close()


def test_the_last_medical_key_is_not_lost_by_recovering(folder: Path, made: Made):
    vault = reopen(folder, PASSPHRASE)
    words = [" ".join(card.words) for card in recovery.make_cards(vault, passphrase=PASSPHRASE)]
    recovery.try_cards(vault, words[0], words[1])
    vault.close()
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(RolesWouldBeLost, match="voorgoed weg"):
        recover_carla(folder, made, words)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    # she unlocks once: her key comes on the cards, and recovering keeps everything
    reopen(folder, CARLA_PHRASE).close()
    again = recover_carla(folder, made, words)
    assert again.user.roles == (INTAKE, MEDISCH)
    assert again.role_seed(MEDISCH) is not None
    again.close()


def test_a_loss_that_is_accepted_ends_in_a_new_medical_key(folder: Path, made: Made):
    vault = reopen(folder, PASSPHRASE)
    words = [" ".join(card.words) for card in recovery.make_cards(vault, passphrase=PASSPHRASE)]
    recovery.try_cards(vault, words[0], words[1])
    with vault.read() as records:
        former = records.role_keys.recipient(MEDISCH)
    vault.close()
    again = recover_carla(folder, made, words, lose_roles=True)
    assert (again.user.roles, again.role_seed(MEDISCH)) == ((INTAKE,), None)
    with again.read() as records:
        assert records.role_keys.recipient(MEDISCH) is None
    again.close()
    assert not any("medisch" in each.names for each in key_file(folder).escrows)
    vault = reopen(folder, PASSPHRASE)
    assert {use.kind for use in recovery.unseen_uses(vault)} == {
        "herstelkaarten",
        "medische sleutel kwijt",
    }
    assert recovery.card_state(vault).complete
    users.set_roles(vault, passphrase=PASSPHRASE, user_id=made.carla, roles=(INTAKE, MEDISCH))
    vault.close()
    again = reopen(folder, NEW)
    seed = again.role_seed(MEDISCH)
    assert seed is not None
    with again.read() as records:
        recipient = records.role_keys.recipient(MEDISCH)
    assert recipient == HybridIdentity(seed).recipient.encode() != former
    assert recovery.card_state(again).complete
    again.close()


def test_a_medical_key_that_was_put_there_goes_and_everybody_hears(folder: Path, made: Made):
    vault = reopen(folder, PASSPHRASE)
    foreign = HybridIdentity(b"\7" * 32).recipient.encode()
    with vault.transaction(Actor(vault.user.user_id, vault.user.name), "knoeien") as t:
        right = t.role_keys.recipient(MEDISCH)
        t.role_keys.save(MEDISCH, foreign)
    vault.close()
    reopen(folder, BRAM_PHRASE).close()  # without the role nobody can tell
    carla = reopen(folder, CARLA_PHRASE)
    with carla.read() as records:
        assert records.role_keys.recipient(MEDISCH) == right != foreign
    (use,) = recovery.unseen_uses(carla)
    assert (use.kind, use.user_id) == ("medische sleutel vervangen", made.carla)
    carla.close()
    carla = reopen(folder, CARLA_PHRASE)
    assert len(recovery.unseen_uses(carla)) == 1
    assert recovery.card_state(carla).last_use is None
    carla.close()
    vault = reopen(folder, PASSPHRASE)
    assert [use.kind for use in recovery.unseen_uses(vault)] == ["medische sleutel vervangen"]
    vault.close()


def test_a_loss_that_stops_halfway_is_none(
    folder: Path, made: Made, monkeypatch: pytest.MonkeyPatch
):
    vault = reopen(folder, PASSPHRASE)
    words = [" ".join(card.words) for card in recovery.make_cards(vault, passphrase=PASSPHRASE)]
    vault.close()
    with monkeypatch.context() as patched:
        patched.setattr("intake_app.vault.recovery._without", stopped)
        with pytest.raises(KeyboardInterrupt):
            recover_carla(folder, made, words, lose_roles=True)
    carla = reopen(folder, CARLA_PHRASE)
    seed = carla.role_seed(MEDISCH)
    assert seed is not None
    with carla.read() as records:
        assert records.role_keys.recipient(MEDISCH) == HybridIdentity(seed).recipient.encode()
    carla.close()


def stopped(*_: object) -> KeyFile:
    raise KeyboardInterrupt


def recover_carla(folder: Path, made: Made, words: list[str], *, lose_roles: bool = False) -> Vault:
    return recovery.recover(
        folder,
        *words[:2],
        user_id=made.carla,
        new_passphrase=NEW,
        env=environment(5),
        reserve_bytes=SMALL_RESERVE,
        lose_roles=lose_roles,
    )
