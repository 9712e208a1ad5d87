from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.vaults import (
    PASSPHRASE,
    SMALL_RESERVE,
    USER_NAME,
    actor_of,
    environment,
    make_vault,
    prepared_vault,
)

from intake_app.crypto.slots import KeyFile
from intake_app.domain.actor import Profile, UserRole
from intake_app.vault import (
    NetworkFolder,
    NotAVault,
    Vault,
    VaultDamaged,
    VaultError,
    VaultExists,
    VaultInUse,
    VaultNewer,
    WrongPassphrase,
    migrations,
)
from intake_app.vault import folder as places

ROOT = Path(__file__).parents[2]


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    """The folder of a vault that is not open."""
    prepared_vault(tmp_path / "kluis").close()
    return tmp_path / "kluis"


def reopen(folder: Path, passphrase: str = PASSPHRASE) -> Vault:
    return Vault.open(
        folder, passphrase=passphrase, env=environment(5), reserve_bytes=SMALL_RESERVE
    )


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_new_vault_is_open_and_opens_again(tmp_path: Path):
    vault = make_vault(tmp_path / "diep" / "kluis")
    info, user, keys = vault.info, vault.user, vault.organisation_keys()
    assert info.organisation.profile is Profile.AZC
    assert user.name == USER_NAME
    assert user.roles == (UserRole.INTAKE, UserRole.BEHEER)
    assert keys.age_recipient.startswith("age1pq1")
    assert keys.age_identities[0].startswith("AGE-SECRET-KEY-PQ-1")
    assert keys.sign_public.startswith("ssh-ed25519 ")
    seed = vault.user_signing_seed()
    assert len(seed) == len(keys.signing_seed) == 32
    assert seed != keys.signing_seed
    vault.close()

    again = reopen(tmp_path / "diep" / "kluis")
    assert (again.info, again.user, again.organisation_keys()) == (info, user, keys)
    assert again.user_signing_seed() == seed
    again.close()


def test_secrets_are_not_in_any_repr(vault: Vault):
    keys = vault.organisation_keys()
    shown = repr(keys) + repr(vault) + repr(vault._opened)
    assert keys.age_identities[0] not in shown
    assert repr(keys.signing_seed) not in shown
    assert repr(vault.user_signing_seed()) not in shown


def test_two_vaults_have_different_keys(tmp_path: Path):
    one = prepared_vault(tmp_path / "een")
    two = prepared_vault(tmp_path / "twee", number=2)
    assert one.info.vault_id != two.info.vault_id
    assert one.organisation_keys() != two.organisation_keys()
    one.close()
    two.close()


def test_what_is_in_the_folder_after_closing(closed: Path):
    assert {path.name for path in closed.iterdir()} == {
        places.DATABASE,
        places.KEY_FILE,
        places.SPARE_KEY_FILE,
        places.CARD,
        places.LOCK,
        places.RESERVE,
    }


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX rights")
def test_others_on_the_machine_cannot_read_it(closed: Path):
    assert closed.stat().st_mode & 0o077 == 0
    for name in (places.DATABASE, places.KEY_FILE, places.SPARE_KEY_FILE):
        assert (closed / name).stat().st_mode & 0o077 == 0


def test_practice_shows_before_unlocking(tmp_path: Path):
    prepared_vault(tmp_path / "echt").close()
    prepared_vault(tmp_path / "oefen", practice=True).close()
    assert Vault.describe(tmp_path / "echt").practice is False
    assert Vault.describe(tmp_path / "oefen").practice is True


def test_what_shows_before_unlocking_has_no_names(closed: Path):
    card = (closed / places.CARD).read_text()
    assert json.loads(card).keys() == {"format", "version", "vault", "practice"}
    assert USER_NAME not in card


def test_a_changed_card_is_put_right_by_what_is_inside(tmp_path: Path):
    vault = prepared_vault(tmp_path / "kluis", practice=True)
    vault.close()
    card = tmp_path / "kluis" / places.CARD
    right = card.read_bytes()
    for wrong in (right.replace(b"true", b"false"), b"{", None):
        if wrong is None:
            card.unlink()
        else:
            card.write_bytes(wrong)
        assert Vault.describe(tmp_path / "kluis").vault_id == vault.info.vault_id
        again = reopen(tmp_path / "kluis")
        assert again.info.practice
        again.close()
        assert card.read_bytes() == right


