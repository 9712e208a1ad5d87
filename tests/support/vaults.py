"""Vaults for tests: made once per run at the lowest cost, then copied.

    vault = prepared_vault(tmp_path / "kluis")
    receiver = prepared_vault(tmp_path / "ontvangst", profile=Profile.ONTVANGST)

The first user is `ACTOR`; `PASSPHRASE` opens every one of them. Two of the same profile are the
same vault, with the same keys: use another `number` for another organisation.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from uuid import UUID

from intake_app.crypto.slots import KdfCost, KeyFile, OpenedSlot
from intake_app.domain.actor import Actor, Organisation, Profile
from intake_app.domain.environment import Environment, repeatable_environment
from intake_app.vault import Vault
from intake_app.vault import folder as places
from intake_app.vault.files import FolderLock
from intake_app.vault.opening import open_slot
from intake_app.vault.reserve import Reserve

PASSPHRASE = "vijver stapel koffie lantaarn mosterd"
CHEAP = KdfCost(65_536, 3, 4)
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SMALL_RESERVE = 256 * 1024
USER_NAME = "Noor de Vries"
_NAMES = {
    Profile.AZC: "Team op locatie",
    Profile.ONTVANGST: "Gemeente Voorbeeldstad",
    Profile.ZORG: "Huisartsenpost",
    Profile.REGIO: "Regio",
}
_CODES = {Profile.ONTVANGST: ("0344", "0355")}


def environment(seed: int = 7, start: datetime = START) -> Environment:
    """Return an environment that repeats itself; the clock moves a second at each reading."""
    return repeatable_environment(seed, start)


def prepared_vault(
    folder: Path,
    *,
    profile: Profile = Profile.AZC,
    number: int = 1,
    practice: bool = False,
    env: Environment | None = None,
) -> Vault:
    """Return an open copy, in the new `folder`, of the vault made for these arguments."""
    master, slot, vault_id = _template(profile, number, practice)
    shutil.copytree(master, folder)
    return open_without_passphrase(folder, slot, vault_id, env or environment(1000 + number))


def first_slot() -> tuple[OpenedSlot, UUID]:
    """Return what opens each `prepared_vault` of the default arguments, in any process."""
    _, slot, vault_id = _template(Profile.AZC, 1, practice=False)
    return slot, vault_id


def open_without_passphrase(
    folder: Path, slot: OpenedSlot, vault_id: UUID, env: Environment
) -> Vault:
    """Open the vault in `folder` as after the key derivation, without its cost."""
    lock = FolderLock(folder / places.LOCK)
    reserve = Reserve(folder / places.RESERVE, SMALL_RESERVE)
    try:
        return Vault(open_slot(folder, slot, vault_id, lock, reserve), env)
    except BaseException:
        lock.release()
        raise


def actor_of(vault: Vault) -> Actor:
    """Return the first user of `vault` as an actor."""
    return Actor(vault.user.user_id, vault.user.name)


def make_vault(folder: Path, *, env: Environment | None = None, practice: bool = False) -> Vault:
    """Make a vault the real way, at the lowest cost and with a small reserve."""
    return Vault.create(
        folder,
        passphrase=PASSPHRASE,
        user_name=USER_NAME,
        organisation=Organisation(UUID(int=1), _NAMES[Profile.AZC], Profile.AZC),
        env=env or environment(),
        kdf=CHEAP,
        practice=practice,
        reserve_bytes=SMALL_RESERVE,
    )


@cache
def _template(profile: Profile, number: int, practice: bool) -> tuple[Path, OpenedSlot, UUID]:
    root = Path(tempfile.mkdtemp(prefix="kluis-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    folder = root / "kluis"
    env = environment(100 * number + list(Profile).index(profile))
    name = _NAMES[profile] + (f" {number}" if number > 1 else "")
    Vault.create(
        folder,
        passphrase=PASSPHRASE,
        user_name=USER_NAME,
        organisation=Organisation(env.uuid(), name, profile, _CODES.get(profile, ())),
        env=env,
        kdf=CHEAP,
        practice=practice,
        reserve_bytes=SMALL_RESERVE,
    ).close()
    key_file = KeyFile.from_bytes((folder / places.KEY_FILE).read_bytes())
    return folder, key_file.open(PASSPHRASE), key_file.db
