"""Joining, leaving, other roles, another passphrase, a second factor."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import pytest
from support.quick_kdf import quick_kdf
from support.vaults import CHEAP, PASSPHRASE, SMALL_RESERVE, environment, make_vault

from intake_app.crypto.age import HybridIdentity
from intake_app.crypto.slots import KdfOutOfBounds, KeyFile, subkey
from intake_app.crypto.slots_calibration import calibrated
from intake_app.crypto.sshsig import SigningKey
from intake_app.domain.actor import Actor, UserRole
from intake_app.vault import (
    NestedTransaction,
    Vault,
    VaultDamaged,
    VaultLocked,
    WrongPassphrase,
    keys,
    recovery,
    rekey,
    users,
)
from intake_app.vault import folder as places
from intake_app.vault.errors import (
    DiskFull,
    KeyFileOlder,
    KeystoreUnusable,
    LastWayIn,
    NoMedicalKey,
    NoRecoveryCards,
    NoRole,
    NotAllowed,
    PassphraseRefused,
    RolesWouldBeLost,
    SecondFactorMissing,
    UserUnknown,
    VaultBusy,
    VaultNewer,
)

BRAM_PHRASE = "bakfiets duinpan lawine oester"
CARLA_PHRASE = "citroen haring komeet sandaal"
NEW = "bliksem anker tulp orkest kiwi"
INTAKE, MEDISCH, BEHEER, PRIVACY = (
    UserRole.INTAKE,
    UserRole.MEDISCH,
    UserRole.BEHEER,
    UserRole.PRIVACY,
)


@dataclass
class Made:
    """A vault with an administrator (open), Bram (intake) and Carla (medical)."""

    folder: Path
    bram: UUID
    carla: UUID
    cards: tuple[str, str, str]


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    with quick_kdf():
        yield


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("kluis") / "kluis"
    vault = make_vault(folder)
    bram = users.add_user(
        vault, passphrase=PASSPHRASE, name=" Bram ", roles=(INTAKE,), new_passphrase=BRAM_PHRASE
    )
    carla = users.add_user(
        vault,
        passphrase=PASSPHRASE,
        name="Carla",
        roles=(INTAKE, MEDISCH),
        new_passphrase=CARLA_PHRASE,
    )
    cards = recovery.make_cards(vault, passphrase=PASSPHRASE)
    words = tuple(" ".join(card.words) for card in cards)
    recovery.try_cards(vault, words[0], words[1])
    vault.close()
    reopen(folder, CARLA_PHRASE).close()  # her key goes on the cards
    return Made(folder, bram.user_id, carla.user_id, words)


@pytest.fixture
def folder(made: Made, tmp_path: Path) -> Path:
    shutil.copytree(made.folder, tmp_path / "kluis")
    return tmp_path / "kluis"


def reopen(folder: Path, phrase: str, **more: object) -> Vault:
    return Vault.open(
        folder,
        passphrase=phrase,
        env=environment(31),
        reserve_bytes=SMALL_RESERVE,
        **more,  # type: ignore[arg-type]
    )


@pytest.fixture
def vault(folder: Path) -> Iterator[Vault]:
    opened = reopen(folder, PASSPHRASE)
    yield opened
    opened.close()


def key_file(folder: Path) -> KeyFile:
    return KeyFile.from_bytes((folder / places.KEY_FILE).read_bytes())


def purposes(vault: Vault) -> list[str]:
    with vault.read() as records:
        return [entry.body for entry in records.audit.entries()]


# --- who there is --------------------------------------------------------------------------------


def test_who_may_open_it(vault: Vault, made: Made):
    first, bram, carla = users.access(vault)
    assert (first.name, first.roles, first.waiting) == ("Noor de Vries", (INTAKE, BEHEER), False)
    assert (bram.user_id, bram.name, bram.roles) == (made.bram, "Bram", (INTAKE,))
    assert carla.roles == (INTAKE, MEDISCH)
    assert [user.left_at for user in (first, bram, carla)] == [None] * 3
    assert first.added_at < bram.added_at < carla.added_at


def test_no_name_and_no_organisation_stand_in_the_key_file(folder: Path):
    content = (folder / places.KEY_FILE).read_bytes()
    for name in (b"Bram", b"Carla", b"Noor", b"Team op"):
        assert name not in content


def test_a_new_user_works_with_keys_of_their_own(folder: Path, made: Made):
    vault = reopen(folder, BRAM_PHRASE)
    assert (vault.user.user_id, vault.user.name) == (made.bram, "Bram")
    assert vault.has_role(INTAKE)
    assert not vault.has_role(BEHEER)
    with vault.read() as records:
        public = {user.user_id: user.sign_public for user in records.users.all()}
    assert public[made.bram] == SigningKey(vault.user_signing_seed()).public
    assert len(set(public.values())) == 3
    vault.close()


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


# --- passphrases ---------------------------------------------------------------------------------


def test_another_passphrase(folder: Path):
    vault = reopen(folder, BRAM_PHRASE)
    seed = vault.user_signing_seed()
    users.change_passphrase(vault, old=BRAM_PHRASE, new=NEW)
    vault.close()
    with pytest.raises(WrongPassphrase):
        reopen(folder, BRAM_PHRASE)
    again = reopen(folder, NEW)
    assert again.user_signing_seed() == seed
    assert any("wachtwoordzin veranderen" in body for body in purposes(again))
    again.close()


def test_a_passphrase_that_opens_another_slot_is_refused_without_saying_so(vault: Vault):
    before = key_file(vault.folder)
    with pytest.raises(PassphraseRefused) as refused:
        users.change_passphrase(vault, old=PASSPHRASE, new=BRAM_PHRASE)
    assert "collega" not in str(refused.value)
    with pytest.raises(PassphraseRefused):
        users.add_user(
            vault, passphrase=PASSPHRASE, name="D", roles=(INTAKE,), new_passphrase=PASSPHRASE
        )
    for unusable in ("", "x" * 1025, "\ud800 een twee drie"):
        with pytest.raises(PassphraseRefused):
            users.change_passphrase(vault, old=PASSPHRASE, new=unusable)
    assert key_file(vault.folder) == before


Act = Callable[[Vault, Made, str], object]
ACTS: dict[str, Act] = {
    "add": lambda v, m, p: users.add_user(
        v, passphrase=p, name="D", roles=(INTAKE,), new_passphrase=NEW
    ),
    "roles": lambda v, m, p: users.set_roles(v, passphrase=p, user_id=m.bram, roles=(PRIVACY,)),
    "remove": lambda v, m, p: users.remove_user(v, passphrase=p, user_id=m.carla),
    "renew": lambda v, m, p: users.renew_master_key(v, passphrase=p),
    "cards": lambda v, m, p: recovery.make_cards(v, passphrase=p),
}


@pytest.mark.parametrize("act", ACTS)
def test_without_the_passphrase_or_the_role_nothing_changes(folder: Path, made: Made, act: str):
    before = key_file(folder)
    for phrase, typed, error in (
        (PASSPHRASE, BRAM_PHRASE, WrongPassphrase),
        (BRAM_PHRASE, BRAM_PHRASE, NotAllowed),
    ):
        vault = reopen(folder, phrase)
        with pytest.raises(error):
            ACTS[act](vault, made, typed)
        vault.close()
    assert key_file(folder) == before


# --- roles ---------------------------------------------------------------------------------------


def test_other_roles_wait_for_the_next_unlock(folder: Path, made: Made):
    vault = reopen(folder, PASSPHRASE)
    changed = users.set_roles(
        vault, passphrase=PASSPHRASE, user_id=made.bram, roles=(BEHEER, PRIVACY)
    )
    assert (changed.roles, changed.waiting) == ((BEHEER, PRIVACY), True)
    vault.close()
    bram = reopen(folder, BRAM_PHRASE)
    assert bram.user.roles == (BEHEER, PRIVACY)
    assert not any(user.waiting for user in users.access(bram))
    own = users.set_roles(bram, passphrase=BRAM_PHRASE, user_id=made.bram, roles=(BEHEER,))
    assert (own.roles, own.waiting, bram.user.roles) == ((BEHEER,), False, (BEHEER,))
    bram.close()


def test_who_loses_the_medical_role_loses_its_key(folder: Path, made: Made):
    vault = reopen(folder, PASSPHRASE)
    users.set_roles(vault, passphrase=PASSPHRASE, user_id=made.carla, roles=(MEDISCH, BEHEER))
    vault.close()
    carla = reopen(folder, CARLA_PHRASE)
    seed = carla.role_seed(MEDISCH)
    users.set_roles(carla, passphrase=CARLA_PHRASE, user_id=made.bram, roles=(MEDISCH,))
    carla.close()
    bram = reopen(folder, BRAM_PHRASE)
    assert bram.role_seed(MEDISCH) == seed
    bram.close()
    vault = reopen(folder, PASSPHRASE)
    users.set_roles(vault, passphrase=PASSPHRASE, user_id=made.bram, roles=(INTAKE,))
    vault.close()
    bram = reopen(folder, BRAM_PHRASE)
    assert bram.role_seed(MEDISCH) is None
    bram.close()


@pytest.mark.parametrize("taken", [BEHEER, MEDISCH])
def test_an_older_key_file_does_not_give_a_role_back(folder: Path, made: Made, taken: UserRole):
    carla = reopen(folder, CARLA_PHRASE)
    vault_id, master = carla.info.vault_id, carla.unlocked().master
    carla.close()
    giver = reopen(folder, PASSPHRASE)
    users.set_roles(
        giver, passphrase=PASSPHRASE, user_id=made.carla, roles=(INTAKE, MEDISCH, BEHEER)
    )
    giver.close()
    carla = reopen(folder, CARLA_PHRASE)
    users.set_roles(carla, passphrase=CARLA_PHRASE, user_id=made.bram, roles=(INTAKE, MEDISCH))
    assert carla.unlocked().master == master  # giving alone does not change it
    carla.close()
    kept = {name: (folder / name).read_bytes() for name in (places.KEY_FILE, places.SPARE_KEY_FILE)}
    taker = reopen(folder, PASSPHRASE)
    left = tuple(role for role in (INTAKE, MEDISCH, BEHEER) if role is not taken)
    changed = users.set_roles(taker, passphrase=PASSPHRASE, user_id=made.carla, roles=left)
    assert (changed.roles, changed.waiting) == (left, True)
    assert any("rollen veranderen" in body for body in purposes(taker))
    taker.close()
    assert not rekey.opens(folder / places.DATABASE, subkey(master, vault_id, rekey.PURPOSE))
    present = {name: (folder / name).read_bytes() for name in kept}
    for name, content in kept.items():
        (folder / name).write_bytes(content)
    with pytest.raises(VaultDamaged):
        reopen(folder, CARLA_PHRASE, accept_older_keys=True)
    for name, content in present.items():
        (folder / name).write_bytes(content)
    for phrase, roles in ((CARLA_PHRASE, left), (BRAM_PHRASE, (INTAKE, MEDISCH))):
        again = reopen(folder, phrase)
        assert again.user.roles == roles
        again.close()


def test_giving_up_a_role_oneself_changes_the_master_key_as_well(folder: Path, made: Made):
    vault = reopen(folder, PASSPHRASE)
    users.set_roles(vault, passphrase=PASSPHRASE, user_id=made.bram, roles=(BEHEER,))
    vault_id, master = vault.info.vault_id, vault.unlocked().master
    own = users.set_roles(vault, passphrase=PASSPHRASE, user_id=vault.user.user_id, roles=(INTAKE,))
    assert (own.roles, own.waiting, vault.user.roles) == ((INTAKE,), False, (INTAKE,))
    assert not rekey.opens(folder / places.DATABASE, subkey(master, vault_id, rekey.PURPOSE))
    vault.close()
    again = reopen(folder, PASSPHRASE)
    assert again.user.roles == (INTAKE,)
    again.close()


def test_the_last_with_the_medical_key_stays_also_when_it_is_on_cards(folder: Path, made: Made):
    vault = reopen(folder, PASSPHRASE)
    before = key_file(folder)
    with pytest.raises(LastWayIn, match="laatste met de medische rol"):
        users.set_roles(vault, passphrase=PASSPHRASE, user_id=made.carla, roles=(INTAKE,))
    with pytest.raises(LastWayIn, match="herstelkaarten"):
        users.remove_user(vault, passphrase=PASSPHRASE, user_id=made.carla)
    assert key_file(folder) == before
    users.set_roles(vault, passphrase=PASSPHRASE, user_id=made.carla, roles=(MEDISCH, BEHEER))
    vault.close()
    # Carla does not come back: with the cards somebody takes her place and gives the role on.
    instead = recovery.recover(
        folder, *made.cards[:2], user_id=made.carla, new_passphrase=NEW, env=environment(6)
    )
    users.set_roles(instead, passphrase=NEW, user_id=made.bram, roles=(INTAKE, MEDISCH))
    instead.close()
    vault = reopen(folder, PASSPHRASE)
    users.remove_user(vault, passphrase=PASSPHRASE, user_id=made.carla)
    vault.close()
    bram = reopen(folder, BRAM_PHRASE)
    assert bram.role_seed(MEDISCH) is not None
    bram.close()


def test_the_last_of_a_role_stays(tmp_path: Path):
    vault = make_vault(tmp_path / "kluis")
    me = vault.user.user_id
    with pytest.raises(LastWayIn):
        users.set_roles(vault, passphrase=PASSPHRASE, user_id=me, roles=(INTAKE,))
    users.set_roles(vault, passphrase=PASSPHRASE, user_id=me, roles=(BEHEER, MEDISCH))
    with pytest.raises(LastWayIn):
        users.set_roles(vault, passphrase=PASSPHRASE, user_id=me, roles=(BEHEER,))
    with pytest.raises(LastWayIn, match="eigen toegang"):
        users.remove_user(vault, passphrase=PASSPHRASE, user_id=me)
    vault.close()


def test_no_role_and_nobody(vault: Vault):
    with pytest.raises(NoRole):
        users.set_roles(vault, passphrase=PASSPHRASE, user_id=vault.user.user_id, roles=())
    for act in (users.remove_user, users.set_roles):
        more = {} if act is users.remove_user else {"roles": (INTAKE,)}
        with pytest.raises(UserUnknown):
            act(vault, passphrase=PASSPHRASE, user_id=UUID(int=5), **more)
    with pytest.raises(ValueError, match="name"):
        users.add_user(vault, passphrase=PASSPHRASE, name="  ", roles=(INTAKE,), new_passphrase=NEW)


# --- leaving -------------------------------------------------------------------------------------


def test_who_leaves_opens_nothing_any_more(folder: Path, made: Made):
    kept = (folder / places.KEY_FILE).read_bytes()
    vault = reopen(folder, PASSPHRASE)
    copy = folder / "kopie-van-versie-1"
    copy.mkdir()
    (copy / places.DATABASE).write_bytes(b"met de oude sleutel")
    secret = vault.backup_secret()
    heard: list[str] = []
    vault.subscribe(lambda event: heard.append(event.kind))
    users.remove_user(vault, passphrase=PASSPHRASE, user_id=made.bram)
    assert not copy.exists()
    assert vault.backup_secret() != secret
    assert "keys" in heard
    gone = next(user for user in users.access(vault) if user.user_id == made.bram)
    assert gone.roles == ()
    assert gone.left_at is not None
    with vault.transaction(users._me(vault), "verder werken") as t:
        t.settings.set("kanarie", "tjilp")
    vault.close()

    with pytest.raises(WrongPassphrase):
        reopen(folder, BRAM_PHRASE)
    present = (folder / places.KEY_FILE).read_bytes()
    for name in (places.KEY_FILE, places.SPARE_KEY_FILE):
        (folder / name).write_bytes(kept)
    for phrase in (BRAM_PHRASE, PASSPHRASE):
        with pytest.raises(VaultDamaged, match="past niet op deze kluis"):
            reopen(folder, phrase)
    assert (folder / places.KEY_FILE).read_bytes() == kept
    (folder / places.SPARE_KEY_FILE).write_bytes(present)
    with pytest.raises(WrongPassphrase):
        reopen(folder, BRAM_PHRASE)
    carla = reopen(folder, CARLA_PHRASE)
    with carla.read() as records:
        assert records.settings.get("kanarie") == "tjilp"
    carla.close()


@pytest.mark.parametrize("failing", [{3}, {4}, {3, 4, 5, 6}])
def test_no_room_for_the_last_key_file_is_no_failure(
    folder: Path, made: Made, monkeypatch: pytest.MonkeyPatch, failing: set[int]
):
    vault = reopen(folder, PASSPHRASE)
    written = []

    def replace_file(target: Path, content: bytes) -> None:
        written.append(target)
        if len(written) in failing:
            raise DiskFull
        write(target, content)

    write = keys.replace_file
    with monkeypatch.context() as patched:
        patched.setattr("intake_app.vault.keys.replace_file", replace_file)
        users.remove_user(vault, passphrase=PASSPHRASE, user_id=made.bram)
    (bram,) = (user for user in users.access(vault) if user.user_id == made.bram)
    assert bram.left_at is not None
    assert any("toegang weghalen" in body for body in purposes(vault))
    vault.close()
    with pytest.raises(WrongPassphrase):
        reopen(folder, BRAM_PHRASE)
    for phrase in (PASSPHRASE, CARLA_PHRASE):
        reopen(folder, phrase).close()
    assert key_file(folder).former is None
    vault = reopen(folder, PASSPHRASE)
    users.renew_master_key(vault, passphrase=PASSPHRASE)
    vault.close()


def test_a_vault_that_was_closed_meanwhile_stays_closed(folder: Path):
    vault = reopen(folder, PASSPHRASE)
    opened = vault.unlocked()
    vault.close()
    with pytest.raises(VaultLocked):
        vault.replace_keys(opened)
    with pytest.raises(VaultLocked):
        vault.unlocked()


def test_a_role_of_a_newer_program_is_said(folder: Path, made: Made):
    vault = reopen(folder, PASSPHRASE)
    present, master = key_file(folder), vault.unlocked().master
    changed = present.with_roles(
        master, made.bram, ("intake", "tolk"), keys={}, random=vault.env.random
    )
    keys.write(folder, changed)
    with pytest.raises(VaultNewer):
        users.access(vault)
    vault.close()
    before = key_file(folder)
    with pytest.raises(VaultNewer):
        reopen(folder, BRAM_PHRASE)
    assert key_file(folder) == before
    reopen(folder, PASSPHRASE).close()


def test_more_readers_than_connections_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch):
    vault = reopen(folder, PASSPHRASE)
    monkeypatch.setattr(vault.unlocked().readers.pool, "_timeout", 0.01)
    with ExitStack() as inside:
        for _ in range(8):
            inside.enter_context(vault.read())
        with pytest.raises(VaultBusy), vault.read():
            pass
    with vault.read() as records:
        assert len(records.users.all()) == 3
    vault.close()


def test_old_bytes_of_the_database_do_not_stay(folder: Path):
    """After a new master key no page of the file opens with the old one."""
    old_pages = {page for page in _pages(folder / places.DATABASE) if any(page)}
    vault = reopen(folder, PASSPHRASE)
    users.renew_master_key(vault, passphrase=PASSPHRASE)
    users.renew_master_key(vault, passphrase=PASSPHRASE)
    vault.close()
    assert old_pages.isdisjoint(_pages(folder / places.DATABASE))


def _pages(path: Path) -> Iterator[bytes]:
    content = path.read_bytes()
    for at in range(0, len(content), 4096):
        yield content[at + 16 : at + 4096]


def test_a_reader_in_between_is_waited_for(vault: Vault, monkeypatch: pytest.MonkeyPatch):
    with vault.read() as records:
        assert records.users.all()
        with pytest.raises(NestedTransaction):
            users.renew_master_key(vault, passphrase=PASSPHRASE)
    with vault.transaction(users._me(vault), "bezig"), pytest.raises(NestedTransaction):
        users.renew_master_key(vault, passphrase=PASSPHRASE)
    users.renew_master_key(vault, passphrase=PASSPHRASE)


def test_nothing_changes_in_a_closed_vault(folder: Path):
    vault = reopen(folder, PASSPHRASE)
    vault.close()
    for act in (
        lambda: users.access(vault),
        lambda: users.renew_master_key(vault, passphrase=PASSPHRASE),
        lambda: recovery.card_state(vault),
        lambda: vault.role_seed(MEDISCH),
        vault.backup_secret,
    ):
        with pytest.raises(VaultLocked):
            act()


# --- an older key file ---------------------------------------------------------------------------


def test_an_older_key_file_is_reported_and_changes_nothing(folder: Path, made: Made):
    kept = (folder / places.KEY_FILE).read_bytes()
    vault = reopen(folder, PASSPHRASE)
    users.change_passphrase(vault, old=PASSPHRASE, new=NEW)
    vault.close()
    for name in (places.KEY_FILE, places.SPARE_KEY_FILE):
        (folder / name).write_bytes(kept)
    for phrase in (PASSPHRASE, CARLA_PHRASE):
        with pytest.raises(KeyFileOlder, match="ouder sleutelbestand"):
            reopen(folder, phrase)
    assert (folder / places.KEY_FILE).read_bytes() == kept

    anyway = reopen(folder, PASSPHRASE, accept_older_keys=True)
    assert [use.kind for use in recovery.unseen_uses(anyway)] == ["ouder sleutelbestand"]
    anyway.close()
    carla = reopen(folder, CARLA_PHRASE)
    assert len(recovery.unseen_uses(carla)) == 1
    assert recovery.card_state(carla).last_use is None
    carla.close()


def test_an_older_key_file_is_taken_with_the_cards(folder: Path, made: Made):
    kept = (folder / places.KEY_FILE).read_bytes()
    vault = reopen(folder, PASSPHRASE)
    users.change_passphrase(vault, old=PASSPHRASE, new=NEW)
    me = vault.user.user_id
    vault.close()
    for name in (places.KEY_FILE, places.SPARE_KEY_FILE):
        (folder / name).write_bytes(kept)
    again = recovery.recover(
        folder, *made.cards[1:], user_id=me, new_passphrase=NEW, env=environment(5)
    )
    again.close()
    reopen(folder, NEW).close()
    reopen(folder, CARLA_PHRASE).close()


# --- the second factor ---------------------------------------------------------------------------


@dataclass
class Drawer:
    """A key store in memory."""

    kept: dict[str, bytes] = field(default_factory=dict)
    broken: bool = False

    def get(self, name: str) -> bytes | None:
        if self.broken:
            raise KeystoreUnusable
        return self.kept.get(name)

    def put(self, name: str, secret: bytes) -> None:
        if self.broken:
            raise KeystoreUnusable
        self.kept[name] = secret

    def drop(self, name: str) -> None:
        self.kept.pop(name, None)


def test_a_second_factor_and_the_way_around_it(folder: Path, made: Made):
    drawer = Drawer()
    vault = reopen(folder, PASSPHRASE)
    users.set_second_factor(vault, passphrase=PASSPHRASE, keystore=drawer)
    users.change_passphrase(vault, old=PASSPHRASE, new=NEW)
    assert len(drawer.kept) == 1
    me = vault.user.user_id
    vault.close()
    with pytest.raises(SecondFactorMissing, match="sleutelbos"):
        reopen(folder, NEW)
    for empty in (Drawer(), Drawer(broken=True)):
        with pytest.raises(SecondFactorMissing):
            reopen(folder, NEW, keystore=empty)
        reopen(folder, BRAM_PHRASE, keystore=empty).close()
    with pytest.raises(WrongPassphrase):
        reopen(folder, PASSPHRASE, keystore=drawer)
    reopen(folder, CARLA_PHRASE).close()
    again = reopen(folder, NEW, keystore=drawer)
    users.renew_master_key(again, passphrase=NEW)
    users.set_second_factor(again, passphrase=NEW, keystore=None)
    assert len(drawer.kept) == 1, "it still opens the backups of before"
    with again.read() as records:
        assert set(users.former_secrets(records)) == set(drawer.kept)
    users.forget_secrets(again, set(drawer.kept))
    assert drawer.kept == {}
    with again.read() as records:
        assert users.former_secrets(records) == {}
    users.set_second_factor(again, passphrase=NEW, keystore=drawer)
    again.close()
    drawer.kept.clear()
    rescued = recovery.recover(
        folder, *made.cards[:2], user_id=me, new_passphrase=PASSPHRASE, env=environment(8)
    )
    rescued.close()
    reopen(folder, PASSPHRASE).close()


def test_no_second_factor_without_recovery_cards(tmp_path: Path):
    vault = make_vault(tmp_path / "kluis")
    before = key_file(vault.folder)
    with pytest.raises(NoRecoveryCards):
        users.set_second_factor(vault, passphrase=PASSPHRASE, keystore=Drawer())
    recovery.make_cards(vault, passphrase=PASSPHRASE)
    with pytest.raises(NoRecoveryCards):
        users.set_second_factor(vault, passphrase=PASSPHRASE, keystore=Drawer())
    assert len(key_file(vault.folder).escrows) == 1
    assert key_file(vault.folder).slots == before.slots
    vault.close()


def test_a_key_store_that_fails_changes_nothing(vault: Vault):
    before = key_file(vault.folder)
    with pytest.raises(KeystoreUnusable):
        users.set_second_factor(vault, passphrase=PASSPHRASE, keystore=Drawer(broken=True))
    assert key_file(vault.folder) == before


# --- what unlocking costs ------------------------------------------------------------------------


def test_the_cost_is_measured_and_never_below_the_least():
    assert calibrated(0.7, measure=lambda cost: 0.35, available_kib=lambda: None).t == 6
    slow = calibrated(0.7, measure=lambda cost: 3.0, available_kib=lambda: 10**9)
    assert (slow.m_kib, slow.t) == (262_144, 3)
    fast = calibrated(0.7, measure=lambda cost: 0.0, available_kib=lambda: None)
    assert (fast.m_kib, fast.t) == (262_144, 16)
    small = calibrated(0.7, measure=lambda cost: 0.1, available_kib=lambda: 300_000)
    assert (small.m_kib, small.t) == (65_536, 16)


def test_the_cost_falls_when_memory_runs_out():
    def measure(cost: object) -> float:
        if cost.m_kib > 131_072:  # type: ignore[attr-defined]
            raise MemoryError
        return 0.7

    assert calibrated(0.7, measure=measure, available_kib=lambda: None).m_kib == 131_072

    def never(cost: object) -> float:
        raise MemoryError

    with pytest.raises(MemoryError):
        calibrated(0.7, measure=never, available_kib=lambda: None)
    with pytest.raises(KdfOutOfBounds):
        type(CHEAP)(1024, 3, 4)


def test_a_hint_of_who_it_is_changes_nothing_but_the_order(folder: Path, made: Made):
    for hint in (made.carla, made.bram, UUID(int=9)):
        vault = reopen(folder, CARLA_PHRASE, user_id=hint)
        assert vault.user.user_id == made.carla
        vault.close()


def test_the_database_key_is_gone_from_the_copies(folder: Path):
    """`rekey.opens` tells right and wrong keys apart without touching the database."""
    database = folder / places.DATABASE
    before = database.read_bytes()
    master = key_file(folder).open(PASSPHRASE).master
    key = subkey(master, key_file(folder).db, rekey.PURPOSE)
    assert rekey.opens(database, key)
    assert not rekey.opens(database, bytes(32))
    assert database.read_bytes() == before