def test_where_no_vault_is(tmp_path: Path):
    assert not Vault.exists(tmp_path)
    assert not Vault.exists(tmp_path / "weg")
    with pytest.raises(NotAVault):
        Vault.describe(tmp_path)
    with pytest.raises(NotAVault):
        reopen(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_no_vault_over_another(closed: Path):
    before = content(closed)
    with pytest.raises(VaultExists):
        make_vault(closed)
    assert content(closed) == before


@pytest.mark.parametrize("left", [places.DATABASE, places.KEY_FILE, places.SPARE_KEY_FILE])
def test_no_vault_over_what_is_left_of_one(closed: Path, left: str):
    for name in {places.DATABASE, places.KEY_FILE, places.SPARE_KEY_FILE} - {left}:
        (closed / name).unlink()
    with pytest.raises(VaultExists):
        make_vault(closed)


def test_half_a_vault_is_made_anew(tmp_path: Path):
    folder = tmp_path / "kluis"
    folder.mkdir()
    (folder / places.UNBORN).write_bytes(b"half")
    (folder / f"{places.UNBORN}-wal").write_bytes(b"half")
    make_vault(folder).close()
    reopen(folder).close()


def test_a_vault_that_only_lacked_its_name_opens(closed: Path):
    (closed / places.DATABASE).rename(closed / places.UNBORN)
    assert Vault.exists(closed)
    reopen(closed).close()
    assert (closed / places.DATABASE).exists()


# --- wrong passphrases and damage ------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong", ["", "verkeerd", PASSPHRASE + " ", PASSPHRASE.upper(), "x" * 2000]
)
def test_a_wrong_passphrase_changes_nothing(closed: Path, wrong: str):
    before = content(closed)
    with pytest.raises(WrongPassphrase) as refused:
        reopen(closed, wrong)
    assert content(closed) == before
    told = "".join(traceback.format_exception(refused.value))
    assert not wrong or wrong not in told


def flip(path: Path, at: int) -> None:
    damaged = bytearray(path.read_bytes())
    damaged[at] ^= 1
    path.write_bytes(damaged)


@pytest.mark.parametrize("hurt", [places.KEY_FILE, places.SPARE_KEY_FILE])
@pytest.mark.parametrize("how", ["missing", "empty", "cut", "garbage", "slot", "generation", "mac"])
def test_a_damaged_copy_of_the_key_file_is_renewed(closed: Path, hurt: str, how: str):
    path = closed / hurt
    right = path.read_bytes()
    whole = json.loads(right)
    if how == "missing":
        path.unlink()
    elif how == "slot":
        ct = whole["slots"][0]["ct"]
        whole["slots"][0]["ct"] = ("B" if ct[0] == "A" else "A") + ct[1:]
        path.write_text(json.dumps(whole))
    elif how == "generation":
        whole["generation"] += 5
        path.write_text(json.dumps(whole))
    elif how == "mac":
        mac = whole["mac"]["file"]
        whole["mac"]["file"] = ("B" if mac[0] == "A" else "A") + mac[1:]
        path.write_text(json.dumps(whole))
    else:
        path.write_bytes({"empty": b"", "cut": right[:-20], "garbage": b"\xff" * 99}[how])
    with pytest.raises(WrongPassphrase):
        reopen(closed, "niet deze")
    reopen(closed).close()
    assert path.read_bytes() == right
    assert (closed / places.KEY_FILE).read_bytes() == (closed / places.SPARE_KEY_FILE).read_bytes()


def test_both_copies_damaged_is_damage_and_no_wrong_passphrase(closed: Path):
    for name in (places.KEY_FILE, places.SPARE_KEY_FILE):
        (closed / name).write_bytes(b"{}")
    with pytest.raises(VaultDamaged, match="sleutelbestand"):
        reopen(closed)


def test_a_changed_key_file_is_damage_and_no_wrong_passphrase(closed: Path):
    for name in (places.KEY_FILE, places.SPARE_KEY_FILE):
        whole = json.loads((closed / name).read_bytes())
        whole["generation"] += 1
        (closed / name).write_text(json.dumps(whole))
    with pytest.raises(VaultDamaged, match="veranderd"):
        reopen(closed)


def test_an_older_copy_does_not_bring_an_old_passphrase_back(closed: Path):
    from support.vaults import CHEAP

    old = KeyFile.from_bytes((closed / places.KEY_FILE).read_bytes())
    new = old.change_passphrase(
        PASSPHRASE, "nieuwe zin " * 3, kdf=CHEAP, random=environment().random
    )
    (closed / places.KEY_FILE).write_bytes(new.to_bytes())
    with pytest.raises(WrongPassphrase):
        reopen(closed)
    assert (closed / places.KEY_FILE).read_bytes() == new.to_bytes()
    reopen(closed, "nieuwe zin " * 3).close()
    assert (closed / places.SPARE_KEY_FILE).read_bytes() == new.to_bytes()


def test_a_key_file_of_a_newer_program(closed: Path):
    for name in (places.KEY_FILE, places.SPARE_KEY_FILE):
        whole = json.loads((closed / name).read_bytes())
        whole["version"] = 3
        (closed / name).write_text(json.dumps(whole))
    with pytest.raises(VaultNewer):
        reopen(closed)


