"""A backup is whole and verified, or there is none."""

from __future__ import annotations

import base64
import json
import shutil
import threading
from pathlib import Path
from uuid import UUID

import pytest
from support.vaults import PASSPHRASE, SMALL_RESERVE, actor_of, environment, prepared_vault

from intake_app.crypto.strict_json import canonical_json
from intake_app.domain.person import Person
from intake_app.vault import Vault, VaultExists, WrongPassphrase, backup, backup_file, restore
from intake_app.vault.backup import BackupCancelled, BackupRefused, Reason
from intake_app.vault.backup_file import BackupUnreadable, MonthKeyGone, MonthKeys
from intake_app.vault.restore import RestoreFailed, with_passphrase


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch):
    """Copy a small vault in as many steps as a large one."""
    monkeypatch.setattr(backup, "_PAGES_AT_ONCE", 8)
    monkeypatch.setattr(backup, "_PIECE", 8192)


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def opened(folder: Path) -> Vault:
    return Vault.open(
        folder, passphrase=PASSPHRASE, env=environment(5), reserve_bytes=SMALL_RESERVE
    )


def test_made_backup_comes_back_whole(vault, actor, person, stick, tmp_path):
    seen: list[tuple[int, int]] = []
    made = backup.make(vault, stick, actor, progress=lambda d, t: seen.append((d, t)))
    assert made.path.name.startswith("back-up-2026-03-02-")
    assert made.path.suffix == ".dlb"
    assert made.path.parent.parent == stick
    assert seen[-1][0] == seen[-1][1]
    assert [d for d, _ in seen] == sorted(d for d, _ in seen)
    with vault.read() as records:
        assert records.backups.all() == (made.record,)
        assert records.backups.all()[0].checked_at is not None
        head_now = records.audit.head()
    assert made.record.audit_seq < head_now[0]

    clean = tmp_path / "nieuwe laptop" / "kluis"
    restored = restore.restore(made.path, clean, with_passphrase(PASSPHRASE), env=environment(6))
    assert restored.made_at == made.record.made_at
    back = opened(clean)
    try:
        with back.read() as records:
            assert records.persons.get(person.person_id) == person
            assert restore.restored_from(records) == restored
            assert "back-up terugzetten" in records.audit.entries()[0].body
            records.audit.verify((made.record.audit_seq, made.record.audit_hash))
        with back.transaction(actor, "verder werken") as t:
            t.persons.save(Person(UUID(int=77), "0000000077", "Nieuw"))
        # and the copy makes backups of its own, beside the earlier ones
        again = backup.make(back, stick, actor)
        assert again.path != made.path
        assert again.record.key_name != made.record.key_name
    finally:
        back.close()
    assert sorted(p.name for p in clean.iterdir() if "terugzetten" in p.name) == []
    for path in (made.path, again.path):
        shutil.rmtree(clean)
        restore.restore(path, clean, with_passphrase(PASSPHRASE), env=environment(6))


def test_nothing_readable_in_a_backup(vault, actor, person, stick):
    made = backup.make(vault, stick, actor)
    for path in made.path.parent.iterdir():
        content = path.read_bytes()
        assert person.family_name.encode() not in content
        assert b"SQLite format" not in content
        assert str(person.person_id).encode() not in content


def test_no_month_key_inside_a_backup(vault, actor, stick):
    made = backup.make(vault, stick, actor)
    with vault.read() as records:
        _, secret = records.backups.current(
            backup_file.month_start(vault.env.now(), vault.backup_secret())
        )
    from intake_app.vault import sealed_copy

    copy = sealed_copy.open_whole(
        made.path, backup_file.database_key(secret, made.record.backup_id)
    )
    assert copy.execute("SELECT count(*) FROM backup_key").fetchone() == (0,)
    copy.close()


def test_written_to_meanwhile(vault, actor, person, stick):
    """What is saved while the copy is being made is not in it, and is not held up."""
    written: list[UUID] = []

    def write(_done: int, _total: int) -> None:
        someone = Person(UUID(int=1000 + len(written)), "", "Later")
        with vault.transaction(actor, "tussendoor") as t:
            t.persons.save(someone)
        written.append(someone.person_id)

    made = backup.make(vault, stick, actor, progress=write)
    assert len(written) > 3
    with vault.read() as records:
        assert all(records.persons.get(each) for each in written)
        records.audit.verify((made.record.audit_seq, made.record.audit_hash))


