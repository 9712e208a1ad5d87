"""Who may open a vault: joining, leaving, other roles, another passphrase."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import UUID

import pytest
from support.team_vault import (
    BEHEER,
    BRAM_PHRASE,
    CARLA_PHRASE,
    INTAKE,
    MEDISCH,
    NEW,
    PRIVACY,
    Made,
    key_file,
    purposes,
    reopen,
)
from support.vaults import PASSPHRASE, environment, make_vault

from intake_app.crypto.slots import subkey
from intake_app.crypto.sshsig import SigningKey
from intake_app.domain.actor import UserRole
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
    LastWayIn,
    NoRole,
    NotAllowed,
    PassphraseRefused,
    UserUnknown,
    VaultBusy,
    VaultNewer,
)

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