@pytest.mark.parametrize("at", [0, 30, 5000, -3])
def test_a_damaged_database_is_damage_and_no_wrong_passphrase(closed: Path, at: int):
    flip(closed / places.DATABASE, at)
    with pytest.raises(VaultDamaged):
        _read_everything(closed)


def _read_everything(folder: Path) -> None:
    vault = reopen(folder)
    try:
        assert vault._opened is not None
        with vault._opened.writer.connect() as connection:
            found = connection.exec_driver_sql("PRAGMA cipher_integrity_check").all()
        if found:
            raise VaultDamaged
    finally:
        vault.close()


def test_a_missing_database(closed: Path):
    (closed / places.DATABASE).unlink()
    with pytest.raises(VaultDamaged):
        reopen(closed)
    assert not (closed / places.DATABASE).exists()


def test_another_vaults_database(closed: Path, tmp_path: Path):
    prepared_vault(tmp_path / "ander", number=2).close()
    shutil.copy(tmp_path / "ander" / places.DATABASE, closed / places.DATABASE)
    with pytest.raises(VaultDamaged):
        reopen(closed)


def test_after_every_refusal_the_vault_can_be_opened(closed: Path):
    for _ in range(2):
        with pytest.raises(WrongPassphrase):
            reopen(closed, "verkeerd")
    reopen(closed).close()


# --- one at a time ---------------------------------------------------------------------------


def test_a_second_one_in_the_same_process(closed: Path):
    first = reopen(closed)
    with pytest.raises(VaultInUse):
        reopen(closed)
    first.close()
    reopen(closed).close()


HOLD = """
import sys
from pathlib import Path
from support.vaults import PASSPHRASE, environment
from intake_app.vault import Vault
vault = Vault.open(Path(sys.argv[1]), passphrase=PASSPHRASE, env=environment(), reserve_bytes=4096)
print("open", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def holder(closed: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(closed)],
        env={"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "open\n"
    yield process
    process.kill()
    process.communicate()


def test_a_second_process_and_after_a_kill(closed: Path, holder: subprocess.Popen[str]):
    with pytest.raises(VaultInUse):
        reopen(closed)
    with pytest.raises(VaultInUse):
        reopen(closed, "verkeerd")
    holder.kill()
    holder.wait()
    reopen(closed).close()


def test_a_file_of_an_earlier_lock_is_no_lock(closed: Path):
    (closed / places.LOCK).write_text("4711")
    reopen(closed).close()


# --- network folders, versions ---------------------------------------------------------------


def test_a_network_folder_is_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("intake_app.vault.files.filesystem_of", lambda *_: "cifs")
    with pytest.raises(NetworkFolder):
        make_vault(tmp_path / "kluis")
    assert list(tmp_path.rglob("*.*")) == []


def test_a_vault_of_a_newer_program_is_left_alone(closed: Path, monkeypatch: pytest.MonkeyPatch):
    vault = reopen(closed)
    assert vault._opened is not None
    with vault._opened.writer.begin() as connection:
        connection.exec_driver_sql(f"PRAGMA user_version = {migrations.LATEST + 1}")
    vault.close()
    before = content(closed)
    with pytest.raises(VaultNewer):
        reopen(closed)
    assert content(closed) == before


def test_a_migration_keeps_a_copy_that_opens(closed: Path, monkeypatch: pytest.MonkeyPatch):
    vault = reopen(closed)
    with vault.transaction(actor_of(vault), "voor de migratie") as t:
        t.settings.set("kanarie", "tjilp")
    vault.close()
    with monkeypatch.context() as future:
        steps = (*migrations.STEPS, ("CREATE TABLE later (a TEXT) STRICT",))
        future.setattr(migrations, "STEPS", steps)
        future.setattr(migrations, "LATEST", len(steps))
        later = reopen(closed)
        with later.read() as r:
            assert r.settings.get("kanarie") == "tjilp"
        later.close()
        reopen(closed).close()
    with pytest.raises(VaultNewer):
        reopen(closed)
    copy = closed / f"kopie-van-versie-{migrations.LATEST}"
    if os.name == "posix":
        assert [p.stat().st_mode & 0o077 for p in (copy, *copy.iterdir())] == [0] * 4
    earlier = reopen(copy)
    with earlier.read() as r:
        assert r.settings.get("kanarie") == "tjilp"
    earlier.close()


def kinds_of(kind: type[VaultError]) -> Iterator[type[VaultError]]:
    for below in kind.__subclasses__():
        yield below
        yield from kinds_of(below)


def test_every_error_is_a_dutch_sentence_of_what_and_what_next():
    for kind in kinds_of(VaultError):
        assert kind.sentence.count(".") >= 2, kind
        assert str(VaultError(kind.sentence)) == kind.sentence