def test_on_a_thread_of_its_own(vault, actor, person, stick):
    failures: list[BaseException] = []

    def run() -> None:
        try:
            backup.make(vault, stick, actor)
        except BaseException as error:  # noqa: BLE001
            failures.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    for number in range(20):
        with vault.transaction(actor, "tussendoor") as t:
            t.persons.save(Person(UUID(int=2000 + number), "", "Naast"))
    thread.join()
    assert failures == []


@pytest.mark.parametrize("after", [0, 1, 3, 5])
def test_stopped_by_somebody(vault, actor, person, stick, after):
    calls: list[int] = []

    def cancelled() -> bool:
        calls.append(1)
        return len(calls) > after

    with pytest.raises(BackupCancelled):
        backup.make(vault, stick, actor, cancelled=cancelled)
    assert [p.name for p in stick.rglob("back-up-*")] == []
    with vault.read() as records:
        assert records.backups.all() == ()


def test_refused_places(vault, actor, tmp_path, monkeypatch):
    with pytest.raises(BackupRefused) as none:
        backup.make(vault, tmp_path / "weg", actor)
    assert none.value.reason is Reason.NO_FOLDER
    inside = vault.folder / "back-ups"
    inside.mkdir()
    for folder in (vault.folder, inside):
        with pytest.raises(BackupRefused) as refused:
            backup.make(vault, folder, actor)
        assert refused.value.reason is Reason.INSIDE
    link = tmp_path / "koppeling"
    link.symlink_to(vault.folder)
    with pytest.raises(BackupRefused) as linked:
        backup.make(vault, link, actor)
    assert linked.value.reason is Reason.INSIDE
    monkeypatch.setattr(backup.shutil, "disk_usage", lambda _p: shutil._ntuple_diskusage(9, 9, 99))
    (tmp_path / "vol").mkdir()
    with pytest.raises(BackupRefused) as full:
        backup.make(vault, tmp_path / "vol", actor)
    assert full.value.reason is Reason.NO_ROOM


def test_two_vaults_share_a_stick(vault, actor, stick, tmp_path):
    other = prepared_vault(tmp_path / "ander", number=2)
    first = backup.make(vault, stick, actor)
    second = backup.make(other, stick, actor_of(other))
    assert first.path.parent != second.path.parent
    found = restore.backups_in(stick)
    assert {path for path, _ in found} == {first.path, second.path}
    # choosing the inner folder does not make another one in it
    third = backup.make(vault, first.path.parent, actor)
    assert third.path.parent == first.path.parent
    other.close()


def test_left_by_a_killed_attempt(vault, actor, stick):
    made = backup.make(vault, stick, actor)
    left = made.path.with_name("back-up-2026-01-01-00000000.dlb.deel")
    left.write_bytes(b"half")
    backup.make(vault, stick, actor)
    assert not left.exists()


def test_month_keys_damaged(vault, actor, stick):
    made = backup.make(vault, stick, actor)
    keys = made.path.parent / backup_file.MONTH_KEYS
    keys.write_bytes(b"{")
    with pytest.raises(backup_file.MonthKeysDamaged):
        backup.make(vault, stick, actor)
    assert keys.read_bytes() == b"{"


def test_month_key_that_does_not_open_is_written_anew(vault, actor, stick, tmp_path):
    made = backup.make(vault, stick, actor)
    keys = made.path.parent / backup_file.MONTH_KEYS
    whole = json.loads(keys.read_bytes())
    whole["keys"][0]["ct"] = base64.b64encode(bytes(48)).decode()
    keys.write_text(json.dumps(whole), encoding="utf-8")
    again = backup.make(vault, stick, actor)
    for path in (made.path, again.path):
        clean = tmp_path / path.stem
        restore.restore(path, clean, with_passphrase(PASSPHRASE), env=environment(6))
        assert Vault.exists(clean)


@pytest.fixture
def made(vault, actor, person, stick):
    return backup.make(vault, stick, actor)


