"""A new master key while the machine stops: at every step, and at every byte of the log."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from support.quick_kdf import quick_kdf
from support.vaults import PASSPHRASE, SMALL_RESERVE, environment, make_vault

from intake_app.crypto.slots import KeyFile, subkey
from intake_app.domain.actor import Actor, UserRole
from intake_app.vault import (
    DiskFull,
    StorageFailed,
    Vault,
    VaultLocked,
    WrongPassphrase,
    engine,
    keys,
    recovery,
    rekey,
    users,
)
from intake_app.vault import folder as places
from intake_app.vault.errors import VaultBusy
from intake_app.vault.files import replace_file

BRAM_PHRASE = "bakfiets duinpan lawine oester"
CARLA_PHRASE = "citroen haring komeet sandaal"
STAYS = (PASSPHRASE, CARLA_PHRASE)
OLD_COPIES = (f"kopie-van-versie-2/{places.DATABASE}", places.CLEAN_COPY)


class Killed(BaseException):
    """The machine stops."""


@dataclass
class Made:
    folder: Path
    bram: UUID
    cards: tuple[str, ...]


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    with quick_kdf():
        yield


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("kluis") / "kluis"
    vault = make_vault(folder)
    give = {"passphrase": PASSPHRASE, "roles": (UserRole.INTAKE,)}
    bram = users.add_user(vault, name="Bram", new_passphrase=BRAM_PHRASE, **give)
    users.add_user(vault, name="Carla", new_passphrase=CARLA_PHRASE, **give)
    cards = tuple(
        " ".join(card.words) for card in recovery.make_cards(vault, passphrase=PASSPHRASE)
    )
    recovery.try_cards(vault, cards[0], cards[1])
    with vault.transaction(Actor(vault.user.user_id, ""), "vullen") as t:
        for number in range(200):
            t.settings.set(f"naam {number}", "waarde" * 40)
    vault.close()
    return Made(folder, bram.user_id, cards)


@pytest.fixture
def folder(made: Made, tmp_path: Path) -> Path:
    folder = shutil.copytree(made.folder, tmp_path / "kluis")
    (folder / "kopie-van-versie-2").mkdir()
    for name in OLD_COPIES:
        shutil.copy(folder / places.DATABASE, folder / name)
    return folder


def reopen(folder: Path, phrase: str) -> Vault:
    return Vault.open(folder, passphrase=phrase, env=environment(41), reserve_bytes=SMALL_RESERVE)


def die(vault: Vault) -> None:
    """Let go of what a process that stops lets go of; nothing is written any more."""
    opened = vault.unlocked()
    opened.readers.dispose()
    opened.writer.dispose()
    opened.lock.release()


def steps(monkeypatch: pytest.MonkeyPatch, stop_at: int) -> list[str]:
    """Stop at the n-th step: before or after each copy of the key file, and around rekey."""
    seen: list[str] = []

    def step(name: str) -> None:
        seen.append(name)
        if len(seen) == stop_at:
            raise Killed

    def replacing(target: Path, content: bytes) -> None:
        step(f"before {target.name}")
        replace_file(target, content)
        step(f"after {target.name}")

    def changing(database: Path, old: bytes, new: bytes) -> None:
        step("before rekey")
        change(database, old, new)
        step("after rekey")

    def removing(folder: Path) -> None:
        step("before removing copies")
        remove(folder)

    change, remove = rekey.change, rekey.remove_old_copies
    monkeypatch.setattr("intake_app.vault.keys.replace_file", replacing)
    monkeypatch.setattr("intake_app.vault.rekey.change", changing)
    monkeypatch.setattr("intake_app.vault.rekey.remove_old_copies", removing)
    return seen


def check_after(folder: Path, made: Made, kept: bytes) -> bool:
    """Check what is always so after a stop; return whether Bram has left."""
    vault = reopen(folder, CARLA_PHRASE)
    with vault.read() as records:
        assert records.settings.get("naam 199") == "waarde" * 40
        records.audit.verify()
    vault.close()
    for phrase in STAYS:
        vault = reopen(folder, phrase)
        left = {user.user_id: user.left_at for user in users.access(vault)}
        vault.close()
    found = KeyFile.from_bytes((folder / places.KEY_FILE).read_bytes())
    assert found.former is None
    assert (folder / places.SPARE_KEY_FILE).read_bytes() == found.to_bytes()
    gone = found.slot_of(made.bram) is None
    assert gone == (left[made.bram] is not None)
    old = KeyFile.from_bytes(kept)
    key = subkey(old.open(BRAM_PHRASE).master, old.db, rekey.PURPOSE)
    assert rekey.opens(folder / places.DATABASE, key) == (not gone)
    assert [(folder / name).exists() for name in OLD_COPIES] == [not gone, not gone]
    if gone:
        with pytest.raises(WrongPassphrase):
            reopen(folder, BRAM_PHRASE)
    else:
        reopen(folder, BRAM_PHRASE).close()
    names = recovery.open_with_cards(
        folder, *made.cards[1:], env=environment(), reserve_bytes=SMALL_RESERVE
    )
    assert len(names) == 3 - gone
    return gone


STEPS = [
    "before sleutels.json",
    "after sleutels.json",
    "before sleutels.bak.json",
    "after sleutels.bak.json",
    "before rekey",
    "after rekey",
    "before removing copies",
    "before sleutels.json",
    "after sleutels.json",
    "before sleutels.bak.json",
    "after sleutels.bak.json",
]


def test_these_are_the_steps(folder: Path, made: Made, monkeypatch: pytest.MonkeyPatch):
    kept = (folder / places.KEY_FILE).read_bytes()
    vault = reopen(folder, PASSPHRASE)
    seen = steps(monkeypatch, 0)
    users.remove_user(vault, passphrase=PASSPHRASE, user_id=made.bram)
    assert seen == STEPS
    vault.close()
    monkeypatch.undo()
    assert check_after(folder, made, kept)


@pytest.mark.parametrize("stop_at", range(1, len(STEPS) + 1), ids=lambda n: f"{n} {STEPS[n - 1]}")
def test_a_stop_at_each_step(
    folder: Path, made: Made, monkeypatch: pytest.MonkeyPatch, stop_at: int
):
    kept = (folder / places.KEY_FILE).read_bytes()
    vault = reopen(folder, PASSPHRASE)
    with monkeypatch.context() as patched:
        steps(patched, stop_at)
        with pytest.raises(Killed):
            users.remove_user(vault, passphrase=PASSPHRASE, user_id=made.bram)
    die(vault)
    assert check_after(folder, made, kept) == (stop_at > 1)


def test_a_database_that_reads_as_nothing_for_a_moment_keeps_both_keys(
    folder: Path, made: Made, monkeypatch: pytest.MonkeyPatch
):
    def fails(*_: object) -> None:
        raise StorageFailed

    kept = (folder / places.KEY_FILE).read_bytes()
    vault = reopen(folder, PASSPHRASE)
    with monkeypatch.context() as patched:
        patched.setattr("intake_app.vault.rekey.change", fails)
        patched.setattr("intake_app.vault.rekey.opens", lambda *_: False)
        with pytest.raises(StorageFailed):
            users.remove_user(vault, passphrase=PASSPHRASE, user_id=made.bram)
    with pytest.raises(VaultLocked):
        vault.unlocked()
    assert check_after(folder, made, kept)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(2, 8))
def test_a_second_stop_while_finishing(
    folder: Path, made: Made, monkeypatch: pytest.MonkeyPatch, first: int
):
    kept = (folder / places.KEY_FILE).read_bytes()
    vault = reopen(folder, PASSPHRASE)
    with monkeypatch.context() as patched:
        steps(patched, first)
        with pytest.raises(Killed):
            users.remove_user(vault, passphrase=PASSPHRASE, user_id=made.bram)
    die(vault)
    for again in range(1, 8):
        shutil.copytree(folder, folder.with_name(f"weer {again}"))
        copy = folder.with_name(f"weer {again}")
        with monkeypatch.context() as patched:
            seen = steps(patched, again)
            try:
                reopen(copy, CARLA_PHRASE).close()
            except Killed:
                assert len(seen) == again
        assert check_after(copy, made, kept)


def cut_wal(folder: Path, made: Made) -> tuple[Path, bytes]:
    """Return the folder as it is right after `rekey` committed, and the whole log."""
    vault = reopen(folder, PASSPHRASE)
    opened = vault.unlocked()
    file, slot = keys.open_with(folder, PASSPHRASE)
    between, master = file.remove_user(slot.master, made.bram).rotate(
        slot.master, random=vault.env.random
    )
    keys.write(folder, between)
    opened.readers.dispose()
    opened.writer.dispose()
    raw = engine.connect(
        folder / places.DATABASE,
        subkey(slot.master, file.db, rekey.PURPOSE),
        cache_kib=engine.READER_CACHE_KIB,
        read_only=False,
    )
    raw.execute("PRAGMA wal_autocheckpoint=0")
    raw.execute(f"PRAGMA rekey=\"x'{subkey(master, file.db, rekey.PURPOSE).hex()}'\"")
    stopped = folder.with_name("gestopt")
    shutil.copytree(folder, stopped, ignore=shutil.ignore_patterns("*-shm"))
    raw.close()
    opened.lock.release()
    return stopped, (stopped / f"{places.DATABASE}-wal").read_bytes()


@pytest.mark.slow
def test_a_log_cut_at_any_byte(folder: Path, made: Made):
    kept = (folder / places.KEY_FILE).read_bytes()
    stopped, log = cut_wal(folder, made)
    frame = 24 + 4096
    frames = len(log) // frame
    assert frames > 20
    cuts = {0, 1, 31, 32, 33, frame, 32 + frame, 32 + frame + 1, len(log) // 2, len(log) - 1}
    cuts |= {32 + n * frame + (n * 997) % frame for n in range(0, frames, max(1, frames // 12))}
    for cut in sorted({*cuts, len(log)}):
        copy = folder.with_name(f"na {cut}")
        shutil.copytree(stopped, copy)
        (copy / f"{places.DATABASE}-wal").write_bytes(log[:cut])
        assert check_after(copy, made, kept)
        shutil.rmtree(copy)


def test_a_database_that_is_half_written_back(folder: Path, made: Made):
    """The log is whole; of the file some pages are already of the new key, some of the old."""
    kept = (folder / places.KEY_FILE).read_bytes()
    stopped, log = cut_wal(folder, made)
    pages: dict[int, bytes] = {}
    for at in range(32, len(log), 24 + 4096):
        number = int.from_bytes(log[at : at + 4], "big")
        pages[number] = log[at + 24 : at + 24 + 4096]
    for part in (0, 1, 2):
        copy = folder.with_name(f"deel {part}")
        shutil.copytree(stopped, copy)
        with (copy / places.DATABASE).open("r+b") as file:
            for number, content in pages.items():
                if number % 3 <= part:
                    file.seek((number - 1) * 4096)
                    file.write(content)
        assert check_after(copy, made, kept)


# --- no room, no luck ----------------------------------------------------------------------------


def fails(error: type[Exception]) -> Callable[..., None]:
    def raising(*_args: object) -> None:
        raise error

    return raising


@pytest.mark.parametrize("error", [DiskFull, StorageFailed])
def test_no_room_for_it_changes_nothing(
    folder: Path, made: Made, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
):
    vault = reopen(folder, PASSPHRASE)
    with monkeypatch.context() as patched:
        patched.setattr("intake_app.vault.rekey.change", fails(error))
        with pytest.raises(error):
            users.remove_user(vault, passphrase=PASSPHRASE, user_id=made.bram)
    assert all(user.left_at is None for user in users.access(vault))
    with vault.transaction(Actor(vault.user.user_id, ""), "verder") as t:
        t.settings.set("verder", "ja")
    vault.close()
    for phrase in (BRAM_PHRASE, *STAYS):
        reopen(folder, phrase).close()
    vault = reopen(folder, PASSPHRASE)
    users.remove_user(vault, passphrase=PASSPHRASE, user_id=made.bram)
    vault.close()
    with pytest.raises(WrongPassphrase):
        reopen(folder, BRAM_PHRASE)


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on the size of files there")
def test_a_disk_without_room_to_look_is_set_right_later(folder: Path, made: Made):
    import resource

    kept = (folder / places.KEY_FILE).read_bytes()
    vault = reopen(folder, PASSPHRASE)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (24_000, hard))
    try:
        with pytest.raises((DiskFull, StorageFailed)):
            users.remove_user(vault, passphrase=PASSPHRASE, user_id=made.bram)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    with pytest.raises(VaultLocked):
        vault.unlocked()
    assert check_after(folder, made, kept)


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on the size of files there")
@pytest.mark.parametrize("pages", [0, 1, 5, 20])
def test_a_disk_that_really_is_full_leaves_the_old_key(folder: Path, made: Made, pages: int):
    import resource

    vault = reopen(folder, PASSPHRASE)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (40_000 + pages * 4096, hard))
    try:
        with pytest.raises((DiskFull, StorageFailed)):
            users.remove_user(vault, passphrase=PASSPHRASE, user_id=made.bram)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    with vault.transaction(Actor(vault.user.user_id, ""), "verder") as t:
        t.settings.set("verder", "ja")
    vault.close()
    for phrase in (BRAM_PHRASE, *STAYS):
        reopen(folder, phrase).close()


def test_no_room_while_finishing_still_opens(
    folder: Path, made: Made, monkeypatch: pytest.MonkeyPatch
):
    kept = (folder / places.KEY_FILE).read_bytes()
    vault = reopen(folder, PASSPHRASE)
    with monkeypatch.context() as patched:
        steps(patched, STEPS.index("before rekey") + 1)
        with pytest.raises(Killed):
            users.remove_user(vault, passphrase=PASSPHRASE, user_id=made.bram)
    die(vault)
    with monkeypatch.context() as patched:
        patched.setattr("intake_app.vault.rekey.change", fails(DiskFull))
        vault = reopen(folder, PASSPHRASE)
        with vault.read() as records:
            assert records.settings.get("naam 3")
        with pytest.raises(users.VaultError, match="vorige vernieuwing"):
            users.renew_master_key(vault, passphrase=PASSPHRASE)
        vault.close()
        with pytest.raises(WrongPassphrase):
            reopen(folder, BRAM_PHRASE)
    assert check_after(folder, made, kept)


@pytest.mark.parametrize("reads", [True, False])
def test_somebody_else_in_the_file_changes_nothing(folder: Path, made: Made, reads: bool):
    vault = reopen(folder, PASSPHRASE)
    old = subkey(vault.unlocked().master, vault.info.vault_id, rekey.PURPOSE)
    database = folder / places.DATABASE
    other = engine.connect(database, old, cache_kib=1024, read_only=True)
    try:
        if reads:
            other.execute("BEGIN")
            other.execute("SELECT * FROM vault").fetchall()
        with pytest.raises(VaultBusy):
            users.remove_user(vault, passphrase=PASSPHRASE, user_id=made.bram)
    finally:
        other.close()
    assert rekey.opens(database, old)
    with vault.transaction(Actor(vault.user.user_id, ""), "verder") as t:
        t.settings.set("verder", "ja")
    vault.close()
    reopen(folder, BRAM_PHRASE).close()
    vault = reopen(folder, PASSPHRASE)
    users.remove_user(vault, passphrase=PASSPHRASE, user_id=made.bram)
    vault.close()


def test_the_file_alone_has_the_new_key(folder: Path, tmp_path: Path):
    vault = reopen(folder, PASSPHRASE)
    old = subkey(vault.unlocked().master, vault.info.vault_id, rekey.PURPOSE)
    vault.close()
    rekey.change(folder / places.DATABASE, old, bytes(32))
    shutil.copy(folder / places.DATABASE, tmp_path / "alleen.db")
    assert not rekey.opens(tmp_path / "alleen.db", old)
    assert rekey.opens(tmp_path / "alleen.db", bytes(32))


def test_a_key_has_32_bytes(folder: Path):
    with pytest.raises(ValueError, match="32"):
        rekey.change(folder / places.DATABASE, bytes(32), b"kort")