@pytest.mark.parametrize("where", [0, 5_000, -20, -3, "short", "longer", "empty"])
def test_damaged_backup_is_refused(made, tmp_path, where):
    content = bytearray(made.path.read_bytes())
    if where == "short":
        content = content[:-4096]
    elif where == "longer":
        content = content + b"x" * 16
    elif where == "empty":
        content = bytearray()
    else:
        content[where] ^= 1
    made.path.write_bytes(content)
    clean = tmp_path / "schoon"
    with pytest.raises((BackupUnreadable, RestoreFailed)):
        restore.restore(made.path, clean, with_passphrase(PASSPHRASE), env=environment(6))
    assert not Vault.exists(clean)
    assert sorted(p.name for p in clean.glob("*")) in ([], ["kluis.lock"])


@pytest.mark.parametrize(
    ("name", "value"), [("size", "12"), ("size", None), ("key", [1]), ("practice", 1)]
)
def test_head_of_other_kinds_is_no_backup(made, name, value):
    content = made.path.read_bytes()
    length = int.from_bytes(content[-16:-8], "big")
    head = canonical_json({**json.loads(content[-16 - length : -16]), name: value})
    tail = head + len(head).to_bytes(8, "big") + content[-8:]
    made.path.write_bytes(content[: -16 - length] + tail)
    with pytest.raises(BackupUnreadable):
        backup_file.read_head(made.path)
    assert restore.backups_in(made.path.parent) == ()


def test_restore_refusals(vault, made, tmp_path):
    there = tmp_path / "kluis2"
    shutil.copytree(vault.folder, there)
    before = {p.name: p.read_bytes() for p in there.iterdir()}
    with pytest.raises(VaultExists):
        restore.restore(made.path, there, with_passphrase(PASSPHRASE), env=environment(6))
    assert {p.name: p.read_bytes() for p in there.iterdir()} == before
    clean = tmp_path / "schoon"
    with pytest.raises(WrongPassphrase):
        restore.restore(made.path, clean, with_passphrase("een heel andere"), env=environment(6))
    gone = made.path.with_name("weg.dlb")
    with pytest.raises(RestoreFailed):
        restore.restore(gone, clean, with_passphrase(PASSPHRASE), env=environment(6))
    alone = tmp_path / "los" / made.path.name
    alone.parent.mkdir()
    shutil.copy(made.path, alone)
    with pytest.raises(MonthKeyGone):
        restore.restore(alone, clean, with_passphrase(PASSPHRASE), env=environment(6))
    assert not Vault.exists(clean)


def test_what_opened_a_key_file_shows_no_key(vault):
    opened = with_passphrase(PASSPHRASE)(vault.folder)
    assert repr(opened.master) not in repr(opened)


def test_month_without_key_does_not_open(vault, made, tmp_path):
    home = made.path.parent
    MonthKeys.read(home).without(vault.info.vault_id, {made.record.key_name}).write(home)
    with pytest.raises(MonthKeyGone):
        restore.restore(
            made.path, tmp_path / "schoon", with_passphrase(PASSPHRASE), env=environment(6)
        )


def test_cancelled_restore_leaves_nothing(made, tmp_path):
    clean = tmp_path / "schoon"
    with pytest.raises(restore.RestoreCancelled):
        restore.restore(
            made.path, clean, with_passphrase(PASSPHRASE), env=environment(6),
            cancelled=lambda: True,
        )  # fmt: skip
    assert [p.name for p in clean.iterdir()] == ["kluis.lock"]


def test_lost_month_keys_are_all_written_again(vault, actor, stick, tmp_path):
    """The next backup brings back what opens the earlier ones, not only the key of its month."""
    march = backup.make(vault, stick, actor)
    with vault.transaction(actor, "eerdere maand") as tx:
        earlier = "2026-02" + march.record.key_name[len("2026-03") :]
        tx.backups.put_secret(earlier, bytes(range(32)))
        tx.backups.put_secret(earlier.replace("2026-02", "2026-01"), bytes(32))
        tx.backups.destroy(earlier.replace("2026-02", "2026-01"))
    home = march.path.parent
    (home / "maandsleutels.json").unlink()
    backup.make(vault, stick, actor)
    keys = MonthKeys.read(home)
    assert keys.names(vault.info.vault_id) == (earlier, march.record.key_name)
    secret = vault.backup_secret()
    assert keys.open(vault.info.vault_id, earlier, secret) == bytes(range(32))
